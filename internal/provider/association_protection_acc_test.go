package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

const (
	protected   = `deletion_protection = true`
	unprotected = `deletion_protection = false`
)

// A plan that would destroy or replace a protected association fails, whatever the reason
// for the replacement. The flag in the state applies, not the flag in the configuration.
func TestAccAssociationProtection_plan(t *testing.T) {
	a := newAccount(t)
	const address = "ghl_association.mentor"
	mentor := func(key, flag string) string {
		return a.provider() + contacts("mentor", a.key(key), "Mentor", "Mentee", flag)
	}
	destroyed := words("Unable to Destroy Association", a.key("mentor"), "deletion_protection = true")
	replaced := words("Unable to Replace Association", a.key("mentor"), "deletion_protection = true")
	a.run(
		resource.TestStep{
			Config: mentor("mentor", protected),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("deletion_protection"), knownvalue.Bool(true)),
			},
		},
		resource.TestStep{PreConfig: a.forget, Config: a.provider(), ExpectError: destroyed},
		resource.TestStep{Config: mentor("mentor", protected), Destroy: true, ExpectError: destroyed},
		resource.TestStep{Config: mentor("coach", protected), ExpectError: words("Unable to Replace Association", "The change to key would replace it", "moved {", "deletion_protection = false")},
		// Lifting the protection in the same step does not help.
		resource.TestStep{Config: mentor("coach", unprotected), ExpectError: replaced},
		resource.TestStep{
			Config:      a.provider() + association("mentor", a.key("mentor"), side{"contact", "Mentor"}, side{"business", "Mentee"}, protected),
			ExpectError: words("Unable to Replace Association", "The change to second_object_key would replace it"),
		},
		resource.TestStep{Config: mentor("mentor", protected+"\n  location_id = \"loc-other\""), ExpectError: replaced},
		// The refused plans wrote nothing. Labels can still change. Changing the flag makes no call.
		resource.TestStep{
			Config: a.provider() + contacts("mentor", a.key("mentor"), "Coach", "Mentee", protected),
			Check:  a.wrote(`PUT /associations/.* {"firstObjectLabel":"Coach","secondObjectLabel":"Mentee"}`),
		},
		resource.TestStep{
			PreConfig:        a.forget,
			Config:           a.provider() + contacts("mentor", a.key("mentor"), "Coach", "Mentee", unprotected),
			ConfigPlanChecks: does(address, plancheck.ResourceActionUpdate),
			Check:            a.wrote(),
		},
		resource.TestStep{Config: mentor("coach", unprotected), ConfigPlanChecks: does(address, plancheck.ResourceActionDestroyBeforeCreate)},
	)
}

// A protected association that somebody else deleted is created again, since there is
// nothing left to protect.
func TestAccAssociationProtection_disappears(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee", protected))
	e.apply()
	a.removeAssociation(a.key("mentor"))
	says(t, e.apply(), "ghl_association.mentor will be created", "1 added, 0 changed, 0 destroyed")
	a.holds(e, 1, 0)
	e.plansNothing()
}

// tutored is an association with three relations under it.
func tutored(a *account, lines ...string) string {
	return contacts("mentor", a.key("mentor"), "Mentor", "Mentee", lines...) +
		relation("mentee", "ghl_association.mentor.id", "contact-1", "contact-${count.index + 2}", "count = 3")
}

// If a protected association with three managed relations is tainted or passed to `apply
// -replace`, the plan fails. The request log contains no DELETE.
func TestAccAssociationProtection_replaceAndTaint(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(tutored(a, protected))
	e.apply()
	a.forget()
	refused := func(output string) {
		t.Helper()
		says(t, output, "Unable to Replace Association", a.key("mentor"), "deletion_protection")
	}

	refused(e.fails("apply", "-auto-approve", "-no-color", "-replace=ghl_association.mentor"))
	refused(e.fails("plan", "-no-color", "-replace=ghl_association.mentor", "-refresh=false"))
	refused(e.fails("apply", "-auto-approve", "-no-color", "-replace=ghl_association.mentor", "-target=ghl_association.mentor"))

	e.succeeds("taint", "ghl_association.mentor")
	output := e.fails(applyCommand...)
	refused(output)
	says(t, output, "untaint")
	refused(e.fails("plan", "-no-color"))
	e.succeeds("untaint", "ghl_association.mentor")

	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "Unable to Destroy Association", "deletion_protection")
	e.plansNothing()
	a.mustHaveWritten()
	if n := len(a.sandbox.Relations(a.locationID)); n != 3 {
		t.Errorf("%d relations are left, want 3", n)
	}

	e.write("main.tf", tutored(a, unprotected))
	e.apply()
	a.mustHaveWritten()

	// Without the flag, `-replace` and `taint` both succeed. The plan warns about a tainted instance. With -replace, the engines
	// show the errors of that plan but not its warnings.
	says(t, e.succeeds("apply", "-auto-approve", "-no-color", "-replace=ghl_association.mentor"), "4 added, 0 changed, 4 destroyed")
	e.plansNothing()
	e.succeeds("taint", "ghl_association.mentor")
	says(t, e.apply(), "Warning:", "All Its Relations", "create_before_destroy", "4 added, 0 changed, 4 destroyed")
	e.plansNothing()
	says(t, e.destroy(), "Warning:", "All Its Relations", "4 destroyed")
	if n := len(a.sandbox.Associations(a.locationID)); n != 0 {
		t.Errorf("%d associations are left after the destroy", n)
	}
}

// The plan of a destroy or a replacement warns that relations are deleted too. The warning
// also says that create_before_destroy would fail.
func TestAccAssociationProtection_warnings(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(tutored(a))
	doesNotSay(t, e.apply(), "All Its Relations")
	says(t, e.succeeds("plan", "-no-color", "-destroy"), "Warning:", "Deletes All Its Relations", fmt.Sprintf("%q", a.key("mentor")))
	e.write("main.tf", strings.Replace(tutored(a), a.key("mentor"), a.key("coach"), 1))
	says(t, e.succeeds("plan", "-no-color"), "Warning:", "Deletes All Its Relations", "create_before_destroy", "4 to add, 0 to change, 4 to destroy")

	// With create_before_destroy, the old key still exists. The error says what to do.
	e.write("main.tf", contacts("mentor", a.key("mentor"), "Mentor", "Mentee", "lifecycle {\n    create_before_destroy = true\n  }"))
	e.apply()
	says(t, e.fails("apply", "-auto-approve", "-no-color", "-replace=ghl_association.mentor"),
		"Unable to Create Association", "create_before_destroy", "would exist twice")
	e.plansNothing()
	e.destroy()
}
