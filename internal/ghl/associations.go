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

// SystemDefined is the associationType of rows that HighLevel made.
const SystemDefined = "SYSTEM_DEFINED"

// Association says that records of two objects can be linked, and what each
// side is called. Ids are opaque: 24 hex digits, a UUID, or, for system-defined
// rows, the key itself.
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

// IsSystemDefined reports whether HighLevel made the row. Such a row can be read and
// related to, but never changed or deleted.
func (a Association) IsSystemDefined() bool { return a.AssociationType == SystemDefined }

// SameKey reports whether two association keys or object keys differ at most in case:
// HighLevel stores keys in lower case.
func SameKey(a, b string) bool { return strings.EqualFold(a, b) }

// SameLabel reports whether two labels read the same. Unicode can spell one character in
// several ways, and a server may store a different spelling from the one it was sent.
func SameLabel(a, b string) bool { return norm.NFC.String(a) == norm.NFC.String(b) }

// IsPlatformMade reports whether HighLevel made the row, whatever its type says: only the
// platform's keys are in upper case.
func (a Association) IsPlatformMade() bool {
	return a.IsSystemDefined() || strings.ContainsFunc(a.Key, unicode.IsUpper) && !strings.ContainsFunc(a.Key, unicode.IsLower)
}

// SameText is SameLabel for texts from which the server may trim white space.
func SameText(a, b string) bool { return SameLabel(strings.TrimSpace(a), strings.TrimSpace(b)) }

// Oriented returns a with its sides in the order of the given object keys. Each label stays
// with its object. It reports false if a links other objects. Object keys are compared
// without regard to case.
//
// HighLevel may store the sides in the opposite order. Two sides with the same object key
// are never swapped, because their order carries the role.
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

// Carries reports whether a links the objects of want and has its labels, in either
// pairing: HighLevel may swap the sides and leave the labels behind. If both sides have the
// same object key, there is only one pairing.
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
// including system-defined ones. A row that names another sub-account is malformed, because
// a listing of another sub-account proves nothing.
func (c *Client) AssociationPages(locationID string) *Pager[Association] {
	return pages(c, func() request {
		return request{operation: "list associations", path: "/associations/", query: inLocation(locationID), locationID: locationID}
	}, associationsOf(locationID))
}

func associationsOf(locationID string) func(body []byte) (listing[Association], error) {
	return list(func(a Association) error { return askedLocation(a.LocationID, locationID) })
}

// Association reads one association: GET /associations/{associationId}. The endpoint takes
// no sub-account; the token decides. A row of a sub-account other than locationID is a
// Forbidden error, and a row with another id is a Malformed one.
func (c *Client) Association(ctx context.Context, locationID, id string) (Association, error) {
	r := request{operation: "read association", method: http.MethodGet, path: associationsPath(id), locationID: locationID}
	a, err := call(ctx, c, r, one(func(a Association) error { return asked("id", a.ID, id, a.ID == id) }))
	if err = cmp.Or(err, r.checkServed(a.LocationID)); err != nil {
		return Association{}, err
	}
	return a, nil
}

// AssociationByKey reads one association: GET /associations/key/{key}. Keys are stored in
// lower case, unless the platform made them; the key is sent as given. A row with another
// key or of another sub-account is a Malformed error.
func (c *Client) AssociationByKey(ctx context.Context, locationID, key string) (Association, error) {
	r := request{operation: "read association by key", path: associationsPath("key", key), query: inLocation(locationID), locationID: locationID}
	return call(ctx, c, r, one(func(a Association) error {
		return cmp.Or(asked("key", a.Key, key, SameKey(a.Key, key)), askedLocation(a.LocationID, locationID))
	}))
}

// AssociationsByObjectKey lists the associations that have the object on either side: GET
// /associations/objectKey/{objectKey}. Sources disagree on the form of the answer (one
// object, a list, a wrapped list), so all three are accepted. A row of other objects or of
// another sub-account is a Malformed error.
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
// /associations/. The answer is the row as stored: the key may be in lower case or changed
// in another way, and the sides may be swapped, with or without their labels. A row of
// other objects or of another sub-account is a Malformed error. The error is Ambiguous if
// the request may have been carried out.
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
			// The server may change the key or the labels, but a row that matches neither
			// is a different one.
			asked("key", a.Key, want.Key, SameKey(a.Key, want.Key) || a.Carries(want)),
			askedLocation(a.LocationID, want.LocationID))
	}))
}

// UpdateAssociation sets both labels, in the stored order of the sides: PUT
// /associations/{associationId}. Nothing else of an association can be changed. The row is
// nil if the answer is empty, or confirms the change without showing the row. Read the
// association back then to learn what is stored.
func (c *Client) UpdateAssociation(ctx context.Context, locationID, id, firstObjectLabel, secondObjectLabel string) (*Association, error) {
	r := request{operation: "update association", method: http.MethodPut, path: associationsPath(id), locationID: locationID}
	r.body = encode(map[string]string{"firstObjectLabel": firstObjectLabel, "secondObjectLabel": secondObjectLabel})
	return call(ctx, c, r, updated(id, func(a Association) error { return asked("id", a.ID, id, a.ID == id) }))
}

// DeleteAssociation deletes an association and, on the server, all its relations: DELETE
// /associations/{associationId}. The API refuses to delete system-defined ones. {"deleted":
// true} confirms the deletion. After any other success, look the association up to learn
// whether it was deleted.
func (c *Client) DeleteAssociation(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	r := request{operation: "delete association", method: http.MethodDelete, path: associationsPath(id), locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}
