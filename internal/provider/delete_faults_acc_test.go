package provider_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

var deletions = []string{sandbox.RouteDeleteAssociation, sandbox.RouteDeleteRelation}

// A deletion that fails permanently is an error, and the object stays in the state. The
// next destroy removes everything, whether the first deletion took effect or not.
// internal/faults covers all other faults, including transient ones.
func TestAccDelete_faultsThatLast(t *testing.T) {
	for name, test := range map[string]struct {
		fault sandbox.Fault
		says  []string
	}{
		"reset after the commit": {sandbox.Fault{Effect: sandbox.Reset(), Committed: true}, []string{"The server did not answer", "Check the network"}},
		"500 before the commit":  {sandbox.Fault{Effect: sandbox.Status(500)}, []string{"answered 500", "Try again later"}},
		"200 truncated":          {sandbox.Fault{Effect: sandbox.HalfJSON(true)}, []string{"answered 404", "base_url"}},
		"429":                    {sandbox.Fault{Effect: sandbox.TooManyRequests(false, 0)}, []string{"answered 429", "rate limit"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.attachedEngine(a.mentorAndLink())
			e.apply()
			test.fault.Method = http.MethodDelete
			a.strikes(test.fault, deletions...)
			output := e.fails("destroy", "-auto-approve", "-no-color")
			says(t, output, "Unable to Delete Association", "Unable to Delete Relation", "DELETE /associations/")
			says(t, output, test.says...)
			if ids := e.stateIDs(); len(ids) != 2 {
				t.Errorf("the state contains %v, want both", ids)
			}

			a.faultsEnd(e)
			e.destroy()
			a.holds(e, 0, 0)
		})
	}
}

// An object that no longer exists needs no deletion. The plan detects that, or the deletion
// itself if the object was deleted after the plan. TestDeleteRelationGone and
// TestDeleteAssociation cover the API's answers.
func TestAccDelete_alreadyGone(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{MissingIs404: true, MissingRelationIs400: true}))
	e := a.attachedEngine(a.mentorAndLink())
	goes := func() {
		a.removeAssociation(a.key("mentor"))
		a.removeRelation(a.storedLink("contact-2"))
	}
	e.apply()
	goes()
	says(t, e.destroy(), "0 destroyed")

	e.apply()
	e.succeeds("plan", "-destroy", "-no-color", "-out=destroy.tfplan")
	goes()
	says(t, e.succeeds("apply", "-no-color", "destroy.tfplan"), "2 destroyed")
	a.holds(e, 0, 0)
}
