package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// side is one side of an association: its object and its label.
type side struct{ object, label string }

// association is the configuration of an association, with additional lines.
func association(name, key string, first, second side, lines ...string) string {
	return fmt.Sprintf(`
resource "ghl_association" %q {
  key                 = %q
  first_object_key    = %q
  first_object_label  = %q
  second_object_key   = %q
  second_object_label = %q
  %s
}
`, name, key, first.object, first.label, second.object, second.label, strings.Join(lines, "\n  "))
}

// contacts is the configuration of an association between contacts. Every account has
// contacts.
func contacts(name, key, firstLabel, secondLabel string, lines ...string) string {
	return association(name, key, side{"contact", firstLabel}, side{"contact", secondLabel}, lines...)
}

// attribute is a state check of a string attribute.
func attribute(address, name, value string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), knownvalue.StringExact(value))
}

// does checks the action that a plan takes on a resource.
func does(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// doesNothing checks that the plan is empty.
func doesNothing() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

// An association is created, its labels are updated in place, and it is deleted.
func TestAccAssociation_lifecycle(t *testing.T) {
	a := newAccount(t)
	const address = "ghl_association.mentor"
	sameID := statecheck.CompareValue(compare.ValuesSame())
	id := func() statecheck.StateCheck { return sameID.AddStateValue(address, tfjsonpath.New("id")) }
	created := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	relabelled := a.provider() + contacts("mentor", a.key("mentor"), "Coach", "Mentee")
	swapped := a.provider() + contacts("mentor", a.key("mentor"), "Mentee", "Coach")

	a.run(
		resource.TestStep{
			Config: created,
			Check: a.wrote(`POST /associations/ {"firstObjectKey":"contact","firstObjectLabel":"Mentor","key":"` + a.key("mentor") +
				`","locationId":"loc-school","secondObjectKey":"contact","secondObjectLabel":"Mentee"}`),
			ConfigStateChecks: append(ifIdentity(
				statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")),
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("location_id"), knownvalue.StringExact(a.locationID)),
			),
				id(),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.NotNull()),
				attribute(address, "location_id", a.locationID),
				attribute(address, "key", a.key("mentor")),
				attribute(address, "first_object_key", "contact"),
				attribute(address, "first_object_label", "Mentor"),
				attribute(address, "second_object_key", "contact"),
				attribute(address, "second_object_label", "Mentee"),
				attribute(address, "association_type", "USER_DEFINED"),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("deletion_protection"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("timeouts"), knownvalue.Null()),
			),
		},
		resource.TestStep{
			PreConfig:         a.forget,
			Config:            relabelled,
			ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
			Check:             a.wrote(`PUT /associations/[0-9a-f]{24} {"firstObjectLabel":"Coach","secondObjectLabel":"Mentee"}`),
			ConfigStateChecks: []statecheck.StateCheck{id(), attribute(address, "first_object_label", "Coach")},
		},
		// Between contacts, the order of the sides determines their roles, so swapped labels are a
		// change.
		resource.TestStep{
			PreConfig:         a.forget,
			Config:            swapped,
			ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
			Check:             a.wrote(`PUT /associations/[0-9a-f]{24} {"firstObjectLabel":"Mentee","secondObjectLabel":"Coach"}`),
			ConfigStateChecks: []statecheck.StateCheck{id(), attribute(address, "first_object_label", "Mentee")},
		},
		// Attributes that only the provider uses are updated without a call.
		resource.TestStep{
			PreConfig: a.forget,
			Config: a.provider() + contacts("mentor", a.key("mentor"), "Mentee", "Coach",
				`deletion_protection = false`, `timeouts = { create = "20m", delete = "5m" }`),
			ConfigPlanChecks: does(address, plancheck.ResourceActionUpdate),
			Check:            a.wrote(),
			ConfigStateChecks: []statecheck.StateCheck{
				id(),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("timeouts").AtMapKey("create"), knownvalue.StringExact("20m")),
			},
		},
		resource.TestStep{
			PreConfig: a.forget,
			Config:    a.provider(),
			Check: func(*terraform.State) error {
				if err := a.wrote(`DELETE /associations/[0-9a-f]{24}`)(nil); err != nil {
					return err
				}
				return a.nothingLeft()
			},
		},
	)
}

// A change to the key, to either object or to an explicit location_id replaces the
// association.
func TestAccAssociation_replaces(t *testing.T) {
	a := newSandboxAccount(t)
	const student, teacher = "custom_objects.student", "custom_objects.teacher"
	before, after, elsewhere := a.provider(), a.provider(), a.provider()
	var replaced []plancheck.PlanCheck
	var oldIDs, newIDs []statecheck.StateCheck
	for name, changed := range map[string]struct{ key, first, second string }{
		"key":    {"other_key", student, teacher},
		"first":  {"first", "contact", teacher},
		"second": {"second", student, "business"},
		// The sides are swapped, and one object changes too, so this is a different association.
		"swapped": {"swapped", "opportunity", student},
	} {
		address := "ghl_association." + name
		lesson := func(key, first, second string, lines ...string) string {
			return association(name, a.key(key), side{first, "Student of " + name}, side{second, "Teacher"}, lines...)
		}
		before += lesson(name, student, teacher)
		after += lesson(changed.key, changed.first, changed.second)
		elsewhere += lesson(changed.key, changed.first, changed.second, `location_id = "loc-other"`)
		replaced = append(replaced, plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate))
		differs := statecheck.CompareValue(compare.ValuesDiffer())
		oldIDs = append(oldIDs, differs.AddStateValue(address, tfjsonpath.New("id")))
		newIDs = append(newIDs, differs.AddStateValue(address, tfjsonpath.New("id")), attribute(address, "first_object_key", changed.first))
	}
	a.run(
		resource.TestStep{Config: before, ConfigStateChecks: oldIDs},
		resource.TestStep{
			Config:            after,
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: replaced},
			ConfigStateChecks: newIDs,
		},
		resource.TestStep{
			Config: elsewhere, PlanOnly: true, ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: replaced},
		},
	)
}

// Orientation: the state keeps the user's order of sides, whatever the server does with
// sides and labels. Swapping the sides in the configuration replaces nothing. The only call
// is a PUT if the label of an object changes.
func TestAccAssociation_orientation(t *testing.T) {
	const (
		business = "business"
		projects = "custom_objects.projects"
		put      = `PUT /associations/[0-9a-f]{24} `
		changed  = "0 added, 1 changed, 0 destroyed"
	)
	for name, test := range map[string]struct {
		quirks         sandbox.Quirks
		repairs        []string // requests that follow the POST
		storedFirst    string
		relabel        string
		swappedRelabel string
	}{
		"the server swaps sides": {
			sandbox.Quirks{}, nil, business,
			put + `{"firstObjectLabel":"Firm","secondObjectLabel":"Project"}`, put + `{"firstObjectLabel":"Firm","secondObjectLabel":"Venture"}`,
		},
		"the server swaps sides and leaves the labels behind": {
			sandbox.Quirks{LabelsStay: true}, []string{put + `{"firstObjectLabel":"Company","secondObjectLabel":"Project"}`}, business,
			put + `{"firstObjectLabel":"Firm","secondObjectLabel":"Project"}`, put + `{"firstObjectLabel":"Firm","secondObjectLabel":"Venture"}`,
		},
		"the server keeps the sides": {
			sandbox.Quirks{KeepSides: true}, nil, projects,
			put + `{"firstObjectLabel":"Project","secondObjectLabel":"Firm"}`, put + `{"firstObjectLabel":"Venture","secondObjectLabel":"Firm"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			e := a.localEngine("")
			step := func(first, second side, counts string, writes ...string) {
				t.Helper()
				a.forget()
				e.write("main.tf", association("work", a.key("work"), first, second))
				says(t, e.apply(), counts)
				a.mustHaveWritten(writes...)
				a.holds(e, 1, 0)
				e.hasAttributes("ghl_association.work", map[string]any{
					"first_object_key": first.object, "first_object_label": first.label,
					"second_object_key": second.object, "second_object_label": second.label,
				})
				row := a.association(a.key("work"))
				stored := map[string]string{row.FirstObjectKey: row.FirstObjectLabel, row.SecondObjectKey: row.SecondObjectLabel}
				if row.FirstObjectKey != test.storedFirst || stored[first.object] != first.label || stored[second.object] != second.label {
					t.Errorf("stored %+v, want %s first, with the labels of %v and %v", row, test.storedFirst, first, second)
				}
				e.plansNothing()
			}
			step(side{projects, "Project"}, side{business, "Company"}, "1 added", append([]string{`POST /associations/ .*`}, test.repairs...)...)
			step(side{projects, "Project"}, side{business, "Firm"}, changed, test.relabel)
			// Swapped sides: nothing is replaced, and no call is made.
			step(side{business, "Firm"}, side{projects, "Project"}, changed)
			// Sides swapped back, with a new label for one object: one PUT.
			step(side{projects, "Venture"}, side{business, "Firm"}, changed, test.swappedRelabel)
			// A label that somebody else changed is restored on the right object.
			a.sandbox.UpdateAssociation(a.locationID, a.association(a.key("work")).ID, func(row *sandbox.Association) {
				if row.FirstObjectKey == business {
					row.FirstObjectLabel = "Theirs"
				} else {
					row.SecondObjectLabel = "Theirs"
				}
			})
			step(side{projects, "Venture"}, side{business, "Firm"}, changed, test.swappedRelabel)
			e.destroy()
		})
	}
}

// Labels and keys with special characters are stored and read back unchanged.
func TestAccAssociation_oddTexts(t *testing.T) {
	a := newAccount(t)
	const first, second = `Größe "XL" \ 'x' <b>&amp;</b>`, "línea 1\n\tline 2  é 學生 ${not_a_template}"
	key := a.key("a b/c%2F?d#é")
	e := a.localEngine(fmt.Sprintf(`
resource "ghl_association" "odd" {
  key                 = %q
  first_object_key    = "contact"
  first_object_label  = %s
  second_object_key   = "contact"
  second_object_label = %s
}
`, key, hcl(t, first), hcl(t, second)))
	e.apply()
	e.plansNothing()
	e.succeeds("state", "rm", "ghl_association.odd")
	e.succeeds("import", "-no-color", "ghl_association.odd", "key:"+key)
	e.hasAttributes("ghl_association.odd", map[string]any{"key": key, "first_object_label": first, "second_object_label": second})
	e.plansNothing()
	e.destroy()
}

// The server stores a key in lower case, and the state keeps the configured case. A change
// to the key's case is not a difference.
func TestAccAssociation_keyCase(t *testing.T) {
	a := newAccount(t)
	e := a.localEngine(contacts("mentor", a.key("School_Mentor"), "Mentor", "Mentee"))
	e.apply()
	_ = a.association(a.key("school_mentor")) // fails the test if the key is not stored in lower case
	a.forget()
	e.write("main.tf", contacts("mentor", a.key("SCHOOL_mentor"), "Mentor", "Mentee"))
	e.plansNothing()
	e.write("main.tf", contacts("mentor", a.key("school_mentor"), "Mentor", "Pupil"))
	says(t, e.apply(), "0 added, 1 changed, 0 destroyed")
	a.mustHaveWritten(`PUT /associations/.* {"firstObjectLabel":"Mentor","secondObjectLabel":"Pupil"}`)
	e.hasAttributes("ghl_association.mentor", map[string]any{"key": a.key("School_Mentor")})
	e.plansNothing()
	e.destroy()
}

// If somebody else deletes an association, the next plan creates it again.
func TestAccAssociation_disappears(t *testing.T) {
	a := newAccount(t)
	config := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	a.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { a.removeAssociation(a.key("mentor")) },
			Config:           config,
			ConfigPlanChecks: does("ghl_association.mentor", plancheck.ResourceActionCreate),
		},
		// If the association no longer exists, its destroy is not an error.
		resource.TestStep{PreConfig: func() { a.removeAssociation(a.key("mentor")) }, Config: config, Destroy: true},
	)
}
