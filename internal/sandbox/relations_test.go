package sandbox_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// list returns the path of a record's relation listing.
func list(recordID string) string {
	return "/associations/relations/" + recordID + "?locationId=school&skip=0&limit=100"
}

func TestRelationLifecycle(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	association := c.studentTeacher()
	id := c.relate(association, "student-1", "teacher-1")
	row := `{"id":"` + id + `","associationId":"` + association + `","firstObjectKey":"custom_objects.student","firstRecordId":"student-1",` +
		`"secondObjectKey":"custom_objects.teacher","secondRecordId":"teacher-1","locationId":"school"}`
	c.want("GET", list("student-1"), "", 200, `{"relations":[`+row+`],"total":1}`)
	c.want("GET", list("teacher-1"), "", 200, `{"relations":[`+row+`],"total":1}`)
	c.want("GET", list("student-2"), "", 200, `{"relations":[],"total":0}`)
	c.want("DELETE", "/associations/relations/"+id+"?locationId=school", "", 200, `"deleted":true`)
	c.want("DELETE", "/associations/relations/"+id+"?locationId=school", "", 404, "Relation not found")
	c.want("GET", list("teacher-1"), "", 200, `{"relations":[],"total":0}`)
}

func TestRelationRefusals(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	c.s.AddRecord(school, "contact-5", "custom_objects.student")
	c.s.AddRecord(school, "gone", "")
	c.s.DeleteRecord(school, "gone")
	c.relate(id, "student-1", "teacher-1")
	c.relate(id, "contact-5", "rec_1")
	c.relate(id, "6790f1d2c3b4a59687786950", "3f2504e0-4f89-41d3-9a0c-0305e82c3301")
	duplicate := "Could not create relation: duplicate relation of object Ids for given association " + id
	for _, test := range []struct {
		association, first, second string
		status                     int
		message                    string
	}{
		{"nope", "student-1", "teacher-1", 400, "Association already deleted or not found"},
		{id, "teacher-1", "student-1", 422, "Invalid record id : 'teacher-1' for association : student_teacher"},
		{id, "student-1", "student-2", 422, "Invalid record id : 'student-2' for association : student_teacher"},
		{id, "contact-1", "teacher-1", 422, "Invalid record id : 'contact-1' for association : student_teacher"},
		{id, "student-1", "contact-5", 422, "Invalid record id : 'contact-5' for association : student_teacher"},
		{id, "gone", "teacher-1", 422, "Invalid record id : 'gone' for association : student_teacher"},
		{id, "student-1", "teacher-1", 400, duplicate},
		{id, "contact-5", "rec_1", 400, duplicate},
	} {
		c.want("POST", "/associations/relations", relationBody(test.association, test.first, test.second), test.status, `"`+test.message+`"`)
	}
	if got := len(c.s.Relations(school)); got != 3 {
		t.Errorf("%d relations", got)
	}
}

func TestRecordOrderIsTheStoredOne(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.create("k", "custom_objects.projects", "Project", "business", "Company")
	c.want("POST", "/associations/relations", relationBody(id, "projects-1", "business-1"), 422, "Invalid record id : 'projects-1' for association : ")
	c.relate(id, "business-1", "projects-1")
}

func TestReversedPair(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.create("k", "contact", "Guardian", "contact", "Child")
	c.relate(id, "contact-1", "contact-2")
	c.want("POST", "/associations/relations", relationBody(id, "contact-2", "contact-1"), 400, "duplicate relation")
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.ReversedPairAllowed = true })
	c.relate(id, "contact-2", "contact-1")
	c.want("POST", "/associations/relations", relationBody(id, "contact-2", "contact-1"), 400, "duplicate relation")
}

func TestReversedPairOfTwoObjectsIsNoDuplicate(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	c.relate(id, "rec_1", "rec_2")
	c.relate(id, "rec_2", "rec_1")
}

func TestRelationOfARecordWithItselfIsListedOnce(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.relate(c.create("k", "contact", "A", "contact", "B"), "contact-1", "contact-1")
	same(t, column(t, c.do("GET", list("contact-1"), "").body, "relations", "id"), []string{id})
	c.want("DELETE", "/associations/relations/"+id+"?locationId=school", "", 200, "")
	c.want("GET", list("contact-1"), "", 200, `{"relations":[],"total":0}`)
}

func TestDeletedAssociationTakesItsRelations(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	one := c.studentTeacher()
	other := c.create("other", "custom_objects.student", "S", "custom_objects.teacher", "T")
	c.relate(one, "student-1", "teacher-1")
	kept := c.relate(other, "student-1", "teacher-1")
	c.want("DELETE", "/associations/"+one, "", 200, "")
	same(t, column(t, c.do("GET", list("student-1"), "").body, "relations", "id"), []string{kept})
	same(t, column(t, c.do("GET", list("teacher-1"), "").body, "relations", "id"), []string{kept})
}

func TestRelationPagesAndFilter(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	for _, id := range []string{"a", "b", "c"} {
		c.s.AddAssociation(sandbox.Association{LocationID: school, ID: id, Key: id})
	}
	for i := range 6 {
		c.s.AddRelation(sandbox.Relation{
			LocationID: school, ID: fmt.Sprintf("r%d", i), AssociationID: []string{"a", "b", "c"}[i%3],
			FirstRecordID: "x", SecondRecordID: fmt.Sprintf("y%d", i),
		})
	}
	for _, test := range []struct {
		query string
		want  string
		total string
	}{
		{"skip=0&limit=4", "r0 r1 r2 r3", `"total":6`},
		{"skip=4&limit=4", "r4 r5", `"total":6`},
		{"skip=6&limit=4", "", `"total":6`},
		{"skip=0&limit=100&associationIds=a", "r0 r3", `"total":2`},
		{"skip=0&limit=100&associationIds=a,b", "r0 r1 r3 r4", `"total":4`},
		{"skip=0&limit=100&associationIds=a&associationIds=c", "r0 r2 r3 r5", `"total":4`},
		{"skip=1&limit=2&associationIds%5B%5D=a&associationIds%5B%5D=c", "r2 r3", `"total":4`},
		{"skip=0&limit=2&associationIds=", "r0 r1", `"total":6`},
		{"skip=0&limit=100&associationIds=none", "", `"total":0`},
	} {
		r := c.want("GET", "/associations/relations/x?locationId=school&"+test.query, "", 200, test.total)
		same(t, column(t, r.body, "relations", "id"), strings.Fields(test.want))
	}
	c.want("GET", "/associations/relations/x?locationId=school&skip=0&limit=101", "", 422, `["limit must not be greater than 100"]`)
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.PageCap = 2 })
	r := c.want("GET", list("x"), "", 200, `"total":6`)
	same(t, column(t, r.body, "relations", "id"), []string{"r0", "r1"})
}

func TestQuirkRelationForms(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	c.s.AddRelation(sandbox.Relation{LocationID: school, ID: "r1", AssociationID: id, FirstRecordID: "student-1", SecondRecordID: "teacher-1"})
	short := `{"id":"r1","associationId":"` + id + `","firstRecordId":"student-1","secondRecordId":"teacher-1","locationId":"school"}`
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.RelationsWithoutObjectKeys = true })
	c.want("GET", list("student-1"), "", 200, `{"relations":[`+short+`],"total":1}`)
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.BareLists = true })
	if got := c.do("GET", list("student-1"), "").body; got != "["+short+"]" {
		t.Errorf("bare list: %s", got)
	}
	c.s.SetQuirks(func(q *sandbox.Quirks) { *q = sandbox.Quirks{WrapObjects: true} })
	c.want("POST", "/associations/relations", relationBody(id, "student-2", "teacher-1"), 201, `{"relation":{"id":"`)
	c.s.SetQuirks(func(q *sandbox.Quirks) { *q = sandbox.Quirks{UnknownFields: true} })
	c.want("POST", "/associations/relations", relationBody(id, "student-3", "teacher-1"), 201, `"locationId":"school"`+unknown)
}

func TestQuirkMaxRelationsPerSide(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{MaxRelationsPerSide: 2}})
	id := c.studentTeacher()
	c.relate(id, "student-1", "teacher-1")
	c.relate(id, "student-2", "teacher-1")
	c.want("POST", "/associations/relations", relationBody(id, "student-3", "teacher-1"), 400,
		"Max relation limit[2] reached for record[teacher-1] for association["+id+"]")
	c.relate(id, "student-3", "teacher-2")
}

func TestQuirkDeletedRecordListing(t *testing.T) {
	t.Parallel()
	for quirk, want := range map[string]struct {
		status int
		body   string
	}{
		"":      {200, `{"relations":[],"total":0}`},
		"empty": {200, `{"relations":[],"total":0}`},
		"404":   {404, `"message":"Record not found"`},
		"400":   {400, `"message":"Record not found"`},
	} {
		t.Run("listing "+quirk, func(t *testing.T) {
			t.Parallel()
			c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{DeletedRecordListing: quirk}})
			id := c.relate(c.studentTeacher(), "student-1", "teacher-1")
			c.s.DeleteRecord(school, "student-1")
			c.want("GET", list("student-1"), "", want.status, want.body)
			same(t, column(t, c.do("GET", list("teacher-1"), "").body, "relations", "id"), []string{id})
			c.s.AddRecord(school, "student-1", "")
			same(t, column(t, c.do("GET", list("student-1"), "").body, "relations", "id"), []string{id})
		})
	}
}

func TestQuirkDeletedRecordRelationsGone(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{DeletedRecordRelations: "gone"}})
	id := c.studentTeacher()
	c.relate(id, "student-1", "teacher-1")
	c.relate(id, "student-1", "teacher-2")
	kept := c.relate(id, "student-2", "teacher-1")
	c.s.DeleteRecord(school, "student-1")
	same(t, column(t, c.do("GET", list("teacher-1"), "").body, "relations", "id"), []string{kept})
	c.want("GET", list("teacher-2"), "", 200, `{"relations":[],"total":0}`)
}

func TestQuirkDeletionAnswer(t *testing.T) {
	t.Parallel()
	for quirk, bodies := range map[string][2]string{
		"empty": {"", ""}, "object": {"{}", "{}"}, "success": {`{"success":true}`, `{"success":true}`},
		"text": {"Relation deleted successfully", "Association deleted successfully"},
	} {
		c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{DeletionAnswer: quirk}})
		association := c.studentTeacher()
		relation := c.relate(association, "student-1", "teacher-1")
		if r := c.want("DELETE", "/associations/relations/"+relation+"?locationId=school", "", 200, ""); r.body != bodies[0] {
			t.Errorf("%s: %+v", quirk, r)
		}
		c.want("GET", list("student-1"), "", 200, `"relations":[]`)
		if r := c.want("DELETE", "/associations/"+association, "", 200, ""); r.body != bodies[1] {
			t.Errorf("%s: %+v", quirk, r)
		}
		if rows := c.s.Associations(school); len(rows) > 0 {
			t.Errorf("%s: left %+v", quirk, rows)
		}
	}
}

func TestQuirkOneSided(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{
		Locations: []sandbox.Location{{ID: school, Token: schoolToken}}, Quirks: sandbox.Quirks{OneSided: true},
	})
	const system = "OPPORTUNITIES_CONTACTS_ASSOCIATION"
	hidden := c.relate(system, "opportunity-1", "contact-1")
	employer := c.relate("BUSINESSES_CONTACTS_ASSOCIATION", "business-1", "contact-1")
	own := c.create("referred", "contact", "Source", "opportunity", "Deal")
	shown := c.relate(own, "contact-1", "opportunity-1")
	c.s.AddAssociation(sandbox.Association{LocationID: school, ID: "NO_CONTACT", AssociationType: "SYSTEM_DEFINED", FirstObjectKey: "business", SecondObjectKey: "opportunity"})
	sale := c.relate("NO_CONTACT", "business-1", "opportunity-1")
	same(t, column(t, c.do("GET", list("contact-1"), "").body, "relations", "id"), []string{hidden, employer, shown})
	same(t, column(t, c.do("GET", list("opportunity-1"), "").body, "relations", "id"), []string{shown, sale})
	c.want("GET", list("opportunity-1"), "", 200, `"total":2`)
	same(t, column(t, c.do("GET", list("business-1"), "").body, "relations", "id"), []string{sale})
	c.want("POST", "/associations/relations", relationBody(system, "opportunity-1", "contact-1"), 400, "duplicate relation")
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.OneSided = false })
	same(t, column(t, c.do("GET", list("opportunity-1"), "").body, "relations", "id"), []string{hidden, shown, sale})
}

func TestWindowAndTotalOfRelations(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{Window: 3}})
	id := c.studentTeacher()
	var ids []string
	for i := range 5 {
		ids = append(ids, c.relate(id, "student-1", fmt.Sprintf("teacher-%d", i)))
	}
	r := c.want("GET", "/associations/relations/student-1?locationId=school&skip=1&limit=100", "", 200, `"total":3`)
	same(t, column(t, r.body, "relations", "id"), ids[1:3])
	same(t, column(t, c.do("GET", list("teacher-4"), "").body, "relations", "id"), ids[4:])
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.Window, q.TotalOfPage, q.PageCap = 0, true, 2 })
	r = c.want("GET", "/associations/relations/student-1?locationId=school&skip=2&limit=100", "", 200, `"total":2`)
	same(t, column(t, r.body, "relations", "id"), ids[2:4])
}

func TestQuirkSamePairReversed(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{SamePairReversed: true}})
	parent := c.create("parent", "contact", "Parent", "contact", "Child")
	c.want("POST", "/associations/relations", relationBody(parent, "contact-1", "contact-2"), 201, `"firstRecordId":"contact-2",`)
	c.want("POST", "/associations/relations", relationBody(parent, "contact-1", "contact-2"), 400, "duplicate relation")
	c.want("POST", "/associations/relations", relationBody(c.studentTeacher(), "student-1", "teacher-1"), 201, `"firstRecordId":"student-1",`)
}

func TestQuirkListingLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{ListingLag: 20 * time.Second}})
		association := c.studentTeacher()
		id := c.relate(association, "student-1", "teacher-1")
		time.Sleep(20*time.Second - 1)
		c.want("GET", list("student-1"), "", 200, `{"relations":[],"total":0}`)
		c.want("POST", "/associations/relations", relationBody(association, "student-1", "teacher-1"), 400, "duplicate relation")
		time.Sleep(time.Nanosecond)
		same(t, column(t, c.do("GET", list("teacher-1"), "").body, "relations", "id"), []string{id})
	})
}

// If the caller sets a clock, the listing lag and the rate limit follow this clock.
func TestClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := inProcess(t, sandbox.Options{
		Now: func() time.Time { return now }, Quirks: sandbox.Quirks{ListingLag: 20 * time.Second}, RateLimit: sandbox.RateLimit{Max: 5},
	})
	id := c.relate(c.studentTeacher(), "student-1", "teacher-1")
	c.want("GET", list("student-1"), "", 200, `"total":0`)
	c.want("GET", list("student-1"), "", 200, `"total":0`)
	c.want("GET", list("student-1"), "", 200, `"total":0`)
	c.want("GET", list("student-1"), "", 429, "")
	now = now.Add(20 * time.Second)
	same(t, column(t, c.do("GET", list("student-1"), "").body, "relations", "id"), []string{id})
	log := c.s.Requests()
	if got := log[len(log)-1].Time; !got.Equal(now) {
		t.Errorf("logged at %s, want %s", got, now)
	}
}

func TestManyRelationsOnOneRecord(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{RateLimit: sandbox.RateLimit{Unlimited: true}})
	id := c.studentTeacher()
	for i := range 10_000 {
		c.s.AddRelation(sandbox.Relation{LocationID: school, AssociationID: id, FirstRecordID: fmt.Sprintf("student-%d", i), SecondRecordID: "teacher-1"})
	}
	for skip := 0; skip < 10_000; skip += 100 {
		r := c.want("GET", fmt.Sprintf("/associations/relations/teacher-1?locationId=school&skip=%d&limit=100", skip), "", 200, `"total":10000`)
		got := column(t, r.body, "relations", "firstRecordId")
		if len(got) != 100 || got[0] != fmt.Sprintf("student-%d", skip) {
			t.Fatalf("page at %d: %d rows from %s", skip, len(got), got[0])
		}
	}
	c.want("DELETE", "/associations/"+id, "", 200, "")
	if got := len(c.s.Relations(school)); got != 0 {
		t.Errorf("%d relations left", got)
	}
}
