package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// row is a JSON object in an answer.
type row map[string]any

func (r row) text(name string) string {
	text, _ := r[name].(string) // anything but a string counts as missing
	return text
}

func (r row) id() string { return r.text("id") }

// parse returns the object in the field wrapper of an answer's body. If there is no such object, it returns the whole body.
func parse(body []byte, wrapper string) (found row, wrapped bool) {
	var whole row
	if json.Unmarshal(body, &whole) != nil {
		return nil, false
	}
	if inner, ok := whole[wrapper].(map[string]any); ok {
		return inner, true
	}
	return whole, false
}

// wrapping describes whether an answer wraps its object or not.
func wrapping(got answer, wrapper string) string {
	switch found, wrapped := parse(got.body, wrapper); {
	case wrapped:
		return "wrapped in `" + wrapper + "`"
	case found.id() != "":
		return "bare"
	default:
		return "another form"
	}
}

// list is a page of a listing.
type list struct {
	rows  []row
	bare  bool // the answer is an array
	valid bool // the answer is a list
	total *int
}

// parseList reads a page whose rows are in a bare array, or in the field that name specifies.
func parseList(body []byte, name string) list {
	var l list
	if json.Unmarshal(body, &l.rows) == nil && l.rows != nil {
		l.bare, l.valid = true, true
		return l
	}
	l.rows = nil
	var whole map[string]json.RawMessage
	if json.Unmarshal(body, &whole) != nil {
		return l
	}
	l.valid = json.Unmarshal(whole[name], &l.rows) == nil
	_ = json.Unmarshal(whole["total"], &l.total) // a total that is not a number is ignored
	return l
}

// acknowledgements are the known fields with which the API confirms a deletion or an update.
var acknowledgements = []string{"deleted", "succeded", "success", "id", "key", "message", "meta"} //nolint:misspell // the API spells it this way

// acknowledged describes how an answer confirms a deletion or an update.
func acknowledged(got answer) string {
	if !got.ok() {
		return "refused"
	}
	var whole row
	switch body := bytes.TrimSpace(got.body); {
	case len(body) == 0:
		return "no body"
	case json.Unmarshal(body, &whole) != nil:
		return "text that is not JSON"
	case len(whole) == 0:
		return "an empty object"
	}
	var shown []string
	for _, name := range acknowledgements {
		value, present := whole[name]
		if flag, isFlag := value.(bool); isFlag {
			shown = append(shown, fmt.Sprintf("`%s: %t`", name, flag))
		} else if present {
			shown = append(shown, "`"+name+"`")
		}
	}
	if len(shown) == 0 {
		return "another form"
	}
	return strings.Join(shown, ", ")
}

var (
	// associationFields are the documented and recorded fields of an association, except limitFields.
	associationFields = []string{
		"locationId", "id", "key", "firstObjectKey", "firstObjectLabel", "secondObjectKey", "secondObjectLabel", "associationType",
	}
	limitFields = []string{
		"firstObjectToSecondObjectCardinality", "secondObjectToFirstObjectCardinality",
		"firstObjectToSecondObjectMaxLimit", "secondObjectToFirstObjectMaxLimit", "traceId",
	}
)

// fieldsBeside lists the unknown fields of a row. A name that is not an identifier may be personal data, so it is hidden.
func fieldsBeside(r row, known ...string) string {
	var names []string
	for name := range r {
		if !slices.Contains(known, name) {
			if !identifier.MatchString(name) {
				name = "…"
			}
			names = append(names, "`"+name+"`")
		}
	}
	slices.Sort(names)
	return orNone(names)
}

// fieldsAmong lists the known fields that a row has.
func fieldsAmong(r row, known []string) string {
	var names []string
	for _, name := range known {
		if _, present := r[name]; present {
			names = append(names, "`"+name+"`")
		}
	}
	return orNone(names)
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
