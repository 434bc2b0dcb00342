package provider_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

var deletions = []string{sandbox.RouteDeleteAssociation, sandbox.RouteDeleteRelation}

// deleteFaults are what may befall a deletion, of an association and of a relation.
var deleteFaults = map[string]struct {
	fault sandbox.Fault
	says  []string // where it lasts
}{
	"reset after the commit": {sandbox.Fault{Effect: sandbox.Reset(), Committed: true}, []string{"There was no answer", "Check the network"}},
	"500 before the commit":  {sandbox.Fault{Effect: sandbox.Status(500)}, []string{"answered 500", "Try again later"}},
	"200 truncated":          {sandbox.Fault{Effect: sandbox.HalfJSON(true)}, []string{"answered 404", "base_url"}},
	"429":                    {sandbox.Fault{Effect: sandbox.TooManyRequests(false, 0)}, []string{"answered 429", "rate limit"}},
}

// A deletion that fails for good is an error, and what may still be there stays in
// the state; the next destroy leaves nothing, whether it was carried out or not.
func TestAccDelete_faultsThatLast(t *testing.T) {
	for name, test := range deleteFaults {
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

// A deletion that fails in passing is sent again: nobody notices.
func TestAccDelete_faultsInPassing(t *testing.T) {
	for _, name := range []string{"200 truncated", "429"} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.attachedEngine(a.mentorAndLink())
			e.apply()
			fault := deleteFaults[name].fault
			fault.Method, fault.Count = http.MethodDelete, 1
			if name == "429" {
				fault.Count = 20
			}
			a.strikes(fault, deletions...)
			a.forget()
			says(t, e.destroy(), "2 destroyed")
			a.wantRequests(sandbox.RouteDeleteAssociation, fault.Count+1)
			relations := fault.Count + 1
			if fault.Committed || name == "200 truncated" {
				relations++ // its repeat gets "not found": one more makes sure
			}
			a.wantRequests(sandbox.RouteDeleteRelation, relations)
			a.holds(e, 0, 0)
		})
	}
}

// What is gone already needs no deletion: found out by the plan, or by the deletion
// itself, where it went after the plan, with its association or by itself, whatever
// the API answers then.
func TestAccDelete_alreadyGone(t *testing.T) {
	for _, other := range []bool{false, true} {
		t.Run("with the other statuses: "+strconv.FormatBool(other), func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(sandbox.Quirks{MissingIs404: other, MissingRelationIs400: other}))
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
		})
	}
}
