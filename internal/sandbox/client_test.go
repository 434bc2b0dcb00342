package sandbox_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	school      = "school"
	schoolToken = "fake-token-for-school"
	office      = "office"
	officeToken = "fake-token-for-office"
)

// client sends valid requests, unless a test changes its headers.
type client struct {
	t       *testing.T
	s       *sandbox.Sandbox
	url     string
	http    *http.Client
	headers map[string]string // replaces default headers; "" omits a header
}

// start runs a sandbox on a real port. It has two sub-accounts without associations of the platform.
func start(t *testing.T, o sandbox.Options) *client {
	t.Helper()
	s := sandbox.New(withLocations(o))
	t.Cleanup(s.Close)
	transport := &http.Transport{DisableKeepAlives: true}
	return &client{t: t, s: s, url: s.Start() + o.Prefix, http: &http.Client{Transport: transport}}
}

// inProcess starts the same sandbox without a network.
func inProcess(t *testing.T, o sandbox.Options) *client {
	t.Helper()
	s := sandbox.New(withLocations(o))
	return &client{t: t, s: s, url: "http://sandbox.invalid" + o.Prefix, http: &http.Client{Transport: s.Transport()}}
}

func withLocations(o sandbox.Options) sandbox.Options {
	if o.Locations == nil {
		o.Locations = []sandbox.Location{
			{ID: school, Token: schoolToken, NoSystemRows: true},
			{ID: office, Token: officeToken, NoSystemRows: true},
		}
	}
	return o
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (c *client) with(name, value string) *client {
	changed := *c
	changed.headers = map[string]string{}
	maps.Copy(changed.headers, c.headers)
	changed.headers[name] = value
	return &changed
}

func (c *client) try(method, path, body string) (reply, error) {
	c.t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, content)
	if err != nil {
		c.t.Fatal(err)
	}
	headers := map[string]string{
		"Authorization": "Bearer " + schoolToken, "Version": "2021-07-28", "User-Agent": "sandbox-test/1", "Accept": "application/json",
	}
	if body != "" {
		headers["Content-Type"] = "application/json"
	}
	maps.Copy(headers, c.headers)
	for name, value := range headers {
		r.Header.Set(name, value)
		if value == "" && name != "User-Agent" {
			r.Header.Del(name)
		}
	}
	response, err := c.http.Do(r)
	if err != nil {
		return reply{}, err
	}
	text, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(text)}, errors.Join(err, response.Body.Close())
}

func (c *client) do(method, path, body string) reply {
	c.t.Helper()
	r, err := c.try(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// want sends a request and checks the status and a part of the body.
func (c *client) want(method, path, body string, status int, part string) reply {
	c.t.Helper()
	r := c.do(method, path, body)
	if r.status != status || !strings.Contains(r.body, part) {
		c.t.Fatalf("%s %s: got %d %s\nwant %d …%s…", method, path, r.status, r.body, status, part)
	}
	return r
}

// create creates an association through the API and returns its id.
func (c *client) create(key, first, firstLabel, second, secondLabel string) string {
	c.t.Helper()
	r := c.want("POST", "/associations/", associationBody(key, first, firstLabel, second, secondLabel), 201, "")
	return text(c.t, r.body, "id")
}

// relate creates a relation through the API and returns its id.
func (c *client) relate(associationID, first, second string) string {
	c.t.Helper()
	return text(c.t, c.want("POST", "/associations/relations", relationBody(associationID, first, second), 201, "").body, "id")
}

func (c *client) studentTeacher() string {
	c.t.Helper()
	return c.create("student_teacher", "custom_objects.student", "Student", "custom_objects.teacher", "Teacher")
}

func associationBody(key, first, firstLabel, second, secondLabel string) string {
	return fmt.Sprintf(`{"locationId":"school","key":%q,"firstObjectKey":%q,"firstObjectLabel":%q,"secondObjectKey":%q,"secondObjectLabel":%q}`,
		key, first, firstLabel, second, secondLabel)
}

func relationBody(associationID, first, second string) string {
	return fmt.Sprintf(`{"locationId":"school","associationId":%q,"firstRecordId":%q,"secondRecordId":%q}`, associationID, first, second)
}

func object(t *testing.T, body string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return o
}

func text(t *testing.T, body, field string) string {
	t.Helper()
	value, ok := object(t, body)[field].(string)
	if !ok {
		t.Fatalf("no text %s in %s", field, body)
	}
	return value
}

// column returns one field of each row of a list.
func column(t *testing.T, body, list, field string) []string {
	t.Helper()
	rows, ok := object(t, body)[list].([]any)
	if !ok {
		t.Fatalf("no list %s in %s", list, body)
	}
	values := []string{}
	for _, row := range rows {
		fields, ok := row.(map[string]any)
		if !ok {
			t.Fatalf("row %v is not an object", row)
		}
		values = append(values, fmt.Sprint(fields[field]))
	}
	return values
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
}
