package provider_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A row without an object key changes nothing. The state keeps its object key.
func TestAccCustomField_withoutObjectKey(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(fieldFolder("health", "Health") + petField("age", "age", "NUMERICAL"))
	e.apply()
	folder, age := a.sandbox.FieldFolders().All(a.locationID)[1].ID, a.field("age")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: sandbox.Answer(200, fmt.Sprintf(
		`{"fields":[{"id":%q,"name":"Age","dataType":"NUMERICAL","fieldKey":"age","parentId":%q,"showInForms":true}],"folders":[{"id":%q,"name":"Health"}]}`,
		age.ID, age.ParentID, folder))})
	e.plansNothing()
}

// If the row of a field lacks the data type, in a listing or in a single answer, the field is not replaced.
func TestAccCustomField_withoutDataType(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("age", "age", "NUMERICAL"))
	e.apply()
	age := a.field("age")
	row := fmt.Sprintf(`{"id":%q,"locationId":"loc-school","name":"Age","objectKey":"custom_objects.pet","fieldKey":"custom_objects.pet.age","parentId":%q,"showInForms":true}`, age.ID, age.ParentID)
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: sandbox.Answer(200, `{"fields":[`+row+`],"folders":[]}`)})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetCustomField, Effect: sandbox.Answer(200, `{"field":`+row+`}`)})
	e.plansNothing()
}

// An adopted field keeps its allow_custom_option unless the configuration sets it.
func TestAccCustomField_allowCustomOption(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	field := a.addField("age", "TEXT")
	a.sandbox.CustomFields().Update(a.locationID, field.ID, func(f *sandbox.CustomField) { f.AllowCustomOption = true })
	e := a.localEngine(petField("age", "age", "TEXT") + importBlock("ghl_custom_field.age", field.ID))
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
	e.plansNothing()
	e.hasAttributes("ghl_custom_field.age", map[string]any{"allow_custom_option": true})
	e.write("main.tf", petField("age", "age", "TEXT", "allow_custom_option = true"))
	e.plansNothing()
	e.write("main.tf", petField("age", "age", "TEXT", "allow_custom_option = false"))
	says(t, e.succeeds("plan", "-no-color"), "allow_custom_option = true -> false # forces replacement")
}

// If somebody moves a field to another folder, the field is not replaced, even after a refresh has saved the new folder. The plan
// fails and says what to do. If the configuration changes the folder, the plan replaces the field.
func TestAccCustomField_moved(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	folder := func(name string) string {
		return a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: petKey, Name: name}).ID
	}
	health, other, third := folder("Health"), folder("Other"), folder("Third")
	in := func(id string) string {
		return petField("age", "age", "NUMERICAL", fmt.Sprintf("folder_id = %q", id))
	}
	move := func(id string) {
		a.sandbox.CustomFields().Update(a.locationID, a.field("age").ID, func(f *sandbox.CustomField) { f.ParentID = id })
	}
	e := a.localEngine(in(health))
	refused := func() {
		t.Helper()
		says(t, e.fails(applyCommand...), "Unable to Plan Custom Field", `is in the folder "`+other+`"`, `write folder_id = "`+other+`"`)
	}
	e.apply()
	a.forget()
	move(other)
	refused()
	e.succeeds("apply", "-auto-approve", "-no-color", "-refresh-only")
	refused()
	a.mustHaveWritten()
	e.write("main.tf", in(third))
	says(t, e.succeeds("plan", "-no-color"), "# forces replacement", "Replacing a Custom Field Deletes Data")
	e.write("main.tf", in(other))
	e.plansNothing()
	move(health)
	e.write("main.tf", in(health))
	e.plansNothing()
	move(other)
	e.succeeds("taint", "ghl_custom_field.age")
	says(t, e.apply(), "1 added, 0 changed, 1 destroyed")
	if f := a.field("age"); f.ParentID != health {
		t.Errorf("the field is in the folder %s, want %s", f.ParentID, health)
	}
}

// If an import finds a field in another folder, the plan fails and does not replace the field.
func TestAccCustomField_importedFromAnotherFolder(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	field := a.addField("age", "NUMERICAL")
	other := a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: petKey, Name: "Other"}).ID
	e := a.localEngine(petField("age", "age", "NUMERICAL", fmt.Sprintf("folder_id = %q", other)) + importBlock("ghl_custom_field.age", field.ID))
	says(t, e.fails(applyCommand...), "Unable to Plan Custom Field", `write folder_id = "`+field.ParentID+`"`)
	a.mustHaveWritten()
}

// A field must accept at least one file.
func TestAccCustomField_noFiles(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("papers", "papers", "FILE_UPLOAD", "max_files = 0"))
	says(t, e.fails("validate", "-no-color"), "max_files", "must be at least 1")
}
