package ghl

import (
	"context"
	"reflect"
	"strings"
	"testing"
)

const (
	sizeJSON = `{"id":"3v34PM428h8vShlRW1KT","locationId":"ve9EPM428h8vShlRW1KT","name":"Size","description":"From nose to tail","placeholder":"Choose",` +
		`"showInForms":true,"options":[{"key":"small","label":"Small","url":"https://example.com/small.png"},{"key":"big","label":"Big"}],` +
		`"acceptedFormats":null,"objectKey":"custom_objects.pet","dataType":"RADIO","parentId":"9kF2PM428h8vShlRW1KT",` +
		`"fieldKey":"custom_objects.pet.size","allowCustomOption":true,"dateAdded":"2024-07-14T00:32:03.561Z"}`
	photoJSON = `{"id":"5w34PM428h8vShlRW1KT","locationId":"ve9EPM428h8vShlRW1KT","name":"Photo","showInForms":false,"acceptedFormats":[".png",".jpg"],` +
		`"objectKey":"custom_objects.pet","dataType":"FILE_UPLOAD","parentId":"9kF2PM428h8vShlRW1KT","fieldKey":"custom_objects.pet.photo","maxFileLimit":2}`
)

var (
	size = CustomField{
		ID: "3v34PM428h8vShlRW1KT", LocationID: location, ObjectKey: "custom_objects.pet", ParentID: "9kF2PM428h8vShlRW1KT",
		FieldKey: "custom_objects.pet.size", DataType: "RADIO", Name: "Size", Description: "From nose to tail", Placeholder: "Choose", ShowInForms: true,
		Options:           []FieldOption{{Key: "small", Label: "Small", URL: "https://example.com/small.png"}, {Key: "big", Label: "Big"}},
		AllowCustomOption: true,
	}
	photo = CustomField{
		ID: "5w34PM428h8vShlRW1KT", LocationID: location, ObjectKey: "custom_objects.pet", ParentID: "9kF2PM428h8vShlRW1KT",
		FieldKey: "custom_objects.pet.photo", DataType: "FILE_UPLOAD", Name: "Photo", AcceptedFormats: []string{".png", ".jpg"}, MaxFileLimit: 2,
	}
)

func createsField(want CustomField) func(context.Context, *Client) (any, error) {
	return func(ctx context.Context, c *Client) (any, error) { return c.CreateCustomField(ctx, want) }
}

func updatesField(want CustomField, withOptionKeys bool) func(context.Context, *Client) (any, error) {
	return func(ctx context.Context, c *Client) (any, error) {
		row, err := c.UpdateCustomField(ctx, want, withOptionKeys)
		if row == nil {
			return nil, err
		}
		return *row, err
	}
}

func TestCustomFieldEndpoints(t *testing.T) {
	t.Parallel()
	read := func(ctx context.Context, c *Client) (any, error) { return c.CustomField(ctx, location, size.ID) }
	short := CustomField{
		LocationID: location, ObjectKey: "custom_objects.pet", ParentID: "9kF2PM428h8vShlRW1KT", FieldKey: "photo", DataType: "FILE_UPLOAD",
		AcceptedFormats: []string{".png", ".jpg"}, MaxFileLimit: 2,
	}
	testEndpoints(t, map[string]endpoint{
		"read":           {read, "GET", "/custom-fields/3v34PM428h8vShlRW1KT", "", 200, `{"field":` + sizeJSON + `}`, size},
		"read, bare":     {read, "GET", "/custom-fields/3v34PM428h8vShlRW1KT", "", 200, sizeJSON, size},
		"read, a folder": {read, "GET", "/custom-fields/3v34PM428h8vShlRW1KT", "", 200, `{"field":{"id":"3v34PM428h8vShlRW1KT","name":"Health"}}`, CustomField{ID: size.ID, Name: "Health", IsFolder: true}},
		"create": {
			createsField(size), "POST", "/custom-fields/",
			`{"allowCustomOption":true,"dataType":"RADIO","description":"From nose to tail","fieldKey":"custom_objects.pet.size","locationId":"ve9EPM428h8vShlRW1KT",` +
				`"name":"Size","objectKey":"custom_objects.pet","options":[{"key":"small","label":"Small","url":"https://example.com/small.png"},{"key":"big","label":"Big"}],` +
				`"parentId":"9kF2PM428h8vShlRW1KT","placeholder":"Choose","showInForms":true}`,
			201, `{"field":` + sizeJSON + `}`, size,
		},
		"create, few fields set": {
			createsField(short), "POST", "/custom-fields/",
			`{"acceptedFormats":[".png",".jpg"],"dataType":"FILE_UPLOAD","fieldKey":"photo","locationId":"ve9EPM428h8vShlRW1KT","maxFileLimit":2,` +
				`"objectKey":"custom_objects.pet","parentId":"9kF2PM428h8vShlRW1KT","showInForms":false}`,
			201, photoJSON, photo,
		},
		"update": {
			updatesField(size, false), "PUT", "/custom-fields/3v34PM428h8vShlRW1KT",
			`{"description":"From nose to tail","locationId":"ve9EPM428h8vShlRW1KT","name":"Size",` +
				`"options":[{"label":"Small","url":"https://example.com/small.png"},{"label":"Big"}],"placeholder":"Choose","showInForms":true}`,
			200, `{"field":` + sizeJSON + `}`, size,
		},
		"update, with the options' keys": {
			updatesField(size, true), "PUT", "/custom-fields/3v34PM428h8vShlRW1KT",
			`{"description":"From nose to tail","locationId":"ve9EPM428h8vShlRW1KT","name":"Size",` +
				`"options":[{"key":"small","label":"Small","url":"https://example.com/small.png"},{"key":"big","label":"Big"}],"placeholder":"Choose","showInForms":true}`,
			200, sizeJSON, size,
		},
		"update, texts emptied, acknowledged": {
			updatesField(photo, false), "PUT", "/custom-fields/5w34PM428h8vShlRW1KT",
			`{"acceptedFormats":[".png",".jpg"],"description":"","locationId":"ve9EPM428h8vShlRW1KT","maxFileLimit":2,"name":"Photo","placeholder":"","showInForms":false}`,
			200, `{"id":"5w34PM428h8vShlRW1KT"}`, nil,
		},
		"delete": {
			func(ctx context.Context, c *Client) (any, error) { return c.DeleteCustomField(ctx, location, size.ID) },
			"DELETE", "/custom-fields/3v34PM428h8vShlRW1KT", "",
			200, `{"succeded":true,"id":"3v34PM428h8vShlRW1KT","key":"custom_objects.pet.size"}`, true, //nolint:misspell // the API's own
		},
	})
}

// An update that omits the options' keys leaves the caller's options unchanged.
func TestUpdateCustomFieldKeepsOptions(t *testing.T) {
	t.Parallel()
	want := size
	want.Options = []FieldOption{{Key: "small", Label: "Small"}}
	if _, err := newTestClient(t, answering(200, sizeJSON)).UpdateCustomField(t.Context(), want, false); err != nil || want.Options[0].Key != "small" {
		t.Errorf("got %+v, %v", want.Options, err)
	}
}

// An answer about another object is refused. A read does not send the sub-account, so an
// answer about a different sub-account means that the token belongs to that sub-account.
func TestCustomFieldOfAnotherQuestion(t *testing.T) {
	t.Parallel()
	with := func(replacements ...string) string { return strings.NewReplacer(replacements...).Replace(sizeJSON) }
	for name, test := range map[string]struct {
		do     operation
		answer string
		want   Kind
	}{
		"read, another id":                     {readCustomField, with(size.ID, "another"), Malformed},
		"read, another sub-account":            {readCustomField, with(location, "another"), Forbidden},
		"read, no sub-account":                 {readCustomField, with(`"locationId"`, `"place"`), ""},
		"read, no key":                         {readCustomField, with(`"fieldKey"`, `"x"`), Malformed},
		"read, neither data type nor name":     {readCustomField, with(`"dataType"`, `"x"`, `"name"`, `"y"`), Malformed},
		"read, no data type":                   {readCustomField, with(`"dataType"`, `"x"`), ""},
		"create, another sub-account":          {createCustomField, with(location, "another"), Malformed},
		"create, another object":               {createCustomField, with(`"custom_objects.pet"`, `"custom_objects.cat"`), Malformed},
		"create, no object":                    {createCustomField, with(`"objectKey"`, `"x"`), ""},
		"create, another key":                  {createCustomField, with("pet.size", "pet.size_1"), ""},
		"create, another name":                 {createCustomField, with(`"Size"`, `"size"`), ""},
		"create, another key and another name": {createCustomField, with("pet.size", "pet.weight", `"Size"`, `"Weight"`), Malformed},
		"update, another id":                   {updateCustomField, with(size.ID, "another"), Malformed},
		"update, another sub-account":          {updateCustomField, with(location, "another"), Malformed},
	} {
		err := test.do(t.Context(), newTestClient(t, answering(200, test.answer)))
		if KindOf(err) != test.want || (err == nil) != (test.want == "") {
			t.Errorf("%s: got %v, want kind %q", name, err, test.want)
		}
	}
}

// The API reference shows the accepted formats as one text, but a recorded answer contains a
// list. The client reads both forms.
func TestAcceptedFormats(t *testing.T) {
	t.Parallel()
	for formats, want := range map[string][]string{
		`".pdf"`: {".pdf"}, `[".pdf",".doc"]`: {".pdf", ".doc"}, `""`: nil, `null`: nil, `[]`: {},
	} {
		answer := strings.Replace(photoJSON, `[".png",".jpg"]`, formats, 1)
		got, err := newTestClient(t, answering(200, answer)).CustomField(t.Context(), location, photo.ID)
		if err != nil || !reflect.DeepEqual(got.AcceptedFormats, want) {
			t.Errorf("%s: got %q, %v", formats, got.AcceptedFormats, err)
		}
	}
	for _, formats := range []string{`7`, `{"a":1}`, `[7]`} {
		answer := strings.Replace(photoJSON, `[".png",".jpg"]`, formats, 1)
		if got, err := newTestClient(t, answering(200, answer)).CustomField(t.Context(), location, photo.ID); KindOf(err) != Malformed {
			t.Errorf("%s: got %q, %v", formats, got.AcceptedFormats, err)
		}
	}
}

// ObjectWithFields returns all fields of an object or an error.
func TestObjectWithFields(t *testing.T) {
	t.Parallel()
	foreign := strings.Replace(sizeJSON, `"custom_objects.pet"`, `"custom_objects.cat"`, 1)
	for name, test := range map[string]struct {
		answer string
		fields []CustomField
		want   string // part of the error; "" if the read succeeds
	}{
		"two":                       {`{"object":` + petJSON + `,"cache":false,"fields":[` + sizeJSON + `,` + photoJSON + `]}`, []CustomField{size, photo}, ""},
		"none":                      {`{"object":` + petJSON + `,"fields":[]}`, nil, ""},
		"no list of fields":         {`{"object":` + petJSON + `,"cache":true}`, nil, "the answer lacks the object's fields"},
		"in a bare object":          {strings.Replace(petJSON, `{`, `{"cache":false,"fields":[`+sizeJSON+`],`, 1), []CustomField{size}, ""},
		"null":                      {`{"object":` + petJSON + `,"fields":null}`, nil, "one object, but a list was expected"},
		"a field of another object": {`{"object":` + petJSON + `,"fields":[` + photoJSON + `,` + foreign + `]}`, nil, "1 of 2 fields could not be read"},
		"of another object":         {`{"object":` + strings.ReplaceAll(petJSON, "custom_objects.pet", "custom_objects.cat") + `,"fields":[]}`, nil, `about the key "custom_objects.cat"`},
		"fields without an object":  {`{"fields":[` + sizeJSON + `]}`, nil, "an object lacks its id or its key"},
	} {
		transport := answering(200, test.answer)
		got, fields, err := newTestClient(t, transport).ObjectWithFields(t.Context(), location, "custom_objects.pet")
		if !reflect.DeepEqual(fields, test.fields) || (err == nil) != reflect.DeepEqual(got, pet) {
			t.Errorf("%s: got %+v, %+v, %v", name, got, fields, err)
		}
		if (err == nil) != (test.want == "") || err != nil && (KindOf(err) != Malformed || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
		const url = "https://services.leadconnectorhq.com/objects/custom_objects.pet?fetchProperties=true&locationId=ve9EPM428h8vShlRW1KT"
		if got := transport.sent()[0].URL; got != url {
			t.Errorf("%s: requested %s", name, got)
		}
	}
}
