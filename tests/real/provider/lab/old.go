package lab

import (
	"context"
	"fmt"
	"strings"

	"driftkeeper.test/real/provider/live"

	"github.com/hashicorp/go-cty/cty"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

const oldKind = "lab_old"

// What an object of the old type is in the cloud. What is not set is empty there, never null: the old SDK hardly knows null.
type oldObject struct {
	Name     string            `json:"name"`
	Content  string            `json:"content"`
	Size     int               `json:"size"`
	Enabled  bool              `json:"enabled"`
	Labels   map[string]string `json:"labels"`
	Names    []string          `json:"names"`
	Steps    []string          `json:"steps"`
	Rules    []oldRule         `json:"rules"`
	Mode     string            `json:"mode"`
	Region   string            `json:"region"`
	Tags     map[string]string `json:"tags"`
	Secret   string            `json:"secret"`
	Password string            `json:"password"`
}

type oldRule struct {
	Port int    `json:"port"`
	Note string `json:"note"`
}

// NewOld is the half on terraform-plugin-sdk/v2.
func NewOld(options Options) *schema.Provider {
	types := map[string]*schema.Resource{oldKind: oldType(options)}
	for i := range options.MoreTypes {
		types[fmt.Sprintf("lab_unused_%04d", i)] = unusedType(i)
	}
	return &schema.Provider{
		Schema: map[string]*schema.Schema{
			"directory": {Type: schema.TypeString, Required: true, Description: "Where the objects are."},
		},
		ResourcesMap: types,
		ConfigureContextFunc: func(_ context.Context, d *schema.ResourceData) (any, diag.Diagnostics) {
			return live.Cloud{Directory: d.Get("directory").(string)}, nil
		},
	}
}

func oldType(options Options) *schema.Resource {
	text := func(of schema.Schema) *schema.Schema { of.Type = schema.TypeString; return &of }
	texts := &schema.Schema{Type: schema.TypeString}
	rule := &schema.Resource{Schema: map[string]*schema.Schema{
		"port": {Type: schema.TypeInt, Required: true},
		"note": {Type: schema.TypeString, Optional: true},
	}}
	made := &schema.Resource{
		CreateContext: oldWrite, UpdateContext: oldWrite, ReadContext: oldRead, DeleteContext: oldDelete,
		CustomizeDiff: oldFollowers,
		Identity: &schema.ResourceIdentity{SchemaFunc: func() map[string]*schema.Schema {
			return map[string]*schema.Schema{"name": {Type: schema.TypeString, RequiredForImport: true}}
		}},
		Schema: map[string]*schema.Schema{
			"name":                text(schema.Schema{Required: true, ForceNew: true}),
			"content":             text(schema.Schema{Optional: true}),
			"size":                {Type: schema.TypeInt, Optional: true},
			"enabled":             {Type: schema.TypeBool, Optional: true},
			"labels":              {Type: schema.TypeMap, Elem: texts, Optional: true},
			"names":               {Type: schema.TypeSet, Elem: texts, Optional: true},
			"steps":               {Type: schema.TypeList, Elem: texts, Optional: true},
			"rule":                {Type: schema.TypeSet, Elem: rule, Optional: true},
			"mode":                text(schema.Schema{Optional: true, Default: "standard"}),
			"region":              text(schema.Schema{Optional: true, Computed: true}),
			"tags":                {Type: schema.TypeMap, Elem: texts, Optional: true},
			"tags_all":            {Type: schema.TypeMap, Elem: texts, Computed: true},
			"etag":                text(schema.Schema{Computed: true}),
			"secret":              text(schema.Schema{Optional: true, Sensitive: true}),
			"password_wo":         text(schema.Schema{Optional: true, WriteOnly: true}),
			"password_wo_version": {Type: schema.TypeInt, Optional: true},
		},
	}
	if options.isSecond() {
		made.SchemaVersion = 1
		made.StateUpgraders = []schema.StateUpgrader{{
			Version: 0, Type: made.CoreConfigSchema().ImpliedType(),
			Upgrade: func(_ context.Context, state map[string]any, _ any) (map[string]any, error) { return state, nil },
		}}
	}
	return made
}

// One of the many: its size is that of its texts.
func unusedType(number int) *schema.Resource {
	attributes := map[string]*schema.Schema{}
	for i := range 30 {
		attributes[fmt.Sprintf("attribute_%02d", i)] = &schema.Schema{Type: schema.TypeString, Optional: true,
			Description: strings.Repeat(fmt.Sprintf("What attribute %d of type %d is for. ", i, number), 3)}
	}
	nothing := func(context.Context, *schema.ResourceData, any) diag.Diagnostics { return nil }
	return &schema.Resource{CreateContext: nothing, ReadContext: nothing, UpdateContext: nothing, DeleteContext: nothing,
		Schema: attributes}
}

// What the cloud computes from other attributes is planned with them.
func oldFollowers(_ context.Context, d *schema.ResourceDiff, _ any) error {
	if d.Id() != "" && d.HasChange("content") {
		if err := d.SetNewComputed("etag"); err != nil {
			return err
		}
	}
	if !d.GetRawConfig().GetAttr("tags").IsWhollyKnown() {
		return d.SetNewComputed("tags_all")
	}
	return d.SetNew("tags_all", allTags(d.Get("tags").(map[string]any)))
}

func allTags(tags map[string]any) map[string]any {
	all := map[string]any{"by": "lab"}
	for key, value := range tags {
		all[key] = value
	}
	return all
}

func oldWrite(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	object := oldObject{
		Name: d.Get("name").(string), Content: d.Get("content").(string), Size: d.Get("size").(int),
		Enabled: d.Get("enabled").(bool), Labels: textMap(d.Get("labels")), Mode: d.Get("mode").(string),
		Names: textList(d.Get("names").(*schema.Set).List()), Steps: textList(d.Get("steps").([]any)),
		Region: d.Get("region").(string), Tags: textMap(d.Get("tags_all")), Secret: d.Get("secret").(string),
	}
	if object.Region == "" {
		object.Region = "north"
	}
	for _, one := range d.Get("rule").(*schema.Set).List() {
		of := one.(map[string]any)
		object.Rules = append(object.Rules, oldRule{Port: of["port"].(int), Note: of["note"].(string)})
	}
	password, _ := d.GetRawConfigAt(cty.GetAttrPath("password_wo"))
	if password.Type() == cty.String && !password.IsNull() {
		object.Password = password.AsString()
	}
	if err := meta.(live.Cloud).Write(oldKind, object.Name, object); err != nil {
		return diag.FromErr(err)
	}
	d.SetId(object.Name)
	return oldRead(ctx, d, meta)
}

func oldRead(_ context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	var object oldObject
	found, err := meta.(live.Cloud).Read(oldKind, d.Id(), &object)
	if err != nil {
		return diag.FromErr(err)
	}
	if !found {
		d.SetId("")
		return nil
	}
	tags := map[string]string{}
	for key, value := range object.Tags {
		if key != "by" {
			tags[key] = value
		}
	}
	rules := []any{}
	for _, rule := range object.Rules {
		rules = append(rules, map[string]any{"port": rule.Port, "note": rule.Note})
	}
	identity, err := d.Identity()
	if err == nil {
		err = identity.Set("name", object.Name)
	}
	for _, one := range []struct {
		name  string
		value any
	}{
		{"name", object.Name}, {"content", object.Content}, {"size", object.Size}, {"enabled", object.Enabled},
		{"labels", object.Labels}, {"names", object.Names}, {"steps", object.Steps}, {"rule", rules},
		{"mode", object.Mode}, {"region", object.Region}, {"tags", tags}, {"tags_all", object.Tags},
		{"etag", live.Fingerprint(object.Content)}, {"secret", object.Secret},
	} {
		if err == nil {
			err = d.Set(one.name, one.value)
		}
	}
	return diag.FromErr(err)
}

func oldDelete(_ context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
	return diag.FromErr(meta.(live.Cloud).Remove(oldKind, d.Id()))
}

func textMap(of any) map[string]string {
	made := map[string]string{}
	for key, value := range of.(map[string]any) {
		made[key] = value.(string)
	}
	return made
}

func textList(of []any) []string {
	made := []string{}
	for _, one := range of {
		made = append(made, one.(string))
	}
	return made
}
