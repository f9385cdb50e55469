package postgresql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/lib/pq"
)

// Attribute, the server's word for it, its column.
var roleSwitches = []struct{ name, word, column string }{
	{"login", "LOGIN", "rolcanlogin"},
	{"superuser", "SUPERUSER", "rolsuper"},
	{"create_database", "CREATEDB", "rolcreatedb"},
	{"create_role", "CREATEROLE", "rolcreaterole"},
	{"inherit", "INHERIT", "rolinherit"},
	{"replication", "REPLICATION", "rolreplication"},
	{"bypass_row_level_security", "BYPASSRLS", "rolbypassrls"},
}

func roleType() *schema.Resource {
	attributes := map[string]*schema.Schema{
		"name":             {Type: schema.TypeString, Required: true},
		"password":         {Type: schema.TypeString, Optional: true, Sensitive: true},
		"connection_limit": {Type: schema.TypeInt, Optional: true, Default: -1},
		"roles":            {Type: schema.TypeSet, Elem: &schema.Schema{Type: schema.TypeString}, Optional: true},
		"search_path":      {Type: schema.TypeList, Elem: &schema.Schema{Type: schema.TypeString}, Optional: true},
	}
	for _, one := range roleSwitches {
		attributes[one.name] = &schema.Schema{Type: schema.TypeBool, Optional: true, Default: one.name == "inherit"}
	}
	return &schema.Resource{Schema: attributes, ReadContext: roleRead, DeleteContext: roleDelete,
		CreateContext: func(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
			return roleWrite(ctx, d, meta, "CREATE ROLE "+pq.QuoteIdentifier(d.Get("name").(string)))
		},
		UpdateContext: func(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
			was, is := d.GetChange("name")
			if was != is {
				return roleWrite(ctx, d, meta, fmt.Sprintf("ALTER ROLE %s RENAME TO %s", pq.QuoteIdentifier(was.(string)),
					pq.QuoteIdentifier(is.(string))))
			}
			return roleWrite(ctx, d, meta)
		}}
}

func roleWrite(ctx context.Context, d *schema.ResourceData, meta any, statements ...string) diag.Diagnostics {
	name := pq.QuoteIdentifier(d.Get("name").(string))
	options := []string{fmt.Sprintf("CONNECTION LIMIT %d", d.Get("connection_limit"))}
	for _, one := range roleSwitches {
		word := one.word
		if !d.Get(one.name).(bool) {
			word = "NO" + word
		}
		options = append(options, word)
	}
	if password := d.Get("password").(string); password != "" {
		options = append(options, "PASSWORD "+pq.QuoteLiteral(password))
	}
	statements = append(statements, "ALTER ROLE "+name+" WITH "+strings.Join(options, " "))
	was, is := d.GetChange("roles")
	for _, role := range was.(*schema.Set).Difference(is.(*schema.Set)).List() {
		statements = append(statements, "REVOKE "+pq.QuoteIdentifier(role.(string))+" FROM "+name)
	}
	for _, role := range is.(*schema.Set).Difference(was.(*schema.Set)).List() {
		statements = append(statements, "GRANT "+pq.QuoteIdentifier(role.(string))+" TO "+name)
	}
	if path := texts(d.Get("search_path")); len(path) > 0 {
		statements = append(statements, "ALTER ROLE "+name+" SET search_path TO "+strings.Join(path, ", "))
	} else if d.HasChange("search_path") {
		statements = append(statements, "ALTER ROLE "+name+" RESET search_path")
	}
	said := meta.(server).with(ctx, func(connection *sql.Conn) error { return execute(ctx, connection, statements...) })
	if said.HasError() {
		return said
	}
	d.SetId(d.Get("name").(string))
	return roleRead(ctx, d, meta)
}

func roleRead(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	columns := []string{"rolconnlimit", "coalesce(rolconfig, '{}')",
		`array(SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid)`}
	var limit int
	var configuration, roles pq.StringArray
	into := []any{&limit, &configuration, &roles}
	switches := make([]bool, len(roleSwitches))
	for i, one := range roleSwitches {
		columns = append(columns, one.column)
		into = append(into, &switches[i])
	}
	return meta.(server).with(ctx, func(connection *sql.Conn) error {
		err := connection.QueryRowContext(ctx,
			"SELECT "+strings.Join(columns, ", ")+" FROM pg_roles r WHERE rolname = $1", d.Id()).Scan(into...)
		if errors.Is(err, sql.ErrNoRows) {
			d.SetId("")
			return nil
		}
		if err != nil {
			return err
		}
		path := []string{}
		for _, one := range configuration {
			if text, is := strings.CutPrefix(one, "search_path="); is {
				path = strings.Split(text, ", ")
			}
		}
		values := map[string]any{"name": d.Id(), "connection_limit": limit, "roles": []string(roles), "search_path": path}
		for i, one := range roleSwitches {
			values[one.name] = switches[i]
		}
		return setAll(d, values)
	})
}

func roleDelete(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	return meta.(server).with(ctx, func(connection *sql.Conn) error {
		return execute(ctx, connection, "DROP ROLE "+pq.QuoteIdentifier(d.Id()))
	})
}
