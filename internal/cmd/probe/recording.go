package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// recording is a call and its answer.
type recording struct {
	group   string
	begun   time.Time
	request request
	answer  answer
}

// recorded is a recording as it is written to a file: with pseudonyms, and without headers that identify the caller.
type recorded struct {
	Seconds float64           `json:"seconds"` // time since the first call
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Query   map[string]string `json:"query,omitempty"`
	Version string            `json:"version"`
	Body    any               `json:"body,omitempty"`
	Status  int               `json:"status"`
	Header  map[string]string `json:"header"`
	Answer  any               `json:"answer,omitempty"` // JSON
	Text    string            `json:"text,omitempty"`   // any other answer
}

// pathWords are the path elements that are neither ids nor keys.
var pathWords = strings.Fields(`associations relations key objectKey objects records search custom-fields object-key folder locations customValues
	oauth locationToken installedLocations`)

func (c recording) redacted(r *redactor, first time.Time) recorded {
	shown := recorded{
		Seconds: c.begun.Sub(first).Round(time.Millisecond).Seconds(),
		Method:  c.request.method, Path: redactedPath(c.request.path, r), Version: apiVersion,
		Status: c.answer.status, Header: map[string]string{},
	}
	if c.request.version != "" {
		shown.Version = c.request.version
	}
	shown.Query = redactedValues(c.request.query, r)
	shown.Body = redactedBody(c.request, r)
	for _, name := range append([]string{"Content-Type"}, rateHeaders...) {
		if value := c.answer.header.Get(name); digits.MatchString(value) || mediaType.MatchString(value) {
			shown.Header[name] = value
		}
	}
	var body any
	if json.Unmarshal(c.answer.body, &body) == nil {
		shown.Answer = r.value("", body)
	} else if text := []rune(r.text(string(c.answer.body))); len(text) > 0 {
		shown.Text = string(text[:min(len(text), 200)])
	}
	return shown
}

func redactedPath(path string, r *redactor) string {
	elements := strings.Split(path, "/")
	for i, element := range elements {
		if id, err := url.PathUnescape(element); err == nil && element != "" && !slices.Contains(pathWords, element) {
			elements[i] = url.PathEscape(r.hidden("", id))
		}
	}
	return strings.Join(elements, "/")
}

func redactedValues(values url.Values, r *redactor) map[string]string {
	shown := map[string]string{}
	for name := range values {
		text := values.Get(name)
		if !slices.Contains(openNumbers, name) && name != "isInstalled" {
			text = r.hidden(name, text)
		}
		shown[name] = text
	}
	return shown
}

func redactedBody(sent request, r *redactor) any {
	if sent.form != nil {
		return redactedValues(sent.form, r)
	}
	if sent.body == nil {
		return nil
	}
	var body any
	if encoded, err := json.Marshal(sent.body); err != nil || json.Unmarshal(encoded, &body) != nil {
		return nil // cannot happen: the body was encoded when it was sent
	}
	return r.value("", body)
}

// writeRecordings writes one file for each group of questions. Each file name begins with the group's number.
func (a *account) writeRecordings(folder string) error {
	var order []string
	byGroup := map[string][]recorded{}
	for _, c := range a.api.recordings {
		if !slices.Contains(order, c.group) {
			order = append(order, c.group)
		}
		byGroup[c.group] = append(byGroup[c.group], c.redacted(a.api.redactor, a.api.recordings[0].begun))
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("unable to write the recordings: %w", err)
	}
	for i, group := range order {
		text, err := json.MarshalIndent(byGroup[group], "", "  ")
		if err == nil {
			err = a.api.redactor.leak(string(text))
		}
		if err == nil {
			name := fmt.Sprintf("%02d-%s.json", i, strings.ReplaceAll(group, " ", "-"))
			err = os.WriteFile(filepath.Join(folder, name), append(text, '\n'), 0o600)
		}
		if err != nil {
			return fmt.Errorf("unable to write the recordings: %w", err)
		}
	}
	return nil
}
