package provider_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// printedBlock is an import block that a message prints, in the frame that the engine puts around it.
var printedBlock = regexp.MustCompile(`import \{\n[│ ]*to = (\w+)\.example\n[│ ]*id = (".*")\n[│ ]*\}`)

// importBlocks returns the import blocks in an output, with the addresses that a user would
// insert. The warning of the plan and the error of the apply may print the same block.
func importBlocks(t *testing.T, output string, addresses ...string) string {
	t.Helper()
	var blocks strings.Builder
	for _, address := range addresses {
		resourceType, _, _ := strings.Cut(address, ".")
		ids := map[string]bool{}
		for _, block := range printedBlock.FindAllStringSubmatch(output, -1) {
			if block[1] == resourceType && !ids[block[2]] {
				ids[block[2]] = true
				blocks.WriteString("\nimport {\n  to = " + address + "\n  id = " + block[2] + "\n}\n")
			}
		}
		if len(ids) != 1 {
			t.Fatalf("%d import blocks for %s in:\n%s", len(ids), address, output)
		}
	}
	return blocks.String()
}

const existsAlready = "Association Already Exists"

// If the key of a planned create is taken, the plan warns. The warning shows the
// differences and how to import the existing object.
func TestAccExists_warning(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Coach", "Mentee")
	a.forget()
	config := contacts("mentor", a.key("Mentor"), "Mentor", "Mentee")
	e := a.localEngine(config)
	output := e.succeeds("plan", "-no-color")
	says(t, output, "Warning: "+existsAlready, "1 to add", `with the id "`+mentor.ID+`"`, `the label of "contact" is "Coach", not "Mentor"`,
		"run apply -refresh-only first", `with the id "loc-school/`+mentor.ID+`"`, "from = ghl_association.old, to = ghl_association.new")
	doesNotSay(t, output, "creating it will fail")
	if requests := a.requests(); len(requests) != 1 {
		t.Errorf("%d requests, want one, for the first page of associations", len(requests))
	}
	e.write("main.tf", config+importBlock("ghl_association.mentor", "loc-school/"+mentor.ID))
	says(t, e.apply(), "1 imported, 0 added, 1 changed, 0 destroyed")
	e.plansNothing()
}

// The error of a create prints an import block that works without changes.
func TestAccExists_error(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.addRelation(mentor.ID, "contact-1", "contact-2")
	config := contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	e := a.localEngine(config)
	output := e.fails(applyCommand...)
	_, failure, _ := strings.Cut(output, "Error: ")
	says(t, failure, "Unable to Create Association", "with ghl_association.mentor", "It matches the configuration", "create_before_destroy")
	config += importBlocks(t, failure, "ghl_association.mentor")
	e.write("main.tf", config)
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")

	config += relation("link", "ghl_association.mentor.id", "contact-1", "contact-2")
	e.write("main.tf", config)
	output = e.fails(applyCommand...)
	says(t, output, "Unable to Create Relation", `relation of the records "contact-1" and "contact-2"`, "create_before_destroy")
	e.write("main.tf", config+importBlocks(t, output, "ghl_relation.link"))
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
	e.plansNothing()
}

// Two contacts can have only one relation, in either order. The import block imports the
// existing relation, and the next apply swaps its records.
func TestAccExists_turnedRelation(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.addRelation(mentor.ID, "contact-2", "contact-1")
	config := relation("link", quoted(mentor.ID), "contact-1", "contact-2")
	e := a.localEngine(config)
	output := e.fails(applyCommand...)
	says(t, output, "Unable to Create Relation", `relation of the records "contact-1" and "contact-2"`, "the other way round")
	e.write("main.tf", config+importBlocks(t, output, "ghl_relation.link"))
	says(t, e.apply(), "1 imported, 1 added, 0 changed, 1 destroyed")
	e.plansNothing()
}

// An association that was deleted and created again by hand has a new id. While the state
// contains the old association, the engine ignores an import block. So the warning of the
// plan advises `apply -refresh-only` first. After a failed apply, which removed the old
// association from the state, the import block in the error is enough.
func TestAccExists_madeAgain(t *testing.T) {
	for name, failing := range map[string]bool{"refreshed": false, "after a failed apply": true} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			config := contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
			e := a.localEngine(config)
			e.apply()
			a.removeAssociation(a.key("mentor"))
			again := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
			output := e.succeeds("plan", "-no-color")
			says(t, output, existsAlready, again.ID, "run apply -refresh-only first", "1 to add")
			doesNotSay(t, output, "All Its Relations")
			if failing {
				e.write("main.tf", config+importBlock("ghl_association.mentor", "loc-school/"+again.ID))
				says(t, e.succeeds("plan", "-no-color"), "1 to add", existsAlready) // the engine ignores the import block
				e.write("main.tf", config)
				_, output, _ = strings.Cut(e.fails(applyCommand...), "Error: ")
			} else {
				e.succeeds("apply", "-refresh-only", "-auto-approve", "-no-color")
			}
			if failing {
				e.write("main.tf", config+importBlocks(t, output, "ghl_association.mentor"))
			} else {
				e.write("main.tf", config+importBlock("ghl_association.mentor", "loc-school/"+again.ID))
			}
			says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
			e.plansNothing()
		})
	}
}

// If a change replaces an association, the plan looks up the new key, but never the
// association's own key.
func TestAccExists_replacement(t *testing.T) {
	a := newSandboxAccount(t)
	taken := a.addAssociation(a.key("coach"), "Coach", "Coachee")
	e := a.localEngine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	e.apply()
	e.write("main.tf", contacts("mentor", a.key("coach"), "Mentor", "Mentee"))
	says(t, e.succeeds("plan", "-no-color"), existsAlready, taken.ID, "Deletes All Its Relations")
	e.write("main.tf", association("mentor", a.key("Mentor"), side{"contact", "Mentor"}, side{"business", "Mentee"}))
	output := e.succeeds("plan", "-no-color")
	says(t, output, "Deletes All Its Relations", "1 to add, 0 to change, 1 to destroy")
	doesNotSay(t, output, existsAlready)

	e.write("main.tf", contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	e.succeeds("taint", "ghl_association.mentor")
	a.forget()
	output = e.succeeds("plan", "-no-color")
	says(t, output, "Deletes All Its Relations", "is tainted, so")
	doesNotSay(t, output, existsAlready)
	if n := len(a.requests()); n != 1 {
		t.Errorf("%d requests for the plan of a tainted instance, want one, which reads it", n)
	}
}

// If the plan cannot find out whether the key is taken, there is no warning or error about
// the key.
func TestAccExists_unknown(t *testing.T) {
	a := newSandboxAccount(t)
	a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	config := contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	e := a.localEngine(config)
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError} {
		a.sandbox.AddFault(sandbox.Fault{Effect: sandbox.Status(status)})
		output := e.succeeds("plan", "-no-color")
		says(t, output, "1 to add")
		doesNotSay(t, output, "Warning: Association")
		a.sandbox.ClearFaults()
	}
	a.forget()
	later := func(attribute string) string {
		return "resource \"terraform_data\" \"later\" {\n  input = " + attribute + "\n}\n"
	}
	quotedKey := quoted(a.key("mentor"))
	e.write("main.tf", later(quotedKey)+strings.Replace(config, quotedKey, "terraform_data.later.output", 1))
	doesNotSay(t, e.succeeds("plan", "-no-color"), existsAlready)
	if n := len(a.requests()); n != 1 {
		t.Errorf("%d requests for an unknown key, want one, which checks access to the sub-account", n)
	}
	// If a label is unknown, the warning shows no comparison.
	e.write("main.tf", later(`"Mentor"`)+strings.Replace(config, `"Mentor"`, "terraform_data.later.output", 1))
	output := e.succeeds("plan", "-no-color")
	says(t, output, existsAlready)
	doesNotSay(t, output, "differs")
	doesNotSay(t, output, "It matches the configuration")
	// A system-defined association cannot be imported.
	e.write("main.tf", contacts("mentor", "BUSINESSES_CONTACTS_ASSOCIATION", "Mentor", "Mentee"))
	output = e.succeeds("plan", "-no-color")
	says(t, output, existsAlready, "system-defined association", "choose another key")
	doesNotSay(t, output, "import {")
}

// For many planned creates, the plan reads the listing once, instead of one lookup for each
// create.
func TestAccExists_many(t *testing.T) {
	a := newSandboxAccount(t)
	a.addAssociation(a.key("many_7"), "Mentor", "Mentee")
	e := a.localEngine(contacts("many", a.key("many_${count.index}"), "Mentor", "Mentee", "count = 30"))
	a.forget()
	output := flat(e.succeeds("plan", "-no-color"))
	if n := strings.Count(output, "already exists in sub-account"); n != 1 {
		t.Errorf("%d warnings, want 1:\n%s", n, output)
	}
	if n := len(a.requests()); n > 3+1 {
		t.Errorf("%d requests, want at most three lookups and a page", n)
	}
}

// One warning covers all objects that match their resources; each object that differs gets its own warning.
func TestAccExists_identical(t *testing.T) {
	a := newSandboxAccount(t)
	for i := range 5 {
		a.addAssociation(a.key(fmt.Sprintf("many_%d", i)), fmt.Sprintf("Mentor %d", i), "Mentee")
		a.addValue(fmt.Sprintf("Value %d", i), "1")
	}
	config := contacts("many", a.key("many_${count.index}"), "Mentor ${min(count.index, 2)}", "Mentee", "count = 6") +
		customValue("many", "Value ${count.index}", `count.index < 3 ? "1" : "2"`, "count = 6")
	for _, test := range []struct {
		engine               *engine
		associations, values int
		once                 string
	}{
		{a.localEngine(config), 1 + 2, 5, "To take over many associations at once, use import blocks with for_each over the data source ghl_associations"},
		{a.adoptingEngine(config), 1 + 2, 1 + 2, "The apply also takes over the other existing associations in this plan."},
	} {
		warnings := test.engine.warnedOf("Association")
		if len(warnings) != test.associations {
			t.Errorf("%d warnings about associations, want %d: %v", len(warnings), test.associations, warnings)
		}
		if n := strings.Count(strings.Join(warnings, ""), test.once); n != 1 {
			t.Errorf("%q %d times, want once: %v", test.once, n, warnings)
		}
		if n := strings.Count(strings.Join(warnings, ""), "It differs from the configuration"); n != 2 {
			t.Errorf("%d differences, want two: %v", n, warnings)
		}
		if warnings := test.engine.warnedOf("Custom Value"); len(warnings) != test.values {
			t.Errorf("%d warnings about values, want %d: %v", len(warnings), test.values, warnings)
		}
	}
}
