package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// recordRelations returns the configuration of a ghl_record_relations with further lines. The argument association is an
// expression of the configuration.
func recordRelations(name, association, record string, related []string, lines ...string) string {
	return fmt.Sprintf(`
resource "ghl_record_relations" %q {
  association_id     = %s
  record_id          = %q
  related_record_ids = [%s]
  %s
}
`, name, association, record, hclList(related), strings.Join(lines, "\n  "))
}

func hclList(ids []string) string {
	quotedIDs := make([]string, len(ids))
	for i, id := range ids {
		quotedIDs[i] = quoted(id)
	}
	return strings.Join(quotedIDs, ", ")
}

// numberedStudents returns the ids student-<from> to student-<to-1>.
func numberedStudents(from, to int) (ids []string) {
	for i := from; i < to; i++ {
		ids = append(ids, fmt.Sprintf("student-%d", i))
	}
	return ids
}

// taught adds an association of students and teachers, and returns its quoted id.
func (a *account) taught() string {
	row := taughtBy(a.locationID)
	a.sandbox.AddAssociation(row)
	return quoted(row.ID)
}

// isTaughtBy links a teacher and students behind the provider's back.
func (a *account) isTaughtBy(teacher string, students ...string) {
	for _, student := range students {
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: exampleAssociation, FirstRecordID: student, SecondRecordID: teacher})
	}
}

// wantStudents fails the test unless the teacher has exactly these students in HighLevel.
func (a *account) wantStudents(teacher string, want ...string) {
	a.t.Helper()
	got := []string{}
	for _, row := range a.sandbox.Relations(a.locationID) {
		if row.SecondRecordID == teacher {
			got = append(got, row.FirstRecordID)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		a.t.Errorf("the students of %s are %q, want %q", teacher, got, want)
	}
}

const ofTeacher = "ghl_record_relations.of_teacher"

// holdsStudents fails the test unless the state contains exactly these students.
func holdsStudents(e *engine, ids ...string) {
	e.t.Helper()
	want := []any{}
	for _, id := range ids {
		want = append(want, id)
	}
	e.hasAttributes(ofTeacher, map[string]any{"related_record_ids": want})
}

func idSet(ids ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(ids))
	for i, id := range ids {
		checks[i] = knownvalue.StringExact(id)
	}
	return knownvalue.SetExact(checks)
}

// A set of relations is created, updated with only the necessary calls, imported in three ways, emptied and destroyed.
func TestAccRecordRelations_lifecycle(t *testing.T) {
	a := newSandboxAccount(t)
	taught := association("taught", a.key("taught"), side{"custom_objects.student", "Student"}, side{"custom_objects.teacher", "Teacher"})
	set := func(ids ...string) string {
		return a.provider() + taught + recordRelations("of_teacher", "ghl_association.taught.id", "teacher-1", ids)
	}
	related := func(ids ...string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(ofTeacher, tfjsonpath.New("related_record_ids"), idSet(ids...))
	}
	steps := []resource.TestStep{
		{
			Config: set("student-1", "student-2"),
			ConfigStateChecks: append(ifIdentity(
				statecheck.ExpectIdentity(ofTeacher, map[string]knownvalue.Check{
					"location_id": knownvalue.StringExact(a.locationID), "association_id": knownvalue.NotNull(),
					"record_id": knownvalue.StringExact("teacher-1"), "side": knownvalue.Null(),
				})),
				related("student-1", "student-2"), attribute(ofTeacher, "location_id", a.locationID),
				statecheck.ExpectKnownValue(ofTeacher, tfjsonpath.New("side"), knownvalue.Null())),
			Check: func(*terraform.State) error { a.wantStudents("teacher-1", "student-1", "student-2"); return nil },
		},
		{
			PreConfig: a.forget, Config: set("student-2", "student-3"), ConfigPlanChecks: does(ofTeacher, plancheck.ResourceActionUpdate),
			Check:             a.wrote(`DELETE /associations/relations/[0-9a-f]{24}`, `POST /associations/relations .*"student-3".*`, `POST /associations/relations .*"student-3".*`),
			ConfigStateChecks: []statecheck.StateCheck{related("student-2", "student-3")},
		},
	}
	steps = append(steps, importSteps(ofTeacher, "{association_id}/teacher-1", "{location_id}/{association_id}/{record_id}")...)
	a.run(append(steps, resource.TestStep{
		PreConfig: a.forget, Config: set(), Check: a.wrote(`DELETE .*`, `DELETE .*`), ConfigStateChecks: []statecheck.StateCheck{related()},
	}, resource.TestStep{Config: set("student-1")}, resource.TestStep{
		Config: a.provider() + taught, Check: func(*terraform.State) error { a.wantStudents("teacher-1"); return nil },
	})...)
}

// If somebody adds a relation by hand, the plan shows a warning and deletes the relation. If somebody removes a relation, the
// plan creates it again.
func TestAccRecordRelations_drift(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(recordRelations("of_teacher", a.taught(), "teacher-1", numberedStudents(1, 4)))
	e.apply()
	e.plansNothing()
	a.isTaughtBy("teacher-1", "student-8", "student-9")
	a.isTaughtBy("teacher-2", "student-1")
	says(t, e.succeeds("plan", "-no-color"), "0 to add, 1 to change, 0 to destroy", `- "student-8"`, "Relations Will Be Deleted",
		"Applying this plan deletes 2 relations that the set of relations of the record", `(to "student-8", "student-9"). To keep these relations, add the ids to related_record_ids.`)
	a.wantStudents("teacher-1", "student-1", "student-2", "student-3", "student-8", "student-9")
	e.apply()
	a.wantStudents("teacher-1", "student-1", "student-2", "student-3")
	a.wantStudents("teacher-2", "student-1")
	e.plansNothing()
	for _, row := range a.relations("teacher-1") {
		if row.FirstRecordID == "student-2" {
			a.removeRelation(row)
		}
	}
	output := e.succeeds("plan", "-no-color")
	says(t, output, "0 to add, 1 to change, 0 to destroy", `+ "student-2"`)
	doesNotSay(t, output, "Warning")
	a.forget()
	e.apply()
	a.mustHaveWritten(`POST /associations/relations .*"student-2".*`, `POST /associations/relations .*"student-2".*`)
	e.plansNothing()
	says(t, e.succeeds("plan", "-destroy", "-no-color"), "Destroying the set of relations of the record", `deletes 3 relations (to "student-1", "student-2", "student-3").`)
	a.isTaughtBy("teacher-1", "student-9")
	e.succeeds("destroy", "-auto-approve", "-refresh=false", "-no-color")
	a.wantStudents("teacher-1", "student-9") // this relation was not in the state
}

// The first apply takes over existing relations and deletes none, with a warning about the relations that are not in the
// configuration. The next apply deletes these relations.
func TestAccRecordRelations_overExisting(t *testing.T) {
	for name, early := range map[string]bool{"known at plan time": true, "not known at plan time": false} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			association := a.taught()
			a.isTaughtBy("teacher-1", numberedStudents(10, 30)...)
			configuration := recordRelations("of_teacher", association, "teacher-1", []string{"student-1", "student-10", "student-11"})
			if !early {
				configuration = "resource \"terraform_data\" \"id\" {\n  input = " + association + "\n}\n" +
					recordRelations("of_teacher", "terraform_data.id.output", "teacher-1", []string{"student-1", "student-10", "student-11"})
			}
			e := a.localEngine(configuration)
			const warning = "HighLevel has 18 relations that the set of relations of the record"
			if plan := e.succeeds("plan", "-no-color"); early {
				says(t, plan, "Other Relations Exist", warning, `(to "student-12", "student-13"`, `"student-21" and 8 more). Creating the resource does not delete these relations.`)
			}
			a.forget()
			output := e.apply()
			says(t, output, warning, "Creating the resource does not delete these relations")
			a.mustHaveWritten(`POST .*"student-1".*`, `POST .*"student-1".*`)
			holdsStudents(e, "student-1", "student-10", "student-11")
			a.wantStudents("teacher-1", append(numberedStudents(10, 30), "student-1")...)
			says(t, e.succeeds("plan", "-no-color"), "1 to change, 0 to destroy", "Applying this plan deletes 18 relations")
			e.apply()
			a.wantStudents("teacher-1", "student-1", "student-10", "student-11")
			e.plansNothing()
		})
	}
}

// One resource can contain the 1,000 relations of a record. A plan costs only their pages, and no read fails or misses a
// relation.
func TestAccRecordRelations_thousand(t *testing.T) {
	a := newSandboxAccount(t, func(o *sandbox.Options) { o.RateLimit = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second} })
	association := a.taught()
	a.isTaughtBy("teacher-1", numberedStudents(1, 1001)...)
	set := func(from, to int) string {
		return recordRelations("of_teacher", association, "teacher-1", numberedStudents(from, to))
	}
	e := a.localEngine(set(1, 1001))
	e.apply() // takes over all relations
	a.mustHaveWritten()
	a.forget()
	e.plansNothing()
	if n := len(a.requests()); n > 12 {
		t.Errorf("a plan of 1,000 relations made %d requests, want at most 12", n)
	}
	e.write("main.tf", set(51, 1051))
	a.forget()
	says(t, e.apply(), "Applying this plan deletes 50 relations")
	if n := len(a.writes()); n < 100 || n > 102 {
		t.Errorf("100 changes made %d requests", n)
	}
	for _, r := range a.requests() {
		if r.Status == http.StatusTooManyRequests {
			t.Error("a request exceeded the rate limit")
		}
	}
	a.wantStudents("teacher-1", numberedStudents(51, 1051)...)
	e.plansNothing()
}

// The attribute side, which gives the role of the record, is required if the association links an object with itself.
// Otherwise it is refused.
func TestAccRecordRelations_sides(t *testing.T) {
	a := newSandboxAccount(t)
	association := a.taught()
	mentor := quoted(a.addAssociation(a.key("mentor"), "Mentor", "Mentee").ID)
	e := a.localEngine(recordRelations("as_mentor", mentor, "contact-1", []string{"contact-2"}))
	says(t, e.fails("plan", "-no-color"), "Unable to Manage Record Relations", `links the object "contact" with itself`, `Set side to "first" or "second"`)
	e.write("main.tf", recordRelations("of_teacher", association, "teacher-1", []string{"student-1"}, `side = "second"`))
	says(t, e.fails("plan", "-no-color"), "so the record's object determines the side. Remove side.")
	e.write("main.tf", recordRelations("as_mentor", mentor, "contact-1", []string{"contact-2"}, `side = "third"`))
	says(t, e.fails("plan", "-no-color"), `value must be one of: ["first" "second"]`)

	both := recordRelations("as_mentor", mentor, "contact-1", []string{"contact-2", "contact-3"}, `side = "first"`) +
		recordRelations("as_mentee", mentor, "contact-1", []string{"contact-4"}, `side = "second"`)
	e.write("main.tf", both)
	output := e.apply()
	doesNotSay(t, output, "Warning")
	var stored []string
	for _, row := range a.sandbox.Relations(a.locationID) {
		stored = append(stored, row.FirstRecordID+" mentors "+row.SecondRecordID)
	}
	slices.Sort(stored)
	equalLines(t, "stored", stored, "contact-1 mentors contact-2", "contact-1 mentors contact-3", "contact-4 mentors contact-1")
	e.plansNothing()
	e.succeeds("state", "rm", "ghl_record_relations.as_mentee")
	e.succeeds("import", "-no-color", "ghl_record_relations.as_mentee", strings.Trim(mentor, `"`)+"/contact-1/second")
	e.plansNothing()
	e.succeeds("state", "rm", "ghl_record_relations.as_mentee")
	says(t, e.fails("import", "-no-color", "ghl_record_relations.as_mentee", strings.Trim(mentor, `"`)+"/contact-1"), `an import id ends in "/first" or "/second"`)
	e.succeeds("import", "-no-color", "ghl_record_relations.as_mentee", strings.Trim(mentor, `"`)+"/contact-1/second")
	// The relations on the other side of the record belong to another set.
	e.write("main.tf", recordRelations("as_mentee", mentor, "contact-1", []string{"contact-4"}, `side = "second"`))
	says(t, e.apply(), "0 added, 0 changed, 1 destroyed")
	e.write("main.tf", recordRelations("as_mentee", mentor, "contact-1", []string{"contact-4"}, `side = "first"`))
	says(t, e.succeeds("plan", "-no-color"), "1 to add, 0 to change, 1 to destroy", "Replacing the set of relations of the record", "on its second side")
	e.destroy()
	if left := a.sandbox.Relations(a.locationID); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}
