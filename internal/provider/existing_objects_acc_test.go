package provider_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// adoptingEngine is a localEngine whose provider block sets existing_objects.
func (a *account) adoptingEngine(configuration string) *engine {
	a.t.Helper()
	e := a.attachedEngine(configuration)
	e.write("provider.tf", a.provider("max_retries = 0", `existing_objects = "adopt_identical"`))
	return e
}

// oneOfEach is the configuration of one resource of each kind whose object may already exist. The relation links contacts under
// the association.
func (a *account) oneOfEach() string {
	return contacts("mentor", a.key("Mentor"), "Mentor", "Mentee") + relation("link", "ghl_association.mentor.id", "contact-1", "contact-2") +
		association("owner", a.key("owner"), side{"custom_objects.pet", "Pet"}, side{"contact", "Owner"}) +
		customValue("phone", "Phone", `"1"`) + customObject("pet", "pet", "Pet", `description = "Tame"`) +
		strings.ReplaceAll(fieldFolder("health", "Health")+petField("age", "age", "NUMERICAL", "folder_id = ghl_custom_field_folder.health.id")+
			petField("kind", "kind", "RADIO", `options = [{ label = "Big Dog" }, { label = "Cat" }]`), quoted(petKey), "ghl_custom_object.pet.object_key")
}

// carriedOut returns how many creates have succeeded in HighLevel.
func (a *account) carriedOut() (created int) {
	for _, r := range a.requests() {
		if r.Method == http.MethodPost && r.Status < 300 {
			created++
		}
	}
	return created
}

// If a state is lost, one apply with adopt_identical takes over everything and creates nothing. Texts that HighLevel spells
// differently keep the spelling of the configuration.
func TestAccExisting_adopts(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.adoptingEngine(a.oneOfEach())
	says(t, e.apply(), "8 added")
	held := e.stateIDs()
	e.remove("terraform.tfstate")
	a.forget()
	output := e.succeeds("plan", "-no-color")
	says(t, output, "Warning: Association Already Exists", "Warning: Custom Object Already Exists", "Warning: Custom Value Already Exists",
		`As far as this plan can tell, the object is exactly what the resource describes: the apply will take it over, since existing_objects is "adopt_identical".`)
	doesNotSay(t, output, "import block")

	output = e.apply()
	says(t, output, "8 added, 0 changed, 0 destroyed", "Warning: Existing Association Adopted", "Warning: Existing Relation Adopted", "Warning: Existing Custom Value Adopted",
		"Warning: Existing Custom Object Adopted", "Warning: Existing Custom Field Adopted", "Warning: Existing Custom Field Folder Adopted",
		`The association "`+a.key("Mentor")+`" already existed in sub-account "loc-school", with the id "`+a.association(a.key("mentor")).ID+`"`)
	if now := e.stateIDs(); !slices.Equal(now, held) {
		t.Errorf("the state contains %v, want the previous %v", now, held)
	}
	if n := a.carriedOut(); n != 0 {
		t.Errorf("%d objects were created, want none", n)
	}
	e.plansNothing()
	says(t, e.fails("plan", "-no-color", "-destroy"), "Unable to Destroy Custom Object") // as any other
}

// An object that differs from the configuration in any way is still an error, and nothing is written.
func TestAccExisting_differs(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.adoptingEngine(a.oneOfEach())
	e.apply()
	e.remove("terraform.tfstate")
	e.write("main.tf", strings.NewReplacer(`"Mentee"`, `"Pupil"`, `"Owner"`, `"Keeper"`, `"Tame"`, `"Wild"`, `value = "1"`, `value = "2"`, `"Cat"`, `"Fox"`, `"Age"`, `"Years"`,
		`"contact-1"`, `"contact-2"`, `"contact-2"`, `"contact-1"`,
		"ghl_association.mentor.id", quoted(a.association(a.key("mentor")).ID), "ghl_custom_object.pet.object_key", quoted(petKey)).Replace(e.read("main.tf")))
	a.forget()
	output := e.succeeds("plan", "-no-color")
	says(t, output, "As far as this plan can tell, the apply will not take the object over.", "import block")
	output = e.fails(applyCommand...)
	for _, thing := range []string{"Association", "Relation", "Custom Value", "Custom Object", "Custom Field"} {
		says(t, output, "Unable to Create "+thing)
		doesNotSay(t, output, "Existing "+thing+" Adopted")
	}
	says(t, output, `With existing_objects = "adopt_identical", a create takes over an object only if it is exactly as the resource describes it`, "import {", "the other way round")
	if n := a.carriedOut(); n != 0 {
		t.Errorf("%d objects were created, want none", n)
	}
	for _, r := range a.requests() {
		if r.Method == http.MethodPut || r.Method == http.MethodDelete {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

// An object that another resource in the state manages is not taken over. The plan fails, since the apply could not detect the
// conflict. If two new resources describe the same object, one of them takes it over.
func TestAccExisting_heldByAnother(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	friends := a.addAssociation(a.key("friends"), "Friend", "Friend of")
	one := func(name string) string {
		return contacts(name, a.key("mentor"), "Mentor", "Mentee") + relation(name, quoted(friends.ID), "contact-1", "contact-2") + customValue(name, "Phone", `"1"`) +
			fieldFolder(name, "Health") + petField(name, "age", "NUMERICAL")
	}
	e := a.adoptingEngine(one("one"))
	e.apply()
	held := e.stateIDs()
	a.forget()
	for _, name := range []string{"two", "again"} {
		e.write("second.tf", one(name))
		output := e.fails("plan", "-no-color")
		for _, thing := range []string{"Association", "Relation", "Custom Value", "Custom Field Folder", "Custom Field"} {
			says(t, output, "Error: Unable to Plan "+thing)
		}
		says(t, output, "Only one resource can manage the object. Remove the block that is not in the state yet.")
		e.fails(applyCommand...)
		e.remove("second.tf")
		e.plansNothing()
	}
	a.mustHaveWritten()

	e.write("second.tf", one("two"))
	e.remove("terraform.tfstate")
	output := e.fails(applyCommand...)
	for _, thing := range []string{"Association", "Relation", "Custom Value", "Custom Field Folder", "Custom Field"} {
		if n := strings.Count(flat(output), "Existing "+thing+" Adopted"); n != 1 {
			t.Errorf("%d warnings that a %s is adopted, want one", n, thing)
		}
	}
	says(t, output, "Only one resource can")
	if now := e.stateIDs(); !slices.Equal(now, held) {
		t.Errorf("the state contains %v, want each of %v once", now, held)
	}
	if n := a.carriedOut(); n != 0 {
		t.Errorf("%d objects were created, want none", n)
	}
}

// One resource is renamed, and a new one takes its old name. The create could run first and take over the other resource's
// object. Therefore, the plan fails, whatever the order of the resources. The advice in its error works.
func TestAccExisting_nameReused(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.adoptingEngine(customValue("a", "A", `"1"`) + customValue("z", "Z", `"2"`))
	e.apply()
	a.forget()
	swapped := customValue("a", "B", `"1"`) + customValue("m", "A", `"1"`) + customValue("z", "Y", `"2"`) + customValue("n", "Z", `"2"`)
	e.write("main.tf", swapped)
	output := e.fails("plan", "-no-color")
	says(t, output, "Unable to Plan Custom Value", "for one resource, and creates an object with its current name for another", `Set existing_objects (or GHL_EXISTING_OBJECTS) to "error" until this plan is applied.`)
	a.mustHaveWritten()

	e.attach(a.clock)
	e.write("provider.tf", a.provider("max_retries = 0", `existing_objects = "error"`))
	if _, code := e.run(applyCommand...); code != 0 {
		e.apply() // repeats creates that ran before the renames
	}
	a.wantValues("A = 1", "B = 1", "Y = 2", "Z = 2")
	e.plansNothing()
}

// Objects that HighLevel made are never taken over, even if they match the configuration.
func TestAccExisting_platformMade(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	own := a.sandbox.FieldFolders().All(a.locationID)[0]
	e := a.adoptingEngine(association("deal", "BUSINESSES_OPPORTUNITIES_ASSOCIATION", side{"business", "Company"}, side{"opportunity", "Opportunity"}) +
		association("system", "BUSINESSES_CONTACTS_ASSOCIATION", side{"business", "Company"}, side{"contact", "Contact"}) + fieldFolder("first", own.Name))
	a.forget()
	says(t, e.succeeds("plan", "-no-color"), "the apply will not take the object over")
	output := e.fails(applyCommand...)
	says(t, output, "Unable to Create Association", "Unable to Create Custom Field Folder", "HighLevel did not make it itself", "system-defined association")
	doesNotSay(t, output, "Adopted")
	a.mustHaveWritten()
}

// With create_before_destroy, the create of a replacement finds the old object. The create takes over the object, and the
// deletion skips it.
func TestAccExisting_createBeforeDestroy(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	friends := a.addAssociation(a.key("friends"), "Friend", "Friend of")
	const first = "lifecycle {\n    create_before_destroy = true\n  }"
	e := a.adoptingEngine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee", first) + relation("link", quoted(friends.ID), "contact-1", "contact-2", first) +
		customValue("phone", "Phone", `"1"`, first))
	e.apply()
	held := e.stateIDs()
	for _, address := range []string{"ghl_association.mentor", "ghl_relation.link", "ghl_custom_value.phone"} {
		e.succeeds("taint", address)
	}
	a.forget()
	output := e.apply()
	for _, thing := range []string{"Association", "Relation", "Custom Value"} {
		says(t, output, "Existing "+thing+" Adopted", thing+" Left to Another Resource")
	}
	for _, r := range a.requests() {
		if r.Method == http.MethodDelete {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if now := e.stateIDs(); !slices.Equal(now, held) {
		t.Errorf("the state contains %v, want %v", now, held)
	}
	e.plansNothing()
}

// A block is renamed without a moved block. Whether the create or the destroy runs first, exactly one object exists in the end, and
// the new address manages it.
func TestAccExisting_renamed(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.adoptingEngine(contacts("old", a.key("mentor"), "Mentor", "Mentee") + customValue("old", "Phone", `"1"`))
	e.apply()
	e.write("main.tf", contacts("new", a.key("mentor"), "Mentor", "Mentee")+customValue("new", "Phone", `"1"`))
	says(t, e.succeeds("plan", "-no-color"), "This plan destroys the association", "This plan destroys the custom value", "moved {")
	if _, code := e.run(applyCommand...); code != 0 {
		e.apply() // repeats a create that ran before the destroy
	}
	e.plansNothing()
	a.wantValues("Phone = 1")
	if ids := []string{a.association(a.key("mentor")).ID, a.sandbox.CustomValues().All(a.locationID)[0].ID}; !slices.Contains(e.stateIDs(), ids[0]) || !slices.Contains(e.stateIDs(), ids[1]) || len(e.stateIDs()) != 2 {
		t.Errorf("the state contains %v, want %v", e.stateIDs(), ids)
	}
}

// Adoption works for an agency, in which each sub-account has its own objects. The setting can come from the environment.
func TestAccExisting_agency(t *testing.T) {
	const config = `
resource "ghl_custom_value" "phone" {
  for_each    = toset(["loc-school", "loc-other"])
  location_id = each.key
  name        = "Phone"
  value       = "1"
}
`
	a, e := newSmallAgency(t, "provider \"ghl\" {}\n"+config)
	delete(e.env, "GHL_LOCATION_ID")
	useAgency(a, e)
	e.env["GHL_EXISTING_OBJECTS"] = "adopt_identical"
	school := a.addValue("Phone", "1")
	other := a.sandbox.CustomValues().Add(sandbox.CustomValue{LocationID: "loc-other", Name: "Phone", Value: "2"})
	output := e.fails(applyCommand...)
	says(t, output, "Existing Custom Value Adopted", `already existed in sub-account "loc-school", with the id "`+school.ID+`"`, "Unable to Create Custom Value", `with the id "`+other.ID+`"`)
	if ids := e.stateIDs(); !slices.Equal(ids, []string{school.ID}) {
		t.Errorf("the state contains %v, want only %s", ids, school.ID)
	}
	a.sandbox.CustomValues().Update("loc-other", other.ID, func(v *sandbox.CustomValue) { v.Value = "1" })
	says(t, e.apply(), "1 added, 0 changed, 0 destroyed")
	e.plansNothing()
	e.env["GHL_EXISTING_OBJECTS"] = "adopt"
	says(t, e.fails("plan", "-no-color"), `GHL_EXISTING_OBJECTS must be "error" or "adopt_identical". It is "adopt".`)
}

// Under an association of an object with itself, two records may have a relation in each order. A create takes over one of them,
// and the deletion removes the other.
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
		t.Errorf("the relations %v are left, want only %s:\n%s", left, turned.ID, output)
	}
	e.plansNothing()
}
