package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Without the look ahead a create deletes nothing either.
func TestAccRecordRelations_overUnseen(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(recordRelations("of_teacher", a.taught(), "teacher-1", []string{"student-1"}))
	a.isTaughtBy("teacher-1", "student-2")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Effect: sandbox.Status(http.StatusBadGateway)})
	doesNotSay(t, e.succeeds("plan", "-out=unseen", "-no-color"), "Other Relations Exist")
	says(t, e.succeeds("apply", "-no-color", "unseen"), "HighLevel has 1 relation that")
	a.wantStudents("teacher-1", "student-1", "student-2")
}

// A create that fails half-way leaves nothing in the state to be replaced; the next one takes over what was made.
func TestAccRecordRelations_createInPart(t *testing.T) {
	a := newSandboxAccount(t)
	association := a.taught()
	a.isTaughtBy("teacher-1", "student-7")
	e := a.localEngine(recordRelations("of_teacher", association, "teacher-1", numberedStudents(1, 41)))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Contains: `"student-3"`, Effect: sandbox.StatusMessage(422, "Invalid record id : 'student-3' for association : taught_by")})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Contains: `"student-5"`, Effect: sandbox.Status(http.StatusInternalServerError)})
	says(t, e.fails(applyCommand...), "Unable to Create Record Relations", "38 of 40 relations exist now, and are not in the state yet. Apply again: the resource takes over the existing relations, and creates only the missing ones.",
		`2 relations. The operation failed for the records "student-3", "student-5". For "student-3": A record does not fit its side`, "This is about the set of relations of the record")
	if ids := e.stateIDs(); len(ids) != 0 {
		t.Errorf("the state holds %q", ids)
	}
	a.faultsEnd(e)
	a.forget()
	output := e.apply()
	says(t, output, "1 added, 0 changed, 0 destroyed")
	if posts := a.writes(); len(posts) < 2 || len(posts) > 3 { // one may find out the order of the records
		t.Errorf("the second apply sent %q", posts)
	}
	a.wantStudents("teacher-1", numberedStudents(1, 41)...)
	e.plansNothing()
}

// A change that fails half-way leaves in the state what was done, and the next apply does the rest.
func TestAccRecordRelations_updateInPart(t *testing.T) {
	a := newSandboxAccount(t)
	association := a.taught()
	set := func(ids ...string) string { return recordRelations("of_teacher", association, "teacher-1", ids) }
	e := a.localEngine(set("student-1", "student-2", "student-3"))
	e.apply()
	e.write("main.tf", set("student-3", "student-4", "student-5"))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Contains: `"student-5"`, Effect: sandbox.StatusMessage(422, "Invalid record id : 'student-5' for association : taught_by")})
	says(t, e.fails(applyCommand...), "Unable to Update Record Relations", "Done, and in the state: 1 created, 2 deleted. Apply again to do the rest.", `1 relation. The operation failed for the records "student-5".`)
	holdsStudents(e, "student-3", "student-4")
	a.wantStudents("teacher-1", "student-3", "student-4")
	a.faultsEnd(e)
	a.forget()
	e.apply()
	if posts := a.writes(); len(posts) == 0 || len(posts) > 2 || !strings.Contains(posts[0], `"student-5"`) {
		t.Errorf("the second apply sent %q", posts)
	}
	e.plansNothing()

	// So with deletions, of a change and of a destroy.
	kept := a.relation(exampleAssociation, "student-4", "teacher-1")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Contains: kept.ID, Effect: sandbox.DeletionDenied()})
	e.write("main.tf", set("student-5", "student-6"))
	says(t, e.fails(applyCommand...), "Unable to Update Record Relations", "Done, and in the state: 0 created, 1 deleted.")
	holdsStudents(e, "student-4", "student-5")
	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "Unable to Delete Record Relations", "1 of 2 relations were deleted, and the state holds the others.")
	holdsStudents(e, "student-4")
	a.faultsEnd(e)
	e.destroy()
	a.wantStudents("teacher-1")
}

// A failed read, or a record that is gone while its relations are left, drops nothing.
func TestAccRecordRelations_unreadable(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{DeletedRecordListing: sandbox.DeletedListing404}))
	e := a.localEngine(recordRelations("of_teacher", a.taught(), "teacher-1", numberedStudents(1, 4)))
	e.apply()
	state := e.read("terraform.tfstate")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Effect: sandbox.Status(http.StatusBadGateway)})
	says(t, e.fails(applyCommand...), "Unable to Read Record Relations", "The state is unchanged.")
	if e.read("terraform.tfstate") != state {
		t.Error("the state has changed")
	}
	a.faultsEnd(e)
	a.sandbox.DeleteRecord(a.locationID, "teacher-1")
	e.plansNothing()
	e.destroy()
	a.wantStudents("teacher-1")
}

// Its association deleted after the plan, a set is not created, and the error says for which record. The next apply does all.
func TestAccRecordRelations_associationGoneSincePlan(t *testing.T) {
	a := newSandboxAccount(t)
	taught := association("taught", a.key("taught"), side{"custom_objects.student", "Student"}, side{"custom_objects.teacher", "Teacher"})
	e := a.localEngine(taught)
	e.apply()
	e.write("main.tf", taught+recordRelations("of_teacher", "ghl_association.taught.id", "teacher-1", []string{"student-1"}))
	e.succeeds("plan", "-out=planned", "-no-color")
	a.removeAssociation(a.key("taught"))
	says(t, e.fails("apply", "-no-color", "planned"), "Unable to Create Record Relations", "There is no association", "creates the association, apply again.",
		`The set of relations of the record "teacher-1" under the association`, "was not created.")
	e.apply()
	a.wantStudents("teacher-1", "student-1")
	e.plansNothing()
}

// Its association gone and made anew, it is replaced, and made anew.
func TestAccRecordRelations_associationGone(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(association("taught", a.key("taught"), side{"custom_objects.student", "Student"}, side{"custom_objects.teacher", "Teacher"}) +
		recordRelations("of_teacher", "ghl_association.taught.id", "teacher-1", numberedStudents(1, 4)))
	e.apply()
	a.removeAssociation(a.key("taught"))
	says(t, e.apply(), "2 added, 0 changed, 1 destroyed")
	a.wantStudents("teacher-1", numberedStudents(1, 4)...)
	e.plansNothing()
}
