package provider_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// If HighLevel stores another key than it received, the create shows a warning. No later plan or apply replaces the
// association, which would delete its relations. The configuration may also contain the stored key.
func TestAccStored_key(t *testing.T) {
	for name, test := range map[string]struct {
		quirks          sandbox.Quirks
		written, stored string
	}{
		"slugged, labels too": {sandbox.Quirks{StoredKeys: sandbox.KeysSlugged, LabelsStay: true}, "Taught By: me", "taught_by_me"},
		"the Turkish İ":       {sandbox.Quirks{NoTotal: true}, "\u0130stanbul", "istanbul"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			config := func(key string) string {
				return a.provider() + contacts("mentor", key, "Mentor", "Mentee") + relation("link", "ghl_association.mentor.id", "contact-1", "contact-2")
			}
			written, stored := a.prefix+test.written, a.prefix+test.stored
			e := a.attachedEngine(config(written))
			output := e.apply()
			if a.storedAssociation(stored).ID == "" {
				t.Fatalf("no association has the key %q", stored)
			}
			if !strings.EqualFold(written, stored) {
				says(t, output, "HighLevel Changed the Key of an Association", `"`+written+`"`, `"`+stored+`"`)
			}
			a.forget()
			says(t, e.apply(), "0 added, 0 changed, 0 destroyed")
			e.write("main.tf", config(strings.ToUpper(written)))
			e.plansNothing()
			e.write("main.tf", config(stored))
			e.plansNothing()
			a.mustHaveWritten()
			a.holds(e, 1, 1)
			e.destroy()
		})
	}
}

// If HighLevel changes a label, the create shows a warning and an update fails. Both messages contain the sent and the stored
// label, and do not say that the labels are on the wrong objects. With the stored label in the configuration, the plan is
// empty.
func TestAccStored_labels(t *testing.T) {
	for name, test := range map[string]struct {
		quirks         sandbox.Quirks
		sent, stored   string
		again, stored2 string
	}{
		"escaped": {sandbox.Quirks{StoredLabels: sandbox.LabelsEscaped}, "Q&A", "Q&amp;A", "R&D", "R&amp;D"},
		"cut":     {sandbox.Quirks{LabelLength: 8}, "Very long label", "Very lon", "Even longer label", "Even lon"},
		"trimmed": {sandbox.Quirks{StoredLabels: sandbox.LabelsTrimmed}, "Mentor ", "Mentor", " Tutor", "Tutor"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			config := func(label string) string {
				return a.provider() + association("mentor", a.key("mentor"), side{"contact", label}, side{"custom_objects.student", "Mentee"})
			}
			e := a.attachedEngine(config(test.sent))
			output := e.apply()
			says(t, output, "HighLevel Changed the Labels of an Association", `for "contact", "`+test.sent+`" was sent and "`+test.stored+`" is stored`)
			doesNotSay(t, output, "wrong objects")
			a.wantRequests(sandbox.RouteUpdateAssociation, 0)

			e.write("main.tf", config(test.again))
			output = e.fails(applyCommand...)
			says(t, output, "Unable to Update Association", `for "contact", "`+test.again+`" was sent and "`+test.stored2+`" is stored`, "write them as HighLevel stores them")
			e.write("main.tf", config(test.stored2))
			e.apply()
			e.plansNothing()
			e.destroy()
		})
	}
}

// Labels that differ only in their Unicode normalization are equal.
func TestAccStored_labelsInNFD(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{StoredLabels: sandbox.LabelsNFD}))
	e := a.attachedEngine(a.provider() + contacts("mentor", a.key("mentor"), "Élève", "Maître"))
	doesNotSay(t, e.apply(), "Warning")
	e.plansNothing()
	e.write("main.tf", a.provider()+contacts("mentor", a.key("mentor"), "Écolière", "Maître"))
	says(t, e.apply(), "1 changed")
	e.plansNothing()
	e.destroy()
}

// Object keys that differ only in case are the same object.
func TestAccStored_objectKeys(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{StoredObjectKeys: sandbox.ObjectKeysLower}))
	config := func(object string) string {
		return a.provider() + association("mentor", a.key("mentor"), side{"contact", "Mentor"}, side{object, "Mentee"})
	}
	e := a.attachedEngine(config("custom_objects.Student"))
	doesNotSay(t, e.apply(), "Warning")
	a.forget()
	e.plansNothing()
	e.write("main.tf", config("custom_objects.STUDENT"))
	e.plansNothing()
	a.mustHaveWritten()
	e.destroy()
}

// If HighLevel swaps the records of a relation between records of one object, the create shows a warning, and the relation
// remains.
func TestAccStored_recordsTurned(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{SamePairReversed: true}))
	e := a.attachedEngine(a.mentorAndLink())
	says(t, e.apply(), "HighLevel Reversed the Records of a Relation", `"contact-1" and "contact-2"`)
	e.plansNothing()
	a.holds(e, 1, 1)
	e.destroy()
	a.holds(e, 0, 0)
}

// If an association has the same objects and labels as another one, its create fails with a message about the labels.
func TestAccStored_pairOfLabels(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{LabelPairFirst: true}))
	a.addAssociation(a.key("first"), "Mentor", "Mentee")
	a.kept = append(a.kept, a.key("first"))
	e := a.attachedEngine(a.provider() + contacts("second", a.key("second"), "Mentor", "Mentee"))
	says(t, e.fails(applyCommand...), "Unable to Create Association", "duplicate pair of labels", "Change one of the labels")
}
