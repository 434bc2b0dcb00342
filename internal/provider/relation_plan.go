package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func (r *relationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	modifyPlan(ctx, r.data, r, req, resp)
}

func (r *relationResource) complete(ctx context.Context, plan, state relationModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (relationModel, bool) {
	return completeAssociation(ctx, r.data, plan, state, req, resp)
}

func (r *relationResource) planDestroy(state relationModel) diag.Diagnostics {
	before := r.data.objects.noteRelation(state, destroy)
	if diags := r.data.objects.noteSingle(state, destroy); diags.HasError() {
		return diags
	}
	switch {
	case before.isAdopted: // the create of a create_before_destroy replacement has adopted it
		return nil
	case before.isKept && before.isOf(state):
		return diag.Diagnostics{managedTwice(state)}
	case before.creates > 0 && (before.relation == state.ref() || !state.linksOneObject()):
		return diag.Diagnostics{destroyedAndCreatedWarning(state)}
	default:
		return nil
	}
}

func (r *relationResource) planCreate(ctx context.Context, plan relationModel, _ resource.ModifyPlanRequest) (diags diag.Diagnostics) {
	if plan.isKnown() {
		before := r.data.objects.noteRelation(plan, create)
		switch {
		case before.isDestroyed && (before.relation == plan.ref() || !before.linksOneObject):
			diags.Append(destroyedAndCreatedWarning(plan))
		case before.isKept && (before.relation == plan.ref() || !before.linksOneObject):
			diags.Append(r.data.heldTwice(plan))
		case before.isKept, before.creates > 0:
			diags.Append(wantedTwice(plan))
		}
		diags = append(diags, r.data.objects.noteSingle(plan, create)...)
		if r.data.adoptsIdentical && r.data.objects.isInKeptSet(plan.ref()) {
			diags.Append(heldInSet("Relation", plan.inWords(), plan.location()))
		}
		if len(diags) == 0 && !before.isRead {
			diags = r.existsWarning(ctx, plan)
		}
	}
	return append(diags, r.data.reachWarning(ctx, plan.LocationID)...)
}

// existsWarning warns once that planned relations already exist. The warning is optional:
// if the lookup fails, there is neither a warning nor an error.
func (r *relationResource) existsWarning(ctx context.Context, plan relationModel) diag.Diagnostics {
	if r.data.store == nil {
		return nil
	}
	lookUp, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	row := r.data.store.PlannedRelation(lookUp, plan.ref())
	if row == nil {
		return nil
	}
	return r.data.metInPlan(ctx, plan, row.ID, plan.importID())
}

// planUpdate decides which changes require a replacement, because a plan modifier of one
// attribute cannot distinguish a swap of the records from a change of both.
func (r *relationResource) planUpdate(ctx context.Context, plan, state relationModel, _ resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if plan.swaps(state) && r.orderIsFree(ctx, state) {
		plan.relationFields = state.relationFields
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
	resp.RequiresReplace = plan.replaces(state)
	if len(resp.RequiresReplace) == 0 {
		resp.Diagnostics.Append(r.planKeep(state)...)
	} else if before := r.data.objects.noteRelation(state, destroy); before.isKept && before.isOf(state) {
		resp.Diagnostics.Append(managedTwice(state))
	} else {
		resp.Diagnostics.Append(r.data.objects.noteSingle(state, destroy)...)
	}
}

// planKeep plans a relation that stays.
func (r *relationResource) planKeep(state relationModel) diag.Diagnostics {
	before := r.data.objects.noteRelation(state, keep)
	switch {
	case before.isDestroyed && before.isOf(state):
		return diag.Diagnostics{managedTwice(state)}
	case before.creates > 0 && (before.relation == state.ref() || !state.linksOneObject()):
		return diag.Diagnostics{r.data.heldTwice(state)}
	case before.creates > 0:
		return diag.Diagnostics{wantedTwice(state)}
	default:
		return r.data.objects.noteSingle(state, keep)
	}
}

// orderIsFree reports whether a configuration may list the two records of a relation in
// either order. Under an association of an object with itself, the order matters. If the
// objects are unknown, the result is true, because a replacement could not be undone.
func (r *relationResource) orderIsFree(ctx context.Context, state relationModel) bool {
	if !state.FirstObjectKey.IsNull() && !state.SecondObjectKey.IsNull() {
		return !state.FirstObjectKey.Equal(state.SecondObjectKey)
	}
	if r.data.store == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	association, err := r.data.store.Association(ctx, state.location(), state.AssociationID.ValueString())
	return err != nil || association.FirstObjectKey != association.SecondObjectKey
}
