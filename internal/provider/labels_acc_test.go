package provider_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// If two labels are swapped, the records of every relation swap roles. The plan shows which object or side gets which label.
func TestAccLabels_changePlaces(t *testing.T) {
	a := newSandboxAccount(t)
	const warning = "Warning: Labels Change Places"
	e := a.localEngine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	doesNotSay(t, e.apply(), warning)
	e.write("main.tf", contacts("mentor", a.key("mentor"), "Mentee", "Mentor"))
	says(t, e.succeeds("plan", "-no-color"), warning, `the first side gets the label "Mentee" instead of "Mentor", and the second side gets "Mentor" instead of "Mentee"`,
		"the two records of every relation swap roles", "1 to change")
	e.write("main.tf", contacts("mentor", a.key("mentor"), "Mentee", "Protégé"))
	doesNotSay(t, e.succeeds("plan", "-no-color"), warning)

	student, teacher := side{"custom_objects.student", "Student"}, side{"custom_objects.teacher", "Teacher"}
	const ignored = "lifecycle {\n    ignore_changes = [first_object_label, second_object_label]\n  }"
	e = a.localEngine(association("taught", a.key("taught"), student, teacher, ignored))
	e.apply()
	e.write("main.tf", association("taught", a.key("taught"), teacher, student, ignored))
	says(t, e.succeeds("plan", "-no-color"), warning, `"custom_objects.student" gets the label "Teacher" instead of "Student", and "custom_objects.teacher" gets "Student" instead of "Teacher"`,
		"If ignore_changes covers the labels, keep the sides as they are in the state")
	// If the sides swap together with their labels, nothing changes.
	e.write("main.tf", association("taught", a.key("taught"), teacher, student))
	doesNotSay(t, e.succeeds("plan", "-no-color"), warning)
}

// An existing association between contacts that has the same label on both sides can be imported. A plan that creates such a
// new association shows a warning, because HighLevel is known to refuse two equal labels.
func TestAccLabels_equal(t *testing.T) {
	a := newSandboxAccount(t)
	const warning = "Warning: Labels Are the Same"
	row := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("friends"), FirstObjectKey: "contact", FirstObjectLabel: "Friend", SecondObjectKey: "contact", SecondObjectLabel: "Friend",
	})
	friends := contacts("friends", a.key("friends"), "Friend", "Friend")
	e := a.localEngine(friends + importBlock("ghl_association.friends", "loc-school/"+row.ID))
	output := e.apply()
	says(t, output, "1 imported, 0 added, 0 changed, 0 destroyed")
	doesNotSay(t, output, warning)
	e.plansNothing()

	e.write("main.tf", friends+contacts("peers", a.key("peers"), "Peer", "Peer"))
	says(t, e.succeeds("plan", "-no-color"), warning, "known to refuse two equal labels", "1 to add")
	e.write("main.tf", strings.ReplaceAll(friends, `"Friend"`, `"Pal"`))
	says(t, e.succeeds("plan", "-no-color"), warning, "1 to change")

	if !engineHasQuery() {
		return
	}
	e = a.localEngine("")
	e.write("adopt.tfquery.hcl", "list \"ghl_association\" \"all\" {\n  provider = ghl\n  config {\n    key_prefix = \""+a.key("friends")+"\"\n  }\n}\n")
	e.succeeds("query", "-no-color", "-generate-config-out=generated.tf")
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
	e.plansNothing()
}
