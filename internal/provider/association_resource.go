package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

var (
	_ resource.ResourceWithConfigure   = (*associationResource)(nil)
	_ resource.ResourceWithIdentity    = (*associationResource)(nil)
	_ resource.ResourceWithImportState = (*associationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*associationResource)(nil)
)

type associationResource struct{ managed }

func newAssociationResource() *associationResource {
	return &associationResource{managed{noun: "association", form: associationImport, own: map[string]any{"deletion_protection": false}}}
}

func (r *associationResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := associationAttributes()
	attributes["deletion_protection"] = protectionAttribute("association")
	resp.Schema = managedSchema(ctx, "An association: a kind of link between the records of two HighLevel objects, with a label for each side. "+
		"Relations (`ghl_relation`) are the links themselves. Deleting or replacing an association deletes all its relations. The plan shows a warning, except with `-replace`, which hides warnings."+movable, attributes)
}

func (r *associationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	carryOut(ctx, r.data, "Create", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan associationModel) error {
		row, err := r.data.store.CreateAssociation(ctx, plan.wanted())
		if met, ok := adoptable[ghl.Association](r.data, err); ok && plan.isIdentical(met) &&
			takesOver(plan, met.ID, r.data.objects.note(associationWithID(plan.location(), met.ID), adopt), &resp.Diagnostics) {
			row, err = met, nil
		}
		if err != nil {
			return err
		}
		// Write the state before any other call. After that, return no error: the engine would
		// taint the association, and the next apply would delete it with all its relations.
		plan.associationFields = plan.created(row)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.identity())...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateProtection, plan.DeletionProtection.ValueBool())...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateStoredKey, plan.changedKey(row))...)
		r.data.objects.noteAssociation(plan, keep)
		r.compare(ctx, plan, row, resp)
		return nil
	})
}

// compare warns about differences between the created and the planned association. It
// corrects labels that are on the wrong objects.
func (r *associationResource) compare(ctx context.Context, plan associationModel, row ghl.Association, resp *resource.CreateResponse) {
	r.data.tellAdopted(plan, row.ID, &resp.Diagnostics)
	if plan.changedKey(row) != "" {
		resp.Diagnostics.Append(keyChangedWarning(plan, row))
	}
	switch {
	case plan.labelsAre(row):
	case row.Carries(plan.wanted()): // on the wrong objects
		if _, err := r.data.store.UpdateLabels(ctx, plan.location(), row.ID, plan.wanted()); err != nil {
			resp.Diagnostics.Append(labelsLeftWarning(r.data.failed(on("Label", plan), err)))
		}
	default:
		resp.Diagnostics.Append(labelsChangedWarning(plan, row))
	}
}

func (r *associationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	carryOutRead(ctx, r.data, req.State, &resp.Diagnostics, r.noteRead, func(ctx context.Context, state associationModel) error {
		// Set the identity first: the response needs an identity even if the association
		// no longer exists. After an import by key, the id is not known yet, so the
		// identity is completed below.
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
		row, err := r.row(ctx, state)
		if isAbsence(err) {
			r.data.objects.forgetRead(state)
			// The engine plans the next create with this private state.
			resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateProtection, false)...)
			resp.State.RemoveResource(ctx)
			return nil
		}
		if err != nil {
			return err
		}
		if !state.isComplete() && row.IsSystemDefined() {
			resp.Diagnostics.Append(systemDefinedError(row))
			return nil
		}

		// If HighLevel changed the key when storing it, keep the key from the configuration.
		stored, written := keptPrivate[string](ctx, req.Private, privateStoredKey, &resp.Diagnostics), state.Key
		state.associationFields = state.refreshed(row)
		if ghl.SameKey(stored, row.Key) {
			state.Key = written
		}
		r.noteRead(state)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, state, state.identity())...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateProtection, state.DeletionProtection.ValueBool())...)
		return nil
	})
}

// noteRead notes that an association was read and stays in the state.
func (r *associationResource) noteRead(state associationModel) { r.data.objects.noteRead(state) }

// row reads the association by id, or by key if an import specified only the key.
func (r *associationResource) row(ctx context.Context, state associationModel) (ghl.Association, error) {
	if state.ID.IsNull() {
		return r.data.store.AssociationByKey(ctx, state.location(), state.Key.ValueString())
	}
	return r.data.store.Association(ctx, state.location(), state.ID.ValueString())
}

func (r *associationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	state, _ := read[associationModel](ctx, req.State, &resp.Diagnostics)
	carryOut(ctx, r.data, "Update", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan associationModel) error {
		// Swapped sides, deletion_protection and timeouts need no call.
		if !plan.labelsAre(state.wanted()) {
			if _, err := r.data.store.UpdateLabels(ctx, plan.location(), plan.ID.ValueString(), plan.wanted()); err != nil {
				return err
			}
		}
		isProtected := plan.DeletionProtection.ValueBool()
		if !isProtected {
			r.data.objects.forgetRead(plan)
		}
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.identity())...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateProtection, isProtected)...)
		return nil
	})
}

func (r *associationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	carryOut(ctx, r.data, "Delete", req.State, &resp.Diagnostics, func(ctx context.Context, state associationModel) error {
		// This is the last resort: a plan that can detect the protection has already
		// failed.
		if state.DeletionProtection.ValueBool() {
			resp.Diagnostics.Append(protectedError("Delete", state))
			return nil
		}
		if leaves(state, r.data.objects.note(associationWithID(state.location(), state.ID.ValueString()), remove), &resp.Diagnostics) {
			return nil
		}
		err := r.data.store.DeleteAssociation(ctx, state.location(), state.ID.ValueString(), state.Key.ValueString())
		if err == nil {
			r.data.objects.forgetRead(state)
		}
		return err
	})
}
