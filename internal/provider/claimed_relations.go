package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// A resource ghl_record_relations takes over existing relations. In one apply, it may
// include relations that another resource stops managing: its own former instance with
// create_before_destroy, or a resource whose ids were unknown in the plan. During the
// apply, the engine plans all creates again, but no destroys except those of former
// instances. So this file compares creates with deletions.

// claimRelations notes that a create in this process includes relations of a record, so
// that later deletions skip them. It returns the ids whose relations this process has
// already begun to delete.
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

// isClaimed reports whether a create in this process has claimed any of the relations that
// a destroy would delete. The engine plans the destroy of a former instance after its
// create. The deletion skips claimed relations.
func (p *plannedObjects) isClaimed(ref store.RecordRef, related []string) bool {
	return slices.ContainsFunc(related, func(id string) bool { return p.of(relationOf(ref.To(id))).isAdopted })
}

// releaseRelations notes that relations of a record will be deleted, and returns those
// that no create in this process has claimed. Claimed relations stay, and a warning
// lists them.
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
			"The apply did not delete %s of the %s in sub-account %q (to %s). A resource that the same apply created manages these relations.",
			relations(len(left)), m.inWords(), m.location(), shortList(left)))
	}
	return without(related, left)
}
