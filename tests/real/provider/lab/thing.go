package lab

import (
	"context"

	"driftkeeper.test/real/provider/live"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const thingKind = "lab_thing"

// thing is a resource of the framework: null stays null.
type thing struct{ cloud live.Cloud }

type thingObject struct {
	Name     string            `json:"name"`
	Content  *string           `json:"content"`
	Size     *int64            `json:"size"`
	Labels   map[string]string `json:"labels"`
	Names    []string          `json:"names"`
	Mode     string            `json:"mode"`
	Region   string            `json:"region"`
	Secret   *string           `json:"secret"`
	Password *string           `json:"password"`
}

type thingModel struct {
	Name       types.String      `tfsdk:"name"`
	Content    types.String      `tfsdk:"content"`
	Size       types.Int64       `tfsdk:"size"`
	Labels     map[string]string `tfsdk:"labels"`
	Names      []string          `tfsdk:"names"`
	Mode       types.String      `tfsdk:"mode"`
	Region     types.String      `tfsdk:"region"`
	Etag       types.String      `tfsdk:"etag"`
	Secret     types.String      `tfsdk:"secret"`
	PasswordWo types.String      `tfsdk:"password_wo"`
}

type thingIdentity struct {
	Name types.String `tfsdk:"name"`
}

func (*thing) Metadata(_ context.Context, _ resource.MetadataRequest, made *resource.MetadataResponse) {
	made.TypeName = thingKind
}

func (r *thing) Configure(_ context.Context, asked resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.cloud, _ = asked.ProviderData.(live.Cloud)
}

func (*thing) Schema(_ context.Context, _ resource.SchemaRequest, made *resource.SchemaResponse) {
	made.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name":    schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
		"content": schema.StringAttribute{Optional: true},
		"size":    schema.Int64Attribute{Optional: true},
		"labels":  schema.MapAttribute{Optional: true, ElementType: types.StringType},
		"names":   schema.SetAttribute{Optional: true, ElementType: types.StringType},
		"mode":    schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("standard")},
		"region": schema.StringAttribute{Optional: true, Computed: true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"etag":        schema.StringAttribute{Computed: true},
		"secret":      schema.StringAttribute{Optional: true, Sensitive: true},
		"password_wo": schema.StringAttribute{Optional: true, WriteOnly: true},
	}}
}

func (*thing) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, made *resource.IdentitySchemaResponse) {
	made.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"name": identityschema.StringAttribute{RequiredForImport: true}}}
}

// Writes what is planned, and says in the model what the cloud made of it.
func (r *thing) write(model *thingModel, password types.String) error {
	if model.Region.IsUnknown() || model.Region.IsNull() {
		model.Region = types.StringValue("north")
	}
	model.PasswordWo = types.StringNull()
	model.Etag = types.StringValue(live.Fingerprint(model.Content.ValueString()))
	return r.cloud.Write(thingKind, model.Name.ValueString(), thingObject{
		Name: model.Name.ValueString(), Content: model.Content.ValueStringPointer(), Size: model.Size.ValueInt64Pointer(),
		Labels: model.Labels, Names: model.Names, Mode: model.Mode.ValueString(), Region: model.Region.ValueString(),
		Secret: model.Secret.ValueStringPointer(), Password: password.ValueStringPointer()})
}

func (r *thing) Create(ctx context.Context, asked resource.CreateRequest, made *resource.CreateResponse) {
	var model, wanted thingModel
	made.Diagnostics.Append(asked.Plan.Get(ctx, &model)...)
	made.Diagnostics.Append(asked.Config.Get(ctx, &wanted)...)
	if made.Diagnostics.HasError() {
		return
	}
	if err := r.write(&model, wanted.PasswordWo); err != nil {
		made.Diagnostics.AddError("not written", err.Error())
		return
	}
	made.Diagnostics.Append(made.State.Set(ctx, model)...)
	made.Diagnostics.Append(made.Identity.Set(ctx, thingIdentity{model.Name})...)
}

func (r *thing) Update(ctx context.Context, asked resource.UpdateRequest, made *resource.UpdateResponse) {
	var model, wanted thingModel
	made.Diagnostics.Append(asked.Plan.Get(ctx, &model)...)
	made.Diagnostics.Append(asked.Config.Get(ctx, &wanted)...)
	if made.Diagnostics.HasError() {
		return
	}
	if err := r.write(&model, wanted.PasswordWo); err != nil {
		made.Diagnostics.AddError("not written", err.Error())
		return
	}
	made.Diagnostics.Append(made.State.Set(ctx, model)...)
	made.Diagnostics.Append(made.Identity.Set(ctx, thingIdentity{model.Name})...)
}

func (r *thing) Read(ctx context.Context, asked resource.ReadRequest, made *resource.ReadResponse) {
	var model thingModel
	made.Diagnostics.Append(asked.State.Get(ctx, &model)...)
	// Also of what is gone: the framework asks for it after every read.
	made.Diagnostics.Append(made.Identity.Set(ctx, thingIdentity{model.Name})...)
	var object thingObject
	found, err := r.cloud.Read(thingKind, model.Name.ValueString(), &object)
	if err != nil {
		made.Diagnostics.AddError("not read", err.Error())
	}
	if made.Diagnostics.HasError() {
		return
	}
	if !found {
		made.State.RemoveResource(ctx)
		return
	}
	made.Diagnostics.Append(made.State.Set(ctx, thingModel{
		Name: types.StringValue(object.Name), Content: types.StringPointerValue(object.Content),
		Size: types.Int64PointerValue(object.Size), Labels: object.Labels, Names: object.Names,
		Mode: types.StringValue(object.Mode), Region: types.StringValue(object.Region),
		Etag:   types.StringValue(live.Fingerprint(types.StringPointerValue(object.Content).ValueString())),
		Secret: types.StringPointerValue(object.Secret), PasswordWo: types.StringNull()})...)
}

func (r *thing) Delete(ctx context.Context, asked resource.DeleteRequest, made *resource.DeleteResponse) {
	var model thingModel
	made.Diagnostics.Append(asked.State.Get(ctx, &model)...)
	if err := r.cloud.Remove(thingKind, model.Name.ValueString()); err != nil {
		made.Diagnostics.AddError("not removed", err.Error())
	}
}
