package provider_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// What somebody else deleted is planned again, and nothing else is, in whatever form
// the server lists: of five associations one is gone, and a relation. The fault model
// draws the other forms, and each with each.
func TestAccDrift_deleted(t *testing.T) {
	for name, quirks := range map[string]sandbox.Quirks{
		"as documented":                           {},
		"system rows on every page, no total":     {SystemRows: sandbox.SystemRowsEveryPage, NoTotal: true, UnknownFields: true},
		"system rows not counted, missing is 404": {SystemRows: sandbox.SystemRowsEveryPage, TotalUserDefinedOnly: true, MissingIs404: true},
		"bare lists, wrapped objects":             {BareLists: true, WrapObjects: true, RelationsWithoutObjectKeys: true},
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
			says(t, e.apply(), "6 associations") // with the four of the platform, and what the relation is under
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

// A state that an engine before 1.12 wrote holds no identities: what is gone from it
// is found out all the same.
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

// A relation's record is deleted. While the other end still lists the relation, it is
// there. If none does, it is gone; to make it again fails, since there is nothing to link,
// and the error says so. Without it in the configuration the plan is empty.
// TestRelationOfDeletedRecord has each end, with each answer of its listing.
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

// An object that is gone is planned anew, even if the engine that wrote the state knew no identities.
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
