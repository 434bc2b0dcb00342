package provider

import (
	"fmt"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// customValueFields are the fields of a custom value, shared by the resource, its list and
// the data source. To add a field, change only this file.
type customValueFields struct {
	ID         types.String `tfsdk:"id"`
	LocationID types.String `tfsdk:"location_id"`
	Name       types.String `tfsdk:"name"`
	Value      types.String `tfsdk:"value"`
	FieldKey   types.String `tfsdk:"field_key"`
}

const mergeField = "Merge field for the value in templates and workflows, such as `{{ custom_values.office_phone }}`. HighLevel derives it from the name at creation, and keeps it when the name changes."

// customValueAttributes are the fields in the resource's schema.
func customValueAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          unchanging("Id that HighLevel assigned to the custom value."),
		"location_id": managedLocation("custom value"),
		"name":        required(anyText, "Name of the custom value, unique in its sub-account. Updated in place."),
		"value":       required(nil, "Text of the custom value, which may contain merge fields. HighLevel may refuse an empty text, and may trim white space at its edges. Plans do not show that difference. The text is not a secret: anybody with access to the sub-account or to the state can read it. Updated in place."),
		"field_key":   unchanging(mergeField),
	}
}

// customValueItemAttributes are the fields in the data source's schema.
func customValueItemAttributes() map[string]datasource.Attribute {
	return map[string]datasource.Attribute{
		"id":          computedText("Id of the custom value."),
		"location_id": computedText("Id of the sub-account (location)."),
		"name":        computedText("Name of the custom value."),
		"value":       computedText("Text of the custom value."),
		"field_key":   computedText(mergeField),
		"import_id":   computedText("Id to use in an `import` block, including the sub-account."),
	}
}

// customValueModel is ghl_custom_value in a configuration, a plan or a state.
type customValueModel struct {
	customValueFields
	timed
}

func (customValueModel) thing() string { return "Custom Value" }

func (m customValueModel) inWords() string {
	if m.Name.IsNull() {
		return fmt.Sprintf("custom value with the id %q", m.ID.ValueString())
	}
	return fmt.Sprintf("custom value %q", m.Name.ValueString())
}

func (m customValueModel) location() string { return m.LocationID.ValueString() }

func (m customValueModel) ref() objectRef {
	return objectRef{LocationID: m.location(), ID: m.ID.ValueString(), By: "name", Name: m.Name.ValueString()}
}

func (m customValueModel) importID() string { return m.ref().byName().importID() }

func (m customValueModel) wanted() ghl.CustomValue {
	return ghl.CustomValue{ID: m.ID.ValueString(), LocationID: m.location(), Name: m.Name.ValueString(), Value: m.Value.ValueString()}
}

func (m customValueModel) created(row ghl.CustomValue) customValueModel {
	m.ID, m.FieldKey = types.StringValue(row.ID), given(row.FieldKey)
	return m
}

func (m customValueModel) refreshed(row ghl.CustomValue) customValueModel {
	m.Name, m.Value = keptUnless(m.Name, row.Name, ghl.SameText), keptUnless(m.Value, row.Value, ghl.SameText)
	return m.created(row)
}

// storedCustomValue returns row exactly as HighLevel stores it.
func storedCustomValue(location string, row ghl.CustomValue) customValueModel {
	return customValueModel{customValueFields{LocationID: types.StringValue(location)}, noTimeouts()}.refreshed(row)
}

func (m customValueModel) replaces(state customValueModel) path.Paths {
	return differing(equalText, compared{"location_id", m.LocationID, state.LocationID})
}
