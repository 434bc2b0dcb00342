package ghl

import (
	"reflect"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// bothForms returns a client of a server that wraps its answers, and a client of a server that
// does not.
func bothForms(t *testing.T) map[string]*Client {
	t.Helper()
	clients := map[string]*Client{}
	for name, isOther := range map[string]bool{"wrapped": false, "bare": true} {
		server := sandbox.New(sandbox.Options{
			Locations: []sandbox.Location{{ID: location, Token: testToken}},
			Quirks:    sandbox.Quirks{WrapObjects: isOther, UnknownFields: isOther},
		})
		clients[name] = newTestClient(t, server.Transport())
	}
	return clients
}

// pageOf returns the rows of a listing that has only one page.
func pageOf[T any](t *testing.T, pager *Pager[T]) []T {
	t.Helper()
	page, err := pager.Next(t.Context(), PageSize)
	if err != nil || !page.Complete() || page.Malformed > 0 {
		t.Fatalf("got %+v, %v", page, err)
	}
	return page.Rows
}

func TestCustomValueLifecycle(t *testing.T) {
	t.Parallel()
	for name, c := range bothForms(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := c.CreateCustomValue(t.Context(), CustomValue{LocationID: location, Name: "Motto", Value: "Learn & <teach>"})
			if err != nil || v.Name != "Motto" || v.Value != "Learn & <teach>" || v.FieldKey != "{{ custom_values.motto }}" {
				t.Fatalf("create: %+v, %v", v, err)
			}
			v.Name, v.Value = "Old Motto", ""
			if got, err := c.UpdateCustomValue(t.Context(), v); err != nil || *got != v {
				t.Errorf("update: %+v, %v", got, err)
			}
			if got, err := c.CustomValue(t.Context(), location, v.ID); err != nil || got != v {
				t.Errorf("read: %+v, %v", got, err)
			}
			if rows := pageOf(t, c.CustomValuePages(location)); !reflect.DeepEqual(rows, []CustomValue{v}) {
				t.Errorf("list: %+v", rows)
			}
			if confirmed, err := c.DeleteCustomValue(t.Context(), location, v.ID); err != nil || !confirmed {
				t.Errorf("delete: %t, %v", confirmed, err)
			}
			if _, err := c.CustomValue(t.Context(), location, v.ID); !IsNotFound(err) {
				t.Errorf("read after the deletion: %v", err)
			}
		})
	}
}

func TestObjectLifecycle(t *testing.T) {
	t.Parallel()
	for name, c := range bothForms(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := c.CreateObject(t.Context(), newPet)
			if err != nil || o.Key != "custom_objects.pet" || o.Labels != newPet.Labels || o.PrimaryDisplayProperty != "custom_objects.pet.name" {
				t.Fatalf("create: %+v, %v", o, err)
			}
			none, name := "", []string{"custom_objects.pet.name"}
			got, err := c.UpdateObject(t.Context(), location, o.Key, ObjectChange{name, &ObjectLabels{"Animal", "Animals"}, &none})
			o.Labels, o.Description, o.SearchableProperties = ObjectLabels{"Animal", "Animals"}, "", name
			if err != nil || !reflect.DeepEqual(*got, o) {
				t.Errorf("update: %+v, %v; want %+v", got, err, o)
			}
			read, fields, err := c.ObjectWithFields(t.Context(), location, o.ID)
			if err != nil || !reflect.DeepEqual(read, o) || len(fields) != 1 || fields[0].FieldKey != "custom_objects.pet.name" || fields[0].DataType != "TEXT" || fields[0].IsFolder {
				t.Errorf("read: %+v, %+v, %v", read, fields, err)
			}
			var keys []string
			for _, row := range pageOf(t, c.ObjectPages(location)) {
				keys = append(keys, row.Key)
			}
			if want := []string{"contact", "opportunity", "business", "custom_objects.pet"}; !reflect.DeepEqual(keys, want) {
				t.Errorf("list: %q", keys)
			}
			if confirmed, err := c.DeleteObject(t.Context(), location, o.ID); err != nil || !confirmed {
				t.Errorf("delete: %t, %v", confirmed, err)
			}
			if _, err := c.Object(t.Context(), location, o.Key); !IsNotFound(err) {
				t.Errorf("read after the deletion: %v", err)
			}
		})
	}
}
