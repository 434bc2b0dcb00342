package provider

import (
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// associationFields are the fields of an association, shared by the resource, its list and
// the data sources. To add a field, change only this file.
type associationFields struct {
	ID                types.String `tfsdk:"id"`
	LocationID        types.String `tfsdk:"location_id"`
	Key               types.String `tfsdk:"key"`
	FirstObjectKey    types.String `tfsdk:"first_object_key"`
	FirstObjectLabel  types.String `tfsdk:"first_object_label"`
	SecondObjectKey   types.String `tfsdk:"second_object_key"`
	SecondObjectLabel types.String `tfsdk:"second_object_label"`
	AssociationType   types.String `tfsdk:"association_type"`
	PlatformMade      types.Bool   `tfsdk:"platform_made"`
}

// associationAttributes are the fields in the resource's schema.
func associationAttributes() map[string]schema.Attribute {
	const order = " You choose the order of the two sides. HighLevel may store them the other way round. Swapping them does not replace the association."
	return map[string]schema.Attribute{
		"id":               unchanging("Id that HighLevel assigned to the association. A replacement gets a new id."),
		"location_id":      managedLocation("association"),
		"key":              required(anyKey, "Key of the association, unique within its sub-account. The key is not case-sensitive: HighLevel stores it in lower case. Changing this attribute replaces the association."),
		"first_object_key": required(notEmpty, "Object on the first side: `contact`, `opportunity`, `business` (the company object), `custom_objects.<name>` and others. Changing this attribute replaces the association."+order),
		"first_object_label": required(anyText,
			"Label of the first side. Updated in place."),
		"second_object_key": required(notEmpty, "Object on the second side. Changing this attribute replaces the association."+order),
		"second_object_label": required(anyText,
			"Label of the second side. HighLevel is known to refuse an association between contacts if its two labels are equal; the plan shows a warning. Updated in place."),
		"association_type": unchanging("Who made the association: `USER_DEFINED` or `SYSTEM_DEFINED`. System-defined associations cannot be managed, only read with the data source `ghl_association`."),
		"platform_made": schema.BoolAttribute{
			MarkdownDescription: "Whether HighLevel made the association. HighLevel calls some of its own associations `USER_DEFINED`; only these have keys in upper case. A plan that would destroy or replace an association that HighLevel made shows a warning.",
			Computed:            true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
	}
}

// associationItemAttributes are the fields in the data sources' schemas.
func associationItemAttributes() map[string]datasource.Attribute {
	return map[string]datasource.Attribute{
		"id":                  computedText("Id of the association."),
		"location_id":         computedText("Id of the sub-account (location)."),
		"key":                 computedText("Key of the association, as HighLevel stores it."),
		"first_object_key":    computedText("Object on the first side, as HighLevel stores the sides."),
		"first_object_label":  computedText("Label of the first side."),
		"second_object_key":   computedText("Object on the second side."),
		"second_object_label": computedText("Label of the second side."),
		"association_type":    computedText("Who made the association: `USER_DEFINED` or `SYSTEM_DEFINED`. System-defined associations cannot be imported."),
		"platform_made": datasource.BoolAttribute{
			MarkdownDescription: "Whether HighLevel made the association. HighLevel calls some of its own associations `USER_DEFINED`; only these have keys in upper case. Do not import associations that HighLevel made: a `destroy` would delete them.",
			Computed:            true,
		},
		"import_id": computedText("Id to use in an `import` block, including the sub-account."),
	}
}

// wanted returns the association to request from HighLevel.
func (f associationFields) wanted() ghl.Association {
	return ghl.Association{
		LocationID:        f.LocationID.ValueString(),
		Key:               f.Key.ValueString(),
		FirstObjectKey:    f.FirstObjectKey.ValueString(),
		FirstObjectLabel:  f.FirstObjectLabel.ValueString(),
		SecondObjectKey:   f.SecondObjectKey.ValueString(),
		SecondObjectLabel: f.SecondObjectLabel.ValueString(),
	}
}

// isKnown reports whether all fields that wanted uses are known.
func (f associationFields) isKnown() bool {
	return !anyUnknown(f.LocationID, f.Key, f.FirstObjectKey, f.FirstObjectLabel, f.SecondObjectKey, f.SecondObjectLabel)
}

// created returns the plan f, completed with the values in row that only HighLevel sets.
// The engine requires all other values to stay as planned.
func (f associationFields) created(row ghl.Association) associationFields {
	f.ID = types.StringValue(row.ID)
	f.AssociationType = given(row.AssociationType)
	f.PlatformMade = types.BoolValue(row.IsPlatformMade())
	return f
}

// refreshed returns the state f, updated from row. The sides keep the user's order, and
// the texts keep the user's spelling. An imported state has no sides yet, so it gets the
// stored order.
func (f associationFields) refreshed(row ghl.Association) associationFields {
	sides, _ := row.Oriented(f.FirstObjectKey.ValueString(), f.SecondObjectKey.ValueString())
	f.Key = keptUnless(f.Key, row.Key, ghl.SameKey)
	f.FirstObjectKey = keptUnless(f.FirstObjectKey, sides.FirstObjectKey, ghl.SameKey)
	f.FirstObjectLabel = keptUnless(f.FirstObjectLabel, sides.FirstObjectLabel, ghl.SameLabel)
	f.SecondObjectKey = keptUnless(f.SecondObjectKey, sides.SecondObjectKey, ghl.SameKey)
	f.SecondObjectLabel = keptUnless(f.SecondObjectLabel, sides.SecondObjectLabel, ghl.SameLabel)
	return f.created(row)
}

// storedAssociation returns the fields of row exactly as HighLevel stores them.
func storedAssociation(location string, row ghl.Association) associationFields {
	return associationFields{LocationID: types.StringValue(location)}.refreshed(row)
}

// keptUnless returns written if it means the same as stored, and stored otherwise.
func keptUnless(written types.String, stored string, same func(a, b string) bool) types.String {
	if !written.IsNull() && same(written.ValueString(), stored) {
		return written
	}
	return types.StringValue(stored)
}
