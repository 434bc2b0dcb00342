package ghl

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// CustomField is a field of the records of a custom object or of a company. If IsFolder is
// true, the value is a folder of fields. A folder has a name, but no key and no data type.
type CustomField struct {
	ID                string        `json:"id"`
	LocationID        string        `json:"locationId"`
	ObjectKey         string        `json:"objectKey"`
	ParentID          string        `json:"parentId"` // id of the field's folder
	FieldKey          string        `json:"fieldKey"` // the full key: "custom_objects.pet.name"
	DataType          string        `json:"dataType"` // for example TEXT; HighLevel may add types
	Name              string        `json:"name"`
	Description       string        `json:"description"`
	Placeholder       string        `json:"placeholder"`
	ShowInForms       bool          `json:"showInForms"`
	Options           []FieldOption `json:"options"` // for data types with choices
	AllowCustomOption bool          `json:"allowCustomOption"`
	AcceptedFormats   []string      `json:"-"` // for FILE_UPLOAD; a string in the API reference, a list in recorded answers
	MaxFileLimit      int           `json:"maxFileLimit"`
	IsFolder          bool          `json:"-"`
}

// FieldOption is one choice of a field. Its key is set when the option is created. URL is
// the address of a picture.
type FieldOption struct {
	Key   string `json:"key,omitempty"`
	Label string `json:"label"`
	URL   string `json:"url,omitempty"`
}

func (CustomField) wrappers() []string { return []string{"field", "fields", "folder"} }

func (f CustomField) identify() (id string, systemDefined bool) { return f.ID, false }

func (f CustomField) check() error {
	switch {
	case f.ID == "":
		return errors.New("a custom field or folder lacks its id")
	case f.IsFolder && f.Name == "", !f.IsFolder && f.FieldKey == "":
		return errors.New("a custom field lacks its key, or a folder lacks its name")
	case !f.IsFolder && f.DataType == "" && f.Name == "":
		return errors.New("a custom field lacks its data type and its name")
	default:
		return checkIDs(f.ID, f.LocationID, f.ParentID)
	}
}

// UnmarshalJSON sets IsFolder if the row has neither a data type nor a key.
func (f *CustomField) UnmarshalJSON(raw []byte) error {
	type plain CustomField
	var wire struct {
		plain

		AcceptedFormats textOrList `json:"acceptedFormats"`
	}
	err := json.Unmarshal(raw, &wire)
	*f = CustomField(wire.plain)
	f.AcceptedFormats, f.IsFolder = wire.AcceptedFormats, f.DataType == "" && f.FieldKey == ""
	return err
}

// textOrList decodes a list of strings or one string. An empty string becomes an empty
// list.
type textOrList []string

func (l *textOrList) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return json.Unmarshal(raw, (*[]string)(l))
	}
	if text != "" {
		*l = textOrList{text}
	}
	return nil
}

func customFieldsPath(elements ...string) string {
	return pathOf(append([]string{"custom-fields"}, elements...)...)
}

// customFieldOf returns a check that a field or folder belongs to the object and the
// sub-account in the request.
func customFieldOf(locationID, objectKey string) func(CustomField) error {
	return func(f CustomField) error {
		return cmp.Or(
			asked("object", f.ObjectKey, objectKey, f.ObjectKey == "" || SameKey(f.ObjectKey, objectKey)),
			askedLocation(f.LocationID, locationID))
	}
}

func customFieldIs(locationID, id string) func(CustomField) error {
	return func(f CustomField) error {
		return cmp.Or(asked("id", f.ID, id, f.ID == id), askedLocation(f.LocationID, locationID))
	}
}

// CustomFieldPages reads GET /custom-fields/object-key/{objectKey}: all fields and folders
// of a custom object or of the object business, in one page. For contact and opportunity,
// the error is Refused. A row that belongs to another object or sub-account counts as
// malformed.
func (c *Client) CustomFieldPages(locationID, objectKey string) *Pager[CustomField] {
	r := request{operation: "list custom fields", path: customFieldsPath("object-key", objectKey), query: inLocation(locationID), locationID: locationID}
	return unpaged(c, r, fieldsAndFolders(customFieldOf(locationID, objectKey)))
}

// CheckKind returns a Malformed error if f is a field although a folder is expected, or a
// folder although a field is expected.
func (f CustomField) CheckKind(folder bool) error {
	if f.IsFolder == folder {
		return nil
	}
	return &Error{
		Kind: Malformed, Operation: "read custom field", LocationID: f.LocationID,
		Message: fmt.Sprintf("the id %q now identifies another kind of row: a folder is not a custom field", f.ID),
	}
}

// CustomField reads one field or folder: GET /custom-fields/{id}. The request does not name
// a sub-account; the token determines it. If the row belongs to a sub-account other than
// locationID, the error is Forbidden. If the row has another id, the error is Malformed.
func (c *Client) CustomField(ctx context.Context, locationID, id string) (CustomField, error) {
	r := request{operation: "read custom field", path: customFieldsPath(id), locationID: locationID}
	f, err := call(ctx, c, r, one(func(f CustomField) error { return asked("id", f.ID, id, f.ID == id) }))
	if err = cmp.Or(err, r.checkServed(f.LocationID)); err != nil {
		return CustomField{}, err
	}
	return f, nil
}

// settable returns the fields of a request that can be set by a create and by an update.
func (f CustomField) settable() map[string]any {
	fields := map[string]any{
		"locationId": f.LocationID, "name": f.Name, "description": f.Description, "placeholder": f.Placeholder, "showInForms": f.ShowInForms,
	}
	if f.Options != nil {
		fields["options"] = f.Options
	}
	if f.AcceptedFormats != nil {
		fields["acceptedFormats"] = f.AcceptedFormats
	}
	if f.MaxFileLimit > 0 {
		fields["maxFileLimit"] = f.MaxFileLimit
	}
	return fields
}

// CreateCustomField creates a field in the folder ParentID: POST /custom-fields/. The API
// requires ParentID. The key in want may be short or full; the returned key is full. Empty
// settings are not sent. If the row has another key and another name, or belongs to another
// object or sub-account, the error is Malformed. The error is Ambiguous if the request may
// have been carried out.
func (c *Client) CreateCustomField(ctx context.Context, want CustomField) (CustomField, error) {
	r := request{operation: "create custom field", method: http.MethodPost, path: "/custom-fields/", locationID: want.LocationID}
	fields := want.settable()
	maps.Copy(fields, map[string]any{"objectKey": want.ObjectKey, "fieldKey": want.FieldKey, "dataType": want.DataType, "parentId": want.ParentID})
	if want.AllowCustomOption {
		fields["allowCustomOption"] = true
	}
	maps.DeleteFunc(fields, func(_ string, value any) bool { return value == "" })
	r.body = encode(fields)
	return call(ctx, c, r, one(func(f CustomField) error {
		return cmp.Or(
			asked("key", f.FieldKey, want.FieldKey, SameFullKey(f.FieldKey, want.ObjectKey, want.FieldKey) || f.Name == want.Name),
			customFieldOf(want.LocationID, want.ObjectKey)(f))
	}))
}

// UpdateCustomField changes a field's name, description, placeholder, options, formats and
// number of files, and whether forms show it: PUT /custom-fields/{id}. The API cannot
// change anything else in a field. Empty strings are sent too. Options and formats replace
// the stored lists. If Options or AcceptedFormats is nil, or MaxFileLimit is 0, the stored
// setting does not change. The API cannot remove an option. withOptionKeys determines
// whether the keys of the options are sent: the published reference omits the keys, but one
// client sends them. The returned field is nil if the answer does not contain it. If the
// answer contains another field, the error is Malformed.
func (c *Client) UpdateCustomField(ctx context.Context, want CustomField, withOptionKeys bool) (*CustomField, error) {
	r := request{operation: "update custom field", method: http.MethodPut, path: customFieldsPath(want.ID), locationID: want.LocationID}
	if want.Options = slices.Clone(want.Options); !withOptionKeys {
		for i := range want.Options {
			want.Options[i].Key = ""
		}
	}
	r.body = encode(want.settable())
	return call(ctx, c, r, updated(want.ID, customFieldIs(want.LocationID, want.ID)))
}

// DeleteCustomField deletes a field; the server also deletes the field's values in all
// records: DELETE /custom-fields/{id}. If confirmed is false, read the field to find out
// whether it was deleted.
func (c *Client) DeleteCustomField(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	r := request{operation: "delete custom field", method: http.MethodDelete, path: customFieldsPath(id), locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}
