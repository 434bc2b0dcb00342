package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
)

// bodyField describes a required or optional field of a request body.
type bodyField struct {
	name     string
	optional bool                                            // the field may be missing or null
	check    func(name string, raw json.RawMessage) []string // returns the errors in the value
}

// orNone returns the field as optional.
func (f bodyField) orNone() bodyField {
	f.optional = true
	return f
}

// texts returns fields whose value must be a string that is not empty.
func texts(names ...string) []bodyField {
	fields := make([]bodyField, len(names))
	for i, name := range names {
		fields[i] = bodyField{name: name, check: func(name string, raw json.RawMessage) []string {
			var value string
			switch {
			case json.Unmarshal(raw, &value) != nil:
				return []string{name + " must be a string"}
			case value == "":
				return []string{emptyField(name)}
			}
			return nil
		}}
	}
	return fields
}

// anyText returns a field whose value must be a string, which may be empty.
func anyText(name string) bodyField { return of[string](name, "a string") }

// of returns a field whose value must be of type T. Error messages use the given name of the type.
func of[T any](name, called string) bodyField {
	return bodyField{name: name, check: func(name string, raw json.RawMessage) []string {
		var value T
		if json.Unmarshal(raw, &value) != nil {
			return []string{name + " must be " + called}
		}
		return nil
	}}
}

// objectOf returns a field whose value must be an object with the given fields.
func objectOf(name string, fields ...bodyField) bodyField {
	return bodyField{name: name, check: func(name string, raw json.RawMessage) []string {
		object, err := decodeObject(raw)
		if err != nil {
			return []string{name + " must be an object"}
		}
		return bodyProblems(fields, object, name+".")
	}}
}

// listOf returns a field whose value must be a list of objects with the given fields.
func listOf(name string, fields ...bodyField) bodyField {
	return bodyField{name: name, check: func(name string, raw json.RawMessage) (problems []string) {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return []string{name + " must be an array"}
		}
		for i, item := range list {
			problems = append(problems, objectOf("", fields...).check(fmt.Sprintf("%s.%d", name, i), item)...)
		}
		return problems
	}}
}

// bodyProblems returns the errors in a body, or in the nested object whose path is given by under.
func bodyProblems(fields []bodyField, body map[string]json.RawMessage, under string) (problems []string) {
	for _, name := range sortedKeys(body) {
		if !hasField(fields, name) {
			problems = append(problems, under+"property "+name+" should not exist")
		}
	}
	for _, f := range fields {
		raw, present := body[f.name]
		switch {
		case present && string(raw) != "null":
			problems = append(problems, f.check(under+f.name, raw)...)
		case !f.optional:
			problems = append(problems, emptyField(under+f.name))
		}
	}
	return problems
}

func hasField(fields []bodyField, name string) bool {
	return slices.ContainsFunc(fields, func(f bodyField) bool { return f.name == name })
}

func emptyField(field string) string {
	if field == fieldLocationID {
		return messageNoLocation
	}
	return field + " should not be empty"
}

// takeBody reads the body into the call and returns the errors in it.
func (c *call) takeBody(r *route, body map[string]json.RawMessage) []string {
	c.body, c.fields = body, map[string]string{}
	for name, raw := range body {
		var value string
		if json.Unmarshal(raw, &value) == nil {
			c.fields[name] = value
		}
	}
	return bodyProblems(r.body, body, "")
}

// read decodes a field of a checked body. If the body omits the field, the target does not change.
func (c *call) read(name string, to any) {
	if raw, sent := c.body[name]; sent {
		if err := json.Unmarshal(raw, to); err != nil {
			panic(fmt.Sprintf("sandbox: %v", err)) // the check accepted the value
		}
	}
}
