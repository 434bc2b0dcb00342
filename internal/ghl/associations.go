package ghl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Kinds of association, as HighLevel names them in associationType.
const (
	UserDefined   = "USER_DEFINED"
	SystemDefined = "SYSTEM_DEFINED"
)

// Association says that records of two objects can be linked, and what each
// side is called. Ids are opaque: 24 hex digits, a UUID, or, for system-defined
// rows, the key itself.
type Association struct {
	ID                string
	LocationID        string
	Key               string
	FirstObjectKey    string
	FirstObjectLabel  string
	SecondObjectKey   string
	SecondObjectLabel string
	AssociationType   string
}

// IsSystemDefined tells whether HighLevel made the row: such a row can be read
// and related to, never changed or deleted.
func (a Association) IsSystemDefined() bool { return a.AssociationType == SystemDefined }

// Oriented returns a with its sides in the order of the given object keys, each
// label staying with its object. It reports false where a links other objects.
//
// HighLevel may store the sides the other way round than they were sent. Two
// sides with the same object key are never swapped: there the order carries the
// role.
func (a Association) Oriented(firstObjectKey, secondObjectKey string) (Association, bool) {
	if a.FirstObjectKey == firstObjectKey && a.SecondObjectKey == secondObjectKey {
		return a, true
	}
	if a.FirstObjectKey != secondObjectKey || a.SecondObjectKey != firstObjectKey {
		return a, false
	}
	a.FirstObjectKey, a.SecondObjectKey = a.SecondObjectKey, a.FirstObjectKey
	a.FirstObjectLabel, a.SecondObjectLabel = a.SecondObjectLabel, a.FirstObjectLabel
	return a, true
}

// Association reads one association: GET /associations/{associationId}. The
// endpoint takes no sub-account, the token decides: a row of another sub-account
// than locationID is a Forbidden error.
func (c *Client) Association(ctx context.Context, locationID, id string) (Association, error) {
	p, err := endpoint(id)
	if err != nil {
		return Association{}, err
	}
	r := request{operation: "read association", method: http.MethodGet, path: p, locationID: locationID}
	a, err := call(ctx, c, r, decodeAssociation)
	if err == nil && a.LocationID != "" && a.LocationID != locationID {
		failure := r.fail(Forbidden, nil)
		failure.Message = fmt.Sprintf("the token serves sub-account %q, not %q", a.LocationID, locationID)
		return Association{}, failure
	}
	return a, err
}

// AssociationByKey reads one association: GET /associations/key/{key}. Keys are
// stored in lower case, unless the platform made them; the key is sent as given.
func (c *Client) AssociationByKey(ctx context.Context, locationID, key string) (Association, error) {
	p, err := endpoint("key", key)
	if err != nil {
		return Association{}, err
	}
	r := request{operation: "read association by key", method: http.MethodGet, path: p, query: url.Values{"locationId": {locationID}}, locationID: locationID}
	return call(ctx, c, r, decodeAssociation)
}

// AssociationsByObjectKey lists the associations that have the object on either
// side: GET /associations/objectKey/{objectKey}. Sources disagree on the form of
// the answer (one object, a list, a wrapped list); each is accepted.
func (c *Client) AssociationsByObjectKey(ctx context.Context, locationID, objectKey string) ([]Association, error) {
	p, err := endpoint("objectKey", objectKey)
	if err != nil {
		return nil, err
	}
	r := request{operation: "list associations of object", method: http.MethodGet, path: p, query: url.Values{"locationId": {locationID}}, locationID: locationID}
	return call(ctx, c, r, func(body []byte) ([]Association, error) {
		page, err := decodeAssociations(body)
		if malformed := len(page.malformed); err == nil && malformed > 0 {
			err = fmt.Errorf("%d of %d associations could not be read", malformed, malformed+len(page.rows))
		}
		return page.rows, err
	})
}

// CreateAssociation creates an association from want's key, objects and labels:
// POST /associations/. The answer is the row as stored: the key in lower case,
// the sides perhaps swapped, the labels perhaps left where they were. The error
// is Ambiguous where the request may have been carried out.
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
	return call(ctx, c, r, decodeAssociation)
}

// UpdateAssociation sets both labels, in the stored order of the sides: PUT
// /associations/{associationId}. Nothing else of an association can be changed.
func (c *Client) UpdateAssociation(ctx context.Context, locationID, id, firstObjectLabel, secondObjectLabel string) (Association, error) {
	p, err := endpoint(id)
	if err != nil {
		return Association{}, err
	}
	r := request{operation: "update association", method: http.MethodPut, path: p, locationID: locationID}
	r.body = encode(map[string]string{"firstObjectLabel": firstObjectLabel, "secondObjectLabel": secondObjectLabel})
	return call(ctx, c, r, decodeAssociation)
}

// DeleteAssociation deletes an association and, on the server, all its
// relations: DELETE /associations/{associationId}. System-defined ones are
// refused.
func (c *Client) DeleteAssociation(ctx context.Context, locationID, id string) error {
	p, err := endpoint(id)
	if err != nil {
		return err
	}
	r := request{operation: "delete association", method: http.MethodDelete, path: p, locationID: locationID}
	_, err = call(ctx, c, r, decodeDeleted)
	return err
}
