package provider_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A field was moved by hand, and the configuration was adapted and applied. Changing the folder back in the configuration is then
// an ordinary replacement.
func TestAccCustomField_movedAndFollowed(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	folder := func(name string) string {
		return a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: petKey, Name: name}).ID
	}
	health, other := folder("Health"), folder("Other")
	in := func(id, description string) string {
		return petField("age", "age", "NUMERICAL", fmt.Sprintf("folder_id = %q", id), fmt.Sprintf("description = %q", description))
	}
	e := a.localEngine(in(health, "Years"))
	e.apply()
	a.sandbox.CustomFields().Update(a.locationID, a.field("age").ID, func(f *sandbox.CustomField) { f.ParentID = other })
	e.succeeds("apply", "-auto-approve", "-no-color", "-refresh-only")
	e.write("main.tf", in(other, "In years"))
	says(t, e.apply(), "0 added, 1 changed, 0 destroyed")
	e.write("main.tf", in(health, "In years"))
	says(t, e.succeeds("plan", "-no-color"), "# forces replacement", "Replacing a Custom Field Deletes Data")
}
