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

// importBlocks are the blocks of an output, as a user pastes them. A warning of the
// plan and the error of the apply may print the same one.
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

// A planned create whose key is taken is warned about, with what differs and the
// block that imports the existing object.
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
		t.Errorf("%d requests, want the first page of the associations", len(requests))
	}
	e.write("main.tf", config+importBlock("ghl_association.mentor", "loc-school/"+mentor.ID))
	says(t, e.apply(), "1 imported, 0 added, 1 changed, 0 destroyed")
	e.plansNothing()
}

// The error of a create gives the block too, and it works at once.
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

// Two contacts are linked once, whichever comes first. The block imports the existing
// relation, and the next apply swaps its records.
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

// An association that was deleted and made again by hand has a new id. The plan
// warns; while the state holds the old one, the engine ignores the block, so the
// warning names apply -refresh-only first, and the error after a failed apply, which
// took the old one out, gives the block alone.
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
				says(t, e.succeeds("plan", "-no-color"), "1 to add", existsAlready) // the engine ignores the block
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

// A key that an association is renamed to is looked up, its own never.
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
		t.Errorf("%d requests for the plan of a tainted instance, want the one that reads it", n)
	}
}

// If it is unknown whether the key is taken, there is neither a warning nor an error.
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
		t.Errorf("%d requests for an unknown key, want the one that reaches the sub-account", n)
	}
	// With an unknown label there is nothing to compare with.
	e.write("main.tf", later(`"Mentor"`)+strings.Replace(config, `"Mentor"`, "terraform_data.later.output", 1))
	output := e.succeeds("plan", "-no-color")
	says(t, output, existsAlready)
	doesNotSay(t, output, "differs")
	doesNotSay(t, output, "It matches the configuration")
	// A system-defined one cannot be imported.
	e.write("main.tf", contacts("mentor", "BUSINESSES_CONTACTS_ASSOCIATION", "Mentor", "Mentee"))
	output = e.succeeds("plan", "-no-color")
	says(t, output, existsAlready, "HighLevel defines itself", "choose another key")
	doesNotSay(t, output, "import {")
}

// Many planned creates cost the pages of the listing once, not a lookup each.
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
		{a.adoptingEngine(config), 1 + 2, 1 + 2, "It also takes over the other existing associations in this plan."},
	} {
		warnings := test.engine.warnedOf("Association")
		if len(warnings) != test.associations {
			t.Errorf("%d warnings of associations, want %d: %v", len(warnings), test.associations, warnings)
		}
		if n := strings.Count(strings.Join(warnings, ""), test.once); n != 1 {
			t.Errorf("%q %d times, want once: %v", test.once, n, warnings)
		}
		if n := strings.Count(strings.Join(warnings, ""), "It differs from the configuration"); n != 2 {
			t.Errorf("%d differences, want two: %v", n, warnings)
		}
		if warnings := test.engine.warnedOf("Custom Value"); len(warnings) != test.values {
			t.Errorf("%d warnings of values, want %d: %v", len(warnings), test.values, warnings)
		}
	}
}
