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
	strangerElsewhere = `{"id":"68d2c5f0a1b2c3d4e5f6aaaa","locationId":"loc-stranger","key":"stranger","firstObjectKey":"contact","firstObjectLabel":"Mentor",` +
		`"secondObjectKey":"contact","secondObjectLabel":"Mentee","associationType":"USER_DEFINED"}`
	strangerObjects = `{"id":"68d2c5f0a1b2c3d4e5f6aaaa","locationId":"loc-school","key":"stranger","firstObjectKey":"business","firstObjectLabel":"A",` +
		`"secondObjectKey":"opportunity","secondObjectLabel":"B","associationType":"USER_DEFINED"}`
	strangerLink = `{"id":"68d2c5f0a1b2c3d4e5f6bbbb","locationId":"loc-school","associationId":"68d2c5f0a1b2c3d4e5f6aaaa",` +
		`"firstObjectKey":"contact","firstRecordId":"contact-1","secondObjectKey":"contact","secondRecordId":"contact-2"}`
)

// A read that is answered with another row, again and again, fails; the state stays.
// Once is outlasted.
func TestAccAnswer_readOfAnotherRow(t *testing.T) {
	for name, answer := range map[string]string{
		"a row": strangerRow, "a list of one row": "[" + strangerRow + "]", "a wrapped row": `{"association":` + strangerRow + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.attachedEngine(a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
			e.apply()
			state := e.read("terraform.tfstate")
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Count: 1, Effect: sandbox.Answer(200, answer)})
			e.plansNothing()

			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Effect: sandbox.Answer(200, answer)})
			says(t, e.fails(applyCommand...), "Unable to Read Association", "makes no sense", `the answer is about the id "68d2c5f0a1b2c3d4e5f6aaaa"`)
			if e.read("terraform.tfstate") != state {
				t.Error("the state has changed")
			}
		})
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

// A create that is answered with something else was carried out: what it made is looked
// up, and no other row reaches the state.
func TestAccAnswer_createOfAnotherRow(t *testing.T) {
	for name, test := range map[string]struct{ route, answer string }{
		"association, other objects":             {sandbox.RouteCreateAssociation, strangerObjects},
		"association, another sub-account":       {sandbox.RouteCreateAssociation, strangerElsewhere},
		"relation, another association":          {sandbox.RouteCreateRelation, strangerLink},
		"relation, other records":                {sandbox.RouteCreateRelation, `{"id":"x","associationId":"y","firstRecordId":"contact-8","secondRecordId":"contact-9"}`},
		"relation, nothing that is a row at all": {sandbox.RouteCreateRelation, `{"success":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.attachedEngine(a.mentorAndLink())
			a.sandbox.AddFault(sandbox.Fault{Route: test.route, Count: 1, Committed: true, Effect: sandbox.Answer(201, test.answer)})
			says(t, e.apply(), "2 added")
			a.holds(e, 1, 1)
			e.plansNothing()
		})
	}
}

// An answer to a change that shows no row is no reason to send the change again.
func TestAccAnswer_updateWithoutARow(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
	}{"204": {204, ""}, "an acknowledgement": {200, `{"success":true}`}, "an empty body": {200, ""}} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.attachedEngine(a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
			e.apply()
			e.write("main.tf", a.provider()+contacts("mentor", a.key("mentor"), "Tutor", "Mentee"))
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Committed: true, Effect: sandbox.Answer(test.status, test.body)})
			a.forget()
			says(t, e.apply(), "1 changed")
			a.wantRequests(sandbox.RouteUpdateAssociation, 1)
			e.plansNothing()

			// It was not carried out, and says nothing: the read shows it, and the state stays.
			e.write("main.tf", a.provider()+contacts("mentor", a.key("mentor"), "Coach", "Mentee"))
			a.sandbox.ClearFaults()
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Effect: sandbox.Answer(test.status, test.body)})
			says(t, e.fails(applyCommand...), "Unable to Update Association", `for "contact" it was sent "Coach" and stores "Tutor"`)
			a.sandbox.ClearFaults()
			says(t, e.apply(), "1 changed")
			e.plansNothing()
		})
	}
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
// it never happens, the destroy fails and the state keeps what is there.
func TestAccAnswer_deletionNotConfirmed(t *testing.T) {
	for name, body := range map[string]string{
		"denied": `{"deleted":false}`, "an error": `{"statusCode":400,"message":"no"}`, "a text": `ok`, "nothing": ``, "another id": `{"deleted":true,"id":"another"}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.attachedEngine(a.mentorAndLink())
			e.apply()
			a.sandbox.AddFault(sandbox.Fault{Method: http.MethodDelete, Effect: sandbox.Answer(200, body)})
			output := e.fails("destroy", "-auto-approve", "-no-color")
			says(t, output, "Unable to Delete Association", "Unable to Delete Relation")
			a.holds(e, 1, 1)

			a.faultsEnd(e)
			for _, route := range deletions {
				a.sandbox.AddFault(sandbox.Fault{Route: route, Count: 2, Effect: sandbox.Answer(200, body)})
			}
			says(t, e.destroy(), "2 destroyed")
			a.holds(e, 0, 0)
		})
	}
}
