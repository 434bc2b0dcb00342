package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// customFieldFields are the fields of a custom field, shared by the resource, its list and
// the data source. To add a field, change only this file and the model.
type customFieldFields struct {
	ID                types.String `tfsdk:"id"`
	LocationID        types.String `tfsdk:"location_id"`
	ObjectKey         types.String `tfsdk:"object_key"`
	Key               types.String `tfsdk:"key"`
	FieldKey          types.String `tfsdk:"field_key"`
	Name              types.String `tfsdk:"name"`
	DataType          types.String `tfsdk:"data_type"`
	FolderID          types.String `tfsdk:"folder_id"`
	Description       types.String `tfsdk:"description"`
	Placeholder       types.String `tfsdk:"placeholder"`
	ShowInForms       types.Bool   `tfsdk:"show_in_forms"`
	Options           types.List   `tfsdk:"options"`
	AcceptedFormats   types.Set    `tfsdk:"accepted_formats"`
	MaxFiles          types.Int64  `tfsdk:"max_files"`
	AllowCustomOption types.Bool   `tfsdk:"allow_custom_option"`
}

const (
	fieldKeyInFull  = "Full key of the field, such as `custom_objects.pet.name`."
	fieldOptionsOf  = "Options of a field such as `SINGLE_OPTIONS`, `MULTIPLE_OPTIONS`, `RADIO` or `CHECKBOX`, in order."
	fieldFormatsOf  = "File formats that a `FILE_UPLOAD` accepts, such as `.pdf`."
	fieldMaxFilesOf = "How many files a `FILE_UPLOAD` accepts."
	fieldCustomOf   = "Whether records may have values that are not among the options."
	leftAsItIs      = " Default: HighLevel chooses the value, and later plans leave it unchanged. Updated in place."
)

// customFieldAttributes are the fields in the resource's schema.
func customFieldAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          unchanging("Id that HighLevel assigned to the custom field. A replacement gets a new id."),
		"location_id": managedLocation("custom field"),
		"object_key":  fieldObjectKey("custom field"),
		"key":         required(anyKey, "Key of the field within its object, either short (`name`) or full (`custom_objects.pet.name`). The key is not case-sensitive: HighLevel stores it in lower case. Changing this attribute replaces the field."),
		"field_key":   unchanging(fieldKeyInFull),
		"name":        required(nil, "Name of the field. Updated in place."),
		"data_type": required(aDataType, "Data type of the field: `TEXT`, `LARGE_TEXT`, `NUMERICAL`, `PHONE`, `MONETORY` (as HighLevel spells it), `CHECKBOX`, `SINGLE_OPTIONS`, `MULTIPLE_OPTIONS`, `DATE`, `TEXTBOX_LIST`, `FILE_UPLOAD`, `RADIO`, `EMAIL`, or any type that HighLevel adds later. "+
			"Changing this attribute replaces the field."),
		"folder_id": schema.StringAttribute{
			MarkdownDescription: "Id of the field's folder. Default: the folder that HighLevel made with the object. A different id replaces the field, since the API cannot move a field. Removing this attribute later changes nothing. If somebody moved the field in HighLevel, or an import finds it in another folder, the plan fails instead of replacing the field.",
			Optional:            true, Computed: true, Validators: anID,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"description": schema.StringAttribute{MarkdownDescription: "Description of the field. Default: none. Updated in place.", Optional: true},
		"placeholder": schema.StringAttribute{MarkdownDescription: "Text that an empty field shows. Default: nothing. Updated in place.", Optional: true},
		"show_in_forms": schema.BoolAttribute{
			MarkdownDescription: "Whether forms can include the field. Default: `true`. Updated in place.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"options": fieldOptionsAttribute(),
		"accepted_formats": schema.SetAttribute{
			MarkdownDescription: fieldFormatsOf + leftAsItIs,
			Optional:            true, Computed: true, ElementType: types.StringType,
			PlanModifiers: []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
		"max_files": schema.Int64Attribute{
			MarkdownDescription: fieldMaxFilesOf + leftAsItIs,
			Optional:            true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
			PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"allow_custom_option": schema.BoolAttribute{
			MarkdownDescription: fieldCustomOf + " Default: HighLevel chooses the value, and later plans leave it unchanged. Changing this attribute replaces the field.",
			Optional:            true, Computed: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"deletion_protection": protectionAttribute("field"),
	}
}

// fieldObjectKey is the object_key of a field or folder.
func fieldObjectKey(noun string) schema.Attribute {
	return required(anObjectWithFields, "Object that the "+noun+" belongs to: `custom_objects.<name>` or `business` (the company object). The API does not support other objects. Changing this attribute replaces the "+noun+".")
}

// customFieldItemAttributes are the fields in the data source's schema.
func customFieldItemAttributes() map[string]datasource.Attribute {
	flag := func(description string) datasource.Attribute {
		return datasource.BoolAttribute{MarkdownDescription: description, Computed: true}
	}
	return map[string]datasource.Attribute{
		"id":            computedText("Id of the custom field."),
		"location_id":   computedText("Id of the sub-account (location)."),
		"object_key":    computedText("Object that the field belongs to."),
		"key":           computedText("Key of the field within its object."),
		"field_key":     computedText(fieldKeyInFull),
		"name":          computedText("Name of the field."),
		"data_type":     computedText("Data type of the field, such as `TEXT`."),
		"folder_id":     computedText("Id of the field's folder."),
		"description":   computedText("Description of the field."),
		"placeholder":   computedText("Text that an empty field shows."),
		"show_in_forms": flag("Whether forms can include the field."),
		"options": itemsAttribute(fieldOptionsOf, map[string]datasource.Attribute{
			"key": computedText("Key of the option."), "label": computedText("Label of the option."), "url": computedText("URL of an image, for a `RADIO`. Default: none."),
		}),
		"accepted_formats":    datasource.SetAttribute{MarkdownDescription: fieldFormatsOf, Computed: true, ElementType: types.StringType},
		"max_files":           datasource.Int64Attribute{MarkdownDescription: fieldMaxFilesOf, Computed: true},
		"allow_custom_option": flag(fieldCustomOf),
		"import_id":           computedText("Id to use in an `import` block, including the sub-account."),
	}
}
