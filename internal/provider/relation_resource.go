package provider

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

var (
	_ resource.ResourceWithConfigure        = (*relationResource)(nil)
	_ resource.ResourceWithConfigValidators = (*relationResource)(nil)
	_ resource.ResourceWithIdentity         = (*relationResource)(nil)
	_ resource.ResourceWithImportState      = (*relationResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*relationResource)(nil)
)

type relationResource struct{ managed }

func newRelationResource() *relationResource {
	return &relationResource{managed{noun: "relation", form: relationImport}}
}

func (r *relationResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedSchema(ctx, "A relation: a link between two HighLevel records under an association (`ghl_association`). "+
		"HighLevel allows only one relation for a pair of records, and cannot change a relation."+movable, relationAttributes())
}

func (r *relationResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return oneAssociation()
}

func (r *relationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	carryOut(ctx, r.data, "Create", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan relationModel) error {
		plan, err := underItsAssociation(ctx, r.data.store, plan)
		if errors.Is(err, store.ErrNotFound) {
			resp.Diagnostics.Append(noAssociationError("Create", plan, "created"))
			return nil
		}
		if err != nil {
			return err
		}
		row, err := r.data.store.CreateRelation(ctx, plan.ref())
		if met, ok := adoptable[ghl.Relation](r.data, err); ok && plan.isIdentical(ctx, r.data.store, met) {
			made := plan
			made.relationFields = plan.found(met)
			if takesOver(plan, met.ID, r.data.objects.noteRelation(made, adopt), &resp.Diagnostics) {
				row, err = met, nil
			}
		}
		if err != nil { // the error must be about this plan, which has the association's id
			resp.Diagnostics.Append(r.data.failed(on("Create", plan), err))
			return nil
		}
		plan.relationFields = plan.found(row)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.storedIdentity(row))...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateCreatedAt, r.data.clock.Now().UTC())...)
		r.data.objects.noteRelation(plan, keep)
		if r.data.store.Adopted(plan.location(), row.ID) {
			resp.Diagnostics.Append(adopted(plan, row.ID))
		}
		if _, ok := row.Oriented(plan.FirstRecordID.ValueString(), plan.SecondRecordID.ValueString()); !ok {
			resp.Diagnostics.Append(recordsTurnedWarning(plan))
		}
		return nil
	})
}

func (r *relationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	createdAt := keptPrivate[time.Time](ctx, req.Private, privateCreatedAt, &resp.Diagnostics)
	carryOutRead(ctx, r.data, req.State, &resp.Diagnostics, r.noteRead, func(ctx context.Context, state relationModel) error {
		// The identity is set first, because the response needs an identity even if the
		// relation no longer exists.
		wasKnown := hasIdentity(req.Identity)
		if !wasKnown {
			resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
		}
		state, row, err := r.row(ctx, state, createdAt)
		if isAbsence(err) {
			resp.State.RemoveResource(ctx)
			return nil
		}
		if err != nil {
			return err
		}
		// The engine allows a change of the identity only in the Read after an import.
		if !wasKnown || !state.isComplete() {
			resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.storedIdentity(row))...)
		}
		state.relationFields = state.found(row)
		r.noteRead(state)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return nil
	})
}

// noteRead notes a relation that stays in the state.
func (r *relationResource) noteRead(state relationModel) {
	r.data.objects.note(relationOf(state.ref()), refresh)
}

// row reads the relation of a state. An import by key looks the association up first.
func (r *relationResource) row(ctx context.Context, state relationModel, createdAt time.Time) (relationModel, ghl.Relation, error) {
	state, err := underItsAssociation(ctx, r.data.store, state)
	if err != nil {
		return state, ghl.Relation{}, err
	}
	ref := state.ref()
	ref.ID = state.ID.ValueString()
	row, err := r.data.store.Relation(ctx, ref, createdAt)
	return state, row, err
}

// Update makes no call. HighLevel cannot change a relation, so an update changes only
// timeouts and association_key in the state.
func (r *relationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, ok := read[relationModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if !hasIdentity(req.Identity) {
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.identity())...)
	}
}

func (r *relationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	carryOut(ctx, r.data, "Delete", req.State, &resp.Diagnostics, func(ctx context.Context, state relationModel) error {
		before := r.data.objects.noteRelation(state, remove)
		if (before.isOf(state) || !state.linksOneObject()) && leaves(state, before, &resp.Diagnostics) {
			return nil
		}
		return r.data.store.DeleteRelation(ctx, state.ref(), state.ID.ValueString())
	})
}
