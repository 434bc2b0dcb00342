package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A create whose answer is lost takes over the object that it finds. A warning shows the id
// of each adopted object and what to check. Objects whose create was answered get no
// warning.
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
		t.Errorf("got warnings about the associations %q, want one about either of the two that were made:\n%s", struckID, output)
	}
	says(t, output, "Warning: Association Adopted", "Warning: Relation Adopted", `sub-account "loc-school" did not show whether the create succeeded.`,
		`with the id "`+relation.ID+`"`, `relation of the records "contact-1" and "contact-2"`, "check whether its state also contains the id", "state rm")
	e.plansNothing()
}

// Two applies with separate states run at once. The create of the first apply fails without
// an answer. The first apply then takes over the object that the second apply has created,
// and warns about this object.
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
	says(t, output, "Association Adopted", `with the id "`+a.association(a.key("mentor")).ID+`"`, "If another apply did run, it may have created this object")
}
