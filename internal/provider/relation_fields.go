package provider

import (
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// relationFields are the fields of a relation that HighLevel stores, for the resource,
// its list and the data source. To add a field, change only this file.
type relationFields struct {
	ID              types.String `tfsdk:"id"`
	LocationID      types.String `tfsdk:"location_id"`
	AssociationID   types.String `tfsdk:"association_id"`
	FirstRecordID   types.String `tfsdk:"first_record_id"`
	SecondRecordID  types.String `tfsdk:"second_record_id"`
	FirstObjectKey  types.String `tfsdk:"first_object_key"`
	SecondObjectKey types.String `tfsdk:"second_object_key"`
}

const (
	firstObjectOfRecord  = "Object that the first record belongs to; null if HighLevel does not show it."
	secondObjectOfRecord = "Object that the second record belongs to; null if HighLevel does not show it."
)

// relationAttributes returns the attributes of the resource.
func relationAttributes() map[string]schema.Attribute {
	const order = " Changing this attribute replaces the relation. Either order of the two records works, unless both belong to the same object: the order then determines their roles, and swapping them replaces the relation."
	associationID, associationKey := relationAssociationAttributes("relation", "relations")
	return map[string]schema.Attribute{
		"id":                unchanging("Id that HighLevel assigned to the relation. If somebody deletes the relation and creates it again by hand, the resource stays the same, with a new id."),
		"location_id":       managedLocation("relation"),
		"association_id":    associationID,
		"association_key":   associationKey,
		"first_record_id":   required(anID, "Id of the record on the first side."+order),
		"second_record_id":  required(anID, "Id of the record on the second side."+order),
		"first_object_key":  unchanging(firstObjectOfRecord),
		"second_object_key": unchanging(secondObjectOfRecord),
	}
}

// relationItemAttributes returns the attributes of a relation in the data source.
func relationItemAttributes() map[string]datasource.Attribute {
	return map[string]datasource.Attribute{
		"id":                computedText("Id of the relation."),
		"location_id":       computedText("Id of the sub-account (location)."),
		"association_id":    computedText("Id of the association."),
		"first_record_id":   computedText("Id of the record on the first side, as HighLevel stores the sides."),
		"second_record_id":  computedText("Id of the record on the second side."),
		"first_object_key":  computedText(firstObjectOfRecord),
		"second_object_key": computedText(secondObjectOfRecord),
		"import_id":         computedText("Id to use in an `import` block, including the sub-account."),
	}
}

// ref returns the natural key of the relation.
func (f relationFields) ref() store.RelationRef {
	return store.RelationRef{
		LocationID:     f.LocationID.ValueString(),
		AssociationID:  f.AssociationID.ValueString(),
		FirstRecordID:  f.FirstRecordID.ValueString(),
		SecondRecordID: f.SecondRecordID.ValueString(),
	}
}

// isKnown reports whether the attributes that identify the relation are known in f, a
// plan.
func (f relationFields) isKnown() bool {
	return !anyUnknown(f.LocationID, f.AssociationID, f.FirstRecordID, f.SecondRecordID)
}

// found returns f, a plan or a state, with the values of the created or read row. The
// records keep the order that they have in f.
func (f relationFields) found(row ghl.Relation) relationFields {
	sides, _ := row.Oriented(f.FirstRecordID.ValueString(), f.SecondRecordID.ValueString())
	f.ID = types.StringValue(row.ID)
	f.FirstObjectKey = given(sides.FirstObjectKey)
	f.SecondObjectKey = given(sides.SecondObjectKey)
	return f
}

// storedRelation returns row with the records in the order that HighLevel stores.
func storedRelation(location string, row ghl.Relation) relationFields {
	f := relationFields{
		LocationID:     types.StringValue(location),
		AssociationID:  types.StringValue(row.AssociationID),
		FirstRecordID:  types.StringValue(row.FirstRecordID),
		SecondRecordID: types.StringValue(row.SecondRecordID),
	}
	return f.found(row)
}
