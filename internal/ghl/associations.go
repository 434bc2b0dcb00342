package ghl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// SystemDefined is the associationType of associations that HighLevel created.
const SystemDefined = "SYSTEM_DEFINED"

// Association allows records of two objects to be linked, and labels each side. Ids are
// opaque: 24 hex digits, a UUID, or, for system-defined rows, the key itself.
type Association struct {
	ID                string `json:"id"`
	LocationID        string `json:"locationId"`
	Key               string `json:"key"`
	FirstObjectKey    string `json:"firstObjectKey"`
	FirstObjectLabel  string `json:"firstObjectLabel"`
	SecondObjectKey   string `json:"secondObjectKey"`
	SecondObjectLabel string `json:"secondObjectLabel"`
	AssociationType   string `json:"associationType"`
}

func (Association) wrappers() []string { return []string{"association", "associations"} }

func (a Association) identify() (id string, systemDefined bool) { return a.ID, a.IsSystemDefined() }

func (a Association) check() error {
	if a.ID == "" || a.Key == "" || a.FirstObjectKey == "" || a.SecondObjectKey == "" {
		return errors.New("an association lacks its id, its key or an object key")
	}
	return checkIDs(a.ID, a.LocationID, a.AssociationType)
}

// links reports whether a has the object on either side.
func (a Association) links(objectKey string) bool {
	return SameKey(a.FirstObjectKey, objectKey) || SameKey(a.SecondObjectKey, objectKey)
}

// IsSystemDefined reports whether the type says that HighLevel created the association. A
// system-defined association can be read and can have relations, but cannot be changed or
// deleted.
func (a Association) IsSystemDefined() bool { return a.AssociationType == SystemDefined }

// SameKey reports whether two association keys or object keys differ at most in case:
// HighLevel stores keys in lower case.
func SameKey(a, b string) bool { return strings.EqualFold(a, b) }

// SameLabel reports whether two labels are equal after Unicode normalization. Unicode can
// encode one character in several ways, and a server may store a different encoding from
// the one in the request.
func SameLabel(a, b string) bool { return norm.NFC.String(a) == norm.NFC.String(b) }

// IsPlatformMade reports whether HighLevel created the association, whatever its type says:
// only HighLevel's own keys are in upper case.
func (a Association) IsPlatformMade() bool {
	return a.IsSystemDefined() || strings.ContainsFunc(a.Key, unicode.IsUpper) && !strings.ContainsFunc(a.Key, unicode.IsLower)
}

// SameText is SameLabel for texts from which the server may trim white space.
func SameText(a, b string) bool { return SameLabel(strings.TrimSpace(a), strings.TrimSpace(b)) }

// Oriented returns a with its sides in the order of the given object keys. Each label stays
// with its object. It returns false if a links other objects. The case of object keys is
// ignored.
//
// HighLevel may store the sides in the opposite order. Two sides with the same object key
// are never swapped, because only the order shows which role each side has.
func (a Association) Oriented(firstObjectKey, secondObjectKey string) (Association, bool) {
	if SameKey(a.FirstObjectKey, firstObjectKey) && SameKey(a.SecondObjectKey, secondObjectKey) {
		return a, true
	}
	if !SameKey(a.FirstObjectKey, secondObjectKey) || !SameKey(a.SecondObjectKey, firstObjectKey) {
		return a, false
	}
	a.FirstObjectKey, a.SecondObjectKey = a.SecondObjectKey, a.FirstObjectKey
	a.FirstObjectLabel, a.SecondObjectLabel = a.SecondObjectLabel, a.FirstObjectLabel
	return a, true
}

// Carries reports whether a links the same objects as want and has the same labels, even if
// the two labels are swapped: HighLevel may swap the objects without their labels. If both
// sides have the same object key, the labels must be in the same order.
func (a Association) Carries(want Association) bool {
	sides, ok := a.Oriented(want.FirstObjectKey, want.SecondObjectKey)
	if !ok {
		return false
	}
	pairs := func(first, second string) bool {
		return SameLabel(sides.FirstObjectLabel, first) && SameLabel(sides.SecondObjectLabel, second)
	}
	return pairs(want.FirstObjectLabel, want.SecondObjectLabel) ||
		!SameKey(want.FirstObjectKey, want.SecondObjectKey) && pairs(want.SecondObjectLabel, want.FirstObjectLabel)
}

// AssociationPages pages through GET /associations/: all associations of the sub-account,
// including system-defined ones. A row that names another sub-account counts as malformed,
// because it proves nothing about the sub-account of the request.
func (c *Client) AssociationPages(locationID string) *Pager[Association] {
	return pages(c, func() request {
		return request{operation: "list associations", path: "/associations/", query: inLocation(locationID), locationID: locationID}
	}, associationsOf(locationID))
}

func associationsOf(locationID string) func(body []byte) (listing[Association], error) {
	return list(func(a Association) error { return askedLocation(a.LocationID, locationID) })
}

// Association reads one association: GET /associations/{associationId}. The request does
// not name a sub-account; the token determines it. If the row belongs to a sub-account
// other than locationID, the error is Forbidden. If the row has another id, the error is
// Malformed.
func (c *Client) Association(ctx context.Context, locationID, id string) (Association, error) {
	r := request{operation: "read association", method: http.MethodGet, path: associationsPath(id), locationID: locationID}
	a, err := call(ctx, c, r, one(func(a Association) error { return asked("id", a.ID, id, a.ID == id) }))
	if err = cmp.Or(err, r.checkServed(a.LocationID)); err != nil {
		return Association{}, err
	}
	return a, nil
}

// AssociationByKey reads one association: GET /associations/key/{key}. HighLevel stores
// keys in lower case, except for the keys of its own associations. The key is sent
// unchanged. If the row has another key or belongs to another sub-account, the error is
// Malformed.
func (c *Client) AssociationByKey(ctx context.Context, locationID, key string) (Association, error) {
	r := request{operation: "read association by key", path: associationsPath("key", key), query: inLocation(locationID), locationID: locationID}
	return call(ctx, c, r, one(func(a Association) error {
		return cmp.Or(asked("key", a.Key, key, SameKey(a.Key, key)), askedLocation(a.LocationID, locationID))
	}))
}

// AssociationsByObjectKey lists the associations that have the object on either side: GET
// /associations/objectKey/{objectKey}. Sources disagree on the form of the answer (one
// object, a list, a wrapped list), so all three are accepted. If a row links other objects
// or belongs to another sub-account, the error is Malformed.
func (c *Client) AssociationsByObjectKey(ctx context.Context, locationID, objectKey string) ([]Association, error) {
	r := request{operation: "list associations of object", path: associationsPath("objectKey", objectKey), query: inLocation(locationID), locationID: locationID}
	return call(ctx, c, r, func(body []byte) ([]Association, error) {
		page, err := associationsOf(locationID)(body)
		if errors.Is(err, errNoList) {
			var only Association
			only, err = one(func(a Association) error { return askedLocation(a.LocationID, locationID) })(body)
			page.rows = []Association{only}
		}
		if malformed := len(page.malformed); err == nil && malformed > 0 {
			err = fmt.Errorf("%d of %d associations could not be read, or belong to another sub-account", malformed, malformed+len(page.rows))
		}
		for _, a := range page.rows {
			err = cmp.Or(err, asked("objects", a.FirstObjectKey+", "+a.SecondObjectKey, objectKey, a.links(objectKey)))
		}
		return page.rows, err
	})
}

// CreateAssociation creates an association from want's key, objects and labels: POST
// /associations/. It returns the association as stored: the key may be in lower case or
// changed in another way, and the sides may be swapped, with or without their labels. If
// the row links other objects or belongs to another sub-account, the error is Malformed.
// The error is Ambiguous if the request may have been carried out.
func (c *Client) CreateAssociation(ctx context.Context, want Association) (Association, error) {
	r := request{operation: "create association", method: http.MethodPost, path: "/associations/", locationID: want.LocationID}
	r.body = encode(map[string]string{
		"locationId":        want.LocationID,
		"key":               want.Key,
		"firstObjectKey":    want.FirstObjectKey,
		"firstObjectLabel":  want.FirstObjectLabel,
		"secondObjectKey":   want.SecondObjectKey,
		"secondObjectLabel": want.SecondObjectLabel,
	})
	return call(ctx, c, r, one(func(a Association) error {
		_, links := a.Oriented(want.FirstObjectKey, want.SecondObjectKey)
		return cmp.Or(
			asked("objects", a.FirstObjectKey+", "+a.SecondObjectKey, want.FirstObjectKey+", "+want.SecondObjectKey, links),
			// The server may change the key or the labels. If a row has another key and
			// other labels, it is a different association.
			asked("key", a.Key, want.Key, SameKey(a.Key, want.Key) || a.Carries(want)),
			askedLocation(a.LocationID, want.LocationID))
	}))
}

// UpdateAssociation sets both labels, in the stored order of the sides: PUT
// /associations/{associationId}. The API cannot change anything else in an association. The
// returned association is nil if the answer does not contain it. In that case, read the
// association to find out what is stored.
func (c *Client) UpdateAssociation(ctx context.Context, locationID, id, firstObjectLabel, secondObjectLabel string) (*Association, error) {
	r := request{operation: "update association", method: http.MethodPut, path: associationsPath(id), locationID: locationID}
	r.body = encode(map[string]string{"firstObjectLabel": firstObjectLabel, "secondObjectLabel": secondObjectLabel})
	return call(ctx, c, r, updated(id, func(a Association) error { return asked("id", a.ID, id, a.ID == id) }))
}

// DeleteAssociation deletes an association; the server also deletes all its relations:
// DELETE /associations/{associationId}. The API refuses to delete system-defined
// associations. {"deleted": true} confirms the deletion. After any other success, read the
// association to find out whether it was deleted.
func (c *Client) DeleteAssociation(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	r := request{operation: "delete association", method: http.MethodDelete, path: associationsPath(id), locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}
