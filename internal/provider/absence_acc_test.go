package provider_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const noSuchAssociation = "Association already deleted or not found"

// The API says once, or each time, that an association does not exist, and lists it:
// nothing is dropped, whether it is protected or not.
func TestAccAbsence_notFoundButListed(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		lines  []string
	}{
		"404": {404, nil}, "400": {400, nil}, "404, protected": {404, []string{"deletion_protection = true"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			config := func(lines ...string) string {
				return a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee", lines...) +
					relation("link", "ghl_association.mentor.id", "contact-1", "contact-2")
			}
			e := a.attachedEngine(config(test.lines...))
			e.apply()
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Effect: sandbox.StatusMessage(test.status, noSuchAssociation)})
			e.plansNothing()
			a.sandbox.ClearFaults()
			e.write("main.tf", config())
			e.apply()
			e.destroy()
		})
	}
}

// The listing hides it, too: a second look shows it. Only a protected association gets
// that where the listing came whole.
func TestAccAbsence_notFoundAndNotListedOnce(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee", "deletion_protection = true"))
	e.apply()
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Count: 1, Effect: sandbox.StatusMessage(400, noSuchAssociation)})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Effect: sandbox.Answer(200, `{"associations":[],"total":0}`)})
	e.plansNothing()
	a.sandbox.ClearFaults()
	e.write("main.tf", a.provider()+contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	e.apply()
	e.destroy()
}

// A deletion is told that there is no such object, and the listing shows it: it is sent
// again. While that lasts, the state keeps what is there.
func TestAccAbsence_deletionNotFoundButListed(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	e.apply()
	for _, route := range deletions {
		a.sandbox.AddFault(sandbox.Fault{Route: route, Effect: sandbox.StatusMessage(404, noSuchAssociation)})
	}
	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "answers that the relation does not exist", "lists it all the same")
	a.holds(e, 1, 1)

	a.faultsEnd(e)
	for _, route := range deletions {
		a.sandbox.AddFault(sandbox.Fault{Route: route, Count: 1, Effect: sandbox.StatusMessage(404, noSuchAssociation)})
	}
	says(t, e.destroy(), "2 destroyed")
	a.holds(e, 0, 0)
}

// A relation that one of its records does not list, although that record is alive and
// lists another, is there while the other record lists it.
func TestAccAbsence_listedAtOneEnd(t *testing.T) {
	for _, silent := range []string{"contact-1", "contact-2"} {
		t.Run("silent is "+silent, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.attachedEngine(a.mentorAndLink())
			e.apply()
			link := a.storedLink("contact-2")
			a.sandbox.AddFault(sandbox.Fault{
				Route: sandbox.RouteListRelations, Contains: silent,
				Effect: sandbox.Answer(200, `{"relations":[{"id":"other","locationId":"loc-school","associationId":"another","firstRecordId":"`+silent+`","secondRecordId":"contact-9"}],"total":1}`),
			})
			e.plansNothing()
			a.sandbox.ClearFaults()
			a.sandbox.RemoveRelation(a.locationID, link.ID)
			output, _ := e.run("plan", "-no-color")
			says(t, output, "ghl_relation.link will be created", "1 to add, 0 to change, 0 to destroy")
		})
	}
}

// One page of the listing fails for good: what it would have shown is read by id.
func TestAccAbsence_pageFailsForGood(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{PageCap: 2}))
	configuration := a.provider()
	for _, name := range []string{"one", "two", "three", "four"} {
		configuration += contacts(name, a.key(name), name, "Other of "+name)
	}
	e := a.attachedEngine(configuration)
	e.apply()
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, After: 1, Effect: sandbox.Status(500)})
	e.plansNothing()
	if n := len(a.requests(sandbox.RouteListAssociations)); n == 0 || !strings.Contains(a.requests(sandbox.RouteListAssociations)[0].RawQuery, "skip=0") {
		t.Errorf("%d list calls", n)
	}
}
