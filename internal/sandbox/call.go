package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// call is a request that the API is about to answer, with what its checks have read from it. Handlers see nothing else.
type call struct {
	account  *subAccount // of the token; nil if it is an agency's
	agency   *agency     // of the token; nil if it is a sub-account's
	quirks   Quirks
	vars     map[string]string // variable elements of the path, by name
	param    string            // the last of them
	body     map[string]json.RawMessage
	fields   map[string]string // its texts
	query    url.Values        // the whole of it
	skip     int
	limit    int
	reversed bool     // the listing is in reverse order
	foreign  bool     // a single object is answered with another one
	v3       bool     // an agency's route answers in the form of version v3
	wanted   []string // association ids to list relations of; empty lists all
	traceID  string
}

// inOrder is the rows of a listing in the order that this call sees.
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

// refuse answers with an error that has one message.
func (c *call) refuse(status int, message string) answer {
	return errorAnswer(status, message, c.traceID)
}

// refuseForm answers that the form of the request is wrong.
func (c *call) refuseForm(messages ...string) answer {
	return errorAnswer(http.StatusUnprocessableEntity, messages, c.traceID)
}

// noAssociation answers that the association does not exist.
func (c *call) noAssociation() answer { return missing(c.quirks, nameAssociation, c.traceID) }

// noRelation answers that the relation does not exist.
func (c *call) noRelation() answer { return missing(c.quirks, nameRelation, c.traceID) }

// missing answers that an association or a relation does not exist.
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

// errorAnswer is an error in the API's own form. Message is a text or a list of texts.
func errorAnswer(status int, message any, traceID string) answer {
	return jsonAnswer(status, encodeObject(apiError{
		StatusCode: status, Message: message, Error: statusText(status), TraceID: traceID,
	}, false))
}

// cannot answers as the API's web framework does if it has no such route.
func cannot(method, uri string) answer {
	return errorAnswer(http.StatusNotFound, fmt.Sprintf("Cannot %s %s", method, uri), "")
}
