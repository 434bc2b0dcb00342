package sandbox

import (
	"fmt"
	"net/http"
	"strings"
)

// fieldSucceeded acknowledges the deletions of custom values, fields and folders, in the API's own spelling.
const fieldSucceeded = "succeded" //nolint:misspell // so the API has it

// succeeded is the answer to these deletions.
type succeeded struct {
	Succeeded bool   `json:"succeded"` //nolint:misspell // so the API has it
	ID        string `json:"id,omitempty"`
	Key       string `json:"key,omitempty"`
}

// kind is how the answers about one kind of thing differ from those about another. Associations and relations, whose answers
// differ in more, have none.
type kind struct {
	name    string // of the field that one is wrapped in
	missing string // the message if there is none; KEY is replaced by the requested key
	deleted string // the field in which a deletion says that it succeeded
}

// kindOf is a kind of which a sub-account holds rows. Its functions that may be nil are for kinds that do more.
type kindOf[T any] struct {
	*kind

	rows     func(l *subAccount) *rows[T]
	ids      func(row *T) (id, locationID *string)
	madeUp   func(row *T)                            // turns a row into one that nobody made
	complete func(s *Sandbox, row *T)                // gives a new row the fields that it lacks; may be nil
	find     func(l *subAccount, by string) *T       // the row that a caller in Go means; nil finds it by its id
	shows    func(row T) bool                        // whether a row was made by a client; nil if all were
	added    func(s *Sandbox, l *subAccount, row *T) // completes what a caller in Go added; may be nil
	remove   func(l *subAccount, row T)              // removes a row with everything that belongs to it; nil removes only the row
}

// add stores a row. Without an id it gets one. It panics when the id is taken.
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

// at handles a route with the row whose id is at the end of the path. If no row has it, the answer is that it does not exist.
func (k *kindOf[T]) at(handle func(*Sandbox, *call, *T) answer) func(*Sandbox, *call) answer {
	return func(s *Sandbox, c *call) answer {
		row := k.rows(c.account).get(c.param)
		if row == nil {
			return c.none(k.kind)
		}
		return handle(s, c, row)
	}
}

// shown is a row as an answer has it: if a fault orders it, the oldest other one or one that nobody made.
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

// none answers that nothing has the requested id or key.
func (k *kind) none(q Quirks, param, traceID string) answer {
	status := http.StatusNotFound
	if q.MissingKindIs400 {
		status = http.StatusBadRequest
	}
	return errorAnswer(status, strings.ReplaceAll(k.missing, "KEY", param), traceID)
}

// none answers that nothing has the id or key in the path.
func (c *call) none(k *kind) answer { return k.none(c.quirks, c.param, c.traceID) }

// wrapped answers one of a kind, in a field of that name unless a quirk selects the bare form.
func (c *call) wrapped(status int, name string, v any) answer {
	q := c.quirks
	q.WrapObjects = !q.WrapObjects
	return objectAnswer(q, status, name, v)
}
