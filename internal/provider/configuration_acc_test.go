package provider_test

import (
	"fmt"
	"strings"
	"testing"
)

// twoBlocks are two provider blocks, each with one association. The second block contains
// the given lines.
func (a *account) twoBlocks(lines ...string) string {
	return a.provider() + a.providerBlock(append([]string{`alias = "other"`}, lines...)...) +
		contacts("mentor", "mentor", "Mentor", "Mentee") + contacts("other", "other", "Friend", "Befriended", "provider = ghl.other")
}

// providerBlock is a provider block with the address of the API and the given lines.
func (a *account) providerBlock(lines ...string) string {
	return fmt.Sprintf("\nprovider \"ghl\" {\n  base_url = %q\n  %s\n}\n", a.baseURL, strings.Join(lines, "\n  "))
}

// With -debug, as in this test, one process serves all provider blocks. A second block with
// different settings is refused, and nothing is written. Calls with the first settings
// still work.
func TestAccConfiguration_otherSettings(t *testing.T) {
	const otherToken = "pit-" + canary + "-other"
	a := newSandboxAccount(t, withSecondLocation(otherToken))
	otherAccount := []string{`location_id = "loc-other"`, fmt.Sprintf("location_access_tokens = { loc-other = %q, %s = %q }", otherToken, a.locationID, a.token), "access_token = var.access_token"}
	e := a.attachedEngine(a.twoBlocks(otherAccount...))
	output := e.fails(applyCommand...)
	says(t, output, "Unable to Configure Provider", "is already configured, and these settings differ:", "location_access_tokens", "location_id",
		"one process serves all provider blocks and all runs", "start the provider again")
	doesNotSay(t, output, canary)
	a.mustHaveWritten()

	// A second run with different settings is refused too. A run with the same settings still
	// works.
	e.attach(a.clock)
	e.write("main.tf", a.provider()+contacts("mentor", "mentor", "Mentor", "Mentee"))
	e.apply()
	e.write("main.tf", a.provider("max_retries = 2")+contacts("mentor", "mentor", "Mentor", "Mentee"))
	says(t, e.fails("plan", "-no-color"), "these settings differ: max_retries.")
	e.write("main.tf", a.provider()+contacts("mentor", "mentor", "Mentor", "Mentee"))
	e.plansNothing()
	if n := len(a.sandbox.Associations("loc-other")); n > 0 {
		t.Errorf("%d associations were made in the other sub-account", n)
	}
}

// Two blocks, and any number of consecutive runs, may have the same settings. No run uses
// data that an earlier run has read.
func TestAccConfiguration_sameSettings(t *testing.T) {
	a := newSandboxAccount(t)
	same := []string{"access_token = var.access_token", fmt.Sprintf("location_id = %q", a.locationID)}
	e := a.attachedEngine(a.twoBlocks(same...))
	e.apply()
	e.plansNothing()
	a.removeAssociation("other")
	says(t, e.succeeds("plan", "-no-color"), "ghl_association.other will be created", "1 to add, 0 to change, 0 to destroy")
	a.removeAssociation("mentor")
	says(t, e.succeeds("plan", "-no-color"), "2 to add, 0 to change, 0 to destroy")
}
