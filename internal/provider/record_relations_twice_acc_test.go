package provider_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A ghl_relation of the same record is pointed out, and a plan that would delete for one what the other keeps is an
// error. Followed to the letter, its advice deletes nothing.
func TestAccRecordRelations_besideRelation(t *testing.T) {
	a := newSandboxAccount(t)
	taught := a.taught()
	single := func(name, student string) string { return relation(name, taught, student, "teacher-1") }
	set := func(ids ...string) string { return recordRelations("of_teacher", taught, "teacher-1", ids) }
	e := a.localEngine(single("one", "student-1") + single("two", "student-2"))
	e.apply()
	e.write("main.tf", single("one", "student-1")+single("two", "student-2")+set("student-1", "student-2", "student-3"))
	says(t, e.succeeds("plan", "-no-color"), "Relations Managed Twice", "deletes every relation that it does not include")
	// Handed over without the state rm.
	e.write("main.tf", set("student-1", "student-2", "student-3"))
	says(t, e.fails("plan", "-no-color"), "Nothing has been changed. Manage each relation once.", "remove the ghl_relation from the state with the engine's state rm command")
	a.forget()
	e.succeeds("state", "rm", "ghl_relation.one", "ghl_relation.two")
	e.apply()
	a.mustHaveWritten(`POST .*"student-3".*`, `POST .*"student-3".*`)
	e.plansNothing()
	// A set that gives up what a ghl_relation keeps.
	e.write("main.tf", set("student-2", "student-3")+single("one", "student-1")+importBlock("ghl_relation.one", exampleAssociation+"/student-1/teacher-1"))
	says(t, e.fails("plan", "-no-color"), "Nothing has been changed. Manage each relation once.")
	a.wantStudents("teacher-1", "student-1", "student-2", "student-3")
}

// Sets of both ends of a relation are pointed out, too.
func TestAccRecordRelations_ofBothEnds(t *testing.T) {
	a := newSandboxAccount(t)
	taught := a.taught()
	ofStudent := func(ids ...string) string { return recordRelations("of_student", taught, "student-1", ids) }
	e := a.localEngine(recordRelations("of_teacher", taught, "teacher-1", []string{"student-1"}))
	e.apply()
	e.write("main.tf", ofStudent("teacher-1"))
	says(t, e.fails("plan", "-no-color"), "for one resource and deletes them for another", "Nothing has been changed.")
	a.wantStudents("teacher-1", "student-1")
	e.succeeds("state", "rm", ofTeacher)
	e.apply()
	a.wantStudents("teacher-1", "student-1")
	e.plansNothing()
}

// A renamed block, without a moved block or with an import block, is refused: the create would take over what the destroy
// then deletes.
func TestAccRecordRelations_renamed(t *testing.T) {
	a := newSandboxAccount(t)
	taught := a.taught()
	renamed := recordRelations("renamed", taught, "teacher-1", []string{"student-1", "student-2"})
	e := a.localEngine(recordRelations("of_teacher", taught, "teacher-1", []string{"student-1", "student-2"}))
	e.apply()
	e.write("main.tf", renamed)
	says(t, e.fails(applyCommand...), "Unable to Plan Record Relations", "If the resource was renamed, add a moved block so that nothing is destroyed: moved { from = ghl_record_relations.old")
	e.write("main.tf", renamed+importBlock("ghl_record_relations.renamed", exampleAssociation+"/teacher-1"))
	says(t, e.fails(applyCommand...), "Two resources in this state manage the set of relations", "Nothing has been changed.")
	a.wantStudents("teacher-1", "student-1", "student-2")
	a.forget()
	e.write("main.tf", renamed+"moved {\n  from = ghl_record_relations.of_teacher\n  to   = ghl_record_relations.renamed\n}\n")
	e.apply()
	a.mustHaveWritten()
	e.plansNothing()
}

// What a set takes over in an apply, nothing else deletes in it: neither its own former instance nor a resource that the plan
// could not know to be of the same record.
func TestAccRecordRelations_takenOver(t *testing.T) {
	const later = "resource \"terraform_data\" \"later\" {\n  input = %s\n}\n"
	for name, test := range map[string]func(a *account, taught string) (before, after string, args []string){
		"by its own former instance": func(_ *account, taught string) (before, after string, args []string) {
			set := recordRelations("of_teacher", taught, "teacher-1", []string{"student-1", "student-2"}, "lifecycle {", "  create_before_destroy = true", "}")
			return set, set, []string{"-replace=" + ofTeacher}
		},
		"by a renamed one": func(_ *account, taught string) (before, after string, args []string) {
			return recordRelations("of_teacher", taught, "teacher-1", []string{"student-1", "student-2"}),
				fmt.Sprintf(later, taught) + recordRelations("renamed", "terraform_data.later.output", "teacher-1", []string{"student-1", "student-2"}), nil
		},
		"by single relations": func(_ *account, taught string) (before, after string, args []string) {
			return relation("one", taught, "student-1", "teacher-1") + relation("two", taught, "student-2", "teacher-1"),
				fmt.Sprintf(later, taught) + recordRelations("of_teacher", "terraform_data.later.output", "teacher-1", []string{"student-1", "student-2"}), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			before, after, args := test(a, a.taught())
			e := a.localEngine(before)
			e.apply()
			e.write("main.tf", after)
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Count: 2, Effect: sandbox.Stall(500 * time.Millisecond)}) // until the create has looked
			// Two destroys beside a create may come first: then the create says so, and the next apply does it.
			if output, code := e.run(slices.Concat(applyCommand, args)...); code != 0 {
				says(t, output, "pply again")
				e.apply()
			}
			a.wantStudents("teacher-1", "student-1", "student-2")
			e.plansNothing()
			a.wantStudents("teacher-1", "student-1", "student-2")
		})
	}
}

// A create that takes over what is identical does not take over what a set holds.
func TestAccRecordRelations_adopting(t *testing.T) {
	a := newSandboxAccount(t)
	taught := a.taught()
	set := recordRelations("of_teacher", taught, "teacher-1", []string{"student-1"})
	e := a.adoptingEngine(set)
	e.apply()
	e.write("main.tf", set+relation("one", taught, "student-1", "teacher-1"))
	says(t, e.fails(applyCommand...), "holds a relation that a ghl_relation is to create", "Nothing has been changed.")
	e.write("main.tf", set)
	e.plansNothing()
}
