package provider_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

var deletions = []string{sandbox.RouteDeleteAssociation, sandbox.RouteDeleteRelation}

// A deletion that fails for good is an error, and what may still be there stays in
// the state; the next destroy leaves nothing, whether it was carried out or not.
// internal/faults tries all faults in a deletion, and those that pass.
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
				t.Errorf("in the state: %v, want both", ids)
			}

			a.faultsEnd(e)
			e.destroy()
			a.holds(e, 0, 0)
		})
	}
}

// What is gone already needs no deletion: found out by the plan, or by the deletion
// itself, if it went after the plan. TestDeleteRelationGone and TestDeleteAssociation have
// what the API answers then.
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
