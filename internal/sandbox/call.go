package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// call is a checked and decoded request. It is all that a handler gets.
type call struct {
	account  *subAccount // owner of the token; nil for the token of an agency
	agency   *agency     // owner of the token; nil for the token of a sub-account
	quirks   Quirks
	vars     map[string]string // variable elements of the path, by name
	param    string            // the last variable element of the path
	body     map[string]json.RawMessage
	fields   map[string]string // the string fields of the body
	query    url.Values        // the whole query
	skip     int
	limit    int
	reversed bool     // the listing is in reverse order
	foreign  bool     // an answer with one object returns another object
	v3       bool     // the route is for agencies, and the answer has the form of version v3
	wanted   []string // list only relations under these association ids; if empty, list all
	traceID  string
}

// inOrder returns the rows of a listing, reversed if a fault requires it.
func inOrder[T any](c *call, rows []T) []T {
	if !c.reversed {
		return rows
	}
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	return rows
}

func (c *call) asksFor(associationID string) bool {
	return len(c.wanted) == 0 || slices.Contains(c.wanted, associationID)
}

// refuse returns an error answer with one message.
func (c *call) refuse(status int, message string) answer {
	return errorAnswer(status, message, c.traceID)
}

// refuseForm returns a 422 answer: the request is malformed.
func (c *call) refuseForm(messages ...string) answer {
	return errorAnswer(http.StatusUnprocessableEntity, messages, c.traceID)
}

// noAssociation returns the answer for an association that does not exist.
func (c *call) noAssociation() answer { return missing(c.quirks, nameAssociation, c.traceID) }

// noRelation returns the answer for a relation that does not exist.
func (c *call) noRelation() answer { return missing(c.quirks, nameRelation, c.traceID) }

// missing returns the answer for an association or a relation that does not exist.
func missing(q Quirks, name, traceID string) answer {
	status, message := http.StatusBadRequest, messageNoAssociation
	if name == nameRelation {
		message = messageNoRelation
	}
	if name == nameAssociation && q.MissingIs404 || name == nameRelation && !q.MissingRelationIs400 {
		status = http.StatusNotFound
	}
	return errorAnswer(status, message, traceID)
}

// errorAnswer returns an error in the API's own form. The message is a string or a list of strings.
func errorAnswer(status int, message any, traceID string) answer {
	return jsonAnswer(status, encodeObject(apiError{
		StatusCode: status, Message: message, Error: statusText(status), TraceID: traceID,
	}, false))
}

// cannot returns the error that the API's web framework sends for an unknown route.
func cannot(method, uri string) answer {
	return errorAnswer(http.StatusNotFound, fmt.Sprintf("Cannot %s %s", method, uri), "")
}
