package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// Reading a field returns an error if the answer is a folder, and reading a folder returns
// an error if the answer is a field. A field may lack a data type.
func TestCustomFieldOfTheOtherKind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		age, folder := f.addField("age"), f.sb.FieldFolders().All(school)[0]
		answers := func(row string) {
			f.newProcess()
			f.sb.ClearFaults()
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: sandbox.Status(502)})
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteGetCustomField, Effect: sandbox.Answer(200, `{"field":`+row+`}`)})
		}
		answers(fmt.Sprintf(`{"id":%q,"name":"Age"}`, age.ID))
		_, err := f.fields().Read(background, age.ID)
		wantKind(t, err, ghl.Malformed)
		answers(fmt.Sprintf(`{"id":%q,"name":"Age","fieldKey":"custom_objects.pet.age"}`, age.ID))
		row, err := f.fields().Read(background, age.ID)
		ok(t, err)
		if row.Name != "Age" {
			t.Errorf("read %+v", row)
		}
		answers(fmt.Sprintf(`{"id":%q,"name":"Age","dataType":"TEXT","fieldKey":"custom_objects.pet.age"}`, folder.ID))
		_, err = f.folders().Read(background, folder.ID)
		wantKind(t, err, ghl.Malformed)
	})
}

// A folder is not deleted while a new listing shows a field in it that this process has not
// deleted.
func TestCustomFieldFolderFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{FullFoldersGo: true})
		folder := f.sb.FieldFolders().Add(sandbox.FieldFolder{LocationID: school, ObjectKey: petKey, Name: "Details"})
		_, err := f.fields().All(background)
		ok(t, err)
		row := f.addField("age") // after that listing
		f.sb.CustomFields().Update(school, row.ID, func(c *sandbox.CustomField) { c.ParentID = folder.ID })
		err = f.folders().Delete(background, folder.ID, "Details")
		if full, isFull := errors.AsType[*store.FullFolderError](err); !isFull || !slices.Equal(full.Fields, []string{petKey + ".age"}) {
			t.Errorf("error %v, want a FullFolderError about age", err)
		}
		f.wantCount(sandbox.RouteDeleteFieldFolder, 0)
		listed := fmt.Sprintf(`{"fields":[{"id":%q,"name":"age","dataType":"RADIO","fieldKey":"custom_objects.pet.age","parentId":%q}],"folders":[]}`, row.ID, folder.ID)
		ok(t, f.fields().Delete(background, row.ID, petKey+".age"))
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Count: 1, Effect: sandbox.Answer(200, listed)}) // the server still lists the deleted field
		ok(t, f.folders().Delete(background, folder.ID, "Details"))
		if folders := f.sb.FieldFolders().All(school); len(folders) != 1 {
			t.Errorf("left are %v", folders)
		}
	})
}

// An update keeps an option that somebody added after the process listed the fields.
func TestCustomFieldOptionsAddedMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		row := f.addField("kind", sandbox.FieldOption{Key: "dog", Label: "Dog"})
		_, err := f.fields().Read(background, row.ID)
		ok(t, err)
		f.sb.CustomFields().Update(school, row.ID, func(c *sandbox.CustomField) {
			c.Options = []sandbox.FieldOption{{Key: "dog", Label: "Dog"}, {Key: "cow", Label: "Cow"}}
		})
		_, err = f.fields().Update(background, ghl.CustomField{
			ID: row.ID, LocationID: school, ObjectKey: petKey, FieldKey: row.FieldKey, Name: "Kind", Options: []ghl.FieldOption{{Key: "dog", Label: "Dog"}, {Label: "Cat"}},
		})
		ok(t, err)
		want := []sandbox.FieldOption{{Key: "dog", Label: "Dog"}, {Key: "cat", Label: "Cat"}, {Key: "cow", Label: "Cow"}}
		if got := f.lastField().Options; !slices.Equal(got, want) {
			t.Errorf("stored are %v, want %v", got, want)
		}
	})
}

// The deletion of a folder waits while this process deletes the folder's fields.
func TestCustomFieldFolderBesideFields(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		field, folder := f.sb.CustomFields().All(school)[0], f.sb.FieldFolders().All(school)[0]
		f.sb.SetLatency(300 * time.Millisecond)
		noErrors(t, parallelErrors(2, func(i int) error {
			if i == 0 {
				return f.folders().Delete(background, folder.ID, folder.Name)
			}
			time.Sleep(100 * time.Millisecond)
			return f.fields().Delete(background, field.ID, field.FieldKey)
		}))
		f.wantCount(sandbox.RouteDeleteFieldFolder, 1)
	})
}
