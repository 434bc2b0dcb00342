package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

func (r *recordRelationsResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	modifyPlan(ctx, r.data, r, req, resp)
}

func (r *recordRelationsResource) complete(ctx context.Context, plan, state recordRelationsModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (recordRelationsModel, bool) {
	return completeAssociation(ctx, r.data, plan, state, req, resp)
}

func (r *recordRelationsResource) planDestroy(state recordRelationsModel) diag.Diagnostics {
	if ids, _ := state.related(); r.data.objects.isClaimed(state.ref(), ids) {
		return nil
	}
	return r.planRemoval(state, "Destroying")
}

// planRemoval plans the deletion of all relations in a state.
func (r *recordRelationsResource) planRemoval(state recordRelationsModel, doing string) diag.Diagnostics {
	ids, _ := state.related()
	diags := r.data.objects.noteRecordRelations(state, nil, ids, destroy)
	if len(ids) > 0 {
		diags.Append(deletionWarning(fmt.Sprintf("%s the %s in sub-account %q deletes %s (to %s).",
			doing, state.inWords(), state.location(), relations(len(ids)), shortList(ids))))
	}
	return diags
}

func (r *recordRelationsResource) planCreate(ctx context.Context, plan recordRelationsModel, _ resource.ModifyPlanRequest) (diags diag.Diagnostics) {
	if plan.isKnown() {
		ids, _ := plan.related()
		diags = append(r.data.objects.noteRecordRelations(plan, ids, nil, create), r.lookAhead(ctx, plan)...)
	}
	return append(diags, r.data.reachWarning(ctx, plan.LocationID)...)
}

// lookAhead predicts what a create will find. A failed read is not an error here, because
// the create reads again and deletes nothing.
func (r *recordRelationsResource) lookAhead(ctx context.Context, plan recordRelationsModel) diag.Diagnostics {
	if r.data.store == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	association, err := r.data.store.Association(ctx, plan.location(), plan.AssociationID.ValueString())
	if err != nil {
		return nil
	}
	if problem := plan.fits(association.FirstObjectKey, association.SecondObjectKey); problem != nil {
		return problem
	}
	rows, err := r.data.store.ListedRelations(ctx, plan.ref())
	if err != nil {
		return nil
	}
	return r.othersWarning(plan, rows)
}

// othersWarning warns, once per process, about relations that the plan does not include
// and that the create does not delete.
func (r *recordRelationsResource) othersWarning(plan recordRelationsModel, rows map[string]ghl.Relation) diag.Diagnostics {
	wanted, areAll := plan.related()
	others := without(slices.Sorted(maps.Keys(rows)), wanted)
	if len(others) == 0 || !areAll || !r.data.first("other relations: "+plan.importID()) {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Other Relations Exist", fmt.Sprintf(
		"HighLevel has %s that the %s in sub-account %q does not include (to %s). Creating the resource does not delete these relations. "+
			"The next plan shows the removal of these relations, and applying that plan deletes them. To keep these relations, add the ids to related_record_ids.",
		relations(len(others)), plan.inWords(), plan.location(), shortList(others)))}
}

func (r *recordRelationsResource) planUpdate(_ context.Context, plan, state recordRelationsModel, _ resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	resp.RequiresReplace = plan.replaces(state)
	if len(resp.RequiresReplace) > 0 {
		resp.Diagnostics.Append(r.planRemoval(state, "Replacing")...)
		return
	}
	prior, _ := state.related()
	wanted, areAll := plan.related()
	removed := without(prior, wanted)
	most := ""
	if !areAll { // which relations are kept is not known until the apply
		most, wanted = "up to ", append(wanted, removed...)
		resp.Diagnostics.Append(r.data.objects.noteRecordRelations(plan, wanted, nil, keep)...)
	} else {
		resp.Diagnostics.Append(r.data.objects.noteRecordRelations(plan, wanted, removed, keep)...)
	}
	if r.data.adoptsIdentical && r.data.objects.isToBeSingle(plan.ref(), wanted) {
		resp.Diagnostics.Append(heldInSet("Record Relations", plan.inWords(), plan.location()))
	}
	if len(removed) > 0 {
		resp.Diagnostics.Append(deletionWarning(fmt.Sprintf(
			"Applying this plan deletes %s%s that the %s in sub-account %q does not include (to %s). To keep these relations, add the ids to related_record_ids.",
			most, relations(len(removed)), plan.inWords(), plan.location(), shortList(removed))))
	}
}

func deletionWarning(detail string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Relations Will Be Deleted", detail)
}
