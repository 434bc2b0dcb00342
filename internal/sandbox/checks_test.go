package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	for _, test := range []struct {
		header, value string
		status        int
		want          string
	}{
		{"Version", "", 401, `"message":"version header was not found."`},
		{"Version", "2020-01-01", 400, `{"statusCode":400,"message":"Invalid API version segment '2020-01-01' at position 0","error":"Bad Request","traceId":"`},
		{"Version", "2021-04-15", 200, ""},
		{"Version", "2023-02-21", 200, ""},
		{"Version", "v3", 200, ""},
		{"User-Agent", "", 403, "error code: 1010"},
		{"User-Agent", "Go-http-client/1.1", 403, "error code: 1010"},
		{"Authorization", "", 401, `{"statusCode":401,"message":"Invalid JWT","error":"Unauthorized","traceId":"`},
		{"Authorization", schoolToken, 401, "Invalid JWT"},
		{"Authorization", "Bearer ", 401, "Invalid JWT"},
		{"Authorization", "Bearer pit-unknown", 401, "Invalid Private Integration token"},
		{"Authorization", "Bearer " + officeToken, 403, `"message":"The token does not have access to this location."`},
	} {
		r := c.with(test.header, test.value).want("GET", page100, "", test.status, test.want)
		if plain := strings.HasPrefix(r.header.Get("Content-Type"), "text/plain"); plain != (test.want == "error code: 1010") {
			t.Errorf("%s %q: Content-Type %s", test.header, test.value, r.header.Get("Content-Type"))
		}
	}
}

func TestQuirkWrongVersionIs401(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{WrongVersionIs401: true}})
	c.with("Version", "2020-01-01").want("GET", page100, "", 401, `"message":"version header is invalid"`)
	c.with("Version", "2021-04-15").want("GET", page100, "", 200, "")
}

func TestContentType(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	body := associationBody("k", "contact", "A", "contact", "B")
	for value, status := range map[string]int{"": 422, "text/plain": 422, "application/x-www-form-urlencoded": 422} {
		c.with("Content-Type", value).want("POST", "/associations/", body, status, "Content-Type must be application/json")
	}
	c.with("Content-Type", "application/json; charset=utf-8").want("POST", "/associations/", body, 201, "")
}

func TestForms(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	noLocation := "[\"LocationId can't be undefined\"]"
	for _, test := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/associations/?skip=0&limit=10", "", 422, noLocation},
		{"GET", "/associations/?locationId=&skip=0&limit=10", "", 422, noLocation},
		{"GET", "/associations/?locationId=school&limit=10", "", 422, `["skip should not be empty"]`},
		{"GET", "/associations/?locationId=school&skip=0", "", 422, `["limit should not be empty"]`},
		{"GET", "/associations/?locationId=school&skip=-1&limit=ten", "", 422, `["skip must be a non-negative integer","limit must be a non-negative integer"]`},
		{"GET", "/associations/?locationId=school&skip=0&skip=1&limit=1", "", 422, `["skip must be a non-negative integer"]`},
		{"GET", page100 + "&page=2&offset=3", "", 422, `["property offset should not exist","property page should not exist"]`},
		{"GET", page100 + "&limit%5B%5D=3", "", 422, `["property limit[] should not exist"]`},
		{"GET", page100 + "&associationIds=a", "", 422, `["property associationIds should not exist"]`},
		{"GET", "/associations/?locationId=%zz", "", 400, "Malformed query"},
		{"GET", "/associations/key/k", "", 422, noLocation},
		{"GET", "/associations/key/k?locationId=office", "", 403, "The token does not have access"},
		{"GET", "/associations/objectKey/k", "", 422, noLocation},
		{"GET", "/associations/relations/x?skip=0&limit=1", "", 422, noLocation},
		{"GET", "/associations/relations/x?locationId=school", "", 422, `["skip should not be empty","limit should not be empty"]`},
		{"GET", "/associations/relations/x?locationId=office&skip=0&limit=1", "", 403, "The token does not have access"},
		{"DELETE", "/associations/relations/x", "", 422, noLocation},
		{"DELETE", "/associations/relations/x?locationId=office", "", 403, "The token does not have access"},
		{"GET", "/associations/" + id + "?locationId=school", "", 422, `["property locationId should not exist"]`},
		{"PUT", "/associations/" + id, `{"firstObjectLabel":"a"}`, 422, `["secondObjectLabel should not be empty"]`},
		{"PUT", "/associations/" + id, `{"firstObjectLabel":"a","secondObjectLabel":"b","key":"k"}`, 422, `["property key should not exist"]`},
		{"PUT", "/associations/" + id, `{"firstObjectLabel":7,"secondObjectLabel":null}`, 422, `["firstObjectLabel must be a string","secondObjectLabel should not be empty"]`},
		{"POST", "/associations/", `{"locationId":"school"}`, 422, `["key should not be empty","firstObjectLabel should not be empty",` +
			`"firstObjectKey should not be empty","secondObjectLabel should not be empty","secondObjectKey should not be empty"],` +
			`"error":"Unprocessable Entity","traceId":"`},
		{"POST", "/associations/", strings.Replace(associationBody("k", "a", "b", "c", "d"), `"locationId":"school",`, "", 1), 422, noLocation},
		{"POST", "/associations/", strings.Replace(associationBody("k", "a", "b", "c", "d"), "school", "office", 1), 403, "The token does not have access"},
		{"POST", "/associations/?locationId=school", associationBody("k", "a", "b", "c", "d"), 422, `["property locationId should not exist"]`},
		{"POST", "/associations/", `[]`, 400, "not a JSON object"},
		{"POST", "/associations/", `null`, 400, "not a JSON object"},
		{"POST", "/associations/", `{"key":`, 400, "not a JSON object"},
		{"POST", "/associations/", `{} {}`, 400, "not a JSON object"},
		{"POST", "/associations/relations", relationBody("", "a", "b"), 422, `["associationId should not be empty"]`},
		{"POST", "/associations/relations", `{"locationId":"school","associationId":"a","firstRecordId":"b","secondRecordId":"c","x":1}`, 422, `["property x should not exist"]`},
		{"POST", "/associations", associationBody("k", "a", "b", "c", "d"), 404, `{"statusCode":404,"message":"Cannot POST /associations","error":"Not Found"}`},
		{"GET", "/associations?locationId=school&skip=0&limit=1", "", 404, "Cannot GET /associations?locationId=school"},
		{"PATCH", "/associations/" + id, `{}`, 404, "Cannot PATCH /associations/" + id},
		{"GET", "/v1/associations/" + id, "", 404, "Cannot GET /v1/associations/" + id},
		{"GET", "/associations/key/", "", 404, "Cannot GET /associations/key/"},
		{"GET", "/", "", 404, "Cannot GET /"},
	} {
		c.want(test.method, test.path, test.body, test.status, test.want)
	}
	if rows := c.s.Associations(school); len(rows) != 1 || rows[0].FirstObjectLabel != "Student" {
		t.Errorf("a refused request changed something: %+v", rows)
	}
}

func TestOtherSubAccountsAreOutOfSight(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	relation := c.relate(id, "student-1", "teacher-1")
	foreign := c.with("Authorization", "Bearer "+officeToken)
	foreign.want("GET", "/associations/"+id, "", 400, "Association already deleted or not found")
	foreign.want("PUT", "/associations/"+id, `{"firstObjectLabel":"a","secondObjectLabel":"b"}`, 400, "Association already deleted or not found")
	foreign.want("DELETE", "/associations/"+id, "", 400, "Association already deleted or not found")
	foreign.want("DELETE", "/associations/relations/"+relation+"?locationId=office", "", 404, "Relation not found")
	foreign.want("GET", "/associations/relations/student-1?locationId=office&skip=0&limit=1", "", 200, `"relations":[]`)
	foreign.want("POST", "/associations/relations", strings.Replace(relationBody(id, "a", "b"), "school", "office", 1), 400, "Association already deleted or not found")
}

func TestTokensChange(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.want("GET", page100, "", 200, "")
	c.s.RevokeToken(school)
	c.want("GET", page100, "", 401, "Invalid JWT")
	c.s.SetToken(school, "fake-token-new")
	c.want("GET", page100, "", 401, "Invalid JWT")
	c.with("Authorization", "Bearer fake-token-new").want("GET", page100, "", 200, "")
	c.s.AddLocation(sandbox.Location{ID: "late", Token: "fake-token-late"})
	c.with("Authorization", "Bearer fake-token-late").want("GET", "/associations/?locationId=late&skip=0&limit=1", "", 200, `"total":4`)
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{Prefix: "/v1"})
	id := c.studentTeacher()
	c.want("GET", "/associations/"+id, "", 200, id)
	c.url = strings.TrimSuffix(c.url, "/v1")
	c.want("GET", "/associations/"+id, "", 404, "Cannot GET /associations/"+id)
	c.want("GET", "/v1/associations/"+id, "", 200, id)
	if got := c.s.Requests()[1].Route; got != "GET /associations/{id}" {
		t.Errorf("route %q", got)
	}
}

func TestBodyTooLarge(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.want("POST", "/associations/", associationBody("k", "contact", strings.Repeat("x", 2<<20), "contact", "B"), http.StatusRequestEntityTooLarge, "too large")
}

func TestMistakesInGoPanic(t *testing.T) {
	t.Parallel()
	for name, mistake := range map[string]func(*sandbox.Sandbox){
		"unknown sub-account": func(s *sandbox.Sandbox) { s.Associations("nowhere") },
		"same sub-account":    func(s *sandbox.Sandbox) { s.AddLocation(sandbox.Location{ID: school}) },
		"same token":          func(s *sandbox.Sandbox) { s.SetToken(office, schoolToken) },
		"same object key":     func(s *sandbox.Sandbox) { s.Objects().Add(sandbox.Object{LocationID: school, Key: "contact"}) },
		"same id": func(s *sandbox.Sandbox) {
			for range 2 {
				s.CustomValues().Add(sandbox.CustomValue{LocationID: school, ID: "v1"})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			mistake(inProcess(t, sandbox.Options{}).s)
		})
	}
}
