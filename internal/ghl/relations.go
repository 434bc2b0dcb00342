package ghl

import (
	"context"
	"net/http"
	"net/url"
)

// Relation links two records under an association. The records stand in the
// order in which HighLevel stores the association's sides. The object keys may
// be missing from an answer; they are empty then.
type Relation struct {
	ID              string
	LocationID      string
	AssociationID   string
	FirstObjectKey  string
	FirstRecordID   string
	SecondObjectKey string
	SecondRecordID  string
}

// Oriented returns r with its records in the given order, each object key
// staying with its record. It reports false where r links other records, or
// links them in the other order under an association of one object with itself:
// there the order carries the role.
func (r Relation) Oriented(firstRecordID, secondRecordID string) (Relation, bool) {
	if r.FirstRecordID == firstRecordID && r.SecondRecordID == secondRecordID {
		return r, true
	}
	if r.FirstRecordID != secondRecordID || r.SecondRecordID != firstRecordID {
		return r, false
	}
	if r.FirstObjectKey != "" && r.FirstObjectKey == r.SecondObjectKey {
		return r, false
	}
	r.FirstRecordID, r.SecondRecordID = r.SecondRecordID, r.FirstRecordID
	r.FirstObjectKey, r.SecondObjectKey = r.SecondObjectKey, r.FirstObjectKey
	return r, true
}

// links tells whether r links the two records, in either order.
func (r Relation) links(one, other string) bool {
	return r.FirstRecordID == one && r.SecondRecordID == other || r.FirstRecordID == other && r.SecondRecordID == one
}

// CreateRelation links two records: POST /associations/relations. The records must
// be in the stored order of the association's sides, else the error is
// InvalidRecord. An answer about other records, another association or another
// sub-account is a Malformed error. The error is Ambiguous if the request may have
// been carried out.
func (c *Client) CreateRelation(ctx context.Context, locationID, associationID, firstRecordID, secondRecordID string) (Relation, error) {
	r := request{operation: "create relation", method: http.MethodPost, path: "/associations/relations", locationID: locationID}
	r.body = encode(map[string]string{
		"locationId":     locationID,
		"associationId":  associationID,
		"firstRecordId":  firstRecordID,
		"secondRecordId": secondRecordID,
	})
	return call(ctx, c, r, func(body []byte) (Relation, error) {
		row, err := decodeRelation(body)
		err = asked(err, "association", row.AssociationID, associationID, row.AssociationID == associationID)
		err = asked(err, "records", row.FirstRecordID+", "+row.SecondRecordID, firstRecordID+", "+secondRecordID, row.links(firstRecordID, secondRecordID))
		return row, askedLocation(err, row.LocationID, locationID)
	})
}

// DeleteRelation deletes a relation: DELETE /associations/relations/{relationId}.
// What the API answers is not known. The deletion is confirmed by an answer that says
// so in one of the API's own ways, such as {"deleted": true}; any other success may be
// that of a server in front of it which passed nothing on, and only a look tells.
func (c *Client) DeleteRelation(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	p, err := endpoint("relations", id)
	if err != nil {
		return false, err
	}
	r := request{operation: "delete relation", method: http.MethodDelete, path: p, query: url.Values{"locationId": {locationID}}, locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}
