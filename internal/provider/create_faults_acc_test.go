package provider_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// creations are the create routes. Each fault in this file hits the create of an
// association and the create of a relation.
var creations = []string{sandbox.RouteCreateAssociation, sandbox.RouteCreateRelation}

// posts counts the POST requests for associations and for relations.
type posts struct{ association, relation int }

func (a *account) wantPosts(want posts) {
	a.t.Helper()
	got := posts{len(a.requests(sandbox.RouteCreateAssociation)), len(a.requests(sandbox.RouteCreateRelation))}
	if got != want {
		a.t.Errorf("posted %+v times, want %+v", got, want)
	}
}

// A create succeeds if its answer is lost and the lookups that follow are answered with 429
// many times. internal/faults covers the other faults (TestSingleFaults), and
// internal/store the number of POSTs (TestCreateAssociationLostAnswer,
// TestCreateRelationLostAnswer).
func TestAccCreate_faultsInPassing(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	a.forget()
	a.strikes(sandbox.Fault{
		Count: 1, Committed: true, Effect: sandbox.StatusHTML(504),
		Then: &sandbox.Fault{Count: 20, Effect: sandbox.TooManyRequests(true, 3*time.Second)},
	}, creations...)
	says(t, e.apply(), "2 added, 0 changed, 0 destroyed")
	a.wantPosts(posts{1, 1})
	a.holds(e, 1, 1)
	e.plansNothing()
}

// If a create fails permanently, the error says what happened and what to do. After the
// fault ends, the next apply creates each missing object once. The messages for other
// faults are the same as in a refresh.
func TestAccCreate_faultsThatLast(t *testing.T) {
	for name, test := range map[string]struct {
		effect sandbox.Effect
		posts  posts // the zero value: not checked, since one failure may prevent the other request
		says   []string
	}{
		"reset":            {sandbox.Reset(), posts{5, 2}, []string{"The server did not answer", "Check the network", "base_url", "nothing was created"}},
		"refused":          {sandbox.StatusMessage(422, "labels are out of fashion"), posts{1, 1}, []string{"answered 422", "labels are out of fashion", "Correct the values that its answer mentions"}},
		"redirected":       {sandbox.RedirectTo("http://127.0.0.1:1/"), posts{1, 1}, []string{"answered 307", "redirect", "base_url"}},
		"429 without end":  {sandbox.TooManyRequests(false, 0), posts{}, []string{"answered 429", "rate limit", "timeouts"}},
		"record not there": {sandbox.StatusMessage(404, "Record not found"), posts{1, 1}, []string{"answered 404", "Record not found", "Check the ids"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.attachedEngine(a.mentorAndLink())
			a.forget()
			a.strikes(sandbox.Fault{Method: http.MethodPost, Effect: test.effect}, creations...)
			output := e.fails(applyCommand...)
			says(t, output, "Unable to Create Association", "with ghl_association.mentor", "Unable to Create Relation", "with ghl_relation.link")
			says(t, output, test.says...)
			if test.posts != (posts{}) {
				a.wantPosts(test.posts)
			}
			a.holds(e, 0, 0)

			a.faultsEnd(e)
			says(t, e.apply(), "2 added, 0 changed, 0 destroyed")
			a.holds(e, 1, 1)
			e.plansNothing()
		})
	}
}

// If a token is revoked during an apply, the objects created before are in the state. The
// next apply, with a new token, creates the rest.
func TestAccCreate_tokenDies(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.provider() + contacts("mentor", a.key("mentor_${count.index}"), "Mentor ${count.index}", "Mentee", "count = 4") +
		relation("link", quoted(a.friendship().ID), "contact-1", "contact-${count.index + 2}", "count = 4"))
	a.forget()
	rotated := newToken()
	a.strikes(sandbox.Fault{After: 1, Count: 1, Effect: sandbox.Do(func() { a.sandbox.SetToken(a.locationID, rotated) }), Committed: true}, creations...)
	output := e.fails("apply", "-auto-approve", "-no-color", "-parallelism=1")
	says(t, output, "Unable to Create", "answered 401", "Invalid Private Integration token", "Settings > Private Integrations", "GHL_ACCESS_TOKEN")
	// For one of the two kinds, the second create still succeeded.
	made := posts{len(a.sandbox.Associations(a.locationID)) - 1, len(a.sandbox.Relations(a.locationID))}
	if max(made.association, made.relation) != 2 {
		t.Errorf("made %+v, want two of one kind and at most two of the other", made)
	}
	a.holds(e, made.association, made.relation)

	e.env["TF_VAR_access_token"] = rotated
	e.attach(a.clock) // each process uses only one token
	e.apply()
	a.holds(e, 4, 4)
	e.plansNothing()
}

// If neither a create nor its lookups succeed, the outcome of the create is unknown. The
// error says so and prints an import block. If the create took effect, the next apply finds
// a duplicate, and with the import block the plan is empty. If the create did not take
// effect, the next apply creates the object.
func TestAccCreate_outcomeUnknown(t *testing.T) {
	for name, committed := range map[string]bool{"it took effect": true, "it did not take effect": false} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			config := a.mentorAndLink()
			e := a.attachedEngine(config)
			a.forget()
			a.strikes(sandbox.Fault{Method: http.MethodPost, Effect: sandbox.Status(500), Committed: committed}, sandbox.RouteCreateRelation)
			// The lookups before the create of an association succeed.
			a.sandbox.AddFault(sandbox.Fault{
				Route: sandbox.RouteCreateAssociation, Effect: sandbox.Status(500), Committed: committed, Count: 1,
				Then: &sandbox.Fault{Route: sandbox.RouteAssociationByKey, Effect: sandbox.Status(503)},
			})
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Effect: sandbox.Status(503)})
			output := e.fails(applyCommand...)
			says(t, output, "Unable to Create Association", "Unable to Create Relation", "is unknown", "Look in HighLevel", "answered 500", "looking the object up: HighLevel answered", "503")
			blocks := importBlocks(t, output, "ghl_association.mentor", "ghl_relation.link")
			a.wantPosts(posts{1, 1})
			a.faultsEnd(e)
			if !committed {
				says(t, e.apply(), "2 added")
				a.holds(e, 1, 1)
				e.plansNothing()
				return
			}

			output = e.fails(applyCommand...)
			says(t, output, "Unable to Create Association", "Unable to Create Relation", "already exists")
			a.wantPosts(posts{1, 2}) // a lookup finds the key, but only a refused POST reveals an existing relation
			for _, printed := range []string{blocks, importBlocks(t, output, "ghl_association.mentor", "ghl_relation.link")} {
				e.remove("terraform.tfstate")
				e.write("main.tf", config+printed)
				says(t, e.apply(), "2 imported, 0 added, 0 changed, 0 destroyed")
				a.holds(e, 1, 1)
				e.plansNothing()
			}
		})
	}
}

// If the repair of labels after a create fails, the result is a warning. An error would
// make the engine replace the association and delete its relations. The next plan shows the
// labels as a change.
func TestAccCreate_labelRepairFails(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{LabelsStay: true}))
	e := a.attachedEngine(a.provider() + association("sponsor", a.key("sponsor"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"}))
	a.sandbox.AddFault(sandbox.Fault{Method: http.MethodPut, Effect: sandbox.Status(500)})
	says(t, e.apply(), "Warning: Unable to Label Association", "answered 500", "1 added")
	a.faultsEnd(e)
	a.forget()
	says(t, e.apply(), "0 added, 1 changed, 0 destroyed")
	a.mustHaveWritten(`PUT /associations/[0-9a-f]{24} {"firstObjectLabel":"Sponsor","secondObjectLabel":"Student"}`)
	e.plansNothing()
}
