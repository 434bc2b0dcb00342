package ghl

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
)

// object is what endpoints return, singly or in lists. Its JSON may have unknown fields.
type object interface {
	wrappers() []string // the names under which answers wrap the object or a list of it; "data" is always another
	identify() (id string, systemDefined bool)
	check() error // the error says what is missing
}

// decode reads an object. about checks that it is the one that was asked for.
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

// asked checks an answer against the question. An answer about something else is worthless
// and is never stored.
func asked(what, got, wanted string, fits bool) error {
	switch {
	case fits:
		return nil
	case len(got) > maxMessage:
		return fmt.Errorf("the answer is about a text of %d bytes, but the question was about the %s %q", len(got), what, wanted)
	default:
		return fmt.Errorf("the answer is about the %s %q, but the question was about %q", what, got, wanted)
	}
}

// askedLocation checks an answer against the question's sub-account. It accepts an answer
// that names no sub-account.
func askedLocation(got, wanted string) error {
	return asked("sub-account", got, wanted, got == "" || got == wanted)
}

// checkServed returns an error if the answer to r is about another sub-account. r names
// none: the token decides, and so serves that other one.
func (r request) checkServed(locationID string) error {
	if askedLocation(locationID, r.locationID) == nil {
		return nil
	}
	failure := r.fail(Forbidden, nil)
	failure.Message = fmt.Sprintf("the token serves sub-account %q, not %q", locationID, r.locationID)
	return failure
}

// one reads a single object in any form seen so far: bare, wrapped, or as the only element
// of a list.
func one[T object](about func(T) error) func(body []byte) (T, error) {
	return func(body []byte) (T, error) {
		var none T
		if err := checkJSON(body); err != nil {
			return none, err
		}
		for range 4 { // bounds wrappers within wrappers
			if elements, isList, err := asList(body); isList {
				if err != nil || len(elements) != 1 {
					return none, fmt.Errorf("a list of %d elements, but one object was expected", len(elements))
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
		return none, errors.New("an object wrapped too deeply")
	}
}

// listing is one page of a listing as received.
type listing[T any] struct {
	rows      []T
	malformed []digest
	total     int // of the listing; -1 if the server sent none
	size      int // of the page, in bytes
}

// digest identifies a malformed row of any size.
type digest [sha256.Size]byte

// errNoList is list's error for a single object.
var errNoList = errors.New("one object, but a list was expected")

// list reads a list in any form seen so far: bare or wrapped. It sets a malformed row aside
// without an error: the row matters only to a read that relies on the absence of a row. A
// row about something other than what was asked for is malformed.
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
		return page, errors.New("a list wrapped too deeply")
	}
}

// totalOf reads the total beside a list; -1 if there is no reliable one.
func totalOf(body []byte) int {
	var wire struct {
		Total *int `json:"total"`
	}
	if json.Unmarshal(body, &wire) != nil || wire.Total == nil || *wire.Total < 0 {
		return -1
	}
	return *wire.Total
}

// updated reads the answer to a change of the object with that id. The row is nil if the
// answer is empty, or confirms the change without showing the row. Read the object back
// then to learn what is stored.
func updated[T object](id string, about func(T) error) func(body []byte) (*T, error) {
	return func(body []byte) (*T, error) {
		if isAcknowledgement[T](body, id) {
			return nil, nil
		}
		row, err := one(about)(body)
		return &row, err
	}
}

// isAcknowledgement reports whether the answer to a change of the object with that id shows
// no row, and either confirms the change or is empty.
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

// confirmations are the fields by which the API's endpoints confirm a deletion, in the
// API's own spelling.
var confirmations = []string{"deleted", "success", "succeeded", "succeded"} //nolint:misspell // the API's own

// confirmsDeletion reads the answer to the deletion of the object with that id. Only an
// explicit confirmation counts. Any other JSON, or an empty answer, is not a failure that a
// retry could fix: it leaves the outcome open. A page from the edge is a failure.
func confirmsDeletion(id string) func(body []byte) (confirmed bool, err error) {
	return func(body []byte) (confirmed bool, err error) {
		if len(bytes.TrimSpace(body)) > 0 && !json.Valid(body) {
			return false, errors.New("the answer is not JSON")
		}
		var answer map[string]json.RawMessage
		_ = json.Unmarshal(body, &answer) // anything but an object confirms nothing
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
