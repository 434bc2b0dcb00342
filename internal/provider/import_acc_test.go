package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// idOf returns an import id in the given form. Names of attributes, such as "{id}", are replaced by their values in the state.
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

// importSteps returns a step for each way to import: by the command, by a block with an id, and by a block with an identity.
// The command and the block use different forms of the id.
func importSteps(address, byCommand, byBlock string) []resource.TestStep {
	return []resource.TestStep{
		{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: idOf(address, byCommand)},
		{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: idOf(address, byBlock)},
		{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity, SkipFunc: withoutIdentity},
	}
}

// An association can be imported in three ways, by id and by key, with and without the sub-account. TestParseAssociationID
// tests the forms of an id.
func TestAccImport_association(t *testing.T) {
	a := newAccount(t)
	const address = "ghl_association.mentor"
	config := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	steps := []resource.TestStep{{Config: config}}
	steps = append(steps, importSteps(address, "{id}", "{location_id}/key:{key}")...)
	a.run(steps...)
}

// A relation can be imported in three ways, with and without the sub-account.
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

// An import by an identity without location_id uses the provider's location_id.
func TestAccImport_identityWithoutLocation(t *testing.T) {
	a := newSandboxAccount(t)
	if !engineHasIdentity() {
		t.Skip("identities need version 1.12 of the engine")
	}
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	link := a.addRelation(mentor.ID, "contact-1", "contact-2")
	a.forget()
	e := a.localEngine(contacts("mentor", mentor.Key, "Mentor", "Mentee") + relation("link", "ghl_association.mentor.id", "contact-1", "contact-2") + fmt.Sprintf(`
import {
  to       = ghl_association.mentor
  identity = { id = %[1]q }
}
import {
  to = ghl_relation.link
  identity = {
    association_id   = %[1]q
    first_record_id  = "contact-1"
    second_record_id = "contact-2"
  }
}
`, mentor.ID))
	says(t, e.apply(), "2 imported, 0 added, 0 changed, 0 destroyed")
	e.hasAttributes("ghl_association.mentor", map[string]any{"location_id": a.locationID, "id": mentor.ID})
	e.hasAttributes("ghl_relation.link", map[string]any{"location_id": a.locationID, "id": link.ID})
	e.plansNothing()
	a.mustHaveWritten()
}

// An import replaces and writes nothing if the configuration has the sides in the other order or the key in another case. An
// imported relation has the order of the import id in the state, and later plans do not change it.
func TestAccImport_otherOrderAndCase(t *testing.T) {
	a := newSandboxAccount(t)
	const platform = "BUSINESSES_OPPORTUNITIES_ASSOCIATION"
	business := side{"business", "Company"}
	stored := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("work"),
		FirstObjectKey: "business", FirstObjectLabel: "Company", SecondObjectKey: "custom_objects.projects", SecondObjectLabel: "Project",
	})
	for _, project := range []string{"projects-2", "projects-3"} {
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: stored.ID, FirstRecordID: "business-1", SecondRecordID: project})
	}
	resources := association("work", a.key("Work"), side{"custom_objects.projects", "Project"}, business) +
		association("deals", strings.ToLower(platform), side{"opportunity", "Opportunity"}, business) +
		relation("job", "ghl_association.work.id", "projects-2", "business-1") + relation("turned", "ghl_association.work.id", "projects-3", "business-1")
	e := a.localEngine(resources + importBlock("ghl_association.work", "key:"+a.key("Work")) + importBlock("ghl_association.deals", "key:"+platform) +
		importBlock("ghl_relation.job", stored.ID+"/business-1/projects-2") + importBlock("ghl_relation.turned", stored.ID+"/projects-3/business-1"))
	says(t, e.apply(), "4 imported, 0 added, 2 changed, 0 destroyed")
	e.hasAttributes("ghl_association.work", map[string]any{"id": stored.ID, "first_object_key": "custom_objects.projects", "first_object_label": "Project"})
	e.hasAttributes("ghl_association.deals", map[string]any{"id": a.association(platform).ID, "key": platform, "first_object_key": "opportunity"})
	e.hasAttributes("ghl_relation.job", map[string]any{"first_record_id": "business-1", "first_object_key": "business"})
	e.hasAttributes("ghl_relation.turned", map[string]any{
		"first_record_id": "projects-3", "first_object_key": "custom_objects.projects", "second_record_id": "business-1", "second_object_key": "business",
	})
	e.write("main.tf", resources)
	e.plansNothing()
	a.mustHaveWritten()
}

// Ids that contain a percent sign, dots or a blank are imported if they are percent-encoded.
func TestAccImport_oddIDs(t *testing.T) {
	a := newSandboxAccount(t)
	const recordA, recordB = "rec 1", "50% off.. .x"
	odd := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, ID: "odd id?", Key: a.key("odd"),
		FirstObjectKey: "contact", FirstObjectLabel: "Mentor", SecondObjectKey: "contact", SecondObjectLabel: "Mentee",
	})
	a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: odd.ID, FirstRecordID: recordA, SecondRecordID: recordB})
	e := a.localEngine(contacts("odd", a.key("odd"), "Mentor", "Mentee") + relation("link", quoted(odd.ID), recordA, recordB) +
		importBlock("ghl_association.odd", "odd%20id%3F") + importBlock("ghl_relation.link", "odd%20id%3F/rec%201/50%25%20off..%20.x"))
	says(t, e.apply(), "2 imported, 0 added, 0 changed, 0 destroyed")
	a.mustHaveWritten()
	a.holds(e, 1, 1)
	e.hasAttributes("ghl_relation.link", map[string]any{"second_record_id": recordB})
	e.plansNothing()
	e.destroy() // the paths of the requests must escape the ids
	a.holds(e, 0, 0)
}

// An import fails for a missing object, for a system-defined association, and for an id of another form.
func TestAccImport_refused(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	const anAssociation, aRelation = "ghl_association.x", "ghl_relation.x"
	resources := contacts("x", a.key("x"), "Mentor", "Mentee") + relation("x", quoted(mentor.ID), "contact-1", "contact-2")
	e := a.localEngine(resources)
	const missing = "Cannot import non-existent remote object"
	const missingID = "68d2c5f0a1b2ffffffffffff"
	for _, test := range []struct {
		address, id string
		says        []string
	}{
		{anAssociation, missingID, []string{missing}},
		{anAssociation, "key:" + a.key("nowhere"), []string{missing}},
		{anAssociation, "loc-nowhere/" + mentor.ID, []string{"Unable to Read Association"}},
		{anAssociation, "OPPORTUNITIES_CONTACTS_ASSOCIATION", []string{"Unable to Import Association", "SYSTEM_DEFINED", "data source"}},
		{anAssociation, "a/b/c", []string{"Unable to Import Association", "[<location_id>/]<association_id>", "key:<key>"}},
		{aRelation, mentor.ID + "/contact-1/contact-2", []string{missing}},
		{aRelation, missingID + "/contact-1/contact-2", []string{missing}},
		{aRelation, mentor.ID + "/contact-1", []string{"Unable to Import Relation", "<association_id>/<first_record_id>/<second_record_id>"}},
	} {
		says(t, e.fails("import", "-no-color", test.address, test.id), test.says...)
	}
	e.write("main.tf", resources+importBlock(anAssociation, missingID)+importBlock(aRelation, mentor.ID+"/contact-1/contact-2"))
	says(t, e.fails("plan", "-no-color"), missing)
	e.write("main.tf", resources+importBlock(anAssociation, "key:BUSINESSES_CONTACTS_ASSOCIATION"))
	says(t, e.fails("plan", "-no-color"), "Unable to Import Association", "SYSTEM_DEFINED", "data source")
}

// A mistyped import id is an error that shows the right form, and no call is made. Without that check, the engine would only
// say that the object does not exist. TestParseAssociationID and TestParseRelationID test the other mistakes.
func TestAccImport_typingMistakes(t *testing.T) {
	a := newSandboxAccount(t)
	taught := a.addAssociation(a.key("taught_by"), "Teacher", "Student")
	e := a.localEngine(contacts("x", taught.Key, "Teacher", "Student") + relation("x", quoted(taught.ID), "contact-1", "contact-2"))
	a.forget()
	for id, wanted := range map[string]string{
		"loc-school/" + taught.Key:      "written as loc-school/key:" + taught.Key,
		"loc-school/" + taught.ID + " ": "begins or ends with a blank",
	} {
		says(t, e.fails("import", "-no-color", "ghl_association.x", id), "Unable to Import Association", wanted, "[<location_id>/]<association_id> or [<location_id>/]key:<key>")
	}
	for id, wanted := range map[string]string{
		"key:on/off/contact-1/contact-2":    "a slash in the key is written as %2F",
		taught.Key + "/contact-1/contact-2": "must be written as key:" + taught.Key,
		taught.ID + "/contact-1 /contact-2": "begins or ends with a blank",
	} {
		says(t, e.fails("import", "-no-color", "ghl_relation.x", id), "Unable to Import Relation", wanted, "[<location_id>/]<association_id>/<first_record_id>/<second_record_id>")
	}
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests, want none", n)
	}
}
