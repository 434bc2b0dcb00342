package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// displayProperty is the value of the attribute primary_display_property.
type displayProperty struct{ Key, Name, DataType types.String }

var displayPropertyTypes = map[string]attr.Type{"key": types.StringType, "name": types.StringType, "data_type": types.StringType}

func readDisplayProperty(value types.Object) displayProperty {
	text := func(name string) types.String {
		s, _ := value.Attributes()[name].(types.String) // null if there is no value
		return s
	}
	return displayProperty{text("key"), text("name"), text("data_type")}
}

func (p displayProperty) value() types.Object {
	return types.ObjectValueMust(displayPropertyTypes, map[string]attr.Value{"key": p.Key, "name": p.Name, "data_type": p.DataType})
}

// customObjectAttributes are the attributes of ghl_custom_object.
func customObjectAttributes() map[string]schema.Attribute {
	const replaces = " Changing this attribute replaces the object."
	return map[string]schema.Attribute{
		"id":          unchanging("Id that HighLevel assigned to the object. A replacement gets a new id."),
		"location_id": managedLocation("object"),
		"key":         required(aCustomKey, "Key of the object, either full (`custom_objects.pet`) or short (`pet`), unique in its sub-account. The key is not case-sensitive."+replaces),
		"object_key": schema.StringAttribute{
			MarkdownDescription: "Full key of the object, as HighLevel stores it. Associations and fields refer to the full key. It is known at plan time if `key` is known.",
			Computed:            true, PlanModifiers: []planmodifier.String{fromKey{}},
		},
		"singular_label": required(anyText, "Name of one record of the object. Updated in place."),
		"plural_label":   required(anyText, "Plural name of the records. Updated in place."),
		"description": schema.StringAttribute{
			MarkdownDescription: "What the object is for. HighLevel is known to refuse more than 100 characters. Default: none. Updated in place.",
			Optional:            true, Validators: anyText,
		},
		"primary_display_property": schema.SingleNestedAttribute{
			MarkdownDescription: "The field that names the records of the object. HighLevel makes it with the object, as its first field. Changing this attribute replaces the object. After creation, the state keeps the configured name and type. To rename only the field, rename it in HighLevel, and leave this attribute unchanged.",
			Required:            true,
			Attributes: map[string]schema.Attribute{
				"key":       required(notEmpty, "Key of the field, either full (`custom_objects.pet.name`) or short (`name`)."),
				"name":      required(anyText, "Initial name of the field."),
				"data_type": required(notEmpty, "Data type of the field: `TEXT` or `NUMERICAL`."),
			},
		},
		"field_folder_id": schema.StringAttribute{
			MarkdownDescription: "Id of the field folder that HighLevel made with the object. Null if HighLevel does not return it.",
			Computed:            true,
		},
		"deletion_policy": schema.StringAttribute{
			MarkdownDescription: "What happens to the object when it is destroyed or replaced. The value in the state takes effect, so first apply a new value on its own. " +
				"`protect`: the plan fails. `abandon`: the object is removed from the state but stays in the account, and its key stays taken. The plan shows a warning. " +
				"`delete`: HighLevel deletes the object with its fields, records, associations and relations permanently. The plan shows a warning. No API reference documents this call, and HighLevel may refuse it. " +
				"Default: `protect`. Updated in place, without a call to HighLevel. A plan cannot detect the protection of a tainted instance if it runs with `-refresh=false`, or if the key changes too.",
			Optional: true, Computed: true, Default: stringdefault.StaticString(protectObject),
			Validators: []validator.String{stringvalidator.OneOf(protectObject, abandonObject, deleteObject)},
		},
	}
}

// aCustomKey validates keys of custom objects.
var aCustomKey = []validator.String{stringvalidator.LengthAtLeast(1), plainText(textProblem), check{"Key of a Standard Object", "must not be the key of a standard object", func(key types.String) string {
	if !store.IsStandardObject(key.ValueString()) {
		return ""
	}
	return fmt.Sprintf("is %q, the key of a standard object, which HighLevel makes itself and which cannot be managed. Read it with the data source ghl_object, or choose another key", key.ValueString())
}}}

// fromKey is the plan modifier that derives object_key from key. Plans can then resolve
// references to object_key.
type fromKey struct{}

func (fromKey) Description(context.Context) string         { return "Made from key." }
func (fromKey) MarkdownDescription(context.Context) string { return "Made from `key`." }

func (fromKey) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	var key types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("key"), &key)...)
	switch full := store.ObjectKey(key.ValueString()); {
	case key.IsUnknown():
	case ghl.SameKey(full, req.StateValue.ValueString()):
		resp.PlanValue = req.StateValue
	default:
		resp.PlanValue = types.StringValue(full)
	}
}
