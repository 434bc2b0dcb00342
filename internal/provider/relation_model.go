package provider

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// relationModel is ghl_relation in a configuration, a plan or a state. Its
// records stand in the user's order, whatever HighLevel stores; the object keys
// follow the records.
type relationModel struct {
	ID              types.String   `tfsdk:"id"`
	LocationID      types.String   `tfsdk:"location_id"`
	AssociationID   types.String   `tfsdk:"association_id"`
	FirstRecordID   types.String   `tfsdk:"first_record_id"`
	SecondRecordID  types.String   `tfsdk:"second_record_id"`
	FirstObjectKey  types.String   `tfsdk:"first_object_key"`
	SecondObjectKey types.String   `tfsdk:"second_object_key"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

// ref is the natural key of the relation that m is about.
func (m relationModel) ref() snapshot.RelationRef {
	return snapshot.RelationRef{
		LocationID:     m.LocationID.ValueString(),
		AssociationID:  m.AssociationID.ValueString(),
		FirstRecordID:  m.FirstRecordID.ValueString(),
		SecondRecordID: m.SecondRecordID.ValueString(),
	}
}

// storedRelation is row as a model, its records in the stored order.
func storedRelation(location string, row ghl.Relation) relationModel {
	m := relationModel{
		LocationID:     types.StringValue(location),
		AssociationID:  types.StringValue(row.AssociationID),
		FirstRecordID:  types.StringValue(row.FirstRecordID),
		SecondRecordID: types.StringValue(row.SecondRecordID),
	}
	return m.found(row)
}

// found is the state after row was created or read for m: a plan, a prior state,
// or what an import knows. The records keep m's order.
func (m relationModel) found(row ghl.Relation) relationModel {
	sides, _ := row.Oriented(m.FirstRecordID.ValueString(), m.SecondRecordID.ValueString())
	m.ID = types.StringValue(row.ID)
	m.FirstObjectKey = given(sides.FirstObjectKey)
	m.SecondObjectKey = given(sides.SecondObjectKey)
	return m
}

// isComplete tells a state that a Read has filled from one that an import began.
func (m relationModel) isComplete() bool { return !m.ID.IsNull() }

// isKnown tells whether m, a plan, names its relation already.
func (m relationModel) isKnown() bool {
	return !m.LocationID.IsUnknown() && !m.AssociationID.IsUnknown() && !m.FirstRecordID.IsUnknown() && !m.SecondRecordID.IsUnknown()
}

// linksOneObject tells whether both records are of one object, as far as that is known:
// there the order of the records tells their roles.
func (m relationModel) linksOneObject() bool {
	return !m.FirstObjectKey.IsNull() && !m.FirstObjectKey.IsUnknown() && m.FirstObjectKey.Equal(m.SecondObjectKey)
}

// swaps tells whether m, a plan, differs from state in the order of the records
// and, but for timeouts, in nothing else.
func (m relationModel) swaps(state relationModel) bool {
	return m.LocationID.Equal(state.LocationID) &&
		m.AssociationID.Equal(state.AssociationID) &&
		m.FirstRecordID.Equal(state.SecondRecordID) &&
		m.SecondRecordID.Equal(state.FirstRecordID) &&
		!m.FirstRecordID.Equal(m.SecondRecordID)
}

// replaces lists the attributes for which plan m asks for another relation than
// the one in state.
func (m relationModel) replaces(state relationModel) path.Paths {
	var paths path.Paths
	if !m.LocationID.Equal(state.LocationID) {
		paths.Append(path.Root("location_id"))
	}
	if !m.AssociationID.Equal(state.AssociationID) {
		paths.Append(path.Root("association_id"))
	}
	if !m.FirstRecordID.Equal(state.FirstRecordID) {
		paths.Append(path.Root("first_record_id"))
	}
	if !m.SecondRecordID.Equal(state.SecondRecordID) {
		paths.Append(path.Root("second_record_id"))
	}
	return paths
}

// privateCreatedAt is the key in private state under which a relation's creation
// time stands, as JSON text: a new relation can be missing from listings for a while.
const privateCreatedAt = "created_at"

func encodeTime(t time.Time) []byte {
	return []byte(`"` + t.UTC().Format(time.RFC3339Nano) + `"`)
}

// decodeTime reads what encodeTime wrote, and takes anything else for long ago.
func decodeTime(encoded []byte) time.Time {
	var t time.Time
	if json.Unmarshal(encoded, &t) != nil {
		return time.Time{}
	}
	return t
}

// recordsTurnedWarning tells of two records of one object that HighLevel stored in the
// other order, which says which role each has.
func recordsTurnedWarning(ref snapshot.RelationRef) diag.Diagnostic {
	return diag.NewWarningDiagnostic("HighLevel Turned the Records of a Relation Round",
		fmt.Sprintf("The relation of the records %q and %q under the association %q was created in sub-account %q, and HighLevel stores the second record first. "+
			"Look in HighLevel which role each record has now. The state keeps your order.", ref.FirstRecordID, ref.SecondRecordID, ref.AssociationID, ref.LocationID))
}
