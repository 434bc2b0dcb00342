package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// idOf gives an import id made of attributes in state: "{id}" stands for one.
func idOf(address, form string) resource.ImportStateIdFunc {
	return func(state *terraform.State) (string, error) {
		found, ok := state.RootModule().Resources[address]
		if !ok {
			return "", fmt.Errorf("%s is not in state", address)
		}
		id := form
		for name, value := range found.Primary.Attributes {
			id = strings.ReplaceAll(id, "{"+name+"}", value)
		}
		return id, nil
	}
}

// importSteps are the three ways to import: the command, the block by id (both in
// each of the given forms), and the block by identity.
func importSteps(address string, forms ...string) []resource.TestStep {
	var steps []resource.TestStep
	for _, form := range forms {
		steps = append(steps,
			resource.TestStep{
				ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: idOf(address, form),
			},
			resource.TestStep{
				ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: idOf(address, form),
			},
		)
	}
	return append(steps, resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity, SkipFunc: withoutIdentity,
	})
}

// Import ×3 of an association, by id and by key, with and without the sub-account. The
// forms of an id are in TestParseAssociationID.
func TestAccImport_association(t *testing.T) {
	a := newAccount(t)
	const address = "ghl_association.mentor"
	config := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	steps := []resource.TestStep{{Config: config}}
	steps = append(steps, importSteps(address, "{id}", "{location_id}/key:{key}")...)
	a.run(steps...)
}

// Import ×3 of a relation, with and without the sub-account.
func TestAccImport_relation(t *testing.T) {
	a := newAccount(t)
	records := a.records(2)
	config := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") +
		relation("link", "ghl_association.mentor.id", records[0], records[1])
	steps := []resource.TestStep{{Config: config}}
	steps = append(steps, importSteps("ghl_relation.link",
		"{association_id}/{first_record_id}/{second_record_id}",
		"{location_id}/{association_id}/{first_record_id}/{second_record_id}")...)
	a.run(steps...)
}

// Import by an identity without location_id, which falls back to the provider's.
func TestAccImport_identityWithoutLocation(t *testing.T) {
	a := newAccount(t)
	if !engineHasIdentity() {
		t.Skip("this engine knows no identities, which came with 1.12")
	}
	records := a.records(2)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	link := a.addRelation(mentor.ID, records[0], records[1])
	a.forget()
	a.run(resource.TestStep{
		Config: a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") +
			relation("link", "ghl_association.mentor.id", records[0], records[1]) + fmt.Sprintf(`
import {
  to       = ghl_association.mentor
  identity = { id = %q }
}
import {
  to = ghl_relation.link
  identity = {
    association_id   = %q
    first_record_id  = %q
    second_record_id = %q
  }
}
`, mentor.ID, mentor.ID, records[0], records[1]),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("ghl_association.mentor", plancheck.ResourceActionNoop),
			plancheck.ExpectResourceAction("ghl_relation.link", plancheck.ResourceActionNoop),
		}},
		Check: a.wrote(),
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("ghl_association.mentor", "location_id", a.locationID),
			attribute("ghl_relation.link", "location_id", a.locationID),
			attribute("ghl_relation.link", "id", link.ID),
		},
	})
}

// An import under a configuration with the other order of sides, or the other case
// of the key, replaces nothing and calls nothing.
func TestAccImport_otherOrderAndCase(t *testing.T) {
	a := newSandboxAccount(t)
	stored := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("work"),
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "custom_objects.projects", SecondObjectLabel: "Project",
	})
	platform := a.association("BUSINESSES_OPPORTUNITIES_ASSOCIATION")
	a.sandbox.AddRelation(sandbox.Relation{
		LocationID: a.locationID, AssociationID: stored.ID, FirstRecordID: "business-1", SecondRecordID: "projects-2",
	})
	resources := association("work", a.key("Work"), side{"custom_objects.projects", "Project"}, side{"business", "Company"}) +
		association("deals", "businesses_opportunities_association", side{"opportunity", "Opportunity"}, side{"business", "Company"}) +
		relation("job", "ghl_association.work.id", "projects-2", "business-1")
	blocks := fmt.Sprintf(`
import {
  to = ghl_association.work
  id = %q
}
import {
  to = ghl_association.deals
  id = "key:BUSINESSES_OPPORTUNITIES_ASSOCIATION"
}
import {
  to = ghl_relation.job
  id = %q
}
`, "key:"+a.key("Work"), stored.ID+"/business-1/projects-2")
	state := func() []statecheck.StateCheck {
		return append(ifIdentity(),
			attribute("ghl_association.work", "id", stored.ID),
			attribute("ghl_association.work", "first_object_key", "custom_objects.projects"),
			attribute("ghl_association.work", "first_object_label", "Project"),
			attribute("ghl_association.deals", "id", platform.ID),
			attribute("ghl_association.deals", "key", "BUSINESSES_OPPORTUNITIES_ASSOCIATION"),
			attribute("ghl_association.deals", "first_object_key", "opportunity"),
			// An import takes the order of its id, and a relation's plan keeps what state holds.
			attribute("ghl_relation.job", "first_record_id", "business-1"),
		)
	}
	a.forget()
	a.run(
		resource.TestStep{
			Config: a.provider() + resources + blocks,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ghl_association.work", plancheck.ResourceActionUpdate),
				plancheck.ExpectResourceAction("ghl_association.deals", plancheck.ResourceActionUpdate),
				plancheck.ExpectResourceAction("ghl_relation.job", plancheck.ResourceActionNoop),
			}},
			Check:             a.wrote(),
			ConfigStateChecks: state(),
		},
		resource.TestStep{Config: a.provider() + resources, ConfigPlanChecks: doesNothing(), Check: a.wrote(), ConfigStateChecks: state()},
	)
}

// Import of a relation in the order that is not the stored one: state keeps the
// order of the import id, whatever the stored one is.
func TestAccImport_relationOrderOfTheID(t *testing.T) {
	a := newSandboxAccount(t)
	stored := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("work"),
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "custom_objects.projects", SecondObjectLabel: "Project",
	})
	a.kept = []string{stored.Key}
	link := a.sandbox.AddRelation(sandbox.Relation{
		LocationID: a.locationID, AssociationID: stored.ID, FirstRecordID: "business-1", SecondRecordID: "projects-2",
	})
	a.run(resource.TestStep{
		Config: a.provider() + relation("job", quoted(stored.ID), "projects-2", "business-1") +
			fmt.Sprintf("import {\n  to = ghl_relation.job\n  id = %q\n}\n", stored.ID+"/projects-2/business-1"),
		ConfigPlanChecks: does("ghl_relation.job", plancheck.ResourceActionNoop),
		Check:            a.wrote(),
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("ghl_relation.job", "id", link.ID),
			attribute("ghl_relation.job", "first_record_id", "projects-2"),
			attribute("ghl_relation.job", "first_object_key", "custom_objects.projects"),
			attribute("ghl_relation.job", "second_record_id", "business-1"),
			attribute("ghl_relation.job", "second_object_key", "business"),
		},
	})
}

// Ids with a percent sign, dots or a blank in them are percent-encoded.
func TestAccImport_oddIDs(t *testing.T) {
	a := newSandboxAccount(t)
	const recordA, recordB = "rec 1", "50% off.. .x"
	odd := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, ID: "odd id?", Key: a.key("odd"),
		FirstObjectKey: "contact", FirstObjectLabel: "Mentor", SecondObjectKey: "contact", SecondObjectLabel: "Mentee",
	})
	a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: odd.ID, FirstRecordID: recordA, SecondRecordID: recordB})
	a.run(resource.TestStep{
		Config: a.provider() + contacts("odd", a.key("odd"), "Mentor", "Mentee") + relation("link", quoted("odd id?"), recordA, recordB) + `
import {
  to = ghl_association.odd
  id = "odd%20id%3F"
}
import {
  to = ghl_relation.link
  id = "odd%20id%3F/rec%201/50%25%20off..%20.x"
}
`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("ghl_association.odd", plancheck.ResourceActionNoop),
			plancheck.ExpectResourceAction("ghl_relation.link", plancheck.ResourceActionNoop),
		}},
		Check: a.wrote(),
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("ghl_association.odd", "id", "odd id?"),
			attribute("ghl_relation.link", "second_record_id", recordB),
		},
	})
	// Their destroy escapes them again.
	if left := a.sandbox.Relations(a.locationID); len(left) != 0 {
		t.Errorf("left after the destroy: %v", left)
	}
}

// Import of missing and of system-defined objects, and of what is no id at all.
func TestAccImport_refused(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	associationConfig := a.provider() + contacts("x", a.key("x"), "Mentor", "Mentee")
	relationConfig := a.provider() + relation("x", quoted(mentor.ID), "contact-1", "contact-2")
	var steps []resource.TestStep
	byCommand := func(config, address, id string, wanted ...string) {
		steps = append(steps, resource.TestStep{
			Config: config, ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: words(wanted...),
		})
	}
	byBlock := func(config, address, id string, wanted ...string) {
		steps = append(steps, resource.TestStep{
			Config: config + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address, id), ExpectError: words(wanted...),
		})
	}
	const anAssociation, aRelation = "ghl_association.x", "ghl_relation.x"
	const missing = "Cannot import non-existent remote object"
	const missingID = "68d2c5f0a1b2ffffffffffff"

	byCommand(associationConfig, anAssociation, missingID, missing)
	byBlock(associationConfig, anAssociation, missingID, missing)
	byCommand(associationConfig, anAssociation, "key:"+a.key("nowhere"), missing)
	byCommand(associationConfig, anAssociation, "loc-nowhere/"+mentor.ID, "Unable to Read Association")
	byCommand(associationConfig, anAssociation, "OPPORTUNITIES_CONTACTS_ASSOCIATION", "Unable to Import Association", "SYSTEM_DEFINED", "data source")
	byBlock(associationConfig, anAssociation, "key:BUSINESSES_CONTACTS_ASSOCIATION", "Unable to Import Association", "SYSTEM_DEFINED", "data source")
	byCommand(associationConfig, anAssociation, "a/b/c", "Unable to Import Association", "[<location_id>/]<association_id>", "key:<key>")

	byCommand(relationConfig, aRelation, mentor.ID+"/contact-1/contact-2", missing)
	byBlock(relationConfig, aRelation, mentor.ID+"/contact-1/contact-2", missing)
	byCommand(relationConfig, aRelation, missingID+"/contact-1/contact-2", missing)
	byCommand(relationConfig, aRelation, mentor.ID+"/contact-1", "Unable to Import Relation", "<association_id>/<first_record_id>/<second_record_id>")
	a.run(steps...)
}

// What is typed wrongly is answered with the form that fits, before any call: an import
// that found nothing would say no more than that. TestParseAssociationID and
// TestParseRelationID have the other mistakes.
func TestAccImport_typingMistakes(t *testing.T) {
	a := newSandboxAccount(t)
	taught := a.addAssociation(a.key("taught_by"), "Teacher", "Student")
	e := a.localEngine(contacts("x", taught.Key, "Teacher", "Student") + relation("x", quoted(taught.ID), "contact-1", "contact-2"))
	a.forget()
	for id, wanted := range map[string]string{
		"loc-school/" + taught.Key:      "imported as loc-school/key:" + taught.Key,
		"loc-school/" + taught.ID + " ": "blank around its part",
	} {
		says(t, e.fails("import", "-no-color", "ghl_association.x", id), "Unable to Import Association", wanted, "[<location_id>/]<association_id> or [<location_id>/]key:<key>")
	}
	for id, wanted := range map[string]string{
		"key:" + taught.Key + "/contact-1/contact-2": "named by id, not by key",
		taught.ID + "/contact-1 /contact-2":          "blank around its part",
	} {
		says(t, e.fails("import", "-no-color", "ghl_relation.x", id), "Unable to Import Relation", wanted, "[<location_id>/]<association_id>/<first_record_id>/<second_record_id>")
	}
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests, want none", n)
	}
}
