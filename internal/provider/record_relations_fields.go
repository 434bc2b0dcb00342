package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// recordRelationsModel is ghl_record_relations in a configuration, a plan or a state.
type recordRelationsModel struct {
	ID               types.String `tfsdk:"id"`
	LocationID       types.String `tfsdk:"location_id"`
	AssociationID    types.String `tfsdk:"association_id"`
	AssociationKey   types.String `tfsdk:"association_key"`
	RecordID         types.String `tfsdk:"record_id"`
	Side             types.String `tfsdk:"side"`
	RelatedRecordIDs idSet        `tfsdk:"related_record_ids"`
	timed
}

func recordRelationsAttributes() map[string]schema.Attribute {
	associationID, associationKey := relationAssociationAttributes("resource", "resources")
	return map[string]schema.Attribute{
		"id":              unchanging("Import id without the sub-account: the association, the record and, if set, the side."),
		"location_id":     managedLocation("resource"),
		"association_id":  associationID,
		"association_key": associationKey,
		"record_id":       required(anID, "Id of the record that has the relations. Its object may be on either side of the association. Changing this attribute replaces the resource."),
		"side": schema.StringAttribute{
			MarkdownDescription: "Side of the association that the record is on, `first` or `second`. Required if the association links an object with itself: the side is then the role of the record. " +
				"Default: none. The side must not be set if the association links two different objects. Changing this attribute replaces the resource.",
			Optional: true, Validators: []validator.String{stringvalidator.OneOf(string(store.FirstSide), string(store.SecondSide))},
		},
		"related_record_ids": schema.SetAttribute{
			MarkdownDescription: "Ids of all records that the record is related to under the association, on that side. Use an empty set for no relations. " +
				"If HighLevel has a relation that the set does not include, the plan shows its removal, and applying the plan deletes it. Updated in place.",
			CustomType: newIDSetType(), ElementType: types.StringType, Required: true,
			Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(anID...)},
		},
	}
}

// isComplete reports whether a state is complete. After an import, a state is incomplete
// until the first Read.
func (m recordRelationsModel) isComplete() bool { return !m.ID.IsNull() }

func (recordRelationsModel) thing() string { return "Record Relations" }

func (m recordRelationsModel) inWords() string {
	side := ""
	if !m.Side.IsNull() {
		side = fmt.Sprintf(" on its %s side", m.Side.ValueString())
	}
	return fmt.Sprintf("set of relations of the record %q under the %s%s", m.RecordID.ValueString(), m.association().inWords(), side)
}

func (m recordRelationsModel) association() relationAssociation {
	return relationAssociation{m.LocationID, m.AssociationID, m.AssociationKey}
}

func (m recordRelationsModel) under(id, key types.String) recordRelationsModel {
	m.AssociationID, m.AssociationKey = id, key
	return m
}

func (m recordRelationsModel) location() string { return m.LocationID.ValueString() }

func (m recordRelationsModel) importID() string {
	return recordRelationsName{m.ref(), m.AssociationKey.ValueString()}.importID()
}

// ref identifies the relations of the record.
func (m recordRelationsModel) ref() store.RecordRef {
	return store.RecordRef{
		LocationID: m.location(), AssociationID: m.AssociationID.ValueString(), RecordID: m.RecordID.ValueString(),
		Side: store.Side(m.Side.ValueString()),
	}
}

// recordRelationsIdentity permanently identifies the resource.
type recordRelationsIdentity struct {
	LocationID    types.String `tfsdk:"location_id"`
	AssociationID types.String `tfsdk:"association_id"`
	RecordID      types.String `tfsdk:"record_id"`
	Side          types.String `tfsdk:"side"`
}

func (m recordRelationsModel) identity() recordRelationsIdentity {
	return recordRelationsIdentity{m.LocationID, m.AssociationID, m.RecordID, m.Side}
}

// isKnown reports whether the attributes that identify the resource are known in m, a
// plan.
func (m recordRelationsModel) isKnown() bool {
	return !anyUnknown(m.LocationID, m.AssociationID, m.RecordID, m.Side)
}

// related returns the known ids in the set, in order. areAll reports whether the set has
// no unknown ids.
func (m recordRelationsModel) related() (ids []string, areAll bool) {
	areAll = !m.RelatedRecordIDs.IsUnknown()
	for _, element := range m.RelatedRecordIDs.Elements() {
		if id, ok := element.(types.String); ok && !id.IsUnknown() {
			ids = append(ids, id.ValueString())
		} else {
			areAll = false
		}
	}
	slices.Sort(ids)
	return ids, areAll
}

// holding returns m with these related record ids, and sets the id of m.
func (m recordRelationsModel) holding(ids []string) recordRelationsModel {
	m.RelatedRecordIDs = newIDSet(ids)
	return m.withID()
}

func (m recordRelationsModel) withID() recordRelationsModel {
	_, id, _ := strings.Cut(m.importID(), "/")
	m.ID = types.StringValue(id)
	return m
}

// replaces lists the attributes whose change from state to m, a plan, requires a
// replacement.
func (m recordRelationsModel) replaces(state recordRelationsModel) path.Paths {
	return differing(equalText,
		compared{"location_id", m.LocationID, state.LocationID},
		compared{"association_id", m.AssociationID, state.AssociationID},
		compared{"record_id", m.RecordID, state.RecordID},
		compared{"side", m.Side, state.Side})
}

// without returns the ids that are not in others.
func without(ids, others []string) []string {
	isOther := map[string]bool{}
	for _, id := range others {
		isOther[id] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return isOther[id] })
}

// mostShown is the maximum number of ids that a message lists.
const mostShown = 10

// shortList returns the first ids for a message, and says how many more there are.
func shortList(ids []string) string {
	quoted := make([]string, min(len(ids), mostShown))
	for i := range quoted {
		quoted[i] = fmt.Sprintf("%q", ids[i])
	}
	text := strings.Join(quoted, ", ")
	if more := len(ids) - len(quoted); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// relations returns a number of relations in words.
func relations(n int) string {
	if n == 1 {
		return "1 relation"
	}
	return fmt.Sprintf("%d relations", n)
}
