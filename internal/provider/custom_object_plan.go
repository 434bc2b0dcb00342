package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func (r *customObjectResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	modifyPlan(ctx, r.data, r, req, resp)
}

func (r *customObjectResource) planDestroy(state customObjectModel) diag.Diagnostics {
	diags := r.namedResource.planDestroy(state)
	if !diags.HasError() && state.takesAlong() {
		diags.Append(r.planLoss("Destroy", state)...)
	}
	return diags
}

// planCreate plans a create, or the create of a replacement. A replacement gets no state,
// so planCreate uses the policy that this process read or planned earlier, if any.
func (r *customObjectResource) planCreate(ctx context.Context, plan customObjectModel, req resource.ModifyPlanRequest) diag.Diagnostics {
	diags := r.namedResource.planCreate(ctx, plan, req)
	if !diags.HasError() && r.data.objects.of(plan.withKey()).takesAlong {
		diags.Append(r.planLoss("Replace", plan)...)
	}
	return diags
}

func (r *customObjectResource) planUpdate(ctx context.Context, plan, state customObjectModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.noteTakesAlong(state, state.takesAlong())
	r.namedResource.planUpdate(ctx, plan, state, req, resp)
	if len(resp.RequiresReplace) > 0 && !resp.Diagnostics.HasError() && state.takesAlong() {
		resp.Diagnostics.Append(r.planLoss("Replace", state)...)
	}
}

// withKey returns the objectName of the object by its key, which its fields and
// associations contain too.
func (m customObjectModel) withKey() objectName {
	return objectWithKey(m.location(), m.ref().Name)
}

// takesAlong reports whether destroying the object also deletes everything that depends on
// it.
func (m customObjectModel) takesAlong() bool { return m.DeletionPolicy.ValueString() == deleteObject }

// noteTakesAlong stores the result of takesAlong, because the plan for the create of a
// replacement gets no state.
func (r *customObjectResource) noteTakesAlong(m customObjectModel, takesAlong bool) {
	r.data.objects.note(m.withKey(), func(f *fate) { f.takesAlong = takesAlong })
}

// planLoss notes the planned deletion of an object, and checks for protected dependants.
func (r *customObjectResource) planLoss(verb string, m customObjectModel) diag.Diagnostics {
	r.data.objects.note(m.withKey(), destroy)
	return r.protectedLoss(verb, m)
}

// protectedLoss is the error for an object whose deletion would delete protected dependants
// that this process has read.
func (r *customObjectResource) protectedLoss(verb string, m customObjectModel) (diags diag.Diagnostics) {
	if below := r.data.objects.protectedBelow(m.withKey()); len(below) > 0 {
		diags.AddError("Unable to "+verb+" Custom Object", fmt.Sprintf("Along with the %s in sub-account %q, HighLevel would delete objects that have %s in the state: %s. "+
			"To delete all of them anyway, set %s in their blocks, apply that change alone, and plan again.\n\n"+
			"If the object's block was renamed, add a moved block with the two addresses so that nothing is destroyed:\n\n%s\n\n"+
			"If the instance is only marked as tainted, unmark it with the engine's untaint command.",
			m.inWords(), m.location(), deletionProtection.on, strings.Join(below, ", "), deletionProtection.off, movedAdvice(m)))
	}
	return diags
}
