package ghl

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Object is a kind of record: a standard object, for example contact, or a custom object.
// The key of a custom object begins with "custom_objects.". Field keys are full:
// "custom_objects.pet.name".
type Object struct {
	ID                     string       `json:"id"`
	LocationID             string       `json:"locationId"`
	Key                    string       `json:"key"`
	Labels                 ObjectLabels `json:"labels"`
	Description            string       `json:"description"`
	PrimaryDisplayProperty string       `json:"primaryDisplayProperty"` // a field key
	SearchableProperties   []string     `json:"searchableProperties"`   // field keys; found in recorded answers, but not in any reference
	RequiredProperties     []string     `json:"requiredProperties"`     // likewise
	Type                   string       `json:"type"`                   // USER_DEFINED or SystemDefined
	Standard               bool         `json:"standard"`

	Primary NewProperty `json:"-"` // the property that CreateObject sets; answers do not contain it
}

// ObjectLabels are the names of an object.
type ObjectLabels struct {
	Singular string `json:"singular"`
	Plural   string `json:"plural"`
}

func (Object) wrappers() []string { return []string{"object", "objects"} }

func (o Object) identify() (id string, systemDefined bool) { return o.ID, o.Standard }

func (o Object) check() error {
	if o.ID == "" || o.Key == "" {
		return errors.New("an object lacks its id or its key")
	}
	return checkIDs(o.ID, o.LocationID)
}

// SameFullKey reports whether a stored key equals the key that was sent, with or without
// its prefix. The prefix of an object's key is "custom_objects". The prefix of a field's
// key is the object's key.
func SameFullKey(stored, prefix, sent string) bool {
	return SameKey(stored, sent) || SameKey(stored, prefix+"."+sent)
}

// CustomObjects is the prefix of a custom object's key.
const CustomObjects = "custom_objects"

// ObjectPages reads GET /objects/: all objects of the sub-account, including standard ones,
// in one page. A row that names another sub-account counts as malformed.
func (c *Client) ObjectPages(locationID string) *Pager[Object] {
	r := request{operation: "list objects", path: "/objects/", query: inLocation(locationID), locationID: locationID}
	return unpaged(c, r, list(func(o Object) error { return askedLocation(o.LocationID, locationID) }))
}

// Object reads one object, by its full key or its id: GET /objects/{key}. If the row is
// another object or belongs to another sub-account, the error is Malformed. For an unknown
// time after a write, the server may answer from a cache (published reference).
func (c *Client) Object(ctx context.Context, locationID, keyOrID string) (Object, error) {
	r := request{operation: "read object", path: objectsPath(keyOrID), query: inLocation(locationID), locationID: locationID}
	return call(ctx, c, r, one(objectIs(locationID, keyOrID)))
}

func objectIs(locationID, keyOrID string) func(Object) error {
	return func(o Object) error {
		return cmp.Or(asked("key", o.Key, keyOrID, o.ID == keyOrID || SameKey(o.Key, keyOrID)), askedLocation(o.LocationID, locationID))
	}
}

// ObjectWithFields reads one object and its fields: GET
// /objects/{key}?fetchProperties=true. It returns the same errors as Object. The error is
// also Malformed if the answer has no fields, or if a field cannot be read or belongs to
// another object.
func (c *Client) ObjectWithFields(ctx context.Context, locationID, keyOrID string) (Object, []CustomField, error) {
	r := request{operation: "read object with fields", path: objectsPath(keyOrID), query: inLocation(locationID), locationID: locationID}
	r.query.Set("fetchProperties", "true")
	var fields []CustomField
	o, err := call(ctx, c, r, func(body []byte) (Object, error) {
		o, err := one(objectIs(locationID, keyOrID))(body)
		if err != nil {
			return o, err
		}
		var beside struct {
			Fields json.RawMessage `json:"fields"`
		}
		if err = json.Unmarshal(body, &beside); err != nil || beside.Fields == nil {
			return o, cmp.Or(err, errors.New("the answer lacks the object's fields"))
		}
		page, err := list(customFieldOf(locationID, o.Key))(beside.Fields)
		if malformed := len(page.malformed); err == nil && malformed > 0 {
			err = fmt.Errorf("%d of %d fields could not be read, or belong to another object", malformed, malformed+len(page.rows))
		}
		fields = page.rows
		return o, err
	})
	if err != nil {
		return Object{}, nil, err
	}
	return o, fields, nil
}

// NewObject describes a custom object to create. Its keys may be short or full. The primary
// display property becomes the object's first field. The keys and this property cannot be
// changed later.
type NewObject struct {
	LocationID             string       `json:"locationId"`
	Key                    string       `json:"key"`
	Labels                 ObjectLabels `json:"labels"`
	Description            string       `json:"description,omitempty"`
	PrimaryDisplayProperty NewProperty  `json:"primaryDisplayPropertyDetails"`
}

// NewProperty is the first field of a new object. DataType is TEXT or NUMERICAL.
type NewProperty struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	DataType string `json:"dataType"`
}

// CreateObject creates a custom object: POST /objects/. It returns the object as stored:
// the key is full, and has a suffix if the key was already in use (reported by one client).
// If the row has another key and other labels, or belongs to another sub-account, the error
// is Malformed. If the server refuses a key that is already in use, the error is Refused
// and not Duplicate, because the server's message is unknown. The error is Ambiguous if the
// request may have been carried out.
func (c *Client) CreateObject(ctx context.Context, want NewObject) (Object, error) {
	r := request{operation: "create object", method: http.MethodPost, path: "/objects/", locationID: want.LocationID, body: encode(want)}
	return call(ctx, c, r, one(func(o Object) error {
		return cmp.Or(
			asked("key", o.Key, want.Key, SameFullKey(o.Key, CustomObjects, want.Key) || o.Labels == want.Labels),
			askedLocation(o.LocationID, want.LocationID))
	}))
}

// ObjectChange holds the settings of UpdateObject. Nil Labels or a nil Description leave
// the stored value unchanged.
type ObjectChange struct {
	SearchableProperties []string // 1 to 3 full field keys, which replace the list; the API requires them
	Labels               *ObjectLabels
	Description          *string // "" removes the description: null is sent
}

// UpdateObject changes an object, standard or custom, by its full key or its id: PUT
// /objects/{key}. The returned object is nil if the answer does not contain it. If the row
// is another object or belongs to another sub-account, the error is Malformed.
func (c *Client) UpdateObject(ctx context.Context, locationID, keyOrID string, change ObjectChange) (*Object, error) {
	r := request{operation: "update object", method: http.MethodPut, path: objectsPath(keyOrID), locationID: locationID}
	fields := map[string]any{"locationId": locationID, "searchableProperties": append([]string{}, change.SearchableProperties...)}
	if change.Labels != nil {
		fields["labels"] = change.Labels
	}
	if change.Description != nil {
		fields["description"] = change.Description
		if *change.Description == "" {
			fields["description"] = nil
		}
	}
	r.body = encode(fields)
	return call(ctx, c, r, updated(keyOrID, objectIs(locationID, keyOrID)))
}

// DeleteObject permanently deletes a custom object by its id: DELETE /objects/{id}. The
// server also deletes its fields, records and associations, and their relations. No
// reference describes the endpoint. It was recorded from the web application. If the
// deletion is not confirmed, read the object to find out whether it was deleted.
func (c *Client) DeleteObject(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	r := request{operation: "delete object", method: http.MethodDelete, path: objectsPath(id), query: inLocation(locationID), locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}

func objectsPath(element string) string { return pathOf("objects", element) }
