package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// fieldFolder is the configuration of a folder of pet, with additional lines.
func fieldFolder(name, called string, lines ...string) string {
	return fmt.Sprintf("\nresource \"ghl_custom_field_folder\" %q {\n  object_key = %q\n  name = %q\n  %s\n}\n", name, petKey, called, strings.Join(lines, "\n  "))
}

// A folder is created, renamed, imported by id, name and identity, and deleted, with both forms of answers.
func TestAccCustomFieldFolder_lifecycle(t *testing.T) {
	for _, wrapped := range []bool{false, true} {
		t.Run(fmt.Sprintf("wrapped %t", wrapped), func(t *testing.T) {
			a := petAccount(t, sandbox.Quirks{FoldersWrapped: wrapped})
			const address = "ghl_custom_field_folder.health"
			steps := []resource.TestStep{
				{
					Config: a.provider() + fieldFolder("health", "Health"),
					Check:  a.wrote(`POST /custom-fields/folder {"locationId":"loc-school","name":"Health","objectKey":"custom_objects.pet"}`),
					ConfigStateChecks: append(ifIdentity(
						statecheck.ExpectIdentityValue(address, tfjsonpath.New("location_id"), knownvalue.StringExact(a.locationID)),
						statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
					), attribute(address, "location_id", a.locationID)),
				},
				{
					PreConfig: a.forget, Config: a.provider() + fieldFolder("health", "Health/Care"), ConfigPlanChecks: does(address, plancheck.ResourceActionUpdate),
					Check: a.wrote(`PUT /custom-fields/folder/[0-9a-f]{24} {"locationId":"loc-school","name":"Health/Care"}`),
				},
			}
			steps = append(steps, importSteps(address, "{id}", "{location_id}/name:{object_key}/{name}")...)
			a.run(append(steps, resource.TestStep{
				PreConfig: a.forget, Config: a.provider() + fieldFolder("health", "Health/Care", `timeouts = { read = "3m" }`), Check: a.wrote(),
			}, resource.TestStep{
				PreConfig: a.forget, Config: a.provider(), Check: a.wrote(`DELETE /custom-fields/folder/[0-9a-f]{24}`),
			})...)
		})
	}
}

// Fields are created after their managed folder, and deleted before it. A folder that contains unmanaged fields is not deleted.
func TestAccCustomFieldFolder_fields(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{FullFoldersGo: true})
	e := a.localEngine(fieldFolder("health", "Health") + petField("age", "age", "NUMERICAL", "folder_id = ghl_custom_field_folder.health.id"))
	e.apply()
	folder := a.sandbox.FieldFolders().All(a.locationID)[1].ID
	if f := a.field("age"); f.ParentID != folder {
		t.Errorf("the field is in the folder %s, want %s", f.ParentID, folder)
	}
	e.plansNothing()
	kind := a.addField("kind", "TEXT")
	a.sandbox.CustomFields().Update(a.locationID, kind.ID, func(f *sandbox.CustomField) { f.ParentID = folder })
	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "Unable to Delete Custom Field Folder", "contains the custom fields custom_objects.pet.kind", "or destroy them first")
	a.wantFields("kind: Kind, TEXT")
	a.sandbox.CustomFields().Remove(a.locationID, kind.ID)
	says(t, e.destroy(), "1 destroyed")
}

// If a name is taken, the apply fails before it sends a create, and the import block in the error takes over the folder. A field
// with that name does not count as a folder.
func TestAccCustomFieldFolder_exists(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	health := a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: petKey, Name: "Health"})
	a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: "business", Name: "Other"})
	a.addField("age", "TEXT")
	config := fieldFolder("health", "Health") + fieldFolder("other", "Other") + fieldFolder("age", petKey+".age")
	e := a.localEngine(config)
	output := e.fails(applyCommand...)
	_, failure, _ := strings.Cut(output, "Error: ")
	says(t, failure, "Unable to Create Custom Field Folder", `custom field folder "Health" of the object "custom_objects.pet" already exists`, health.ID, "data source ghl_custom_fields,")
	e.write("main.tf", config+importBlocks(t, failure, "ghl_custom_field_folder.health"))
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
	e.plansNothing()
}

// Two objects may have folders with the same name.
func TestAccCustomFieldFolder_objects(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(fieldFolder("pets", "General") + strings.Replace(fieldFolder("firms", "General"), petKey, "business", 1))
	doesNotSay(t, e.apply(), "Warning")
	doesNotSay(t, e.succeeds("plan", "-no-color"), "Warning")
	e.write("main.tf", fieldFolder("pets", "General"))
	e.apply()
	if folders := a.sandbox.FieldFolders().All(a.locationID); len(folders) != 2 {
		t.Errorf("left are %v", folders)
	}
	e.write("main.tf", fieldFolder("pets", "General")+fieldFolder("again", "General"))
	says(t, e.succeeds("plan", "-no-color"), "Two Resources Want the Same Custom Field Folder")
}

// A folder cannot be imported as a field, or a field as a folder. The error says which resource to use.
func TestAccCustomFieldFolder_importedAsField(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	age, folder := a.addField("age", "NUMERICAL"), a.sandbox.FieldFolders().All(a.locationID)[0]
	for config, want := range map[string]string{
		petField("age", "age", "NUMERICAL") + importBlock("ghl_custom_field.age", folder.ID):                      "Import this id as a ghl_custom_field_folder.",
		fieldFolder("age", "Age") + importBlock("ghl_custom_field_folder.age", age.ID):                            "Import this id as a ghl_custom_field.",
		petField("age", "age", "NUMERICAL") + importBlock("ghl_custom_field.age", "0123456789abcdef00000000"):     "non-existent",
		petField("age", "age", "NUMERICAL") + importBlock("ghl_custom_field.age", "key:age"):                      "it contains no object key; the format is",
		fieldFolder("age", "Age") + importBlock("ghl_custom_field_folder.age", "name:Age"):                        "it contains no object key; the format is",
		fieldFolder("age", "Pet Details") + importBlock("ghl_custom_field_folder.age", "name:"+petKey+"/Nothing"): "non-existent",
	} {
		e := a.localEngine(config)
		says(t, e.fails("plan", "-no-color"), want)
	}
	e := a.localEngine(fieldFolder("details", "Pet Details") + importBlock("ghl_custom_field_folder.details", "name:"+petKey+"/Pet Details"))
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
}
