package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

var (
	_ resource.ResourceWithConfigure        = (*recordRelationsResource)(nil)
	_ resource.ResourceWithConfigValidators = (*recordRelationsResource)(nil)
	_ resource.ResourceWithIdentity         = (*recordRelationsResource)(nil)
	_ resource.ResourceWithImportState      = (*recordRelationsResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*recordRelationsResource)(nil)
)

// recordRelationsResource deletes only relations in the state, because a plan shows only
// those relations.
type recordRelationsResource struct{ managed }

func newRecordRelationsResource() *recordRelationsResource {
	return &recordRelationsResource{managed{noun: "record_relations", form: recordRelationsImport}}
}

func (r *recordRelationsResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedSchema(ctx, "All relations of one record under one association, as one resource. The resource takes over existing relations, and deletes those that "+
		"`related_record_ids` does not include: the first apply keeps them and warns, and the next plan shows their removal. "+
		"Use this resource for a record with many relations. Use `ghl_relation` for single relations, if people may create others by hand. Do not use both resources for the same record and association.",
		recordRelationsAttributes())
}

func (r *recordRelationsResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return oneAssociation()
}

// Create deletes nothing: if HighLevel has other relations, the next plan shows their
// removal. If Create fails, it writes no state. If it wrote a state, the engine would
// replace the tainted resource, and delete the relations that Create has taken over.
func (r *recordRelationsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	carryOut(ctx, r.data, "Create", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan recordRelationsModel) error {
		plan, diags := r.checked(ctx, "Create", plan, "created")
		if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
			return nil
		}
		wanted, _ := plan.related()
		contested := r.data.objects.claimRelations(plan.ref(), wanted)
		rows, err := r.data.store.ListedRelations(ctx, plan.ref())
		if err != nil {
			return err
		}
		missing := without(wanted, without(slices.Collect(maps.Keys(rows)), contested))
		made, err := r.data.store.CreateRecordRelations(ctx, plan.ref(), missing)
		if err != nil {
			resp.Diagnostics.Append(r.data.partFailure(on("Create", plan), plan, err, fmt.Sprintf(
				"%d of %s exist now, and are not in the state yet. Apply again: the resource takes over the existing relations, and creates only the missing ones.", len(wanted)-len(missing)+len(made), relations(len(wanted)))))
			return nil
		}
		plan = plan.withID()
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.identity())...)
		if len(made) > 0 {
			resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateCreatedAt, r.data.clock.Now().UTC())...)
		}
		resp.Diagnostics.Append(r.othersWarning(plan, rows)...)
		return nil
	})
}

// Read never removes the resource: a record may have no relations.
func (r *recordRelationsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	createdAt := keptPrivate[time.Time](ctx, req.Private, privateCreatedAt, &resp.Diagnostics)
	carryOutRead(ctx, r.data, req.State, &resp.Diagnostics, func(recordRelationsModel) {}, func(ctx context.Context, state recordRelationsModel) error {
		if !state.isComplete() {
			begun, diags := r.checked(ctx, "Read", state, "imported")
			if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
				return nil
			}
			state = begun
		}
		// The identity is set first, because a set that could not be read needs an
		// identity too.
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
		known, _ := state.related()
		rows, err := r.data.store.RecordRelations(ctx, state.ref(), known, createdAt)
		if err != nil {
			return err
		}
		state = state.holding(slices.Sorted(maps.Keys(rows)))
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, state, state.identity())...)
		return nil
	})
}

// Update deletes first: a record may already have as many relations as HighLevel allows.
func (r *recordRelationsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	createdAt := keptPrivate[time.Time](ctx, req.Private, privateCreatedAt, &resp.Diagnostics)
	state, _ := read[recordRelationsModel](ctx, req.State, &resp.Diagnostics)
	carryOut(ctx, r.data, "Update", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan recordRelationsModel) error {
		prior, _ := state.related()
		wanted, _ := plan.related()
		var created []string
		r.data.objects.claimRelations(plan.ref(), without(wanted, prior))
		removed := r.data.objects.releaseRelations(plan, without(prior, wanted), &resp.Diagnostics)
		deleted, err := r.data.store.DeleteRecordRelations(ctx, plan.ref(), removed, createdAt)
		if err == nil {
			created, err = r.data.store.CreateRecordRelations(ctx, plan.ref(), without(wanted, prior))
		}
		if len(created) > 0 {
			resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateCreatedAt, r.data.clock.Now().UTC())...)
		}
		if err != nil {
			resp.Diagnostics.Append(r.data.partFailure(on("Update", plan), plan, err, fmt.Sprintf(
				"Number of relations created so far: %d; deleted: %d. These changes are in the state. Apply again to do the rest.", len(created), len(deleted))))
			given := without(without(prior, wanted), removed) // to another resource
			plan = plan.holding(append(without(without(prior, deleted), given), created...))
		}
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.identity())...)
		return nil
	})
}

// Delete deletes the relations in the state, and leaves all others unchanged.
func (r *recordRelationsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	createdAt := keptPrivate[time.Time](ctx, req.Private, privateCreatedAt, &resp.Diagnostics)
	carryOut(ctx, r.data, "Delete", req.State, &resp.Diagnostics, func(ctx context.Context, state recordRelationsModel) error {
		held, _ := state.related()
		ids := r.data.objects.releaseRelations(state, held, &resp.Diagnostics)
		deleted, err := r.data.store.DeleteRecordRelations(ctx, state.ref(), ids, createdAt)
		if err != nil {
			resp.Diagnostics.Append(r.data.partFailure(on("Delete", state), state, err, fmt.Sprintf(
				"%d of %s were deleted. The other relations are still in the state. Try again to delete them.", len(deleted), relations(len(ids)))))
			resp.Diagnostics.Append(resp.State.Set(ctx, state.holding(without(ids, deleted)))...)
		}
		return nil
	})
}

// checked returns m, a planned or imported resource, with the id of its association. It
// requires side if, and only if, side determines the role of the record.
func (r *recordRelationsResource) checked(ctx context.Context, verb string, m recordRelationsModel, done string) (recordRelationsModel, diag.Diagnostics) {
	m, err := underItsAssociation(ctx, r.data.store, m)
	if errors.Is(err, store.ErrNotFound) {
		return m, diag.Diagnostics{noAssociationError(verb, m, done)}
	}
	var association ghl.Association
	if err == nil {
		association, err = r.data.store.Association(ctx, m.location(), m.AssociationID.ValueString())
	}
	switch {
	case isAbsence(err):
		return m, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("association_id"), on(verb, m).summary(), fmt.Sprintf(
			"There is no association %q in sub-account %q. Correct association_id. If a ghl_association of this configuration creates the association, apply again.\n\nThe %s was not %s.",
			m.AssociationID.ValueString(), m.location(), m.inWords(), done))}
	case err != nil:
		return m, diag.Diagnostics{r.data.failed(on(verb, m), err)}
	default:
		return m, m.fits(association.FirstObjectKey, association.SecondObjectKey)
	}
}

// fits returns an error if the side does not fit an association of these two objects.
func (m recordRelationsModel) fits(firstObjectKey, secondObjectKey string) diag.Diagnostics {
	var problem string
	switch side := m.ref().Side; {
	case side != "" && side != store.FirstSide && side != store.SecondSide:
		problem = fmt.Sprintf(`The side must be "first" or "second". It is %q.`, side)
	case firstObjectKey == secondObjectKey && side == "":
		problem = fmt.Sprintf(`The association %q links the object %q with itself, so the side determines the role of the record. Set side to "first" or "second"; an import id ends in "/first" or "/second".`, m.AssociationID.ValueString(), firstObjectKey)
	case firstObjectKey != secondObjectKey && side != "":
		problem = fmt.Sprintf("The association %q links the object %q with the object %q, so the record's object determines the side. Remove side.", m.AssociationID.ValueString(), firstObjectKey, secondObjectKey)
	default:
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("side"), "Unable to Manage Record Relations", problem)}
}
