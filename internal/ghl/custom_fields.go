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

// CustomField is a field of the records of a custom object or of a company. If IsFolder, it
// is a folder of fields, which has a name but neither a key nor a data type.
type CustomField struct {
	ID                string        `json:"id"`
	LocationID        string        `json:"locationId"`
	ObjectKey         string        `json:"objectKey"`
	ParentID          string        `json:"parentId"` // the field's folder
	FieldKey          string        `json:"fieldKey"` // in full: "custom_objects.pet.name"
	DataType          string        `json:"dataType"` // TEXT and others; HighLevel may add more
	Name              string        `json:"name"`
	Description       string        `json:"description"`
	Placeholder       string        `json:"placeholder"`
	ShowInForms       bool          `json:"showInForms"`
	Options           []FieldOption `json:"options"` // for the choice data types
	AllowCustomOption bool          `json:"allowCustomOption"`
	AcceptedFormats   []string      `json:"-"` // for FILE_UPLOAD; one text in the reference, a list in recorded answers
	MaxFileLimit      int           `json:"maxFileLimit"`
	IsFolder          bool          `json:"-"`
}

// FieldOption is one choice of a field. Its key is set at creation. URL is that of a
// picture.
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
		return errors.New("a custom field lacks its key, or a folder its name")
	case !f.IsFolder && f.DataType == "" && f.Name == "":
		return errors.New("a custom field lacks its data type and its name")
	default:
		return checkIDs(f.ID, f.LocationID, f.ParentID)
	}
}

// UnmarshalJSON reads a row with neither a data type nor a key as a folder.
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

// textOrList reads one text as a list of one, and an empty text as an empty list.
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

// customFieldOf checks that a field or folder belongs to the object that was asked about.
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
// of a custom object or of business, in one page. For contact and opportunity the error is
// Refused. A row of another object or of another sub-account is malformed.
func (c *Client) CustomFieldPages(locationID, objectKey string) *Pager[CustomField] {
	r := request{operation: "list custom fields", path: customFieldsPath("object-key", objectKey), query: inLocation(locationID), locationID: locationID}
	return unpaged(c, r, fieldsAndFolders(customFieldOf(locationID, objectKey)))
}

// CheckKind returns a Malformed error if a row that was expected to be a folder is a field,
// or the reverse.
func (f CustomField) CheckKind(folder bool) error {
	if f.IsFolder == folder {
		return nil
	}
	return &Error{
		Kind: Malformed, Operation: "read custom field", LocationID: f.LocationID,
		Message: fmt.Sprintf("the id %q now belongs to another kind: a folder is not a custom field", f.ID),
	}
}

// CustomField reads one field or folder: GET /custom-fields/{id}. The endpoint takes no
// sub-account; the token decides. A row of a sub-account other than locationID is a
// Forbidden error, and a row with another id is a Malformed one.
func (c *Client) CustomField(ctx context.Context, locationID, id string) (CustomField, error) {
	r := request{operation: "read custom field", path: customFieldsPath(id), locationID: locationID}
	f, err := call(ctx, c, r, one(func(f CustomField) error { return asked("id", f.ID, id, f.ID == id) }))
	if err = cmp.Or(err, r.checkServed(f.LocationID)); err != nil {
		return CustomField{}, err
	}
	return f, nil
}

// settable returns the settings that a create and an update share.
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

// CreateCustomField creates a field in the folder ParentID, without which the API refuses
// the request: POST /custom-fields/. The key may be short or full; it is full in the
// answer. Empty settings are not sent. A row that has neither the key nor the name, or is
// of another object or sub-account, is a Malformed error. The error is Ambiguous if the
// request may have been carried out.
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
// number of files, and whether forms show it: PUT /custom-fields/{id}. Nothing else of a
// field can be changed. Empty texts are sent too. Options and formats replace the lists.
// Nil options or formats, and a number of files that is 0, leave the setting as it is. The
// API cannot remove an option. The published reference leaves the options' keys out, while
// one client sends them: withOptionKeys decides. The row is nil if the answer is empty, or
// confirms the change without showing the row. Another row is a Malformed error.
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

// DeleteCustomField deletes a field and, on the server, its values in all records: DELETE
// /custom-fields/{id}. If a success does not confirm the deletion, look the field up to
// learn whether it was deleted.
func (c *Client) DeleteCustomField(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	r := request{operation: "delete custom field", method: http.MethodDelete, path: customFieldsPath(id), locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}
