package provider_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Rows that are not what anybody asked for.
const (
	strangerRow = `{"id":"68d2c5f0a1b2c3d4e5f6aaaa","locationId":"loc-school","key":"stranger","firstObjectKey":"contact","firstObjectLabel":"Mentor",` +
		`"secondObjectKey":"contact","secondObjectLabel":"Mentee","associationType":"USER_DEFINED"}`
	strangerObjects = `{"id":"68d2c5f0a1b2c3d4e5f6aaaa","locationId":"loc-school","key":"stranger","firstObjectKey":"business","firstObjectLabel":"A",` +
		`"secondObjectKey":"opportunity","secondObjectLabel":"B","associationType":"USER_DEFINED"}`
	strangerLink = `{"id":"68d2c5f0a1b2c3d4e5f6bbbb","locationId":"loc-school","associationId":"68d2c5f0a1b2c3d4e5f6aaaa",` +
		`"firstObjectKey":"contact","firstRecordId":"contact-1","secondObjectKey":"contact","secondRecordId":"contact-2"}`
)

// A read that is answered with another row, again and again, fails; the state stays.
// Once is outlasted. internal/hostile has other rows and forms of answers.
func TestAccAnswer_readOfAnotherRow(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	e.apply()
	state := e.read("terraform.tfstate")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Count: 1, Effect: sandbox.Answer(200, strangerRow)})
	e.plansNothing()

	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Effect: sandbox.Answer(200, strangerRow)})
	says(t, e.fails(applyCommand...), "Unable to Read Association", "does not understand HighLevel's answer", `the answer is about the id "68d2c5f0a1b2c3d4e5f6aaaa"`)
	if e.read("terraform.tfstate") != state {
		t.Error("the state has changed")
	}
}

// So does an import by key that is answered with another key.
func TestAccAnswer_importOfAnotherKey(t *testing.T) {
	a := newSandboxAccount(t)
	a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	e := a.attachedEngine(a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteAssociationByKey, Effect: sandbox.Answer(200, strangerRow)})
	says(t, e.fails("import", "-no-color", "ghl_association.mentor", "key:"+a.key("mentor")), `the answer is about the key "stranger"`)
	a.faultsEnd(e)
	e.succeeds("import", "-no-color", "ghl_association.mentor", "key:"+a.key("mentor"))
	e.plansNothing()
}

// A create with an unexpected answer took effect: the provider looks its object
// up, and no other row reaches the state.
func TestAccAnswer_createOfAnotherRow(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Committed: true, Effect: sandbox.Answer(201, strangerObjects)})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Count: 1, Committed: true, Effect: sandbox.Answer(201, strangerLink)})
	says(t, e.apply(), "2 added")
	a.holds(e, 1, 1)
	e.plansNothing()
}

// An answer to a change that shows no row is no reason to send the change again.
// TestIsAcknowledgement has the forms of such an answer.
func TestAccAnswer_updateWithoutARow(t *testing.T) {
	a := newSandboxAccount(t)
	labelled := func(label string) string {
		return a.provider() + contacts("mentor", a.key("mentor"), label, "Mentee")
	}
	e := a.attachedEngine(labelled("Mentor"))
	e.apply()
	e.write("main.tf", labelled("Tutor"))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Committed: true, Effect: sandbox.Answer(204, "")})
	a.forget()
	says(t, e.apply(), "1 changed")
	a.wantRequests(sandbox.RouteUpdateAssociation, 1)
	e.plansNothing()

	// It was not carried out, and says nothing: the read shows it, and the state stays.
	e.write("main.tf", labelled("Coach"))
	a.sandbox.ClearFaults()
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Effect: sandbox.Answer(200, `{"success":true}`)})
	says(t, e.fails(applyCommand...), "Unable to Update Association", `for "contact", "Coach" was sent and "Tutor" is stored`)
	a.sandbox.ClearFaults()
	says(t, e.apply(), "1 changed")
	e.plansNothing()
}

// An update that shows another id is an error, and the state stays.
func TestAccAnswer_updateOfAnotherRow(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	e.apply()
	e.write("main.tf", a.provider()+contacts("mentor", a.key("mentor"), "Tutor", "Mentee"))
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Effect: sandbox.Answer(200, strangerRow)})
	says(t, e.fails(applyCommand...), "Unable to Update Association", `the answer is about the id "68d2c5f0a1b2c3d4e5f6aaaa"`)
	a.faultsEnd(e)
	says(t, e.apply(), "1 changed")
	e.plansNothing()
}

// A deletion that is not confirmed is not done: it is looked up, and sent again. While
// that never happens, the destroy fails and the state keeps the object.
// TestConfirmsDeletion has what confirms it.
func TestAccAnswer_deletionNotConfirmed(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	e.apply()
	denied := sandbox.Answer(200, `{"deleted":false}`)
	a.sandbox.AddFault(sandbox.Fault{Method: http.MethodDelete, Effect: denied})
	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "Unable to Delete Association", "Unable to Delete Relation")
	a.holds(e, 1, 1)

	a.faultsEnd(e)
	a.strikes(sandbox.Fault{Count: 2, Effect: denied}, deletions...)
	says(t, e.destroy(), "2 destroyed")
	a.holds(e, 0, 0)
}
