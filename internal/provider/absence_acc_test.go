package provider_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const noSuchAssociation = "Association already deleted or not found"

// A protected association stays in the state if its GET always returns 404 but the listing
// still contains it. TestAssociationMissingFromWalk covers the other answers.
func TestAccAbsence_notFoundButListed(t *testing.T) {
	a := newSandboxAccount(t)
	config := func(lines ...string) string {
		return a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee", lines...) +
			relation("link", "ghl_association.mentor.id", "contact-1", "contact-2")
	}
	e := a.attachedEngine(config(protected))
	e.apply()
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Effect: sandbox.StatusMessage(404, noSuchAssociation)})
	e.plansNothing()
	a.sandbox.ClearFaults()
	e.write("main.tf", config())
	e.apply()
	e.destroy()
}

// If a deletion gets the answer "not found" but the listing still shows the object, the deletion
// is sent again. Until it succeeds, the object stays in the state.
func TestAccAbsence_deletionNotFoundButListed(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	e.apply()
	for _, route := range deletions {
		a.sandbox.AddFault(sandbox.Fault{Route: route, Effect: sandbox.StatusMessage(404, noSuchAssociation)})
	}
	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "answers that the relation does not exist", "but still lists it")
	a.holds(e, 1, 1)

	a.faultsEnd(e)
	for _, route := range deletions {
		a.sandbox.AddFault(sandbox.Fault{Route: route, Count: 1, Effect: sandbox.StatusMessage(404, noSuchAssociation)})
	}
	says(t, e.destroy(), "2 destroyed")
	a.holds(e, 0, 0)
}

// HighLevel may list the relations of an opportunity and a contact only for the contact. A
// listing for the opportunity that lacks a relation does not prove that the relation is
// gone.
func TestAccAbsence_listedAtOneEnd(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{OneSided: true}))
	other := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: "other", FirstObjectKey: "contact", FirstObjectLabel: "A", SecondObjectKey: "opportunity", SecondObjectLabel: "B",
	})
	a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: other.ID, FirstRecordID: "contact-7", SecondRecordID: "opportunity-1"})
	const association = "OPPORTUNITIES_CONTACTS_ASSOCIATION"
	links := map[string][2]string{"first": {"opportunity-1", "contact-1"}, "second": {"contact-2", "opportunity-1"}}
	config := a.provider()
	for name, records := range links {
		config += relation(name, quoted(association), records[0], records[1])
	}
	e := a.attachedEngine(config)
	says(t, e.apply(), "2 added")
	e.plansNothing()
	for name, records := range links {
		e.succeeds("state", "rm", "ghl_relation."+name) // this also removes the creation time from the state
		e.succeeds("import", "-no-color", "ghl_relation."+name, association+"/"+records[0]+"/"+records[1])
	}
	e.plansNothing()

	// Only the contact lists the relation, and that row is malformed. The relation stays in
	// the state.
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Contains: "contact-1", Effect: sandbox.MalformedItem()})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Relation", "is incomplete")
	a.faultsEnd(e)
	e.plansNothing()
	for _, r := range a.sandbox.Relations(a.locationID) {
		if r.AssociationID != other.ID {
			a.sandbox.RemoveRelation(a.locationID, r.ID)
		}
	}
	says(t, e.succeeds("plan", "-no-color"), "2 to add, 0 to change, 0 to destroy")
	e.apply()
	e.destroy()
}

// Lists are complete even if the server returns fewer than 100 rows per page, and its total
// counts only the rows of the page.
func TestAccAbsence_totalOfThePage(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{TotalOfPage: true, PageCap: 50}))
	for i := range 120 {
		a.sandbox.AddAssociation(sandbox.Association{
			LocationID: a.locationID, Key: fmt.Sprintf("kind_%d", i), FirstObjectKey: "business", FirstObjectLabel: "A", SecondObjectKey: "contact", SecondObjectLabel: fmt.Sprint(i),
		})
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: "x", FirstRecordID: "contact-1", SecondRecordID: fmt.Sprintf("contact-%d", 100+i)})
	}
	e := a.attachedEngine(a.provider() + `
data "ghl_associations" "all" {
  include_platform_made = true
}

data "ghl_relations" "all" {
  record_id = "contact-1"
}

output "counts" {
  value = "${length(data.ghl_associations.all.associations)} and ${length(data.ghl_relations.all.relations)}"
}
`)
	says(t, e.apply(), "124 and 120")
}
