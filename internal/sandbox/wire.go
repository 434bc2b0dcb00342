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

// Association types as on the wire.
const (
	UserDefined   = "USER_DEFINED"
	SystemDefined = "SYSTEM_DEFINED"
)

// Association is a kind of link between two objects, as stored and as on the wire.
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

// Relation links two records under an association, as stored and as on the wire.
type Relation struct {
	ID              string `json:"id"`
	AssociationID   string `json:"associationId"`
	FirstObjectKey  string `json:"firstObjectKey,omitempty"`
	FirstRecordID   string `json:"firstRecordId"`
	SecondObjectKey string `json:"secondObjectKey,omitempty"`
	SecondRecordID  string `json:"secondRecordId"`
	LocationID      string `json:"locationId"`
}

// deletion is the answer of DELETE.
type deletion struct {
	Deleted bool   `json:"deleted"`
	ID      string `json:"id"`
	Message string `json:"message"`
}

// apiError is the error body of the API. Message is a text, or a list of texts if the form of the request is refused.
type apiError struct {
	StatusCode int    `json:"statusCode"`
	Message    any    `json:"message"`
	Error      string `json:"error,omitempty"`
	TraceID    string `json:"traceId,omitempty"`
}

// answer is the answer to a client, and how it is sent.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	page      *page // the rows of a list until they are encoded into body
	committed bool  // a write took effect
	noQuota   bool  // no X-RateLimit headers, as from the edge

	reset    bool          // the connection breaks, without an answer
	promised int           // Content-Length to declare if it is more than the length of body
	delay    time.Duration // before the answer
	trickle  time.Duration // time that the body is spread over
}

// page is a list answer.
type page struct {
	rows  []any
	total int
	name  string // the wrapping field; "" answers a bare array
	count bool   // total is sent
	field string // that it is sent in; "" is total
	also  *page  // a second list in the answer

	pagination *pagination // is sent instead of the total
}

// objectAnswer is the answer with one object, wrapped in a field of that name if a quirk says so.
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

// textAnswer answers as the edge in front of the API does.
func textAnswer(status int, contentType, body string) answer {
	return answer{
		status:  status,
		header:  http.Header{"Content-Type": {contentType}, "Server": {"cloudflare"}},
		body:    []byte(body),
		noQuota: true,
	}
}

// encode turns a page into a body.
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
		p.pagination.Total = p.total // a fault may have changed it
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

// encodeObject encodes as JavaScript does: no escapes for HTML.
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

// decodeForm reads a form as if it were an object of texts. A field that is sent twice is a list, which no field is.
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

// decode reads a body in the form that the route takes. Without a route, that is JSON.
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
