package provider_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Rows of objects that no test requests.
const (
	strangerRow = `{"id":"68d2c5f0a1b2c3d4e5f6aaaa","locationId":"loc-school","key":"stranger","firstObjectKey":"contact","firstObjectLabel":"Mentor",` +
		`"secondObjectKey":"contact","secondObjectLabel":"Mentee","associationType":"USER_DEFINED"}`
	strangerObjects = `{"id":"68d2c5f0a1b2c3d4e5f6aaaa","locationId":"loc-school","key":"stranger","firstObjectKey":"business","firstObjectLabel":"A",` +
		`"secondObjectKey":"opportunity","secondObjectLabel":"B","associationType":"USER_DEFINED"}`
	strangerLink = `{"id":"68d2c5f0a1b2c3d4e5f6bbbb","locationId":"loc-school","associationId":"68d2c5f0a1b2c3d4e5f6aaaa",` +
		`"firstObjectKey":"contact","firstRecordId":"contact-1","secondObjectKey":"contact","secondRecordId":"contact-2"}`
)

// A read fails if the answers keep containing another object's row. The state stays
// unchanged. A retry recovers from a single wrong answer. internal/hostile covers other
// rows and forms of answers.
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

// An import by key fails if the answer contains another key.
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

// If the answer to a successful create contains another object's row, the provider looks up
// the created object. The wrong row does not reach the state.
func TestAccAnswer_createOfAnotherRow(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Committed: true, Effect: sandbox.Answer(201, strangerObjects)})
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Count: 1, Committed: true, Effect: sandbox.Answer(201, strangerLink)})
	says(t, e.apply(), "2 added")
	a.holds(e, 1, 1)
	e.plansNothing()
}

// An update whose answer contains no row is not sent again. TestIsAcknowledgement
// covers the forms of these answers.
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

	// If HighLevel accepts an update but does not carry it out, a read detects that. The state
	// stays unchanged.
	e.write("main.tf", labelled("Coach"))
	a.sandbox.ClearFaults()
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Effect: sandbox.Answer(200, `{"success":true}`)})
	says(t, e.fails(applyCommand...), "Unable to Update Association", `for "contact", "Coach" was sent and "Tutor" is stored`)
	a.sandbox.ClearFaults()
	says(t, e.apply(), "1 changed")
	e.plansNothing()
}

// An update whose answer contains another id is an error. The state stays unchanged.
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

// If HighLevel does not confirm a deletion, the provider looks up the object and sends the
// deletion again. Without any confirmation, the destroy fails and the object stays in the
// state. TestConfirmsDeletion covers the forms of confirmation.
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
