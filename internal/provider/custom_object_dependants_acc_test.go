package provider_test

import (
	"fmt"
	"strings"
	"testing"
)

// petDependants are a field and an association of a managed pet, each with additional lines.
func petDependants(objectKey string, lines ...string) string {
	more := strings.Join(lines, "\n  ")
	return fmt.Sprintf("\nresource \"ghl_custom_field\" \"age\" {\n  object_key = %[1]s\n  key = \"age\"\n  name = \"Age\"\n  data_type = \"NUMERICAL\"\n  %[2]s\n}\n"+
		"resource \"ghl_association\" \"owner\" {\n  key = \"owner\"\n  first_object_key = \"contact\"\n  first_object_label = \"Owner\"\n  second_object_key = %[1]s\n  second_object_label = \"Pet\"\n  %[2]s\n}\n",
		objectKey, more)
}

const (
	petReference = "ghl_custom_object.pet.object_key"
	petLiteral   = `"custom_objects.pet"`

	protectedField       = `custom field "custom_objects.pet.age"`
	protectedAssociation = `association "owner"`
)

// petNumber is pet with a different primary display property, which replaces the object.
func petNumber(lines ...string) string {
	return strings.Replace(customObject("pet", "pet", "Pet", lines...), `"TEXT"`, `"NUMERICAL"`, 1)
}

// The plan of a replaced object fails if it would also delete a protected field or association. The dependants' own plans show no
// deletion. Dependants that refer to the object are planned after it.
func TestAccCustomObjectDependants_afterObject(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customObject("pet", "pet", "Pet", deletePolicy) + petDependants(petReference, protected))
	e.apply()
	a.forget()
	refused := func(output string) {
		t.Helper()
		says(t, output, "Unable to Plan Custom Field", protectedField, "Unable to Plan Association", protectedAssociation,
			`destroys or replaces the object "custom_objects.pet"`, "set deletion_protection = false, apply that change alone")
	}
	replace := "-replace=" + petAddress
	refused(e.fails("apply", "-auto-approve", "-no-color", replace))
	refused(e.fails("plan", "-no-color", "-refresh=false", replace))
	e.succeeds("taint", petAddress)
	refused(e.fails(applyCommand...))
	e.succeeds("untaint", petAddress)
	e.plansNothing()
	e.write("main.tf", petNumber(deletePolicy)+petDependants(petReference, unprotected)) // lifting the protection in the same step does not help
	refused(e.fails(applyCommand...))
	a.mustHaveWritten()

	e.write("main.tf", customObject("pet", "pet", "Pet", deletePolicy)+petDependants(petReference, unprotected))
	e.apply()
	a.mustHaveWritten()
	e.write("main.tf", petNumber(deletePolicy)+petDependants(petReference, unprotected))
	says(t, e.apply(), "only the next apply creates them again", "replace_triggered_by", "1 added, 0 changed, 1 destroyed")
	says(t, e.apply(), "2 added, 0 changed, 0 destroyed")
	e.plansNothing()
}

// Dependants that are planned before the object are listed in the object's error.
func TestAccCustomObjectDependants_beforeObject(t *testing.T) {
	a := newSandboxAccount(t)
	model := func(flag string) string { return petDependants(petLiteral, flag) }
	after := "depends_on = [ghl_custom_field.age, ghl_association.owner]"
	e := a.localEngine(customObject("pet", "pet", "Pet", deletePolicy))
	e.apply()
	e.write("main.tf", customObject("pet", "pet", "Pet", deletePolicy, after)+model(protected))
	e.apply()
	a.forget()
	refused := func(verb, output string) {
		t.Helper()
		says(t, output, "Unable to "+verb+" Custom Object", "objects that have deletion_protection = true in the state: "+protectedAssociation+", "+protectedField, "moved {")
	}
	refused("Replace", e.fails("apply", "-auto-approve", "-no-color", "-replace="+petAddress))
	e.write("main.tf", petNumber(deletePolicy, after)+model(protected))
	refused("Replace", e.fails(applyCommand...))
	refused("Replace", e.fails("plan", "-no-color", "-refresh=false"))
	e.write("main.tf", customObject("pet", "pet", "Pet", abandonPolicy, after)+model(protected))
	refused("Replace", e.fails("plan", "-no-color", "-replace="+petAddress)) // the policy in the state applies
	a.mustHaveWritten()

	// An object that somebody else deleted is no longer protected.
	e.write("main.tf", customObject("pet", "pet", "Pet", deletePolicy, after)+model(protected))
	e.plansNothing()
	a.sandbox.Objects().Remove(a.locationID, "custom_objects.pet")
	says(t, e.succeeds("plan", "-no-color"), "3 to add, 0 to change, 0 to destroy")
}

// An abandoned object keeps its fields and associations, so they may be protected.
func TestAccCustomObjectDependants_abandoned(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customObject("pet", "pet", "Pet", abandonPolicy) + petDependants(petLiteral, protected, "depends_on = [ghl_custom_object.pet]"))
	e.apply()
	e.write("main.tf", petDependants(petLiteral, protected))
	says(t, e.apply(), "Custom Object Left in the Account", "0 added, 0 changed, 1 destroyed")
	e.plansNothing()
}

// replace_triggered_by includes the dependants of an object in the plan, so one apply is enough.
func TestAccCustomObjectDependants_triggered(t *testing.T) {
	a := newSandboxAccount(t)
	dependants := petDependants(petReference, "lifecycle {\n    replace_triggered_by = [ghl_custom_object.pet.id]\n  }")
	e := a.localEngine(customObject("pet", "pet", "Pet", deletePolicy) + dependants)
	e.apply()
	e.write("main.tf", petNumber(deletePolicy)+dependants)
	says(t, e.apply(), "3 added, 0 changed, 3 destroyed")
	e.plansNothing()
}
