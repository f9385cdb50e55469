package postgresql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/lib/pq"
)

func schemaType() *schema.Resource {
	return &schema.Resource{CreateContext: schemaCreate, UpdateContext: schemaUpdate, ReadContext: schemaRead,
		DeleteContext: schemaDelete,
		Schema: map[string]*schema.Schema{
			"name":         {Type: schema.TypeString, Required: true, ForceNew: true},
			"owner":        {Type: schema.TypeString, Optional: true, Computed: true},
			"drop_cascade": {Type: schema.TypeBool, Optional: true, Default: false},
		}}
}

func schemaCreate(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	text := "CREATE SCHEMA " + pq.QuoteIdentifier(d.Get("name").(string))
	if owner := d.Get("owner").(string); owner != "" {
		text += " AUTHORIZATION " + pq.QuoteIdentifier(owner)
	}
	said := meta.(server).with(ctx, func(connection *sql.Conn) error { return execute(ctx, connection, text) })
	if said.HasError() {
		return said
	}
	d.SetId(d.Get("name").(string))
	return schemaRead(ctx, d, meta)
}

func schemaUpdate(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	text := fmt.Sprintf("ALTER SCHEMA %s OWNER TO %s", pq.QuoteIdentifier(d.Id()),
		pq.QuoteIdentifier(d.Get("owner").(string)))
	said := meta.(server).with(ctx, func(connection *sql.Conn) error { return execute(ctx, connection, text) })
	if said.HasError() {
		return said
	}
	return schemaRead(ctx, d, meta)
}

func schemaRead(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	var owner string
	return meta.(server).with(ctx, func(connection *sql.Conn) error {
		err := connection.QueryRowContext(ctx, "SELECT r.rolname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner "+
			"WHERE n.nspname = $1", d.Id()).Scan(&owner)
		if errors.Is(err, sql.ErrNoRows) {
			d.SetId("")
			return nil
		}
		if err != nil {
			return err
		}
		return setAll(d, map[string]any{"name": d.Id(), "owner": owner})
	})
}

func schemaDelete(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	text := "DROP SCHEMA " + pq.QuoteIdentifier(d.Id())
	if d.Get("drop_cascade").(bool) {
		text += " CASCADE"
	}
	return meta.(server).with(ctx, func(connection *sql.Conn) error { return execute(ctx, connection, text) })
}
