package lab

import (
	"context"

	"driftkeeper.test/real/provider/live"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const nestedKind = "lab_nested"

// nested has attributes in attributes, which only protocol 6 has.
type nested struct{ cloud live.Cloud }

type nestedModel struct {
	Name     types.String    `tfsdk:"name"      json:"-"`
	Access   *nestedAccess   `tfsdk:"access"    json:"access"`
	Settings []nestedSetting `tfsdk:"settings"  json:"settings"`
}

type nestedAccess struct {
	Public bool   `tfsdk:"public" json:"public"`
	Token  string `tfsdk:"token"  json:"token"`
}

type nestedSetting struct {
	Key   string `tfsdk:"key"   json:"key"`
	Value string `tfsdk:"value" json:"value"`
}

func (*nested) Metadata(_ context.Context, _ resource.MetadataRequest, made *resource.MetadataResponse) {
	made.TypeName = nestedKind
}

func (r *nested) Configure(_ context.Context, asked resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.cloud, _ = asked.ProviderData.(live.Cloud)
}

func (*nested) Schema(_ context.Context, _ resource.SchemaRequest, made *resource.SchemaResponse) {
	made.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true},
		"access": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"public": schema.BoolAttribute{Required: true},
			"token":  schema.StringAttribute{Required: true, Sensitive: true},
		}},
		"settings": schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{
			Attributes: map[string]schema.Attribute{
				"key":   schema.StringAttribute{Required: true},
				"value": schema.StringAttribute{Required: true},
			}}},
	}}
}

func (r *nested) Create(ctx context.Context, asked resource.CreateRequest, made *resource.CreateResponse) {
	var model nestedModel
	made.Diagnostics.Append(asked.Plan.Get(ctx, &model)...)
	if err := r.cloud.Write(nestedKind, model.Name.ValueString(), model); err != nil {
		made.Diagnostics.AddError("not written", err.Error())
	}
	made.Diagnostics.Append(made.State.Set(ctx, model)...)
}

func (r *nested) Update(ctx context.Context, asked resource.UpdateRequest, made *resource.UpdateResponse) {
	var model nestedModel
	made.Diagnostics.Append(asked.Plan.Get(ctx, &model)...)
	if err := r.cloud.Write(nestedKind, model.Name.ValueString(), model); err != nil {
		made.Diagnostics.AddError("not written", err.Error())
	}
	made.Diagnostics.Append(made.State.Set(ctx, model)...)
}

func (r *nested) Read(ctx context.Context, asked resource.ReadRequest, made *resource.ReadResponse) {
	var was nestedModel
	made.Diagnostics.Append(asked.State.Get(ctx, &was)...)
	is := nestedModel{Name: was.Name}
	found, err := r.cloud.Read(nestedKind, was.Name.ValueString(), &is)
	if err != nil {
		made.Diagnostics.AddError("not read", err.Error())
		return
	}
	if !found {
		made.State.RemoveResource(ctx)
		return
	}
	made.Diagnostics.Append(made.State.Set(ctx, is)...)
}

func (r *nested) Delete(ctx context.Context, asked resource.DeleteRequest, made *resource.DeleteResponse) {
	var model nestedModel
	made.Diagnostics.Append(asked.State.Get(ctx, &model)...)
	if err := r.cloud.Remove(nestedKind, model.Name.ValueString()); err != nil {
		made.Diagnostics.AddError("not removed", err.Error())
	}
}
