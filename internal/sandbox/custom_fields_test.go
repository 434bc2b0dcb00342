package sandbox_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	petFields = "/custom-fields/object-key/custom_objects.pet?locationId=school"
	dogAndCat = `[{"key":"dog","label":"Dog"},{"key":"cat","label":"Cat"}]`
)

// kennel returns a sandbox with the object custom_objects.pet, and the id of the object's folder.
func kennel(t *testing.T, q sandbox.Quirks) (c *client, folderID string) {
	t.Helper()
	c = inProcess(t, sandbox.Options{Now: atNine, Quirks: q})
	c.s.Objects().Add(sandbox.Object{LocationID: school, Key: "custom_objects.pet", PrimaryDisplayProperty: "custom_objects.pet.name"})
	return c, c.s.FieldFolders().All(school)[0].ID
}

// fieldBody returns the body of a create. The argument more is empty or begins with a comma.
func fieldBody(folderID, key, dataType, more string) string {
	return fmt.Sprintf(`{"locationId":"school","objectKey":"custom_objects.pet","fieldKey":%q,"dataType":%q,"showInForms":true,"parentId":%q%s}`,
		key, dataType, folderID, more)
}

func fieldUpdate(more string) string {
	return `{"locationId":"school","showInForms":false` + more + `}`
}

// field creates a field through the API and returns its id.
func (c *client) field(folderID, key, dataType, more string) string {
	c.t.Helper()
	return wrappedID(c.t, c.want("POST", "/custom-fields/", fieldBody(folderID, key, dataType, more), 201, "").body, "field")
}

func TestCustomFieldLifecycle(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{})
	id := c.field(folder, "Kind", "RADIO", `,"name":"Kind","description":"What it is","placeholder":"?","options":`+dogAndCat+`,"allowCustomOption":true`)
	one := "/custom-fields/" + id
	const rest = `"objectKey":"custom_objects.pet","dataType":"RADIO","parentId":"FOLDER","fieldKey":"custom_objects.pet.kind",` +
		`"allowCustomOption":true,"dateAdded":"` + nine + `","dateUpdated":"` + nine + `"}`
	row := `{"id":"` + id + `","locationId":"school","name":"Kind","description":"What it is","placeholder":"?","showInForms":true,"options":` +
		dogAndCat + "," + strings.Replace(rest, "FOLDER", folder, 1)
	if r := c.want("GET", one, "", 200, ""); r.body != `{"field":`+row+`}` {
		t.Errorf("got  %s\nwant %s", r.body, row)
	}
	r := c.want("GET", petFields, "", 200, row)
	same(t, column(t, r.body, "fields", "fieldKey"), []string{"custom_objects.pet.name", "custom_objects.pet.kind"})
	same(t, column(t, r.body, "folders", "id"), []string{folder})
	c.want("GET", "/objects/custom_objects.pet?locationId=school&fetchProperties=true", "", 200, row)
	c.want("PUT", one, fieldUpdate(""), 200, `"name":"Kind","description":"What it is","placeholder":"?","showInForms":false,"options":`+dogAndCat)
	c.want("PUT", one, fieldUpdate(`,"name":"Sort","description":null,"placeholder":""`), 200, `"name":"Sort","showInForms":false`)
	c.want("PUT", "/objects/custom_objects.pet", `{"locationId":"school","searchableProperties":["custom_objects.pet.kind"]}`, 200, "custom_objects.pet.kind")
	if r := c.want("DELETE", one, "", 200, ""); r.body != `{"`+succeeded+`":true,"id":"`+id+`","key":"custom_objects.pet.kind"}` {
		t.Errorf("deletion answered %s", r.body)
	}
	missing := `{"statusCode":404,"message":"Custom field not found","error":"Not Found","traceId":"`
	c.want("GET", one, "", 404, missing)
	c.want("PUT", one, fieldUpdate(""), 404, missing)
	c.want("DELETE", one, "", 404, missing)
	if again := c.field(folder, "kind", "TEXT", ""); again == id {
		t.Error("a recreated field has the id of the deleted field")
	}
}

func TestCustomFieldForms(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{})
	other := c.s.FieldFolders().Add(sandbox.FieldFolder{LocationID: school, ObjectKey: "business", Name: "Other"})
	one := "/custom-fields/" + c.field(folder, "age", "NUMERICAL", "")
	create := func(key, dataType, more string) string { return fieldBody(folder, key, dataType, more) }
	of := func(objectKey string) string {
		return strings.Replace(create("x", "TEXT", ""), "custom_objects.pet", objectKey, 1)
	}
	for _, test := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/custom-fields/", `{}`, 422, `["LocationId can't be undefined","showInForms should not be empty","objectKey should not be empty",` +
			`"fieldKey should not be empty","dataType should not be empty","parentId should not be empty"]`},
		{"POST", "/custom-fields/", create("custom_objects.pet.AGE", "TEXT", ""), 400, "Custom field with key custom_objects.pet.age already exists"},
		{"POST", "/custom-fields/", create("x", "NUMBER", ""), 422, "dataType must be one of the following values: TEXT, "},
		{"POST", "/custom-fields/", create("url", "URL", ""), 201, ""},
		{"POST", "/custom-fields/", fieldBody(foreign, "x", "TEXT", ""), 422, "parentId must be the id of a folder"},
		{"POST", "/custom-fields/", fieldBody(other.ID, "x", "TEXT", ""), 422, "parentId must be the id of a folder"},
		{"POST", "/custom-fields/", create("x", "CHECKBOX", ""), 422, "options should not be empty"},
		{"POST", "/custom-fields/", create("x", "RADIO", `,"options":[{"label":"A"},7]`), 422, `["options.0.key should not be empty","options.1 must be an object"]`},
		{"POST", "/custom-fields/", create("x", "FILE_UPLOAD", `,"options":`+dogAndCat), 422, `["property options should not exist"]`},
		{"POST", "/custom-fields/", create("x", "FILE_UPLOAD", `,"acceptedFormats":".pdf"`), 422, "acceptedFormats must be an array"},
		{"POST", "/custom-fields/", create("x", "FILE_UPLOAD", `,"acceptedFormats":[7]`), 422, "acceptedFormats must be an array"},
		{"POST", "/custom-fields/", create("x", "FILE_UPLOAD", `,"maxFileLimit":"2"`), 422, "maxFileLimit must be a number"},
		{"POST", "/custom-fields/", create("x", "TEXT", `,"dateAdded":"now"`), 422, "property dateAdded should not exist"},
		{"POST", "/custom-fields/", of("contact"), 400, `"message":"Api does not support objectKey of type contact or opportunity"`},
		{"POST", "/custom-fields/", of("opportunity"), 400, "Api does not support objectKey of type contact or opportunity"},
		{"POST", "/custom-fields/", of("custom_objects.cat"), 404, "Custom Object (custom_objects.cat) not found"},
		{"POST", "/custom-fields/", strings.Replace(create("x", "TEXT", ""), "school", "office", 1), 403, "The token does not have access"},
		{"PUT", one, `{"locationId":"school"}`, 422, `["showInForms should not be empty"]`},
		{"PUT", one, fieldUpdate(`,"dataType":"TEXT","fieldKey":"a","objectKey":"b","parentId":"c","allowCustomOption":true`), 422, `["property allowCustomOption should not exist",` +
			`"property dataType should not exist","property fieldKey should not exist","property objectKey should not exist","property parentId should not exist"]`},
		{"PUT", "/custom-fields/" + folder, fieldUpdate(""), 404, "Custom field not found"},
		{"GET", one + "?locationId=school", "", 422, "property locationId should not exist"},
		{"GET", "/custom-fields/object-key/contact?locationId=school", "", 400, "Api does not support objectKey of type contact or opportunity"},
		{"GET", "/custom-fields/object-key/custom_objects.cat?locationId=school", "", 404, "Custom Object (custom_objects.cat) not found"},
		{"GET", "/custom-fields/object-key/business?locationId=school", "", 200, `{"fields":[],"folders":[{"id":"` + other.ID + `"`},
		{"GET", "/custom-fields/object-key/" + c.s.Objects().All(school)[0].ID + "?locationId=school", "", 404, "not found"}, // only by key
		{"GET", "/custom-fields/object-key/business", "", 422, "LocationId can't be undefined"},
	} {
		c.want(test.method, test.path, test.body, test.status, test.want)
	}
	c.with("Authorization", "Bearer "+officeToken).want("GET", one, "", 404, "Custom field not found")
}

func TestFileFields(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{})
	one := "/custom-fields/" + c.field(folder, "papers", "FILE_UPLOAD", `,"acceptedFormats":[".pdf",".docx"],"maxFileLimit":2`)
	c.want("GET", one, "", 200, `"acceptedFormats":[".pdf",".docx"]`)
	c.want("PUT", one, fieldUpdate(`,"acceptedFormats":["all"],"maxFileLimit":3`), 200, `"acceptedFormats":["all"]`)
	c.want("PUT", one, fieldUpdate(""), 200, `"maxFileLimit":3`)
	c.want("PUT", one, fieldUpdate(`,"options":`+dogAndCat), 422, "property options should not exist")
}

func TestQuirksOfFormats(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{FormatsAnsweredAsText: true, FormatsTakenAsText: true})
	c.want("POST", "/custom-fields/", fieldBody(folder, "x", "FILE_UPLOAD", `,"acceptedFormats":[".pdf"]`), 422, "acceptedFormats must be a string")
	id := c.field(folder, "x", "FILE_UPLOAD", `,"acceptedFormats":".pdf,.docx"`)
	c.want("GET", "/custom-fields/"+id, "", 200, `"acceptedFormats":".pdf,.docx"`)
	c.want("GET", petFields, "", 200, `"acceptedFormats":".pdf,.docx"`)
	if got := c.s.CustomFields().All(school)[1].AcceptedFormats; !reflect.DeepEqual(got, []string{".pdf", ".docx"}) {
		t.Errorf("stored %q", got)
	}
}

func TestOptionsAreReplacedButNotTakenAway(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{})
	one := "/custom-fields/" + c.field(folder, "kind", "MULTIPLE_OPTIONS", `,"options":`+dogAndCat)
	options := func(list string) string { return fieldUpdate(`,"options":` + list) }
	c.want("PUT", one, options(`[{"key":"dog","label":"Dog"}]`), 400, `"message":"Deleting option cat is not supported"`)
	c.want("PUT", one, options(`[]`), 400, "Deleting option dog is not supported")
	c.want("PUT", one, options(`[{"key":"cat","label":"Tom"},{"key":"dog","label":"Dog"},{"label":"Big cow"}]`), 200,
		`"options":[{"key":"cat","label":"Tom"},{"key":"dog","label":"Dog"},{"key":"big_cow","label":"Big cow"}]`)
	c.want("PUT", one, options(`[{"label":"Tom"},{"label":"Dog"},{"label":"Cow"}]`), 400, "Deleting option big_cow is not supported")
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.OptionKeysRefusedOnUpdate = true })
	c.want("PUT", one, options(dogAndCat), 422, `"options.0.property key should not exist"`)
	c.want("PUT", one, options(`[{"label":"Dog"},{"label":"Tom"},{"label":"Big cow","url":"u"}]`), 200,
		`"options":[{"key":"dog","label":"Dog"},{"key":"cat","label":"Tom"},{"key":"big_cow","label":"Big cow","url":"u"}]`)
}

func TestQuirksOfCustomFields(t *testing.T) {
	t.Parallel()
	const row = `{"id":"f1","locationId":"school","showInForms":false,"objectKey":"custom_objects.pet","dataType":"TEXT","parentId":"d1",` +
		`"fieldKey":"custom_objects.pet.x","allowCustomOption":false,"dateAdded":"` + nine + `","dateUpdated":"` + nine + `"`
	const folder = `{"id":"d1","objectKey":"custom_objects.pet","locationId":"school","name":"More"`
	for _, test := range []struct {
		name         string
		quirks       sandbox.Quirks
		method, path string
		status       int
		want         string
	}{
		{"bare", sandbox.Quirks{WrapObjects: true}, "GET", "/custom-fields/f1", 200, row + "}"},
		{"bare folder", sandbox.Quirks{WrapObjects: true}, "GET", "/custom-fields/d1", 200, folder + "}"},
		{"unknown fields", sandbox.Quirks{UnknownFields: true}, "GET", petFields, 200, `{"fields":[` + row + unknown + `],"folders":[` + folder + unknown + `]` + unknown},
		{"400", sandbox.Quirks{MissingKindIs400: true}, "GET", "/custom-fields/x", 400, ""},
		{"empty deletion", sandbox.Quirks{DeletionAnswer: "empty"}, "DELETE", "/custom-fields/f1", 200, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := inProcess(t, sandbox.Options{Now: atNine, Quirks: test.quirks})
			c.s.Objects().Add(sandbox.Object{LocationID: school, Key: "custom_objects.pet"})
			c.s.FieldFolders().Add(sandbox.FieldFolder{ID: "d1", LocationID: school, ObjectKey: "custom_objects.pet", Name: "More"})
			c.s.CustomFields().Add(sandbox.CustomField{
				ID: "f1", LocationID: school, ObjectKey: "custom_objects.pet", FieldKey: "custom_objects.pet.x", DataType: "TEXT", ParentID: "d1",
			})
			if r := c.want(test.method, test.path, "", test.status, ""); r.body != test.want && test.status == 200 {
				t.Errorf("got  %s\nwant %s", r.body, test.want)
			}
		})
	}
}

func TestCustomFieldsBehindTheAPI(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{})
	id := c.field(folder, "age", "NUMERICAL", "")
	c.s.CustomFields().Update(school, id, func(f *sandbox.CustomField) { f.ID, f.LocationID, f.Name = "other", office, "By hand" })
	c.s.CustomFields().Update(school, "nope", func(*sandbox.CustomField) { t.Error("called for a field that does not exist") })
	c.want("GET", "/custom-fields/"+id, "", 200, `"name":"By hand"`)
	c.s.CustomFields().Remove(school, id)
	c.s.CustomFields().Remove(school, id)
	if got := c.s.CustomFields().All(school); len(got) != 1 || got[0].FieldKey != "custom_objects.pet.name" {
		t.Errorf("%+v", got)
	}
}

func TestFaultsOfCustomFields(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{})
	id := c.field(folder, "age", "NUMERICAL", "")
	for _, test := range []struct {
		effect       sandbox.Effect
		method, path string
		want         string
	}{
		{sandbox.NotFound(), "GET", "/custom-fields/" + id, "Custom field not found"},
		{sandbox.NotFound(), "DELETE", "/custom-fields/folder/" + folder + "?locationId=school", "Folder not found"},
		{sandbox.DeletionDenied(), "DELETE", "/custom-fields/" + id, `{"id":"` + id + `","` + succeeded + `":false}`},
		{sandbox.RowOfAnother(), "GET", "/custom-fields/" + id, `"fieldKey":"custom_objects.pet.name"`},
		{sandbox.ShrinkPage(2), "GET", petFields, `{"fields":[],"folders":[{"id":"`},
	} {
		c.s.AddFault(sandbox.Fault{Count: 1, Effect: test.effect})
		if r := c.do(test.method, test.path, ""); !strings.Contains(r.body, test.want) {
			t.Errorf("%s %s: %s\nwant %s", test.method, test.path, r.body, test.want)
		}
		c.s.ClearFaults()
	}
	if got := len(c.s.CustomFields().All(school)); got != 2 {
		t.Errorf("%d fields are left, want 2", got)
	}
}
