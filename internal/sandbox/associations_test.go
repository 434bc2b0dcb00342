package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const page100 = "/associations/?locationId=school&skip=0&limit=100"

func TestAssociationLifecycle(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	id := c.studentTeacher()
	if len(id) != 24 || strings.Trim(id, "0123456789abcdef") != "" {
		t.Fatalf("id %q is not 24 hex digits", id)
	}
	row := `{"locationId":"school","id":"` + id + `","key":"student_teacher",` +
		`"firstObjectKey":"custom_objects.student","firstObjectLabel":"Student",` +
		`"secondObjectKey":"custom_objects.teacher","secondObjectLabel":"Teacher","associationType":"USER_DEFINED"}`
	c.want("GET", "/associations/"+id, "", 200, row)
	c.want("GET", "/associations/key/student_teacher?locationId=school", "", 200, row)
	c.want("GET", "/associations/objectKey/custom_objects.teacher?locationId=school", "", 200, `{"associations":[`+row+`]}`)
	c.want("GET", page100, "", 200, `{"associations":[`+row+`],"total":1}`)
	c.want("PUT", "/associations/"+id, `{"firstObjectLabel":"Pupil","secondObjectLabel":"Tutor"}`, 200, `"firstObjectLabel":"Pupil"`)
	c.want("GET", "/associations/"+id, "", 200, `"secondObjectLabel":"Tutor"`)
	r := c.want("DELETE", "/associations/"+id, "", 200, `{"deleted":true,"id":"`+id+`","message":"`)
	if got := r.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	c.want("GET", "/associations/"+id, "", 400, `{"statusCode":400,"message":"Association already deleted or not found","error":"Bad Request","traceId":"`)
	c.want("PUT", "/associations/"+id, `{"firstObjectLabel":"a","secondObjectLabel":"b"}`, 400, "not found")
	c.want("DELETE", "/associations/"+id, "", 400, "not found")
	c.want("GET", page100, "", 200, `{"associations":[],"total":0}`)
}

func TestSidesAreStoredInByteOrderAndLabelsFollow(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.want("POST", "/associations/", associationBody("k", "custom_objects.projects", "Project", "business", "Company"), 201,
		`"firstObjectKey":"business","firstObjectLabel":"Company","secondObjectKey":"custom_objects.projects","secondObjectLabel":"Project"`)
}

func TestQuirkLabelsStay(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{LabelsStay: true}})
	c.want("POST", "/associations/", associationBody("k", "custom_objects.projects", "Project", "business", "Company"), 201,
		`"firstObjectKey":"business","firstObjectLabel":"Project","secondObjectKey":"custom_objects.projects","secondObjectLabel":"Company"`)
}

func TestQuirkKeepSides(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{KeepSides: true}})
	c.want("POST", "/associations/", associationBody("k", "custom_objects.projects", "Project", "business", "Company"), 201,
		`"firstObjectKey":"custom_objects.projects","firstObjectLabel":"Project","secondObjectKey":"business","secondObjectLabel":"Company"`)
}

func TestKeysAreLowerCaseAndUnique(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.create("Student_TEACHER", "contact", "A", "contact", "B")
	c.want("GET", "/associations/key/student_teacher?locationId=school", "", 200, `"key":"student_teacher"`)
	c.want("GET", "/associations/key/Student_TEACHER?locationId=school", "", 400, "not found")
	c.want("POST", "/associations/", associationBody("STUDENT_teacher", "contact", "C", "contact", "D"), 400, "Duplicate Association key")
	c.s.AddAssociation(sandbox.Association{LocationID: school, Key: "PLATFORM_KEY"})
	c.want("POST", "/associations/", associationBody("platform_key", "contact", "C", "contact", "D"), 400, "Duplicate Association key")
	c.want("GET", "/associations/key/PLATFORM_KEY?locationId=school", "", 200, `"key":"PLATFORM_KEY"`)
}

func TestEqualContactLabels(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.want("POST", "/associations/", associationBody("k", "contact", "Friend", "contact", "Friend"), 422, "Both object labels can not be same")
	id := c.create("k", "contact", "Friend", "contact", "friend")
	c.want("PUT", "/associations/"+id, `{"firstObjectLabel":"x","secondObjectLabel":"x"}`, 422, "Both object labels can not be same")
	c.create("k2", "contact", "Same", "opportunity", "Same")
}

func TestSystemRows(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Locations: []sandbox.Location{{ID: school, Token: schoolToken}}})
	id := c.studentTeacher()
	got := column(t, c.do("GET", page100, "").body, "associations", "key")
	same(t, got, []string{
		"BUSINESSES_OPPORTUNITIES_ASSOCIATION", "OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION", "student_teacher",
		"OPPORTUNITIES_CONTACTS_ASSOCIATION", "BUSINESSES_CONTACTS_ASSOCIATION",
	})
	opportunityFirst := `"firstObjectKey":"opportunity","firstObjectLabel":"Opportunity","secondObjectKey":"contact","secondObjectLabel":"Contact",`
	c.want("GET", "/associations/OPPORTUNITIES_CONTACTS_ASSOCIATION", "", 200,
		`"id":"OPPORTUNITIES_CONTACTS_ASSOCIATION","key":"OPPORTUNITIES_CONTACTS_ASSOCIATION",`+opportunityFirst+`"associationType":"SYSTEM_DEFINED"`)
	c.want("GET", "/associations/BUSINESSES_CONTACTS_ASSOCIATION", "", 200,
		`"id":"BUSINESSES_CONTACTS_ASSOCIATION","key":"BUSINESSES_CONTACTS_ASSOCIATION",`+
			`"firstObjectKey":"business","firstObjectLabel":"Company","secondObjectKey":"contact","secondObjectLabel":"Contact","associationType":"SYSTEM_DEFINED"`)
	c.want("GET", "/associations/key/OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION?locationId=school", "", 200, opportunityFirst+`"associationType":"USER_DEFINED"`)
	c.want("GET", "/associations/key/BUSINESSES_OPPORTUNITIES_ASSOCIATION?locationId=school", "", 200,
		`"firstObjectKey":"business","firstObjectLabel":"Company","secondObjectKey":"opportunity","secondObjectLabel":"Opportunity","associationType":"USER_DEFINED"`)
	for _, key := range []string{"BUSINESSES_OPPORTUNITIES_ASSOCIATION", "OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION"} {
		row := object(t, c.do("GET", "/associations/key/"+key+"?locationId=school", "").body)
		if rowID, ok := row["id"].(string); !ok || len(rowID) != 24 || strings.Trim(rowID, "0123456789abcdef") != "" {
			t.Errorf("id %v of %s is not 24 hex digits", row["id"], key)
		}
	}
	system := "/associations/BUSINESSES_CONTACTS_ASSOCIATION"
	c.want("PUT", system, `{"firstObjectLabel":"a","secondObjectLabel":"b"}`, 400, "System defined")
	c.want("DELETE", system, "", 400, "System defined")
	c.relate("OPPORTUNITIES_CONTACTS_ASSOCIATION", "opportunity-1", "contact-1")
	c.create("deal", "opportunity", "Opportunity", "contact", "Contact") // labels of the platform's associations can be reused
	c.s.RemoveAssociation(school, c.s.Associations(school)[1].ID)
	rows := c.s.Associations(school)
	if len(rows) != 1 || rows[0].ID != id {
		t.Errorf("Associations: %+v", rows)
	}
}

// planted creates a sub-account with two system-defined associations (s0, s1) and five user-defined associations (u0 to u4).
func planted(t *testing.T, q sandbox.Quirks) *client {
	t.Helper()
	c := inProcess(t, sandbox.Options{Quirks: q})
	for i := range 5 {
		c.s.AddAssociation(sandbox.Association{LocationID: school, Key: fmt.Sprintf("u%d", i)})
	}
	for i := range 2 {
		c.s.AddAssociation(sandbox.Association{LocationID: school, Key: fmt.Sprintf("s%d", i), AssociationType: "SYSTEM_DEFINED"})
	}
	return c
}

func TestAssociationPages(t *testing.T) {
	t.Parallel()
	first := sandbox.Quirks{SystemRows: "first"}
	every := sandbox.Quirks{SystemRows: "every-page"}
	for _, test := range []struct {
		name   string
		quirks sandbox.Quirks
		query  string
		want   string
		total  float64
	}{
		{"user-defined rows first", sandbox.Quirks{}, "skip=0&limit=3", "u0 u1 u2", 7},
		{"system rows last", sandbox.Quirks{}, "skip=3&limit=3", "u3 u4 s0", 7},
		{"last page", sandbox.Quirks{}, "skip=6&limit=3", "s1", 7},
		{"past the end", sandbox.Quirks{}, "skip=7&limit=3", "", 7},
		{"far past the end", sandbox.Quirks{}, "skip=2000000000&limit=2000000000", "", 7},
		{"no rows wanted", sandbox.Quirks{}, "skip=0&limit=0", "", 7},
		{"page cap", sandbox.Quirks{PageCap: 2}, "skip=2&limit=100", "u2 u3", 7},
		{"total of user-defined", sandbox.Quirks{TotalUserDefinedOnly: true}, "skip=5&limit=2", "s0 s1", 5},
		{"total of the page", sandbox.Quirks{TotalOfPage: true, PageCap: 4}, "skip=4&limit=100", "u4 s0 s1", 3},
		{"total of the page past the end", sandbox.Quirks{TotalOfPage: true}, "skip=7&limit=100", "", 0},
		{"system rows first", first, "skip=0&limit=3", "s0 s1 u0", 7},
		{"system rows first are counted by skip", first, "skip=1&limit=3", "s1 u0 u1", 7},
		{"beyond the system rows", first, "skip=6&limit=3", "u4", 7},
		{"every page, first", every, "skip=0&limit=2", "s0 s1 u0 u1", 7},
		{"every page, last", every, "skip=4&limit=2", "s0 s1 u4", 7},
		{"every page, past the end", every, "skip=5&limit=2", "s0 s1", 7},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := planted(t, test.quirks)
			r := c.want("GET", "/associations/?locationId=school&"+test.query, "", 200, "")
			same(t, column(t, r.body, "associations", "key"), strings.Fields(test.want))
			if got := object(t, r.body)["total"]; got != test.total {
				t.Errorf("total %v, want %v", got, test.total)
			}
		})
	}
}

func TestAssociationPageCapIs100(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	for i := range 150 {
		c.s.AddAssociation(sandbox.Association{LocationID: school, Key: fmt.Sprintf("u%d", i)})
	}
	r := c.want("GET", "/associations/?locationId=school&skip=20&limit=500", "", 200, "")
	got := column(t, r.body, "associations", "key")
	if len(got) != 100 || got[0] != "u20" || got[99] != "u119" {
		t.Errorf("%d rows from %s to %s", len(got), got[0], got[len(got)-1])
	}
}

func TestQuirkListForms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		quirks sandbox.Quirks
		path   string
		want   string
	}{
		{"no total", sandbox.Quirks{NoTotal: true}, page100, `{"associations":[ROW]}`},
		{"bare list", sandbox.Quirks{BareLists: true}, page100, `[ROW]`},
		{"object key array", sandbox.Quirks{ObjectKeyAnswer: "array"}, "/associations/objectKey/contact?locationId=school", `[ROW]`},
		{"object key single", sandbox.Quirks{ObjectKeyAnswer: "single"}, "/associations/objectKey/contact?locationId=school", `ROW`},
		{"object key wrapped", sandbox.Quirks{ObjectKeyAnswer: "wrapped"}, "/associations/objectKey/contact?locationId=school", `{"associations":[ROW]}`},
		{"object key array of none", sandbox.Quirks{ObjectKeyAnswer: "array"}, "/associations/objectKey/task?locationId=school", `[]`},
		{"object key wrapped none", sandbox.Quirks{}, "/associations/objectKey/task?locationId=school", `{"associations":[]}`},
		{"wrapped object", sandbox.Quirks{WrapObjects: true}, "/associations/key/k?locationId=school", `{"association":ROW}`},
		{"wrapped single", sandbox.Quirks{WrapObjects: true, ObjectKeyAnswer: "single"}, "/associations/objectKey/contact?locationId=school", `{"association":ROW}`},
		{
			"unknown fields", sandbox.Quirks{UnknownFields: true, NoTotal: true}, page100,
			`{"associations":[` + strings.TrimSuffix(contactRow, "}") + unknown + "]" + unknown,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := inProcess(t, sandbox.Options{Quirks: test.quirks})
			c.s.AddAssociation(sandbox.Association{
				LocationID: school, ID: "a1", Key: "k",
				FirstObjectKey: "contact", FirstObjectLabel: "<A&B>", SecondObjectKey: "contact", SecondObjectLabel: "B",
			})
			want := strings.ReplaceAll(test.want, "ROW", contactRow)
			if got := c.do("GET", test.path, "").body; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

const (
	contactRow = `{"locationId":"school","id":"a1","key":"k","firstObjectKey":"contact","firstObjectLabel":"<A&B>",` +
		`"secondObjectKey":"contact","secondObjectLabel":"B","associationType":"USER_DEFINED"}`
	unknown = `,"__v":0,"sandboxUnknown":{"nested":[1,null,"two"]}}`
)

func TestObjectKeySingleWithNoneIsMissing(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{ObjectKeyAnswer: "single"}})
	c.want("GET", "/associations/objectKey/contact?locationId=school", "", 400, "not found")
}

func TestQuirksOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	const (
		association404 = `{"statusCode":404,"message":"Association already deleted or not found","error":"Not Found","traceId":"`
		association400 = `{"statusCode":400,"message":"Association already deleted or not found","error":"Bad Request","traceId":"`
		relation404    = `{"statusCode":404,"message":"Relation not found","error":"Not Found","traceId":"`
		relation400    = `{"statusCode":400,"message":"Relation not found","error":"Bad Request","traceId":"`
	)
	for _, test := range []struct {
		quirks                           sandbox.Quirks
		associationStatus, status        int
		associationMessage, relationText string
	}{
		{sandbox.Quirks{}, 400, 404, association400, relation404},
		{sandbox.Quirks{MissingIs404: true}, 404, 404, association404, relation404},
		{sandbox.Quirks{MissingRelationIs400: true}, 400, 400, association400, relation400},
	} {
		c := inProcess(t, sandbox.Options{Quirks: test.quirks})
		c.want("GET", "/associations/a1", "", test.associationStatus, test.associationMessage)
		c.want("GET", "/associations/key/k?locationId=school", "", test.associationStatus, test.associationMessage)
		c.want("DELETE", "/associations/a1", "", test.associationStatus, test.associationMessage)
		c.want("POST", "/associations/relations", relationBody("a1", "x", "y"), test.associationStatus, test.associationMessage)
		c.want("DELETE", "/associations/relations/r1?locationId=school", "", test.status, test.relationText)
	}
}

func TestQuirkMaxLabelsPerPair(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{MaxLabelsPerPair: 2}})
	c.create("k1", "contact", "A", "opportunity", "B")
	c.create("k2", "opportunity", "A", "contact", "B")
	c.want("POST", "/associations/", associationBody("k3", "contact", "C", "opportunity", "D"), 400, "Max association limit[2] reached")
	c.create("k4", "contact", "A", "contact", "B")
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.KeepSides = true })
	c.want("POST", "/associations/", associationBody("k5", "opportunity", "C", "contact", "D"), 400, "Max association limit[2] reached")
}

func TestIDsAreUnescapedElementByElement(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	odd := "a/b c.%d/../ü"
	c.s.AddAssociation(sandbox.Association{LocationID: school, ID: odd, Key: "k/1"})
	c.want("GET", "/associations/a%2Fb%20c.%25d%2F..%2F%C3%BC", "", 200, `"id":"`+odd+`"`)
	c.want("GET", "/associations/key/k%2F1?locationId=school", "", 200, `"key":"k/1"`)
	c.want("GET", "/associations/key/k/1?locationId=school", "", 404, "Cannot GET")
}

func TestManyAssociations(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{RateLimit: sandbox.RateLimit{Unlimited: true}})
	for i := range 5000 {
		c.s.AddAssociation(sandbox.Association{LocationID: school, Key: fmt.Sprintf("u%d", i)})
	}
	for skip := 0; skip < 5000; skip += 100 {
		r := c.want("GET", fmt.Sprintf("/associations/?locationId=school&skip=%d&limit=100", skip), "", 200, `"total":5000`)
		if got := column(t, r.body, "associations", "key"); got[0] != fmt.Sprintf("u%d", skip) || len(got) != 100 {
			t.Fatalf("page at %d: %d rows from %s", skip, len(got), got[0])
		}
	}
}
