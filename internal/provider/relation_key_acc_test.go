package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// relationByKey is relation with association_key instead of association_id. The argument key is an expression of the
// configuration.
func relationByKey(name, key, first, second string, lines ...string) string {
	return strings.Replace(relation(name, key, first, second, lines...), "association_id ", "association_key", 1)
}

// The configuration can give the key of any association, in upper or lower case. The state contains the association's id.
func TestAccRelationKey_lifecycle(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	const deals, cards = "BUSINESSES_OPPORTUNITIES_ASSOCIATION", "OPPORTUNITIES_CONTACTS_ASSOCIATION"
	upper := strings.ToUpper(mentor.Key)
	e := a.localEngine(relationByKey("link", quoted(upper), "contact-1", "contact-2") +
		relationByKey("deal", quoted(deals), "business-1", "opportunity-1") + relationByKey("card", quoted(cards), "opportunity-1", "contact-1"))
	plan := e.succeeds("plan", "-no-color")
	says(t, plan, fmt.Sprintf(`+ association_id = (known after apply) + association_key = %q`, upper))
	doesNotSay(t, plan, "Warning")
	e.apply()
	a.wantRequests(sandbox.RouteCreateRelation, 3)
	e.hasAttributes("ghl_relation.link", map[string]any{"association_id": mentor.ID, "association_key": upper})
	e.hasAttributes("ghl_relation.deal", map[string]any{"association_id": a.association(deals).ID, "association_key": deals})
	e.hasAttributes("ghl_relation.card", map[string]any{"association_id": cards, "association_key": cards})
	e.instances(func(resourceType string, instance map[string]any) {
		if identity, ok := instance["identity"].(map[string]any); engineHasIdentity() && (!ok || len(identity) != 4 || identity["association_key"] != nil) {
			t.Errorf("%s has the identity %v, want the association's id in it", resourceType, identity)
		}
	})
	e.plansNothing()
	e.destroy()
	if left := a.sandbox.Relations(a.locationID); len(left) > 0 {
		t.Errorf("left after the destroy: %v", left)
	}
}

// If 50 relations of one record have the same association_key, the plan and the apply each look up the key once and list the
// record's relations once.
func TestAccRelationKey_costs(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	e := a.localEngine(relationByKey("mentee", quoted(mentor.Key), "contact-1", "contact-${count.index + 2}", "count = 50"))
	a.forget()
	e.apply()
	a.wantRequests(sandbox.RouteAssociationByKey, 2)
	a.wantRequests(sandbox.RouteCreateRelation, 50)
	if n := len(a.requests()); n != 50+2+2 {
		t.Errorf("%d requests for plan and apply, want the creates, two lookups and two lists", n)
	}
	a.forget()
	e.plansNothing()
	a.wantRequests(sandbox.RouteAssociationByKey, 1)
	if n := len(a.requests()); n > 3 {
		t.Errorf("a plan made %d requests, want the record's page and a lookup", n)
	}
}

// A change between association_id and association_key does not change the relation.
func TestAccRelationKey_switch(t *testing.T) {
	a := newSandboxAccount(t)
	const address = "ghl_relation.link"
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	byID := a.provider() + relation("link", quoted(mentor.ID), "contact-1", "contact-2")
	byKey := a.provider() + relationByKey("link", quoted(mentor.Key), "contact-1", "contact-2")
	same := statecheck.CompareValue(compare.ValuesSame())
	state := func(key knownvalue.Check) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			same.AddStateValue(address, tfjsonpath.New("id")), attribute(address, "association_id", mentor.ID),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("association_key"), key),
		}
	}
	named := knownvalue.StringExact(mentor.Key)
	a.run(
		resource.TestStep{Config: byID, ConfigStateChecks: state(knownvalue.Null())},
		resource.TestStep{PreConfig: a.forget, Config: byKey, ConfigPlanChecks: does(address, plancheck.ResourceActionUpdate), Check: a.wrote(), ConfigStateChecks: state(named)},
		resource.TestStep{Config: strings.Replace(byKey, mentor.Key, strings.ToUpper(mentor.Key), 1), ConfigPlanChecks: does(address, plancheck.ResourceActionUpdate), Check: a.wrote()},
		resource.TestStep{Config: byKey, Check: a.wrote()},
		// A change of timeouts does not replace the relation.
		resource.TestStep{Config: strings.Replace(byKey, "first_record_id", "timeouts = { read = \"3m\" }\n  first_record_id", 1), Check: a.wrote(), ConfigStateChecks: state(named)},
		resource.TestStep{Config: byID, Check: a.wrote(), ConfigStateChecks: state(named)},
		resource.TestStep{Config: byID, ConfigPlanChecks: doesNothing(), Check: a.wrote()},
	)
}

// The relation is replaced if the key changes, or if somebody deleted the association and created it again. If the association
// was created again, a warning says how to keep the relation.
func TestAccRelationKey_replaces(t *testing.T) {
	a := newSandboxAccount(t)
	mentor, friend := a.addAssociation(a.key("mentor"), "Mentor", "Mentee"), a.addAssociation(a.key("friend"), "Friend", "Befriended")
	a.kept = []string{mentor.Key, friend.Key}
	e := a.localEngine(relationByKey("link", quoted(mentor.Key), "contact-1", "contact-2"))
	e.apply()
	e.write("main.tf", relationByKey("link", quoted(friend.Key), "contact-1", "contact-2"))
	const warning = "Another Association Has the Key"
	output := e.apply()
	says(t, output, "association_id = "+quoted(mentor.ID), "-> (known after apply) # forces replacement", "1 added, 0 changed, 1 destroyed")
	doesNotSay(t, output, warning)
	e.plansNothing()

	again := a.madeAgain(friend)
	a.forget()
	says(t, e.succeeds("plan", "-no-color", "-refresh=false"), "No changes.")
	if n := len(a.requests()); n > 0 {
		t.Errorf("%d requests of a plan that reads nothing", n)
	}
	output = e.apply()
	says(t, output, "1 added, 0 changed, 0 destroyed") // the refresh has found that the relation was deleted with its association
	doesNotSay(t, output, warning)
	e.hasAttributes("ghl_relation.link", map[string]any{"association_id": again.ID})
	e.plansNothing()

	// The instructions in the warning keep the existing relation.
	kept := a.madeAgain(again)
	a.sandbox.AddAssociation(func() sandbox.Association { again.Key = a.key("other"); return again }())
	a.kept = append(a.kept, again.Key)
	a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: again.ID, FirstRecordID: "contact-1", SecondRecordID: "contact-2"})
	a.forget()
	says(t, e.succeeds("plan", "-no-color"), "1 to add, 0 to change, 1 to destroy", warning, fmt.Sprintf("The key %q belongs to the association with the id %q", friend.Key, kept.ID),
		`To keep the relation of the records "contact-1" and "contact-2" under the association `+quoted(again.ID)+", set association_id = "+quoted(again.ID)+" in place of association_key")
	e.write("main.tf", relation("link", quoted(again.ID), "contact-1", "contact-2"))
	e.plansNothing()
	a.mustHaveWritten()
}

// If the association is deleted and created again between the plan and the apply of an update, the apply succeeds as planned,
// and the next plan uses the new association.
func TestAccRelationKey_madeAgainBeforeUpdate(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	e := a.localEngine(relation("link", quoted(mentor.ID), "contact-1", "contact-2"))
	e.apply()
	e.write("main.tf", relationByKey("link", quoted(mentor.Key), "contact-1", "contact-2"))
	says(t, e.succeeds("plan", "-no-color", "-out=saved.tfplan"), "0 to add, 1 to change, 0 to destroy")
	again := a.madeAgain(mentor)
	says(t, e.succeeds("apply", "-no-color", "saved.tfplan"), "0 added, 1 changed, 0 destroyed")
	e.hasAttributes("ghl_relation.link", map[string]any{"association_id": mentor.ID, "association_key": mentor.Key})
	says(t, e.apply(), "1 added, 0 changed, 0 destroyed") // the refresh has found that the relation was deleted with its association
	e.hasAttributes("ghl_relation.link", map[string]any{"association_id": again.ID})
}

// madeAgain deletes an association, creates it again, and returns the new one.
func (a *account) madeAgain(row sandbox.Association) sandbox.Association {
	a.sandbox.RemoveAssociation(a.locationID, row.ID)
	row.ID = ""
	return a.sandbox.AddAssociation(row)
}

// If no association has the key, the plan of a new relation shows a warning, and its apply fails with an error that says what
// to do. A relation in the state is not changed, and an error says how to keep it.
func TestAccRelationKey_missing(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	missing := a.key("nowhere")
	wrong := fmt.Sprintf("No association has the key %q in sub-account %q. Correct association_key", missing, a.locationID)
	e := a.localEngine(relationByKey("link", quoted(missing), "contact-1", "contact-${count.index + 2}", "count = 2"))
	a.forget()
	output := e.fails(applyCommand...)
	says(t, output, "Warning: No Association Has the Key", wrong, "+ association_id = (known after apply)", "Error: Unable to Create Relation",
		fmt.Sprintf(`The relation of the records "contact-1" and "contact-3" under the association with the key %q was not created.`, missing), "on main.tf line")
	if warnings := strings.Count(output, "No Association Has the Key"); warnings > 2 { // one for the plan, one for the apply
		t.Errorf("%d warnings, want one for each process:\n%s", warnings, output)
	}
	a.mustHaveWritten()

	e.write("main.tf", relationByKey("link", quoted(mentor.Key), "contact-1", "contact-2"))
	e.apply()
	a.forget()
	e.write("main.tf", relationByKey("link", quoted(missing), "contact-1", "contact-2"))
	says(t, e.fails("plan", "-no-color"), "Error: Unable to Plan Relation", wrong, "Nothing has been changed.",
		`To keep the relation of the records "contact-1" and "contact-2" under the association `+quoted(mentor.ID)+", set association_id = "+quoted(mentor.ID)+" in place of association_key")
	e.write("main.tf", relation("link", quoted(mentor.ID), "contact-1", "contact-2"))
	e.plansNothing()
	a.mustHaveWritten()

	// The association is deleted, and its relation with it. Only a plan with a refresh shows the deletion.
	e.write("main.tf", relationByKey("link", quoted(mentor.Key), "contact-1", "contact-2"))
	e.plansNothing()
	a.removeAssociation(mentor.Key)
	says(t, e.succeeds("plan", "-no-color", "-refresh=false"), "No changes.")
	says(t, e.succeeds("plan", "-no-color"), "1 to add, 0 to change, 0 to destroy", "No Association Has the Key")
}

// If a key cannot be looked up, nothing changes.
func TestAccRelationKey_unreadable(t *testing.T) {
	a := newSandboxAccount(t)
	mentor, friend := a.addAssociation(a.key("mentor"), "Mentor", "Mentee"), a.addAssociation(a.key("friend"), "Friend", "Befriended")
	a.kept = []string{mentor.Key, friend.Key}
	link := func(key string) string { return relationByKey("link", quoted(key), "contact-1", "contact-2") }
	e := a.localEngine(link(mentor.Key))
	e.apply()
	a.forget()
	a.strikes(sandbox.Fault{Effect: sandbox.StatusMessage(401, "The token is not authorized for this scope.")},
		sandbox.RouteGetAssociation, sandbox.RouteListAssociations, sandbox.RouteAssociationByKey)
	e.plansNothing()
	e.write("main.tf", link(mentor.Key)+relationByKey("new", quoted(mentor.Key), "contact-1", "contact-3"))
	says(t, e.fails("plan", "-no-color"), "Unable to Plan Relation", "lacks the scope", fmt.Sprintf(`relation of the records "contact-1" and "contact-3" under the association with the key %q`, mentor.Key))
	e.write("main.tf", link(friend.Key))
	says(t, e.fails("plan", "-no-color"), "Unable to Plan Relation", "lacks the scope", fmt.Sprintf(`relation of the records "contact-1" and "contact-2" under the association with the key %q`, friend.Key))
	a.faultsEnd(e)
	says(t, e.succeeds("plan", "-no-color"), "1 to add, 0 to change, 1 to destroy")
	a.mustHaveWritten()
}

// The association can be created in the same apply. association_key may be a reference to its key, or a literal key.
func TestAccRelationKey_sameApply(t *testing.T) {
	a := newSandboxAccount(t)
	student := side{"custom_objects.student", "Student"}
	config := func(other side, record string, lines ...string) string {
		return association("mentor", a.key("Mentor"), side{"contact", "Mentor"}, other, lines...) + contacts("friend", a.key("friend"), "Friend", "Befriended") +
			relationByKey("reference", "ghl_association.mentor.key", "contact-1", record+"-${count.index + 2}", "count = 20") +
			relationByKey("literal", quoted(a.key("friend")), "contact-1", "contact-2", "depends_on = [ghl_association.friend]")
	}
	e := a.localEngine(config(student, "student"))
	output := e.apply()
	says(t, output, "association_id = (known after apply)", "23 added, 0 changed, 0 destroyed")
	doesNotSay(t, output, "Warning")
	a.wantRequests(sandbox.RouteAssociationByKey, 2+1) // only the plan looks up keys: one in two spellings, the other in one
	e.hasAttributes("ghl_relation.literal", map[string]any{"association_id": a.association(a.key("friend")).ID})
	e.plansNothing()

	// A replaced association keeps its key, and its relations are created again.
	e.write("main.tf", config(side{"business", "Company"}, "business"))
	says(t, e.apply(), "21 added, 0 changed, 21 destroyed")
	e.plansNothing()
	// A new relation can be added under an association that is replaced.
	e.write("main.tf", config(student, "student", "")+relationByKey("more", "ghl_association.mentor.key", "contact-1", "student-90"))
	says(t, e.apply(), "22 added, 0 changed, 21 destroyed")
	e.plansNothing()
	// If the association is tainted, its relations are also replaced.
	e.succeeds("taint", "ghl_association.mentor")
	says(t, e.apply(), "22 added, 0 changed, 22 destroyed")
	e.plansNothing()
	// The relations of a tainted association are also replaced if they have a literal key.
	e.succeeds("taint", "ghl_association.friend")
	says(t, e.apply(), "2 added, 0 changed, 2 destroyed")
	e.plansNothing()
	e.destroy()
	a.holds(e, 0, 0)
}

// If a plan destroys an association but keeps a relation with its literal key, the plan fails, because HighLevel would delete
// the relation. Nothing is lost if the user follows the error's instructions.
func TestAccRelationKey_associationDestroyed(t *testing.T) {
	a := newSandboxAccount(t)
	friend := func(name string) string { return contacts(name, a.key("friend"), "Friend", "Befriended") }
	link := relationByKey("link", quoted(a.key("friend")), "contact-1", "contact-2", "depends_on = [terraform_data.friend]") +
		"resource \"terraform_data\" \"friend\" {\n  input = ghl_association.%s.id\n}\n"
	e := a.localEngine(friend("friend") + fmt.Sprintf(link, "friend"))
	e.apply()
	a.forget()
	alone := relationByKey("link", quoted(a.key("friend")), "contact-1", "contact-2")
	e.write("main.tf", alone)
	says(t, e.fails(applyCommand...), "This plan destroys or replaces the association", `keeps the relation of the records "contact-1" and "contact-2"`,
		"add a moved block from the old address to the new one", "set association_id = ghl_association.example.id in place of a literal id or key")
	e.write("main.tf", friend("renamed")+fmt.Sprintf(link, "renamed")+"moved {\n  from = ghl_association.friend\n  to   = ghl_association.renamed\n}\n")
	says(t, e.apply(), "0 added, 0 changed, 0 destroyed")
	a.mustHaveWritten()
	e.write("main.tf", "")
	says(t, e.apply(), "3 destroyed")
	a.holds(e, 0, 0)
}

// If a plan destroys or replaces an association, an error points out the relations that contain its literal key or id. The
// order in which the engine plans them does not matter.
func TestAccRelationKey_associationReplaced(t *testing.T) {
	a := newSandboxAccount(t)
	friend := contacts("friend", a.key("friend"), "Friend", "Befriended")
	e := a.localEngine(friend)
	e.apply()
	id := a.association(a.key("friend")).ID
	set := func(name, value string, lines ...string) string {
		return strings.Replace(recordRelations("of_record", value, "contact-1", []string{"contact-2"}, append(lines, `side = "first"`)...), "association_id ", name, 1)
	}
	for what, blocks := range map[string]string{
		"relation by key":                relationByKey("link", quoted(a.key("friend")), "contact-1", "contact-2"),
		"relation by key, planned later": relationByKey("link", quoted(a.key("friend")), "contact-1", "contact-2", "depends_on = [ghl_association.friend]"),
		"relation by id":                 relation("link", quoted(id), "contact-1", "contact-2"),
		"relation by id, planned later":  relation("link", quoted(id), "contact-1", "contact-2", "depends_on = [ghl_association.friend]"),
		"set by key":                     set("association_key", quoted(a.key("friend"))),
		"set by id":                      set("association_id ", quoted(id)),
	} {
		t.Run(what, func(*testing.T) {
			e.write("main.tf", friend+blocks)
			e.apply()
			a.forget()
			says(t, e.fails("apply", "-auto-approve", "-no-color", "-replace=ghl_association.friend"), "This plan destroys or replaces the association")
			if !strings.Contains(what, "later") {
				e.write("main.tf", blocks)
				says(t, e.fails(applyCommand...), "This plan destroys or replaces the association")
			}
			a.mustHaveWritten()
			e.write("main.tf", friend)
			e.apply()
		})
	}

	// The command in the error destroys everything.
	e.write("main.tf", friend+relation("link", quoted(id), "contact-1", "contact-2"))
	e.apply()
	e.write("main.tf", relation("link", quoted(id), "contact-1", "contact-2"))
	e.succeeds("destroy", "-auto-approve", "-no-color", "-refresh=false")
	a.holds(e, 0, 0)
}

// If a block for an existing association is added, its create fails, and the relations under the association remain.
func TestAccRelationKey_foreignAssociation(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	e := a.localEngine(relationByKey("link", quoted(mentor.Key), "contact-1", "contact-2"))
	e.apply()
	a.forget()
	e.write("main.tf", contacts("mentor", mentor.Key, "Mentor", "Mentee")+relationByKey("link", "ghl_association.mentor.key", "contact-1", "contact-2"))
	says(t, e.fails(applyCommand...), "Plan: 1 to add, 0 to change, 0 to destroy", "Association Already Exists", "Unable to Create Association")
	a.mustHaveWritten()
}

// If an association appears only between the plan and the apply, the create of the relation finds the association.
func TestAccRelationKey_meanwhile(t *testing.T) {
	a := newSandboxAccount(t)
	row := sandbox.Association{LocationID: a.locationID, Key: a.key("late"), FirstObjectKey: "contact", FirstObjectLabel: "A", SecondObjectKey: "contact", SecondObjectLabel: "B"}
	a.kept = []string{row.Key}
	e := a.localEngine(relationByKey("link", quoted(row.Key), "contact-1", "contact-2"))
	// The association appears at the third lookup. The engine plans before and during the apply, which costs two lookups.
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteAssociationByKey, After: 2, Count: 1, Effect: sandbox.Do(func() { row = a.sandbox.AddAssociation(row) })})
	e.apply()
	e.hasAttributes("ghl_relation.link", map[string]any{"association_id": row.ID})
	e.plansNothing()
}

// The plan points out two blocks for the same pair of records, even if one has the association's id and the other its key.
func TestAccRelationKey_twice(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	e := a.localEngine(relation("by_id", quoted(mentor.ID), "contact-1", "contact-2") + relationByKey("by_key", quoted(mentor.Key), "contact-1", "contact-2"))
	says(t, e.succeeds("plan", "-no-color"), "Two Resources Want the Same Relation")
	a.addRelation(mentor.ID, "contact-1", "contact-2")
	e.write("main.tf", relationByKey("by_key", quoted(mentor.Key), "contact-1", "contact-2"))
	output := e.fails(applyCommand...)
	says(t, output, "already exists")
	e.write("import.tf", importBlocks(t, output, "ghl_relation.by_key"))
	says(t, e.apply(), "1 imported, 0 added, 1 changed, 0 destroyed") // the change adds the key to the state
	e.plansNothing()
}
