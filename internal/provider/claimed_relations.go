package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// A ghl_record_relations takes over what exists. So in one apply, it may want relations that
// another resource gives up: its own former instance under create_before_destroy, or one
// whose ids the plan did not know. The engine plans no destroy again before it carries it
// out, so the two meet here.

// claimRelations notes that a create of this process wants relations of a record: a deletion
// that comes later leaves them. It returns those that this process has begun to delete.
func (p *plannedObjects) claimRelations(ref store.RecordRef, related []string) (contested []string) {
	for _, id := range related {
		before := p.note(relationOf(ref.To(id)), func(f *fate) {
			f.isAdopted = f.isAdopted || !f.isDeleted
			f.relation, f.linksOneObject = ref.To(id), ref.Side != ""
		})
		if before.isDeleted {
			contested = append(contested, id)
		}
	}
	return contested
}

// isClaimed tells whether a create of this process wants any of the relations of a record that
// are to be deleted: so it does in an apply alone, where a former instance is planned again
// after the create. Its deletion leaves those.
func (p *plannedObjects) isClaimed(ref store.RecordRef, related []string) bool {
	return slices.ContainsFunc(related, func(id string) bool { return p.of(relationOf(ref.To(id))).isAdopted })
}

// releaseRelations notes that relations of a record are to be deleted, and returns those that
// no create of this process wants. A warning tells of the others, which stay.
func (p *plannedObjects) releaseRelations(m recordRelationsModel, related []string, diags *diag.Diagnostics) []string {
	ref := m.ref()
	var left []string
	for _, id := range related {
		before := p.note(relationOf(ref.To(id)), remove)
		if before.isAdopted && (before.relation == ref.To(id) || !before.linksOneObject) {
			left = append(left, id)
		}
	}
	if len(left) > 0 {
		diags.AddWarning("Relations Left to Another Resource", fmt.Sprintf(
			"%s of the %s in sub-account %q were not deleted: with %s. A create of the same apply wants them, and the resource that was created manages them now.",
			relations(len(left)), m.inWords(), m.location(), shortList(left)))
	}
	return without(related, left)
}

// listedAndKept are the listed records that a create can count on: those whose relations this
// process has not begun to delete.
func listedAndKept(listed, contested []string) []string {
	return slices.DeleteFunc(listed, func(id string) bool { return slices.Contains(contested, id) })
}

// heldInSet is the error for a relation that a ghl_record_relations holds and that a ghl_relation
// is to create, if creates take over what is identical: the apply would not know of the first.
func heldInSet(thing, inWords, location string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan "+thing, fmt.Sprintf("A ghl_record_relations of this state holds a relation that a ghl_relation is to create: see the %s in sub-account %q. "+
		"While existing_objects is %q, the create would take it over. Nothing has been changed. ", inWords, location, adoptIdentical)+manageOnce)
}

// isInKeptSet tells whether a ghl_record_relations keeps a relation.
func (p *plannedObjects) isInKeptSet(ref store.RelationRef) bool {
	return p.of(relationInSet(ref, true)).isKept || p.of(relationInSet(ref, false)).isKept
}

// isToBeSingle tells whether a ghl_relation is to be created for any relation of a record.
func (p *plannedObjects) isToBeSingle(ref store.RecordRef, related []string) bool {
	return slices.ContainsFunc(related, func(id string) bool { return p.of(relationOf(ref.To(id))).creates > 0 })
}
