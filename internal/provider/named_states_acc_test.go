package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A plan that creates any kind of object says once that the sub-account cannot be reached.
func TestAccReach_everyKind(t *testing.T) {
	for name, config := range map[string]string{
		"custom value":          customValue("phone", "Phone", `"1"`),
		"custom field":          petField("age", "age", "TEXT"),
		"searchable properties": searchable("custom_objects.course", "level"),
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			a.token = "no-token-of-anybody"
			e := a.localEngine(config)
			output := e.succeeds("plan", "-no-color")
			says(t, output, notReached, "HighLevel did not accept the access token", "1 to add")
			if n := strings.Count(output, notReached); n != 1 {
				t.Errorf("%d warnings, want 1:\n%s", n, output)
			}
		})
	}
}

// An object that is gone is planned anew, even if the engine that wrote the state knew no identities.
func TestAccDrift_namedWithoutIdentities(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(customValue("phone", "Phone", `"1"`) + petField("age", "age", "TEXT"))
	e.apply()
	e.instances(func(_ string, instance map[string]any) {
		delete(instance, "identity")
		delete(instance, "identity_schema_version")
	})
	a.sandbox.CustomValues().Remove(a.locationID, a.sandbox.CustomValues().All(a.locationID)[0].ID)
	a.sandbox.CustomFields().Remove(a.locationID, a.field("age").ID)
	says(t, e.apply(), "2 added, 0 changed, 0 destroyed")
	e.plansNothing()
}

// No plan sees that a tainted field is protected if it reads nothing. The delete refuses.
func TestAccCustomFieldProtection_unrefreshed(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(petField("age", "age", "NUMERICAL", protected))
	e.apply()
	a.forget()
	e.succeeds("taint", "ghl_custom_field.age")
	says(t, e.fails("apply", "-auto-approve", "-no-color", "-refresh=false"), "Custom Field", "has deletion_protection = true", "set deletion_protection = false")
	for _, r := range a.requests() {
		if r.Method == http.MethodDelete {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}
