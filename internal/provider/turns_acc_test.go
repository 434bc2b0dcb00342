package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// If a block is renamed without a moved block, the engine runs the delete and the create at the same time. The create waits
// for the delete, whichever starts first.
func TestAccTurns_renamedBlock(t *testing.T) {
	a := newSandboxAccount(t)
	a.clock = ghl.SystemClock() // the create must really wait for the delete
	config := func(name string) string {
		return a.provider() + contacts(name, a.key("mentor"), "Mentor", "Mentee") +
			relation("link", "ghl_association."+name+".id", "contact-1", "contact-2")
	}
	e := a.attachedEngine(config("name_0"))
	e.apply()
	for i := range sized(2, 4) {
		e.write("main.tf", config(fmt.Sprintf("name_%d", i+1)))
		says(t, e.apply(), "2 added, 0 changed, 2 destroyed")
		a.holds(e, 1, 1)
	}
	e.plansNothing()
	e.destroy()
}

// swappedLinks returns the configuration of n relations between pairs of contacts. In every second round, the two contacts of
// each pair are swapped.
func (a *account) swappedLinks(n, round int) string {
	pairs := make([]string, n)
	for i := range n {
		first, second := fmt.Sprintf("contact-%d", 2*i+1), fmt.Sprintf("contact-%d", 2*i+2)
		if round%2 == 1 {
			first, second = second, first
		}
		pairs[i] = fmt.Sprintf("%q", first+" "+second)
	}
	return a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") + fmt.Sprintf(`
resource "ghl_relation" "all" {
  for_each         = toset([%s])
  association_id   = ghl_association.mentor.id
  first_record_id  = split(" ", each.key)[0]
  second_record_id = split(" ", each.key)[1]
}
`, strings.Join(pairs, ", "))
}

// There are more swapped pairs than the engine can work on at once, so that a create may stop waiting and fail. No message
// suggests importing a relation that the apply deletes. A second apply creates the missing relations.
func TestAccTurns_manySwappedRecords(t *testing.T) {
	a := newSandboxAccount(t)
	a.clock = ghl.SystemClock()
	e := a.attachedEngine(a.swappedLinks(40, 0))
	e.apply()
	e.write("main.tf", a.swappedLinks(40, 1))
	if output, code := e.run(applyCommand...); code != 0 {
		says(t, output, "apply again")
		doesNotSay(t, output, "import {")
		e.apply()
	}
	e.plansNothing()
	if n := len(a.sandbox.Relations(a.locationID)); n != 40 {
		t.Errorf("%d relations, want 40", n)
	}
	e.destroy()
}
