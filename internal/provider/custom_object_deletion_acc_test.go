package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A plan that would destroy or replace a protected object fails, whatever the reason for the replacement. The policy in the state
// applies, not the policy in the configuration.
func TestAccCustomObjectDeletion_protect(t *testing.T) {
	a := newSandboxAccount(t)
	config := customObject("pet", "pet", "Pet")
	e := a.localEngine(config)
	e.apply()
	a.forget()
	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "Unable to Destroy Custom Object", `custom object "pet" has deletion_policy = "protect" in the state`,
		"apply that change alone", "moved {")
	for change, with := range map[string]string{`"pet"`: `"dog"`, `"Name"`: `"Called"`, `"TEXT"`: `"NUMERICAL"`, `"name"`: `"title"`} {
		e.write("main.tf", strings.Replace(customObject("pet", "pet", "Pet", deletePolicy), "\n  key            = "+`"pet"`, "\n  key = "+`"pet"`, 1))
		replaced := e.read("main.tf")
		if change == `"pet"` {
			change, with = `key = "pet"`, `key = "dog"`
		}
		e.write("main.tf", strings.Replace(replaced, change, with, 1))
		says(t, e.fails(applyCommand...), "Unable to Replace Custom Object", "The change to") // lifting the protection in the same step does not help
	}
	e.write("main.tf", config)
	says(t, e.fails("apply", "-auto-approve", "-no-color", "-replace="+petAddress), "Unable to Replace Custom Object")
	says(t, e.fails("plan", "-no-color", "-replace="+petAddress, "-refresh=false"), "Unable to Replace Custom Object")
	e.succeeds("taint", petAddress)
	says(t, e.fails(applyCommand...), "Unable to Replace Custom Object", "untaint")
	e.succeeds("untaint", petAddress)
	e.plansNothing()
	a.mustHaveWritten()

	// An object that somebody else deleted is no longer protected.
	a.sandbox.Objects().Remove(a.locationID, "custom_objects.pet")
	says(t, e.apply(), "1 added, 0 changed, 0 destroyed")
	a.wantObjects("custom_objects.pet, Pet")
}

// An imported object is protected until the configured policy is applied.
func TestAccCustomObjectDeletion_import(t *testing.T) {
	a := newSandboxAccount(t)
	pet := a.addObject("custom_objects.pet", "Pet")
	e := a.localEngine(customObject("pet", "pet", "Pet", deletePolicy) + importBlock(petAddress, pet.ID))
	says(t, e.succeeds("plan", "-no-color"), `"protect" -> "delete"`)
	e.apply()
	a.mustHaveWritten()
	says(t, e.destroy(), "1 destroyed")
	a.wantObjects()
}

// An abandoned object stays in the account, and the plan says so.
func TestAccCustomObjectDeletion_abandon(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customObject("pet", "pet", "Pet", abandonPolicy))
	e.apply()
	a.forget()
	e.write("main.tf", customObject("pet", "dog", "Dog", abandonPolicy))
	says(t, e.succeeds("plan", "-no-color"), "Custom Object Left in the Account", `custom object "pet" stays in sub-account "loc-school"`)
	says(t, e.apply(), "1 added, 0 changed, 1 destroyed")
	a.mustHaveWritten(`POST /objects/ .*"custom_objects.dog".*`)
	says(t, e.destroy(), "Custom Object Left in the Account", "1 destroyed")
	a.wantObjects("custom_objects.pet, Pet", "custom_objects.dog, Dog")
}

// Deleting an object also deletes everything that belongs to it, and the plan says so, also for a tainted object.
func TestAccCustomObjectDeletion_delete(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customObject("pet", "pet", "Pet", deletePolicy))
	e.apply()
	e.succeeds("taint", petAddress)
	says(t, e.apply(), "The state already contains the custom object \"pet\"", "What happens to the object depends on deletion_policy in the state", "all its fields, records, associations and their relations", "1 added, 0 changed, 1 destroyed")
	says(t, e.succeeds("apply", "-auto-approve", "-no-color", "-replace="+petAddress), "1 added, 0 changed, 1 destroyed")
	e.write("main.tf", strings.Replace(customObject("pet", "pet", "Pet", deletePolicy), `"TEXT"`, `"NUMERICAL"`, 1))
	says(t, e.apply(), "Replacing a Custom Object Deletes Data", "1 added, 0 changed, 1 destroyed")
	e.plansNothing()
	says(t, e.succeeds("plan", "-no-color", "-destroy"), "Destroying a Custom Object Deletes Data", "Deleted data cannot be restored")
	e.destroy()
	a.wantObjects()
}

// If HighLevel does not offer the deletion, the error does not blame the base URL.
func TestAccCustomObjectDeletion_noRoute(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customObject("pet", "pet", "Pet", deletePolicy))
	e.apply()
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteObject, Effect: sandbox.Answer(http.StatusNotFound,
		`{"message":"Cannot DELETE /objects/x","error":"Not Found","statusCode":404}`)})
	output := e.fails("destroy", "-auto-approve", "-no-color")
	says(t, output, "may not offer this call to API tokens", `set deletion_policy = "abandon"`)
	if strings.Contains(output, "base_url") {
		t.Errorf("the base URL is blamed:\n%s", output)
	}
	e.write("main.tf", customObject("pet", "pet", "Pet", abandonPolicy))
	e.apply()
	e.destroy()
	a.wantObjects("custom_objects.pet, Pet")
}
