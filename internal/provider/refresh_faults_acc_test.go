package provider_test

import (
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Whatever fails during a refresh, and outlasts the retries: the plan fails for
// the association and for the relation, with what happened and what to do about
// it; the state is untouched, nothing is written, and the next plan is empty.
func TestAccRefresh_faults(t *testing.T) {
	const unreadable = "GHL_BASE_URL" // the remedy where the answer is not the API's
	otherToken := newToken()
	for _, test := range []struct {
		name   string
		effect sandbox.Effect // none: token is another one
		token  string
		wanted []string
	}{
		{"401", sandbox.StatusMessage(401, "Invalid JWT"), "", []string{"answered 401", "Invalid JWT", "GHL_ACCESS_TOKEN", "get a new one"}},
		{"401, a missing scope", sandbox.StatusMessage(401, "The token is not authorized for this scope."), "",
			[]string{"answered 401", "lacks a scope", "associations.readonly", "associations/relation.readonly"}},
		{"403", sandbox.StatusMessage(403, "The token does not have access to this location."), "",
			[]string{"answered 403", "does not have access to this location", "GHL_LOCATION_ID", "GHL_ACCESS_TOKEN"}},
		{"403 of the edge", sandbox.StatusHTML(403), "", []string{"answered 403", "edge", "proxy"}},
		{"500", sandbox.Status(500), "", []string{"answered 500", "Internal Server Error", "Try again later", "max_retries"}},
		{"502 as HTML", sandbox.StatusHTML(502), "", []string{"answered 502", "Bad Gateway", "Try again later", "max_retries"}},
		{"503", sandbox.Status(503), "", []string{"answered 503", "Try again later", "max_retries"}},
		{"520 as HTML", sandbox.StatusHTML(520), "", []string{"answered 520", "Try again later", "max_retries"}},
		{"200 as HTML", sandbox.OKHTML(), "", []string{"Just a moment", unreadable}},
		{"200 without a body", sandbox.OKEmpty(), "", []string{"empty body", unreadable}},
		{"truncated, its length matching", sandbox.HalfJSON(true), "", []string{"Try again", unreadable}},
		{"truncated, its length not matching", sandbox.HalfJSON(false), "", []string{"unexpected EOF", unreadable}},
		{"404 that is not the API's", sandbox.CannotGET(), "", []string{"answered 404", "Cannot GET", unreadable}},
		{"404 that is not the API's, as HTML", sandbox.CannotGETHTML(), "", []string{"answered 404", "Cannot GET", unreadable}},
		{"reset", sandbox.Reset(), "", []string{"There was no answer", "network", unreadable}},
		{"daily budget spent", sandbox.DailySpent(), "", []string{"answered 429", "daily budget"}},
		{"a token that was revoked", sandbox.Effect{}, "pit-" + canary + "-revoked",
			[]string{"answered 401", "Invalid Private Integration token", "GHL_ACCESS_TOKEN", "Settings > Private Integrations"}},
		{"a token of another sub-account", sandbox.Effect{}, otherToken,
			[]string{"answered 403", "another sub-account", "GHL_LOCATION_ID", "GHL_ACCESS_TOKEN"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newSandboxAccount(t, func(o *sandbox.Options) {
				token := otherToken
				if test.token != otherToken {
					token = newToken()
				}
				withSecondLocation(token)(o)
			})
			friend := a.addAssociation(a.key("friend"), "Friend", "Befriended")
			// Neither depends on the other: both are read, whatever becomes of one.
			e := a.engine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee") + relation("link", quoted(friend.ID), "contact-1", "contact-2"))
			e.apply()
			state := e.read("terraform.tfstate")
			a.forget()

			if test.token == "" {
				// On the reads of the two alone: the list call that would prove them gone succeeds.
				for _, route := range []string{sandbox.RouteGetAssociation, sandbox.RouteListRelations} {
					a.sandbox.AddFault(sandbox.Fault{Route: route, Effect: test.effect})
				}
			} else {
				e.env["GHL_ACCESS_TOKEN"] = test.token
			}
			output := e.fails("apply", "-auto-approve", "-no-color")
			says(t, output, "Unable to Read Association", "Unable to Read Relation", "left as it is")
			says(t, output, test.wanted...)
			a.mustHaveWritten()
			if e.read("terraform.tfstate") != state {
				t.Errorf("the state has changed:\n%s", e.read("terraform.tfstate"))
			}

			a.sandbox.ClearFaults()
			e.env["GHL_ACCESS_TOKEN"] = a.token
			e.plansNothing()
		})
	}
}

// A failure in passing is outlasted by the retries: nobody notices.
func TestAccRefresh_faultsInPassing(t *testing.T) {
	a := newSandboxAccount(t)
	friend := a.addAssociation(a.key("friend"), "Friend", "Befriended")
	e := a.engine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee") + relation("link", quoted(friend.ID), "contact-1", "contact-2"))
	e.apply()
	e.env["GHL_MAX_RETRIES"] = "2"
	for _, route := range []string{sandbox.RouteGetAssociation, sandbox.RouteListRelations} {
		a.sandbox.AddFault(sandbox.Fault{Route: route, Count: 1, Effect: sandbox.StatusHTML(502)})
		a.sandbox.AddFault(sandbox.Fault{Route: route, Count: 1, Effect: sandbox.HalfJSON(false)})
	}
	e.plansNothing()
	var hit int
	for _, r := range a.requests() {
		if r.Fault != "" {
			hit++
		}
	}
	if hit != 4 {
		t.Errorf("%d requests were hit by a fault, want 4", hit)
	}
}

// A label repair that fails after a create is a warning: an error would have the
// association replaced, relations and all. The next plan shows it as a change.
func TestAccRefresh_labelRepairFails(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{LabelsStay: true}))
	e := a.engine(association("sponsor", a.key("sponsor"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"}))
	a.sandbox.AddFault(sandbox.Fault{Method: "PUT", Effect: sandbox.Status(500)})
	says(t, e.apply(), "Warning: Unable to Label Association", "answered 500", "1 added")
	a.sandbox.ClearFaults()
	a.forget()
	says(t, e.apply(), "0 added, 1 changed, 0 destroyed")
	a.mustHaveWritten(`PUT /associations/[0-9a-f]{24} {"firstObjectLabel":"Sponsor","secondObjectLabel":"Student"}`)
	e.plansNothing()
	e.destroy()
}
