package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Association types in requests and answers.
const (
	UserDefined   = "USER_DEFINED"
	SystemDefined = "SYSTEM_DEFINED"
)

// Association is an association between two objects. The stored form is also the JSON form.
type Association struct {
	LocationID        string `json:"locationId"`
	ID                string `json:"id"`
	Key               string `json:"key"`
	FirstObjectKey    string `json:"firstObjectKey"`
	FirstObjectLabel  string `json:"firstObjectLabel"`
	SecondObjectKey   string `json:"secondObjectKey"`
	SecondObjectLabel string `json:"secondObjectLabel"`
	AssociationType   string `json:"associationType"`
}

// Relation relates two records under an association. The stored form is also the JSON form.
type Relation struct {
	ID              string `json:"id"`
	AssociationID   string `json:"associationId"`
	FirstObjectKey  string `json:"firstObjectKey,omitempty"`
	FirstRecordID   string `json:"firstRecordId"`
	SecondObjectKey string `json:"secondObjectKey,omitempty"`
	SecondRecordID  string `json:"secondRecordId"`
	LocationID      string `json:"locationId"`
}

// deletion is the answer to DELETE.
type deletion struct {
	Deleted bool   `json:"deleted"`
	ID      string `json:"id"`
	Message string `json:"message"`
}

// apiError is the error body of the API. Message is a string, or a list of strings if the request is malformed.
type apiError struct {
	StatusCode int    `json:"statusCode"`
	Message    any    `json:"message"`
	Error      string `json:"error,omitempty"`
	TraceID    string `json:"traceId,omitempty"`
}

// answer is an answer to a client, with the way to send it.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	page      *page // the rows of a list until they are encoded into body
	committed bool  // whether a write took effect
	noQuota   bool  // no X-RateLimit headers, as in answers of the edge

	reset    bool          // break the connection without an answer
	promised int           // Content-Length to send if it is greater than the length of body
	delay    time.Duration // before the answer
	trickle  time.Duration // time over which the body is sent
}

// page is an answer with a list.
type page struct {
	rows  []any
	total int
	name  string // name of the field that contains the list; if empty, the answer is a bare array
	count bool   // whether the total is sent
	field string // name of the field that contains the total; "" means total
	also  *page  // a second list in the answer

	pagination *pagination // sent instead of the total
}

// objectAnswer returns an answer with one object. A quirk wraps the object in the named field.
func objectAnswer(q Quirks, status int, name string, v any) answer {
	body := encodeObject(v, q.UnknownFields)
	if q.WrapObjects && name != "" {
		body = encodeObject(map[string]json.RawMessage{name: body}, q.UnknownFields)
	}
	return jsonAnswer(status, body)
}

func jsonAnswer(status int, body []byte) answer {
	return answer{
		status: status,
		header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		body:   body,
	}
}

// textAnswer returns an answer of the edge in front of the API.
func textAnswer(status int, contentType, body string) answer {
	return answer{
		status:  status,
		header:  http.Header{"Content-Type": {contentType}, "Server": {"cloudflare"}},
		body:    []byte(body),
		noQuota: true,
	}
}

// encode returns the JSON body of a page.
func (p *page) encode(unknownFields bool) []byte {
	var b bytes.Buffer
	if p.name != "" {
		fmt.Fprintf(&b, "{%q:", p.name)
	}
	p.encodeRows(&b, unknownFields)
	if p.name == "" {
		return b.Bytes()
	}
	if p.also != nil {
		fmt.Fprintf(&b, ",%q:", p.also.name)
		p.also.encodeRows(&b, unknownFields)
	}
	switch {
	case p.pagination != nil && p.count:
		p.pagination.Total = p.total // a fault may have changed the total
		fmt.Fprintf(&b, ",%q:%s", "pagination", encodeObject(p.pagination, unknownFields))
	case p.count:
		fmt.Fprintf(&b, ",%q:%d", cmp.Or(p.field, "total"), p.total)
	}
	b.WriteByte('}')
	return addUnknownFields(b.Bytes(), unknownFields)
}

func (p *page) encodeRows(b *bytes.Buffer, unknownFields bool) {
	b.WriteByte('[')
	for i, row := range p.rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(encodeObject(row, unknownFields))
	}
	b.WriteByte(']')
}

// encodeObject encodes a value without HTML escapes, as JavaScript does.
func encodeObject(v any, unknownFields bool) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("sandbox: %v", err)) // only types of this package are encoded
	}
	return addUnknownFields(bytes.TrimRight(b.Bytes(), "\n"), unknownFields)
}

func addUnknownFields(object []byte, unknownFields bool) []byte {
	if !unknownFields {
		return object
	}
	open := bytes.TrimSuffix(object, []byte("}"))
	return append(open, `,"__v":0,"sandboxUnknown":{"nested":[1,null,"two"]}}`...)
}

// decodeForm decodes a form as an object of strings. A field that is sent twice becomes a list, which every field refuses.
func decodeForm(body []byte) (map[string]json.RawMessage, error) {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	for name, list := range values {
		var value any = list
		if len(list) == 1 {
			value = list[0]
		}
		fields[name] = encodeObject(value, false)
	}
	return fields, nil
}

// decode decodes a body as a form if the route requires one, and otherwise as JSON.
func (r *route) decode(body []byte) (map[string]json.RawMessage, error) {
	if r != nil && r.form {
		return decodeForm(body)
	}
	return decodeObject(body)
}

func decodeObject(body []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	err := json.Unmarshal(body, &fields)
	return fields, err
}
