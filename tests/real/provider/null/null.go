// Package null serves what hashicorp/null documents of null_resource: nothing but an id that is replaced when the triggers change.
package null

import (
	"context"
	"math/rand/v2"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type nothing struct{}

func New() provider.Provider { return &nothing{} }

func (*nothing) Metadata(_ context.Context, _ provider.MetadataRequest, made *provider.MetadataResponse) {
	made.TypeName = "null"
}
func (*nothing) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (*nothing) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (*nothing) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (*nothing) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &null{} }}
}

type null struct{}

type model struct {
	ID       types.String `tfsdk:"id"`
	Triggers types.Map    `tfsdk:"triggers"`
}

func (*null) Metadata(_ context.Context, _ resource.MetadataRequest, made *resource.MetadataResponse) {
	made.TypeName = "null_resource"
}

func (*null) Schema(_ context.Context, _ resource.SchemaRequest, made *resource.SchemaResponse) {
	made.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true},
		"triggers": schema.MapAttribute{Optional: true, ElementType: types.StringType,
			PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()}},
	}}
}

func (*null) Create(ctx context.Context, asked resource.CreateRequest, made *resource.CreateResponse) {
	var planned model
	made.Diagnostics.Append(asked.Plan.Get(ctx, &planned)...)
	planned.ID = types.StringValue(strconv.FormatInt(rand.Int64(), 10))
	made.Diagnostics.Append(made.State.Set(ctx, planned)...)
}

func (*null) Update(_ context.Context, asked resource.UpdateRequest, made *resource.UpdateResponse) {
	made.State.Raw = asked.Plan.Raw
}

func (*null) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (*null) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
