package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func (m associationModel) met(objects *plannedObjects, e *store.ExistsError) (known fate, importID string) {
	known = objects.of(associationWithKey(m.location(), m.Key.ValueString()))
	if e.Association == nil {
		return known, m.importID()
	}
	known.isKept = objects.of(associationWithID(m.location(), e.Association.ID)).isKept
	return known, objectRef{LocationID: m.location(), ID: e.Association.ID}.importID()
}

func (m associationModel) exists(e *store.ExistsError) string {
	if e.Association == nil {
		return fmt.Sprintf("The %s already exists in sub-account %q, but could not be read.\n\n", m.inWords(), m.location()) +
			takeOver(m, m.importID()) + "\n\n" + createBeforeDestroy
	}
	have := *e.Association
	if have.IsSystemDefined() {
		return m.keyIsSystemDefined(have)
	}
	return m.existsAs(have) + m.comparedWith(have) + "\n\n" + takeOver(m, objectRef{LocationID: m.location(), ID: have.ID}.importID()) + "\n\n" + createBeforeDestroy
}

func (m associationModel) existsAs(have ghl.Association) string {
	return fmt.Sprintf("The association %q already exists in sub-account %q, with the id %q. ", have.Key, m.location(), have.ID)
}

func (m associationModel) keyIsSystemDefined(have ghl.Association) string {
	return fmt.Sprintf("The key %q belongs to a system-defined association in sub-account %q. That association cannot be managed: read it with the data source ghl_association, or choose another key.", have.Key, m.location())
}

func (m associationModel) comparedWith(have ghl.Association) string {
	if differences := associationDifferences(m.wanted(), have); len(differences) > 0 {
		return "It differs from the configuration: " + strings.Join(differences, "; ") + ". "
	}
	return "It matches the configuration. "
}

// associationDifferences lists how the existing association have differs from wanted. It
// ignores the order of the sides and the key's case.
func associationDifferences(wanted, have ghl.Association) []string {
	sides, ok := have.Oriented(wanted.FirstObjectKey, wanted.SecondObjectKey)
	if !ok {
		return []string{fmt.Sprintf("it links %q and %q, not %q and %q", have.FirstObjectKey, have.SecondObjectKey, wanted.FirstObjectKey, wanted.SecondObjectKey)}
	}
	var differences []string
	for _, label := range []struct{ object, have, wanted string }{
		{sides.FirstObjectKey, sides.FirstObjectLabel, wanted.FirstObjectLabel}, {sides.SecondObjectKey, sides.SecondObjectLabel, wanted.SecondObjectLabel},
	} {
		if label.have != label.wanted {
			differences = append(differences, fmt.Sprintf("the label of %q is %q, not %q", label.object, harmless(label.have), label.wanted))
		}
	}
	return differences
}

// aheadTime limits how long a plan may search for existing objects that its creates would
// conflict with.
const aheadTime = time.Minute

// existsWarning warns if an association with the planned key already exists, or if the
// sub-account cannot be reached. The check is best effort: if the key is not known at
// plan time, or the lookup fails, there is no warning about the key.
func (r *associationResource) existsWarning(ctx context.Context, plan associationModel) diag.Diagnostics {
	if r.data.store == nil || plan.LocationID.IsUnknown() {
		return nil
	}
	if plan.Key.IsUnknown() {
		return r.data.reachWarning(ctx, plan.LocationID)
	}
	lookUp, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	holder := r.data.store.Holder(lookUp, plan.location(), plan.Key.ValueString())
	if holder == nil {
		return r.data.reachWarning(ctx, plan.LocationID)
	}
	switch known := r.data.objects.note(associationWithID(plan.location(), holder.ID), create); {
	case known.isKept:
		return diag.Diagnostics{r.data.heldTwice(plan)}
	case known.isDestroyed, known.isRead:
		return diag.Diagnostics{diag.NewWarningDiagnostic("Association Already Exists", plan.isManagedAs(*holder))}
	case plan.isIdentical(*holder):
		return r.data.metInPlan(ctx, plan, holder.ID, objectRef{LocationID: plan.location(), ID: holder.ID}.importID())
	default:
		return diag.Diagnostics{diag.NewWarningDiagnostic("Association Already Exists", r.data.willMeet(plan, *holder))}
	}
}

// isManagedAs is the warning that another resource in the state already manages the
// association.
func (m associationModel) isManagedAs(have ghl.Association) string {
	return fmt.Sprintf("The association %q already exists in sub-account %q, with the id %q, and another resource in this state manages it. "+
		"If the other resource was renamed to this resource, add a moved block so that nothing is destroyed:\n\n%s", have.Key, m.location(), have.ID, movedAdvice(m))
}

// willMeet describes briefly how an existing association differs from a planned one. The
// text is short because the engine plans the create again during the apply and repeats the
// warning. The create's error has the full text.
func (d *providerData) willMeet(m associationModel, have ghl.Association) string {
	if have.IsSystemDefined() {
		return m.keyIsSystemDefined(have)
	}
	advice := takeOverInShort(m, objectRef{LocationID: m.location(), ID: have.ID}.importID())
	if m.isKnown() {
		advice = m.comparedWith(have) + advice
	}
	return m.existsAs(have) + d.foreseen(advice)
}
