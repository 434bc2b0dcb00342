package sandbox_test

import (
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// both runs a test twice: over the network and in process.
func both(t *testing.T, test func(t *testing.T, c *client)) {
	t.Helper()
	t.Run("network", func(t *testing.T) {
		t.Parallel()
		test(t, start(t, sandbox.Options{}))
	})
	t.Run("in process", func(t *testing.T) {
		t.Parallel()
		test(t, inProcess(t, sandbox.Options{}))
	})
}

func TestAnswersInstead(t *testing.T) {
	t.Parallel()
	get := "GET /associations/{id}"
	for _, test := range []struct {
		name   string
		effect sandbox.Effect
		status int
		body   string
		header map[string]string
	}{
		{"status", sandbox.Status(503), 503, `{"statusCode":503,"message":"Service Unavailable","error":"Service Unavailable","traceId":"`, map[string]string{"X-RateLimit-Remaining": "99"}},
		{"status of the edge", sandbox.Status(522), 522, `"message":"Connection timed out"`, nil},
		{"message", sandbox.StatusMessage(401, "The token is not authorized for this scope."), 401, `"message":"The token is not authorized for this scope."`, nil},
		{"html", sandbox.StatusHTML(502), 502, "<h1>502 Bad Gateway</h1>", map[string]string{"Content-Type": "text/html; charset=UTF-8", "X-RateLimit-Remaining": ""}},
		{"429 with headers", sandbox.TooManyRequests(true, 0), 429, "Too Many Requests", map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Max": "100", "Retry-After": ""}},
		{"429 without headers", sandbox.TooManyRequests(false, 1500*time.Millisecond), 429, "Too Many Requests", map[string]string{"X-RateLimit-Remaining": "", "X-RateLimit-Max": "", "Retry-After": "2"}},
		{"daily", sandbox.DailySpent(), 429, "Too Many Requests", map[string]string{"X-RateLimit-Daily-Remaining": "0", "X-RateLimit-Limit-Daily": "200000"}},
		{"200 html", sandbox.OKHTML(), 200, "<!DOCTYPE html>", map[string]string{"Content-Type": "text/html; charset=UTF-8"}},
		{"answer", sandbox.Answer(200, `{"deleted":false}`), 200, `{"deleted":false}`, nil},
		{"echo", sandbox.EchoAuthorization(400), 400, `Request with \"Bearer fake-token-for-school\" was refused`, nil},
		{"cannot", sandbox.CannotGET(), 404, `{"statusCode":404,"message":"Cannot GET /associations/a1","error":"Not Found"}`, nil},
		{"cannot as html", sandbox.CannotGETHTML(), 404, "<pre>Cannot GET /associations/a1</pre>", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := start(t, sandbox.Options{})
			c.s.AddAssociation(sandbox.Association{LocationID: school, ID: "a1", Key: "k"})
			c.s.AddFault(sandbox.Fault{Route: get, Count: 1, Effect: test.effect})
			r := c.want("GET", "/associations/a1", "", test.status, test.body)
			for name, value := range test.header {
				if r.header.Get(name) != value {
					t.Errorf("%s: %q, want %q", name, r.header.Get(name), value)
				}
			}
			c.want("GET", "/associations/a1", "", 200, `"id":"a1"`)
		})
	}
}

func TestEmptyAnswer(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *client) {
		t.Helper()
		c.s.AddFault(sandbox.Fault{Effect: sandbox.OKEmpty()})
		if r := c.want("GET", page100, "", 200, ""); r.body != "" || r.header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%+v", r)
		}
	})
}

func TestReset(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *client) {
		t.Helper()
		body := associationBody("k", "contact", "A", "contact", "B")
		c.s.AddFault(sandbox.Fault{Method: "POST", Count: 1, Effect: sandbox.Reset()})
		if _, err := c.try("POST", "/associations/", body); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("error %v", err)
		}
		c.want("GET", page100, "", 200, `"total":0`)
		c.s.AddFault(sandbox.Fault{Name: "cut", Method: "POST", Count: 1, Effect: sandbox.Reset(), Committed: true})
		if _, err := c.try("POST", "/associations/", body); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("error %v", err)
		}
		c.want("GET", page100, "", 200, `"total":1`)
		log := c.s.Requests()
		if log[0].Fault != "reset" || log[0].Committed || log[0].Status != 0 {
			t.Errorf("before commit: %+v", log[0])
		}
		if log[2].Fault != "cut" || !log[2].Committed || log[2].Status != 0 {
			t.Errorf("after commit: %+v", log[2])
		}
	})
}

func TestCommittedFaults(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	c.s.AddFault(sandbox.Fault{Method: "PUT", Effect: sandbox.Status(500), Committed: true})
	c.s.AddFault(sandbox.Fault{Method: "DELETE", Effect: sandbox.StatusHTML(504)})
	c.want("PUT", "/associations/"+id, `{"firstObjectLabel":"a","secondObjectLabel":"b"}`, 500, "")
	c.want("DELETE", "/associations/"+id, "", 504, "")
	c.want("GET", "/associations/"+id, "", 200, `"firstObjectLabel":"a"`)
	log := c.s.Requests()
	if put, del := log[1], log[2]; !put.Committed || put.Status != 500 || del.Committed || del.Fault != "status 504 as HTML" {
		t.Errorf("%+v\n%+v", put, del)
	}
}

func TestHalfJSON(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *client) {
		t.Helper()
		c.s.AddAssociation(sandbox.Association{LocationID: school, ID: "a1", Key: "k"})
		whole := c.do("GET", "/associations/a1", "").body
		c.s.AddFault(sandbox.Fault{Count: 1, Effect: sandbox.HalfJSON(true)})
		if r := c.do("GET", "/associations/a1", ""); r.body != whole[:len(whole)/2] {
			t.Errorf("matching length: %s", r.body)
		}
		c.s.AddFault(sandbox.Fault{Count: 1, Effect: sandbox.HalfJSON(false)})
		r, err := c.try("GET", "/associations/a1", "")
		if r.body != whole[:len(whole)/2] || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("other length: %s, %v", r.body, err)
		}
	})
}

func TestSlowBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{})
		c.s.AddFault(sandbox.Fault{Effect: sandbox.SlowBody(20 * time.Second)})
		begin := time.Now()
		c.want("GET", page100, "", 200, `{"associations":[],"total":0}`)
		if took := time.Since(begin); took.Round(time.Millisecond) != 20*time.Second {
			t.Errorf("took %v", took)
		}
		c.http.Timeout = 5 * time.Second
		begin = time.Now()
		if _, err := c.try("GET", page100, ""); err == nil || time.Since(begin) != 5*time.Second {
			t.Errorf("error %v after %v", err, time.Since(begin))
		}
	})
}

func TestSlowBodyOverTheNetwork(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	c.s.AddFault(sandbox.Fault{Effect: sandbox.SlowBody(60 * time.Millisecond)})
	begin := time.Now()
	c.want("GET", page100, "", 200, `{"associations":[],"total":0}`)
	if took := time.Since(begin); took < 50*time.Millisecond {
		t.Errorf("took %v", took)
	}
}

func TestStall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{})
		c.http.Timeout = 10 * time.Second
		c.s.AddFault(sandbox.Fault{Contains: `"early"`, Effect: sandbox.Stall(time.Minute)})
		c.s.AddFault(sandbox.Fault{Contains: `"late"`, Effect: sandbox.Stall(time.Minute), Committed: true})
		c.s.AddFault(sandbox.Fault{Contains: `"short"`, Effect: sandbox.Stall(9 * time.Second)})
		for _, key := range []string{"early", "late"} {
			if _, err := c.try("POST", "/associations/", associationBody(key, "contact", key, "contact", "B")); err == nil {
				t.Errorf("%s was answered", key)
			}
		}
		c.create("short", "contact", "short", "contact", "B")
		same(t, column(t, c.do("GET", page100, "").body, "associations", "key"), []string{"late", "short"})
	})
}

func TestStallEndsWithTheServer(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	c.s.AddFault(sandbox.Fault{Effect: sandbox.Do(func() { go c.s.Close() })})
	c.s.AddFault(sandbox.Fault{Effect: sandbox.Stall(time.Hour)})
	_, first := c.try("GET", page100, "")
	_, second := c.try("GET", page100, "")
	if first == nil && second == nil {
		t.Error("answered by a closed server")
	}
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	target := start(t, sandbox.Options{})
	c := start(t, sandbox.Options{})
	c.s.AddFault(sandbox.Fault{Effect: sandbox.RedirectTo(target.url + "/associations/elsewhere")})
	c.want("GET", "/associations/a1", "", 400, "Association already deleted or not found")
	if got := target.s.Requests(); len(got) != 1 || got[0].Path != "/associations/elsewhere" || c.s.Requests()[0].Status != 307 {
		t.Errorf("%+v", got)
	}
}

func TestOversizeBody(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *client) {
		t.Helper()
		c.s.AddFault(sandbox.Fault{Effect: sandbox.OversizeBody(3 << 20)})
		r := c.want("GET", page100, "", 200, `{"associations":[],"total":0}`)
		if len(r.body) != 3<<20 {
			t.Errorf("%d bytes", len(r.body))
		}
	})
}

func TestPageEffects(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		effect sandbox.Effect
		pages  []string // consecutive pages of three rows each
		total  float64
	}{
		{"repeat", sandbox.RepeatPage(), []string{"u0 u1 u2", "u0 u1 u2", "u3 u4 u5"}, 7},
		{"skip", sandbox.SkipRows(2), []string{"u2 u3 u4", "u5 u6", ""}, 7},
		{"reorder", sandbox.ReorderPage(), []string{"u2 u1 u0", "u5 u4 u3", "u6"}, 7},
		{"listing reordered", sandbox.ReorderListing(), []string{"u6 u5 u4", "u3 u2 u1", "u0"}, 7},
		{"shrink", sandbox.ShrinkPage(2), []string{"u0", "u3", ""}, 7},
		{"total", sandbox.LyingTotal(-3), []string{"u0 u1 u2", "u3 u4 u5", "u6"}, 4},
		{"malformed", sandbox.MalformedItem(), []string{"u0 <nil> u2", "u3 <nil> u5", "<nil>"}, 7},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := inProcess(t, sandbox.Options{})
			for key := range strings.FieldsSeq("u0 u1 u2 u3 u4 u5 u6") {
				c.s.AddAssociation(sandbox.Association{LocationID: school, Key: key})
			}
			c.s.AddFault(sandbox.Fault{Effect: test.effect})
			for i, want := range test.pages {
				r := c.want("GET", "/associations/?locationId=school&limit=3&skip="+[]string{"0", "3", "6"}[i], "", 200, "")
				same(t, column(t, r.body, "associations", "key"), strings.Fields(want))
				if got := object(t, r.body)["total"]; got != test.total {
					t.Errorf("total %v", got)
				}
			}
			c.want("GET", "/associations/key/u0?locationId=school", "", 200, `"key":"u0"`)
		})
	}
}

// The order is reversed between two calls, so reading all pages returns some rows twice and misses others.
func TestListingTurnsBetweenCalls(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	for _, teacher := range []string{"teacher-1", "teacher-2", "teacher-3"} {
		c.relate(id, "student-1", teacher)
	}
	page := "/associations/relations/student-1?locationId=school&limit=2&skip="
	c.s.AddFault(sandbox.Fault{After: 1, Count: 1, Effect: sandbox.ReorderListing()})
	for i, want := range [][]string{{"teacher-1", "teacher-2"}, {"teacher-1"}, {"teacher-3"}} {
		r := c.want("GET", page+[]string{"0", "2", "2"}[i], "", 200, `"total":3`)
		same(t, column(t, r.body, "relations", "secondRecordId"), want)
	}
	same(t, column(t, c.do("GET", list("student-1"), "").body, "relations", "secondRecordId"), []string{"teacher-1", "teacher-2", "teacher-3"})
}

func TestMalformedItemOfRelations(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.relate(c.studentTeacher(), "student-1", "teacher-1")
	c.s.AddFault(sandbox.Fault{Effect: sandbox.MalformedItem()})
	c.want("GET", list("student-1"), "", 200, `"firstRecordId":{"value":null}`)
	c.want("GET", list("student-1"), "", 200, `"id":12345`)
	c.want("GET", list("student-2"), "", 200, `"relations":[]`)
}

func TestRepeatPageWaitsForASecondPage(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.s.AddAssociation(sandbox.Association{LocationID: school, Key: "u0"})
	c.s.AddFault(sandbox.Fault{Count: 1, Effect: sandbox.RepeatPage()})
	c.want("GET", page100, "", 200, `"u0"`)
	c.want("GET", "/associations/?locationId=school&skip=1&limit=100", "", 200, `"u0"`)
	c.want("GET", "/associations/?locationId=school&skip=1&limit=100", "", 200, `"associations":[]`)
}

func TestDo(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.s.AddAssociation(sandbox.Association{LocationID: school, ID: "a1", Key: "one"})
	c.s.AddAssociation(sandbox.Association{LocationID: school, ID: "a2", Key: "two"})
	c.s.AddFault(sandbox.Fault{Contains: "a1", Count: 1, Effect: sandbox.Do(func() { c.s.RemoveAssociation(school, "a1") })})
	c.s.AddFault(sandbox.Fault{Contains: "a2", Count: 1, Committed: true, Effect: sandbox.Do(func() { c.s.RemoveAssociation(school, "a2") })})
	c.want("GET", "/associations/a1", "", 400, "")
	c.want("GET", "/associations/a2", "", 200, "two")
	c.want("GET", "/associations/a2", "", 400, "")

	relation := c.s.AddRelation(sandbox.Relation{LocationID: school, AssociationID: "a3", FirstRecordID: "contact-1", SecondRecordID: "contact-2"})
	c.s.AddAssociation(sandbox.Association{LocationID: school, ID: "a3", Key: "three"})
	c.s.AddFault(sandbox.Fault{Method: "PUT", Effect: sandbox.Do(func() {
		c.s.UpdateAssociation(school, "a3", func(a *sandbox.Association) { a.FirstObjectLabel = "Changed" })
		c.s.RemoveRelation(school, relation.ID)
	}), Committed: true})
	c.want("PUT", "/associations/a3", `{"firstObjectLabel":"a","secondObjectLabel":"b"}`, 200, `"firstObjectLabel":"a"`)
	c.want("GET", "/associations/a3", "", 200, `"firstObjectLabel":"Changed"`)
	c.want("GET", list("contact-1"), "", 200, `"relations":[]`)
}

func TestFaultConditions(t *testing.T) {
	t.Parallel()
	type request struct {
		method, path, body string
	}
	var (
		get    = request{"GET", "/associations/a1", ""}
		byKey  = request{"GET", "/associations/key/k?locationId=school", ""}
		update = request{"PUT", "/associations/a1", `{"firstObjectLabel":"odd","secondObjectLabel":"b"}`}
	)
	for _, test := range []struct {
		name     string
		fault    sandbox.Fault
		requests []request
		want     string // x means that the fault hit, . that it did not
	}{
		{"any", sandbox.Fault{}, []request{get, byKey, update}, "xxx"},
		{"method", sandbox.Fault{Method: "PUT"}, []request{get, byKey, update}, "..x"},
		{"route", sandbox.Fault{Route: sandbox.RouteAssociationByKey}, []request{get, byKey, update}, ".x."},
		{"sub-account", sandbox.Fault{LocationID: school}, []request{get}, "x"},
		{"other sub-account", sandbox.Fault{LocationID: office}, []request{get, byKey}, ".."},
		{"path", sandbox.Fault{Contains: "/a1"}, []request{get, byKey, update}, "x.x"},
		{"query", sandbox.Fault{Contains: "locationId=school"}, []request{get, byKey}, ".x"},
		{"body", sandbox.Fault{Contains: "odd"}, []request{get, update}, ".x"},
		{"after and count", sandbox.Fault{After: 1, Count: 2, Method: "GET"}, []request{get, update, get, get, get}, "..xx."},
		{"list effect", sandbox.Fault{Effect: sandbox.ShrinkPage(1)}, []request{get, update}, ".."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := inProcess(t, sandbox.Options{})
			c.s.AddAssociation(sandbox.Association{LocationID: school, ID: "a1", Key: "k"})
			test.fault.Name = "hit"
			c.s.AddFault(test.fault)
			got := ""
			for _, r := range test.requests {
				c.do(r.method, r.path, r.body)
			}
			for _, r := range c.s.Requests() {
				got += map[bool]string{true: "x", false: "."}[r.Fault == "hit"]
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestFirstFaultWins(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.s.AddFault(sandbox.Fault{Count: 1, Effect: sandbox.Status(500)})
	c.s.AddFault(sandbox.Fault{After: 1, Effect: sandbox.Status(503)})
	for _, status := range []int{500, 200, 503, 503} {
		c.want("GET", page100, "", status, "")
	}
	c.s.ClearFaults()
	c.want("GET", page100, "", 200, "")
}

func TestProbabilityRepeatsWithItsSeed(t *testing.T) {
	t.Parallel()
	run := func(seed int64) (pattern string) {
		c := inProcess(t, sandbox.Options{Seed: seed, RateLimit: sandbox.RateLimit{Unlimited: true}})
		c.s.AddFault(sandbox.Fault{Probability: 0.25, Effect: sandbox.Status(500)})
		for range 400 {
			pattern += map[int]string{200: ".", 500: "x"}[c.do("GET", page100, "").status]
		}
		return pattern
	}
	one := run(1)
	if hits := strings.Count(one, "x"); hits < 70 || hits > 130 {
		t.Errorf("%d of 400 hit", hits)
	}
	if run(1) != one || run(2) == one {
		t.Error("the seed has no influence on the requests that are hit")
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	relation := c.relate(id, "student-1", "teacher-1")
	c.s.AddFault(sandbox.Fault{Effect: sandbox.NotFound()})
	const noAssociation, noRelation = `"message":"Association already deleted or not found"`, `"message":"Relation not found"`
	c.want("GET", page100, "", 200, `"total":1`)
	c.want("GET", "/associations/"+id, "", 400, noAssociation)
	c.want("GET", "/associations/key/student_teacher?locationId=school", "", 400, noAssociation)
	c.want("PUT", "/associations/"+id, `{"firstObjectLabel":"a","secondObjectLabel":"b"}`, 400, noAssociation)
	c.want("DELETE", "/associations/"+id, "", 400, noAssociation)
	c.want("GET", list("student-1"), "", 404, "Record not found")
	c.want("DELETE", "/associations/relations/"+relation+"?locationId=school", "", 404, noRelation)
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.MissingIs404, q.MissingRelationIs400 = true, true })
	c.want("DELETE", "/associations/"+id, "", 404, noAssociation)
	c.want("DELETE", "/associations/relations/"+relation+"?locationId=school", "", 400, noRelation)
	c.s.ClearFaults()
	c.want("GET", "/associations/"+id, "", 200, `"firstObjectLabel":"Student"`)
	c.want("GET", list("student-1"), "", 200, relation)
}

func TestDeletionDenied(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	relation := c.relate(id, "student-1", "teacher-1")
	c.s.AddFault(sandbox.Fault{Effect: sandbox.DeletionDenied()})
	c.want("DELETE", "/associations/relations/"+relation+"?locationId=school", "", 200, `{"deleted":false,"id":"`+relation+`","message":"`)
	c.want("DELETE", "/associations/"+id, "", 200, `{"deleted":false,"id":"`+id+`","message":"`)
	c.want("GET", "/associations/"+id, "", 200, id)
	c.want("GET", list("student-1"), "", 200, relation)
}

func TestListsOfAnother(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.relate(c.studentTeacher(), "student-1", "teacher-1")
	c.s.AddFault(sandbox.Fault{Count: 2, Effect: sandbox.ListOfAnotherLocation()})
	c.want("GET", page100, "", 200, `"locationId":"loc-of-a-stranger"`)
	c.want("GET", list("student-1"), "", 200, `"locationId":"loc-of-a-stranger"`)
	c.s.AddFault(sandbox.Fault{Count: 1, Effect: sandbox.ListOfAnotherRecord()})
	c.want("GET", page100, "", 200, `"locationId":"school"`)
	c.want("GET", list("student-1"), "", 200, `"firstRecordId":"record-of-a-stranger-1"`)
	c.want("GET", list("student-1"), "", 200, `"firstRecordId":"student-1"`)
}

func TestAnswerBefore(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	c.s.AddFault(sandbox.Fault{Effect: sandbox.AnswerBefore()})
	c.want("GET", list("student-1"), "", 201, `"id":"`+id+`"`)
	c.want("GET", "/associations/"+id, "", 200, `"relations":[]`)
	c.want("GET", "/associations/nowhere", "", 200, `"id":"`+id+`"`)
	c.want("DELETE", "/associations/"+id, "", 200, `"deleted":true`)
}

func TestRowOfAnother(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	one := c.studentTeacher()
	c.s.AddFault(sandbox.Fault{Effect: sandbox.RowOfAnother()})
	const madeUp = `"id":"000000000000000000000000"`
	c.want("GET", "/associations/"+one, "", 200, madeUp+`,"key":"made_up"`)
	c.want("POST", "/associations/", associationBody("k", "contact", "A", "contact", "B"), 201, `"id":"`+one+`","key":"student_teacher"`)
	other := c.s.Associations(school)[1].ID
	c.want("GET", "/associations/"+other, "", 200, `"id":"`+one+`"`)
	c.want("GET", "/associations/"+one, "", 200, `"id":"`+other+`"`)
	c.want("GET", "/associations/key/k?locationId=school", "", 200, `"key":"student_teacher"`)
	c.want("PUT", "/associations/"+other, `{"firstObjectLabel":"C","secondObjectLabel":"D"}`, 200, `"id":"`+one+`"`)
	if row := c.s.Associations(school)[1]; row.FirstObjectLabel != "C" {
		t.Errorf("the update was not carried out: %+v", row)
	}
	c.want("GET", "/associations/nowhere", "", 400, "not found")
	c.want("POST", "/associations/relations", relationBody(one, "student-1", "teacher-1"), 201, madeUp+`,"associationId":"`+one)
	first := c.s.Relations(school)[0].ID
	c.want("POST", "/associations/relations", relationBody(one, "student-2", "teacher-1"), 201, `"id":"`+first+`"`)
	c.want("GET", list("student-2"), "", 200, `"firstRecordId":"student-2"`)
	c.want("GET", page100, "", 200, `"total":2`)
}
