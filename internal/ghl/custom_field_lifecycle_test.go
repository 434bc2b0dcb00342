package ghl

import (
	"reflect"
	"testing"
)

func TestCustomFieldLifecycle(t *testing.T) {
	t.Parallel()
	for name, c := range bothForms(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := c.CreateObject(t.Context(), newPet); err != nil {
				t.Fatal(err)
			}
			health, err := c.CreateCustomFieldFolder(t.Context(), location, pet.Key, "Health")
			if err != nil || health.Name != "Health" || !health.IsFolder {
				t.Fatalf("create folder: %+v, %v", health, err)
			}
			if got, err := c.UpdateCustomFieldFolder(t.Context(), location, health.ID, "Care"); err != nil || got == nil || got.Name != "Care" {
				t.Errorf("update folder: %+v, %v", got, err)
			}
			f, err := c.CreateCustomField(t.Context(), CustomField{
				LocationID: location, ObjectKey: pet.Key, ParentID: health.ID, FieldKey: "size", DataType: "RADIO", Name: "Size",
				Options: []FieldOption{{Key: "small", Label: "Small"}},
			})
			if err != nil || f.FieldKey != "custom_objects.pet.size" || f.ParentID != health.ID || f.Options[0].Label != "Small" || f.IsFolder {
				t.Fatalf("create field: %+v, %v", f, err)
			}
			f.Name, f.ShowInForms, f.Options = "Length", true, append(f.Options, FieldOption{Label: "Big"})
			got, err := c.UpdateCustomField(t.Context(), f, false)
			if err != nil || got.Name != "Length" || !got.ShowInForms || len(got.Options) != 2 || got.Options[1].Label != "Big" {
				t.Fatalf("update field: %+v, %v", got, err)
			}
			if read, err := c.CustomField(t.Context(), location, f.ID); err != nil || !reflect.DeepEqual(read, *got) {
				t.Errorf("read field: %+v, %v; want %+v", read, err, *got)
			}
			names := map[string]bool{} // name → whether the row is a folder
			for _, row := range pageOf(t, c.CustomFieldPages(location, pet.Key)) {
				names[row.Name] = row.IsFolder
			}
			if want := map[string]bool{"Name": false, "Length": false, "Pet Details": true, "Care": true}; !reflect.DeepEqual(names, want) {
				t.Errorf("list: %v", names)
			}
			if confirmed, err := c.DeleteCustomField(t.Context(), location, f.ID); err != nil || !confirmed {
				t.Errorf("delete field: %t, %v", confirmed, err)
			}
			if confirmed, err := c.DeleteCustomFieldFolder(t.Context(), location, health.ID); err != nil || !confirmed {
				t.Errorf("delete folder: %t, %v", confirmed, err)
			}
			for _, id := range []string{f.ID, health.ID} {
				if _, err := c.CustomField(t.Context(), location, id); !IsNotFound(err) {
					t.Errorf("read after the deletion: %v", err)
				}
			}
			if _, err := c.CustomFieldPages(location, "contact").Next(t.Context(), PageSize); KindOf(err) != Refused {
				t.Errorf("list of a contact's fields: %v", err)
			}
		})
	}
}
