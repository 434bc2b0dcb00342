package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// relationModel is ghl_relation in a configuration, a plan or a state. Its records are in
// the user's order, whatever order HighLevel stores. The object keys have the same order
// as the records.
type relationModel struct {
	relationFields
	timed

	// AssociationKey identifies the association if AssociationID is not set. A state may
	// have both the id and the key.
	AssociationKey types.String `tfsdk:"association_key"`
}

// isComplete reports whether a state is complete. After an import, a state is incomplete
// until the first Read.
func (m relationModel) isComplete() bool { return !m.ID.IsNull() }

func (relationModel) thing() string { return "Relation" }

func (m relationModel) inWords() string {
	return fmt.Sprintf("relation of the records %q and %q under the %s", m.FirstRecordID.ValueString(), m.SecondRecordID.ValueString(), m.association().inWords())
}

func (m relationModel) association() relationAssociation {
	return relationAssociation{m.LocationID, m.AssociationID, m.AssociationKey}
}

func (m relationModel) under(id, key types.String) relationModel {
	m.AssociationID, m.AssociationKey = id, key
	return m
}

func (m relationModel) location() string { return m.LocationID.ValueString() }

func (m relationModel) importID() string { return m.name().importID() }

// name returns what identifies the relation in an import.
func (m relationModel) name() relationName {
	return relationName{RelationRef: m.ref(), AssociationKey: m.AssociationKey.ValueString()}
}

// identity returns the relation's identity from m alone, before the row is known.
func (m relationModel) identity() relationIdentity {
	return relationIdentity{LocationID: m.LocationID, AssociationID: m.AssociationID, FirstRecordID: m.FirstRecordID, SecondRecordID: m.SecondRecordID}
}

// storedIdentity returns the relation's identity with the records in the order of row.
func (m relationModel) storedIdentity(row ghl.Relation) relationIdentity {
	m.FirstRecordID, m.SecondRecordID = types.StringValue(row.FirstRecordID), types.StringValue(row.SecondRecordID)
	return m.identity()
}

// linksOneObject reports whether both records are known to belong to one object. The
// order of the records then determines their roles.
func (m relationModel) linksOneObject() bool {
	return !m.FirstObjectKey.IsNull() && !m.FirstObjectKey.IsUnknown() && m.FirstObjectKey.Equal(m.SecondObjectKey)
}

// swaps reports whether m, a plan, has the same two records as state in the other order.
func (m relationModel) swaps(state relationModel) bool {
	return m.LocationID.Equal(state.LocationID) &&
		m.AssociationID.Equal(state.AssociationID) &&
		m.FirstRecordID.Equal(state.SecondRecordID) &&
		m.SecondRecordID.Equal(state.FirstRecordID) &&
		!m.FirstRecordID.Equal(m.SecondRecordID)
}

// replaces lists the attributes whose change from state to m, a plan, requires a
// replacement.
func (m relationModel) replaces(state relationModel) path.Paths {
	return differing(equalText,
		compared{"location_id", m.LocationID, state.LocationID},
		compared{"association_id", m.AssociationID, state.AssociationID},
		compared{"first_record_id", m.FirstRecordID, state.FirstRecordID},
		compared{"second_record_id", m.SecondRecordID, state.SecondRecordID})
}

// recordsTurnedWarning warns that HighLevel stored two records of one object in reverse
// order, which swaps their roles.
func recordsTurnedWarning(m relationModel) diag.Diagnostic {
	return diag.NewWarningDiagnostic("HighLevel Reversed the Records of a Relation",
		fmt.Sprintf("The %s was created in sub-account %q, and HighLevel stores the second record first. "+
			"Check in HighLevel which role each record has now. The state keeps your order.", m.inWords(), m.location()))
}

func (m relationModel) met(objects *plannedObjects, _ *store.ExistsError) (known fate, importID string) {
	return objects.of(relationOf(m.ref())), m.importID()
}

// relationBeforeDestroy is createBeforeDestroy for relations.
const relationBeforeDestroy = "With create_before_destroy, the two records would be linked twice, which HighLevel does not allow: remove that setting from the relation."

// exists has a separate message for a relation that links two records of one object in
// the other order, because the order determines their roles.
func (m relationModel) exists(e *store.ExistsError) string {
	if e.Turned {
		turned := m.name()
		turned.RelationRef = turned.Turned()
		return fmt.Sprintf("The %s already exists in sub-account %q, with the two records the other way round and the id %q. "+
			"HighLevel links a pair only once, in either order.\n\n", m.inWords(), m.location(), e.Relation.ID) +
			takeOver(m, turned.importID()) +
			"\n\nTo keep that relation, write its records in that order. If you keep the current order, the next apply replaces the relation.\n\n" + relationBeforeDestroy
	}
	which := ""
	if e.Relation != nil {
		which = fmt.Sprintf(", with the id %q", e.Relation.ID)
	}
	return fmt.Sprintf("The %s already exists in sub-account %q%s.\n\n", m.inWords(), m.location(), which) +
		takeOver(m, m.importID()) + "\n\n" + relationBeforeDestroy
}
