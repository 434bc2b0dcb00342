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

// customValue is the configuration of a custom value, with additional lines. The argument value is an expression.
func customValue(name, called, value string, lines ...string) string {
	return fmt.Sprintf("\nresource \"ghl_custom_value\" %q {\n  name  = %q\n  value = %s\n  %s\n}\n", name, called, value, strings.Join(lines, "\n  "))
}

// addValue creates a custom value without the provider.
func (a *account) addValue(name, value string) sandbox.CustomValue {
	return a.sandbox.CustomValues().Add(sandbox.CustomValue{LocationID: a.locationID, Name: name, Value: value})
}

// wantValues compares the custom values of the sub-account, as "name = value", in any order.
func (a *account) wantValues(want ...string) {
	a.t.Helper()
	var lines []string
	for _, v := range a.sandbox.CustomValues().All(a.locationID) {
		lines = append(lines, v.Name+" = "+v.Value)
	}
	slices.Sort(lines)
	slices.Sort(want)
	equalLines(a.t, "custom values", lines, want...)
}

// A custom value is created, updated in place, imported by id, name and identity, and deleted, with a POST, a PUT and a DELETE.
func TestAccCustomValue_lifecycle(t *testing.T) {
	a := newSandboxAccount(t)
	const address = "ghl_custom_value.phone"
	steps := []resource.TestStep{
		{
			Config: a.provider() + customValue("phone", "Office Phone", `"+1 555 0100"`),
			Check:  a.wrote(`POST /locations/loc-school/customValues {"name":"Office Phone","value":"\+1 555 0100"}`),
			ConfigStateChecks: append(ifIdentity(
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("location_id"), knownvalue.StringExact(a.locationID)),
				statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
			),
				attribute(address, "location_id", a.locationID),
				attribute(address, "field_key", "{{ custom_values.office_phone }}"),
			),
		},
		{
			PreConfig:         a.forget,
			Config:            a.provider() + customValue("phone", "Front Desk", `""`),
			ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
			Check:             a.wrote(`PUT /locations/loc-school/customValues/[0-9a-f]{24} {"name":"Front Desk","value":""}`),
			ConfigStateChecks: []statecheck.StateCheck{attribute(address, "field_key", "{{ custom_values.office_phone }}")},
		},
	}
	steps = append(steps, importSteps(address, "{id}", "{location_id}/name:{name}")...)
	a.run(append(steps, resource.TestStep{ // only the provider uses timeouts
		PreConfig: a.forget, Config: a.provider() + customValue("phone", "Front Desk", `""`, `timeouts = { read = "3m" }`), Check: a.wrote(),
	}, resource.TestStep{
		PreConfig: a.forget, Config: a.provider(), Check: a.wrote(`DELETE /locations/loc-school/customValues/[0-9a-f]{24}`),
	})...)
}

// Any text is stored and read back unchanged.
func TestAccCustomValue_texts(t *testing.T) {
	a := newSandboxAccount(t)
	texts := map[string]string{
		`Hello {{ contact.first_name }}, "you"`: `"Hello {{ contact.first_name }}, \"you\""`,
		"${not} an %{expression}":               `"$${not} an %%{expression}"`,
		"two\nlines\tand a tab ":                `"two\nlines\tand a tab "`,
		strings.Repeat("ä", 10_000):             `join("", [for i in range(100) : join("", [for j in range(100) : "ä"])])`,
		"":                                      `""`,
	}
	configuration, want, n := "", []string{}, 0
	for text, expression := range texts {
		n++
		configuration += customValue(fmt.Sprintf("v%d", n), fmt.Sprintf(`V "%d"`, n), expression)
		want = append(want, fmt.Sprintf(`V "%d" = %s`, n, text))
	}
	e := a.localEngine(configuration)
	e.apply()
	a.wantValues(want...)
	e.plansNothing()
	e.destroy()
	a.wantValues()
}

// Drift is corrected in place. A deleted value is created again. A failed read removes nothing from the state.
func TestAccCustomValue_drift(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customValue("phone", "Phone", `"1"`) + customValue("desk", "Desk", `"2"`))
	e.apply()
	rows := a.sandbox.CustomValues().All(a.locationID)
	a.sandbox.CustomValues().Update(a.locationID, rows[0].ID, func(v *sandbox.CustomValue) { v.Value = "3" })
	a.sandbox.CustomValues().Remove(a.locationID, rows[1].ID)
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomValues, Effect: sandbox.Status(http.StatusBadGateway)})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Custom Value", "The state is unchanged")
	a.sandbox.ClearFaults()
	says(t, e.succeeds("plan", "-no-color"), "1 to add, 1 to change, 0 to destroy")
	e.apply()
	a.wantValues("Phone = 1", "Desk = 2")
	for _, row := range a.sandbox.CustomValues().All(a.locationID) {
		a.sandbox.CustomValues().Remove(a.locationID, row.ID)
	}
	says(t, e.succeeds("plan", "-no-color"), "2 to add, 0 to change, 0 to destroy")
	e.apply()
	e.plansNothing()
}

// If a name is taken, the plan warns, and the apply fails before it sends a create. The import block in the error takes over the
// value. A rename without a moved block, and two blocks with the same name, get different messages.
func TestAccCustomValue_exists(t *testing.T) {
	a := newSandboxAccount(t)
	phone := a.addValue("Phone", "1")
	config := customValue("phone", "Phone", `"2"`)
	e := a.localEngine(config)
	says(t, e.succeeds("plan", "-no-color"), "Warning: Custom Value Already Exists", `with the id "`+phone.ID+`"`, "from = ghl_custom_value.old")
	output := e.fails(applyCommand...)
	_, failure, _ := strings.Cut(output, "Error: ")
	says(t, failure, "Unable to Create Custom Value", `custom value "Phone" already exists`, "data source ghl_custom_values")
	a.mustHaveWritten()
	e.write("main.tf", config+importBlocks(t, failure, "ghl_custom_value.phone"))
	says(t, e.apply(), "1 imported, 0 added, 1 changed, 0 destroyed")

	e.write("main.tf", customValue("renamed", "Phone", `"2"`))
	says(t, e.succeeds("plan", "-no-color"), "Custom Value Destroyed and Created Again", "moved {")
	e.write("main.tf", config+customValue("again", "Phone", `"2"`))
	says(t, e.succeeds("plan", "-no-color"), "Two Resources Want the Same Custom Value")
	says(t, e.fails(applyCommand...), "another resource in this state manages the same object, add a moved block")
	a.wantValues("Phone = 2")
}

// A plan needs one call for all custom values of a sub-account. An apply needs one call, and one for each create.
func TestAccCustomValue_requests(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine("resource \"ghl_custom_value\" \"all\" {\n  for_each = toset([for i in range(30) : tostring(i)])\n  name = \"Value ${each.key}\"\n  value = each.key\n}\n")
	e.apply()
	if n := len(a.requests()); n != 1+1+30 {
		t.Errorf("%d requests, want one for the plan, one for the apply, and 30 creates", n)
	}
	a.forget()
	e.plansNothing()
	if n := len(a.requests()); n != 1 {
		t.Errorf("%d requests, want one for the plan", n)
	}
}

// A name that several values share identifies none of them, in an import or a create.
func TestAccCustomValue_several(t *testing.T) {
	a := newSandboxAccount(t)
	first, second := a.addValue("Phone", "1"), a.addValue("Phone", "2")
	created := a.localEngine(customValue("phone", "Phone", `"1"`))
	output := created.fails(applyCommand...)
	_, failure, _ := strings.Cut(output, "Error: ")
	says(t, failure, `custom value "Phone" already exists`, "more than once, with the ids "+first.ID+", "+second.ID, "choose another name")
	a.mustHaveWritten()
	created.write("main.tf", customValue("phone", "Phone", `"1"`)+importBlocks(t, failure, "ghl_custom_value.phone"))
	says(t, created.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")

	e := a.localEngine(customValue("phone", "Phone", `"2"`) + importBlock("ghl_custom_value.phone", "name:Phone"))
	says(t, e.fails("plan", "-no-color"), "Use the id of the object that you mean", second.ID)
	e.write("main.tf", customValue("phone", "Phone", `"2"`)+importBlock("ghl_custom_value.phone", second.ID))
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
}

// The data source lists the existing values, ordered by name, with the ids for import blocks.
func TestAccCustomValues_dataSource(t *testing.T) {
	a := newSandboxAccount(t)
	a.addValue("Phone", "1")
	desk := a.addValue("Desk", "2")
	const address = "data.ghl_custom_values.all"
	at := func(i int, field string) tfjsonpath.Path {
		return tfjsonpath.New("values").AtSliceIndex(i).AtMapKey(field)
	}
	a.run(resource.TestStep{
		Config: a.provider() + "data \"ghl_custom_values\" \"all\" {}\n",
		ConfigStateChecks: []statecheck.StateCheck{
			attribute(address, "location_id", a.locationID),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("values"), knownvalue.ListSizeExact(2)),
			statecheck.ExpectKnownValue(address, at(0, "id"), knownvalue.StringExact(desk.ID)),
			statecheck.ExpectKnownValue(address, at(0, "name"), knownvalue.StringExact("Desk")),
			statecheck.ExpectKnownValue(address, at(0, "value"), knownvalue.StringExact("2")),
			statecheck.ExpectKnownValue(address, at(0, "field_key"), knownvalue.StringExact("{{ custom_values.desk }}")),
			statecheck.ExpectKnownValue(address, at(0, "import_id"), knownvalue.StringExact("loc-school/"+desk.ID)),
			statecheck.ExpectKnownValue(address, at(1, "name"), knownvalue.StringExact("Phone")),
		},
	})
}

// A list of custom values returns identities and whole resources, and can be filtered.
func TestAccList_customValues(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	phone := a.addValue("Phone \"1\"", "1")
	a.addValue("Desk", "2")
	identity := map[string]knownvalue.Check{"location_id": knownvalue.StringExact(a.locationID), "id": knownvalue.StringExact(phone.ID)}
	a.run(
		resource.TestStep{Config: a.provider()},
		resource.TestStep{
			Query: true,
			Config: query("ghl_custom_value", "all", "include_resource = true") +
				query("ghl_custom_value", "phones", "", `name_prefix = "Phone"`),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("ghl_custom_value.all", 2),
				querycheck.ExpectLength("ghl_custom_value.phones", 1),
				querycheck.ExpectIdentity("ghl_custom_value.phones", identity),
				querycheck.ExpectResourceDisplayName("ghl_custom_value.all", queryfilter.ByResourceIdentity(identity), knownvalue.StringExact(`"Phone \"1\""`)),
				querycheck.ExpectResourceKnownValues("ghl_custom_value.all", queryfilter.ByResourceIdentity(identity), []querycheck.KnownValueCheck{
					{Path: tfjsonpath.New("value"), KnownValue: knownvalue.StringExact("1")},
				}),
			},
		},
	)
}

// If HighLevel trims white space around a value, the plan shows no change.
func TestAccCustomValue_trimmed(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customValue("sign", "Signature", `"Yours,\nAnn\n"`))
	e.apply()
	row := a.sandbox.CustomValues().All(a.locationID)[0]
	a.sandbox.CustomValues().Update(a.locationID, row.ID, func(v *sandbox.CustomValue) { v.Value = "Yours,\nAnn" })
	e.plansNothing()
}

// One value is renamed, and a new value takes its old name. If the create runs before the rename, it fails, and the next apply
// succeeds.
func TestAccCustomValue_nameReused(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(customValue("a", "A", `"1"`))
	e.apply()
	e.write("main.tf", customValue("a", "B", `"1"`)+customValue("b", "A", `"2"`))
	doesNotSay(t, e.succeeds("plan", "-no-color"), "Two Resources Want")
	if output, code := e.run(applyCommand...); code != 0 {
		doesNotSay(t, output, "Remove the block")
		e.apply()
	}
	e.plansNothing()
	a.wantValues("A = 2", "B = 1")
}
