package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A query returns one result for each association of a record. If the association links an object with itself, each side is a
// result.
func TestAccList_recordRelations(t *testing.T) {
	needsQuery(t)
	for name, quirks := range map[string]sandbox.Quirks{"with object keys": {}, "without object keys": {RelationsWithoutObjectKeys: true}} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(quirks))
			a.taught()
			a.isTaughtBy("teacher-1", "student-2", "student-1")
			friend := a.sandbox.AddAssociation(sandbox.Association{
				LocationID: a.locationID, Key: "helps", FirstObjectKey: "custom_objects.teacher", FirstObjectLabel: "Helper", SecondObjectKey: "custom_objects.teacher", SecondObjectLabel: "Helped",
			})
			for _, pair := range [][2]string{{"teacher-1", "teacher-2"}, {"teacher-3", "teacher-1"}, {"teacher-1", "teacher-4"}} {
				a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: friend.ID, FirstRecordID: pair[0], SecondRecordID: pair[1]})
			}
			identity := func(association string, side knownvalue.Check) map[string]knownvalue.Check {
				return map[string]knownvalue.Check{
					"location_id": knownvalue.StringExact(a.locationID), "association_id": knownvalue.StringExact(association),
					"record_id": knownvalue.StringExact("teacher-1"), "side": side,
				}
			}
			second, none := knownvalue.StringExact("second"), knownvalue.Null()
			a.run(
				resource.TestStep{Config: a.provider()},
				resource.TestStep{
					Query: true,
					Config: query("ghl_record_relations", "all", "include_resource = true", `record_id = "teacher-1"`) +
						query("ghl_record_relations", "some", "", `record_id = "teacher-1"`, fmt.Sprintf("association_ids = [%q]", friend.ID)) +
						query("ghl_record_relations", "none", "", `record_id = "teacher-9"`),
					QueryResultChecks: []querycheck.QueryResultCheck{
						querycheck.ExpectLength("ghl_record_relations.all", 3),
						querycheck.ExpectLength("ghl_record_relations.some", 2),
						querycheck.ExpectIdentity("ghl_record_relations.all", identity(exampleAssociation, none)),
						querycheck.ExpectIdentity("ghl_record_relations.some", identity(friend.ID, second)),
						querycheck.ExpectResourceDisplayName("ghl_record_relations.all", queryfilter.ByResourceIdentity(identity(friend.ID, second)),
							knownvalue.StringExact("teacher-1 (second), 1 relation: helps")),
						querycheck.ExpectResourceKnownValues("ghl_record_relations.all", queryfilter.ByResourceIdentity(identity(exampleAssociation, none)),
							[]querycheck.KnownValueCheck{
								{Path: tfjsonpath.New("related_record_ids"), KnownValue: idSet("student-1", "student-2")},
								{Path: tfjsonpath.New("id"), KnownValue: knownvalue.StringExact(exampleAssociation + "/teacher-1")},
							}),
					},
				},
			)
		})
	}
}

// A query generates a configuration that imports all sets and changes nothing.
func TestAccList_recordRelationsGenerate(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	a.taught()
	a.isTaughtBy("teacher-1", numberedStudents(1, 120)...)
	friend := a.addAssociation(a.key("friend"), "Friend", "Befriended")
	a.addRelation(friend.ID, "contact-1", "contact-2")
	e := a.querying(query("ghl_record_relations", "of_teacher", "include_resource = true", `record_id = "teacher-1"`) +
		query("ghl_record_relations", "of_contact", "include_resource = true", `record_id = "contact-1"`))
	e.succeeds("query", "-no-color", "-generate-config-out=found.tf")
	a.forget()
	says(t, e.apply(), "2 imported, 0 added, 0 changed, 0 destroyed")
	a.mustHaveWritten()
	e.plansNothing()
}
