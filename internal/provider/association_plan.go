package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

func (r *associationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	modifyPlan(ctx, r.data, r, req, resp)
}

func (r *associationResource) planDestroy(state associationModel) diag.Diagnostics {
	byID, byKey := r.data.objects.noteAssociation(state, destroy)
	switch {
	case byID.isAdopted: // a create in the same apply has adopted it (create_before_destroy)
		return nil
	case byID.isKept:
		return diag.Diagnostics{managedTwice(state)}
	case state.DeletionProtection.ValueBool():
		return diag.Diagnostics{protectedError("Destroy", state)}
	case byID.staysUnder != "":
		return diag.Diagnostics{goesWithAssociation(state, byID.staysUnder, state.inWords())}
	default:
		return diag.Diagnostics{destroyWarning(state, byKey.creates > 0)}
	}
}

// planCreate plans a first creation, or the create of a replacement. In a replacement, the
// engine passes no state: only private state, or an earlier read in this process, reveals
// the association that would be deleted. (The engine then shows warnings only if the
// instance is tainted.)
func (r *associationResource) planCreate(ctx context.Context, plan associationModel, req resource.ModifyPlanRequest) (diags diag.Diagnostics) {
	underReplace := keptPrivate[bool](ctx, req.Private, privateProtection, &diags)
	before := r.data.objects.notePlanned(plan)
	staysUnder := r.data.objects.noteRecreated(plan.location(), before)
	switch {
	case before.isProtected || underReplace:
		return append(diags, protectedError("Replace", plan))
	case staysUnder != "":
		return append(diags, goesWithAssociation(plan, staysUnder, plan.inWords()))
	case before.isDestroyed:
		diags.Append(destroyedAndCreatedWarning(plan))
	case before.isKept:
		diags.Append(r.data.heldTwice(plan))
	case before.creates > 0:
		diags.Append(wantedTwice(plan))
	case before.isRead:
		diags.Append(readBefore(plan))
	default:
		diags.Append(r.existsWarning(ctx, plan)...)
	}
	return append(diags, equalLabelsWarning(plan)...)
}

// planUpdate decides which changes replace the association. A plan modifier of the
// framework gets only one attribute, so it cannot detect swapped sides or check the
// protection.
func (r *associationResource) planUpdate(ctx context.Context, plan, state associationModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if stored := keptPrivate[string](ctx, req.Private, privateStoredKey, &resp.Diagnostics); stored != "" && ghl.SameKey(stored, plan.Key.ValueString()) {
		plan.Key = state.Key
	}
	plan = plan.spelledLike(state)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)

	resp.RequiresReplace = plan.replaces(state)
	if len(resp.RequiresReplace) == 0 {
		resp.Diagnostics.Append(r.planKeep(plan, state)...)
		return
	}
	resp.Diagnostics.Append(r.planReplace(ctx, plan, state)...)
}

// planKeep plans an association that is not replaced, even if its labels change.
func (r *associationResource) planKeep(plan, state associationModel) diag.Diagnostics {
	byID, byKey := r.data.objects.noteAssociation(state, keep)
	if byID.isDestroyed {
		return diag.Diagnostics{managedTwice(state)}
	}
	diags := append(r.data.objects.keepDependant(state), crossedLabelsWarning(plan, state)...)
	if byKey.creates+byID.creates > 0 { // byID.creates is needed if the state spells the key differently from HighLevel
		diags.Append(r.data.heldTwice(state))
	}
	if plan.isKnown() && !plan.labelsAre(state.wanted()) {
		diags.Append(equalLabelsWarning(plan)...)
	}
	return diags
}

// planReplace plans the replacement of an association.
func (r *associationResource) planReplace(ctx context.Context, plan, state associationModel) diag.Diagnostics {
	byID, _ := r.data.objects.noteAssociation(state, destroy)
	if byID.isKept {
		return diag.Diagnostics{managedTwice(state)}
	}
	// Use the deletion_protection in the state: one change must not both lift the
	// protection and replace the association.
	if state.DeletionProtection.ValueBool() {
		return diag.Diagnostics{protectedError("Replace", state, plan.replaces(state)...)}
	}
	if byID.staysUnder != "" {
		return diag.Diagnostics{goesWithAssociation(state, byID.staysUnder, state.inWords())}
	}
	diags := diag.Diagnostics{replaceWarning(state)}
	if !sameKey(plan.Key, state.Key) || !plan.LocationID.Equal(state.LocationID) {
		diags.Append(r.existsWarning(ctx, plan)...)
	}
	return append(diags, equalLabelsWarning(plan)...)
}

// equalLabelsWarning warns that HighLevel may refuse two equal labels. It is not an error,
// so that existing associations with equal labels can still be adopted.
func equalLabelsWarning(plan associationModel) diag.Diagnostics {
	if !plan.isKnown() || plan.FirstObjectKey.ValueString() != "contact" || !plan.SecondObjectKey.Equal(plan.FirstObjectKey) || !plan.FirstObjectLabel.Equal(plan.SecondObjectLabel) {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Labels Are the Same",
		"HighLevel is known to refuse two equal labels between contacts, since only the labels tell the sides apart. If the apply fails, change one of the labels.")}
}

// crossedLabelsWarning warns if a plan swaps the two labels. The records of each relation
// keep their sides, so the two records swap roles.
func crossedLabelsWarning(plan, state associationModel) diag.Diagnostics {
	if !plan.isKnown() {
		return nil
	}
	now := state.wanted()
	then, ok := plan.wanted().Oriented(now.FirstObjectKey, now.SecondObjectKey)
	if !ok || now.FirstObjectLabel == now.SecondObjectLabel ||
		then.FirstObjectLabel != now.SecondObjectLabel || then.SecondObjectLabel != now.FirstObjectLabel {
		return nil
	}
	first, second := fmt.Sprintf("%q", now.FirstObjectKey), fmt.Sprintf("%q", now.SecondObjectKey)
	advice := "If you only meant to swap the sides, swap their labels too. If ignore_changes covers the labels, keep the sides as they are in the state."
	if now.FirstObjectKey == now.SecondObjectKey {
		first, second = "the first side", "the second side"
		advice = "If you only meant to swap the sides, leave the labels as they are: between records of one object, the order of the sides determines their roles."
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Labels Change Places", fmt.Sprintf(
		"The two labels of the association %q change places: %s gets the label %q instead of %q, and %s gets %q instead of %q. "+
			"As a result, the two records of every relation swap roles.\n\n%s",
		plan.Key.ValueString(), first, then.FirstObjectLabel, now.FirstObjectLabel, second, then.SecondObjectLabel, now.SecondObjectLabel, advice))}
}
