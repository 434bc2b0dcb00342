package provider_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// reads contains the routes that read one association and one relation.
var reads = []string{sandbox.RouteGetAssociation, sandbox.RouteListRelations}

// If a refresh fails despite all retries, the association and the relation each get an error that says what happened and what
// to do. The state is unchanged, nothing is written, and the next plan is empty. There is one case for each message.
// internal/faults tests all faults in a refresh.
func TestAccRefresh_faults(t *testing.T) {
	const unreadable = "GHL_BASE_URL" // the remedy if the answer does not come from the API
	otherToken := newToken()
	a := newSandboxAccount(t, withSecondLocation(otherToken))
	e := a.attachedEngine(a.mentorAndLink())
	e.apply()
	state := e.read("terraform.tfstate")
	for _, test := range []struct {
		name   string
		effect sandbox.Effect // empty if the case uses another token
		token  string
		wanted []string
	}{
		{"401, a missing scope", sandbox.StatusMessage(401, "The token is not authorized for this scope."), "",
			[]string{"answered 401", "lacks the scope associations.readonly"}},
		{"403 of the edge", sandbox.StatusHTML(403), "", []string{"answered 403", "edge", "proxy"}},
		{"502 as HTML", sandbox.StatusHTML(502), "", []string{"answered 502", "Bad Gateway", "Try again later", "max_retries"}},
		{"200 as HTML", sandbox.OKHTML(), "", []string{"Just a moment", unreadable}},
		{"truncated, its length matching", sandbox.HalfJSON(true), "", []string{"Try again", unreadable}},
		{"truncated, its length not matching", sandbox.HalfJSON(false), "", []string{"unexpected EOF", unreadable}},
		{"404 as HTML, not from the API", sandbox.CannotGETHTML(), "", []string{"answered 404", "Cannot GET", unreadable}},
		{"reset", sandbox.Reset(), "", []string{"The server did not answer", "network", unreadable}},
		{"429 without end", sandbox.TooManyRequests(false, 0), "", []string{"answered 429", "rate limit", "timeouts"}},
		{"daily budget spent", sandbox.DailySpent(), "", []string{"answered 429", "daily budget", "Try again after the budget resets"}},
		{"a token that was revoked", sandbox.Effect{}, "pit-" + canary + "-revoked",
			[]string{"answered 401", "Invalid Private Integration token", "GHL_ACCESS_TOKEN", "get a new one", "Settings > Private Integrations"}},
		{"a token of another sub-account", sandbox.Effect{}, otherToken,
			[]string{"answered 403", "another sub-account", "GHL_LOCATION_ID", "GHL_ACCESS_TOKEN"}},
	} {
		a.forget()
		if test.token == "" {
			// Only the reads of the association and the relation fail. The list call that could prove them absent succeeds.
			a.strikes(sandbox.Fault{Effect: test.effect}, reads...)
		} else {
			e.env["TF_VAR_access_token"] = test.token
		}
		output := e.fails(applyCommand...)
		says(t, output, "Unable to Read Association", "with ghl_association.mentor", "Unable to Read Relation", "with ghl_relation.link", "The state is unchanged")
		says(t, output, test.wanted...)
		a.mustHaveWritten()
		if e.read("terraform.tfstate") != state {
			t.Errorf("%s: the state has changed:\n%s", test.name, e.read("terraform.tfstate"))
		}
		a.faultsEnd(e) // the next case needs a new process, because a process serves only one token
	}
	e.env["TF_VAR_access_token"] = a.token
	e.plansNothing()
}

// hubsAndKinds returns the configuration of five associations and one relation. The relation is last in the listings of both
// its records, after the first page of two rows.
func (a *account) hubsAndKinds() string {
	friend := a.friendship()
	for i := range 4 {
		for _, hub := range []string{"contact-1", "contact-2"} {
			a.sandbox.AddRelation(sandbox.Relation{
				LocationID: a.locationID, AssociationID: friend.ID, FirstRecordID: hub, SecondRecordID: fmt.Sprintf("contact-%d", 10+i),
			})
		}
	}
	return a.provider("max_retries = 1") + relation("link", quoted(friend.ID), "contact-1", "contact-2") +
		contacts("kind", a.key("kind_${count.index}"), "Mentor ${count.index}", "Mentee", "count = 5")
}

// Pages may be repeated, short, incomplete, reordered or malformed, and totals may be wrong. An association that is missing in
// the pages is read by its id. A relation that is missing in the pages is an error and remains in the state. The next plan
// without faults is empty.
func TestAccRefresh_pages(t *testing.T) {
	incomplete := []string{"Unable to Read Relation", "with ghl_relation.link", "is incomplete", "Try again", "The state is unchanged", "state rm"}
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{PageCap: 2}))
	e := a.attachedEngine(a.hubsAndKinds())
	e.apply()
	state := e.read("terraform.tfstate")
	for name, test := range map[string]struct {
		effect sandbox.Effect
		count  int
		says   []string // nil: nobody notices
	}{
		"pages repeated":                  {sandbox.RepeatPage(), 0, incomplete},
		"one short page":                  {sandbox.ShrinkPage(1), 1, nil},
		"empty pages":                     {sandbox.ShrinkPage(2), 0, incomplete},
		"rows skipped":                    {sandbox.SkipRows(5), 0, incomplete},
		"pages reordered":                 {sandbox.ReorderPage(), 0, nil},
		"the total too small":             {sandbox.LyingTotal(-3), 0, nil},
		"rows that cannot be read":        {sandbox.MalformedItem(), 0, incomplete},
		"listings turned into HTML pages": {sandbox.OKHTML(), 0, []string{"Unable to Read Relation", "Just a moment", "The state is unchanged"}},
	} {
		a.strikes(sandbox.Fault{Effect: test.effect, Count: test.count}, sandbox.RouteListAssociations, sandbox.RouteListRelations)
		a.forget()
		if test.says == nil {
			e.plansNothing()
		} else {
			says(t, e.fails(applyCommand...), test.says...)
			a.mustHaveWritten()
		}
		if a.struck() == 0 {
			t.Errorf("%s: no request was hit by a fault", name)
		}
		if e.read("terraform.tfstate") != state {
			t.Errorf("%s: the state has changed:\n%s", name, e.read("terraform.tfstate"))
		}
		a.faultsEnd(e)
	}
	e.plansNothing()
}
