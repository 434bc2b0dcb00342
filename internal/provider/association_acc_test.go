package provider_test

import (
	"fmt"
	"net/http"
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

// side is an object of an association and what it is called there.
type side struct{ object, label string }

// association is the configuration of one, with further lines.
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

// contacts is an association between contacts, which every account can have.
func contacts(name, key, firstLabel, secondLabel string, lines ...string) string {
	return association(name, key, side{"contact", firstLabel}, side{"contact", secondLabel}, lines...)
}

// attribute is a state check of a string attribute.
func attribute(address, name, value string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), knownvalue.StringExact(value))
}

// does is a plan check: what the plan does with a resource.
func does(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// doesNothing is a plan check: a second apply finds nothing to do.
func doesNothing() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

// Create; label update in place; delete.
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
			Config:           created,
			ConfigPlanChecks: does(address, plancheck.ResourceActionCreate),
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
			PreConfig:        a.forget,
			Config:           created,
			ConfigPlanChecks: doesNothing(),
			Check:            a.wrote(),
		},
		resource.TestStep{
			Config:            relabelled,
			ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
			Check:             a.wrote(`PUT /associations/[0-9a-f]{24} {"firstObjectLabel":"Coach","secondObjectLabel":"Mentee"}`),
			ConfigStateChecks: []statecheck.StateCheck{id(), attribute(address, "first_object_label", "Coach")},
		},
		// Between contacts the order carries the role: labels written the other way round are a change.
		resource.TestStep{
			PreConfig:         a.forget,
			Config:            swapped,
			ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
			Check:             a.wrote(`PUT /associations/[0-9a-f]{24} {"firstObjectLabel":"Mentee","secondObjectLabel":"Coach"}`),
			ConfigStateChecks: []statecheck.StateCheck{id(), attribute(address, "first_object_label", "Mentee")},
		},
		// What only the provider knows about costs no call.
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

// Labels and keys of any form come back as they were written.
func TestAccAssociation_oddTexts(t *testing.T) {
	a := newAccount(t)
	const first, second = `Größe "XL" \ 'x' <b>&amp;</b>`, "línea 1\n\tline 2  é 學生 ${not_a_template}"
	config := a.provider() + fmt.Sprintf(`
resource "ghl_association" "odd" {
  key                 = %q
  first_object_key    = "contact"
  first_object_label  = "Größe \"XL\" \\ 'x' <b>&amp;</b>"
  second_object_key   = "contact"
  second_object_label = "línea 1\n\tline 2  é 學生 $${not_a_template}"
}`, a.key("a b/c%2F?d#é"))
	a.run(
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("ghl_association.odd", "key", a.key("a b/c%2F?d#é")),
				attribute("ghl_association.odd", "first_object_label", first),
				attribute("ghl_association.odd", "second_object_label", second),
			},
		},
		resource.TestStep{
			ImportState: true, ImportStateVerify: true, ResourceName: "ghl_association.odd", Config: config,
			ImportStateId: "key:" + a.key("a b/c%2F?d#é"),
		},
	)
}

// Key change replaces.
func TestAccAssociation_keyReplaces(t *testing.T) {
	a := newAccount(t)
	const address = "ghl_association.mentor"
	otherID := statecheck.CompareValue(compare.ValuesDiffer())
	a.run(
		resource.TestStep{
			Config:            a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"),
			ConfigStateChecks: []statecheck.StateCheck{otherID.AddStateValue(address, tfjsonpath.New("id"))},
		},
		resource.TestStep{
			PreConfig:        a.forget,
			Config:           a.provider() + contacts("mentor", a.key("coach"), "Mentor", "Mentee"),
			ConfigPlanChecks: does(address, plancheck.ResourceActionDestroyBeforeCreate),
			Check:            a.wrote(`DELETE /associations/.*`, `POST /associations/ .*`),
			ConfigStateChecks: []statecheck.StateCheck{
				otherID.AddStateValue(address, tfjsonpath.New("id")),
				attribute(address, "key", a.key("coach")),
			},
		},
	)
}

// Object-key change replaces, on either side; and an explicit other location_id.
func TestAccAssociation_objectKeyReplaces(t *testing.T) {
	a := newSandboxAccount(t)
	const address = "ghl_association.lesson"
	otherID := statecheck.CompareValue(compare.ValuesDiffer())
	id := func() statecheck.StateCheck { return otherID.AddStateValue(address, tfjsonpath.New("id")) }
	lesson := func(first, second string, lines ...string) string {
		return a.provider() + association("lesson", a.key("lesson"), side{first, "Student"}, side{second, "Teacher"}, lines...)
	}
	a.run(
		resource.TestStep{
			Config:            lesson("custom_objects.student", "custom_objects.teacher"),
			ConfigStateChecks: []statecheck.StateCheck{id()},
		},
		resource.TestStep{
			PreConfig:         a.forget,
			Config:            lesson("contact", "custom_objects.teacher"),
			ConfigPlanChecks:  does(address, plancheck.ResourceActionDestroyBeforeCreate),
			Check:             a.wrote(`DELETE /associations/.*`, `POST /associations/ .*`),
			ConfigStateChecks: []statecheck.StateCheck{id(), attribute(address, "first_object_key", "contact")},
		},
		resource.TestStep{
			PreConfig:         a.forget,
			Config:            lesson("contact", "business"),
			ConfigPlanChecks:  does(address, plancheck.ResourceActionDestroyBeforeCreate),
			Check:             a.wrote(`DELETE /associations/.*`, `POST /associations/ .*`),
			ConfigStateChecks: []statecheck.StateCheck{id(), attribute(address, "second_object_key", "business")},
		},
		// The other way round, and one side changed besides: that is another association.
		resource.TestStep{
			Config:           lesson("opportunity", "contact"),
			ConfigPlanChecks: does(address, plancheck.ResourceActionDestroyBeforeCreate),
		},
		resource.TestStep{
			PreConfig:          a.forget,
			Config:             lesson("opportunity", "contact", `location_id = "loc-other"`),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
			}},
		},
	)
}

// Orientation: state keeps the user's sides, whatever the server does with sides
// and labels; a configuration written the other way round replaces nothing, and
// calls nothing but a PUT for a label that changes for its object.
func TestAccAssociation_orientation(t *testing.T) {
	const (
		business = "business"
		projects = "custom_objects.projects"
		put      = `PUT /associations/[0-9a-f]{24} `
	)
	for _, test := range []struct {
		name           string
		quirks         sandbox.Quirks
		repairs        []string // writes right after the POST
		storedFirst    string
		relabel        string
		swappedRelabel string
	}{
		{
			name:           "the server swaps sides and labels",
			storedFirst:    business,
			relabel:        put + `{"firstObjectLabel":"Firm","secondObjectLabel":"Project"}`,
			swappedRelabel: put + `{"firstObjectLabel":"Firm","secondObjectLabel":"Venture"}`,
		},
		{
			name:           "the server swaps sides and leaves the labels behind",
			quirks:         sandbox.Quirks{LabelsStay: true},
			repairs:        []string{put + `{"firstObjectLabel":"Company","secondObjectLabel":"Project"}`},
			storedFirst:    business,
			relabel:        put + `{"firstObjectLabel":"Firm","secondObjectLabel":"Project"}`,
			swappedRelabel: put + `{"firstObjectLabel":"Firm","secondObjectLabel":"Venture"}`,
		},
		{
			name:           "the server keeps the sides",
			quirks:         sandbox.Quirks{KeepSides: true},
			storedFirst:    projects,
			relabel:        put + `{"firstObjectLabel":"Project","secondObjectLabel":"Firm"}`,
			swappedRelabel: put + `{"firstObjectLabel":"Venture","secondObjectLabel":"Firm"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			const address = "ghl_association.work"
			sameID := statecheck.CompareValue(compare.ValuesSame())
			work := func(first, second side) string {
				return a.provider() + association("work", a.key("work"), first, second)
			}
			state := func(first, second side) []statecheck.StateCheck {
				return []statecheck.StateCheck{
					sameID.AddStateValue(address, tfjsonpath.New("id")),
					attribute(address, "first_object_key", first.object),
					attribute(address, "first_object_label", first.label),
					attribute(address, "second_object_key", second.object),
					attribute(address, "second_object_label", second.label),
				}
			}
			stored := func(projectLabel, businessLabel string) error {
				row := a.association(a.key("work"))
				labels := map[string]string{row.FirstObjectKey: row.FirstObjectLabel, row.SecondObjectKey: row.SecondObjectLabel}
				if row.FirstObjectKey != test.storedFirst || labels[projects] != projectLabel || labels[business] != businessLabel {
					return fmt.Errorf("stored: %+v, want %s first, %q for the project, %q for the business", row, test.storedFirst, projectLabel, businessLabel)
				}
				return nil
			}
			check := func(projectLabel, businessLabel string, writes ...string) resource.TestCheckFunc {
				return func(*terraform.State) error {
					if err := a.wrote(writes...)(nil); err != nil {
						return err
					}
					return stored(projectLabel, businessLabel)
				}
			}
			a.run(
				resource.TestStep{
					Config:            work(side{projects, "Project"}, side{business, "Company"}),
					Check:             check("Project", "Company", append([]string{`POST /associations/ .*`}, test.repairs...)...),
					ConfigStateChecks: state(side{projects, "Project"}, side{business, "Company"}),
				},
				resource.TestStep{
					PreConfig:         a.forget,
					Config:            work(side{projects, "Project"}, side{business, "Firm"}),
					ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
					Check:             check("Project", "Firm", test.relabel),
					ConfigStateChecks: state(side{projects, "Project"}, side{business, "Firm"}),
				},
				// The other way round: nothing is replaced, nothing called.
				resource.TestStep{
					PreConfig:         a.forget,
					Config:            work(side{business, "Firm"}, side{projects, "Project"}),
					ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
					Check:             check("Project", "Firm"),
					ConfigStateChecks: state(side{business, "Firm"}, side{projects, "Project"}),
				},
				// Back again, with another label for one object: one PUT.
				resource.TestStep{
					PreConfig:         a.forget,
					Config:            work(side{projects, "Venture"}, side{business, "Firm"}),
					ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
					Check:             check("Venture", "Firm", test.swappedRelabel),
					ConfigStateChecks: state(side{projects, "Venture"}, side{business, "Firm"}),
				},
				// A label changed by somebody else, at the object that it belongs to, is put back.
				resource.TestStep{
					PreConfig: func() {
						a.sandbox.UpdateAssociation(a.locationID, a.association(a.key("work")).ID, func(row *sandbox.Association) {
							if row.FirstObjectKey == business {
								row.FirstObjectLabel = "Theirs"
							} else {
								row.SecondObjectLabel = "Theirs"
							}
						})
						a.forget()
					},
					Config:           work(side{projects, "Venture"}, side{business, "Firm"}),
					ConfigPlanChecks: does(address, plancheck.ResourceActionUpdate),
					Check:            check("Venture", "Firm", test.swappedRelabel),
				},
			)
		})
	}
}

// Key in mixed case: the server stores it in lower case, state keeps it, and its
// case never makes a difference.
func TestAccAssociation_keyCase(t *testing.T) {
	a := newAccount(t)
	const address = "ghl_association.mentor"
	a.run(
		resource.TestStep{
			Config: a.provider() + contacts("mentor", a.key("School_Mentor"), "Mentor", "Mentee"),
			Check: func(*terraform.State) error {
				_ = a.association(a.key("school_mentor")) // fails the test where it is not stored so
				return nil
			},
			ConfigStateChecks: []statecheck.StateCheck{attribute(address, "key", a.key("School_Mentor"))},
		},
		resource.TestStep{
			PreConfig:         a.forget,
			Config:            a.provider() + contacts("mentor", a.key("SCHOOL_mentor"), "Mentor", "Mentee"),
			ConfigPlanChecks:  doesNothing(),
			Check:             a.wrote(),
			ConfigStateChecks: []statecheck.StateCheck{attribute(address, "key", a.key("School_Mentor"))},
		},
		resource.TestStep{
			Config:            a.provider() + contacts("mentor", a.key("school_mentor"), "Mentor", "Pupil"),
			ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
			Check:             a.wrote(`PUT /associations/.* {"firstObjectLabel":"Mentor","secondObjectLabel":"Pupil"}`),
			ConfigStateChecks: []statecheck.StateCheck{attribute(address, "key", a.key("School_Mentor"))},
		},
	)
}

// Disappears: deleted by somebody else, it is planned anew, and made again.
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
		// Gone before its destroy: that is no error.
		resource.TestStep{PreConfig: func() { a.removeAssociation(a.key("mentor")) }, Config: config, Destroy: true},
	)
}

// A key that is taken: the error holds the import block, with the id filled in.
func TestAccAssociation_duplicateKey(t *testing.T) {
	a := newAccount(t)
	theirs := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.run(
		resource.TestStep{
			PreConfig:   a.forget,
			Config:      a.provider() + contacts("mentor", a.key("Mentor"), "Mentor", "Pupil"),
			ExpectError: words("Unable to Create Association", `label of "contact"`, `import { to =`, `id = "`+a.locationID+"/"+theirs.ID+`"`, "create_before_destroy"),
		},
		resource.TestStep{
			Config: a.provider() + contacts("mentor", a.key("Mentor"), "Mentor", "Pupil") +
				fmt.Sprintf("import {\n  to = ghl_association.mentor\n  id = %q\n}\n", a.locationID+"/"+theirs.ID),
			ConfigPlanChecks:  does("ghl_association.mentor", plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{attribute("ghl_association.mentor", "id", theirs.ID)},
		},
	)
}

// What the server is known to refuse is refused at plan; whatever may be stored
// somewhere is not. TestSettingsAreRefused has the other cases.
func TestAccAssociation_validation(t *testing.T) {
	a := newSandboxAccount(t)
	plan := func(config string, wanted ...string) resource.TestStep {
		return resource.TestStep{Config: a.provider() + config, PlanOnly: true, ExpectError: words(wanted...)}
	}
	a.run(
		plan(contacts("x", "", "One", "Other"), "Attribute key string length must be at least 1"),
		resource.TestStep{Config: a.provider() + association("x", a.key("x"), side{"business", "Same"}, side{"contact", "Same"})},
	)
	for _, r := range a.requests() {
		if r.Status >= 400 && r.Method != http.MethodGet {
			t.Errorf("%s %s reached the server and was refused with %d", r.Method, r.Path, r.Status)
		}
	}
}

// Every form of answer that the sources name, at once: wrapped objects, bare
// lists, unknown fields, no total, 404 for what is missing, system rows on every
// page, small pages.
func TestAccAssociation_answerForms(t *testing.T) {
	for _, test := range []struct {
		name   string
		quirks sandbox.Quirks
	}{
		{"bare lists, wrapped objects", sandbox.Quirks{
			WrapObjects: true, BareLists: true, UnknownFields: true, MissingIs404: true, SystemRows: sandbox.SystemRowsEveryPage, PageCap: 5,
		}},
		{"system rows on every page, no total", sandbox.Quirks{SystemRows: sandbox.SystemRowsEveryPage, NoTotal: true, PageCap: 5}},
		{"system rows on every page, not in the total", sandbox.Quirks{SystemRows: sandbox.SystemRowsEveryPage, TotalUserDefinedOnly: true, PageCap: 5}},
		{"system rows once, not in the total", sandbox.Quirks{TotalUserDefinedOnly: true, UnknownFields: true, PageCap: 5}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			config := a.provider() + contacts("many", a.key("many_${count.index}"), "Mentor ${count.index}", "Mentee", "count = 12") +
				relation("one", "ghl_association.many[11].id", "contact-1", "contact-2") + `
data "ghl_associations" "all" {
  depends_on = [ghl_association.many]
}
output "user_defined" {
  value = length([for a in data.ghl_associations.all.associations : a if startswith(a.key, "` + a.prefix + `")])
}
`
			relabelled := strings.Replace(config, `"Mentee"`, `"Pupil"`, 1)
			a.run(
				resource.TestStep{
					Config: config,
					ConfigStateChecks: []statecheck.StateCheck{
						attribute("ghl_association.many[11]", "first_object_label", "Mentor 11"),
						statecheck.ExpectKnownOutputValue("user_defined", knownvalue.Int64Exact(12)),
					},
				},
				resource.TestStep{
					Config:            relabelled,
					ConfigStateChecks: []statecheck.StateCheck{attribute("ghl_association.many[3]", "second_object_label", "Pupil")},
				},
				resource.TestStep{
					PreConfig:        func() { a.sandbox.RemoveAssociation(a.locationID, a.storedAssociation(a.key("many_3")).ID) },
					Config:           relabelled,
					ConfigPlanChecks: does("ghl_association.many[3]", plancheck.ResourceActionCreate),
				},
			)
		})
	}
}
