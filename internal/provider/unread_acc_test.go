package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// warnsOnce checks that a plan succeeds without changes, with one warning about the sub-account that could not be read.
func (g *agency) warnsOnce(locationID string) {
	g.t.Helper()
	output, code := g.run(planCommand...)
	if n := strings.Count(output, "Warning: Sub-account Not Read"); code != exitEmpty || n != 1 {
		g.t.Errorf("exit code %d and %d warnings, want an empty plan and one warning\n%s", code, n, output)
	}
	says(g.t, output, fmt.Sprintf("Sub-account %q could not be read completely", locationID), `on_unreachable_location is "warn"`, "does not show what has changed")
}

// rename changes the labels of one association in each of the sub-accounts.
func (g *agency) rename(locations ...string) {
	g.t.Helper()
	labels := map[string]any{overridden: map[string]any{"kind_1": map[string]string{"first_object_label": "Shop", "second_object_label": "Customer"}}}
	for _, location := range locations {
		labels[location] = map[string]any{"kind_2": map[string]string{"first_object_label": "Office", "second_object_label": "Person 2"}}
	}
	g.manage(func(v map[string]any) { v["labels"] = labels })
}

// If one of many sub-accounts cannot be read, there is one warning, whatever the reason, and the state is unchanged. A write,
// an import or a lookup in that sub-account still fails.
func TestAccUnreachableLocation(t *testing.T) {
	g := newAgency(t)
	g.remove("check.tf") // the result of its check would also be in the state
	g.succeeds(applyCommand...)
	g.env["GHL_ON_UNREACHABLE_LOCATION"] = "warn"
	g.plansNothing()
	state, dead := g.read("terraform.tfstate"), agencyLocation(7)

	for name, fault := range map[string]sandbox.Fault{
		"its token is refused": {LocationID: dead, Method: http.MethodGet, Effect: sandbox.StatusMessage(401, "Invalid JWT")},
		"its server is down":   {LocationID: dead, Effect: sandbox.StatusMessage(503, "down")},
	} {
		t.Run(name, func(*testing.T) {
			g.sandbox.AddFault(fault)
			defer g.sandbox.ClearFaults()
			g.warnsOnce(dead)
		})
	}
	g.sandbox.SetInstalled(dead, false)
	g.warnsOnce(dead)
	g.succeeds(applyCommand...)
	if now := g.read("terraform.tfstate"); now != state {
		t.Error("the state has changed")
	}

	if engineVersion().isTofu { // OpenTofu can exclude resources from a plan
		delete(g.env, "GHL_ON_UNREACHABLE_LOCATION")
		exclude := append([]string{}, planCommand...)
		for i := range setSize {
			exclude = append(exclude, fmt.Sprintf(`-exclude=ghl_association.all["%s/kind_%d"]`, dead, i))
		}
		g.succeeds(exclude...)
		g.env["GHL_ON_UNREACHABLE_LOCATION"] = "warn"
	}

	// Changes in another sub-account are applied.
	g.rename(agencyLocation(6))
	says(t, g.succeeds(applyCommand...), "0 added, 1 changed, 0 destroyed")
	state = g.read("terraform.tfstate")
	g.rename(agencyLocation(6), dead)
	says(t, g.fails(applyCommand...), "Unable to Update Association", `no token for sub-account "loc-07"`)
	g.rename(agencyLocation(6))
	for name, block := range map[string]string{
		"Unable to Read Associations": fmt.Sprintf("data \"ghl_associations\" \"dead\" {\n  location_id = %q\n}\n", dead),
		"Unable to Read Association": association("more", "more", side{"business", "A"}, side{"contact", "B"}, fmt.Sprintf("location_id = %q", dead)) +
			importBlock("ghl_association.more", dead+"/68d2c5f0a1b2000000000001"),
	} {
		g.write("more.tf", block)
		says(t, g.fails(planCommand...), name, `no token for sub-account "loc-07"`)
	}
	g.remove("more.tf")
	if now := g.read("terraform.tfstate"); now != state {
		t.Error("the state has changed")
	}

	// If no sub-account can be read, the plan fails.
	g.env["GHL_AGENCY_ACCESS_TOKEN"] = "expired-" + canary
	says(t, g.fails(planCommand...), "HighLevel did not accept the agency's token")
	g.env["GHL_AGENCY_ACCESS_TOKEN"] = g.token
	g.sandbox.SetInstalled(dead, true)
	g.plansNothing()
}

// If the agency's token has expired, a plan of many resources fails with a single error.
func TestAccUnreachableLocation_expired(t *testing.T) {
	g := newAgency(t)
	g.remove("check.tf") // its data source would cause a second error
	g.succeeds(applyCommand...)
	g.env["GHL_AGENCY_ACCESS_TOKEN"] = "expired-" + canary
	output := g.fails(planCommand...)
	says(t, output, "HighLevel did not accept the agency's token", "Set agency_access_token (or GHL_AGENCY_ACCESS_TOKEN)", "Other resources that could not be read for the same reason show no error.")
	if n := strings.Count(output, "Error:"); n != 1 {
		t.Errorf("%d errors, want 1 for %d resources\n%s", n, managedLocations*setSize, output)
	}
	_, failure, _ := strings.Cut(output, "Planning failed")
	if lines := strings.Count(failure, "\n"); lines > 40 {
		t.Errorf("%d lines, want at most 40\n%s", lines, output)
	}
}

// An import from an unreachable sub-account fails even with on_unreachable_location = "warn", because the state has no value
// that could be kept.
func TestAccUnreachableLocation_import(t *testing.T) {
	a := newSandboxAccount(t)
	phone := a.addValue("Phone", "1")
	e := a.localEngine(customValue("phone", "Phone", `"1"`) + importBlock("ghl_custom_value.phone", phone.ID))
	e.write("provider.tf", a.provider("max_retries = 0", `on_unreachable_location = "warn"`))
	a.sandbox.AddFault(sandbox.Fault{Effect: sandbox.StatusMessage(503, "down")})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Custom Value", "down")
}
