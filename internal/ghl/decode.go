package ghl

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
)

// associationWire is an association on the wire. Fields beyond these may appear.
type associationWire struct {
	ID                string `json:"id"`
	LocationID        string `json:"locationId"`
	Key               string `json:"key"`
	FirstObjectKey    string `json:"firstObjectKey"`
	FirstObjectLabel  string `json:"firstObjectLabel"`
	SecondObjectKey   string `json:"secondObjectKey"`
	SecondObjectLabel string `json:"secondObjectLabel"`
	AssociationType   string `json:"associationType"`
}

// relationWire is a relation on the wire. The object keys may be missing.
type relationWire struct {
	ID              string `json:"id"`
	LocationID      string `json:"locationId"`
	AssociationID   string `json:"associationId"`
	FirstObjectKey  string `json:"firstObjectKey"`
	FirstRecordID   string `json:"firstRecordId"`
	SecondObjectKey string `json:"secondObjectKey"`
	SecondRecordID  string `json:"secondRecordId"`
}

func associationRow(raw json.RawMessage) (Association, error) {
	var wire associationWire
	if err := json.Unmarshal(raw, &wire); err != nil {
		return Association{}, unquotedJSON(err)
	}
	if wire.ID == "" || wire.Key == "" || wire.FirstObjectKey == "" || wire.SecondObjectKey == "" {
		return Association{}, errors.New("an association lacks its id, its key or an object key")
	}
	return Association(wire), checkIDs(wire.ID, wire.LocationID, wire.AssociationType)
}

func relationRow(raw json.RawMessage) (Relation, error) {
	var wire relationWire
	if err := json.Unmarshal(raw, &wire); err != nil {
		return Relation{}, unquotedJSON(err)
	}
	if wire.ID == "" || wire.AssociationID == "" || wire.FirstRecordID == "" || wire.SecondRecordID == "" {
		return Relation{}, errors.New("a relation lacks its id, its association or a record")
	}
	return Relation(wire), checkIDs(wire.ID, wire.LocationID, wire.AssociationID, wire.FirstRecordID, wire.SecondRecordID)
}

// unquotedJSON takes a number that is no text out of an error: it may be as long as the
// whole answer.
func unquotedJSON(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && len(wrong.Value) > 100 {
		return fmt.Errorf("the field %q is no text", wrong.Field)
	}
	return err
}

func decodeAssociation(body []byte) (Association, error) {
	return decodeOne(body, associationRow, "association", "associations")
}

func decodeRelation(body []byte) (Relation, error) {
	return decodeOne(body, relationRow, "relation", "relations")
}

// decodeOne reads a single object in any of the forms that have been seen: bare,
// wrapped under one of the names (or "data"), or as the only element of a list.
func decodeOne[T any](body []byte, row func(json.RawMessage) (T, error), names ...string) (T, error) {
	var none T
	if err := checkJSON(body); err != nil {
		return none, err
	}
	for range 4 { // wrappers within wrappers, bounded
		if list, isList, err := asList(body); isList {
			if err != nil || len(list) != 1 {
				return none, fmt.Errorf("a list of %d where one object was expected", len(list))
			}
			body = list[0]
			continue
		}
		inner, isWrapper := unwrap(body, append(names, "data"))
		if !isWrapper {
			return row(body)
		}
		body = inner
	}
	return none, errors.New("an object wrapped too deeply")
}

// listing is one page of a listing as received.
type listing[T any] struct {
	rows      []T
	malformed []digest
	total     int // of the listing; -1 if the server gave none
	size      int // of the page, in bytes
}

// digest stands for a row that is malformed, of whatever size.
type digest [sha256.Size]byte

func (l *listing[T]) take(list []json.RawMessage, row func(json.RawMessage) (T, error)) {
	for _, raw := range list {
		if value, err := row(raw); err == nil {
			l.rows = append(l.rows, value)
		} else {
			l.malformed = append(l.malformed, sha256.Sum256(raw))
		}
	}
}

// associationsOf reads a list of associations of a sub-account. A row that names another
// one is malformed: a listing of that proves nothing.
func associationsOf(locationID string) func(body []byte) (listing[Association], error) {
	row := func(raw json.RawMessage) (Association, error) {
		a, err := associationRow(raw)
		return a, askedLocation(err, a.LocationID, locationID)
	}
	return func(body []byte) (listing[Association], error) {
		return decodeList(body, row, "associations", "association")
	}
}

// relationsOf reads a list of the relations of a record. A row that does not link the
// record, or names another sub-account, is malformed.
func relationsOf(locationID, recordID string) func(body []byte) (listing[Relation], error) {
	row := func(raw json.RawMessage) (Relation, error) {
		r, err := relationRow(raw)
		err = asked(err, "records", r.FirstRecordID+", "+r.SecondRecordID, recordID, r.FirstRecordID == recordID || r.SecondRecordID == recordID)
		return r, askedLocation(err, r.LocationID, locationID)
	}
	return func(body []byte) (listing[Relation], error) { return decodeList(body, row, "relations", "relation") }
}

// errNoList is the error of decodeList for a single object.
var errNoList = errors.New("one object where a list was expected")

// decodeList reads a list in any of the forms that have been seen: bare, or wrapped
// under one of the names (or "data"). A malformed row is set apart, and fails nothing
// yet: only a read that rests on what the page does not hold is hurt by it.
func decodeList[T any](body []byte, row func(json.RawMessage) (T, error), names ...string) (listing[T], error) {
	page := listing[T]{total: -1, size: len(body)}
	if err := checkJSON(body); err != nil {
		return page, err
	}
	for range 4 {
		list, isList, err := asList(body)
		if isList {
			page.take(list, row)
			return page, err
		}
		inner, isWrapper := unwrap(body, append(names, "data"))
		if !isWrapper {
			return page, errNoList
		}
		page.total = max(page.total, totalOf(body))
		body = inner
	}
	return page, errors.New("a list wrapped too deeply")
}

// totalOf reads the total beside a list; -1 where there is none to rely on.
func totalOf(body []byte) int {
	var wire struct {
		Total *int `json:"total"`
	}
	if json.Unmarshal(body, &wire) != nil || wire.Total == nil || *wire.Total < 0 {
		return -1
	}
	return *wire.Total
}

// isAcknowledgement tells whether the answer to a change of the object with that id
// says that it came about, or nothing at all, and shows no row.
func isAcknowledgement(body []byte, id string) bool {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' && json.Valid(trimmed) {
		return true
	}
	var answer map[string]json.RawMessage
	if json.Unmarshal(body, &answer) != nil {
		return false
	}
	var about string
	if json.Unmarshal(answer["id"], &about) == nil && about != id {
		return false
	}
	for _, field := range []string{"key", "association", "associations", "data"} {
		if _, shows := answer[field]; shows {
			return false
		}
	}
	return true
}

// confirmations are the fields by which the API's endpoints confirm a deletion, with
// their own spellings.
var confirmations = []string{"deleted", "success", "succeeded", "succeded"} //nolint:misspell // the API's own

// confirmsDeletion reads the answer to the deletion of the object with that id. Only a
// plain confirmation counts. Any other JSON, or nothing at all, is no failure that a
// repeat would mend: it leaves open what became of the deletion. An edge's page is one.
func confirmsDeletion(id string) func(body []byte) (confirmed bool, err error) {
	return func(body []byte) (confirmed bool, err error) {
		if len(bytes.TrimSpace(body)) > 0 && !json.Valid(body) {
			return false, errors.New("the answer is not JSON")
		}
		var answer map[string]json.RawMessage
		_ = json.Unmarshal(body, &answer) // what is no object confirms nothing
		var about string
		if json.Unmarshal(answer["id"], &about) == nil && about != id {
			return false, nil
		}
		if reason, says := answer["error"]; says && string(reason) != "null" {
			return false, nil
		}
		for _, field := range confirmations {
			if value, says := answer[field]; says {
				if string(value) != "true" {
					return false, nil
				}
				confirmed = true
			}
		}
		return confirmed, nil
	}
}

// encode writes a request body: exactly the given fields, for the server refuses
// any other.
func encode(fields map[string]string) []byte {
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err) // unreachable: a map of strings always encodes
	}
	return body
}
