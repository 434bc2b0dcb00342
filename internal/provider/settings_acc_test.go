package provider_test

import (
	"strings"
	"testing"
)

// An invalid setting is an error at its attribute, before any call. TestSettingsAreRefused tests the other mistakes.
func TestAccSettings_refused(t *testing.T) {
	a := newSandboxAccount(t)
	rest := contacts("mentor", a.key("mentor"), "Mentor", "Mentee", `timeouts = { read = "-1m" }`) + relation("link", quoted("a1"), "../contact-1", "contact-2")
	e := a.engine("provider \"ghl\" {\n  max_retries = 4294967296\n}\n" + rest)
	says(t, e.fails("validate", "-no-color"), "max_retries", "between 0 and 2147483647")
	e.write("main.tf", rest)
	says(t, e.fails("validate", "-no-color"), "Invalid Duration", "timeouts.read must be a duration above zero", "Invalid Text", "first_record_id must not contain a slash")
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// An invalid token or setting in the environment is refused with its own message, before any call. TestEnvironmentIsChecked
// and the client's tests test the other mistakes.
func TestAccSettings_refusedInTheEnvironment(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	for _, test := range []struct{ name, value, says string }{
		{"GHL_ACCESS_TOKEN", `"pit-x"`, "Correct access_token (or GHL_ACCESS_TOKEN): invalid access token: it is in quotes or contains a quote: set the token without quotes."},
		{"GHL_LOCATION_ID", "../loc", "GHL_LOCATION_ID must not contain a slash."},
	} {
		before, was := e.env[test.name]
		e.env[test.name] = test.value
		says(t, e.fails("plan", "-no-color"), "Unable to Configure Provider", test.says)
		delete(e.env, test.name)
		if was {
			e.env[test.name] = before
		}
	}
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// An invalid timeout that an older version wrote to the state does not prevent a read. An apply of the corrected configuration
// replaces it, and writes nothing to HighLevel.
func TestAccSettings_badTimeoutInState(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee", `timeouts = { read = "7m" }`))
	e.apply()
	for _, bad := range []string{"0s", "soon"} {
		state := strings.Replace(e.read("terraform.tfstate"), `"read": "7m"`, `"read": "`+bad+`"`, 1)
		if !strings.Contains(state, bad) {
			t.Fatalf("no timeout in the state:\n%s", state)
		}
		e.write("terraform.tfstate", state)
		says(t, e.succeeds("plan", "-no-color"), "1 to change")
		a.forget()
		e.apply()
		a.mustHaveWritten()
	}
	e.plansNothing()
}

// If the timeout of an operation is too short for any call, the error says so, and does not mention a rate limit.
func TestAccSettings_noTime(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee", `timeouts = { create = "1ns" }`))
	output := e.fails("apply", "-auto-approve", "-no-color")
	says(t, output, "Unable to Create Association", "The operation timed out.")
	if strings.Contains(output, "rate limit") || strings.Contains(output, "budget") {
		t.Errorf("the error mentions the rate limit:\n%s", output)
	}
	a.mustHaveWritten()
}

// The error for a wrong API version mentions the version, and not the token.
func TestAccSettings_wrongVersion(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {\n  api_version = \"2020-01-01\"\n}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	output := e.fails("apply", "-auto-approve", "-no-color")
	says(t, output, "HighLevel does not accept the API version. Correct api_version (or GHL_API_VERSION)")
	if strings.Contains(output, "token") {
		t.Errorf("the error mentions the token:\n%s", output)
	}
}
