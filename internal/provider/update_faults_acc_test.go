package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// An update that fails once is sent again, and the apply succeeds. If all attempts fail, the error says that the update may
// have taken effect, and the next apply succeeds. internal/faults tests all faults in an update.
func TestAccUpdate_association(t *testing.T) {
	a := newSandboxAccount(t)
	labelled := func(label string) string {
		return a.provider("max_retries = 1") + contacts("mentor", a.key("mentor"), label, "Mentee")
	}
	e := a.attachedEngine(labelled("Mentor"))
	e.apply()
	id := a.association(a.key("mentor")).ID
	a.sandbox.AddFault(sandbox.Fault{Method: http.MethodPut, Count: 1, Effect: sandbox.HalfJSON(true)})
	a.forget()
	e.write("main.tf", labelled("Coach"))
	says(t, e.apply(), "0 added, 1 changed, 0 destroyed")
	a.wantRequests(sandbox.RouteUpdateAssociation, 2)
	a.labelled(id, "Coach")
	e.plansNothing()

	a.sandbox.AddFault(sandbox.Fault{Method: http.MethodPut, Effect: sandbox.Status(500), Committed: true})
	e.write("main.tf", labelled("Guide"))
	says(t, e.fails(applyCommand...), "Unable to Update Association", "with ghl_association.mentor",
		"answered 500", "Try again later", "may have taken effect anyway", "PUT /associations/"+id)
	a.faultsEnd(e)
	e.apply()
	a.labelled(id, "Guide")
	a.holds(e, 1, 0)
	e.plansNothing()
}

// labelled checks the first label of a stored association.
func (a *account) labelled(id, label string) {
	a.t.Helper()
	for _, row := range a.sandbox.Associations(a.locationID) {
		if row.ID == id && row.FirstObjectLabel != label {
			a.t.Errorf("the label is %q, want %q", row.FirstObjectLabel, label)
		}
	}
}

// Only the timeouts of a relation can be updated. The update makes no request, so it succeeds even if the server fails.
func TestAccUpdate_relation(t *testing.T) {
	a := newSandboxAccount(t)
	config := a.mentorAndLink()
	e := a.attachedEngine(config)
	e.apply()
	a.sandbox.AddFault(sandbox.Fault{Effect: sandbox.Status(500)})
	a.forget()
	e.write("main.tf", strings.Replace(config, `"contact-2"`, `"contact-2"`+"\n  timeouts = { read = \"3m\" }", 1))
	says(t, e.succeeds("apply", "-auto-approve", "-no-color", "-refresh=false"), "0 added, 1 changed, 0 destroyed")
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	a.faultsEnd(e)
	e.plansNothing()
}

// If an association is deleted after the plan, its update fails. An update of a deleted relation's timeouts makes no request
// and succeeds. The next apply creates both again.
func TestAccUpdate_goneSinceThePlan(t *testing.T) {
	a := newSandboxAccount(t)
	config := a.mentorAndLink()
	e := a.attachedEngine(config)
	e.apply()
	e.write("main.tf", strings.NewReplacer(`"Mentee"`, `"Pupil"`, `"contact-2"`, `"contact-2"`+"\n  timeouts = { read = \"3m\" }").Replace(config))
	says(t, e.succeeds("plan", "-no-color", "-out=change.tfplan"), "0 to add, 2 to change, 0 to destroy")
	a.removeAssociation(a.key("mentor"))
	a.removeRelation(a.storedLink("contact-2"))
	a.forget()
	says(t, e.fails("apply", "-no-color", "change.tfplan"), "Unable to Update Association", "with ghl_association.mentor",
		`The association "`+a.key("mentor")+`" no longer exists in sub-account "loc-school"`, "Plan again to see what changes")
	a.mustHaveWritten()

	says(t, e.apply(), "2 added, 0 changed, 0 destroyed")
	a.holds(e, 1, 1)
	e.plansNothing()
}

// If the replacement of a relation fails halfway, the old relation is neither stored nor in the state, and the next apply
// creates the new one.
func TestAccUpdate_relationReplacedHalfWay(t *testing.T) {
	for name, test := range map[string]struct {
		fault sandbox.Fault
		left  int
		then  string
	}{
		"the delete takes effect, but its answer is an error": {sandbox.Fault{Route: sandbox.RouteDeleteRelation, Effect: sandbox.Status(500), Committed: true}, 0, "1 added, 0 changed, 0 destroyed"},
		"the create fails": {sandbox.Fault{Route: sandbox.RouteCreateRelation, Effect: sandbox.Status(500)}, 0, "1 added, 0 changed, 0 destroyed"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			config := a.mentorAndLink()
			e := a.attachedEngine(config)
			e.apply()
			e.write("main.tf", strings.Replace(config, `"contact-2"`, `"contact-3"`, 1))
			a.sandbox.AddFault(test.fault)
			says(t, e.fails(applyCommand...), "Relation", "answered 500", "Try again later")
			if rows := a.sandbox.Relations(a.locationID); len(rows) != test.left {
				t.Errorf("stored: %v, want %d", rows, test.left)
			}

			a.faultsEnd(e)
			says(t, e.apply(), test.then)
			a.holds(e, 1, 1)
			_ = a.storedLink("contact-3")
			e.plansNothing()
		})
	}
}
