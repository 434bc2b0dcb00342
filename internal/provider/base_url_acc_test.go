package provider_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// foreignAddress starts another server, which a configuration sets as base_url. The server
// accepts the same tokens for the sub-account.
func foreignAddress(t *testing.T, a *account) (s *sandbox.Sandbox, url, host string) {
	t.Helper()
	s = sandbox.New(sandbox.Options{Locations: []sandbox.Location{{ID: a.locationID, Token: a.token}}, RateLimit: sandbox.RateLimit{Unlimited: true}})
	url = s.Start()
	t.Cleanup(s.Close)
	return s, url, strings.TrimPrefix(url, "http://")
}

// A credential from the environment is not sent to an address from the configuration. The
// plan fails instead. TestAddressIsChecked covers the other refused cases.
func TestAccBaseURL_credentialsOfTheEnvironment(t *testing.T) {
	a := newSandboxAccount(t)
	foreign, url, host := foreignAddress(t, a)
	e := a.engine("")
	tokens := `{"loc-school":"pit-` + canary + `"}`
	for name, test := range map[string]struct {
		lines string // added to the provider block
		env   map[string]string
		says  []string
	}{
		"all": {
			"", map[string]string{"GHL_ACCESS_TOKEN": a.token, "GHL_LOCATION_ACCESS_TOKENS": tokens, "GHL_AGENCY_ACCESS_TOKEN": canary, "GHL_COMPANY_ID": "company"},
			[]string{"GHL_ACCESS_TOKEN, GHL_AGENCY_ACCESS_TOKEN, GHL_LOCATION_ACCESS_TOKENS come from the environment"},
		},
		"an access token, with another host allowed": {
			"", map[string]string{"GHL_ACCESS_TOKEN": a.token, "GHL_ALLOW_BASE_URL": "example.com,127.0.0.1"}, []string{"GHL_ACCESS_TOKEN comes from the environment", "Set access_token in the provider block"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			delete(e.env, "GHL_ACCESS_TOKEN")
			e.env["GHL_BASE_URL"] = a.baseURL
			maps.Copy(e.env, test.env)
			e.write("main.tf", fmt.Sprintf("provider \"ghl\" {\n  base_url = %q\n  %s\n}\n", url, test.lines)+contacts("mentor", "mentor", "Mentor", "Mentee")+lookup("x", `key = "x"`))
			output := e.fails("plan", "-no-color")
			says(t, output, append(test.says, "Unable to Configure Provider", "base_url", "GHL_BASE_URL", "GHL_ALLOW_BASE_URL="+host)...)
			if strings.Contains(output, canary) {
				t.Errorf("the error shows a token:\n%s", output)
			}
			for name := range test.env {
				delete(e.env, name)
			}
		})
	}
	if n, m := len(foreign.Requests()), len(a.requests()); n+m > 0 {
		t.Errorf("%d requests went to the configured address, and %d to the address in the environment, want none", n, m)
	}
}

// A credential may be sent to the address in the environment, and to an address that the
// environment allows. A credential in the configuration may be sent anywhere.
func TestAccBaseURL_allowed(t *testing.T) {
	a := newSandboxAccount(t)
	foreign, url, host := foreignAddress(t, a)
	read := lookup("system", `key = "OPPORTUNITIES_CONTACTS_ASSOCIATION"`)
	for name, test := range map[string]struct {
		lines   string
		allow   string
		foreign bool // whether the requests go to the foreign address
	}{
		"the environment's address, written otherwise": {lines: fmt.Sprintf("base_url = %q", strings.Replace(a.baseURL, "http:", "HTTP:", 1)+"/")},
		"allowed":                  {lines: fmt.Sprintf("base_url = %q", url), allow: " example.com , " + host, foreign: true},
		"token configured":         {lines: fmt.Sprintf("base_url = %q\n  access_token = %q", url, a.token), foreign: true},
		"all from the environment": {},
	} {
		t.Run(name, func(t *testing.T) {
			foreign.ResetRequests()
			a.forget()
			e := a.engine("provider \"ghl\" {\n  " + test.lines + "\n}\n" + read)
			e.env["GHL_ALLOW_BASE_URL"] = test.allow
			if strings.Contains(test.lines, "access_token") {
				delete(e.env, "GHL_ACCESS_TOKEN")
			}
			e.apply()
			if n, m := len(foreign.Requests()), len(a.requests()); (n > 0) != test.foreign || (m > 0) == test.foreign {
				t.Errorf("%d requests went to the configured address, and %d to the address in the environment", n, m)
			}
		})
	}
}
