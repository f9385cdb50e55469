package lab

import (
	"context"
	"strings"

	"driftkeeper.test/real/provider/live"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const blobKind = "lab_blob"

// blob has a content as large as the configuration asks for.
type blob struct{ cloud live.Cloud }

type blobModel struct {
	Name    types.String `tfsdk:"name"`
	Kib     types.Int64  `tfsdk:"kib"`
	Content types.String `tfsdk:"content"`
}

type blobObject struct {
	Letter string `json:"letter"`
}

func (*blob) Metadata(_ context.Context, _ resource.MetadataRequest, made *resource.MetadataResponse) {
	made.TypeName = blobKind
}

func (r *blob) Configure(_ context.Context, asked resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.cloud, _ = asked.ProviderData.(live.Cloud)
}

func (*blob) Schema(_ context.Context, _ resource.SchemaRequest, made *resource.SchemaResponse) {
	made.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
		"kib":  schema.Int64Attribute{Required: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.RequiresReplace()}},
		"content": schema.StringAttribute{Computed: true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
	}}
}

func contentOf(letter string, model blobModel) types.String {
	return types.StringValue(strings.Repeat(letter, int(model.Kib.ValueInt64())*1024))
}

func (r *blob) Create(ctx context.Context, asked resource.CreateRequest, made *resource.CreateResponse) {
	var model blobModel
	made.Diagnostics.Append(asked.Plan.Get(ctx, &model)...)
	object := blobObject{Letter: "a"}
	if err := r.cloud.Write(blobKind, model.Name.ValueString(), object); err != nil {
		made.Diagnostics.AddError("not written", err.Error())
	}
	model.Content = contentOf(object.Letter, model)
	made.Diagnostics.Append(made.State.Set(ctx, model)...)
}

func (r *blob) Update(ctx context.Context, asked resource.UpdateRequest, made *resource.UpdateResponse) {
	var model blobModel
	made.Diagnostics.Append(asked.Plan.Get(ctx, &model)...)
	made.Diagnostics.Append(made.State.Set(ctx, model)...)
}

func (r *blob) Read(ctx context.Context, asked resource.ReadRequest, made *resource.ReadResponse) {
	var model blobModel
	made.Diagnostics.Append(asked.State.Get(ctx, &model)...)
	var object blobObject
	found, err := r.cloud.Read(blobKind, model.Name.ValueString(), &object)
	if err != nil {
		made.Diagnostics.AddError("not read", err.Error())
		return
	}
	if !found {
		made.State.RemoveResource(ctx)
		return
	}
	model.Content = contentOf(object.Letter, model)
	made.Diagnostics.Append(made.State.Set(ctx, model)...)
}

func (r *blob) Delete(ctx context.Context, asked resource.DeleteRequest, made *resource.DeleteResponse) {
	var model blobModel
	made.Diagnostics.Append(asked.State.Get(ctx, &model)...)
	if err := r.cloud.Remove(blobKind, model.Name.ValueString()); err != nil {
		made.Diagnostics.AddError("not removed", err.Error())
	}
}
