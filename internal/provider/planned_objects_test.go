package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func TestPlannedObjects_read(t *testing.T) {
	t.Parallel()
	var objects plannedObjects
	model := func(key string, isProtected bool) associationModel {
		return associationModel{associationFields: associationFields{LocationID: types.StringValue("loc"), ID: types.StringValue("a1"), Key: types.StringValue(key)}, DeletionProtection: types.BoolValue(isProtected)}
	}
	assert := func(step, location, key string, wantProtected, wantRead bool) {
		t.Helper()
		if got := objects.of(associationWithKey(location, key)); got.isProtected != wantProtected || got.isRead != wantRead {
			t.Errorf("%s: protected %t, read %t; want %t, %t", step, got.isProtected, got.isRead, wantProtected, wantRead)
		}
	}
	objects.forgetRead(model("k", false))
	assert("nothing read", "loc", "k", false, false)
	objects.noteRead(model("Mixed_Case", true))
	assert("protected", "loc", "mixed_CASE", true, true)
	assert("another sub-account", "other", "mixed_case", false, false)
	objects.noteRead(model("mixed_case", false))
	assert("no longer protected", "loc", "Mixed_Case", false, true)
	objects.forgetRead(model("MIXED_CASE", true))
	assert("gone", "loc", "mixed_case", false, false)
}

// A relation is the same whichever of its records comes first.
func TestPlannedObjects_relation(t *testing.T) {
	t.Parallel()
	ref := store.RelationRef{LocationID: "loc", AssociationID: "a", FirstRecordID: "r2", SecondRecordID: "r1"}
	if relationOf(ref) != relationOf(ref.Turned()) {
		t.Error("the order of the records makes another relation")
	}
	other := ref
	other.AssociationID = "b"
	if relationOf(ref) == relationOf(other) {
		t.Error("the same records under another association are the same relation")
	}
}
