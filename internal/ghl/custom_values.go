package ghl

import (
	"cmp"
	"context"
	"errors"
	"net/http"
)

// CustomValue is a named text of a sub-account. In a template, {{ custom_values.x }}
// inserts the value with the FieldKey x. HighLevel derives FieldKey from the name at
// creation. One client reports that FieldKey stays the same when the name changes.
type CustomValue struct {
	ID         string `json:"id"`
	LocationID string `json:"locationId"`
	Name       string `json:"name"`
	FieldKey   string `json:"fieldKey"`
	Value      string `json:"value"`
}

func (CustomValue) wrappers() []string { return []string{"customValue", "customValues"} }

func (v CustomValue) identify() (id string, systemDefined bool) { return v.ID, false }

func (v CustomValue) check() error {
	if v.ID == "" || v.Name == "" {
		return errors.New("a custom value lacks its id or its name")
	}
	return checkIDs(v.ID, v.LocationID)
}

func customValuesPath(locationID string, elements ...string) string {
	return pathOf(append([]string{"locations", locationID, "customValues"}, elements...)...)
}

// CustomValuePages reads GET /locations/{locationId}/customValues: all custom values of the
// sub-account, in one page. A row that names another sub-account counts as malformed.
func (c *Client) CustomValuePages(locationID string) *Pager[CustomValue] {
	r := request{operation: "list custom values", path: customValuesPath(locationID), locationID: locationID}
	return unpaged(c, r, list(func(v CustomValue) error { return askedLocation(v.LocationID, locationID) }))
}

// CustomValue reads one custom value: GET /locations/{locationId}/customValues/{id}. If the
// row has another id or belongs to another sub-account, the error is Malformed.
func (c *Client) CustomValue(ctx context.Context, locationID, id string) (CustomValue, error) {
	r := request{operation: "read custom value", path: customValuesPath(locationID, id), locationID: locationID}
	return call(ctx, c, r, one(customValueIs(locationID, id)))
}

func customValueIs(locationID, id string) func(CustomValue) error {
	return func(v CustomValue) error {
		return cmp.Or(asked("id", v.ID, id, v.ID == id), askedLocation(v.LocationID, locationID))
	}
}

// CreateCustomValue creates a custom value from want's name and value: POST
// /locations/{locationId}/customValues. It is unknown whether the API refuses a name that
// is already in use. If the row has another name and another value, or belongs to another
// sub-account, the error is Malformed. The error is Ambiguous if the request may have been
// carried out.
func (c *Client) CreateCustomValue(ctx context.Context, want CustomValue) (CustomValue, error) {
	r := request{operation: "create custom value", method: http.MethodPost, path: customValuesPath(want.LocationID), locationID: want.LocationID}
	r.body = encode(map[string]string{"name": want.Name, "value": want.Value})
	return call(ctx, c, r, one(func(v CustomValue) error {
		return cmp.Or(asked("name", v.Name, want.Name, SameLabel(v.Name, want.Name) || v.Value == want.Value), askedLocation(v.LocationID, want.LocationID))
	}))
}

// UpdateCustomValue sets the name and the value: PUT
// /locations/{locationId}/customValues/{id}. The returned custom value is nil if the answer
// does not contain it. If the answer contains another custom value, the error is Malformed.
func (c *Client) UpdateCustomValue(ctx context.Context, want CustomValue) (*CustomValue, error) {
	r := request{operation: "update custom value", method: http.MethodPut, path: customValuesPath(want.LocationID, want.ID), locationID: want.LocationID}
	r.body = encode(map[string]string{"name": want.Name, "value": want.Value})
	return call(ctx, c, r, updated(want.ID, customValueIs(want.LocationID, want.ID)))
}

// DeleteCustomValue deletes a custom value: DELETE
// /locations/{locationId}/customValues/{id}. If confirmed is false, read the custom value
// to find out whether it was deleted.
func (c *Client) DeleteCustomValue(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	r := request{operation: "delete custom value", method: http.MethodDelete, path: customValuesPath(locationID, id), locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}
