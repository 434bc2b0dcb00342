package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// ofAnother are blocks that refer to the sub-account "loc-other", by kind and type name.
// The data source ghl_locations has none, since it reads the agency.
var ofAnother = map[string]map[string]string{
	"resources": {
		"ghl_association": contacts("other", "other", "Mentor", "Mentee", `location_id = "loc-other"`),
		"ghl_relation":    relation("other", `"a1"`, "contact-1", "contact-2", `location_id = "loc-other"`),

		"ghl_custom_value": customValue("other", "Phone", `"1"`, `location_id = "loc-other"`),

		"ghl_custom_object":       ofOther("ghl_custom_object", `key = "pet"`, `singular_label = "Pet"`, `plural_label = "Pets"`, `primary_display_property = { key = "name", name = "Name", data_type = "TEXT" }`),
		"ghl_custom_field":        ofOther("ghl_custom_field", `object_key = "business"`, `key = "size"`, `name = "Size"`, `data_type = "TEXT"`),
		"ghl_custom_field_folder": ofOther("ghl_custom_field_folder", `object_key = "business"`, `name = "Details"`),

		"ghl_searchable_properties": ofOther("ghl_searchable_properties", `object_key = "contact"`, `field_keys = ["contact.email"]`),
		"ghl_record_relations":      ofOther("ghl_record_relations", `association_id = "a1"`, `record_id = "contact-1"`, `related_record_ids = ["contact-2"]`),
	},
	"data-sources": {
		"ghl_association":  lookup("other", "key = \"OPPORTUNITIES_CONTACTS_ASSOCIATION\"\n  location_id = \"loc-other\""),
		"ghl_associations": ofOtherLocation("ghl_associations"),
		"ghl_relations":    "\ndata \"ghl_relations\" \"other\" {\n  location_id = \"loc-other\"\n  record_id = \"contact-1\"\n}\n",
		"ghl_locations":    "",

		"ghl_usage":         "\ndata \"ghl_usage\" \"other\" {\n  location_ids = [\"loc-other\"]\n}\n",
		"ghl_custom_values": ofOtherLocation("ghl_custom_values"),
		"ghl_custom_fields": ofOtherLocation("ghl_custom_fields", `object_key = "business"`),
		"ghl_object":        ofOtherLocation("ghl_object", `key = "business"`),
		"ghl_objects":       ofOtherLocation("ghl_objects"),
		"ghl_record":        ofOtherLocation("ghl_record", `object_key = "contact"`, `email = "ann@example.com"`),
	},
	"list-resources": {
		"ghl_association": query("ghl_association", "other", "", `location_id = "loc-other"`),
		"ghl_relation":    query("ghl_relation", "other", "", `location_id = "loc-other"`, `record_id = "contact-1"`),

		"ghl_custom_object":       query("ghl_custom_object", "other", "", `location_id = "loc-other"`),
		"ghl_custom_field":        query("ghl_custom_field", "other", "", `location_id = "loc-other"`, `object_key = "business"`),
		"ghl_custom_field_folder": query("ghl_custom_field_folder", "other", "", `location_id = "loc-other"`, `object_key = "business"`),

		"ghl_searchable_properties": query("ghl_searchable_properties", "other", "", `location_id = "loc-other"`),
		"ghl_record_relations":      query("ghl_record_relations", "other", "", `location_id = "loc-other"`, `record_id = "contact-1"`),

		"ghl_custom_value": query("ghl_custom_value", "other", "", `location_id = "loc-other"`),
	},
	"ephemeral-resources": {
		"ghl_location_access_token": "\nephemeral \"ghl_location_access_token\" \"other\" {\n  location_id = \"loc-other\"\n}\n",
	},
}

// ofOtherLocation is a data source that reads from "loc-other", with additional lines.
func ofOtherLocation(name string, lines ...string) string {
	return fmt.Sprintf("\ndata %q \"other\" {\n  location_id = \"loc-other\"\n  %s\n}\n", name, strings.Join(lines, "\n  "))
}

// ofOther is a resource in "loc-other".
func ofOther(resourceType string, lines ...string) string {
	return fmt.Sprintf("\nresource %q \"other\" {\n  location_id = \"loc-other\"\n  %s\n}\n", resourceType, strings.Join(lines, "\n  "))
}

const notAllowed = `Sub-account "loc-other" is not among the provider's allowed_location_ids (or GHL_ALLOWED_LOCATION_IDS), so nothing was sent.`

// allowedAccount is one of two sub-accounts, each of which has its own token.
func allowedAccount(t *testing.T) (*account, *engine) {
	t.Helper()
	a := newSandboxAccount(t, withSecondLocation("pit-"+canary+"-other"))
	e := a.engine("provider \"ghl\" {}\n")
	delete(e.env, "GHL_ACCESS_TOKEN")
	e.env["GHL_LOCATION_ACCESS_TOKENS"] = fmt.Sprintf(`{"loc-school": %q, "loc-other": "pit-%s-other"}`, a.token, canary)
	return a, e
}

// No resource, data source, list or ephemeral resource sends a request about a sub-account
// that is not allowed.
func TestAccAllowedLocations_kinds(t *testing.T) {
	a, e := allowedAccount(t)
	e.env["GHL_ALLOWED_LOCATION_IDS"] = "loc-school"
	for kind, of := range kinds {
		for name := range of.types(providerSchema(t)) {
			block, known := ofAnother[kind][name]
			if !known {
				t.Errorf("no test for %s, one of the %s", name, kind)
			}
			command := applyCommand
			switch {
			case block == "", kind == "list-resources" && !engineHasQuery(), kind == "ephemeral-resources" && !engineHasEphemeral():
				continue
			case kind == "list-resources":
				e.write("main.tf", "provider \"ghl\" {}\n")
				e.write("list.tfquery.hcl", block)
				command = []string{"query", "-no-color"}
			default:
				e.write("main.tf", "provider \"ghl\" {}\n"+block)
			}
			says(t, e.fails(command...), "Unable to ", notAllowed)
		}
	}
	if n := len(a.requests()); n > 0 {
		t.Errorf("%d requests were made", n)
	}
}

// Objects of a sub-account that is not allowed are not read, changed, deleted or imported.
// They stay in the state.
func TestAccAllowedLocations_state(t *testing.T) {
	a, e := allowedAccount(t)
	both := "provider \"ghl\" {}\n" + contacts("school", "school", "Mentor", "Mentee") +
		contacts("other", "other", "Mentor", "Mentee", `location_id = "loc-other"`) +
		relation("other", "ghl_association.other.id", "contact-1", "contact-2", `location_id = "loc-other"`)
	e.write("main.tf", both)
	e.apply()
	state := e.read("terraform.tfstate")
	e.env["GHL_ALLOWED_LOCATION_IDS"] = "loc-school,"
	a.forget()
	for _, command := range [][]string{
		{"plan", "-no-color"},
		{"destroy", "-auto-approve", "-no-color", "-refresh=false", "-target=ghl_association.other"},
	} {
		says(t, e.fails(command...), notAllowed)
	}
	e.write("main.tf", strings.ReplaceAll(both, "Mentee", "Pupil"))
	says(t, e.fails("apply", "-auto-approve", "-no-color", "-refresh=false", "-target=ghl_association.other"), "Unable to Update Association", notAllowed)
	for _, r := range a.requests() {
		if strings.Contains(r.RawQuery+r.Body, "loc-other") || r.Method != http.MethodGet || r.LocationID != a.locationID {
			t.Errorf("a request about another sub-account: %s %s?%s", r.Method, r.Path, r.RawQuery)
		}
	}
	if n := len(a.sandbox.Associations("loc-other")) + len(a.sandbox.Relations("loc-other")); n != 2 {
		t.Errorf("%d objects are left in the other sub-account, want 2", n)
	}
	if !strings.Contains(e.read("terraform.tfstate"), `"loc-other"`) || strings.Count(e.read("terraform.tfstate"), "Mentee") != strings.Count(state, "Mentee") {
		t.Errorf("the state has changed:\n%s", e.read("terraform.tfstate"))
	}

	a.forget()
	e.remove("terraform.tfstate")
	e.write("main.tf", "provider \"ghl\" {}\n"+contacts("other", "other", "Mentor", "Mentee", `location_id = "loc-other"`))
	says(t, e.fails("import", "-no-color", "ghl_association.other", "loc-other/key:other"), notAllowed)
	if n := len(a.requests()); n > 0 {
		t.Errorf("%d requests were made for an import", n)
	}
}

// An agency's token is exchanged only for allowed sub-accounts.
func TestAccAllowedLocations_exchange(t *testing.T) {
	a, e := newSmallAgency(t, "provider \"ghl\" {\n  allowed_location_ids = [\"loc-school\"]\n}\n"+ofAnother["data-sources"]["ghl_associations"])
	useAgency(a, e)
	says(t, e.fails("plan", "-no-color"), notAllowed)
	if n := len(a.requests()); n > 0 {
		t.Errorf("%d requests were made", n)
	}
	e.write("main.tf", strings.ReplaceAll(e.read("main.tf"), "loc-other", "loc-school"))
	e.apply()
	if n := len(a.requests(sandbox.RouteExchange)); n == 0 {
		t.Error("no token was exchanged for an allowed sub-account")
	}
}

// The configuration can narrow the list in the environment, but not extend it.
// TestAllowedLocations covers the other cases.
func TestAccAllowedLocations_both(t *testing.T) {
	a, e := allowedAccount(t)
	other := ofAnother["data-sources"]["ghl_associations"]
	e.env["GHL_ALLOWED_LOCATION_IDS"] = "loc-school"
	e.write("main.tf", "provider \"ghl\" {\n  allowed_location_ids = [\"loc-school\", \"loc-other\"]\n}\n"+other+strings.ReplaceAll(other, "other", "school"))
	output := e.fails("plan", "-no-color")
	says(t, output, notAllowed)
	if n := strings.Count(output, "Error:"); n != 1 || len(a.requests()) == 0 {
		t.Errorf("%d errors, want one; %d requests, want some about the allowed sub-account\n%s", n, len(a.requests()), output)
	}
	for _, r := range a.requests() {
		if r.LocationID != "loc-school" {
			t.Errorf("a request about %s", r.LocationID)
		}
	}
	e.env["GHL_ALLOWED_LOCATION_IDS"] = "loc-school,loc\tother"
	says(t, e.fails("plan", "-no-color"), "Unable to Configure Provider", "GHL_ALLOWED_LOCATION_IDS", "must not contain line breaks or other control characters")
}
