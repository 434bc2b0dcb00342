package provider_test

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Six reads share one list call. If the server answers 429 and its Retry-After is longer than the timeout, all six reads fail
// immediately and show the server's message.
func TestAccRateLimit_outlastsEveryRead(t *testing.T) {
	a := newSandboxAccount(t)
	configuration := "provider \"ghl\" {}\n"
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		configuration += contacts(name, a.key(name), "One "+name, "Other "+name)
	}
	e := a.engine(configuration)
	e.apply()
	state := e.read("terraform.tfstate")
	a.forget()
	a.sandbox.AddFault(sandbox.Fault{Method: "GET", Effect: sandbox.TooManyRequests(false, 2*time.Hour)})
	begun := time.Now()
	output := e.fails("plan", "-no-color")
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	says(t, output, "The rate limit was exhausted until the operation timed out.", "HighLevel answered 429", "Too Many Requests", "budget allows the next call in 2h0m0s")
	if strings.Contains(output, "context deadline exceeded") {
		t.Errorf("the error does not show the 429:\n%s", output)
	}
	if n := len(a.requests()); n == 0 || n > 6 {
		t.Errorf("%d requests were made", n)
	}
	if e.read("terraform.tfstate") != state {
		t.Error("the state has changed")
	}
}

// If the token exchange is answered with 429, the error shows the 429 and mentions the agency's rate limit.
func TestAccRateLimit_ofTheExchange(t *testing.T) {
	const token = "agency-" + canary
	a := newSandboxAccount(t, func(o *sandbox.Options) {
		o.Agencies = []sandbox.Agency{{CompanyID: agencyCompany, AppID: agencyApp, Token: token, ExchangedPrefix: "exchanged-" + canary}}
		o.Locations = []sandbox.Location{{ID: "loc-school", CompanyID: agencyCompany}}
	})
	e := a.engine("provider \"ghl\" {}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	delete(e.env, "GHL_ACCESS_TOKEN")
	e.env["GHL_AGENCY_ACCESS_TOKEN"], e.env["GHL_COMPANY_ID"] = token, agencyCompany
	a.sandbox.AddFault(sandbox.Fault{Method: "POST", Effect: sandbox.TooManyRequests(false, 2*time.Hour)})
	begun := time.Now()
	output := e.fails("apply", "-auto-approve", "-no-color")
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	says(t, output, "Unable to Create Association", "The agency's own rate limit, which all token exchanges share",
		"POST /oauth/locationToken (exchange the agency's token", "answered 429: the answer may contain an access token, so it is not shown", "the agency's budget allows the next call in 2h0m0s")
}
