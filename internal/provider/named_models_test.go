package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// A change of the sub-account replaces every kind of object. A change of the object replaces a field or a folder.
func TestNamedReplaces(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	value, object := storedCustomValue("loc", ghl.CustomValue{ID: "v", Name: "Phone", Value: "1"}), storedCustomObject("loc", ghl.Object{ID: "o", Key: "custom_objects.pet"})
	field := storedCustomField("loc", ghl.CustomField{ID: "f", ObjectKey: "custom_objects.pet", FieldKey: "custom_objects.pet.age", DataType: "TEXT", Name: "Age"})
	folder := customFieldFolderModel{ID: text("d"), LocationID: text("loc"), ObjectKey: text("custom_objects.pet"), Name: text("Health")}

	otherValue, otherObject, otherField, otherFolder := value, object, field, folder
	otherValue.LocationID, otherObject.LocationID, otherField.LocationID, otherFolder.LocationID = text("other"), text("other"), text("other"), text("other")
	catField, catFolder := field, folder
	catField.ObjectKey, catFolder.ObjectKey = text("custom_objects.cat"), text("custom_objects.cat")
	for name, c := range map[string]struct {
		got  path.Paths
		want []string
	}{
		"value, nothing":          {value.replaces(value), nil},
		"object, nothing":         {object.replaces(object), nil},
		"field, nothing":          {field.replaces(field), nil},
		"folder, nothing":         {folder.replaces(folder), nil},
		"value, sub-account":      {otherValue.replaces(value), []string{"location_id"}},
		"object, sub-account":     {otherObject.replaces(object), []string{"location_id"}},
		"field, sub-account":      {otherField.replaces(field), []string{"location_id"}},
		"folder, sub-account":     {otherFolder.replaces(folder), []string{"location_id"}},
		"field, object":           {catField.replaces(field), []string{"object_key", "key"}},
		"folder, object":          {catFolder.replaces(folder), []string{"object_key"}},
		"folder, another name":    {changedName(folder, "Care").replaces(folder), nil},
		"folder, case of the key": {changedObject(folder, "Custom_Objects.Pet").replaces(folder), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assertPaths(t, c.got, c.want)
		})
	}
}

func changedName(m customFieldFolderModel, name string) customFieldFolderModel {
	m.Name = types.StringValue(name)
	return m
}

func changedObject(m customFieldFolderModel, key string) customFieldFolderModel {
	m.ObjectKey = types.StringValue(key)
	return m
}

// An object is protected unless the state contains a deletion_policy that allows its deletion.
func TestCustomObjectIsProtected(t *testing.T) {
	t.Parallel()
	for policy, want := range map[types.String]bool{
		types.StringNull(): true, types.StringValue(""): true, types.StringValue("protect"): true, types.StringValue("abandon"): false, types.StringValue("delete"): false,
	} {
		if got := (customObjectModel{DeletionPolicy: policy}).isProtected(); got != want {
			t.Errorf("deletion_policy %s: protected %t, want %t", policy, got, want)
		}
	}
}

// If an answer does not contain the folder of a field, the folder in the state remains.
func TestCustomFieldRefreshedFolder(t *testing.T) {
	t.Parallel()
	row := ghl.CustomField{ID: "f", ObjectKey: "custom_objects.pet", FieldKey: "custom_objects.pet.age", DataType: "TEXT", Name: "Age", ParentID: "one"}
	state := storedCustomField("loc", row)
	for stored, want := range map[string]string{"one": "one", "two": "two", "": "one"} {
		row.ParentID = stored
		if got := state.refreshed(row).FolderID.ValueString(); got != want {
			t.Errorf("stored in %q: folder %q, want %q", stored, got, want)
		}
	}
}

// Two resources in the state manage the same custom value. Removing one of their blocks is an error, because it would delete
// the value of the other one. The order in which the engine plans them does not matter.
func TestNamedHeldTwice(t *testing.T) {
	t.Parallel()
	for _, keepsFirst := range []bool{true, false} {
		r := newCustomValueResource()
		r.data = &providerData{}
		state := storedValue("v", "A", "1")
		keep := func() diag.Diagnostics {
			var resp resource.ModifyPlanResponse
			r.planUpdate(t.Context(), state, state, resource.ModifyPlanRequest{}, &resp)
			return resp.Diagnostics
		}
		destroy := func() diag.Diagnostics { return r.planDestroy(state) }
		first, second := destroy, keep
		if keepsFirst {
			first, second = keep, destroy
		}
		if diags := append(first(), second()...); len(diags) != 1 || diags[0].Severity() != diag.SeverityError || !strings.Contains(diags[0].Detail(), "Two resources in this state manage") {
			t.Errorf("keeps first %t: %v", keepsFirst, diags)
		}
	}
}
