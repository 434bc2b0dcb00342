package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// aheadTime bounds what a plan may take to look ahead at what its creates will meet.
const aheadTime = time.Minute

// existsWarning warns that a planned create will meet an association with its key.
// It is a courtesy: where the key is unknown yet, or nobody can tell whether it is
// taken, there is no warning, and no error either.
func (r *associationResource) existsWarning(ctx context.Context, plan associationModel) diag.Diagnostics {
	if r.data.store == nil || plan.LocationID.IsUnknown() || plan.Key.IsUnknown() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	holder := r.data.store.Holder(ctx, plan.LocationID.ValueString(), plan.Key.ValueString())
	if holder == nil {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Association Already Exists", willMeet(plan, *holder))}
}

// willMeet says how to take over what a planned create will meet.
func willMeet(plan associationModel, have ghl.Association) string {
	o := associationOperation("Create", plan)
	if have.IsSystemDefined() {
		return o.keyIsSystemDefined(have)
	}
	text := fmt.Sprintf("The association %q exists already in sub-account %q, with the id %q, so that creating it will fail. ", have.Key, o.locationID, have.ID)
	if plan.isKnown() {
		text += o.comparedWith(have)
	}
	return text + o.associationImport(have) + "\n\n" +
		"Where the state holds the resource still, since its association was deleted and made again by hand, run apply -refresh-only first: the engine ignores the block until then. " +
		"Where this plan replaces that very association, nothing is to be done."
}
