// Package archive serves what hashicorp/archive documents of the data source archive_file, as zip: it writes the archive while
// Terraform plans, and its checksums say what is in it, not when.
package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type archives struct{}

func New() provider.Provider { return &archives{} }

func (*archives) Metadata(_ context.Context, _ provider.MetadataRequest, made *provider.MetadataResponse) {
	made.TypeName = "archive"
}
func (*archives) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (*archives) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (*archives) Resources(context.Context) []func() resource.Resource                              { return nil }
func (*archives) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &file{} }}
}

type file struct{}

type source struct {
	Content  types.String `tfsdk:"content"`
	Filename types.String `tfsdk:"filename"`
}

type model struct {
	Type           types.String `tfsdk:"type"`
	Source         []source     `tfsdk:"source"`
	SourceContent  types.String `tfsdk:"source_content"`
	SourceFilename types.String `tfsdk:"source_content_filename"`
	SourceFile     types.String `tfsdk:"source_file"`
	SourceDir      types.String `tfsdk:"source_dir"`
	Excludes       []string     `tfsdk:"excludes"`
	OutputPath     types.String `tfsdk:"output_path"`
	OutputFileMode types.String `tfsdk:"output_file_mode"`
	ID             types.String `tfsdk:"id"`
	OutputSize     types.Int64  `tfsdk:"output_size"`
	OutputMd5      types.String `tfsdk:"output_md5"`
	OutputSha      types.String `tfsdk:"output_sha"`
	OutputSha256   types.String `tfsdk:"output_sha256"`
	OutputBase256  types.String `tfsdk:"output_base64sha256"`
	OutputSha512   types.String `tfsdk:"output_sha512"`
	OutputBase512  types.String `tfsdk:"output_base64sha512"`
}

func (*file) Metadata(_ context.Context, _ datasource.MetadataRequest, made *datasource.MetadataResponse) {
	made.TypeName = "archive_file"
}

func (*file) Schema(_ context.Context, _ datasource.SchemaRequest, made *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"type":        schema.StringAttribute{Required: true},
		"output_path": schema.StringAttribute{Required: true},
		"excludes":    schema.SetAttribute{Optional: true, ElementType: types.StringType},
		"output_size": schema.Int64Attribute{Computed: true},
	}
	for _, name := range []string{"source_content", "source_content_filename", "source_file", "source_dir", "output_file_mode"} {
		attributes[name] = schema.StringAttribute{Optional: true}
	}
	for _, name := range []string{"id", "output_md5", "output_sha", "output_sha256", "output_base64sha256", "output_sha512",
		"output_base64sha512"} {
		attributes[name] = schema.StringAttribute{Computed: true}
	}
	made.Schema = schema.Schema{Attributes: attributes, Blocks: map[string]schema.Block{
		"source": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
			"content":  schema.StringAttribute{Required: true},
			"filename": schema.StringAttribute{Required: true},
		}}}}}
}

// Name in the archive -> content.
func contents(of model) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, one := range of.Source {
		files[one.Filename.ValueString()] = []byte(one.Content.ValueString())
	}
	if !of.SourceContent.IsNull() {
		files[of.SourceFilename.ValueString()] = []byte(of.SourceContent.ValueString())
	}
	if !of.SourceFile.IsNull() {
		text, err := os.ReadFile(of.SourceFile.ValueString())
		files[filepath.Base(of.SourceFile.ValueString())] = text
		return files, err
	}
	if of.SourceDir.IsNull() {
		return files, nil
	}
	return files, filepath.WalkDir(of.SourceDir.ValueString(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(of.SourceDir.ValueString(), path)
		for _, pattern := range of.Excludes {
			if excluded, _ := filepath.Match(pattern, name); excluded {
				return nil
			}
		}
		if err == nil {
			files[name], err = os.ReadFile(path)
		}
		return err
	})
}

func packed(files map[string][]byte) ([]byte, error) {
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for _, name := range names {
		header := &zip.FileHeader{Name: filepath.ToSlash(name), Method: zip.Deflate, Modified: time.Unix(315532800, 0).UTC()}
		entry, err := writer.CreateHeader(header)
		if err == nil {
			_, err = entry.Write(files[name])
		}
		if err != nil {
			return nil, err
		}
	}
	err := writer.Close()
	return out.Bytes(), err
}

func write(path string, of model) ([]byte, error) {
	files, err := contents(of)
	if err != nil {
		return nil, err
	}
	archive, err := packed(files)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return archive, os.WriteFile(path, archive, 0o644)
}

func (*file) Read(ctx context.Context, asked datasource.ReadRequest, made *datasource.ReadResponse) {
	var is model
	made.Diagnostics.Append(asked.Config.Get(ctx, &is)...)
	if made.Diagnostics.HasError() {
		return
	}
	archive, err := write(is.OutputPath.ValueString(), is)
	if err != nil {
		made.Diagnostics.AddError("Archive creation error", "error creating archive: "+err.Error())
		return
	}
	hash5, hash1, hash256, hash512 := md5.Sum(archive), sha1.Sum(archive), sha256.Sum256(archive), sha512.Sum512(archive)
	is.OutputSize = types.Int64Value(int64(len(archive)))
	is.OutputMd5 = types.StringValue(hex.EncodeToString(hash5[:]))
	is.OutputSha = types.StringValue(hex.EncodeToString(hash1[:]))
	is.ID = is.OutputSha
	is.OutputSha256 = types.StringValue(hex.EncodeToString(hash256[:]))
	is.OutputBase256 = types.StringValue(base64.StdEncoding.EncodeToString(hash256[:]))
	is.OutputSha512 = types.StringValue(hex.EncodeToString(hash512[:]))
	is.OutputBase512 = types.StringValue(base64.StdEncoding.EncodeToString(hash512[:]))
	made.Diagnostics.Append(made.State.Set(ctx, is)...)
}
