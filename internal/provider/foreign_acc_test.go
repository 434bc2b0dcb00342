package provider_test

import (
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const emptyListing = `{"associations":[],"total":0}`

// An empty list does not prove that an object no longer exists. HighLevel makes
// associations in each sub-account, so an empty list may mean that the token does not serve
// this sub-account.
func TestAccForeign_emptyListing(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	e.apply()
	state := e.read("terraform.tfstate")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Effect: sandbox.StatusMessage(404, noSuchAssociation)})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Effect: sandbox.Answer(200, emptyListing)})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Effect: sandbox.Answer(200, `{"relations":[],"total":0}`)})
	says(t, e.fails(applyCommand...), "Unable to Read Association", "Unable to Read Relation", "it has no rows, not even the associations that HighLevel makes")
	if e.read("terraform.tfstate") != state {
		t.Error("the state has changed")
	}
	a.faultsEnd(e)
	e.plansNothing()
	e.destroy()
}
