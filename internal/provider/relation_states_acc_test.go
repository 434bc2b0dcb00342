package provider_test

import (
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Swapping the two records of a relation replaces nothing while it is unknown whether their order carries roles.
func TestAccRelation_orderUnknown(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{RelationsWithoutObjectKeys: true}))
	work := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("work"),
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "custom_objects.projects", SecondObjectLabel: "Project",
	})
	e := a.localEngine(relation("job", quoted(work.ID), "business-1", "projects-2"))
	e.apply()
	a.strikes(sandbox.Fault{Effect: sandbox.StatusMessage(401, "The token is not authorized for this scope.")},
		sandbox.RouteGetAssociation, sandbox.RouteListAssociations, sandbox.RouteAssociationByKey, sandbox.RouteAssociationsByObjectKey)
	a.forget()
	e.write("main.tf", relation("job", quoted(work.ID), "projects-2", "business-1"))
	e.plansNothing()
	a.mustHaveWritten()
}

// An import of what cannot be read fails, whatever on_unreachable_location says: nothing is there that could stay.
func TestAccUnreachableLocation_import(t *testing.T) {
	a := newSandboxAccount(t)
	phone := a.addValue("Phone", "1")
	e := a.localEngine(customValue("phone", "Phone", `"1"`) + importBlock("ghl_custom_value.phone", phone.ID))
	e.write("provider.tf", a.provider("max_retries = 0", `on_unreachable_location = "warn"`))
	a.sandbox.AddFault(sandbox.Fault{Effect: sandbox.StatusMessage(503, "down")})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Custom Value", "down")
}

// Under an association of an object with itself, two records may be linked in either order. A create that takes over one of the two
// relations leaves the other one to the deletion.
func TestAccExisting_turnedRelationDeleted(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{ReversedPairAllowed: true}))
	friends := a.addAssociation(a.key("friends"), "Friend", "Friend of")
	const first = "lifecycle {\n    create_before_destroy = true\n  }"
	e := a.adoptingEngine(relation("link", quoted(friends.ID), "contact-1", "contact-2", first))
	e.apply()
	turned := a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: friends.ID, FirstRecordID: "contact-2", SecondRecordID: "contact-1"})
	e.write("main.tf", relation("link", quoted(friends.ID), "contact-2", "contact-1", first))
	output := e.apply()
	says(t, output, "Existing Relation Adopted")
	if left := a.sandbox.Relations(a.locationID); len(left) != 1 || left[0].ID != turned.ID {
		t.Errorf("left are %v, want %s alone:\n%s", left, turned.ID, output)
	}
	e.plansNothing()
}
