package lab

import (
	"context"

	"driftkeeper.test/real/provider/live"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const ownerKind = "lab_owner"

// owner is a data source: who owns a name, in the cloud.
type owner struct{ cloud live.Cloud }

type named struct {
	Name  types.String `tfsdk:"name"`
	Value types.String `tfsdk:"value"`
}

func (*owner) Metadata(_ context.Context, _ datasource.MetadataRequest, made *datasource.MetadataResponse) {
	made.TypeName = ownerKind
}

func (d *owner) Configure(_ context.Context, asked datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.cloud, _ = asked.ProviderData.(live.Cloud)
}

func (*owner) Schema(_ context.Context, _ datasource.SchemaRequest, made *datasource.SchemaResponse) {
	made.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name":  schema.StringAttribute{Required: true},
		"value": schema.StringAttribute{Computed: true},
	}}
}

func (d *owner) Read(ctx context.Context, asked datasource.ReadRequest, made *datasource.ReadResponse) {
	var model named
	made.Diagnostics.Append(asked.Config.Get(ctx, &model)...)
	var object struct {
		Value string `json:"value"`
	}
	found, err := d.cloud.Read(ownerKind, model.Name.ValueString(), &object)
	if err != nil {
		made.Diagnostics.AddError("not read", err.Error())
	} else if !found {
		made.Diagnostics.AddError("nobody owns it", "There is no owner of "+model.Name.ValueString()+".")
	}
	model.Value = types.StringValue(object.Value)
	made.Diagnostics.Append(made.State.Set(ctx, model)...)
}

// token is an ephemeral resource: never in a plan or state.
type token struct{}

func (*token) Metadata(_ context.Context, _ ephemeral.MetadataRequest, made *ephemeral.MetadataResponse) {
	made.TypeName = "lab_token"
}

func (*token) Schema(_ context.Context, _ ephemeral.SchemaRequest, made *ephemeral.SchemaResponse) {
	made.Schema = ephemeralschema.Schema{Attributes: map[string]ephemeralschema.Attribute{
		"name":  ephemeralschema.StringAttribute{Required: true},
		"value": ephemeralschema.StringAttribute{Computed: true},
	}}
}

func (*token) Open(ctx context.Context, asked ephemeral.OpenRequest, made *ephemeral.OpenResponse) {
	var model named
	made.Diagnostics.Append(asked.Config.Get(ctx, &model)...)
	model.Value = types.StringValue("token-of-" + model.Name.ValueString())
	made.Diagnostics.Append(made.Result.Set(ctx, model)...)
}
