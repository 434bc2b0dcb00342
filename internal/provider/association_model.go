package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// associationModel is ghl_association in a configuration, a plan or a state. Its
// sides stand in the user's order and its key in the user's spelling, whatever
// HighLevel stores.
type associationModel struct {
	ID                 types.String   `tfsdk:"id"`
	LocationID         types.String   `tfsdk:"location_id"`
	Key                types.String   `tfsdk:"key"`
	FirstObjectKey     types.String   `tfsdk:"first_object_key"`
	FirstObjectLabel   types.String   `tfsdk:"first_object_label"`
	SecondObjectKey    types.String   `tfsdk:"second_object_key"`
	SecondObjectLabel  types.String   `tfsdk:"second_object_label"`
	AssociationType    types.String   `tfsdk:"association_type"`
	PlatformMade       types.Bool     `tfsdk:"platform_made"`
	DeletionProtection types.Bool     `tfsdk:"deletion_protection"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// wanted is the association that m asks HighLevel for.
func (m associationModel) wanted() ghl.Association {
	return ghl.Association{
		LocationID:        m.LocationID.ValueString(),
		Key:               m.Key.ValueString(),
		FirstObjectKey:    m.FirstObjectKey.ValueString(),
		FirstObjectLabel:  m.FirstObjectLabel.ValueString(),
		SecondObjectKey:   m.SecondObjectKey.ValueString(),
		SecondObjectLabel: m.SecondObjectLabel.ValueString(),
	}
}

// created is the state after m, a plan, was created as row. Only what HighLevel
// decides is taken from there: the engine wants the rest as planned.
func (m associationModel) created(row ghl.Association) associationModel {
	m.ID = types.StringValue(row.ID)
	m.AssociationType = given(row.AssociationType)
	m.PlatformMade = types.BoolValue(row.IsPlatformMade())
	return m
}

// listedAssociation is what an import of row puts into state.
func listedAssociation(location string, row ghl.Association) associationModel {
	m := associationModel{LocationID: types.StringValue(location), DeletionProtection: types.BoolValue(false), Timeouts: noTimeouts()}
	return m.refreshed(row)
}

// refreshed is the state after row was read for m, a prior state or what an
// import knows. An import knows no sides and takes the stored order.
func (m associationModel) refreshed(row ghl.Association) associationModel {
	sides, _ := row.Oriented(m.FirstObjectKey.ValueString(), m.SecondObjectKey.ValueString())
	m.ID = types.StringValue(row.ID)
	m.Key = keptUnless(m.Key, row.Key, ghl.SameKey)
	m.FirstObjectKey = keptUnless(m.FirstObjectKey, sides.FirstObjectKey, ghl.SameKey)
	m.FirstObjectLabel = keptUnless(m.FirstObjectLabel, sides.FirstObjectLabel, ghl.SameLabel)
	m.SecondObjectKey = keptUnless(m.SecondObjectKey, sides.SecondObjectKey, ghl.SameKey)
	m.SecondObjectLabel = keptUnless(m.SecondObjectLabel, sides.SecondObjectLabel, ghl.SameLabel)
	m.AssociationType = given(row.AssociationType)
	m.PlatformMade = types.BoolValue(row.IsPlatformMade())
	return m
}

// keptUnless keeps what was written while what is stored means the same.
func keptUnless(written types.String, stored string, same func(a, b string) bool) types.String {
	if !written.IsNull() && same(written.ValueString(), stored) {
		return written
	}
	return types.StringValue(stored)
}

// isComplete tells a state that a Read has filled from one that an import began.
func (m associationModel) isComplete() bool {
	return !m.ID.IsNull() && !m.FirstObjectLabel.IsNull()
}

// isKnown tells whether all that m asks HighLevel for is known.
func (m associationModel) isKnown() bool {
	return !m.LocationID.IsUnknown() && !m.Key.IsUnknown() &&
		!m.FirstObjectKey.IsUnknown() && !m.FirstObjectLabel.IsUnknown() &&
		!m.SecondObjectKey.IsUnknown() && !m.SecondObjectLabel.IsUnknown()
}

func (m associationModel) inWords() string {
	return fmt.Sprintf("association %q", m.Key.ValueString())
}

// labelsAre tells whether row gives each of m's objects the label that m wants.
func (m associationModel) labelsAre(row ghl.Association) bool {
	sides, ok := row.Oriented(m.FirstObjectKey.ValueString(), m.SecondObjectKey.ValueString())
	return ok &&
		ghl.SameLabel(sides.FirstObjectLabel, m.FirstObjectLabel.ValueString()) &&
		ghl.SameLabel(sides.SecondObjectLabel, m.SecondObjectLabel.ValueString())
}

// keepsKeyOf tells whether m, a plan, has the key of state. HighLevel stores keys
// in lower case, so their case makes no difference.
func (m associationModel) keepsKeyOf(state associationModel) bool {
	return sameKey(m.Key, state.Key)
}

func sameKey(a, b types.String) bool {
	return !a.IsUnknown() && !b.IsUnknown() && ghl.SameKey(a.ValueString(), b.ValueString())
}

// spelledLike is m, a plan, with the keys spelled as in state if they are the same:
// what HighLevel cannot tell apart must not show as a change.
func (m associationModel) spelledLike(state associationModel) associationModel {
	for _, key := range []struct {
		planned *types.String
		prior   types.String
	}{
		{&m.Key, state.Key}, {&m.FirstObjectKey, state.FirstObjectKey}, {&m.SecondObjectKey, state.SecondObjectKey},
	} {
		if sameKey(*key.planned, key.prior) {
			*key.planned = key.prior
		}
	}
	return m
}

// replaces lists the attributes for which plan m asks for another association
// than the one in state. The same two objects the other way round are the same
// association.
func (m associationModel) replaces(state associationModel) path.Paths {
	var paths path.Paths
	if !m.LocationID.Equal(state.LocationID) {
		paths.Append(path.Root("location_id"))
	}
	if !m.keepsKeyOf(state) {
		paths.Append(path.Root("key"))
	}
	if sameKey(m.FirstObjectKey, state.SecondObjectKey) && sameKey(m.SecondObjectKey, state.FirstObjectKey) {
		return paths
	}
	if !sameKey(m.FirstObjectKey, state.FirstObjectKey) {
		paths.Append(path.Root("first_object_key"))
	}
	if !sameKey(m.SecondObjectKey, state.SecondObjectKey) {
		paths.Append(path.Root("second_object_key"))
	}
	return paths
}

// given is null where HighLevel left a value out.
func given(value string) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(value)
}
