package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The data source lists the fields and folders of an object, in order, with the ids for import blocks.
func TestAccCustomFields_dataSource(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	kind, folder := a.addField("kind", "SINGLE_OPTIONS"), a.sandbox.FieldFolders().All(a.locationID)[0]
	a.changeOptions(func([]sandbox.FieldOption) []sandbox.FieldOption {
		return []sandbox.FieldOption{{Key: "dog", Label: "Dog"}}
	})
	const address = "data.ghl_custom_fields.all"
	text := knownvalue.StringExact
	a.run(resource.TestStep{
		Config: a.provider() + "data \"ghl_custom_fields\" \"all\" {\n  object_key = \"custom_objects.pet\"\n}\n",
		ConfigStateChecks: []statecheck.StateCheck{
			attribute(address, "location_id", a.locationID),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("fields"), knownvalue.ListSizeExact(2)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("fields").AtSliceIndex(0), knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": text(kind.ID), "location_id": text("loc-school"), "object_key": text(petKey), "key": text("kind"), "field_key": text(petKey + ".kind"),
				"name": text("Kind"), "data_type": text("SINGLE_OPTIONS"), "folder_id": text(folder.ID), "description": knownvalue.Null(), "placeholder": knownvalue.Null(),
				"show_in_forms": knownvalue.Bool(true), "accepted_formats": knownvalue.Null(), "max_files": knownvalue.Null(), "allow_custom_option": knownvalue.Bool(false),
				"options": knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
					"key": text("dog"), "label": text("Dog"), "url": knownvalue.Null(),
				})}),
				"import_id": text("loc-school/" + kind.ID),
			})),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("fields").AtSliceIndex(1).AtMapKey("key"), text("name")),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("folders"), knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": text(folder.ID), "name": text("Pet Details"), "import_id": text("loc-school/" + folder.ID),
			})})),
		},
	})
}

// A list of custom fields returns identities and whole resources, and can be filtered. It does not include folders.
func TestAccList_customFields(t *testing.T) {
	needsQuery(t)
	a := petAccount(t, sandbox.Quirks{})
	kind := a.addField("kind", "TEXT")
	identity := map[string]knownvalue.Check{"location_id": knownvalue.StringExact(a.locationID), "id": knownvalue.StringExact(kind.ID)}
	a.run(
		resource.TestStep{Config: a.provider()},
		resource.TestStep{
			Query: true,
			Config: query("ghl_custom_field", "all", "include_resource = true", `object_key = "custom_objects.pet"`) +
				query("ghl_custom_field", "short", "", `object_key = "custom_objects.pet"`, `key_prefix = "Ki"`) +
				query("ghl_custom_field", "full", "", `object_key = "custom_objects.pet"`, `key_prefix = "custom_objects.pet.ki"`),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("ghl_custom_field.all", 2),
				querycheck.ExpectLength("ghl_custom_field.short", 1),
				querycheck.ExpectIdentity("ghl_custom_field.short", identity),
				querycheck.ExpectIdentity("ghl_custom_field.full", identity),
				querycheck.ExpectResourceDisplayName("ghl_custom_field.all", queryfilter.ByResourceIdentity(identity), knownvalue.StringExact(`Kind: custom_objects.pet.kind`)),
				querycheck.ExpectResourceKnownValues("ghl_custom_field.all", queryfilter.ByResourceIdentity(identity), []querycheck.KnownValueCheck{
					{Path: tfjsonpath.New("data_type"), KnownValue: knownvalue.StringExact("TEXT")},
					{Path: tfjsonpath.New("deletion_protection"), KnownValue: knownvalue.Bool(false)},
				}),
			},
		},
	)
}

// A list of folders returns identities and whole resources. It does not include fields or the folders of other objects.
func TestAccList_customFieldFolders(t *testing.T) {
	needsQuery(t)
	a := petAccount(t, sandbox.Quirks{})
	a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: "business", Name: "General"})
	folder := a.sandbox.FieldFolders().All(a.locationID)[0]
	identity := map[string]knownvalue.Check{"location_id": knownvalue.StringExact(a.locationID), "id": knownvalue.StringExact(folder.ID)}
	a.run(
		resource.TestStep{Config: a.provider()},
		resource.TestStep{
			Query:  true,
			Config: query("ghl_custom_field_folder", "all", "include_resource = true", `object_key = "custom_objects.pet"`),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("ghl_custom_field_folder.all", 1),
				querycheck.ExpectIdentity("ghl_custom_field_folder.all", identity),
				querycheck.ExpectResourceDisplayName("ghl_custom_field_folder.all", queryfilter.ByResourceIdentity(identity), knownvalue.StringExact("Pet Details")),
				querycheck.ExpectResourceKnownValues("ghl_custom_field_folder.all", queryfilter.ByResourceIdentity(identity), []querycheck.KnownValueCheck{
					{Path: tfjsonpath.New("object_key"), KnownValue: knownvalue.StringExact("custom_objects.pet")}, {Path: tfjsonpath.New("name"), KnownValue: knownvalue.StringExact("Pet Details")},
				}),
			},
		},
	)
}
