package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	protectPolicy = `deletion_policy = "protect"`
	abandonPolicy = `deletion_policy = "abandon"`
	deletePolicy  = `deletion_policy = "delete"`

	petAddress = "ghl_custom_object.pet"
)

// customObject is the configuration of a custom object that has the field "name", with additional lines.
func customObject(name, key, singular string, lines ...string) string {
	return fmt.Sprintf("\nresource \"ghl_custom_object\" %q {\n  key            = %q\n  singular_label = %q\n  plural_label   = \"%[3]ss\"\n"+
		"  primary_display_property = {\n    key       = \"name\"\n    name      = \"Name\"\n    data_type = \"TEXT\"\n  }\n  %[4]s\n}\n",
		name, key, singular, strings.Join(lines, "\n  "))
}

// addObject creates a custom object with the field "name" without the provider.
func (a *account) addObject(key, singular string) sandbox.Object {
	return a.sandbox.Objects().Add(sandbox.Object{
		LocationID: a.locationID, Key: key, Labels: sandbox.Labels{Singular: singular, Plural: singular + "s"}, PrimaryDisplayProperty: key + ".name",
	})
}

// wantObjects compares the custom objects of the sub-account, as "key, singular label, description", in any order.
func (a *account) wantObjects(want ...string) {
	a.t.Helper()
	var lines []string
	for _, o := range a.sandbox.Objects().All(a.locationID) {
		lines = append(lines, strings.TrimSuffix(o.Key+", "+o.Labels.Singular+", "+o.Description, ", "))
	}
	slices.Sort(lines)
	slices.Sort(want)
	equalLines(a.t, "custom objects", lines, want...)
}

// A custom object is created, updated in place, imported by id, key and identity, and deleted, with a POST, PUTs and a DELETE.
func TestAccCustomObject_lifecycle(t *testing.T) {
	a := newSandboxAccount(t)
	steps := []resource.TestStep{
		{
			Config: a.provider() + customObject("pet", "pet", "Pet", deletePolicy),
			Check: a.wrote(`POST /objects/ {"key":"custom_objects.pet","labels":{"plural":"Pets","singular":"Pet"},"locationId":"loc-school",` +
				`"primaryDisplayPropertyDetails":{"dataType":"TEXT","key":"name","name":"Name"}}`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(petAddress, tfjsonpath.New("object_key"), knownvalue.StringExact("custom_objects.pet")),
			}},
			ConfigStateChecks: append(ifIdentity(
				statecheck.ExpectIdentityValue(petAddress, tfjsonpath.New("location_id"), knownvalue.StringExact(a.locationID)),
				statecheck.ExpectIdentityValueMatchesState(petAddress, tfjsonpath.New("id")),
			),
				attribute(petAddress, "key", "pet"),
				attribute(petAddress, "object_key", "custom_objects.pet"),
				statecheck.ExpectKnownValue(petAddress, tfjsonpath.New("field_folder_id"), knownvalue.StringRegexp(words(""))),
				statecheck.ExpectKnownValue(petAddress, tfjsonpath.New("description"), knownvalue.Null()),
			),
		},
		{
			PreConfig:        a.forget,
			Config:           a.provider() + customObject("pet", "pet", "Animal", deletePolicy, `description = "Not wild"`),
			ConfigPlanChecks: does(petAddress, plancheck.ResourceActionUpdate),
			Check: a.wrote(`PUT /objects/custom_objects.pet {"description":"Not wild","labels":{"plural":"Animals","singular":"Animal"},"locationId":"loc-school",` +
				`"searchableProperties":\["custom_objects.pet.name"\]}`),
		},
		{ // the same keys, spelled differently
			PreConfig: a.forget,
			Config: a.provider() + strings.Replace(customObject("pet", "Custom_Objects.Pet", "Animal", deletePolicy, `description = "Not wild"`),
				`"name"`, `"custom_objects.pet.name"`, 1),
			ConfigPlanChecks: does(petAddress, plancheck.ResourceActionNoop),
			Check:            a.wrote(),
		},
		{
			Config: a.provider() + customObject("pet", "pet", "Animal", deletePolicy),
			Check: a.wrote(`PUT /objects/custom_objects.pet {"description":null,"labels":{"plural":"Animals","singular":"Animal"},"locationId":"loc-school",` +
				`"searchableProperties":\["custom_objects.pet.name"\]}`),
		},
		{ResourceName: petAddress, ImportState: true, ImportStateIdFunc: idOf(petAddress, "{id}"), ImportStateVerify: true, ImportStateVerifyIgnore: []string{"key", "deletion_policy", "primary_display_property.key"}},
		{PreConfig: a.forget, Config: a.provider() + customObject("pet", "pet", "Animal"), Check: a.wrote()}, // only the provider uses the policy
	}
	steps = append(steps, importSteps(petAddress, "{location_id}/key:pet", "{location_id}/key:{key}")[1:]...)
	a.run(append(steps,
		resource.TestStep{Config: a.provider() + customObject("pet", "pet", "Animal", deletePolicy, `timeouts = { read = "3m" }`), Check: a.wrote()},
		resource.TestStep{PreConfig: a.forget, Config: a.provider(), Check: a.wrote(`DELETE /objects/[0-9a-f]{24}`)},
	)...)
	a.wantObjects()
}

// Resources that refer to an object can be planned before the object is created, since its key is known. Destroying the object
// also deletes its associations, including those in the same plan.
func TestAccCustomObject_references(t *testing.T) {
	a := newSandboxAccount(t)
	owner := func(object string) string {
		return fmt.Sprintf("\nresource \"ghl_association\" \"owner\" {\n  key = %q\n  first_object_key = \"contact\"\n  first_object_label = \"Owner\"\n  second_object_key = %s\n  second_object_label = \"Pet\"\n}\n", a.key("owner"), object)
	}
	e := a.localEngine(customObject("pet", "Pet", "Pet", deletePolicy) + owner("ghl_custom_object.pet.object_key"))
	says(t, e.succeeds("plan", "-no-color"), `second_object_key = "custom_objects.pet"`)
	e.apply()
	e.plansNothing()
	e.write("main.tf", customObject("pet", "Pet", "Pet", deletePolicy)+owner(`"custom_objects.pet"`))
	e.plansNothing()
	says(t, e.destroy(), "Destroying a Custom Object Deletes Data", "2 destroyed")
	a.wantObjects()
}

// Drift is corrected in place. A deleted object is created again. A failed read removes nothing from the state. A renamed field
// does not replace its object.
func TestAccCustomObject_drift(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customObject("pet", "pet", "Pet", deletePolicy) + customObject("cat", "cat", "Cat", deletePolicy))
	e.apply()
	a.sandbox.Objects().Update(a.locationID, "custom_objects.pet", func(o *sandbox.Object) {
		o.Labels.Singular, o.Description, o.SearchableProperties = "Animal", "By hand", []string{"custom_objects.pet.name"}
	})
	a.sandbox.Objects().Remove(a.locationID, "custom_objects.cat")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListObjects, Effect: sandbox.Status(http.StatusBadGateway)})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetObject, Effect: sandbox.Status(http.StatusBadGateway)})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Custom Object", "The state is unchanged")
	a.faultsEnd(e)
	says(t, e.succeeds("plan", "-no-color"), "1 to add, 1 to change, 0 to destroy", `- description = "By hand" -> null`)
	e.apply()
	a.wantObjects("custom_objects.cat, Cat", "custom_objects.pet, Pet")
	for _, row := range a.sandbox.CustomFields().All(a.locationID) {
		a.sandbox.CustomFields().Update(a.locationID, row.ID, func(f *sandbox.CustomField) { f.Name = "Called" })
	}
	e.plansNothing()
	for _, o := range a.sandbox.Objects().All(a.locationID) {
		a.sandbox.Objects().Remove(a.locationID, o.ID)
	}
	says(t, e.succeeds("plan", "-no-color"), "2 to add, 0 to change, 0 to destroy")
	e.apply()
	e.plansNothing()
}

// If a key is taken, the plan warns, and the apply fails before it sends a create. The import block in the error takes over the
// object.
func TestAccCustomObject_exists(t *testing.T) {
	a := newSandboxAccount(t)
	pet := a.addObject("custom_objects.pet", "Pet")
	config := customObject("pet", "Pet", "Animal", deletePolicy)
	e := a.localEngine(config)
	says(t, e.succeeds("plan", "-no-color"), "Warning: Custom Object Already Exists", `with the id "`+pet.ID+`"`, "from = ghl_custom_object.old")
	output := e.fails(applyCommand...)
	_, failure, _ := strings.Cut(output, "Error: ")
	says(t, failure, "Unable to Create Custom Object", `custom object "Pet" already exists`, "data source ghl_objects,")
	a.mustHaveWritten()
	e.write("main.tf", config+importBlocks(t, failure, petAddress))
	says(t, e.apply(), "1 imported, 0 added, 1 changed, 0 destroyed")
	e.plansNothing()
	a.wantObjects("custom_objects.pet, Animal")

	e.write("main.tf", config+customObject("again", "custom_objects.pet", "Pet"))
	says(t, e.succeeds("plan", "-no-color"), "Two Resources Want the Same Custom Object")
	says(t, e.fails(applyCommand...), "another resource in this state manages the same object, add a moved block")
	a.wantObjects("custom_objects.pet, Animal")
}

// A plan needs one call for all objects of a sub-account. An apply needs one call, and two for each create: the create, and a
// list of the fields.
func TestAccCustomObject_requests(t *testing.T) {
	a := newSandboxAccount(t)
	all := strings.Replace(customObject("all", "pet", "Pet", deletePolicy), `"pet"`, `"pet${each.key}"`, 1)
	e := a.localEngine(strings.Replace(all, "{\n", "{\n  for_each = toset([for i in range(10) : tostring(i)])\n", 1))
	e.apply()
	if n := len(a.requests()); n != 1+1+10+10 {
		t.Errorf("%d requests, want one for the plan, one for the apply, and two for each of 10 creates", n)
	}
	a.forget()
	e.plansNothing()
	if n := len(a.requests()); n != 1 {
		t.Errorf("%d requests, want one for the plan", n)
	}
	e.write("more.tf", customObject("eleventh", "fish", "Fish"))
	says(t, e.fails(applyCommand...), "Unable to Create Custom Object", "can have 10 custom objects", "Max custom objects limit[10] reached")
}

// If HighLevel creates an object with a different key than requested, the provider deletes the object. If that fails, the error
// says what to do.
func TestAccCustomObject_keyChanged(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{TakenObjectKeysSuffixed: true}))
	a.addObject("custom_objects.pet", "Pet")
	hide := func() {
		a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListObjects, Effect: sandbox.Answer(http.StatusOK,
			`{"objects":[{"id":"68d2c5f0a1b2c3d4e5f60718","key":"contact","labels":{"singular":"Contact","plural":"Contacts"},"standard":true}]}`)})
	}
	e := a.localEngine(customObject("pet", "pet", "Pet"))
	hide()
	says(t, e.fails(applyCommand...), "Unable to Create Custom Object", `under the key "custom_objects.pet_1"`, "deleted that object. Choose another key")
	a.wantObjects("custom_objects.pet, Pet")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteObject, Effect: sandbox.Status(http.StatusForbidden)})
	output := e.fails(applyCommand...)
	made := a.sandbox.Objects().All(a.locationID)[1]
	says(t, output, "could not delete it, and no state manages it", `"loc-school/`+made.ID+`"`)
	a.faultsEnd(e)
	e.write("main.tf", customObject("pet", "pet_1", "Pet")+importBlock(petAddress, "loc-school/"+made.ID))
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
}

// Standard objects can be read but not managed.
func TestAccCustomObject_standard(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customObject("pet", "Contact", "Person"))
	says(t, e.fails("plan", "-no-color"), "Key of a Standard Object", "data source ghl_object")
	var contact string
	for _, id := range []string{"key:contact", "{id}"} {
		if id == "{id}" {
			e.write("main.tf", "data \"ghl_object\" \"contact\" {\n  key = \"contact\"\n}\noutput \"id\" {\n  value = data.ghl_object.contact.id\n}\n")
			e.apply()
			contact = strings.Trim(strings.TrimSpace(e.succeeds("output", "-no-color", "id")), `"`)
			id = contact
		}
		e.write("main.tf", customObject("pet", "pet", "Person")+importBlock(petAddress, id))
		says(t, e.fails("plan", "-no-color"), "Unable to Import Custom Object", `The object "contact"`, "is a standard object")
	}
	a.mustHaveWritten()
}

// An import reads the primary display property from the object's fields. If the field does not exist, nothing is replaced. If the
// fields cannot be read, only the import fails.
func TestAccCustomObject_importedField(t *testing.T) {
	a := newSandboxAccount(t)
	pet := a.addObject("custom_objects.pet", "Pet")
	config := customObject("pet", "pet", "Pet")
	e := a.localEngine(config + importBlock(petAddress, pet.ID))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: sandbox.Status(http.StatusBadGateway)})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Custom Object", "502")
	a.faultsEnd(e)
	e.write("main.tf", strings.Replace(config, `"TEXT"`, `"NUMERICAL"`, 1)+importBlock(petAddress, pet.ID))
	says(t, e.fails("plan", "-no-color"), "Unable to Replace Custom Object", "The change to primary_display_property.data_type")
	for _, f := range a.sandbox.CustomFields().All(a.locationID) {
		a.sandbox.CustomFields().Remove(a.locationID, f.ID)
	}
	e.write("main.tf", config+importBlock(petAddress, pet.ID))
	says(t, e.apply(), "1 imported, 0 added, 1 changed, 0 destroyed")
	e.plansNothing()
}

// A create succeeds even if the object's fields cannot be read. The next refresh finds the folder.
func TestAccCustomObject_folder(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customObject("pet", "pet", "Pet", deletePolicy))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: sandbox.Status(http.StatusBadGateway)})
	e.apply()
	e.hasAttributes(petAddress, map[string]any{"field_folder_id": nil})
	e.write("main.tf", customObject("pet", "pet", "Animal", deletePolicy))
	e.apply()
	e.hasAttributes(petAddress, map[string]any{"field_folder_id": nil})
	a.faultsEnd(e)
	e.succeeds("apply", "-refresh-only", "-auto-approve", "-no-color")
	e.hasAttributes(petAddress, map[string]any{"field_folder_id": a.sandbox.CustomFields().All(a.locationID)[0].ParentID})
	e.plansNothing()
}

// The data sources return objects as HighLevel stores them, with their fields, and the ids for import blocks.
func TestAccObjects_dataSources(t *testing.T) {
	a := newSandboxAccount(t)
	pet := a.addObject("custom_objects.pet", "Pet")
	field := a.sandbox.CustomFields().All(a.locationID)[0]
	at := func(i int, name string) tfjsonpath.Path {
		return tfjsonpath.New("objects").AtSliceIndex(i).AtMapKey(name)
	}
	is := func(address string, at tfjsonpath.Path, want knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, at, want)
	}
	text := knownvalue.StringExact
	const all, one, contact = "data.ghl_objects.all", "data.ghl_object.pet", "data.ghl_object.contact"
	a.run(resource.TestStep{
		Config: a.provider() + "data \"ghl_objects\" \"all\" {}\n\ndata \"ghl_object\" \"pet\" {\n  key = \"Pet\"\n}\n\ndata \"ghl_object\" \"contact\" {\n  key = \"contact\"\n}\n",
		ConfigStateChecks: []statecheck.StateCheck{
			is(all, tfjsonpath.New("objects"), knownvalue.ListSizeExact(4)),
			is(all, at(0, "object_key"), text("business")),
			is(all, at(0, "standard"), knownvalue.Bool(true)),
			is(all, at(0, "import_id"), knownvalue.Null()),
			is(all, at(2, "object_key"), text("custom_objects.pet")),
			is(all, at(2, "id"), text(pet.ID)),
			is(all, at(2, "standard"), knownvalue.Bool(false)),
			is(all, at(2, "plural_label"), text("Pets")),
			is(all, at(2, "import_id"), text("loc-school/"+pet.ID)),
			is(one, tfjsonpath.New("key"), text("Pet")),
			is(one, tfjsonpath.New("object_key"), text("custom_objects.pet")),
			is(one, tfjsonpath.New("id"), text(pet.ID)),
			is(one, tfjsonpath.New("type"), text("USER_DEFINED")),
			is(one, tfjsonpath.New("description"), knownvalue.Null()),
			is(one, tfjsonpath.New("primary_display_property_key"), text("custom_objects.pet.name")),
			is(one, tfjsonpath.New("searchable_properties"), knownvalue.ListExact([]knownvalue.Check{text("custom_objects.pet.name")})),
			is(one, tfjsonpath.New("fields"), knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": text(field.ID), "field_key": text("custom_objects.pet.name"), "name": text("Name"), "data_type": text("TEXT"),
				"description": knownvalue.Null(), "folder_id": text(field.ParentID),
			})})),
			is(contact, tfjsonpath.New("standard"), knownvalue.Bool(true)),
			is(contact, tfjsonpath.New("location_id"), text(a.locationID)),
			is(contact, tfjsonpath.New("fields"), knownvalue.ListSizeExact(0)),
		},
	}, resource.TestStep{
		Config:      a.provider() + "data \"ghl_object\" \"none\" {\n  key = \"task\"\n}\n",
		ExpectError: words(`There is no object with the key "task" in sub-account "loc-school"`),
	})
}

// A list of custom objects returns identities and whole resources, and can be filtered.
func TestAccList_customObjects(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	pet := a.addObject("custom_objects.pet", "Pet")
	a.addObject("custom_objects.cat", "Cat")
	identity := map[string]knownvalue.Check{"location_id": knownvalue.StringExact(a.locationID), "id": knownvalue.StringExact(pet.ID)}
	a.run(
		resource.TestStep{Config: a.provider()},
		resource.TestStep{
			Query: true,
			Config: query("ghl_custom_object", "all", "include_resource = true") +
				query("ghl_custom_object", "short", "", `key_prefix = "Pe"`) + query("ghl_custom_object", "full", "", `key_prefix = "custom_objects.pe"`),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("ghl_custom_object.all", 2),
				querycheck.ExpectLength("ghl_custom_object.short", 1),
				querycheck.ExpectLength("ghl_custom_object.full", 1),
				querycheck.ExpectIdentity("ghl_custom_object.short", identity),
				querycheck.ExpectResourceDisplayName("ghl_custom_object.all", queryfilter.ByResourceIdentity(identity), knownvalue.StringExact("Pets (custom_objects.pet)")),
				querycheck.ExpectResourceKnownValues("ghl_custom_object.all", queryfilter.ByResourceIdentity(identity), []querycheck.KnownValueCheck{
					{Path: tfjsonpath.New("key"), KnownValue: knownvalue.StringExact("custom_objects.pet")},
					{Path: tfjsonpath.New("deletion_policy"), KnownValue: knownvalue.StringExact("protect")},
					{Path: tfjsonpath.New("primary_display_property").AtMapKey("name"), KnownValue: knownvalue.StringExact("Name")},
				}),
			},
		},
	)
}

// An object with unknown values can be planned.
func TestAccCustomObject_unknown(t *testing.T) {
	a := newSandboxAccount(t)
	config := func(key string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"all\" {\n  input = {\n    key     = %q\n    primary = { key = \"Name\", name = \"Name\", data_type = \"TEXT\" }\n  }\n}\n", key) + `
resource "ghl_custom_object" "pet" {
  key                      = terraform_data.all.output.key
  singular_label           = "Pet"
  plural_label             = "Pets"
  primary_display_property = terraform_data.all.output.primary
  deletion_policy          = "delete"
}
`
	}
	e := a.localEngine(config("pet"))
	says(t, e.succeeds("plan", "-no-color"), "object_key = (known after apply)", "2 to add")
	e.apply()
	e.plansNothing()
	e.write("main.tf", config("dog"))
	says(t, e.apply(), "1 added, 1 changed, 1 destroyed")
	e.plansNothing()
	a.wantObjects("custom_objects.dog, Pet")
}

// One configuration contains an object with its fields and a folder. The fields and the folder refer to the object by its
// attributes or by its literal key. One run can destroy everything.
func TestAccCustomObject_model(t *testing.T) {
	a := newSandboxAccount(t)
	model := func(objectKey string) string {
		return customObject("pet", "pet", "Pet", deletePolicy) + fmt.Sprintf(`
resource "ghl_custom_field_folder" "health" {
  object_key = %[1]s
  name       = "Health"
}
resource "ghl_custom_field" "age" {
  object_key = %[1]s
  key        = "age"
  name       = "Age"
  data_type  = "NUMERICAL"
  folder_id  = ghl_custom_object.pet.field_folder_id
}
resource "ghl_custom_field" "weight" {
  object_key = %[1]s
  key        = "weight"
  name       = "Weight"
  data_type  = "NUMERICAL"
}
resource "ghl_searchable_properties" "pet" {
  object_key = %[1]s
  field_keys = ["custom_objects.pet.name", ghl_custom_field.age.field_key]
}
`, objectKey)
	}
	e := a.localEngine(model("ghl_custom_object.pet.object_key"))
	says(t, e.apply(), "5 added")
	e.plansNothing()
	folder := a.sandbox.CustomFields().All(a.locationID)[0].ParentID
	for _, f := range a.sandbox.CustomFields().All(a.locationID) {
		if f.ParentID != folder {
			t.Errorf("%s is in the folder %s, want %s", f.FieldKey, f.ParentID, folder)
		}
	}
	e.write("main.tf", model(`"custom_objects.pet"`))
	e.apply()
	e.plansNothing()
	says(t, e.destroy(), "5 destroyed")
	a.wantObjects()
}
