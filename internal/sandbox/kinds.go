package sandbox

import (
	"fmt"
	"net/http"
	"strings"
)

// fieldSucceeded is the field that confirms the deletion of a custom value, field or folder, in the API's own spelling.
const fieldSucceeded = "succeded" //nolint:misspell // the API's spelling

// succeeded is the answer to the deletion of a custom value, field or folder.
type succeeded struct {
	Succeeded bool   `json:"succeded"` //nolint:misspell // the API's spelling
	ID        string `json:"id,omitempty"`
	Key       string `json:"key,omitempty"`
}

// kind describes how the answers about one kind of object differ from those about other kinds. Associations and relations have no
// kind, because their answers differ in more.
type kind struct {
	name    string // name of the field that wraps one object
	missing string // the message if the object does not exist; KEY is replaced by the requested key
	deleted string // the field of the answer that confirms a deletion
}

// kindOf is a kind that a sub-account stores as rows of type T. Functions that may be nil change the default behaviour.
type kindOf[T any] struct {
	*kind

	rows     func(l *subAccount) *rows[T]
	ids      func(row *T) (id, locationID *string)
	madeUp   func(row *T)                            // turns a row into an invented one
	complete func(s *Sandbox, row *T)                // sets missing fields of a new row; may be nil
	find     func(l *subAccount, by string) *T       // finds the row for a caller in Go; if nil, rows are found by id
	shows    func(row T) bool                        // reports whether a client created the row; if nil, clients created all rows
	added    func(s *Sandbox, l *subAccount, row *T) // completes a row that a caller in Go added; may be nil
	remove   func(l *subAccount, row T)              // removes a row with everything that belongs to it; if nil, only the row is removed
}

// add stores a row. If the id is empty, the row gets a new id. It panics if the id is taken.
func (k *kindOf[T]) add(s *Sandbox, l *subAccount, row T) *T {
	id, locationID := k.ids(&row)
	if k.rows(l).get(*id) != nil {
		panic(fmt.Sprintf("sandbox: %s id %q is taken", k.name, *id))
	}
	if *id == "" {
		*id = s.newID()
	}
	*locationID = l.id
	if k.complete != nil {
		k.complete(s, &row)
	}
	return k.rows(l).add(*id, row)
}

// at returns a handler that finds the row whose id is at the end of the path. If no row has the id, the handler answers that it
// does not exist.
func (k *kindOf[T]) at(handle func(*Sandbox, *call, *T) answer) func(*Sandbox, *call) answer {
	return func(s *Sandbox, c *call) answer {
		row := k.rows(c.account).get(c.param)
		if row == nil {
			return c.none(k.kind)
		}
		return handle(s, c, row)
	}
}

// shown returns the row for an answer. If a fault requires it, this is the oldest other row, or an invented row.
func (k *kindOf[T]) shown(c *call, row T) T {
	if !c.foreign {
		return row
	}
	id, _ := k.ids(&row)
	for _, other := range k.rows(c.account).all(k.shows) {
		if otherID, _ := k.ids(&other); *otherID != *id {
			return other
		}
	}
	*id = foreignID
	k.madeUp(&row)
	return row
}

// none returns the answer for an id or key that does not exist.
func (k *kind) none(q Quirks, param, traceID string) answer {
	status := http.StatusNotFound
	if q.MissingKindIs400 {
		status = http.StatusBadRequest
	}
	return errorAnswer(status, strings.ReplaceAll(k.missing, "KEY", param), traceID)
}

// none returns the answer if the id or key in the path does not exist.
func (c *call) none(k *kind) answer { return k.none(c.quirks, c.param, c.traceID) }

// wrapped returns an answer with one object, wrapped in the named field unless a quirk selects the bare form.
func (c *call) wrapped(status int, name string, v any) answer {
	q := c.quirks
	q.WrapObjects = !q.WrapObjects
	return objectAnswer(q, status, name, v)
}
