package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const propertyKey = "custom_objects.property"

// recordLookup returns the configuration of a data source ghl_record.
func recordLookup(name string, lines ...string) string {
	return fmt.Sprintf("\ndata \"ghl_record\" %q {\n  %s\n}\n", name, strings.Join(lines, "\n  "))
}

func byEmail(name, email string, lines ...string) string {
	return recordLookup(name, append(lines, `object_key = "contact"`, fmt.Sprintf("email = %q", email))...)
}

func byPhone(name, number string) string {
	return recordLookup(name, `object_key = "contact"`, fmt.Sprintf("phone = %q", number))
}

// byNumber returns the configuration that looks for a property by its number. The argument value is an expression of the
// configuration.
func byNumber(name, value string, lines ...string) string {
	return recordLookup(name, append(lines, fmt.Sprintf("object_key = %q", propertyKey), `property = "number"`, "value = "+value)...)
}

// estateAccount returns an account with the object "property" and no records.
func estateAccount(t *testing.T, change ...func(*sandbox.Options)) *account {
	t.Helper()
	a := newSandboxAccount(t, change...)
	a.sandbox.Objects().Add(sandbox.Object{
		LocationID: a.locationID, Key: propertyKey, Labels: sandbox.Labels{Singular: "Property", Plural: "Properties"}, PrimaryDisplayProperty: propertyKey + ".number",
	})
	return a
}

func (a *account) addContact(id, email, phone string) {
	a.sandbox.AddRecord(a.locationID, id, "contact", map[string]any{"email": email, "phone": phone, "firstName": "Ada " + canary})
}

func (a *account) addProperty(id string, number any) {
	a.sandbox.AddRecord(a.locationID, id, propertyKey, map[string]any{"number": number, "owner": "Ada " + canary})
}

// A contact is found by e-mail address or phone number, and other records by a property, in any spelling. Each lookup makes
// one request and writes nothing, and the state contains only the id of the record.
func TestAccRecord_found(t *testing.T) {
	a := estateAccount(t)
	a.addContact("contact-1", "ada+home@example.com", "+15550100")
	a.addContact("contact-2", "bob@example.com", "+441632960100")
	a.addProperty("property-1", "P-100")
	a.addProperty("property-2", `"Ü" \ ${x} <1> 日本 `)
	a.addProperty("property-3", 1424)
	a.sandbox.AddRecord(a.locationID, "business-1", "business", map[string]any{"name": "O'Malley & Sons"})
	want := map[string]string{
		"email": "contact-1", "email_in_other_case": "contact-1", "phone": "contact-1", "phone_as_written": "contact-1", "phone_abroad": "contact-2",
		"short": "property-1", "full": "property-1", "text": "property-2", "whole_number": "property-3", "company": "business-1",
	}
	checks := []statecheck.StateCheck{attribute("data.ghl_record.email", "location_id", a.locationID), attribute("data.ghl_record.phone_as_written", "phone", "+1 (555) 01-00")}
	for name, id := range want {
		checks = append(checks, attribute("data.ghl_record."+name, "id", id))
	}
	a.forget()
	configuration := byEmail("email", "ada+home@example.com") + byEmail("email_in_other_case", "Ada+Home@Example.com") +
		byPhone("phone", "+15550100") + byPhone("phone_as_written", "+1 (555) 01-00") + byPhone("phone_abroad", "0044 1632.960 100") +
		byNumber("short", `"P-100"`) + recordLookup("full", `object_key = "Property"`, `property = "custom_objects.property.number"`, `value = "P-100"`) +
		byNumber("text", `"\"Ü\" \\ $${x} <1> 日本 "`) + byNumber("whole_number", "1424") +
		recordLookup("company", `object_key = "business"`, `property = "name"`, `value = "O'Malley & Sons"`)
	a.run(resource.TestStep{Config: a.provider() + configuration, Check: a.wrote(), ConfigStateChecks: checks})

	e := a.localEngine(configuration)
	a.forget()
	e.succeeds("apply", "-auto-approve", "-no-color", "-refresh-only")
	if contacts, others := len(a.requests(sandbox.RouteDuplicateContact)), len(a.requests(sandbox.RouteSearchRecords)); contacts != 3 || others != 4 || len(a.requests()) != 7 {
		t.Errorf("%d requests for contacts and %d for other records, of %d; want 3 and 4, of 7", contacts, others, len(a.requests()))
	}
	state := e.read("terraform.tfstate")
	if strings.Contains(state, canary) || strings.Contains(state, "firstName") {
		t.Errorf("the state contains more of a record than its id:\n%s", state)
	}
	var held struct {
		Resources []struct {
			Name      string
			Instances []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(state), &held); err != nil {
		t.Fatal(err)
	}
	for _, r := range held.Resources {
		if r.Name == "email" {
			maps.DeleteFunc(r.Instances[0].Attributes, func(_ string, value any) bool { return value == nil })
			if got, want := r.Instances[0].Attributes, map[string]any{"id": "contact-1", "location_id": a.locationID, "object_key": "contact", "email": "ada+home@example.com"}; !reflect.DeepEqual(got, want) {
				t.Errorf("the state contains %v, want %v", got, want)
			}
		}
	}
}

// If no record or several records match, the error says what was looked for, how many records match, and what to do. With
// optional = true, the id is null if no record matches.
func TestAccRecord_noneOrSeveral(t *testing.T) {
	a := estateAccount(t)
	for i := range 3 {
		a.addProperty(fmt.Sprint("property-", i+1), "P-100")
	}
	const inSchool = ` in sub-account "loc-school"`
	e := a.localEngine("")
	for _, test := range []struct {
		configuration string
		says          []string
	}{
		{byEmail("x", "nobody@example.com"), []string{"Unable to Read Record", "with data.ghl_record.x", `There is no contact with the e-mail address "nobody@example.com"` + inSchool + ". Correct the address, or create the record in HighLevel.", `set wait_for = "15s"`, "optional = true"}},
		{byPhone("x", "+1 555 0199"), []string{`There is no contact with the phone number "+1 555 0199"` + inSchool + ". Correct the number, which needs its country code"}},
		{byNumber("x", `"p-100"`), []string{`There is no record of "custom_objects.property" with the value "p-100" of the property "number"` + inSchool + ". Correct the value, which is compared exactly, case included"}},
		{byNumber("x", `"P-100"`), []string{`There is more than one record of "custom_objects.property" with the value "P-100" of the property "number"` + inSchool + ": 3. Use a property with unique values"}},
		{byNumber("x", `"P-100"`, "optional = true"), []string{"There is more than one"}},
		{recordLookup("x", `object_key = "custom_objects.cat"`, `property = "name"`, `value = "Tom"`, "optional = true"), []string{"HighLevel cannot find the object", "Custom Object (custom_objects.cat) not found"}},
	} {
		e.write("main.tf", test.configuration)
		says(t, e.fails("plan", "-no-color"), test.says...)
	}
	e.write("main.tf", byNumber("x", `"P-1"`, `wait_for = "3s"`))
	doesNotSay(t, e.fails("plan", "-no-color"), "wait_for =")

	a.sandbox.AddFault(sandbox.Fault{Effect: sandbox.Status(503)})
	e.write("main.tf", byNumber("x", `"P-1"`, "optional = true")+byEmail("y", "nobody@example.com", "optional = true"))
	says(t, e.fails("plan", "-no-color"), "HighLevel could not answer", "(search records)", "(find contact)")
	a.sandbox.ClearFaults()
	e.apply()
	a.run(resource.TestStep{
		Config: a.provider() + byNumber("x", `"P-1"`, "optional = true") + byEmail("y", "nobody@example.com", "optional = true"),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.ghl_record.x", tfjsonpath.New("id"), knownvalue.Null()),
			statecheck.ExpectKnownValue("data.ghl_record.y", tfjsonpath.New("id"), knownvalue.Null()),
		},
	})
}

// An invalid lookup is refused before any call.
func TestAccRecord_refused(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine("")
	for configuration, wanted := range map[string]string{
		recordLookup("x", `object_key = "contact"`):                                       "Exactly one of these attributes must be configured: [email,phone,property]",
		byEmail("x", "a@example.com", `phone = "+15550100"`):                              "Exactly one of these attributes must be configured",
		byEmail("x", "a@example.com", `value = "a"`):                                      `"property" must be specified when "value" is specified`,
		recordLookup("x", `object_key = "pet"`, `property = "name"`):                      `"value" must be specified when "property" is specified`,
		recordLookup("x", `object_key = "Contact"`, `property = "name"`, `value = "Ann"`): "A contact can only be found by email or phone. Set one of these instead of property and value.",
		recordLookup("x", `object_key = "pet"`, `email = "a@example.com"`):                `Only a contact can be found by email. Set property and value, or set object_key to "contact".`,
		recordLookup("x", `object_key = "pet"`, `phone = "+15550100"`):                    "Only a contact can be found by phone.",
		byEmail("x", ""):                                   "email string length must be at least 1",
		byEmail("x", "a@example.com "):                     "email must not begin or end with white space",
		byEmail("x", "a@example.com", `wait_for = "soon"`): "wait_for must be a duration above zero",
		byPhone("x", "call me"):                            "must be a phone number with its country code, such as \"+15550100\". It is \"call me\"",
		byPhone("x", "+12"):                                "must be a phone number",
		byNumber("x", `""`):                                "value string length must be at least 1",
		recordLookup("x", `email = "a@example.com"`):       `The argument "object_key" is required`,
	} {
		e.write("main.tf", configuration)
		says(t, e.fails("plan", "-no-color"), wanted)
	}
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// With wait_for, a lookup finds a record that was created just before.
func TestAccRecord_waitFor(t *testing.T) {
	a := estateAccount(t, withQuirks(sandbox.Quirks{RecordLag: 12 * time.Second}))
	a.addProperty("property-1", "P-100")
	e := a.localEngine(byNumber("new", `"P-100"`))
	says(t, e.fails("plan", "-no-color"), "There is no record")
	a.forget()
	e.write("main.tf", byNumber("new", `"P-100"`, `wait_for = "15s"`)+"output \"id\" {\n  value = data.ghl_record.new.id\n}\n")
	says(t, e.apply(), `id = "property-1"`)
	if n := len(a.requests()); n < 2 || n > 5 {
		t.Errorf("%d requests, want 2 to 5", n)
	}
}

// If the token lacks a scope, the error contains the name of the scope.
func TestAccRecord_scopes(t *testing.T) {
	a := estateAccount(t)
	a.sandbox.AddFault(sandbox.Fault{Effect: sandbox.StatusMessage(http.StatusUnauthorized, "The token is not authorized for this scope.")})
	e := a.localEngine("")
	for configuration, scope := range map[string]string{byEmail("x", "a@example.com", "optional = true"): "contacts.readonly", byNumber("x", `"P-1"`, "optional = true"): "objects/record.readonly"} {
		e.write("main.tf", configuration)
		says(t, e.fails("plan", "-no-color"), "The access token lacks the scope "+scope)
	}
}

// ownersOf returns a configuration that creates a relation for each row of the file owners.csv.
func ownersOf(key string) string {
	return association("owner_of", key, side{"contact", "Owner"}, side{propertyKey, "Property"}) + `
locals {
  owners = { for row in csvdecode(file("owners.csv")) : "${row.email} ${row.number}" => row }
}
` + recordLookup("owner", "for_each = local.owners", `object_key = "contact"`, "email = each.value.email") +
		byNumber("property", "each.value.number", "for_each = local.owners") + `
resource "ghl_relation" "owner_of" {
  for_each = local.owners

  association_id   = ghl_association.owner_of.id
  first_record_id  = data.ghl_record.owner[each.key].id
  second_record_id = data.ghl_record.property[each.key].id
}
`
}

// One apply creates a relation for each of 200 rows of a file, with one lookup for each record, and stays within the rate
// limit. The next plan is empty, and ten more rows create ten more relations.
func TestAccRecord_csv(t *testing.T) {
	a := estateAccount(t, func(o *sandbox.Options) { o.RateLimit = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second} })
	const owners, rows = 80, 200
	for i := range owners + 5 {
		a.addContact(fmt.Sprint("contact-", i), fmt.Sprintf("owner+%d@example.com", i), fmt.Sprintf("+1555%04d", i))
	}
	for i := range rows + 10 {
		a.addProperty(fmt.Sprint("property-", i), fmt.Sprintf(`P-%d "ü"`, i))
	}
	file := func(rows int) string {
		text := "email,number\n"
		for i := range rows {
			text += fmt.Sprintf("Owner+%d@example.com,\"P-%d \"\"ü\"\"\"\n", i%owners, i)
		}
		return text
	}
	e := a.localEngine(ownersOf(a.key("owner_of")))
	e.write("owners.csv", file(rows))
	// wantCalls checks the number of lookups, and waits for a new window of the rate limit. A new process does not know how
	// many requests the last process made.
	wantCalls := func(contacts, others int) {
		t.Helper()
		if got := len(a.requests(sandbox.RouteDuplicateContact)); got != contacts {
			t.Errorf("%d requests for contacts, want %d", got, contacts)
		}
		if got := len(a.requests(sandbox.RouteSearchRecords)); got != others {
			t.Errorf("%d searches, want %d", got, others)
		}
		for _, r := range a.requests(sandbox.RouteDuplicateContact, sandbox.RouteSearchRecords) {
			if r.Status == http.StatusTooManyRequests {
				t.Errorf("%s %s exceeded the rate limit", r.Method, r.Path)
			}
		}
		t.Logf("%d requests in all", len(a.requests()))
		a.forget()
		_ = a.clock.Sleep(t.Context(), 10*time.Second) // at once
	}
	says(t, e.apply(), "201 added, 0 changed, 0 destroyed")
	wantCalls(owners, rows)
	linked, want := map[string]bool{}, map[string]bool{}
	for i := range rows {
		want[fmt.Sprintf("contact-%d property-%d", i%owners, i)] = true
	}
	for i := range owners {
		for _, row := range a.relations(fmt.Sprint("contact-", i)) {
			linked[row.FirstRecordID+" "+row.SecondRecordID] = true
		}
	}
	if !reflect.DeepEqual(linked, want) {
		t.Errorf("linked are %v, want %v", linked, want)
	}
	a.forget()
	e.plansNothing()
	wantCalls(owners, rows)

	e.write("owners.csv", file(rows+10))
	says(t, e.apply(), "10 added, 0 changed, 0 destroyed")
	if n := len(a.requests(sandbox.RouteCreateRelation)); n != 10 || len(a.writes()) != 10 {
		t.Errorf("%d relations were created in %d writes, want 10", n, len(a.writes()))
	}
	wantCalls(owners, rows+10)
	e.plansNothing()
}
