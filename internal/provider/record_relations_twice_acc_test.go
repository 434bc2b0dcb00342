package provider_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The plan shows a warning if the relation of a ghl_relation is also in a set. The plan fails if one of the resources would
// delete a relation that the other keeps. Nothing is deleted if the user follows the error's instructions.
func TestAccRecordRelations_besideRelation(t *testing.T) {
	a := newSandboxAccount(t)
	taught := a.taught()
	single := func(name, student string) string { return relation(name, taught, student, "teacher-1") }
	set := func(ids ...string) string { return recordRelations("of_teacher", taught, "teacher-1", ids) }
	e := a.localEngine(single("one", "student-1") + single("two", "student-2"))
	e.apply()
	e.write("main.tf", single("one", "student-1")+single("two", "student-2")+set("student-1", "student-2", "student-3"))
	says(t, e.succeeds("plan", "-no-color"), "Relations Managed Twice", "deletes every relation that it does not include")
	// The set replaces the single relations, but state rm was not run.
	e.write("main.tf", set("student-1", "student-2", "student-3"))
	says(t, e.fails("plan", "-no-color"), "Nothing has been changed. Manage each relation once.", "remove the ghl_relation from the state with the engine's state rm command")
	a.forget()
	e.succeeds("state", "rm", "ghl_relation.one", "ghl_relation.two")
	e.apply()
	a.mustHaveWritten(`POST .*"student-3".*`, `POST .*"student-3".*`)
	e.plansNothing()
	// The set no longer contains a relation that a ghl_relation keeps.
	e.write("main.tf", set("student-2", "student-3")+single("one", "student-1")+importBlock("ghl_relation.one", exampleAssociation+"/student-1/teacher-1"))
	says(t, e.fails("plan", "-no-color"), "Nothing has been changed. Manage each relation once.")
	a.wantStudents("teacher-1", "student-1", "student-2", "student-3")
}

// The plan also points out a relation that is in the sets of both of its records.
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

// A renamed block without a moved block is refused, even with an import block. The create would take over relations that the
// destroy then deletes.
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

// If a set takes over relations in an apply, no other resource deletes them in the same apply. This includes the replaced
// instance of the set, and resources whose record the plan did not know.
func TestAccRecordRelations_takenOver(t *testing.T) {
	const later = "resource \"terraform_data\" \"later\" {\n  input = %s\n}\n"
	for name, test := range map[string]func(a *account, taught string) (before, after string, args []string){
		"by the replaced instance": func(_ *account, taught string) (before, after string, args []string) {
			set := recordRelations("of_teacher", taught, "teacher-1", []string{"student-1", "student-2"}, "lifecycle {", "  create_before_destroy = true", "}")
			return set, set, []string{"-replace=" + ofTeacher}
		},
		"by a renamed set": func(_ *account, taught string) (before, after string, args []string) {
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
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Count: 2, Effect: sandbox.Stall(500 * time.Millisecond)}) // until the create has listed the relations
			// If both destroys run before the create, the create fails and says to apply again, and the next apply succeeds.
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

// With adopt_identical, the create of a ghl_relation does not take over a relation that a set contains.
func TestAccRecordRelations_adopting(t *testing.T) {
	a := newSandboxAccount(t)
	taught := a.taught()
	set := recordRelations("of_teacher", taught, "teacher-1", []string{"student-1"})
	e := a.adoptingEngine(set)
	e.apply()
	e.write("main.tf", set+relation("one", taught, "student-1", "teacher-1"))
	says(t, e.fails(applyCommand...), "contains a relation that this plan creates as a ghl_relation", "Nothing has been changed.")
	e.write("main.tf", set)
	e.plansNothing()
}
