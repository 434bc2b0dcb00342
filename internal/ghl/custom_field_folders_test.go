package ghl

import (
	"context"
	"reflect"
	"strings"
	"testing"
)

const folderJSON = `{"id":"9kF2PM428h8vShlRW1KT","objectKey":"custom_objects.pet","locationId":"ve9EPM428h8vShlRW1KT","name":"Pet info"}`

var folder = CustomField{ID: "9kF2PM428h8vShlRW1KT", LocationID: location, ObjectKey: "custom_objects.pet", Name: "Pet info", IsFolder: true}

func TestCustomFieldFolderEndpoints(t *testing.T) {
	t.Parallel()
	create := func(ctx context.Context, c *Client) (any, error) {
		return c.CreateCustomFieldFolder(ctx, location, "custom_objects.pet", "Pet info")
	}
	update := func(ctx context.Context, c *Client) (any, error) {
		row, err := c.UpdateCustomFieldFolder(ctx, location, folder.ID, "Pet info")
		if row == nil {
			return nil, err
		}
		return *row, err
	}
	const created = `{"locationId":"ve9EPM428h8vShlRW1KT","name":"Pet info","objectKey":"custom_objects.pet"}`
	const updated = `{"locationId":"ve9EPM428h8vShlRW1KT","name":"Pet info"}`
	testEndpoints(t, map[string]endpoint{
		"create":               {create, "POST", "/custom-fields/folder", created, 201, folderJSON, folder},
		"create, wrapped":      {create, "POST", "/custom-fields/folder", created, 201, `{"folder":` + folderJSON + `}`, folder},
		"update":               {update, "PUT", "/custom-fields/folder/9kF2PM428h8vShlRW1KT", updated, 200, folderJSON, folder},
		"update, wrapped":      {update, "PUT", "/custom-fields/folder/9kF2PM428h8vShlRW1KT", updated, 200, `{"folder":` + folderJSON + `}`, folder},
		"update, acknowledged": {update, "PUT", "/custom-fields/folder/9kF2PM428h8vShlRW1KT", updated, 200, ``, nil},
		"delete": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.DeleteCustomFieldFolder(ctx, location, folder.ID)
			},
			"DELETE", "/custom-fields/folder/9kF2PM428h8vShlRW1KT?locationId=ve9EPM428h8vShlRW1KT", "",
			200, `{"succeded":true,"id":"9kF2PM428h8vShlRW1KT","key":"x"}`, true, //nolint:misspell // the API's own
		},
	})
}

func TestCustomFieldFolderOfAnotherQuestion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do          operation
		was, became string
	}{
		"create, another sub-account": {createCustomFieldFolder, location, "another"},
		"create, another object":      {createCustomFieldFolder, "custom_objects.pet", "custom_objects.cat"},
		"create, another name":        {createCustomFieldFolder, "Pet info", "Cat info"},
		"update, another id":          {updateCustomFieldFolder, folder.ID, "another"},
		"update, another sub-account": {updateCustomFieldFolder, location, "another"},
	} {
		err := test.do(t.Context(), newTestClient(t, answering(200, strings.Replace(folderJSON, test.was, test.became, 1))))
		if failure := failureOf(t, err); failure.Kind != Malformed || !failure.Ambiguous {
			t.Errorf("%s: got %v, ambiguous %t", name, failure, failure.Ambiguous)
		}
	}
}

// One request lists all fields and folders of an object.
func TestCustomFieldPages(t *testing.T) {
	t.Parallel()
	answer := func(fields, folders string) string { return `{"fields":[` + fields + `],"folders":[` + folders + `]}` }
	foreign := func(row string) string {
		return strings.Replace(row, `"custom_objects.pet"`, `"custom_objects.cat"`, 1)
	}
	typed := strings.Replace(folderJSON, `"name"`, `"dataType":"TEXT","name"`, 1)
	for name, test := range map[string]struct {
		answer    string
		rows      []CustomField
		malformed int
		kind      Kind
	}{
		"fields and folders":         {answer(sizeJSON+`,`+photoJSON, folderJSON), []CustomField{size, photo, folder}, 0, ""},
		"wrapped":                    {`{"data":` + answer(sizeJSON, folderJSON) + `}`, []CustomField{size, folder}, 0, ""},
		"no folder":                  {answer(sizeJSON, ``), []CustomField{size}, 0, ""},
		"no list of folders":         {`{"fields":[` + sizeJSON + `]}`, []CustomField{size}, 0, ""},
		"folders null":               {`{"fields":[` + sizeJSON + `],"folders":null}`, []CustomField{size}, 0, ""},
		"no fields":                  {answer(``, folderJSON), []CustomField{folder}, 0, ""},
		"folders, no list of fields": {`{"folders":[` + folderJSON + `]}`, nil, 0, Malformed},
		"nothing":                    {`{}`, nil, 0, Malformed},
		"a field of another object":  {answer(sizeJSON+`,`+foreign(photoJSON), folderJSON), []CustomField{size, folder}, 1, ""},
		"a folder of another object": {answer(sizeJSON, foreign(folderJSON)), []CustomField{size}, 1, ""},
		"of another sub-account":     {answer(strings.Replace(sizeJSON, location, "another", 1), strings.Replace(folderJSON, location, "another", 1)), nil, 2, ""},
		"a field without a type":     {answer(strings.Replace(sizeJSON, `"dataType"`, `"x"`, 1), folderJSON), []CustomField{folder}, 1, ""},
		"a folder with a type":       {answer(``, typed), []CustomField{folderWith("TEXT")}, 0, ""},
		"a folder without a name":    {answer(sizeJSON, `{"id":"x"}`), []CustomField{size}, 1, ""},
		"a row twice":                {answer(sizeJSON+`,`+sizeJSON, folderJSON+`,`+folderJSON), []CustomField{size, folder}, 0, ""},
	} {
		transport := answering(200, test.answer)
		page, err := newTestClient(t, transport).CustomFieldPages(location, "custom_objects.pet").Next(t.Context(), PageSize)
		if !reflect.DeepEqual(page.Rows, test.rows) || page.Malformed != test.malformed || page.Last != (test.kind == "") || KindOf(err) != test.kind {
			t.Errorf("%s: got %+v, %v", name, page, err)
		}
		const url = "https://services.leadconnectorhq.com/custom-fields/object-key/custom_objects.pet?locationId=ve9EPM428h8vShlRW1KT"
		if got := transport.sent()[0].URL; got != url {
			t.Errorf("%s: requested %s", name, got)
		}
	}
}

func folderWith(dataType string) CustomField {
	typed := folder
	typed.DataType = dataType
	return typed
}

func FuzzDecodeCustomFields(f *testing.F) {
	addBodies(f, sizeJSON, "fields")
	addBodies(f, folderJSON, "folders")
	f.Add([]byte(`{"fields":[` + photoJSON + `],"folders":[` + folderJSON + `,` + sizeJSON + `]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		page, err := fieldsAndFolders(customFieldOf(location, "custom_objects.pet"))(body)
		if err != nil {
			return
		}
		for _, row := range page.rows {
			if row.ID == "" || row.IsFolder && row.Name == "" || !row.IsFolder && (row.FieldKey == "" || row.DataType == "") {
				t.Errorf("got a field without an id, a key or a data type, or a folder without a name: %+v", row)
			}
		}
	})
}
