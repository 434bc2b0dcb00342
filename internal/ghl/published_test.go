package ghl

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// unpublished lists the mistakes of the published reference: requests and fields that it
// lacks, and fields that it wrongly requires.
var unpublished = map[string]string{
	"DELETE /objects/{key}":                 "recorded from the web application; the reference has no deletion of objects",
	"PUT /custom-fields/{id}.options[].key": "required by the schema, left out by its description",

	"POST /objects/{schemaKey}/records/search.filters": "documented in the guide that the endpoint's description mentions; missing from the schema",
	"POST /objects/{schemaKey}/records/search.query":   "required by the schema, but not sent with filters",
}

// published is the part of an OpenAPI document that describes requests.
type published struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name, In string
			Required bool
		}
		RequestBody struct {
			Content map[string]struct{ Schema schema }
		}
	}
	Components struct{ Schemas map[string]schema }
}

type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
	Required   []string
	Items      *schema
	AllOf      []schema
}

// reference reads the OpenAPI files from the folder in the variable TEST_REFERENCE. If the
// variable is not set, reference returns no documents.
var reference = sync.OnceValues(func() (documents []published, err error) {
	folder := os.Getenv("TEST_REFERENCE")
	if folder == "" {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.openapi.json"))
	if len(files) == 0 {
		return nil, fmt.Errorf("no OpenAPI files in %s: %w", folder, cmp.Or(err, os.ErrNotExist))
	}
	for _, file := range files {
		var document published
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &document)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		documents = append(documents, document)
	}
	return documents, nil
})

// wantPublished checks that the reference documents a request: its route, and the names in
// its query and its body.
func wantPublished(t *testing.T, method, uri, body string) {
	t.Helper()
	at, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := reference()
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range documents {
		for route, methods := range document.Paths {
			operation, ok := methods[strings.ToLower(method)]
			if !ok || !fitsRoute(route, at.EscapedPath()) {
				continue
			}
			allowed := map[string]bool{}
			for _, p := range operation.Parameters {
				if p.In == "query" {
					allowed[p.Name] = p.Required
				}
			}
			for name := range at.Query() {
				if _, ok := allowed[name]; !ok {
					t.Errorf("%s %s: the reference has no %s in the query", method, route, name)
				}
			}
			for name, required := range allowed {
				if required && !at.Query().Has(name) {
					t.Errorf("%s %s: the query lacks %s", method, route, name)
				}
			}
			for _, content := range operation.RequestBody.Content {
				document.wantBody(t, method+" "+route, content.Schema, json.RawMessage(body))
			}
			return
		}
	}
	for route := range unpublished {
		if known, path, _ := strings.Cut(route, " "); known == method && fitsRoute(path, at.EscapedPath()) {
			return
		}
	}
	if len(documents) > 0 {
		t.Errorf("the reference does not contain %s %s", method, uri)
	}
}

// fitsRoute reports whether a path matches a route. A variable in the route does not match
// a fixed word.
func fitsRoute(route, path string) bool {
	wanted, have := strings.Split(route, "/"), strings.Split(path, "/")
	if len(wanted) != len(have) {
		return false
	}
	for i, word := range wanted {
		isVariable := strings.HasPrefix(word, "{")
		if !isVariable && word != have[i] || isVariable && slices.Contains(fixedWords, have[i]) {
			return false
		}
	}
	return true
}

var fixedWords = []string{"", "relations", "folder", "key", "objectKey", "object-key"}

// wantBody checks recursively that a value has all required fields of its schema, and no
// unknown fields.
func (p published) wantBody(t *testing.T, where string, s schema, raw json.RawMessage) {
	t.Helper()
	for _, part := range s.AllOf {
		s = part
	}
	if s.Ref != "" {
		s = p.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	var list []json.RawMessage
	if s.Items != nil && json.Unmarshal(raw, &list) == nil {
		for _, item := range list {
			p.wantBody(t, where+"[]", *s.Items, item)
		}
	}
	var fields map[string]json.RawMessage
	if len(s.Properties) == 0 || json.Unmarshal(raw, &fields) != nil {
		return
	}
	for name, value := range fields {
		property, ok := s.Properties[name]
		if !ok && unpublished[where+"."+name] == "" {
			t.Errorf("%s: the reference has no field %s", where, name)
		}
		p.wantBody(t, where+"."+name, property, value)
	}
	for _, name := range s.Required {
		if _, ok := fields[name]; !ok && unpublished[where+"."+name] == "" {
			t.Errorf("%s: the body lacks %s", where, name)
		}
	}
}
