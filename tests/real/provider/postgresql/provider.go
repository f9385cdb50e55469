// Package postgresql serves, against a real server, what cyrilgdn/postgresql documents of roles, schemas and functions.
package postgresql

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	_ "github.com/lib/pq"
)

// New is the provider, on terraform-plugin-sdk/v2 as the documented one.
func New() *schema.Provider {
	from := func(variable string, otherwise any) schema.SchemaDefaultFunc {
		return schema.EnvDefaultFunc(variable, otherwise)
	}
	return &schema.Provider{
		Schema: map[string]*schema.Schema{
			"host":      {Type: schema.TypeString, Optional: true, DefaultFunc: from("PGHOST", nil)},
			"port":      {Type: schema.TypeInt, Optional: true, DefaultFunc: from("PGPORT", 5432)},
			"database":  {Type: schema.TypeString, Optional: true, DefaultFunc: from("PGDATABASE", "postgres")},
			"username":  {Type: schema.TypeString, Optional: true, DefaultFunc: from("PGUSER", "postgres")},
			"password":  {Type: schema.TypeString, Optional: true, Sensitive: true, DefaultFunc: from("PGPASSWORD", nil)},
			"sslmode":   {Type: schema.TypeString, Optional: true, DefaultFunc: from("PGSSLMODE", nil)},
			"superuser": {Type: schema.TypeBool, Optional: true, Default: true},
		},
		ResourcesMap: map[string]*schema.Resource{
			"postgresql_role":     roleType(),
			"postgresql_schema":   schemaType(),
			"postgresql_function": functionType(),
		},
		ConfigureContextFunc: func(_ context.Context, d *schema.ResourceData) (any, diag.Diagnostics) {
			return server{host: d.Get("host").(string), port: d.Get("port").(int), database: d.Get("database").(string),
				user: d.Get("username").(string), password: d.Get("password").(string), ssl: d.Get("sslmode").(string)}, nil
		},
	}
}

type server struct {
	host, database, user, password, ssl string
	port                                int
}

// Runs with a connection of its own, as every read of the documented provider does.
func (s server) with(ctx context.Context, work func(*sql.Conn) error) diag.Diagnostics {
	at := url.URL{Scheme: "postgres", User: url.UserPassword(s.user, s.password), Host: fmt.Sprintf("%s:%d", s.host, s.port),
		Path: s.database}
	if s.ssl != "" {
		at.RawQuery = "sslmode=" + s.ssl
	}
	pool, err := sql.Open("postgres", at.String())
	if err != nil {
		return diag.FromErr(err)
	}
	defer pool.Close()
	connection, err := pool.Conn(ctx)
	if err != nil {
		return diag.Errorf("error connecting to PostgreSQL server %s: %s", s.host, err)
	}
	defer connection.Close()
	return diag.FromErr(work(connection))
}

// The statements in order, until one fails.
func execute(ctx context.Context, connection *sql.Conn, statements ...string) error {
	for _, statement := range statements {
		if _, err := connection.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func setAll(d *schema.ResourceData, values map[string]any) error {
	for name, value := range values {
		if err := d.Set(name, value); err != nil {
			return err
		}
	}
	return nil
}

func texts(of any) []string {
	made := []string{}
	for _, one := range of.([]any) {
		made = append(made, one.(string))
	}
	return made
}
