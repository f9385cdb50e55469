package lab

import (
	"context"
	"strings"

	"driftkeeper.test/real/provider/live"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type modern struct{ options Options }

// NewModern is the half on terraform-plugin-framework.
func NewModern(options Options) provider.Provider { return &modern{options} }

func (p *modern) Metadata(_ context.Context, _ provider.MetadataRequest, made *provider.MetadataResponse) {
	made.TypeName, made.Version = "lab", p.options.Version
}

func (p *modern) Schema(_ context.Context, _ provider.SchemaRequest, made *provider.SchemaResponse) {
	made.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"directory": schema.StringAttribute{Required: true, Description: "Where the objects are."}}}
}

func (p *modern) Configure(ctx context.Context, asked provider.ConfigureRequest, made *provider.ConfigureResponse) {
	var settings struct {
		Directory types.String `tfsdk:"directory"`
	}
	made.Diagnostics.Append(asked.Config.Get(ctx, &settings)...)
	cloud := live.Cloud{Directory: settings.Directory.ValueString()}
	made.ResourceData, made.DataSourceData = cloud, cloud
}

func (p *modern) Resources(context.Context) []func() resource.Resource {
	all := []func() resource.Resource{
		func() resource.Resource { return &thing{} },
		func() resource.Resource { return &blob{} },
	}
	if p.options.Nested {
		all = append(all, func() resource.Resource { return &nested{} })
	}
	return all
}

func (p *modern) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &owner{} }}
}

func (p *modern) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return &token{} }}
}

func (p *modern) Functions(context.Context) []func() function.Function {
	return []func() function.Function{func() function.Function { return &shout{} }}
}

// shout is provider::lab::shout(text).
type shout struct{}

func (*shout) Metadata(_ context.Context, _ function.MetadataRequest, made *function.MetadataResponse) {
	made.Name = "shout"
}

func (*shout) Definition(_ context.Context, _ function.DefinitionRequest, made *function.DefinitionResponse) {
	made.Definition = function.Definition{Summary: "The text in capitals",
		Parameters: []function.Parameter{function.StringParameter{Name: "text"}}, Return: function.StringReturn{}}
}

func (*shout) Run(ctx context.Context, asked function.RunRequest, made *function.RunResponse) {
	var text string
	made.Error = asked.Arguments.Get(ctx, &text)
	if made.Error == nil {
		made.Error = made.Result.Set(ctx, strings.ToUpper(text))
	}
}
