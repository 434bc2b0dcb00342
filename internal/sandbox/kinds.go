package sandbox

import (
	"net/http"
	"strings"
)

// fieldSucceeded acknowledges the deletions of custom values, fields and folders, in the API's own spelling.
const fieldSucceeded = "succeded" //nolint:misspell // so the API has it

// succeeded is what such a deletion answers.
type succeeded struct {
	Succeeded bool   `json:"succeded"` //nolint:misspell // so the API has it
	ID        string `json:"id,omitempty"`
	Key       string `json:"key,omitempty"`
}

// kind is how answers tell one kind of thing from another. Associations and relations, whose answers differ in more, have none.
type kind struct {
	name    string // of the field that one is wrapped in
	missing string // the message where there is none; KEY stands for what it was asked for by
	deleted string // the field by which a deletion tells that it was carried out
}

// none answers that what was asked for by an id or key does not exist.
func (k *kind) none(q Quirks, param, traceID string) answer {
	status := http.StatusNotFound
	if q.MissingKindIs400 {
		status = http.StatusBadRequest
	}
	return errorAnswer(status, strings.ReplaceAll(k.missing, "KEY", param), traceID)
}

// none answers that what the path names does not exist.
func (c *call) none(k *kind) answer { return k.none(c.quirks, c.param, c.traceID) }

// wrapped answers one of a kind, in a field of that name unless a quirk says otherwise.
func (c *call) wrapped(status int, name string, v any) answer {
	q := c.quirks
	q.WrapObjects = !q.WrapObjects
	return objectAnswer(q, status, name, v)
}
