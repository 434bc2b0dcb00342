package provider_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// newSmallAgency is an agency with the sub-accounts loc-school, loc-other and loc-shop. Its
// app is not installed on loc-shop. The environment contains no credentials.
func newSmallAgency(t *testing.T, configuration string) (*account, *engine) {
	t.Helper()
	a := newSandboxAccount(t, withSecondLocation(""), func(o *sandbox.Options) {
		o.Agencies = []sandbox.Agency{{CompanyID: agencyCompany, AppID: agencyApp, Token: "agency-" + canary + "-" + randomText(8), ExchangedPrefix: "exchanged-" + canary}}
		o.Locations = append(o.Locations, sandbox.Location{ID: "loc-shop", NoApp: true})
		o.Locations[0].Token = ""
		for i := range o.Locations {
			o.Locations[i].CompanyID = agencyCompany
			o.Locations[i].Name = "Name of " + o.Locations[i].ID
			o.Locations[i].Address = "Street of " + o.Locations[i].ID
		}
	})
	e := a.engine(configuration)
	delete(e.env, "GHL_ACCESS_TOKEN")
	return a, e
}

// useAgency puts the agency's credentials into the environment.
func useAgency(a *account, e *engine) {
	a.sandbox.SetAgency(agencyCompany, func(agency *sandbox.Agency) { e.env["GHL_AGENCY_ACCESS_TOKEN"] = agency.Token })
	e.env["GHL_COMPANY_ID"] = agencyCompany
}

// Missing or invalid credentials are an error on their attribute, before any request.
// TestCheckCredentials and TestSettingsAreRefused cover the other mistakes.
func TestAccCredentials_configuration(t *testing.T) {
	a, e := newSmallAgency(t, "")
	mentor := contacts("mentor", "mentor", "Mentor", "Mentee")
	for _, test := range []struct {
		name  string
		lines string // in the provider block
		env   map[string]string
		says  []string
	}{
		{"no credential", ``, nil, []string{"No credential is set", "GHL_ACCESS_TOKEN", "GHL_LOCATION_ACCESS_TOKENS", "GHL_AGENCY_ACCESS_TOKEN", "GHL_COMPANY_ID"}},
		{"a company without an agency token", `access_token = "x"`, map[string]string{"GHL_COMPANY_ID": "x"}, []string{"company_id", "GHL_AGENCY_ACCESS_TOKEN"}},
		{"an empty token in the environment", ``, map[string]string{"GHL_LOCATION_ACCESS_TOKENS": `{"loc-other":""}`}, []string{`"loc-other" is empty`, "GHL_LOCATION_ACCESS_TOKENS"}},
		{"invalid JSON in the environment", ``, map[string]string{"GHL_LOCATION_ACCESS_TOKENS": "loc-other=" + canary}, []string{"GHL_LOCATION_ACCESS_TOKENS", "JSON object"}},
		{"a broken token", `location_access_tokens = { loc-other = "two words" }`, nil, []string{"location_access_tokens", `"loc-other"`, "white space"}},
		{"a sub-account without a token", `location_access_tokens = { loc-other = "x" }`, nil, []string{`The provider has no token for sub-account "loc-school"`, "GHL_LOCATION_ACCESS_TOKENS", "GHL_ACCESS_TOKEN", "GHL_AGENCY_ACCESS_TOKEN"}},
	} {
		configuration := "provider \"ghl\" {\n  " + test.lines + "\n}\n"
		command := []string{"plan", "-no-color"}
		if test.name == "a sub-account without a token" {
			configuration += lookup("system", `key = "OPPORTUNITIES_CONTACTS_ASSOCIATION"`)
		} else {
			configuration += mentor
		}
		e.write("main.tf", configuration)
		maps.Copy(e.env, test.env)
		output := e.fails(command...)
		says(t, output, test.says...)
		if strings.Contains(output, canary) {
			t.Errorf("%s: the error contains a token:\n%s", test.name, output)
		}
		for name := range test.env {
			delete(e.env, name)
		}
	}
	if n := len(a.requests()); n > 0 {
		t.Errorf("%d requests were made", n)
	}
}

// The provider uses a sub-account's own token, then an exchanged token, then the common
// token. All tokens come from the environment. If an exchange fails, the error shows the likely
// cause.
func TestAccCredentials_order(t *testing.T) {
	everywhere := func(locations ...string) string {
		configuration := "provider \"ghl\" {}\n"
		for i, location := range locations {
			configuration += contacts(fmt.Sprintf("mentor_%d", i), "mentor", "Mentor", "Mentee", fmt.Sprintf("location_id = %q", location))
		}
		return configuration
	}
	a, e := newSmallAgency(t, everywhere("loc-school", "loc-other", "loc-shop"))
	useAgency(a, e)
	a.sandbox.SetToken("loc-other", "pit-"+canary+"-other")
	a.sandbox.SetToken("loc-shop", "pit-"+canary+"-shop")
	e.env["GHL_LOCATION_ACCESS_TOKENS"] = `{"loc-other":"pit-` + canary + `-other","loc-shop":"pit-` + canary + `-shop"}`
	e.env["GHL_ACCESS_TOKEN"] = "pit-" + canary + "-nobody"
	e.apply()
	e.plansNothing()
	if n := len(a.requests(sandbox.RouteExchange)); n != 3 {
		t.Errorf("%d exchanges, want 3 for loc-school: two in the apply, which starts two processes, and one in the plan", n)
	}

	// Without its own token, a sub-account needs the app, whatever other credentials are set.
	delete(e.env, "GHL_LOCATION_ACCESS_TOKENS")
	output := e.fails("plan", "-no-color")
	says(t, output, `no token for sub-account "loc-shop"`, "not installed", "company_id", "location_access_tokens", "400", "not shown")
	if n := strings.Count(output, "Error:"); n != 1 {
		t.Errorf("%d errors, want one, about loc-shop\n%s", n, output)
	}
	e.write("main.tf", everywhere("loc-school", "loc-other"))
	e.succeeds("state", "rm", "ghl_association.mentor_2")

	set := func(change func(*sandbox.Agency)) { a.sandbox.SetAgency(agencyCompany, change) }
	token := e.env["GHL_AGENCY_ACCESS_TOKEN"]
	set(func(g *sandbox.Agency) { g.Scopes = []string{"oauth.readonly"} })
	says(t, e.fails("plan", "-no-color"), "oauth.write", "lacks a scope", "401", "Other resources that could not be read for the same reason show no error.")
	set(func(g *sandbox.Agency) { g.Scopes, g.Token = nil, "pit-"+token })
	e.env["GHL_AGENCY_ACCESS_TOKEN"] = "pit-" + token
	says(t, e.fails("plan", "-no-color"), "Private Integration Token of an agency", "neither exchange it")
	e.env["GHL_AGENCY_ACCESS_TOKEN"] = "old-" + token
	says(t, e.fails("plan", "-no-color"), "did not accept the agency's token", "get a new one", "401")
	set(func(g *sandbox.Agency) { g.Token = token })
	e.env["GHL_AGENCY_ACCESS_TOKEN"] = token
	e.env["GHL_COMPANY_ID"] = "company-2"
	says(t, e.fails("plan", "-no-color"), `no token for sub-account "loc-school"`, "GHL_COMPANY_ID", "403")
	e.env["GHL_COMPANY_ID"] = agencyCompany
	e.plansNothing()
}

// ghl_locations lists the sub-accounts on which the app is installed. TestAccAgency covers
// an incomplete list.
func TestAccLocations(t *testing.T) {
	configuration := "provider \"ghl\" {}\n\ndata \"ghl_locations\" \"all\" {\n  app_id = %q\n  %s\n}\n\noutput \"all\" {\n  value = jsonencode(data.ghl_locations.all.locations)\n}\n"
	a, e := newSmallAgency(t, fmt.Sprintf(configuration, agencyApp, ""))
	e.env["GHL_ACCESS_TOKEN"] = "pit-" + canary
	says(t, e.fails("plan", "-no-color"), "Unable to Read Locations", "agency_access_token", "GHL_COMPANY_ID")
	useAgency(a, e)
	listed := func(query, want string) {
		t.Helper()
		e.write("main.tf", fmt.Sprintf(configuration, agencyApp, query))
		says(t, e.apply(), "all = "+quoted(want))
	}
	const (
		otherRow  = `{"address":"Street of loc-other","id":"loc-other","name":"Name of loc-other"}`
		schoolRow = `{"address":"Street of loc-school","id":"loc-school","name":"Name of loc-school"}`
	)
	listed("", "["+otherRow+","+schoolRow+"]")
	listed(`query = "SCHOOL"`, "["+schoolRow+"]")
	listed(`query = "nowhere"`, "[]")
	e.plansNothing()

	e.write("main.tf", fmt.Sprintf(configuration, "another", ""))
	says(t, e.fails("plan", "-no-color"), "Unable to Read Locations", "app_id", "GHL_COMPANY_ID", "403")
	e.write("main.tf", fmt.Sprintf(configuration, "", ""))
	says(t, e.fails("plan", "-no-color"), "app_id", "at least 1")
	e.write("main.tf", fmt.Sprintf(configuration, agencyApp, ""))
	a.sandbox.SetAgency(agencyCompany, func(g *sandbox.Agency) { g.Scopes = []string{"oauth.write"} })
	says(t, e.fails("plan", "-no-color"), "Unable to Read Locations", "oauth.readonly", "401")
	a.sandbox.SetAgency(agencyCompany, func(g *sandbox.Agency) { g.Scopes = nil })
}

// A sub-account's token can be passed to another provider, here a second instance of this one. The token is not written to any
// file.
func TestAccLocationAccessToken(t *testing.T) {
	if !engineHasEphemeral() {
		t.Skip("this engine does not support ephemeral resources")
	}
	configuration := `
variable "agency_access_token" {
  type      = string
  ephemeral = true
}

variable "own" {
  type      = string
  ephemeral = true
}

provider "ghl" {
  agency_access_token    = var.agency_access_token
  company_id             = "company-1"
  location_access_tokens = { loc-shop = var.own }
}

ephemeral "ghl_location_access_token" "other" {
  location_id = "loc-other"

  lifecycle {
    postcondition {
      condition     = timecmp(self.expires_at, timeadd(plantimestamp(), "23h")) > 0 && timecmp(self.expires_at, timeadd(plantimestamp(), "25h")) < 0
      error_message = "It expires at ${self.expires_at}."
    }
  }
}

ephemeral "ghl_location_access_token" "own" {
  location_id = "loc-shop"

  lifecycle {
    postcondition {
      condition     = self.expires_at == null && self.access_token == var.own
      error_message = "Not the own token."
    }
  }
}

ephemeral "ghl_location_access_token" "default" {
  lifecycle {
    postcondition {
      condition     = self.location_id == "loc-school"
      error_message = "Not of the default sub-account."
    }
  }
}

provider "ghl" {
  alias        = "other"
  access_token = ephemeral.ghl_location_access_token.other.access_token
}
` + contacts("mentor", "mentor", "Mentor", "Mentee", `location_id = "loc-other"`, "provider = ghl.other")
	a, e := newSmallAgency(t, configuration)
	a.sandbox.SetAgency(agencyCompany, func(g *sandbox.Agency) { e.env["TF_VAR_agency_access_token"] = g.Token })
	e.env["TF_VAR_own"] = "pit-" + canary
	e.env["TF_LOG"] = "TRACE"
	e.env["TF_LOG_PATH"] = filepath.Join(e.dir, "trace.log")
	run := e.recording()
	// The test does not run `show -json` on the plan, since Terraform 1.11.4 crashes on the conditions above.
	run(0, "plan", "-no-color", "-out=saved.tfplan")
	run(0, "apply", "-no-color", "saved.tfplan")
	if rows := a.sandbox.Associations("loc-other"); len(rows) != 1 {
		t.Errorf("the other provider created %v, want one association", rows)
	}
	e.plansNothing()
	a.sandbox.SetInstalled("loc-other", false)
	says(t, e.fails("plan", "-no-color"), "Unable to Get Location Access Token", `"loc-other"`, "not installed")
	e.revealsNothing(map[string]string{
		"trace.log": "/oauth/locationToken", "output.txt": "ghl_association", "saved.tfplan!tfplan": "ghl_association", "terraform.tfstate": `"serial"`,
	})
}

// No token of an agency or its sub-accounts appears in any output or file, whatever fails.
func TestAccSecrets_agency(t *testing.T) {
	const own = "pit-" + canary + "-own+/=&%41?#"
	configuration := "provider \"ghl\" {}\n\ndata \"ghl_locations\" \"all\" {\n  app_id = \"app-1\"\n}\n" + contacts("mentor", "mentor", "Mentor", "Mentee") + contacts("own", "own", "Mentor", "Mentee", `location_id = "loc-other"`)
	a, e := newSmallAgency(t, configuration)
	useAgency(a, e)
	a.sandbox.SetToken("loc-other", own)
	e.env["GHL_LOCATION_ACCESS_TOKENS"] = `{"loc-other": "` + own + `"}`
	e.env["TF_LOG"] = "TRACE"
	e.env["TF_LOG_PATH"] = filepath.Join(e.dir, "trace.log")
	run := e.recording()
	run(0, "plan", "-no-color", "-out=saved.tfplan")
	run(0, "show", "-json", "saved.tfplan")
	run(0, "apply", "-no-color", "saved.tfplan")
	run(0, "show", "-json")
	for _, effect := range []sandbox.Effect{
		sandbox.EchoAuthorization(401), sandbox.EchoAuthorization(404), sandbox.HalfJSON(true), sandbox.RedirectTo("http://127.0.0.1:1/"),
	} {
		// The fault hits the exchange, the agency's list and a read with a sub-account's own token.
		a.sandbox.AddFault(sandbox.Fault{Effect: effect, Committed: true})
		run(exitFailed, "plan", "-no-color")
		a.sandbox.ClearFaults()
	}
	e.env["GHL_LOCATION_ACCESS_TOKENS"] = `{"loc-other": "` + own + `"`
	run(exitFailed, "plan", "-no-color")
	e.env["GHL_LOCATION_ACCESS_TOKENS"] = `{"loc-other": "` + own + ` ", "loc-more": "` + own + `\u0000"}`
	run(exitFailed, "plan", "-no-color")

	says(t, e.read("trace.log"), "/oauth/locationToken")
	if engineSince(11, 8) { // older versions stop reading the log before the provider ends
		says(t, e.read("trace.log"), `location_id="(agency)"`) // the log attributes exchanges to the agency
	}
	e.revealsNothing(map[string]string{"trace.log": "/oauth/locationToken", "output.txt": "Unable to Read"}, own)
}
