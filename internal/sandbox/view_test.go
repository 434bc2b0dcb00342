package sandbox_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// view requests the root like a browser and returns the page.
func (c *client) view() reply {
	c.t.Helper()
	return c.with("Authorization", "").with("Version", "").want("GET", "/", "", 200, "<!doctype html>")
}

var (
	unseen = regexp.MustCompile(`(?s)<head>.*?</head>|<title>.*?</title>|<wbr/?>`)
	tag    = regexp.MustCompile(`<[^>]*>`)
	space  = regexp.MustCompile(`\s+`)
)

// seen returns the visible text of a page.
func seen(page string) string {
	page = tag.ReplaceAllString(unseen.ReplaceAllString(page, ""), " ")
	return space.ReplaceAllString(html.UnescapeString(page), " ")
}

// mustRead fails the test if the page does not contain the texts in this order.
func mustRead(t *testing.T, page string, texts ...string) {
	t.Helper()
	rest := seen(page)
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			t.Fatalf("%q is missing, or in the wrong order:\n%s", text, seen(page))
		}
		rest = after
	}
}

// schoolWithLessons returns a sandbox with a few relations between students and teachers.
func schoolWithLessons(t *testing.T) *client {
	t.Helper()
	now := time.Date(2026, 3, 1, 14, 3, 22, 0, time.UTC)
	c := start(t, sandbox.Options{
		Agencies: []sandbox.Agency{{CompanyID: "chain", AppID: "app", Token: "fake-token-for-chain"}},
		Locations: []sandbox.Location{
			{ID: school, Token: schoolToken, CompanyID: "chain", Name: "Elm Street School", Address: "1 Elm Street", NoApp: true},
		},
		Now: func() time.Time { return now },
	})
	taughtBy := c.create("taught_by", "custom_objects.student", "Student", "custom_objects.teacher", "Teacher")
	parentOf := c.create("parent_of", "contact", "Parent", "contact", "Child")
	c.relate(parentOf, "contact-1", "contact-2")
	c.relate(taughtBy, "student-1", "teacher-2")
	c.relate(taughtBy, "student-10", "teacher-1")
	c.relate(taughtBy, "student-9", "teacher-2")
	return c
}

func TestViewOfAnEmptySandbox(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{Locations: []sandbox.Location{}})
	mustRead(t, c.view().body, "What the sandbox holds", "No sub-accounts.", "Last requests", "No requests yet.")
	c.s.AddLocation(sandbox.Location{ID: school, Token: schoolToken, NoSystemRows: true})
	mustRead(t, c.view().body, "Sub-account school No associations. No relations.")
}

func TestViewOfASchool(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	c.s.AddFault(sandbox.Fault{Name: "edge", Effect: sandbox.Status(523)})
	c.do("GET", "/associations/key/taught_by?locationId=school", "")
	page := c.view().body
	mustRead(t, page,
		"as it was at 14:03:22 .", "Elm Street School", "Sub-account school , 1 Elm Street , of the agency chain (its app is not installed)",
		"Associations", "Key", "Sides, as stored", "Relations",
		"taught_by", "Student custom_objects.student", "Teacher custom_objects.teacher", " 3 ",
		"parent_of", "Parent contact", "Child contact", " 1 ",
		"BUSINESSES_OPPORTUNITIES_ASSOCIATION made by the platform", " 0 ",
		"OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION made by the platform", " 0 ",
		"OPPORTUNITIES_CONTACTS_ASSOCIATION system-defined", "Opportunity opportunity Contact contact", " 0 ",
		"Relations",
		"taught_by 3 relations", "student-10", "student-1", "student-9", "teacher-1", "teacher-2", "taught_by",
		"student-1 – teacher-2", "student-10 – teacher-1", "student-9 – teacher-2",
		"parent_of 1 relation ", "contact-1", "contact-2",
		"Last requests",
		"GET /associations/key/taught_by school 523", "edge",
		"POST /associations/relations school 201 Created", "POST /associations/ school 201 Created",
	)
	if got := strings.Count(page, `<path class="line"`); got != 4 {
		t.Errorf("%d lines are drawn, want 4", got)
	}
}

// drawn is a line of a drawing: the vertical positions of its ends, and its records.
type drawn struct {
	from, to      int
	first, second string
}

func lines(t *testing.T, page string) []drawn {
	t.Helper()
	var all []drawn
	for _, m := range regexp.MustCompile(`d="M0 (\d+)C\S+ \d+ \S+ \d+ 100 (\d+)"><title>(\S+) – (\S+), relation`).FindAllStringSubmatch(page, -1) {
		all = append(all, drawn{number(t, m[1]), number(t, m[2]), m[3], m[4]})
	}
	return all
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Each line leads from the box of its first record to the box of its second record.
func TestLinesMeetTheirRecords(t *testing.T) {
	t.Parallel()
	page := schoolWithLessons(t).view().body
	middle := map[string]int{}
	for _, m := range regexp.MustCompile(`y="(\d+)" width="36%" height="26"><title>([^<]+)</title>`).FindAllStringSubmatch(page, -1) {
		middle[m[2]] = number(t, m[1]) + 13
	}
	all := lines(t, page)
	if len(all) != 4 || len(middle) != 7 {
		t.Fatalf("lines %+v between %v", all, middle)
	}
	for _, l := range all {
		if l.from != middle[l.first] || l.to != middle[l.second] {
			t.Errorf("%+v: the boxes are at %v", l, middle)
		}
	}
}

// If each record on one side has only one related record, no lines cross. Example: each member is in one club.
func TestLinesDoNotCross(t *testing.T) {
	t.Parallel()
	for _, flipped := range []bool{false, true} {
		c := inProcess(t, sandbox.Options{})
		a := c.s.AddAssociation(sandbox.Association{LocationID: school, Key: "member_of"})
		for i := range 24 {
			r := sandbox.Relation{LocationID: school, AssociationID: a.ID, FirstRecordID: fmt.Sprintf("contact-%d", i), SecondRecordID: fmt.Sprintf("club-%d", i*i%7)}
			if flipped {
				r.FirstRecordID, r.SecondRecordID = r.SecondRecordID, r.FirstRecordID
			}
			c.s.AddRelation(r)
		}
		mustNotCross(t, lines(t, c.view().body), 24)
	}
}

func mustNotCross(t *testing.T, all []drawn, want int) {
	t.Helper()
	if len(all) != want {
		t.Fatalf("%d lines are drawn, want %d", len(all), want)
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if (a.from-b.from)*(a.to-b.to) < 0 {
				t.Errorf("%+v and %+v cross", a, b)
			}
		}
	}
}

func TestViewOfDeletedRecordsAndLostAssociations(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	c.s.DeleteRecord(school, "teacher-2")
	c.s.AddRelation(sandbox.Relation{LocationID: school, AssociationID: "lost", FirstRecordID: "a", SecondRecordID: "b"})
	page := c.view().body
	if got := strings.Count(page, "teacher-2, a deleted record</title>"); got != 1 {
		t.Errorf("%d records are marked as deleted, want 1", got)
	}
	mustRead(t, page, "lost 1 relation ", "a", "b", "Last requests")
}

func TestViewEscapes(t *testing.T) {
	t.Parallel()
	const hostile = `</svg></title></style><script>alert("1")</script><img src=x onerror='alert(2)'>{{.}}`
	c := start(t, sandbox.Options{Locations: []sandbox.Location{
		{ID: school + hostile, Token: schoolToken, NoSystemRows: true, Name: "name" + hostile, Address: "address" + hostile},
	}})
	a := c.s.AddAssociation(sandbox.Association{
		LocationID: school + hostile, ID: "id" + hostile, Key: "key" + hostile, FirstObjectKey: "object" + hostile, FirstObjectLabel: "label" + hostile,
		SecondObjectKey: "other" + hostile, SecondObjectLabel: "other label" + hostile,
	})
	c.s.AddRelation(sandbox.Relation{LocationID: school + hostile, AssociationID: a.ID, FirstRecordID: "one" + hostile, SecondRecordID: "two" + hostile})
	c.s.AddFault(sandbox.Fault{Name: "fault" + hostile, Effect: sandbox.Status(523)})
	c.do("GET", "/associations/key/k?locationId=school", "")
	page := c.view().body
	mustHoldNoForeignElement(t, page)
	if opened, closed := strings.Count(page, "<svg"), strings.Count(page, "</svg>"); opened != 4 || closed != opened {
		t.Errorf("%d svg elements are opened and %d closed, want 4", opened, closed)
	}
	for _, text := range []string{"key", "id", "label", "other label", "one", "two", "name", "address", "fault", school} {
		if !strings.Contains(html.UnescapeString(page), text+hostile) {
			t.Errorf("%s%s is not shown unchanged", text, hostile)
		}
	}
}

// mustHoldNoForeignElement fails the test if a page contains an image, or a script other than its own.
func mustHoldNoForeignElement(t *testing.T, page string) {
	t.Helper()
	if strings.Count(page, "<script") != 1 || strings.Contains(page, "<img") {
		t.Error("the page contains an element that should be text")
	}
}

func TestViewIsBounded(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{RateLimit: sandbox.RateLimit{Unlimited: true}})
	for i := range 60 {
		a := c.s.AddAssociation(sandbox.Association{LocationID: school, Key: fmt.Sprintf("key-%02d", i), FirstObjectKey: "contact", SecondObjectKey: "contact"})
		for j := range max(1, 3000*(1-i)) {
			c.s.AddRelation(sandbox.Relation{LocationID: school, AssociationID: a.ID, FirstRecordID: "contact-1", SecondRecordID: fmt.Sprintf("contact-%d", j+2)})
		}
		c.do("GET", fmt.Sprintf("/associations/request-%02d", i), "")
	}
	for i := range 20 {
		c.s.AddLocation(sandbox.Location{ID: fmt.Sprintf("z-%02d", i), NoSystemRows: true})
	}
	page := c.view().body
	mustRead(t, page,
		"key-49", "and 10 more associations",
		"key-00 3000 relations", "and 2960 more relations", "key-01 1 relation ", "key-19 1 relation ", "and the relations of 40 more associations",
		"and 2 more sub-accounts",
		"Last requests", "request-59", "request-58", "request-10", "and 10 earlier requests",
	)
	for _, absent := range []string{"key-50", "request-09", "contact-42"} {
		if strings.Contains(page, absent) {
			t.Errorf("%s is shown", absent)
		}
	}
	if got := strings.Count(page, `<path class="line"`); got != 40+19 {
		t.Errorf("%d lines are drawn, want 59", got)
	}
}

// The page shows the content of a request, the answer, and the duration.
func TestViewOfRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{Latency: 250 * time.Millisecond})
		c.studentTeacher()
		c.want("GET", page100, "", 200, "")
		c.s.AddFault(sandbox.Fault{Effect: sandbox.Reset(), Count: 1})
		if _, err := c.try("GET", "/associations/key/k?locationId=school", ""); err == nil {
			t.Fatal("the connection was not reset")
		}
		done := make(chan error)
		go func() {
			_, err := c.try("GET", "/associations/key/pending", "")
			done <- err
		}()
		synctest.Wait()
		mustRead(t, c.view().body, "Last requests", "Took",
			"GET /associations/key/pending school not answered yet",
			"GET /associations/key/k school no answer", "250.0 ms", "locationId=school", "Answer, 0 bytes",
			"GET /associations/ school 200 OK 250.0 ms", "limit=100 locationId=school skip=0", "Answer, 285 bytes", `{ "associations": [ {`, `"key": "student_teacher"`, `"total": 1 }`,
			"POST /associations/ school 201 Created 250.0 ms", "Body and answer", "Body",
			"firstObjectKey custom_objects.student firstObjectLabel Student key student_teacher locationId school secondObjectKey custom_objects.teacher secondObjectLabel Teacher",
			"Answer, 256 bytes", `{ "locationId": "school",`)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// Long bodies and answers are truncated, and only the last answers are stored.
func TestViewOfLongAnswers(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{RateLimit: sandbox.RateLimit{Unlimited: true}})
	for i := range 100 {
		c.s.AddAssociation(sandbox.Association{LocationID: school, Key: fmt.Sprintf("key-%02d", i), FirstObjectKey: "contact", SecondObjectKey: "contact"})
	}
	c.want("GET", page100, "", 200, "key-99")
	c.value("Long", strings.Repeat("x", 5000)+"end")
	page := c.view().body
	_, requests, _ := strings.Cut(page, `id="requests"`)
	if strings.Contains(requests, "xend") || strings.Contains(requests, "key-99") || !strings.Contains(requests, "key-00") || !strings.Contains(requests, "xx…") {
		t.Error("a long body or answer is not truncated")
	}
	if len(requests) > 16_000 {
		t.Errorf("two requests take %d bytes", len(requests))
	}
}

// A request for the page does not count against the rate limit, and the page shows no tokens.
func TestViewLeavesNoTraceAndTellsNoToken(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{Latency: time.Hour, RateLimit: sandbox.RateLimit{Max: 2}})
	c.s.AddFault(sandbox.Fault{Count: 1, Effect: sandbox.Status(523)})
	for range 5 {
		c.view()
	}
	if got := c.s.Requests(); len(got) != 0 {
		t.Fatalf("a request for the page was logged: %+v", got)
	}
	c.s.SetLatency(0)
	c.want("GET", page100+"&x=fake-token-in-the-query", "", 523, "")
	c.want("GET", page100, "", 200, "")
	c.want("GET", page100, "", 429, "")
	page := c.view().body
	mustRead(t, page, "/associations/ school 429", "/associations/ school 200", "/associations/ school 523")
	if strings.Contains(page, "fake-token") {
		t.Error("the page contains a token")
	}
	mustRead(t, page, "locationId=school", "x=•••")
	c.want("GET", "/", "", 429, "")
	if got := len(c.s.Requests()); got != 4 {
		t.Errorf("%d requests, want 4: a client's request for the root is one", got)
	}
}

// The page shows no token, whatever part of a request or an answer contains it.
func TestViewMasksTokens(t *testing.T) {
	t.Parallel()
	c := inProcess(t, agencyOptions())
	exchanged := c.exchange(school)
	for _, body := range []string{
		`{"name":"agency","value":"` + agencyToken + `"}`,
		`{"name":"sub-account","value":"see ` + officeToken + `"}`,
		`{"name":"exchanged","value":"` + exchanged + `"}`,
		`{"name":"private","value":"pit-1b2c3d4e-secret"}`,
		`{"name":"jwt","value":"eyJhbGciOi.eyJzdWIiOi-secret.sig"}`,
		`{"name":"header","value":"Authorization: Bearer unknown-secret"}`,
		`{"name":"field","value":"v","access_token":"unknown-secret"}`,
		`{"name":"other field","value":"v","other":["unknown-secret"]}`,
		`{"name":"no field","value":"{\"refreshToken\" : \"a\\\"unknown-secret"}`,
		`no JSON, but unknown-secret`,
	} {
		c.do("POST", "/locations/school/customValues", body)
	}
	c.do("GET", "/nowhere?refresh=unknown-secret", "")
	c.do("POST", "/nowhere", `{"a":"unknown-secret"}`)
	c.do("GET", "/associations/key/"+officeToken+"?locationId="+schoolToken, "")
	c.with("Authorization", "Bearer school").do("GET", "/locations/pit-1b2c3d4e-secret/customValues", "") // the id and the token are swapped
	form(agency(c)).do("POST", exchange, "companyId=company&locationId=office&refresh_token=unknown-secret")
	for _, v := range c.s.CustomValues().All(school) { // custom values are shown unchanged, as in HighLevel
		c.s.CustomValues().Remove(school, v.ID)
	}
	page := html.UnescapeString(c.view().body)
	mustRead(t, page, "Last requests", "companyId company locationId office refresh_token •••",
		"/associations/key/••• school 403", "locationId=•••", "refresh=•••", "unreadable", "name no field", "other •••", "access_token •••",
		"value Authorization: •••", "name jwt value •••", "name private value •••", "name exchanged value •••", "name sub-account value see •••", `"access_token": "•••"`, `"token_type": "Bearer"`)
	for _, secret := range []string{"fake-token", "exchanged-token.", "secret", "eyJ"} {
		if i := strings.Index(page, secret); i >= 0 {
			t.Errorf("the page has %q", page[max(0, i-200):min(len(page), i+60)])
		}
	}
}

// A search finds records by id or by the text of a property. Exact matches are first.
func TestSearch(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	for i := range 3000 {
		c.s.AddRecord(school, fmt.Sprintf("6790f1d2c3b4a596877%05d", i), "contact", map[string]any{"email": fmt.Sprintf("Person-%d@example.com", i), "seats": i})
	}
	c.s.AddRecord(school, "teacher-2", "", map[string]any{"name": "Ben Baker"})
	c.s.AddRecord(school, "b", "contact", map[string]any{"mentor": "teacher-2"})
	c.s.AddRecord(school, "c", "contact", map[string]any{"email": "other-person-77@example.com"})
	c.s.DeleteRecord(school, "student-9")
	for find, want := range map[string][]string{
		"teacher-2": {
			"Records for teacher-2", "teacher-2 A record of custom_objects.teacher in Elm Street School name Ben Baker",
			"Associations of its object: taught_by (2)", "taught_by : student-1 – teacher-2 Delete", "taught_by : student-9 – teacher-2 Delete",
			"b A record of contact in Elm Street School mentor teacher-2",
		},
		"person-77@example.com": {"6790f1d2c3b4a59687700077 A record of contact", "email Person-77@example.com", "seats 77", "parent_of (0)", "No relations.", "c A record of contact"},
		"77":                    {"6790f1d2c3b4a59687700077 A record", "6790f1d2c3b4a59687700000 A record", "and 2981 more records"},
		" student-9 ":           {"student-9 deleted A record of custom_objects.student"},
		"nobody":                {"Records for nobody", "No record has this id, or a property with this text."},
		"<b>&":                  {"Records for <b>& No record"},
	} {
		r := c.with("Authorization", "").with("Version", "").want("GET", "/?find="+url.QueryEscape(find), "", 200, "<!doctype html>")
		mustRead(t, r.body, append(want, "Sub-account school")...)
	}
	if strings.Contains(c.view().body, "Records for") {
		t.Error("the page shows results without a search")
	}
}

// The policy allows only the page's own style and script, and requests to the sandbox.
func TestViewIsSelfContained(t *testing.T) {
	t.Parallel()
	r := schoolWithLessons(t).view()
	hashOf := func(element string) string {
		_, rest, _ := strings.Cut(r.body, "<"+element+">")
		content, _, ok := strings.Cut(rest, "</"+element+">")
		if !ok {
			t.Errorf("no %s", element)
		}
		hash := sha256.Sum256([]byte(content))
		return "sha256-" + base64.StdEncoding.EncodeToString(hash[:])
	}
	want := "default-src 'none'; style-src '" + hashOf("style") + "'; script-src '" + hashOf("script") +
		"'; img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	if policy := r.header.Get("Content-Security-Policy"); policy != want {
		t.Errorf("policy %s\nwant   %s", policy, want)
	}
	if handler := regexp.MustCompile(`<[^>]* (?:on\w+|style)=`).FindString(r.body); handler != "" {
		t.Errorf("the policy forbids %s", handler)
	}
	if !strings.Contains(r.body, `<link rel="icon" href="data:`) {
		t.Error("the page has no icon, so a browser would request one")
	}
	if got := r.header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Errorf("type %s", got)
	}
	for _, address := range regexp.MustCompile(`(?:src|href|url\()\s*=?\s*["']?([^"'>)]*)`).FindAllStringSubmatch(r.body, -1) {
		if to := address[1]; to != "/" && !strings.HasPrefix(to, "#") && !strings.HasPrefix(to, "data:") {
			t.Errorf("the page contains %s", to)
		}
	}
}

func TestViewWithAPrefixAndWithoutANetwork(t *testing.T) {
	t.Parallel()
	for _, c := range []*client{start(t, sandbox.Options{Prefix: "/v1"}), inProcess(t, sandbox.Options{Prefix: "/v1"})} {
		c.url = strings.TrimSuffix(c.url, "/v1")
		mustRead(t, c.view().body, "Sub-account school", "Sub-account office")
		c.with("Authorization", "").want("POST", "/", "", http.StatusNotFound, "Cannot POST /")
	}
}
