package sandbox_test

import (
	"slices"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const petFolder = `{"locationId":"school","objectKey":"custom_objects.pet","name":"More details"}`

func TestFieldFolderLifecycle(t *testing.T) {
	t.Parallel()
	c, _ := kennel(t, sandbox.Quirks{})
	id := text(t, c.want("POST", "/custom-fields/folder", petFolder, 201, `{"id":"`).body, "id")
	row := `{"id":"` + id + `","objectKey":"custom_objects.pet","locationId":"school","name":"More details"}`
	c.want("GET", "/custom-fields/"+id, "", 200, `{"field":`+row+`}`)
	c.want("GET", petFields, "", 200, row+`]}`)
	one := "/custom-fields/folder/" + id
	if r := c.want("PUT", one, `{"locationId":"school","name":"Less"}`, 200, ""); r.body != `{"id":"`+id+`","objectKey":"custom_objects.pet","locationId":"school","name":"Less"}` {
		t.Errorf("update answered %s", r.body)
	}
	if r := c.want("DELETE", one+"?locationId=school", "", 200, ""); r.body != `{"`+succeeded+`":true,"id":"`+id+`","key":"custom_objects.pet.less"}` {
		t.Errorf("deletion answered %s", r.body)
	}
	missing := `{"statusCode":404,"message":"Folder not found","error":"Not Found","traceId":"`
	c.want("PUT", one, `{"locationId":"school","name":"Less"}`, 404, missing)
	c.want("DELETE", one+"?locationId=school", "", 404, missing)
}

func TestFieldFolderForms(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{})
	one := "/custom-fields/folder/" + folder
	for _, test := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/custom-fields/folder", `{}`, 422, `["objectKey should not be empty","name should not be empty","LocationId can't be undefined"]`},
		{"POST", "/custom-fields/folder", `{"locationId":"school","objectKey":"contact","name":"n"}`, 400, "Api does not support objectKey of type contact or opportunity"},
		{"POST", "/custom-fields/folder", `{"locationId":"school","objectKey":"custom_objects.cat","name":"n"}`, 404, "Custom Object (custom_objects.cat) not found"},
		{"POST", "/custom-fields/folder", `{"locationId":"school","objectKey":"business","name":"n"}`, 201, `"objectKey":"business"`},
		{"POST", "/custom-fields/folder/", petFolder, 404, "Cannot POST"},
		{"PUT", one, `{"locationId":"school","name":"n","objectKey":"business"}`, 422, `["property objectKey should not exist"]`},
		{"DELETE", one, "", 422, `["LocationId can't be undefined"]`},
		{"DELETE", one + "?locationId=office", "", 403, "The token does not have access"},
		{"DELETE", one + "?locationId=school", "", 400, "Folder contains custom fields and can not be deleted"},
	} {
		c.want(test.method, test.path, test.body, test.status, test.want)
	}
}

func TestQuirkFoldersWrapped(t *testing.T) {
	t.Parallel()
	c, _ := kennel(t, sandbox.Quirks{FoldersWrapped: true})
	id := wrappedID(t, c.want("POST", "/custom-fields/folder", petFolder, 201, `{"folder":{"id":"`).body, "folder")
	c.want("PUT", "/custom-fields/folder/"+id, `{"locationId":"school","name":"n"}`, 200, `{"folder":{"id":"`+id+`"`)
	c.want("GET", "/custom-fields/"+id, "", 200, `{"field":{"id":"`+id+`"`)
}

func TestQuirkFullFoldersGo(t *testing.T) {
	t.Parallel()
	c, folder := kennel(t, sandbox.Quirks{FullFoldersGo: true})
	c.want("DELETE", "/custom-fields/folder/"+folder+"?locationId=school", "", 200, `"`+succeeded+`":true`)
	c.want("GET", petFields, "", 200, `{"fields":[],"folders":[]}`)
}

func TestFieldFoldersBehindTheAPI(t *testing.T) {
	t.Parallel()
	c, first := kennel(t, sandbox.Quirks{})
	d := c.s.FieldFolders().Add(sandbox.FieldFolder{LocationID: school, ObjectKey: "custom_objects.pet", Name: "More"})
	c.s.FieldFolders().Update(school, d.ID, func(d *sandbox.FieldFolder) { d.ID, d.LocationID, d.Name = "other", office, "By hand" })
	c.s.FieldFolders().Update(school, "nope", func(*sandbox.FieldFolder) { t.Error("called for a folder that does not exist") })
	d.Name = "By hand"
	if got := c.s.FieldFolders().All(school); len(got) != 2 || got[1] != d {
		t.Errorf("%+v", got)
	}
	c.s.FieldFolders().Remove(school, first)
	c.s.FieldFolders().Remove(school, first)
	if got := c.s.FieldFolders().All(school); !slices.Equal(got, []sandbox.FieldFolder{d}) {
		t.Errorf("%+v", got)
	}
}
