package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A create whose answer is lost takes over what it finds, whoever made it: a warning
// names each object, with its id and what to check, and none that was answered.
func TestAccAdoption_told(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink() + contacts("plain", a.key("plain"), "Teacher", "Pupil"))
	a.strikes(sandbox.Fault{Method: http.MethodPost, Effect: sandbox.Status(500), Committed: true, Count: 1}, creations...)
	output := e.apply()
	relation := a.sandbox.Relations(a.locationID)[0]
	struckID := ""
	for _, key := range []string{a.key("mentor"), a.key("plain")} {
		if id := a.association(key).ID; strings.Contains(flat(output), `with the id "`+id+`"`) {
			struckID += id
		}
	}
	if struckID == "" || len(struckID) > 24 {
		t.Errorf("want one association named, of the two that were made: %q\n%s", struckID, output)
	}
	says(t, output, "Warning: Association Adopted", "Warning: Relation Adopted", `sub-account "loc-school" did not show whether it succeeded.`,
		`with the id "`+relation.ID+`"`, `relation of the records "contact-1" and "contact-2"`, "check whether its state also holds the id", "state rm")
	e.plansNothing()
}

// Two applies at once, from two states: one loses its answer, nothing of it ran, and it
// takes over what the other has made meanwhile. It says so.
func TestAccAdoption_twoApplies(t *testing.T) {
	a := newSandboxAccount(t)
	config := a.provider("max_retries = 0") + contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	first, second := a.attachedEngine(config), a.attachedEngine(config)
	var late string
	a.sandbox.AddFault(sandbox.Fault{
		Route: sandbox.RouteCreateAssociation, Effect: sandbox.Status(500), Count: 1,
		Then: &sandbox.Fault{Route: sandbox.RouteAssociationByKey, Count: 1, Effect: sandbox.Do(func() { late = second.apply() })},
	})
	output := first.apply()
	says(t, late, "1 added")
	doesNotSay(t, late, "Adopted")
	says(t, output, "Association Adopted", `with the id "`+a.association(a.key("mentor")).ID+`"`, "If one did, that apply may have created this object")
}
