package provider_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A plan that would destroy or replace a protected field fails, also with -replace and for a tainted field. The flag in the state
// applies, not the flag in the configuration. Without protection, the plan warns that values are deleted.
func TestAccCustomFieldProtection(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("age", "age", "NUMERICAL", protected))
	e.apply()
	a.forget()
	refused := func(verb string, output string) {
		t.Helper()
		says(t, output, "Unable to "+verb+" Custom Field", `custom field "custom_objects.pet.age" has deletion_protection = true`, "its values in all records", "set deletion_protection = false")
	}
	refused("Destroy", e.fails("destroy", "-auto-approve", "-no-color"))
	refused("Replace", e.fails("apply", "-auto-approve", "-no-color", "-replace=ghl_custom_field.age"))
	refused("Replace", e.fails("plan", "-no-color", "-replace=ghl_custom_field.age", "-refresh=false"))
	e.succeeds("taint", "ghl_custom_field.age")
	refused("Replace", e.fails(applyCommand...))
	e.succeeds("untaint", "ghl_custom_field.age")
	e.write("main.tf", petField("age", "age", "TEXT", unprotected)) // lifting the protection in the same step does not help
	output := e.fails(applyCommand...)
	refused("Replace", output)
	says(t, output, "The change to data_type would replace it: revert that change to keep the custom field")
	e.write("main.tf", "")
	refused("Destroy", e.fails(applyCommand...))

	e.write("main.tf", petField("age", "age", "NUMERICAL", unprotected))
	e.apply()
	a.mustHaveWritten()
	e.succeeds("taint", "ghl_custom_field.age")
	says(t, e.succeeds("plan", "-no-color"), "Replacing a Custom Field Deletes Data", "its values in all records")
	says(t, e.apply(), "1 added, 0 changed, 1 destroyed")
	e.plansNothing()
	says(t, e.succeeds("plan", "-no-color", "-destroy"), "Destroying a Custom Field Deletes Data")
}

// A protected field that somebody else deleted is created again, since there is nothing left to protect.
func TestAccCustomFieldProtection_disappears(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("age", "age", "NUMERICAL", protected))
	e.apply()
	a.sandbox.CustomFields().Remove(a.locationID, a.field("age").ID)
	says(t, e.apply(), "1 added, 0 changed, 0 destroyed")
	e.plansNothing()
}

// HighLevel may create a field with a different key than requested. The provider then deletes the field, or reports it in the
// error.
func TestAccCustomField_keyChanged(t *testing.T) {
	for name, test := range map[string]struct {
		deletion int
		want     string
	}{
		"deleted again": {http.StatusOK, "deleted that object. Choose another key"},
		"not deleted":   {http.StatusForbidden, `import it with the id "loc-school/0123456789abcdef00000001"`},
	} {
		t.Run(name, func(t *testing.T) {
			a := petAccount(t, sandbox.Quirks{})
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomField, Count: 1, Effect: sandbox.Answer(http.StatusCreated,
				`{"field":{"id":"0123456789abcdef00000001","name":"Age","objectKey":"custom_objects.pet","dataType":"TEXT","parentId":"0123456789abcdef00000002","fieldKey":"custom_objects.pet.age_1"}}`)})
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteCustomField, Effect: sandbox.Answer(test.deletion, `{"deleted":true,"id":"0123456789abcdef00000001","message":"No"}`)})
			e := a.localEngine(petField("age", "age", "TEXT"))
			says(t, e.fails(applyCommand...), "Unable to Create Custom Field", `"custom_objects.pet.age_1"`, test.want)
			a.mustHaveWritten(`POST /custom-fields/ .*`, `DELETE /custom-fields/0123456789abcdef00000001`)
		})
	}
}

// A field cannot be created in an object without a folder.
func TestAccCustomField_noFolder(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	a.sandbox.CustomFields().Remove(a.locationID, a.field("name").ID)
	a.sandbox.FieldFolders().Remove(a.locationID, a.sandbox.FieldFolders().All(a.locationID)[0].ID)
	e := a.localEngine(petField("age", "age", "TEXT"))
	says(t, e.fails(applyCommand...), "Unable to Create Custom Field", "Create a folder for the object with ghl_custom_field_folder")
	a.mustHaveWritten()
}

// A plan without a refresh does not detect that a tainted field is protected. The deletion is refused instead.
func TestAccCustomFieldProtection_unrefreshed(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("age", "age", "NUMERICAL", protected))
	e.apply()
	a.forget()
	e.succeeds("taint", "ghl_custom_field.age")
	says(t, e.fails("apply", "-auto-approve", "-no-color", "-refresh=false"), "Custom Field", "has deletion_protection = true", "set deletion_protection = false")
	a.mustHaveWritten()
}
