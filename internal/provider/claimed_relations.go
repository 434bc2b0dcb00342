package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// A ghl_record_relations takes over existing relations. So in one apply, it may want
// relations that another resource gives up: its own former instance under
// create_before_destroy, or a resource whose ids the plan did not know. In the apply, the
// engine plans all creates again, but only the destroys of former instances. So creates and
// deletions are compared here.

// claimRelations notes that a create of this process wants relations of a record: a later
// deletion leaves them. It returns those that this process has begun to delete.
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

// isClaimed reports whether a create of this process wants any relation of a record that is
// to be deleted: the engine plans the destroy of a former instance after the create. The
// deletion leaves these relations.
func (p *plannedObjects) isClaimed(ref store.RecordRef, related []string) bool {
	return slices.ContainsFunc(related, func(id string) bool { return p.of(relationOf(ref.To(id))).isAdopted })
}

// releaseRelations notes that relations of a record are to be deleted, and returns those
// that no create of this process wants. A warning names the others, which stay.
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
			"The apply did not delete %s of the %s in sub-account %q (to %s). A resource that the same apply creates includes them, and now manages them.",
			relations(len(left)), m.inWords(), m.location(), shortList(left)))
	}
	return without(related, left)
}
