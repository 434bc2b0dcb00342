package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// The association of a relation is named by its id, or by its key. The id is in the state in
// either case. A key costs a relation nothing by itself: whatever a look-up does not say for
// certain leaves it under the association that the state has.

// complete plans association_id for a configuration that names the association by key. If it
// names it by id, the key in the state stays, since it is right.
func (r *relationResource) complete(ctx context.Context, plan, state relationModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (relationModel, bool) {
	config, ok := read[relationModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return plan, false
	}
	plan.AssociationKey = state.AssociationKey
	written := plan
	if !config.AssociationKey.IsNull() {
		plan.AssociationKey = config.AssociationKey
		var diags diag.Diagnostics
		if plan.LocationID.Equal(state.LocationID) {
			plan.AssociationID, diags = r.keptAssociation(ctx, plan, state)
			written = plan
		} else {
			plan.AssociationID, diags = r.newAssociation(ctx, plan)
			written = plan
			written.AssociationID = types.StringUnknown() // by the time of the apply it may be another one
		}
		resp.Diagnostics.Append(diags...)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, written)...)
	return plan, !resp.Diagnostics.HasError()
}

// newAssociation is the association of a relation that is to be created. One that the same apply
// creates is not known yet: the create looks it up.
func (r *relationResource) newAssociation(ctx context.Context, plan relationModel) (types.String, diag.Diagnostics) {
	unknown := types.StringUnknown()
	if plan.AssociationKey.IsUnknown() || plan.LocationID.IsUnknown() || r.data.store == nil {
		return unknown, nil
	}
	found, err := r.associationID(ctx, plan)
	planned := r.data.objects.of(plan.associationWithKey())
	switch {
	case err == nil && (planned.creates == 0 || r.isKept(plan, found)):
		return types.StringValue(found), nil
	case err == nil, planned.creates > 0 && errors.Is(err, store.ErrNotFound):
		return unknown, nil
	case errors.Is(err, store.ErrNotFound):
		return unknown, r.noAssociationWarning(plan)
	default:
		return unknown, diag.Diagnostics{r.lookUpFailed(plan, err)}
	}
}

// keptAssociation is the association of a relation in the state.
func (r *relationResource) keptAssociation(ctx context.Context, plan, state relationModel) (types.String, diag.Diagnostics) {
	isSame := sameKey(plan.AssociationKey, state.AssociationKey)
	if plan.AssociationKey.IsUnknown() || isSame && r.data.store == nil {
		return state.AssociationID, nil // a later plan shows whether it is another one
	}
	if diags := r.data.ready("Unable to Plan Relation"); diags.HasError() {
		return state.AssociationID, diags
	}
	found, err := r.associationID(ctx, plan)
	planned := r.data.objects.of(plan.associationWithKey())
	switch {
	case err == nil && planned.creates > 0 && (planned.isRead || planned.isDestroyed) && !r.isKept(plan, found):
		return types.StringUnknown(), nil // a resource of this state is tainted or renamed: the relation goes with its association
	case err == nil && found != state.AssociationID.ValueString() && (isSame || state.AssociationKey.IsNull()):
		return types.StringValue(found), diag.Diagnostics{otherAssociationWarning(plan, state, found)}
	case err == nil:
		return types.StringValue(found), nil
	case isSame: // the refresh has decided
		return state.AssociationID, nil
	case planned.creates > 0 && errors.Is(err, store.ErrNotFound):
		return types.StringUnknown(), nil
	case errors.Is(err, store.ErrNotFound):
		return state.AssociationID, diag.Diagnostics{associationKeyError(plan, state)}
	default:
		return state.AssociationID, diag.Diagnostics{r.lookUpFailed(plan, err)}
	}
}

func (r *relationResource) associationID(ctx context.Context, m relationModel) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, m.timeout(ctx, "Read"))
	defer cancel()
	return r.data.store.AssociationID(ctx, m.location(), m.AssociationKey.ValueString())
}

func (r *relationResource) lookUpFailed(m relationModel, err error) diag.Diagnostic {
	m.AssociationID = types.StringUnknown()
	subject := "association for the " + m.inWords()
	failure := r.data.failed(operation{verb: "Read", thing: "Association", subject: subject, locationID: m.location()}, err)
	return diag.NewAttributeErrorDiagnostic(path.Root("association_key"), "Unable to Plan Relation", failure.Detail())
}

// isKept tells whether a resource manages an association and keeps it, or has just made it.
func (r *relationResource) isKept(m relationModel, id string) bool {
	return r.data.objects.of(associationWithID(m.location(), id)).isKept
}

// underItsAssociation is a plan that is about to be carried out, with the id of its association.
func (r *relationResource) underItsAssociation(ctx context.Context, plan relationModel) (relationModel, error) {
	if !plan.AssociationID.IsUnknown() {
		return plan, nil
	}
	id, err := r.data.store.AssociationID(ctx, plan.location(), plan.AssociationKey.ValueString())
	if errors.Is(err, store.ErrNotFound) { // perhaps by now
		row, now := r.data.store.AssociationByKey(ctx, plan.location(), plan.AssociationKey.ValueString())
		id, err = row.ID, now
	}
	if err == nil {
		plan.AssociationID = types.StringValue(id)
	}
	return plan, err
}

func (m relationModel) associationWithKey() objectName {
	return associationWithKey(m.location(), m.AssociationKey.ValueString())
}

// noAssociation says that nothing has the key that a relation names.
func noAssociation(m relationModel) string {
	return fmt.Sprintf("No association has the key %q in sub-account %q. Correct association_key, which must be the key as HighLevel stores it. "+
		"If a ghl_association of this configuration has the key, set association_id = ghl_association.example.id in place of association_key: then the association is created first, and the relation is replaced with it.",
		m.AssociationKey.ValueString(), m.location())
}

func noAssociationError(m relationModel) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("association_key"), "Unable to Create Relation", fmt.Sprintf("%s\n\nThe %s was not created.", noAssociation(m), m.inWords()))
}

// noAssociationWarning warns once for each key.
func (r *relationResource) noAssociationWarning(m relationModel) diag.Diagnostics {
	if !r.data.first(fmt.Sprintf("no association: %v", m.associationWithKey())) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("association_key"), "No Association Has the Key of a Relation",
		noAssociation(m)+" As it is, the apply fails, unless something else creates the association before.")}
}

// associationKeyError is about a relation in the state, which a mistyped key must not destroy.
func associationKeyError(plan, state relationModel) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("association_key"), "Unable to Plan Relation",
		noAssociation(plan)+" Nothing has been changed.\n\n"+keepUnder(state))
}

// otherAssociationWarning is about a relation that is replaced although nobody has chosen
// another key for it.
func otherAssociationWarning(plan, state relationModel, id string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("association_key"), "Another Association Has the Key of a Relation", fmt.Sprintf(
		"The key %q belongs to the association with the id %q in sub-account %q, and the relation is under another one, so the plan replaces the relation. "+
			"If somebody deleted the association and made it again, HighLevel deleted the relation with it, and this plan makes it again.\n\n",
		plan.AssociationKey.ValueString(), id, plan.location())+keepUnder(state))
}

func keepUnder(state relationModel) string {
	return fmt.Sprintf("To keep the %s, set association_id = %s in place of association_key.", state.inWords(), hclString(state.AssociationID.ValueString()))
}
