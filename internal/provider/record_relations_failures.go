package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// partFailure is the error for a change of many relations that failed in part. It says
// how much is done, what to do, and why one relation failed. Usually, the other relations
// failed for the same reason.
func (d *providerData) partFailure(o operation, m recordRelationsModel, err error, soFar string) diag.Diagnostic {
	part, ok := errors.AsType[*store.PartError](err)
	if !ok {
		return d.failed(o, err)
	}
	ids := make([]string, len(part.Failed))
	for i, failed := range part.Failed {
		ids[i] = failed.RelatedID
	}
	return diag.NewErrorDiagnostic(o.summary(), fmt.Sprintf("%s\n\nLeft to do: %s. The operation failed for the records %s. For %q: ", soFar, relations(part.Undone), shortList(ids), ids[0])+
		d.relatedFailure(o, m, part.Failed[0])+fmt.Sprintf("\n\nThis error concerns the %s in sub-account %q.", m.inWords(), m.location()))
}

// relatedFailure says why the relation to one record was not changed. The advice about
// moved and import blocks in errors of ghl_relation does not apply here.
func (d *providerData) relatedFailure(o operation, m recordRelationsModel, failed store.RelatedError) string {
	one := operation{verb: o.verb, thing: "Relation", subject: fmt.Sprintf("relation with the record %q", failed.RelatedID), locationID: m.location()}
	exists, isThere := errors.AsType[*store.ExistsError](failed.Err)
	_, isOpen := errors.AsType[*settle.UnknownOutcomeError](failed.Err)
	switch {
	case errors.Is(failed.Err, store.ErrTurned) && ghl.KindOf(failed.Err) == "":
		return "HighLevel stored the two records the other way round, which swaps their roles. The provider deleted the relation. Use a ghl_relation for this pair of records."
	case errors.Is(failed.Err, store.ErrTurned):
		return "HighLevel stored the two records the other way round, which swaps their roles, and the provider could not delete the relation: look for it in HighLevel.\n\n" + one.happened(failed.Err)
	case isThere && exists.Turned:
		return fmt.Sprintf("The two records are already linked the other way round, and HighLevel links a pair only once. To keep that relation, remove %q from related_record_ids.", failed.RelatedID)
	case isThere:
		return "HighLevel refuses the relation as a duplicate but does not show it yet, or this apply may delete it for another resource. Apply again: if the relation then exists, the resource takes it over."
	case isOpen:
		return "Whether the relation was created is unknown. Apply again: if the relation exists, the resource takes it over.\n\n" + one.happened(failed.Err)
	default:
		return d.failed(one, failed.Err).Detail()
	}
}
