package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
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

// Two relations are the same if they differ only in the order of their records.
func TestPlannedObjects_relation(t *testing.T) {
	t.Parallel()
	ref := store.RelationRef{LocationID: "loc", AssociationID: "a", FirstRecordID: "r2", SecondRecordID: "r1"}
	if relationOf(ref) != relationOf(ref.Turned()) {
		t.Error("a relation with its records in the other order is another relation")
	}
	other := ref
	other.AssociationID = "b"
	if relationOf(ref) == relationOf(other) {
		t.Error("the same records under another association are the same relation")
	}
}

// An object is not deleted while a protected association refers to it. The comparison ignores the case of the object's key,
// and the latest read of the association decides.
func TestPlannedObjects_protectedBelow(t *testing.T) {
	t.Parallel()
	var data providerData
	objects := &data.objects
	owner := associationModel{associationFields: associationFields{
		LocationID: types.StringValue("loc"), Key: types.StringValue("owner"), FirstObjectKey: types.StringValue("contact"), SecondObjectKey: types.StringValue("Custom_Objects.Pet"),
	}, DeletionProtection: types.BoolValue(true)}
	pet := customObjectModel{LocationID: types.StringValue("loc"), Key: types.StringValue("pet"), DeletionPolicy: types.StringValue(deleteObject)}
	elsewhere := pet
	elsewhere.LocationID = types.StringValue("other")
	refuses := func(step string, m customObjectModel, want bool) {
		t.Helper()
		r := newCustomObjectResource()
		r.data = &data
		var schema resource.SchemaResponse
		r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
		state := tfsdk.State{Schema: schema.Schema}
		m.timed, m.PrimaryDisplayProperty = noTimeouts(), types.ObjectNull(displayPropertyTypes)
		if diags := state.Set(t.Context(), m); diags.HasError() {
			t.Fatal(diags)
		}
		var resp resource.DeleteResponse
		r.Delete(t.Context(), resource.DeleteRequest{State: state}, &resp)
		got := strings.Contains(fmt.Sprint(resp.Diagnostics), `deletion_protection = true in the state: association "owner"`)
		if got != want {
			t.Errorf("%s: refused %t, want %t: %v", step, got, want, resp.Diagnostics)
		}
	}
	refuses("nothing read", pet, false)
	objects.noteRead(owner)
	refuses("protected", pet, true)
	refuses("another sub-account", elsewhere, false)
	unprotected := owner
	unprotected.DeletionProtection = types.BoolValue(false)
	objects.noteRead(unprotected)
	refuses("no longer protected", pet, false)
	objects.noteRead(owner)
	objects.forgetRead(owner)
	refuses("gone", pet, false)
}
