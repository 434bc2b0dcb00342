package ghl

import (
	"cmp"
	"context"
	"errors"
	"net/http"
)

// folderRow is a row in the list "folders" of an answer.
type folderRow struct{ CustomField }

func (folderRow) wrappers() []string { return []string{"folders"} }

func (f *folderRow) UnmarshalJSON(raw []byte) error {
	err := f.CustomField.UnmarshalJSON(raw)
	f.IsFolder = true
	return err
}

// fieldsAndFolders reads {"fields": […], "folders": […]}. If "folders" is missing, there
// are no folders.
func fieldsAndFolders(about func(CustomField) error) func(body []byte) (listing[CustomField], error) {
	return func(body []byte) (listing[CustomField], error) {
		page, err := list(func(f CustomField) error {
			if f.DataType == "" {
				return errors.New("a custom field lacks its data type")
			}
			return about(f)
		})(body)
		if err != nil {
			return page, err
		}
		folders, err := list(func(f folderRow) error { return about(f.CustomField) })(body)
		if errors.Is(err, errNoList) {
			return page, nil
		}
		for _, folder := range folders.rows {
			page.rows = append(page.rows, folder.CustomField)
		}
		page.malformed = append(page.malformed, folders.malformed...)
		return page, err
	}
}

// CreateCustomFieldFolder creates a folder for the fields of an object: POST
// /custom-fields/folder. If the returned folder has another name, or belongs to another
// object or sub-account, the error is Malformed. The error is Ambiguous if the request may
// have been carried out.
func (c *Client) CreateCustomFieldFolder(ctx context.Context, locationID, objectKey, name string) (CustomField, error) {
	r := request{operation: "create custom field folder", method: http.MethodPost, path: customFieldsPath("folder"), locationID: locationID}
	r.body = encode(map[string]string{"locationId": locationID, "objectKey": objectKey, "name": name})
	return call(ctx, c, r, one(func(f CustomField) error {
		return cmp.Or(asked("name", f.Name, name, SameLabel(f.Name, name)), customFieldOf(locationID, objectKey)(f))
	}))
}

// UpdateCustomFieldFolder renames a folder: PUT /custom-fields/folder/{id}. The returned
// folder is nil if the answer does not contain it. If the answer contains another folder,
// the error is Malformed.
func (c *Client) UpdateCustomFieldFolder(ctx context.Context, locationID, id, name string) (*CustomField, error) {
	r := request{operation: "update custom field folder", method: http.MethodPut, path: customFieldsPath("folder", id), locationID: locationID}
	r.body = encode(map[string]string{"locationId": locationID, "name": name})
	return call(ctx, c, r, updated(id, customFieldIs(locationID, id)))
}

// DeleteCustomFieldFolder deletes a folder: DELETE /custom-fields/folder/{id}. No API
// reference says what happens to the fields in the folder. If confirmed is false, read the
// folder to find out whether it was deleted.
func (c *Client) DeleteCustomFieldFolder(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	r := request{operation: "delete custom field folder", method: http.MethodDelete, path: customFieldsPath("folder", id), query: inLocation(locationID), locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}
