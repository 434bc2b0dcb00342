package ghl

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Record is one record of an object.
type Record struct {
	ID         string          `json:"id"`
	LocationID string          `json:"locationId"`
	ObjectKey  string          `json:"objectKey"`
	Properties json.RawMessage `json:"properties"` // keyed by the last part of the field key
}

func (Record) wrappers() []string { return []string{"record", "records", "customObjectRecords"} }

func (r Record) identify() (id string, systemDefined bool) { return r.ID, false }

func (r Record) check() error {
	if r.ID == "" {
		return errors.New("a record lacks its id")
	}
	return checkIDs(r.ID, r.LocationID)
}

// Has reports whether a property of the record has exactly that value. Texts are compared
// after Unicode normalization, and numbers as they are written in JSON. If the property has
// several values, one match is enough.
func (r Record) Has(property, value string) bool {
	for key, raw := range members(r.Properties) {
		if string(key) == `"`+property+`"` && anyText(raw, maxNesting, func(text string) bool { return SameLabel(text, value) }) {
			return true
		}
	}
	return false
}

// maxNesting is the maximum depth at which properties and contacts contain values: in an
// object in a list.
const maxNesting = 2

// anyText reports whether fits returns true for a value, or for a value inside it. Numbers,
// true and false are compared as JSON text.
func anyText(raw []byte, depth int, fits func(string) bool) bool {
	switch {
	case !isShown(raw):
		return false
	case raw[0] == '"':
		var text string
		return json.Unmarshal(raw, &text) == nil && fits(text)
	case raw[0] != '{' && raw[0] != '[':
		return fits(string(raw))
	case depth == 0:
		return false
	}
	for _, inner := range members(raw) {
		if anyText(inner, depth-1, fits) {
			return true
		}
	}
	return false
}

// isShown reports whether a field of an answer has a value: it is not missing and not null.
func isShown(raw []byte) bool { return len(raw) > 0 && string(raw) != "null" }

// RecordPage is one page of a search for records.
type RecordPage struct {
	Rows  []Record
	Total int // number of matching records; -1 if the server does not report it
}

// SearchRecords finds the records of an object in which a property has a value: POST
// /objects/{key}/records/search. The object key is full, and the property is its short
// name. The first page is 1, and a page has up to PageSize records. The search may take up
// to 12 seconds to find a new record (reported by one client). The filter is described in
// HighLevel's guide to the endpoint, but not in the reference. It is unknown whether the
// filter matches exactly, so check each record with Record.Has. If a row belongs to another
// object or sub-account, the error is Malformed.
func (c *Client) SearchRecords(ctx context.Context, locationID, objectKey, property, value string, page int) (RecordPage, error) {
	r := request{operation: "search records", method: http.MethodPost, path: pathOf("objects", objectKey, "records", "search"), locationID: locationID, isSearch: true}
	r.body = encode(map[string]any{
		"locationId": locationID, "page": page, "pageLimit": PageSize, "searchAfter": []any{},
		"filters": []map[string]string{{"field": "properties." + property, "operator": "eq", "value": value}},
	})
	return call(ctx, c, r, func(body []byte) (RecordPage, error) {
		found, err := list(func(row Record) error {
			return cmp.Or(asked("object", row.ObjectKey, objectKey, row.ObjectKey == "" || SameKey(row.ObjectKey, objectKey)), askedLocation(row.LocationID, locationID))
		})(body)
		if malformed := len(found.malformed); err == nil && malformed > 0 {
			err = fmt.Errorf("%d of %d records could not be read, or belong to another object or sub-account", malformed, malformed+len(found.rows))
		}
		return RecordPage{found.rows, found.total}, err
	})
}
