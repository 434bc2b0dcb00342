package ghl

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
)

// object is a type that endpoints return, alone or in a list. Unknown fields in its JSON
// are ignored.
type object interface {
	wrappers() []string // names of the fields in which answers wrap the object or a list of objects; "data" is always accepted too
	identify() (id string, systemDefined bool)
	check() error // the error says what is missing
}

// decode decodes one object. about checks that the object is the requested one.
func decode[T object](raw json.RawMessage, about func(T) error) (T, error) {
	var value, none T
	if err := json.Unmarshal(raw, &value); err != nil {
		return none, err
	}
	if err := cmp.Or(value.check(), about(value)); err != nil {
		return none, err
	}
	return value, nil
}

// asked checks that an answer is about what was requested. An answer about something else
// proves nothing and is never stored.
func asked(what, got, wanted string, fits bool) error {
	switch {
	case fits:
		return nil
	case len(got) > maxMessage:
		return fmt.Errorf("the answer contains a text of %d bytes instead of the %s %q", len(got), what, wanted)
	default:
		return fmt.Errorf("the answer is about the %s %q, but the request was about %q", what, got, wanted)
	}
}

// askedLocation checks that an answer is about the requested sub-account. It accepts an
// answer that names no sub-account.
func askedLocation(got, wanted string) error {
	return asked("sub-account", got, wanted, got == "" || got == wanted)
}

// checkServed returns an error if the answer to r is about another sub-account. Since r
// does not name a sub-account, the answer shows which sub-account the token serves.
func (r request) checkServed(locationID string) error {
	if askedLocation(locationID, r.locationID) == nil {
		return nil
	}
	failure := r.fail(Forbidden, nil)
	failure.Message = fmt.Sprintf("the token serves sub-account %q, not %q", locationID, r.locationID)
	return failure
}

// one returns a function that reads a single object in any form seen so far: bare, wrapped,
// or as the only element of a list.
func one[T object](about func(T) error) func(body []byte) (T, error) {
	return func(body []byte) (T, error) {
		var none T
		if err := checkJSON(body); err != nil {
			return none, err
		}
		for range 4 { // limits the nesting of wrappers
			if elements, isList, err := asList(body); isList {
				if err != nil || len(elements) != 1 {
					return none, fmt.Errorf("the answer is a list of %d elements, but one object was expected", len(elements))
				}
				body = elements[0]
				continue
			}
			inner, isWrapper := unwrap(body, none.wrappers())
			if !isWrapper {
				return decode(body, about)
			}
			body = inner
		}
		return none, errors.New("the object in the answer is wrapped too deeply")
	}
}

// listing is one page of a listing, as decoded from the answer.
type listing[T any] struct {
	rows      []T
	malformed []digest
	total     int // the server's total; -1 if the answer contains none
	size      int // the size of the page, in bytes
}

// digest is the hash that identifies a malformed row.
type digest [sha256.Size]byte

// errNoList is the error that list returns if the answer is a single object.
var errNoList = errors.New("the answer is one object, but a list was expected")

// list returns a function that reads a list in any form seen so far: bare or wrapped. A
// malformed row is not an error, because it matters only if the caller relies on the
// absence of a row. A row for which about returns an error counts as malformed.
func list[T object](about func(T) error) func(body []byte) (listing[T], error) {
	return func(body []byte) (listing[T], error) {
		page := listing[T]{total: -1, size: len(body)}
		if err := checkJSON(body); err != nil {
			return page, err
		}
		for range 4 {
			elements, isList, err := asList(body)
			if isList {
				for _, element := range elements {
					if row, err := decode(element, about); err == nil {
						page.rows = append(page.rows, row)
					} else {
						page.malformed = append(page.malformed, sha256.Sum256(element))
					}
				}
				return page, err
			}
			var none T
			inner, isWrapper := unwrap(body, none.wrappers())
			if !isWrapper {
				return page, errNoList
			}
			page.total = max(page.total, totalOf(body))
			body = inner
		}
		return page, errors.New("the list in the answer is wrapped too deeply")
	}
}

// totalOf returns the field "total" of an answer with a list, or -1 if the field is missing
// or invalid.
func totalOf(body []byte) int {
	var wire struct {
		Total *int `json:"total"`
	}
	if json.Unmarshal(body, &wire) != nil || wire.Total == nil || *wire.Total < 0 {
		return -1
	}
	return *wire.Total
}

// updated returns a function that reads the answer to an update of the object with that id.
// The row is nil if the answer does not contain it. In that case, read the object to find
// out what is stored.
func updated[T object](id string, about func(T) error) func(body []byte) (*T, error) {
	return func(body []byte) (*T, error) {
		if isAcknowledgement[T](body, id) {
			return nil, nil
		}
		row, err := one(about)(body)
		return &row, err
	}
}

// isAcknowledgement reports whether the answer to an update of the object with that id is
// empty, or confirms the update without containing the object.
func isAcknowledgement[T object](body []byte, id string) bool {
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
	var none T
	for _, field := range append(none.wrappers(), "key", "name", "data") {
		if _, shows := answer[field]; shows {
			return false
		}
	}
	return true
}

// confirmations are the names of the fields in which endpoints confirm a deletion, as the
// API spells them.
var confirmations = []string{"deleted", "success", "succeeded", "succeded"} //nolint:misspell // the API's spelling

// confirmsDeletion returns a function that reads the answer to the deletion of the object
// with that id. Only an explicit confirmation counts. Other JSON and an empty answer are
// not errors, because a retry would not help: the outcome is unknown. An HTML page from the
// edge is an error.
func confirmsDeletion(id string) func(body []byte) (confirmed bool, err error) {
	return func(body []byte) (confirmed bool, err error) {
		if len(bytes.TrimSpace(body)) > 0 && !json.Valid(body) {
			return false, errors.New("the answer is not JSON")
		}
		var answer map[string]json.RawMessage
		_ = json.Unmarshal(body, &answer) // only a JSON object can confirm the deletion
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
