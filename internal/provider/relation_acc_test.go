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

// relation is the configuration of one, with further lines. The association is an expression.
func relation(name, association, first, second string, lines ...string) string {
	return fmt.Sprintf(`
resource "ghl_relation" %q {
  association_id   = %s
  first_record_id  = %q
  second_record_id = %q
  %s
}
`, name, association, first, second, strings.Join(lines, "\n  "))
}

// quoted is a literal association id, for relation.
func quoted(id string) string { return fmt.Sprintf("%q", id) }

// Relation create, delete; it costs one POST and one DELETE.
func TestAccRelation_lifecycle(t *testing.T) {
	a := newAccount(t)
	records := a.records(2)
	const address = "ghl_relation.link"
	mentor := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
	linked := mentor + relation("link", "ghl_association.mentor.id", records[0], records[1])
	sameID := statecheck.CompareValue(compare.ValuesSame())
	id := func() statecheck.StateCheck { return sameID.AddStateValue(address, tfjsonpath.New("id")) }
	a.run(
		resource.TestStep{Config: mentor},
		resource.TestStep{
			PreConfig:        a.forget,
			Config:           linked,
			ConfigPlanChecks: does(address, plancheck.ResourceActionCreate),
			Check: a.wrote(`POST /associations/relations {"associationId":"[0-9a-f]{24}","firstRecordId":"contact-1",` +
				`"locationId":"loc-school","secondRecordId":"contact-2"}`),
			ConfigStateChecks: append(ifIdentity(
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("location_id"), knownvalue.StringExact(a.locationID)),
				statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("association_id")),
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("first_record_id"), knownvalue.StringExact(records[0])),
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("second_record_id"), knownvalue.StringExact(records[1])),
			),
				id(),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.NotNull()),
				statecheck.CompareValuePairs(address, tfjsonpath.New("association_id"), "ghl_association.mentor", tfjsonpath.New("id"), compare.ValuesSame()),
				attribute(address, "location_id", a.locationID),
				attribute(address, "first_record_id", records[0]),
				attribute(address, "second_record_id", records[1]),
				attribute(address, "first_object_key", "contact"),
				attribute(address, "second_object_key", "contact"),
			),
		},
		resource.TestStep{PreConfig: a.forget, Config: linked, ConfigPlanChecks: doesNothing(), Check: a.wrote()},
		// timeouts are the provider's own affair.
		resource.TestStep{
			Config:            mentor + relation("link", "ghl_association.mentor.id", records[0], records[1], `timeouts = { read = "3m" }`),
			ConfigPlanChecks:  does(address, plancheck.ResourceActionUpdate),
			Check:             a.wrote(),
			ConfigStateChecks: []statecheck.StateCheck{id()},
		},
		resource.TestStep{
			Config: mentor,
			Check: func(*terraform.State) error {
				if left := a.relations(records[0]); a.sandbox != nil && len(left) != 0 {
					return fmt.Errorf("left after the delete: %v", left)
				}
				return a.wrote(`DELETE /associations/relations/[0-9a-f]{24}`)(nil)
			},
		},
	)
}

// Relation attribute change replaces: the association and either record.
func TestAccRelation_attributeChangeReplaces(t *testing.T) {
	a := newAccount(t)
	records := a.records(3)
	const address = "ghl_relation.link"
	base := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") + contacts("friend", a.key("friend"), "Friend", "Befriended")
	otherID := statecheck.CompareValue(compare.ValuesDiffer())
	step := func(action plancheck.ResourceActionType, association, first, second string, writes ...string) resource.TestStep {
		return resource.TestStep{
			PreConfig:         a.forget,
			Config:            base + relation("link", association, first, second),
			ConfigPlanChecks:  does(address, action),
			Check:             a.wrote(writes...),
			ConfigStateChecks: []statecheck.StateCheck{otherID.AddStateValue(address, tfjsonpath.New("id"))},
		}
	}
	const post, deletion = `POST /associations/relations .*`, `DELETE /associations/relations/.*`
	replace := func(association, first, second string) resource.TestStep {
		return step(plancheck.ResourceActionDestroyBeforeCreate, association, first, second, deletion, post)
	}
	a.run(
		resource.TestStep{Config: base},
		step(plancheck.ResourceActionCreate, "ghl_association.mentor.id", records[0], records[1], post),
		replace("ghl_association.friend.id", records[0], records[1]),
		replace("ghl_association.friend.id", records[2], records[1]),
		replace("ghl_association.friend.id", records[2], records[0]),
		// Between contacts the order carries the role.
		replace("ghl_association.friend.id", records[0], records[2]),
		resource.TestStep{
			Config:             base + relation("link", "ghl_association.friend.id", records[0], records[2], `location_id = "loc-other"`),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionDestroyBeforeCreate),
			}},
		},
	)
}

// Read beyond page one: 150 and 1,050 relations on one record, at either end.
func TestAccRelation_beyondPageOne(t *testing.T) {
	for _, test := range []struct {
		name   string
		others int
		quirks sandbox.Quirks
	}{
		{"150 relations", 150, sandbox.Quirks{}},
		{"1,050 relations", 1050, sandbox.Quirks{}},
		{"1,050 relations, no total, small pages", 1050, sandbox.Quirks{NoTotal: true, PageCap: 40}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
			a.kept = []string{mentor.Key}
			for i := range test.others {
				for _, end := range []string{"contact-1", "contact-2"} {
					a.sandbox.AddRelation(sandbox.Relation{
						LocationID: a.locationID, AssociationID: mentor.ID, FirstRecordID: end, SecondRecordID: fmt.Sprintf("contact-%d", 1000+i),
					})
				}
			}
			config := a.provider() + relation("link", quoted(mentor.ID), "contact-1", "contact-2")
			listed := config + `
data "ghl_relations" "all" {
  record_id  = "contact-2"
  depends_on = [ghl_relation.link]
}
output "count" {
  value = length(data.ghl_relations.all.relations)
}
`
			a.run(
				resource.TestStep{Config: config, Check: a.wrote(`POST /associations/ .*`, `POST /associations/relations .*`)},
				resource.TestStep{
					PreConfig:         a.forget,
					Config:            listed,
					Check:             a.wrote(),
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("count", knownvalue.Int64Exact(int64(test.others)+1))},
				},
				// Removed from the last page, it is gone, and not before.
				resource.TestStep{
					PreConfig: func() {
						for _, row := range a.sandbox.Relations(a.locationID) {
							if row.FirstRecordID == "contact-1" && row.SecondRecordID == "contact-2" {
								a.sandbox.RemoveRelation(a.locationID, row.ID)
							}
						}
					},
					Config:           config,
					ConfigPlanChecks: does("ghl_relation.link", plancheck.ResourceActionCreate),
				},
			)
			if left := len(a.sandbox.Relations(a.locationID)); left != 2*test.others {
				t.Errorf("%d relations of others are left, want %d", left, 2*test.others)
			}
		})
	}
}

// 150 managed relations on one record: a plan costs pages, not relations.
func TestAccRelation_manyOnOneRecord(t *testing.T) {
	a := newSandboxAccount(t)
	config := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") +
		relation("mentee", "ghl_association.mentor.id", "contact-1", "contact-${count.index + 2}", "count = 150")
	a.run(
		resource.TestStep{
			Config: config,
			Check: func(*terraform.State) error {
				if n := len(a.sandbox.Relations(a.locationID)); n != 150 {
					return fmt.Errorf("%d relations, want 150", n)
				}
				return nil
			},
		},
		resource.TestStep{PreConfig: a.forget, Config: config, PlanOnly: true},
	)
	// The plan without refresh calls nothing; the one with refresh reads the record's two pages and the association. The
	// destroy at the end reads nothing and writes 151 times.
	var reads int
	for _, r := range a.requests() {
		if r.Method == http.MethodGet {
			reads++
		}
	}
	if reads > 12 {
		t.Errorf("a plan of 150 relations on one record made %d reads, want its pages: at most 12", reads)
	}
}

// Orientation of relations: state keeps the user's order, identity the stored one;
// an order that the server refuses is learned once; a configuration written the
// other way round replaces nothing and calls nothing.
func TestAccRelation_orientation(t *testing.T) {
	for _, test := range []struct {
		name   string
		quirks sandbox.Quirks
		posts  int // for two relations
		stored [2]string
	}{
		{"the server swaps sides", sandbox.Quirks{}, 3, [2]string{"contact-9", "student-1"}},
		{"the server swaps sides and leaves labels behind", sandbox.Quirks{LabelsStay: true}, 3, [2]string{"contact-9", "student-1"}},
		{"the server keeps the sides", sandbox.Quirks{KeepSides: true}, 2, [2]string{"student-1", "contact-9"}},
		{"relations without object keys", sandbox.Quirks{RelationsWithoutObjectKeys: true}, 3, [2]string{"contact-9", "student-1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			const address = "ghl_relation.one"
			sponsor := a.provider() + association("sponsor", a.key("sponsor"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"})
			objectKey := func(name, value string) statecheck.StateCheck {
				if test.quirks.RelationsWithoutObjectKeys {
					return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), knownvalue.Null())
				}
				return attribute(address, name, value)
			}
			state := append(ifIdentity(
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("first_record_id"), knownvalue.StringExact(test.stored[0])),
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("second_record_id"), knownvalue.StringExact(test.stored[1])),
			),
				attribute(address, "first_record_id", "student-1"),
				attribute(address, "second_record_id", "contact-9"),
				objectKey("first_object_key", "custom_objects.student"),
				objectKey("second_object_key", "contact"),
			)
			one := relation("one", "ghl_association.sponsor.id", "student-1", "contact-9")
			swapped := relation("one", "ghl_association.sponsor.id", "contact-9", "student-1")
			a.run(
				resource.TestStep{Config: sponsor},
				resource.TestStep{
					PreConfig: a.forget,
					// One after the other, so that what the first has learned is there for the second.
					Config:            sponsor + one + relation("two", "ghl_relation.one.association_id", "student-2", "contact-9", "depends_on = [ghl_relation.one]"),
					ConfigStateChecks: state,
					Check: func(*terraform.State) error {
						if posts := a.requests(sandbox.RouteCreateRelation); len(posts) != test.posts {
							return fmt.Errorf("%d POSTs for two relations, want %d", len(posts), test.posts)
						}
						_ = a.relation(a.association(a.key("sponsor")).ID, test.stored[0], test.stored[1])
						return nil
					},
				},
				resource.TestStep{
					PreConfig:         a.forget,
					Config:            sponsor + swapped,
					ConfigPlanChecks:  does(address, plancheck.ResourceActionNoop),
					Check:             a.wrote(`DELETE /associations/relations/.*`), // of the second relation
					ConfigStateChecks: state,
				},
			)
		})
	}
}

// A record that fits neither side: the server's first answer is shown.
func TestAccRelation_recordOfAnotherObject(t *testing.T) {
	a := newSandboxAccount(t)
	base := a.provider() + association("sponsor", a.key("sponsor"), side{"custom_objects.student", "Student"}, side{"contact", "Sponsor"})
	a.run(
		resource.TestStep{Config: base},
		resource.TestStep{
			Config:      base + relation("link", "ghl_association.sponsor.id", "student-1", "business-1"),
			ExpectError: words("Unable to Create Relation", "Invalid record id : 'student-1' for association : "+a.key("sponsor")),
		},
		resource.TestStep{Config: base},
	)
}

// Disappears: unlinked by somebody else, it is planned anew, and made again.
func TestAccRelation_disappears(t *testing.T) {
	a := newAccount(t)
	records := a.records(2)
	config := a.provider() + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") +
		relation("link", "ghl_association.mentor.id", records[0], records[1])
	link := func() sandbox.Relation { return a.relation(a.association(a.key("mentor")).ID, records[0], records[1]) }
	a.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig:        func() { a.removeRelation(link()) },
			Config:           config,
			ConfigPlanChecks: does("ghl_relation.link", plancheck.ResourceActionCreate),
		},
		// Deleted and made again by hand it is the same relation, with a new id.
		resource.TestStep{
			PreConfig: func() {
				row := link()
				a.removeRelation(row)
				a.addRelation(row.AssociationID, records[0], records[1])
				a.forget()
			},
			Config:           config,
			ConfigPlanChecks: doesNothing(),
			Check:            a.wrote(),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("ghl_relation.link", tfjsonpath.New("id"), knownvalue.StringFunc(func(id string) error {
					if row := link(); row.ID != id {
						return fmt.Errorf("id %s in state, %s stored", id, row.ID)
					}
					return nil
				})),
			},
		},
		// Its association is gone, and it with it.
		resource.TestStep{
			PreConfig: func() { a.removeAssociation(a.key("mentor")) },
			Config:    config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("ghl_association.mentor", plancheck.ResourceActionCreate),
				plancheck.ExpectResourceAction("ghl_relation.link", plancheck.ResourceActionCreate),
			}},
		},
		// Gone before its destroy: that is no error.
		resource.TestStep{PreConfig: func() { a.removeRelation(link()) }, Config: config, Destroy: true},
	)
}

// A relation never needs its association to be readable.
func TestAccRelation_associationUnreadable(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	config := func(first string) string {
		return a.provider("max_retries = 0") + relation("link", quoted(mentor.ID), first, "contact-2")
	}
	a.run(
		resource.TestStep{
			PreConfig: func() {
				for _, route := range []string{
					sandbox.RouteGetAssociation, sandbox.RouteListAssociations, sandbox.RouteAssociationByKey, sandbox.RouteAssociationsByObjectKey,
				} {
					a.sandbox.AddFault(sandbox.Fault{Route: route, Effect: sandbox.StatusMessage(401, "The token is not authorized for this scope.")})
				}
			},
			Config: config("contact-1"),
		},
		resource.TestStep{
			ResourceName: "ghl_relation.link", Config: config("contact-1"), ImportState: true, ImportStateVerify: true,
			ImportStateIdFunc: idOf("ghl_relation.link", "{association_id}/{first_record_id}/{second_record_id}"),
		},
		resource.TestStep{Config: config("contact-3"), ConfigPlanChecks: does("ghl_relation.link", plancheck.ResourceActionDestroyBeforeCreate)},
		resource.TestStep{Config: config("contact-3"), Destroy: true},
		resource.TestStep{PreConfig: a.sandbox.ClearFaults, Config: a.provider()},
	)
	if left := a.sandbox.Relations(a.locationID); len(left) != 0 {
		t.Errorf("left after the destroy: %v", left)
	}
}

// A pair that is linked already: the error holds the import block, which works.
func TestAccRelation_duplicate(t *testing.T) {
	a := newAccount(t)
	records := a.records(2)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	theirs := a.addRelation(mentor.ID, records[0], records[1])
	config := a.provider() + relation("link", quoted(mentor.ID), records[0], records[1])
	importID := a.locationID + "/" + mentor.ID + "/" + records[0] + "/" + records[1]
	a.run(
		resource.TestStep{
			Config:      config,
			ExpectError: words("Unable to Create Relation", "exists already", `import { to =`, `id = "`+importID+`"`),
		},
		resource.TestStep{
			PreConfig:         a.forget,
			Config:            config + fmt.Sprintf("import {\n  to = ghl_relation.link\n  id = %q\n}\n", importID),
			ConfigPlanChecks:  does("ghl_relation.link", plancheck.ResourceActionNoop),
			Check:             a.wrote(),
			ConfigStateChecks: []statecheck.StateCheck{attribute("ghl_relation.link", "id", theirs.ID)},
		},
	)
}

// System-defined associations can be related to; their ids hold dots.
func TestAccRelation_underSystemDefined(t *testing.T) {
	a := newSandboxAccount(t)
	const address = "ghl_relation.task"
	a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, ID: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION", Key: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION",
		FirstObjectKey: "custom_objects.properties", SecondObjectKey: "task", AssociationType: sandbox.SystemDefined,
	})
	config := a.provider() + relation("task", quoted("TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION"), "task-77", "properties-5")
	a.sandbox.AddRecord(a.locationID, "task-77", "task")
	a.run(
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				attribute(address, "first_record_id", "task-77"),
				attribute(address, "first_object_key", "task"),
				attribute(address, "second_object_key", "custom_objects.properties"),
			},
		},
		resource.TestStep{
			ImportState: true, ImportStateVerify: true, ResourceName: address, Config: config,
			ImportStateId: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION/task-77/properties-5",
		},
	)
	if left := a.sandbox.Relations(a.locationID); len(left) != 0 {
		t.Errorf("left after the destroy: %v", left)
	}
}
