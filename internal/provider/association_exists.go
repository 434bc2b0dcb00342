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
	return fmt.Sprintf("The key %q belongs to an association that HighLevel defines itself in sub-account %q. That association cannot be managed: read it with the data source ghl_association, or choose another key.", have.Key, m.location())
}

func (m associationModel) comparedWith(have ghl.Association) string {
	if differences := associationDifferences(m.wanted(), have); len(differences) > 0 {
		return "It differs from the configuration: " + strings.Join(differences, "; ") + ". "
	}
	return "It matches the configuration. "
}

// associationDifferences says how have, an existing association, differs from wanted, apart
// from the order of the sides and the key's case.
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

// aheadTime limits how long a plan may look for objects that its creates will find.
const aheadTime = time.Minute

// existsWarning warns that a planned create will find an association with its key, or will
// not reach its sub-account. It is a courtesy: if the key is not known yet, or it is
// unknown whether the key is taken, there is neither a warning nor an error.
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

// isManagedAs is the warning for an association that another resource of the state manages,
// as this process has seen.
func (m associationModel) isManagedAs(have ghl.Association) string {
	return fmt.Sprintf("The association %q already exists in sub-account %q, with the id %q, and another resource in this state manages it. "+
		"If that resource was renamed to this one, add a moved block so that nothing is destroyed:\n\n%s", have.Key, m.location(), have.ID, movedAdvice(m))
}

// willMeet says briefly how an existing association differs from a planned one: the engine
// plans the create again in the apply, and repeats the warning. The error of the create has
// the full text.
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
