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
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const petKey = "custom_objects.pet"

// petAccount is a sub-account with the object pet, which has a field "name" in a folder.
func petAccount(t *testing.T, quirks sandbox.Quirks) *account {
	t.Helper()
	a := newSandboxAccount(t, withQuirks(quirks))
	a.sandbox.Objects().Add(sandbox.Object{
		LocationID: a.locationID, ID: "0123456789abcdef01234567", Key: petKey, PrimaryDisplayProperty: petKey + ".name", Type: sandbox.UserDefined,
		Labels: sandbox.Labels{Singular: "Pet", Plural: "Pets"},
	})
	return a
}

// petField is the configuration of a field of pet, with additional lines.
func petField(name, key, dataType string, lines ...string) string {
	return fmt.Sprintf("\nresource \"ghl_custom_field\" %q {\n  object_key = %q\n  key = %q\n  name = %q\n  data_type = %q\n  %s\n}\n",
		name, petKey, key, strings.ToUpper(key[:1])+key[1:], dataType, strings.Join(lines, "\n  "))
}

// addField creates a field of pet without the provider.
func (a *account) addField(key, dataType string) sandbox.CustomField {
	return a.sandbox.CustomFields().Add(sandbox.CustomField{
		LocationID: a.locationID, ObjectKey: petKey, FieldKey: petKey + "." + key, Name: strings.ToUpper(key[:1]) + key[1:], DataType: dataType,
		ParentID: a.sandbox.FieldFolders().All(a.locationID)[0].ID, ShowInForms: true,
	})
}

// field returns the stored field of pet that has the given key.
func (a *account) field(key string) sandbox.CustomField {
	a.t.Helper()
	fields := a.sandbox.CustomFields().All(a.locationID)
	i := slices.IndexFunc(fields, func(f sandbox.CustomField) bool { return f.FieldKey == petKey+"."+key })
	if i < 0 {
		a.t.Fatalf("no field %q", key)
	}
	return fields[i]
}

// wantFields compares all fields of pet except the first, as "key: name, data type", in any order.
func (a *account) wantFields(want ...string) {
	a.t.Helper()
	var lines []string
	for _, f := range a.sandbox.CustomFields().All(a.locationID)[1:] {
		lines = append(lines, strings.TrimPrefix(f.FieldKey, petKey+".")+": "+f.Name+", "+f.DataType)
	}
	slices.Sort(lines)
	slices.Sort(want)
	equalLines(a.t, "custom fields", lines, want...)
}

// A custom field is created, updated in place, imported by id, key and identity, and deleted, with a POST, a PUT and a DELETE.
// Values that the server adds do not show as a change.
func TestAccCustomField_lifecycle(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	const address = "ghl_custom_field.age"
	folder := a.sandbox.FieldFolders().All(a.locationID)[0].ID
	steps := []resource.TestStep{
		{
			Config: a.provider() + petField("age", "Age", "NUMERICAL", `placeholder = "7"`),
			Check: a.wrote(`POST /custom-fields/ {"dataType":"NUMERICAL","fieldKey":"custom_objects.pet.age","locationId":"loc-school","name":"Age","objectKey":"custom_objects.pet",` +
				`"parentId":"` + folder + `","placeholder":"7","showInForms":true}`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(address, tfjsonpath.New("field_key"), knownvalue.StringExact("custom_objects.pet.age")),
			}},
			ConfigStateChecks: append(ifIdentity(
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("location_id"), knownvalue.StringExact(a.locationID)),
				statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
			),
				attribute(address, "location_id", a.locationID), attribute(address, "key", "Age"), attribute(address, "folder_id", folder),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("description"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("accepted_formats"), knownvalue.Null()),
			),
		},
		{
			PreConfig:        a.forget,
			Config:           a.provider() + strings.ReplaceAll(petField("age", petKey+".age", "NUMERICAL", `description = "In years"`, "show_in_forms = false"), "Custom_objects.pet.age", "Years"),
			ConfigPlanChecks: does(address, plancheck.ResourceActionUpdate),
			Check:            a.wrote(`PUT /custom-fields/[0-9a-f]{24} {"description":"In years","locationId":"loc-school","name":"Years","placeholder":"","showInForms":false}`),
			// The spelling of the key makes no difference.
			ConfigStateChecks: []statecheck.StateCheck{attribute(address, "key", "Age"), attribute(address, "field_key", "custom_objects.pet.age")},
		},
	}
	verified := importSteps(address, "{id}", "{location_id}/key:{object_key}.{key}")
	verified[0].ImportStateVerifyIgnore = []string{"key"} // spelled otherwise
	a.run(append(append(steps, verified...), resource.TestStep{
		PreConfig: a.forget, Config: a.provider() + petField("age", "age", "NUMERICAL"), Check: a.wrote(`PUT .*"name":"Age".*`),
	}, resource.TestStep{ // empty values mean the same as omitted ones
		PreConfig: a.forget,
		Config:    a.provider() + petField("age", "age", "NUMERICAL", `description = ""`, `placeholder = ""`, "allow_custom_option = false", "options = []", "accepted_formats = []"),
		Check:     a.wrote(),
	}, resource.TestStep{ // attributes that only the provider uses
		PreConfig: a.forget, Config: a.provider() + petField("age", "age", "NUMERICAL", `timeouts = { read = "3m" }`, "deletion_protection = true"), Check: a.wrote(),
	}, resource.TestStep{
		Config: a.provider() + petField("age", "age", "NUMERICAL"), Check: a.wrote(),
	}, resource.TestStep{
		PreConfig: a.forget, Config: a.provider(), Check: a.wrote(`DELETE /custom-fields/[0-9a-f]{24}`),
	})...)
	a.wantFields()
}

// A file field has formats and a maximum number of files. The formats may have any order, and the answers either form. Values
// that the configuration omits stay unchanged.
func TestAccCustomField_files(t *testing.T) {
	for _, asText := range []bool{false, true} {
		t.Run(fmt.Sprintf("as text %t", asText), func(t *testing.T) {
			a := petAccount(t, sandbox.Quirks{FormatsAnsweredAsText: asText})
			const create = `POST /custom-fields/ {"acceptedFormats":\[".docx",".pdf"\],"dataType":"FILE_UPLOAD",.*"maxFileLimit":2,.*`
			a.run(
				resource.TestStep{Config: a.provider() + petField("papers", "papers", "FILE_UPLOAD", `accepted_formats = [".pdf", ".docx"]`, "max_files = 2"), Check: a.wrote(create)},
				resource.TestStep{
					PreConfig: a.forget, Config: a.provider() + petField("papers", "papers", "FILE_UPLOAD", `accepted_formats = [".pdf"]`, "max_files = 2"),
					Check: a.wrote(`PUT .* {"acceptedFormats":\[".pdf"\],"description":"","locationId":"loc-school","name":"Papers","placeholder":"","showInForms":true}`),
				},
				resource.TestStep{Config: a.provider() + petField("papers", "papers", "FILE_UPLOAD"), ConfigPlanChecks: doesNothing()},
				resource.TestStep{
					PreConfig: a.forget, Config: a.provider() + petField("papers", "papers", "FILE_UPLOAD", "accepted_formats = []", "max_files = 3"),
					Check: a.wrote(`PUT .* {"acceptedFormats":\[\],.*"maxFileLimit":3,.*}`),
				},
			)
		})
	}
}

// A change that the API cannot make replaces the field, with a warning.
func TestAccCustomField_replaces(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	more := a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: petKey, Name: "More"}).ID
	business := a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: "business", Name: "General"}).ID
	field := petField("age", "age", "NUMERICAL")
	e := a.localEngine(field)
	e.apply()
	for _, config := range map[string]string{
		"key":                 strings.Replace(field, `"age"`, `"years"`, 2),
		"data_type":           petField("age", "age", "TEXT"),
		"folder_id":           petField("age", "age", "NUMERICAL", fmt.Sprintf("folder_id = %q", more)),
		"allow_custom_option": petField("age", "age", "NUMERICAL", "allow_custom_option = true"),
		"object_key":          strings.Replace(field, petKey, "business", 1),
	} {
		e.write("main.tf", strings.Replace(config, `"ghl_custom_field" "years"`, `"ghl_custom_field" "age"`, 1))
		says(t, e.succeeds("plan", "-no-color"), "# forces replacement", "Replacing a Custom Field Deletes Data", "its values in all records", "1 to add, 0 to change, 1 to destroy")
	}
	e.write("main.tf", petField("age", "age", "TEXT", fmt.Sprintf("folder_id = %q", more)))
	e.apply()
	a.wantFields("age: Age, TEXT")
	if f := a.field("age"); f.ParentID != more {
		t.Errorf("the field is in the folder %s, want %s", f.ParentID, more)
	}
	// The folder can be removed from the configuration again.
	e.write("main.tf", petField("age", "age", "TEXT"))
	e.plansNothing()
	// A field of an object without fields goes into its only folder.
	e.write("main.tf", strings.Replace(petField("age", "age", "TEXT"), petKey, "business", 1))
	e.apply()
	if fields := a.sandbox.CustomFields().All(a.locationID); fields[1].ParentID != business || fields[1].FieldKey != "business.age" {
		t.Errorf("stored %+v", fields[1])
	}
}

// Drift is corrected in place. A deleted field is created again. A failed read removes nothing from the state.
func TestAccCustomField_drift(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("age", "age", "NUMERICAL", `description = "In years"`) + petField("kind", "kind", "TEXT"))
	e.apply()
	a.sandbox.CustomFields().Update(a.locationID, a.field("age").ID, func(f *sandbox.CustomField) {
		f.Name, f.Description, f.Placeholder, f.ShowInForms = "Years", "", "7", false
	})
	a.sandbox.CustomFields().Remove(a.locationID, a.field("kind").ID)
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: sandbox.Status(http.StatusBadGateway)})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Custom Field", "The state is unchanged")
	a.sandbox.ClearFaults()
	says(t, e.succeeds("plan", "-no-color"), "1 to add, 1 to change, 0 to destroy")
	e.apply()
	a.wantFields("age: Age, NUMERICAL", "kind: Kind, TEXT")
	if f := a.field("age"); f.Description != "In years" || f.Placeholder != "" || !f.ShowInForms {
		t.Errorf("stored %+v", f)
	}
	e.plansNothing()
}

// Fields are removed from the state if their object no longer exists, but only if the list of all objects confirms that.
func TestAccCustomField_objectGone(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("age", "age", "NUMERICAL") + fieldFolder("more", "More"))
	e.apply()
	missing := sandbox.Answer(http.StatusNotFound, `{"statusCode":404,"message":"Custom Object (custom_objects.pet) not found"}`)
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: missing})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Custom Field", "The state is unchanged", "but still lists the object")
	a.sandbox.ClearFaults()
	a.sandbox.Objects().Remove(a.locationID, petKey)
	says(t, e.succeeds("plan", "-no-color"), "2 to add, 0 to change, 0 to destroy")
	says(t, e.fails(applyCommand...), "Unable to Create Custom Field", "HighLevel cannot find the object", "custom_objects.pet")
	e.succeeds("apply", "-auto-approve", "-no-color", "-refresh-only")
	if left := e.stateIDs(); len(left) != 0 {
		t.Errorf("the state holds %v", left)
	}
}

// A destroy succeeds if somebody has already deleted the object.
func TestAccCustomField_destroyWithoutObject(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("age", "age", "NUMERICAL") + fieldFolder("more", "More"))
	e.apply()
	a.sandbox.Objects().Remove(a.locationID, petKey)
	says(t, e.succeeds("destroy", "-auto-approve", "-no-color", "-refresh=false"), "2 destroyed")
}

// If a key is taken, the plan warns, and the apply fails before it sends a create. The import block in the error takes over the
// field. A rename without a moved block, and two blocks with the same key, get different messages.
func TestAccCustomField_exists(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	age := a.addField("age", "NUMERICAL")
	config := petField("age", "age", "NUMERICAL", `description = "In years"`)
	e := a.localEngine(config)
	says(t, e.succeeds("plan", "-no-color"), "Warning: Custom Field Already Exists", `with the id "`+age.ID+`"`, "from = ghl_custom_field.old")
	output := e.fails(applyCommand...)
	_, failure, _ := strings.Cut(output, "Error: ")
	says(t, failure, "Unable to Create Custom Field", `custom field "custom_objects.pet.age" already exists`, "create_before_destroy", "data source ghl_custom_fields")
	a.mustHaveWritten()
	e.write("main.tf", config+importBlocks(t, failure, "ghl_custom_field.age"))
	says(t, e.apply(), "1 imported, 0 added, 1 changed, 0 destroyed")

	e.write("main.tf", petField("renamed", "age", "NUMERICAL"))
	says(t, e.succeeds("plan", "-no-color"), "Custom Field Destroyed and Created Again", "moved {")
	e.write("main.tf", config+petField("again", "AGE", "NUMERICAL"))
	says(t, e.succeeds("plan", "-no-color"), "Two Resources Want the Same Custom Field")
	says(t, e.fails(applyCommand...), "another resource in this state manages the same object, add a moved block")
	a.wantFields("age: Age, NUMERICAL")
}

// If the answer of a create is lost, the provider adopts the created field.
func TestAccCustomField_lostAnswer(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomField, Count: 1, Effect: sandbox.Reset(), Committed: true})
	e := a.localEngine(petField("age", "age", "NUMERICAL"))
	says(t, e.apply(), "Custom Field Adopted")
	a.wantFields("age: Age, NUMERICAL")
	e.plansNothing()
}

// A plan needs one call for all fields of an object. The apply that creates them needs one call for the fields, one for the
// objects, and one create for each field.
func TestAccCustomField_requests(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine("resource \"ghl_custom_field\" \"all\" {\n  for_each = toset([for i in range(20) : \"field_${i}\"])\n" +
		"  object_key = \"custom_objects.pet\"\n  key = each.key\n  name = each.key\n  data_type = \"TEXT\"\n}\n" + fieldFolder("more", "More"))
	e.apply()
	if n := len(a.requests()); n > 1+3+20+1 {
		t.Errorf("%d requests, want one for the plan, at most three for the apply, and 21 creates: %v", n, a.requests())
	}
	a.forget()
	e.plansNothing()
	if n := len(a.requests()); n != 1 {
		t.Errorf("%d requests, want one for the plan", n)
	}
}

// If an object does not exist yet, a plan of its fields looks it up only once.
func TestAccCustomField_plannedObject(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine("resource \"ghl_custom_field\" \"all\" {\n  for_each = toset([for i in range(30) : \"field_${i}\"])\n" +
		"  object_key = \"custom_objects.pet\"\n  key = each.key\n  name = each.key\n  data_type = \"TEXT\"\n}\n")
	e.succeeds("plan", "-no-color")
	if n := len(a.requests()); n > 4 {
		t.Errorf("%d requests: %v", n, a.requests())
	}
}

// Validation reports mistakes without sending a request.
func TestAccCustomField_validation(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	field := petField("age", "age", "TEXT")
	for config, want := range map[string]string{
		strings.Replace(field, petKey, "contact", 1):     "does not cover contact and opportunity",
		strings.Replace(field, petKey, "Opportunity", 1): "does not cover contact and opportunity",
		petField("age", "age", "text"):                   "must be in upper case",
		petField("age", "age ", "TEXT"):                  "must not begin or end with white space",
	} {
		e := a.localEngine(config)
		says(t, e.fails("validate", "-no-color"), want)
	}
	a.mustHaveWritten()
}
