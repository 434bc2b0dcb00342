package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// call is a request that the API is about to answer, with what its checks have read from it. Handlers see nothing else.
type call struct {
	account  *subAccount // the token's; nil where it is an agency's
	agency   *agency     // likewise
	quirks   Quirks
	param    string            // the variable element of the path
	fields   map[string]string // of the body
	query    url.Values        // where it holds more than what follows
	skip     int
	limit    int
	reversed bool     // the listing stands in reverse
	wanted   []string // association ids to list relations of; empty lists all
	traceID  string
}

// inOrder is the rows of a listing as this call meets them.
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

// refuse answers an error with one text.
func (c *call) refuse(status int, message string) answer {
	return errorAnswer(status, message, c.traceID)
}

// refuseForm answers that the form of the request is wrong.
func (c *call) refuseForm(messages ...string) answer {
	return errorAnswer(http.StatusUnprocessableEntity, messages, c.traceID)
}

// missing answers that what the request names is not there.
func (c *call) missing(message string) answer {
	if c.quirks.MissingIs400 {
		return c.refuse(http.StatusBadRequest, message)
	}
	return c.refuse(http.StatusNotFound, message)
}

// errorAnswer is an error in the API's own form. Message is a text or a list of texts.
func errorAnswer(status int, message any, traceID string) answer {
	return jsonAnswer(status, encodeObject(apiError{
		StatusCode: status, Message: message, Error: statusText(status), TraceID: traceID,
	}, false))
}

// cannot answers as the API's web framework does where it knows no route.
func cannot(method, uri string) answer {
	return errorAnswer(http.StatusNotFound, fmt.Sprintf("Cannot %s %s", method, uri), "")
}
