package provider_test

import (
	"fmt"
	"strings"
	"testing"
)

func movedBlock(from, to string) string {
	return fmt.Sprintf("\nmoved {\n  from = %s\n  to   = %s\n}\n", from, to)
}

func importBlock(to, id string) string {
	return fmt.Sprintf("\nimport {\n  to = %s\n  id = %q\n}\n", to, id)
}

// objects returns the number of associations of the test, and the number of relations.
func (a *account) objects() (associations, relations int) {
	for _, row := range a.sandbox.Associations(a.locationID) {
		if strings.HasPrefix(row.Key, a.prefix) {
			associations++
		}
	}
	return associations, len(a.sandbox.Relations(a.locationID))
}

func (a *account) stillHas(associations, relations int) {
	a.t.Helper()
	if n, m := a.objects(); n != associations || m != relations {
		a.t.Errorf("%d associations and %d relations are left, want %d and %d", n, m, associations, relations)
	}
}

// If a block is renamed without a moved block, the advice in the plan is safe, in whatever order the engine plans. An import
// block fails at plan time, and a moved block changes nothing.
func TestAccRename_association(t *testing.T) {
	for name, test := range map[string]struct{ flag, from, to, newBlock string }{
		"plain":     {"", "ghl_association.old", "ghl_association.new", ""},
		"protected": {protected, "ghl_association.old", "ghl_association.new", ""},
		"for_each":  {"", `ghl_association.old["x"]`, `ghl_association.old["y"]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			block := func(address string) string {
				resourceName := strings.TrimPrefix(address, "ghl_association.")
				resourceName, instance, isEach := strings.Cut(resourceName, "[")
				lines := []string{test.flag}
				if isEach {
					lines = append(lines, `for_each = toset([`+strings.TrimSuffix(instance, "]")+`])`)
				}
				return contacts(resourceName, a.key("mentor"), "Mentor", "Mentee", lines...)
			}
			e := a.localEngine(block(test.from))
			e.apply()
			row := a.association(a.key("mentor"))
			a.addRelation(row.ID, "contact-1", "contact-2")
			a.forget()

			e.write("main.tf", block(test.to))
			for range sized(2, 12) {
				for _, command := range [][]string{{"plan", "-no-color"}, {"plan", "-no-color", "-refresh=false"}} {
					output, code := e.run(command...)
					if (code == exitFailed) != (test.flag != "") {
						t.Fatalf("exit code %d\n%s", code, output)
					}
					says(t, output, "moved {", "from = ghl_association.old", "to = ghl_association.new")
					doesNotSay(t, output, "creating it will fail")
					doesNotSay(t, output, "HighLevel did not make it")
					doesNotSay(t, output, "import {")
					if i := strings.Index(output, "import block"); i >= 0 {
						says(t, output, "If no state manages the object")
						if strings.Index(output, "moved") > i {
							t.Errorf("the import block comes before the moved block:\n%s", output)
						}
					}
				}
			}
			for range sized(2, 12) {
				e.write("main.tf", block(test.to)+importBlock(test.to, row.ID))
				output := e.fails("plan", "-no-color")
				says(t, output, "moved {")
				if test.flag == "" {
					says(t, output, "Unable to Plan Association", "Two resources in this state manage the association", "Nothing has been changed", "remove the import block")
				}
			}
			e.fails(applyCommand...)
			a.mustHaveWritten()
			a.stillHas(1, 1)

			e.write("main.tf", block(test.to)+movedBlock(test.from, test.to))
			says(t, e.succeeds("plan", "-no-color"), "Plan: 0 to add, 0 to change, 0 to destroy")
			e.apply()
			a.mustHaveWritten()
			a.stillHas(1, 1)
			e.write("main.tf", block(test.to))
			e.plansNothing()
		})
	}
}

// The advice is also safe for a renamed relation, in either order of its records.
func TestAccRename_relation(t *testing.T) {
	for name, turned := range map[string]bool{"as written": false, "turned": true} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			kind := association("kind", a.key("kind"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"})
			block := func(resourceName string) string {
				if turned && resourceName == "new" {
					return kind + relation(resourceName, "ghl_association.kind.id", "contact-2", "student-1")
				}
				return kind + relation(resourceName, "ghl_association.kind.id", "student-1", "contact-2")
			}
			e := a.localEngine(block("old"))
			e.apply()
			id := a.association(a.key("kind")).ID
			a.forget()

			e.write("main.tf", block("new"))
			for range sized(2, 12) {
				output := e.succeeds("plan", "-no-color")
				says(t, output, "Warning: Relation Destroyed and Created Again", "moved {", "from = ghl_relation.old")
				doesNotSay(t, output, "import")
			}
			for range sized(2, 6) {
				e.write("main.tf", block("new")+importBlock("ghl_relation.new", id+"/student-1/contact-2"))
				says(t, e.fails("plan", "-no-color"), "Unable to Plan Relation", "Two resources in this state manage the relation", "remove the import block", "moved {")
			}
			e.fails(applyCommand...)
			a.mustHaveWritten()
			a.stillHas(1, 1)

			e.write("main.tf", block("new")+movedBlock("ghl_relation.old", "ghl_relation.new"))
			says(t, e.succeeds("plan", "-no-color"), "Plan: 0 to add, 0 to change, 0 to destroy")
			e.apply()
			e.write("main.tf", block("new"))
			e.plansNothing()
			a.mustHaveWritten()
		})
	}
}

// If two resources of one configuration want the same object, the plan and the error say so. No message suggests importing the
// object that the other resource created.
func TestAccRename_wantedTwice(t *testing.T) {
	a := newSandboxAccount(t)
	kind := contacts("one", a.key("mentor"), "Mentor", "Mentee")
	both := kind + contacts("two", a.key("Mentor"), "Mentor", "Mentee")
	e := a.localEngine(both)
	says(t, e.succeeds("plan", "-no-color"), "Warning: Two Resources Want the Same Association", "Remove the block that is not in the state yet")
	output := e.fails(applyCommand...)
	_, failure, _ := strings.Cut(output, "Error: ")
	says(t, failure, "another resource of this configuration created or manages it", "Remove the block that is not in the state yet")
	doesNotSay(t, failure, "import")
	doesNotSay(t, output, "HighLevel did not make it")
	for range sized(2, 6) {
		says(t, e.succeeds("plan", "-no-color"), "Warning: Two Resources Want the Same Association")
	}

	mentor := a.association(a.key("mentor"))
	links := func(first, second string) string {
		return relation("one", quoted(mentor.ID), "contact-1", "contact-2") + relation("two", quoted(mentor.ID), first, second)
	}
	for _, pair := range [][2]string{{"contact-1", "contact-2"}, {"contact-2", "contact-1"}} {
		e = a.localEngine(links(pair[0], pair[1]))
		says(t, e.succeeds("plan", "-no-color"), "Warning: Two Resources Want the Same Relation")
		output = e.fails(applyCommand...)
		_, failure, _ = strings.Cut(output, "Error: ")
		says(t, failure, "another resource of this configuration created or manages it")
		doesNotSay(t, failure, "import")
		e.succeeds("destroy", "-auto-approve", "-no-color")
	}
}

// If a plan destroys or replaces the object of a single resource, none of these messages appears.
func TestAccRename_legitimate(t *testing.T) {
	a := newSandboxAccount(t)
	whole := func(lines ...string) string {
		return contacts("mentor", a.key("mentor"), "Mentor", "Mentee", lines...) + relation("link", "ghl_association.mentor.id", "contact-1", "contact-2", lines...)
	}
	e := a.localEngine(whole())
	e.apply()
	quiet := func(output string) {
		t.Helper()
		for _, phrase := range []string{"Two Resources", "Two resources", "Destroyed and Created Again", "Already Exists"} {
			doesNotSay(t, output, phrase)
		}
	}
	quiet(e.succeeds("plan", "-no-color", "-replace=ghl_association.mentor"))
	quiet(e.succeeds("plan", "-no-color", "-replace=ghl_relation.link"))
	quiet(e.succeeds("apply", "-auto-approve", "-no-color", "-replace=ghl_association.mentor"))
	quiet(e.succeeds("apply", "-auto-approve", "-no-color", "-replace=ghl_relation.link"))
	e.succeeds("taint", "ghl_relation.link")
	quiet(e.apply())
	e.succeeds("taint", "ghl_association.mentor")
	quiet(e.apply())
	e.write("main.tf", association("mentor", a.key("mentor"), side{"contact", "Mentor"}, side{"business", "Mentee"}))
	quiet(e.apply())
	e.write("main.tf", whole("lifecycle {\n    create_before_destroy = true\n  }"))
	e.succeeds("state", "rm", "ghl_association.mentor")
	a.removeAssociation(a.key("mentor"))
	e.apply()
	// The new association needs another key and other labels, because both must be unique while the old one exists.
	e.write("main.tf", strings.NewReplacer(a.key("mentor"), a.key("coach"), `"Mentor"`, `"Coach"`).Replace(e.read("main.tf")))
	quiet(e.apply())
	quiet(e.succeeds("apply", "-refresh-only", "-auto-approve", "-no-color"))
	quiet(e.destroy())
	a.stillHas(0, 0)

	e.write("main.tf", whole())
	e.apply()
	e.write("main.tf", "")
	quiet(e.apply())
	a.stillHas(0, 0)
}
