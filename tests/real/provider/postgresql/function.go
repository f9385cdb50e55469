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

func functionType() *schema.Resource {
	fixed := func(of schema.Schema) *schema.Schema { of.Type, of.ForceNew = schema.TypeString, true; return &of }
	return &schema.Resource{CreateContext: functionWrite, UpdateContext: functionWrite, ReadContext: functionRead,
		DeleteContext: functionDelete,
		Schema: map[string]*schema.Schema{
			"name":   fixed(schema.Schema{Required: true}),
			"schema": fixed(schema.Schema{Optional: true, Default: "public"}),
			"arg": {Type: schema.TypeList, Optional: true, ForceNew: true, Elem: &schema.Resource{Schema: map[string]*schema.Schema{
				"name":    fixed(schema.Schema{Optional: true}),
				"type":    fixed(schema.Schema{Required: true}),
				"mode":    fixed(schema.Schema{Optional: true, Default: "IN"}),
				"default": fixed(schema.Schema{Optional: true}),
			}}},
			"returns":          fixed(schema.Schema{Optional: true, Computed: true}),
			"language":         {Type: schema.TypeString, Optional: true, Default: "plpgsql"},
			"body":             {Type: schema.TypeString, Required: true},
			"volatility":       {Type: schema.TypeString, Optional: true, Default: "VOLATILE"},
			"strict":           {Type: schema.TypeBool, Optional: true, Default: false},
			"security_definer": {Type: schema.TypeBool, Optional: true, Default: false},
		}}
}

// schema.name(types): what the server calls it, and its id.
func signature(d *schema.ResourceData) string {
	of := []string{}
	for _, one := range d.Get("arg").([]any) {
		of = append(of, one.(map[string]any)["type"].(string))
	}
	return fmt.Sprintf("%s.%s(%s)", pq.QuoteIdentifier(d.Get("schema").(string)),
		pq.QuoteIdentifier(d.Get("name").(string)), strings.Join(of, ", "))
}

func functionWrite(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	arguments := []string{}
	for _, one := range d.Get("arg").([]any) {
		of := one.(map[string]any)
		text := fmt.Sprintf("%s %s %s", of["mode"], of["name"], of["type"])
		if of["default"] != "" {
			text += fmt.Sprintf(" DEFAULT %s", of["default"])
		}
		arguments = append(arguments, text)
	}
	returns := d.Get("returns").(string)
	if returns == "" {
		returns = "void"
	}
	text := fmt.Sprintf("CREATE OR REPLACE FUNCTION %s.%s(%s) RETURNS %s LANGUAGE %s %s",
		pq.QuoteIdentifier(d.Get("schema").(string)), pq.QuoteIdentifier(d.Get("name").(string)),
		strings.Join(arguments, ", "), returns, d.Get("language"), d.Get("volatility"))
	if d.Get("strict").(bool) {
		text += " STRICT"
	}
	if d.Get("security_definer").(bool) {
		text += " SECURITY DEFINER"
	}
	text += " AS " + pq.QuoteLiteral(d.Get("body").(string))
	said := meta.(server).with(ctx, func(connection *sql.Conn) error { return execute(ctx, connection, text) })
	if said.HasError() {
		return said
	}
	d.SetId(signature(d))
	return functionRead(ctx, d, meta)
}

func functionRead(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	var body, returns, language, volatility string
	var strict, definer bool
	return meta.(server).with(ctx, func(connection *sql.Conn) error {
		err := connection.QueryRowContext(ctx, `
			SELECT p.prosrc, pg_get_function_result(p.oid), l.lanname, p.proisstrict, p.prosecdef,
			       CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END
			FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid = to_regprocedure($1)`, d.Id()).
			Scan(&body, &returns, &language, &strict, &definer, &volatility)
		if errors.Is(err, sql.ErrNoRows) {
			d.SetId("")
			return nil
		}
		if err != nil {
			return err
		}
		return setAll(d, map[string]any{"body": body, "returns": returns, "language": language, "strict": strict,
			"security_definer": definer, "volatility": volatility})
	})
}

func functionDelete(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	return meta.(server).with(ctx, func(connection *sql.Conn) error {
		return execute(ctx, connection, "DROP FUNCTION "+d.Id())
	})
}
