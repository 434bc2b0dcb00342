package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// associationModel is ghl_association in a configuration, a plan or a state. It keeps the
// user's order of the sides and the user's spelling of the key, even if HighLevel stores
// them differently.
type associationModel struct {
	associationFields
	timed

	DeletionProtection types.Bool `tfsdk:"deletion_protection"`
}

// isComplete reports whether a Read has filled the state. After an import, the state has
// only the id or the key.
func (m associationModel) isComplete() bool {
	return !m.ID.IsNull() && !m.FirstObjectLabel.IsNull()
}

func (associationModel) thing() string { return "Association" }

func (m associationModel) inWords() string {
	if m.Key.IsNull() {
		return fmt.Sprintf("association with the id %q", m.ID.ValueString())
	}
	return fmt.Sprintf("association %q", m.Key.ValueString())
}

func (m associationModel) location() string { return m.LocationID.ValueString() }

func (m associationModel) importID() string {
	return objectRef{LocationID: m.location(), By: "key", Name: m.Key.ValueString()}.importID()
}

func (m associationModel) identity() idIdentity {
	return idIdentity{LocationID: m.LocationID, ID: m.ID}
}

// labelsAre reports whether each object has the same label in row as in m.
func (m associationModel) labelsAre(row ghl.Association) bool {
	sides, ok := row.Oriented(m.FirstObjectKey.ValueString(), m.SecondObjectKey.ValueString())
	return ok &&
		ghl.SameLabel(sides.FirstObjectLabel, m.FirstObjectLabel.ValueString()) &&
		ghl.SameLabel(sides.SecondObjectLabel, m.SecondObjectLabel.ValueString())
}

func sameKey(a, b types.String) bool {
	return !a.IsUnknown() && !b.IsUnknown() && ghl.SameKey(a.ValueString(), b.ValueString())
}

// spelledLike returns the plan m, with the state's spelling of each key that differs only
// in case. HighLevel ignores the case of keys.
func (m associationModel) spelledLike(state associationModel) associationModel {
	for planned, prior := range map[*types.String]types.String{
		&m.Key: state.Key, &m.FirstObjectKey: state.FirstObjectKey, &m.SecondObjectKey: state.SecondObjectKey,
	} {
		if sameKey(*planned, prior) {
			*planned = prior
		}
	}
	return m
}

// replaces lists the attributes of the plan m that require a replacement of the
// association in the state. Swapping the two objects does not require a replacement.
// HighLevel stores keys in lower case, so their case makes no difference.
func (m associationModel) replaces(state associationModel) path.Paths {
	paths := differing(equalText, compared{"location_id", m.LocationID, state.LocationID})
	paths.Append(differing(sameKey, compared{"key", m.Key, state.Key})...)
	if sameKey(m.FirstObjectKey, state.SecondObjectKey) && sameKey(m.SecondObjectKey, state.FirstObjectKey) {
		return paths
	}
	paths.Append(differing(sameKey, compared{"first_object_key", m.FirstObjectKey, state.FirstObjectKey}, compared{"second_object_key", m.SecondObjectKey, state.SecondObjectKey})...)
	return paths
}
