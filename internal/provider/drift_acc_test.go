package provider_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// After somebody else deletes one of five associations and a relation, the plan creates
// these two again and changes nothing else. This holds for every form of listing. The fault
// model covers the other forms and their combinations.
func TestAccDrift_deleted(t *testing.T) {
	for name, quirks := range map[string]sandbox.Quirks{
		"as documented":                                    {},
		"system rows on every page, no total":              {SystemRows: sandbox.SystemRowsEveryPage, NoTotal: true, UnknownFields: true},
		"system rows not counted, 404 for missing objects": {SystemRows: sandbox.SystemRowsEveryPage, TotalUserDefinedOnly: true, MissingIs404: true},
		"bare lists, wrapped objects":                      {BareLists: true, WrapObjects: true, RelationsWithoutObjectKeys: true},
	} {
		t.Run(name, func(t *testing.T) {
			quirks.PageCap = 2
			a := newSandboxAccount(t, withQuirks(quirks))
			e := a.attachedEngine(a.hubsAndKinds() + `
data "ghl_associations" "all" {
  depends_on = [ghl_association.kind]
}

output "listed" {
  value = "${length(data.ghl_associations.all.associations)} associations"
}
`)
			says(t, e.apply(), "6 associations") // five managed associations, and the association of the relation
			stored := len(a.sandbox.Relations(a.locationID))
			a.sandbox.RemoveAssociation(a.locationID, a.storedAssociation(a.key("kind_3")).ID)
			a.sandbox.RemoveRelation(a.locationID, a.storedLink("contact-2").ID)
			a.forget()

			says(t, e.apply(), "ghl_association.kind[3] will be created", "ghl_relation.link will be created", "2 added, 0 changed, 0 destroyed")
			a.mustHaveWritten(`POST /associations/.*`, `POST /associations/.*`)
			if n := len(a.sandbox.Relations(a.locationID)); n != stored {
				t.Errorf("%d relations are stored, want %d", n, stored)
			}
			e.plansNothing()
		})
	}
}

// A state from an engine before 1.12 contains no identities. The provider still detects
// that its objects were deleted.
func TestAccDrift_deletedFromAStateWithoutIdentities(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	e.apply()
	e.instances(func(_ string, instance map[string]any) {
		delete(instance, "identity")
		delete(instance, "identity_schema_version")
	})
	a.removeAssociation(a.key("mentor"))
	a.removeRelation(a.storedLink("contact-2"))
	says(t, e.apply(), "2 added, 0 changed, 0 destroyed")
	a.holds(e, 1, 1)
	e.plansNothing()
}

// A record of a relation is deleted. While the listing of the other record contains the
// relation, the relation still exists. If neither record's listing contains the relation, the plan creates the relation again.
// The create fails, since the record is missing, and the error says so. If the relation is
// removed from the configuration, the plan is empty. TestRelationOfDeletedRecord covers
// each record, with each form of its listing.
func TestAccDrift_recordDeleted(t *testing.T) {
	for name, test := range map[string]struct {
		quirks  sandbox.Quirks
		deleted []string
		gone    bool
	}{
		"first end, listing empty, relation left": {
			sandbox.Quirks{DeletedRecordListing: sandbox.DeletedListingEmpty, DeletedRecordRelations: sandbox.DeletedRelationsLeft}, []string{"contact-1"}, false,
		},
		"both ends, listing 404, relation gone": {
			sandbox.Quirks{DeletedRecordListing: sandbox.DeletedListing404, DeletedRecordRelations: sandbox.DeletedRelationsGone}, []string{"contact-1", "contact-2"}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(test.quirks))
			config := a.mentorAndLink()
			e := a.attachedEngine(config)
			e.apply()
			for _, record := range test.deleted {
				a.sandbox.DeleteRecord(a.locationID, record)
			}
			if !test.gone {
				e.plansNothing()
				says(t, e.destroy(), "2 destroyed")
				a.holds(e, 0, 0)
				return
			}
			says(t, e.fails(applyCommand...), "ghl_relation.link will be created", "1 to add, 0 to change, 0 to destroy",
				"Unable to Create Relation", "answered 422", "Invalid record id", "Check that both records exist")
			withoutLink, _, _ := strings.Cut(config, `resource "ghl_relation"`)
			e.write("main.tf", withoutLink)
			e.plansNothing()
		})
	}
}

// A deleted object is created again, even if the state contains no identities.
func TestAccDrift_namedWithoutIdentities(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(customValue("phone", "Phone", `"1"`) + petField("age", "age", "TEXT"))
	e.apply()
	e.instances(func(_ string, instance map[string]any) {
		delete(instance, "identity")
		delete(instance, "identity_schema_version")
	})
	a.sandbox.CustomValues().Remove(a.locationID, a.sandbox.CustomValues().All(a.locationID)[0].ID)
	a.sandbox.CustomFields().Remove(a.locationID, a.field("age").ID)
	says(t, e.apply(), "2 added, 0 changed, 0 destroyed")
	e.plansNothing()
}
