package ghl

import (
	"cmp"
	"context"
	"errors"
	"net/http"
)

// Relation links two records under an association. The records are in the order in which
// HighLevel stores the association's sides. The object keys are empty if the answer lacks
// them.
type Relation struct {
	ID              string `json:"id"`
	LocationID      string `json:"locationId"`
	AssociationID   string `json:"associationId"`
	FirstObjectKey  string `json:"firstObjectKey"`
	FirstRecordID   string `json:"firstRecordId"`
	SecondObjectKey string `json:"secondObjectKey"`
	SecondRecordID  string `json:"secondRecordId"`
}

func (Relation) wrappers() []string { return []string{"relation", "relations"} }

func (r Relation) identify() (id string, systemDefined bool) { return r.ID, false }

func (r Relation) check() error {
	if r.ID == "" || r.AssociationID == "" || r.FirstRecordID == "" || r.SecondRecordID == "" {
		return errors.New("a relation lacks its id, its association or a record")
	}
	return checkIDs(r.ID, r.LocationID, r.AssociationID, r.FirstRecordID, r.SecondRecordID)
}

// Oriented returns r with its records in the given order; each object key stays with its
// record. It returns false if r links other records. It also returns false if r links the
// records in the opposite order and their objects are the same, because then only the order
// shows which role each record has.
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

// links reports whether r links the two records, in either order.
func (r Relation) links(one, other string) bool {
	return r.FirstRecordID == one && r.SecondRecordID == other || r.FirstRecordID == other && r.SecondRecordID == one
}

// RelationPages pages through GET /associations/relations/{recordId}: the relations that
// have the record on either side. It does not use the API's filter on associations, because
// the format of the filter's value is unknown. A row that does not link the record, or
// names another sub-account, counts as malformed.
func (c *Client) RelationPages(locationID, recordID string) *Pager[Relation] {
	return pages(c, func() request {
		return request{operation: "list relations", path: associationsPath("relations", recordID), query: inLocation(locationID), locationID: locationID}
	}, relationsOf(locationID, recordID))
}

func relationsOf(locationID, recordID string) func(body []byte) (listing[Relation], error) {
	return list(func(r Relation) error {
		return cmp.Or(
			asked("records", r.FirstRecordID+", "+r.SecondRecordID, recordID, r.FirstRecordID == recordID || r.SecondRecordID == recordID),
			askedLocation(r.LocationID, locationID))
	})
}

// CreateRelation links two records: POST /associations/relations. The records must be in
// the stored order of the association's sides; otherwise the error is InvalidRecord. If the
// answer is about other records, another association or another sub-account, the error is
// Malformed. The error is Ambiguous if the request may have been carried out.
func (c *Client) CreateRelation(ctx context.Context, locationID, associationID, firstRecordID, secondRecordID string) (Relation, error) {
	r := request{operation: "create relation", method: http.MethodPost, path: associationsPath("relations"), locationID: locationID}
	r.body = encode(map[string]string{
		"locationId":     locationID,
		"associationId":  associationID,
		"firstRecordId":  firstRecordID,
		"secondRecordId": secondRecordID,
	})
	return call(ctx, c, r, one(func(row Relation) error {
		return cmp.Or(
			asked("association", row.AssociationID, associationID, row.AssociationID == associationID),
			asked("records", row.FirstRecordID+", "+row.SecondRecordID, firstRecordID+", "+secondRecordID, row.links(firstRecordID, secondRecordID)),
			askedLocation(row.LocationID, locationID))
	}))
}

// DeleteRelation deletes a relation: DELETE /associations/relations/{relationId}. No
// reference shows the API's answer. Fields that confirm a deletion at other endpoints, such
// as {"deleted": true}, confirm the deletion here too. Any other success may come from a
// server in front of the API that did not forward the request, so list the relations to
// find out whether the relation was deleted.
func (c *Client) DeleteRelation(ctx context.Context, locationID, id string) (confirmed bool, err error) {
	r := request{operation: "delete relation", method: http.MethodDelete, path: associationsPath("relations", id), query: inLocation(locationID), locationID: locationID}
	return call(ctx, c, r, confirmsDeletion(id))
}
