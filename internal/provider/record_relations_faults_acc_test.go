package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A create deletes no relations, even if the plan could not list them.
func TestAccRecordRelations_overUnseen(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(recordRelations("of_teacher", a.taught(), "teacher-1", []string{"student-1"}))
	a.isTaughtBy("teacher-1", "student-2")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Effect: sandbox.Status(http.StatusBadGateway)})
	doesNotSay(t, e.succeeds("plan", "-out=unseen", "-no-color"), "Other Relations Exist")
	says(t, e.succeeds("apply", "-no-color", "unseen"), "HighLevel has 1 relation that")
	a.wantStudents("teacher-1", "student-1", "student-2")
}

// If a create fails halfway, the state contains no resource that would be replaced. The next create takes over the relations
// that were created.
func TestAccRecordRelations_createInPart(t *testing.T) {
	a := newSandboxAccount(t)
	association := a.taught()
	a.isTaughtBy("teacher-1", "student-7")
	e := a.localEngine(recordRelations("of_teacher", association, "teacher-1", numberedStudents(1, 41)))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Contains: `"student-3"`, Effect: sandbox.StatusMessage(422, "Invalid record id : 'student-3' for association : taught_by")})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Contains: `"student-5"`, Effect: sandbox.Status(http.StatusInternalServerError)})
	says(t, e.fails(applyCommand...), "Unable to Create Record Relations", "38 of 40 relations exist now, and are not in the state yet. Apply again: the resource takes over the existing relations, and creates only the missing ones.",
		`2 relations. The operation failed for the records "student-3", "student-5". For "student-3": A record does not fit its side`, "This error concerns the set of relations of the record")
	if ids := e.stateIDs(); len(ids) != 0 {
		t.Errorf("the state contains %q", ids)
	}
	a.faultsEnd(e)
	a.forget()
	output := e.apply()
	says(t, output, "1 added, 0 changed, 0 destroyed")
	if posts := a.writes(); len(posts) < 2 || len(posts) > 3 { // one request may fail because of the order of the records
		t.Errorf("the second apply sent %q", posts)
	}
	a.wantStudents("teacher-1", numberedStudents(1, 41)...)
	e.plansNothing()
}

// If an update fails halfway, the state contains the changes that were made, and the next apply makes the rest.
func TestAccRecordRelations_updateInPart(t *testing.T) {
	a := newSandboxAccount(t)
	association := a.taught()
	set := func(ids ...string) string { return recordRelations("of_teacher", association, "teacher-1", ids) }
	e := a.localEngine(set("student-1", "student-2", "student-3"))
	e.apply()
	e.write("main.tf", set("student-3", "student-4", "student-5"))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Contains: `"student-5"`, Effect: sandbox.StatusMessage(422, "Invalid record id : 'student-5' for association : taught_by")})
	says(t, e.fails(applyCommand...), "Unable to Update Record Relations", "Number of relations created so far: 1; deleted: 2. These changes are in the state. Apply again to do the rest.", `1 relation. The operation failed for the records "student-5".`)
	holdsStudents(e, "student-3", "student-4")
	a.wantStudents("teacher-1", "student-3", "student-4")
	a.faultsEnd(e)
	a.forget()
	e.apply()
	if posts := a.writes(); len(posts) == 0 || len(posts) > 2 || !strings.Contains(posts[0], `"student-5"`) {
		t.Errorf("the second apply sent %q", posts)
	}
	e.plansNothing()

	// The same holds for deletions by an update and by a destroy.
	kept := a.relation(exampleAssociation, "student-4", "teacher-1")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Contains: kept.ID, Effect: sandbox.DeletionDenied()})
	e.write("main.tf", set("student-5", "student-6"))
	says(t, e.fails(applyCommand...), "Unable to Update Record Relations", "Number of relations created so far: 0; deleted: 1.")
	holdsStudents(e, "student-4", "student-5")
	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "Unable to Delete Record Relations", "1 of 2 relations were deleted. The other relations are still in the state.")
	holdsStudents(e, "student-4")
	a.faultsEnd(e)
	e.destroy()
	a.wantStudents("teacher-1")
}

// No relation is removed from the state if a read fails, or if the record was deleted but its relations remain.
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

// If the association of a new set is deleted after the plan, the set is not created, and the error contains its record. The
// next apply creates both.
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

// If the association of a set was deleted, the next apply creates the association again and replaces the set.
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
