package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Associations that a sub-account may list.
var (
	ownerPet    = ghl.Association{ID: "1", Key: "owner_pet", FirstObjectKey: "contact", FirstObjectLabel: "Owner", SecondObjectKey: "custom_objects.pet", SecondObjectLabel: "Pet", AssociationType: "USER_DEFINED"}
	petVet      = ghl.Association{ID: "2", Key: "pet_vet", FirstObjectKey: "custom_objects.pet", FirstObjectLabel: "Patient", SecondObjectKey: "contact", SecondObjectLabel: "Vet", AssociationType: "USER_DEFINED"}
	mentoring   = ghl.Association{ID: "3", Key: "mentoring", FirstObjectKey: "contact", FirstObjectLabel: "Mentor", SecondObjectKey: "contact", SecondObjectLabel: "Mentee", AssociationType: "USER_DEFINED"}
	contactTask = ghl.Association{ID: "TASK_X", Key: "TASK_X", FirstObjectKey: "contact", FirstObjectLabel: "Contact", SecondObjectKey: "task", SecondObjectLabel: "Task", AssociationType: ghl.SystemDefined}
)

func TestFitting(t *testing.T) {
	t.Parallel()
	null, contact, pet := types.StringNull(), types.StringValue("contact"), types.StringValue("custom_objects.pet")
	tests := map[string]struct {
		objectKey, otherObjectKey, associationType types.String
		want                                       []string
	}{
		"everything":                     {null, null, null, []string{"1", "2", "3", "TASK_X"}},
		"an object on either side":       {pet, null, null, []string{"1", "2"}},
		"two objects, either order":      {pet, contact, null, []string{"1", "2"}},
		"the same two objects, swapped":  {contact, pet, null, []string{"1", "2"}},
		"an object with itself":          {contact, contact, null, []string{"3"}},
		"a type":                         {null, null, types.StringValue("SYSTEM_DEFINED"), []string{"TASK_X"}},
		"an object and a type":           {contact, null, types.StringValue("USER_DEFINED"), []string{"1", "2", "3"}},
		"an object without associations": {types.StringValue("opportunity"), null, null, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := fitting([]ghl.Association{ownerPet, petVet, mentoring, contactTask}, test.objectKey, test.otherObjectKey, test.associationType)
			assertIDs(t, got, test.want)
		})
	}
}

func TestByKey(t *testing.T) {
	t.Parallel()
	twin := mentoring
	twin.ID = "0"
	assertIDs(t, byKey([]ghl.Association{petVet, mentoring, twin, contactTask, ownerPet}), []string{"TASK_X", "0", "3", "1", "2"})
}

func assertIDs(t *testing.T, rows []ghl.Association, want []string) {
	t.Helper()
	var got []string
	for _, row := range rows {
		got = append(got, row.ID)
	}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestAssociationItemStandsAsStored(t *testing.T) {
	t.Parallel()
	got := newAssociationItem("l/1", contactTask)
	want := associationItem{associationFields{
		ID: types.StringValue("TASK_X"), LocationID: types.StringValue("l/1"), Key: types.StringValue("TASK_X"),
		FirstObjectKey: types.StringValue("contact"), FirstObjectLabel: types.StringValue("Contact"),
		SecondObjectKey: types.StringValue("task"), SecondObjectLabel: types.StringValue("Task"),
		AssociationType: types.StringValue("SYSTEM_DEFINED"), PlatformMade: types.BoolValue(true),
	}, types.StringValue("l%2F1/TASK_X")}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLookupKeepsTheKeyAsWritten(t *testing.T) {
	t.Parallel()
	lookup := associationLookup{associationItem: associationItem{associationFields: associationFields{Key: types.StringValue("Owner_Pet")}}}
	if got := lookup.found("loc", ownerPet); got.Key.ValueString() != "Owner_Pet" || got.ID.ValueString() != "1" {
		t.Errorf("got %s, %s", got.Key, got.ID)
	}
}
