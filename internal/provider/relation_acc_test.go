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
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// relation returns the configuration of a ghl_relation with further lines. The argument association is an expression of the
// configuration.
func relation(name, association, first, second string, lines ...string) string {
	return fmt.Sprintf(`
resource "ghl_relation" %q {
  association_id   = %s
  first_record_id  = %q
  second_record_id = %q
  %s
}
`, name, association, first, second, strings.Join(lines, "\n  "))
}

// quoted returns an id as a string literal of the configuration.
func quoted(id string) string { return fmt.Sprintf("%q", id) }

// A relation costs one POST to create and one DELETE to delete.
func TestAccRelation_lifecycle(t *testing.T) {
	a := newAccount(t)
	records := a.records(2)
	const address = "ghl_relation.link"
	mentor := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	linked := mentor + relation("link", "ghl_association.mentor.id", records[0], records[1])
	sameID := statecheck.CompareValue(compare.ValuesSame())
	id := func() statecheck.StateCheck { return sameID.AddStateValue(address, tfjsonpath.New("id")) }
	a.run(
		resource.TestStep{
			Config: linked,
			Check: a.wrote(`POST /associations/ .*`, `POST /associations/relations {"associationId":"[0-9a-f]{24}","firstRecordId":"contact-1",`+
				`"locationId":"loc-school","secondRecordId":"contact-2"}`),
			ConfigStateChecks: append(ifIdentity(
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("location_id"), knownvalue.StringExact(a.locationID)),
				statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("association_id")),
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("first_record_id"), knownvalue.StringExact(records[0])),
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("second_record_id"), knownvalue.StringExact(records[1])),
			),
				id(),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.NotNull()),
				statecheck.CompareValuePairs(address, tfjsonpath.New("association_id"), "ghl_association.mentor", tfjsonpath.New("id"), compare.ValuesSame()),
				attribute(address, "location_id", a.locationID),
				attribute(address, "first_record_id", records[0]),
				attribute(address, "second_record_id", records[1]),
				attribute(address, "first_object_key", "contact"),
				attribute(address, "second_object_key", "contact"),
			),
		},
		// A change of timeouts sends nothing to HighLevel.
		resource.TestStep{
			PreConfig:         a.forget,
			Config:            mentor + relation("link", "ghl_association.mentor.id", records[0], records[1], `timeouts = { read = "3m" }`),
			ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
			Check:             a.wrote(),
			ConfigStateChecks: []statecheck.StateCheck{id()},
		},
		resource.TestStep{
			Config: mentor,
			Check: func(*terraform.State) error {
				if left := a.relations(records[0]); a.sandbox != nil && len(left) != 0 {
					return fmt.Errorf("left after the delete: %v", left)
				}
				return a.wrote(`DELETE /associations/relations/[0-9a-f]{24}`)(nil)
			},
		},
	)
}

// A change of the association or of a record replaces the relation.
func TestAccRelation_attributeChangeReplaces(t *testing.T) {
	a := newAccount(t)
	records := a.records(4)
	mentor, friend := a.addAssociation(a.key("mentor"), "Mentor", "Mentee"), a.addAssociation(a.key("friend"), "Friend", "Befriended")
	a.kept = []string{mentor.Key, friend.Key}
	before, after, elsewhere := a.provider(), a.provider(), a.provider()
	var replaced []plancheck.PlanCheck
	var oldIDs, newIDs []statecheck.StateCheck
	for i, change := range []struct{ before, after [3]string }{
		{[3]string{mentor.ID, records[0], records[1]}, [3]string{friend.ID, records[0], records[1]}},
		{[3]string{mentor.ID, records[0], records[2]}, [3]string{mentor.ID, records[3], records[2]}},
		{[3]string{friend.ID, records[0], records[2]}, [3]string{friend.ID, records[0], records[3]}},
		// Between two contacts, the order of the records determines their roles.
		{[3]string{friend.ID, records[1], records[3]}, [3]string{friend.ID, records[3], records[1]}},
	} {
		name := fmt.Sprintf("link_%d", i)
		link := func(of [3]string, lines ...string) string {
			return relation(name, quoted(of[0]), of[1], of[2], lines...)
		}
		before, after, elsewhere = before+link(change.before), after+link(change.after), elsewhere+link(change.after, `location_id = "loc-other"`)
		address := "ghl_relation." + name
		replaced = append(replaced, plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate))
		differs := statecheck.CompareValue(compare.ValuesDiffer())
		oldIDs = append(oldIDs, differs.AddStateValue(address, tfjsonpath.New("id")))
		newIDs = append(newIDs, differs.AddStateValue(address, tfjsonpath.New("id")), attribute(address, "second_record_id", change.after[2]))
	}
	a.run(
		resource.TestStep{Config: before, ConfigStateChecks: oldIDs},
		resource.TestStep{Config: after, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: replaced}, ConfigStateChecks: newIDs},
		resource.TestStep{
			Config: elsewhere, PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: replaced},
		},
	)
}

// A relation is read even if it is not on the first page. Both of its records have 1,050 other relations.
func TestAccRelation_beyondPageOne(t *testing.T) {
	for name, quirks := range map[string]sandbox.Quirks{"total": {}, "no total, small pages": {NoTotal: true, PageCap: 40}} {
		t.Run(name, func(t *testing.T) {
			const others = 1050
			a := newSandboxAccount(t, withQuirks(quirks))
			mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
			a.kept = []string{mentor.Key}
			for i := range others {
				for _, end := range []string{"contact-1", "contact-2"} {
					a.sandbox.AddRelation(sandbox.Relation{
						LocationID: a.locationID, AssociationID: mentor.ID, FirstRecordID: end, SecondRecordID: fmt.Sprintf("contact-%d", 1000+i),
					})
				}
			}
			e := a.localEngine(relation("link", quoted(mentor.ID), "contact-1", "contact-2") + `
data "ghl_relations" "all" {
  record_id  = "contact-2"
  depends_on = [ghl_relation.link]
}

output "listed" {
  value = "${length(data.ghl_relations.all.relations)} relations"
}
`)
			says(t, e.apply(), fmt.Sprintf("%d relations", others+1))
			a.forget()
			e.plansNothing()
			// The plan creates the relation again only after it was removed from the last page.
			a.sandbox.RemoveRelation(a.locationID, a.storedLink("contact-2").ID)
			says(t, e.apply(), "ghl_relation.link will be created", "1 added, 0 changed, 0 destroyed")
			e.destroy()
			if left := len(a.sandbox.Relations(a.locationID)); left != 2*others {
				t.Errorf("%d other relations are left, want %d", left, 2*others)
			}
		})
	}
}

// If 120 managed relations have a record in common, a plan makes one call for each page, and not one for each relation.
func TestAccRelation_manyOnOneRecord(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee") +
		relation("mentee", "ghl_association.mentor.id", "contact-1", "contact-${count.index + 2}", "count = 120"))
	e.apply()
	a.holds(e, 1, 120)
	a.forget()
	e.plansNothing()
	// The plan reads the pages of the record's relations, and the association.
	if n := len(a.requests()); n > 6 {
		t.Errorf("a plan of 120 relations on one record made %d requests, want at most 6, for its pages", n)
	}
	e.destroy()
	a.holds(e, 0, 0)
}

// The state contains the records of a relation in the user's order, and the identity in the stored order. If the server
// refuses an order, the provider sends it only once. If the configuration swaps the records, nothing is replaced or written.
func TestAccRelation_orientation(t *testing.T) {
	for name, test := range map[string]struct {
		quirks      sandbox.Quirks
		posts       int // for two relations
		storedFirst string
	}{
		"the server swaps sides":        {sandbox.Quirks{}, 3, "contact-9"},
		"the server keeps the sides":    {sandbox.Quirks{KeepSides: true}, 2, "student-1"},
		"relations without object keys": {sandbox.Quirks{RelationsWithoutObjectKeys: true}, 3, "contact-9"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			sponsor := association("sponsor", a.key("sponsor"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"})
			link := func(first, second string) string {
				return sponsor + relation("one", "ghl_association.sponsor.id", first, second)
			}
			state := map[string]any{
				"first_record_id": "student-1", "first_object_key": "custom_objects.student", "second_record_id": "contact-9", "second_object_key": "contact",
			}
			if test.quirks.RelationsWithoutObjectKeys {
				state["first_object_key"], state["second_object_key"] = nil, nil
			}
			// The second relation is created after the first one, so that its create can use the order that the server
			// accepted.
			e := a.localEngine(link("student-1", "contact-9") +
				relation("two", "ghl_relation.one.association_id", "student-2", "contact-9", "depends_on = [ghl_relation.one]"))
			e.apply()
			a.wantRequests(sandbox.RouteCreateRelation, test.posts)
			e.plansNothing()
			a.forget()
			e.write("main.tf", link("contact-9", "student-1"))
			says(t, e.apply(), "0 added, 0 changed, 1 destroyed")
			a.mustHaveWritten(`DELETE /associations/relations/.*`) // deletes the second relation
			e.hasAttributes("ghl_relation.one", state)
			e.instances(func(resourceType string, instance map[string]any) {
				identity, _ := instance["identity"].(map[string]any)
				if engineHasIdentity() && resourceType == "ghl_relation" && identity["first_record_id"] != test.storedFirst {
					t.Errorf("the identity is %v, want the stored order", identity)
				}
			})
			if row := a.sandbox.Relations(a.locationID)[0]; row.FirstRecordID != test.storedFirst {
				t.Errorf("stored: %+v", row)
			}
			e.plansNothing()
			e.destroy()
		})
	}
}

// If a record fits neither side of the association, the error shows the server's first answer.
func TestAccRelation_recordOfAnotherObject(t *testing.T) {
	a := newSandboxAccount(t)
	sponsor := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("sponsor"),
		FirstObjectKey: "contact", FirstObjectLabel: "Sponsor", SecondObjectKey: "custom_objects.student", SecondObjectLabel: "Student",
	})
	e := a.localEngine(relation("link", quoted(sponsor.ID), "student-1", "business-1"))
	says(t, e.fails(applyCommand...), "Unable to Create Relation", "Invalid record id : 'student-1' for association : "+sponsor.Key)
}

// If somebody else deletes the relation, the plan creates it again.
func TestAccRelation_disappears(t *testing.T) {
	a := newAccount(t)
	records := a.records(2)
	config := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") +
		relation("link", "ghl_association.mentor.id", records[0], records[1])
	link := func() sandbox.Relation { return a.relation(a.association(a.key("mentor")).ID, records[0], records[1]) }
	a.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { a.removeRelation(link()) },
			Config:           config,
			ConfigPlanChecks: does("ghl_relation.link", plancheck.ResourceActionCreate),
		},
		// If somebody deletes the relation and creates it again, the state takes its new id, and the plan is empty.
		resource.TestStep{
			PreConfig: func() {
				row := link()
				a.removeRelation(row)
				a.addRelation(row.AssociationID, records[0], records[1])
				a.forget()
			},
			Config:           config,
			ConfigPlanChecks: doesNothing(),
			Check:            a.wrote(),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("ghl_relation.link", tfjsonpath.New("id"), knownvalue.StringFunc(func(id string) error {
					if row := link(); row.ID != id {
						return fmt.Errorf("id %s in state, %s stored", id, row.ID)
					}
					return nil
				})),
			},
		},
		// The association was deleted, and the relation with it.
		resource.TestStep{
			PreConfig: func() { a.removeAssociation(a.key("mentor")) },
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ghl_association.mentor", plancheck.ResourceActionCreate),
				plancheck.ExpectResourceAction("ghl_relation.link", plancheck.ResourceActionCreate),
			}},
		},
		// A destroy succeeds if the relation was already deleted.
		resource.TestStep{PreConfig: func() { a.removeRelation(link()) }, Config: config, Destroy: true},
	)
}

// A relation can be managed even if its association cannot be read.
func TestAccRelation_associationUnreadable(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	link := func(first string) string { return relation("link", quoted(mentor.ID), first, "contact-2") }
	e := a.localEngine(link("contact-1"))
	a.strikes(sandbox.Fault{Effect: sandbox.StatusMessage(401, "The token is not authorized for this scope.")},
		sandbox.RouteGetAssociation, sandbox.RouteListAssociations, sandbox.RouteAssociationByKey, sandbox.RouteAssociationsByObjectKey)
	e.apply()
	e.plansNothing()
	e.succeeds("state", "rm", "ghl_relation.link")
	e.succeeds("import", "-no-color", "ghl_relation.link", mentor.ID+"/contact-1/contact-2")
	e.plansNothing()
	e.write("main.tf", link("contact-3"))
	says(t, e.apply(), "1 added, 0 changed, 1 destroyed")
	a.holds(e, 0, 1)
	e.destroy()
	a.holds(e, 0, 0)
}

// Relations can be created under a system-defined association, whose id contains a dot.
func TestAccRelation_underSystemDefined(t *testing.T) {
	a := newSandboxAccount(t)
	const address = "ghl_relation.task"
	a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, ID: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION", Key: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION",
		FirstObjectKey: "custom_objects.properties", SecondObjectKey: "task", AssociationType: sandbox.SystemDefined,
	})
	config := a.provider() + relation("task", quoted("TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION"), "task-77", "properties-5")
	a.sandbox.AddRecord(a.locationID, "task-77", "task")
	a.run(
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				attribute(address, "first_record_id", "task-77"),
				attribute(address, "first_object_key", "task"),
				attribute(address, "second_object_key", "custom_objects.properties"),
			},
		},
		resource.TestStep{
			ImportState: true, ImportStateVerify: true, ResourceName: address, Config: config,
			ImportStateId: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION/task-77/properties-5",
		},
	)
	if left := a.sandbox.Relations(a.locationID); len(left) != 0 {
		t.Errorf("left after the destroy: %v", left)
	}
}

// Swapping the two records of a relation does not replace it if the provider cannot find out whether their order determines
// roles.
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
