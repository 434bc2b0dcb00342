package provider

import (
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

func (m relationModel) met(objects *plannedObjects, _ *snapshot.ExistsError) (known fate, importID string) {
	return objects.of(relationOf(m.ref())), m.importID()
}

// relationBeforeDestroy is createBeforeDestroy for relations.
const relationBeforeDestroy = "Under create_before_destroy a pair of records cannot be linked twice: remove that setting from the relation."

// exists knows two cases: between records of one object their order tells their roles.
func (m relationModel) exists(e *snapshot.ExistsError) string {
	if e.Turned {
		return fmt.Sprintf("The %s exists already in sub-account %q, with the two the other way round and the id %q. "+
			"HighLevel links a pair once, whichever comes first.\n\n", m.inWords(), m.location(), e.Relation.ID) +
			takeOver(m, relationImportID(m.ref().Turned())) +
			"\n\nTo keep it, write its records in that order. In the order that they have now, the next apply replaces it.\n\n" + relationBeforeDestroy
	}
	which := ""
	if e.Relation != nil {
		which = fmt.Sprintf(", with the id %q", e.Relation.ID)
	}
	return fmt.Sprintf("The %s exists already in sub-account %q%s.\n\n", m.inWords(), m.location(), which) +
		takeOver(m, m.importID()) + "\n\n" + relationBeforeDestroy
}
