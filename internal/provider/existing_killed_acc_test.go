//go:build unix

package provider_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"
)

// hundred is the configuration of 40 associations, 40 relations and 20 custom values. Half of the relations are under one of
// these associations.
func (a *account) hundred() string {
	friends := a.addAssociation(a.key("friends"), "Friend", "Friend of")
	a.kept = append(a.kept, friends.Key)
	return contacts("mentor", a.key("mentor_${count.index}"), "Mentor ${count.index}", "Mentee", "count = 40") +
		relation("link", quoted(friends.ID), "contact-${count.index % 4}", "contact-${count.index + 10}", "count = 20") +
		relation("under", "ghl_association.mentor[0].id", "contact-${count.index % 4}", "contact-${count.index + 10}", "count = 20") +
		customValue("value", "Value ${count.index}", `"${count.index}"`, "count = 20")
}

// If the engine is killed during an apply, the created objects are missing from the state. The next apply takes over all of them
// without import blocks.
func TestAccExisting_killed(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {}\n" + a.hundred())
	held, release := a.heldCreates(10, 85, true)
	apply := e.starts(applyCommand...)
	apply.await(held, "ten running creates")
	apply.signal(syscall.SIGKILL)
	apply.ends()
	release()
	e.remove("terraform.tfstate") // the state is lost, because a killed engine sends nothing to a remote backend
	there := len(a.sandbox.Associations(a.locationID)) - 1 + len(a.sandbox.Relations(a.locationID)) + len(a.sandbox.CustomValues().All(a.locationID))
	if there != 95 {
		t.Errorf("%d objects exist, want 95", there)
	}

	e.env["GHL_EXISTING_OBJECTS"] = "adopt_identical"
	a.forget()
	output := e.apply()
	says(t, output, "100 added, 0 changed, 0 destroyed")
	doesNotSay(t, output, "import")
	if n := a.carriedOut(); n != 100-there {
		t.Errorf("%d objects were created, want %d", n, 100-there)
	}
	t.Logf("%d requests took over %d objects and created %d", len(a.requests()), there, 100-there)
	if n := len(a.requests()); n > 4*100 {
		t.Errorf("%d requests, want at most four for each object", n)
	}
	stored := []string{}
	for _, row := range a.sandbox.CustomValues().All(a.locationID) {
		stored = append(stored, row.ID)
	}
	for _, row := range a.sandbox.Relations(a.locationID) {
		stored = append(stored, row.ID)
	}
	for _, row := range a.sandbox.Associations(a.locationID) {
		if strings.HasPrefix(row.Key, a.key("mentor_")) {
			stored = append(stored, row.ID)
		}
	}
	slices.Sort(stored)
	if ids := e.stateIDs(); !slices.Equal(ids, stored) || len(ids) != 100 {
		t.Errorf("the state contains %d objects, and the sub-account %d, want the same 100", len(ids), len(stored))
	}
	e.plansNothing()
}
