package store_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// After a lost answer, a field with the key is the create's own only if it has the name and
// the data type that were sent.
func TestCustomFieldCreateAdoptsNothingElse(t *testing.T) {
	for name, found := range map[string]sandbox.CustomField{"another name": {Name: "Years", DataType: "TEXT"}, "another data type": {Name: "Age", DataType: "NUMERICAL"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := kennel(t, sandbox.Quirks{})
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomField, Count: 1, Effect: sandbox.Reset()})
				go func() {
					time.Sleep(5 * time.Second)
					found.LocationID, found.ObjectKey, found.FieldKey = school, petKey, age.FieldKey
					found.ParentID = f.sb.FieldFolders().All(school)[0].ID
					f.sb.CustomFields().Add(found)
				}()
				_, err := f.fields().Create(background, age)
				wantHolder(t, err, f.lastField().ID)
				f.wantCount(sandbox.RouteCreateCustomField, 1)
			})
		})
	}
}

// A field with the name of a new folder does not count as the folder.
func TestCustomFieldFolderNamedLikeAField(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		f.addField("age")
		_, err := f.folders().Create(background, ghl.CustomField{LocationID: school, ObjectKey: petKey, Name: "age", IsFolder: true})
		ok(t, err)
	})
}

// A folder can be deleted even if the list still shows a field in it that this process has
// deleted.
func TestCustomFieldFolderOfDeletedFields(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{FullFoldersGo: true})
		folder := f.sb.FieldFolders().Add(sandbox.FieldFolder{LocationID: school, ObjectKey: petKey, Name: "Details"})
		row := f.addField("age")
		f.sb.CustomFields().Update(school, row.ID, func(c *sandbox.CustomField) { c.ParentID = folder.ID })
		ok(t, f.fields().Delete(background, row.ID, petKey+".age"))
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: sandbox.Answer(200, fmt.Sprintf(
			`{"fields":[{"id":%q,"name":"age","dataType":"RADIO","fieldKey":"custom_objects.pet.age","parentId":%q}],"folders":[]}`, row.ID, folder.ID))})
		ok(t, f.folders().Delete(background, folder.ID, "Details"))
		f.wantCount(sandbox.RouteDeleteFieldFolder, 1)
	})
}
