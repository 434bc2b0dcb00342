package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func (r *associationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch {
	case r.data == nil:
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, req, resp)
	case !r.planLocation(ctx, "Association", req, resp):
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	default:
		r.planUpdate(ctx, req, resp)
	}
}

func (r *associationResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	state, ok := read[associationModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	byID, byKey := r.data.objects.noteAssociation(state, destroy)
	switch {
	case byID.isKept:
		resp.Diagnostics.Append(managedTwice(state))
	case state.DeletionProtection.ValueBool():
		resp.Diagnostics.Append(protectedError("Destroy", state))
	default:
		resp.Diagnostics.Append(destroyWarning(state, byKey.creates > 0))
	}
}

// planCreate plans a first creation, and the second half of a replacement: there
// the engine shows no state, and only private state, or what this process has
// read, tells of the association that would go. (It shows no warning there, unless
// the instance is tainted.)
func (r *associationResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	plan, ok := read[associationModel](ctx, resp.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	underReplace, diags := req.Private.GetKey(ctx, privateProtection)
	resp.Diagnostics.Append(diags...)
	before := r.data.objects.notePlanned(plan)
	switch {
	case before.isProtected || underReplace != nil:
		resp.Diagnostics.Append(protectedError("Replace", plan))
		return
	case before.isDestroyed:
		resp.Diagnostics.Append(destroyedAndCreatedWarning(plan))
	case before.isKept || before.creates > 0:
		resp.Diagnostics.Append(wantedTwice(plan))
	case before.isRead:
		resp.Diagnostics.Append(readBefore(plan))
	default:
		resp.Diagnostics.Append(r.existsWarning(ctx, plan)...)
	}
	resp.Diagnostics.Append(equalLabelsWarning(plan)...)
}

// planUpdate decides by itself what replaces: the framework's plan modifiers see
// one attribute each, and neither a swap of sides nor what a protected
// association is spared can be told from one.
func (r *associationResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	state, _ := read[associationModel](ctx, req.State, &resp.Diagnostics)
	plan, ok := read[associationModel](ctx, resp.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	stored, diags := storedKey(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if !stored.IsNull() && sameKey(plan.Key, stored) {
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

// planKeep is about an association that stays, whatever labels it gets.
func (r *associationResource) planKeep(plan, state associationModel) diag.Diagnostics {
	byID, byKey := r.data.objects.noteAssociation(state, keep)
	if byID.isDestroyed {
		return diag.Diagnostics{managedTwice(state)}
	}
	diags := crossedLabelsWarning(plan, state)
	if byKey.creates > 0 {
		diags.Append(wantedTwice(state))
	}
	if plan.isKnown() && !plan.labelsAre(state.wanted()) {
		diags.Append(equalLabelsWarning(plan)...)
	}
	return diags
}

// planReplace is about one that a change would replace.
func (r *associationResource) planReplace(ctx context.Context, plan, state associationModel) diag.Diagnostics {
	byID, _ := r.data.objects.noteAssociation(state, destroy)
	if byID.isKept {
		return diag.Diagnostics{managedTwice(state)}
	}
	// The flag in state decides: lifting it in the same step would be no protection.
	if state.DeletionProtection.ValueBool() {
		return diag.Diagnostics{protectedError("Replace", state, plan.replaces(state)...)}
	}
	diags := diag.Diagnostics{replaceWarning(state)}
	if !sameKey(plan.Key, state.Key) || !plan.LocationID.Equal(state.LocationID) {
		diags.Append(r.existsWarning(ctx, plan)...)
	}
	return append(diags, equalLabelsWarning(plan)...)
}
