package provider

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// namedModel is a model M of an object that its name tells apart; T is its row.
type namedModel[M, T any] interface {
	named
	wanted() T         // what a plan asks HighLevel for
	created(row T) M   // a plan after it was created as row: only what HighLevel decides is taken from there
	refreshed(row T) M // a state, or what an import knows, after row was read for it
	replaces(state M) path.Paths
}

// namedResource is the resource of such objects. A resource that does more than this defines
// the method itself.
type namedResource[M namedModel[M, T], T any] struct {
	managed
	rows func(s *store.Store, m M) *store.Named[T]
}

func (r *namedResource[M, T]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	modifyPlan(ctx, r.data, r, req, resp)
}

func (r *namedResource[M, T]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	carryOut(ctx, r.data, "Create", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan M) error {
		row, err := r.rows(r.data.store, plan).Create(ctx, plan.wanted())
		if err != nil {
			return err
		}
		plan = plan.created(row)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.ref().identity())...)
		r.data.tellAdopted(plan, plan.ref().ID, &resp.Diagnostics)
		return nil
	})
}

func (r *namedResource[M, T]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	carryOut(ctx, r.data, "Read", req.State, &resp.Diagnostics, func(ctx context.Context, state M) error {
		row, err := r.read(ctx, state, resp)
		if isAbsence(err) {
			resp.State.RemoveResource(ctx)
			return nil
		}
		if err != nil {
			return err
		}
		state = state.refreshed(row)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, state, state.ref().identity())...)
		return nil
	})
}

// read reads the object of a state: by its id, or by its name if that is all an import knows.
// The identity comes first of all: an instance that turns out to be gone needs one too.
func (r *namedResource[M, T]) read(ctx context.Context, state M, resp *resource.ReadResponse) (T, error) {
	ref, rows := state.ref(), r.rows(r.data.store, state)
	if ref.ID == "" {
		return rows.ByName(ctx, ref.Name)
	}
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, ref.identity())...)
	return rows.Read(ctx, ref.ID)
}

// Update sends what a plan asks for, unless only what the provider keeps to itself changes,
// such as timeouts.
func (r *namedResource[M, T]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	state, _ := read[M](ctx, req.State, &resp.Diagnostics)
	carryOut(ctx, r.data, "Update", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan M) error {
		if !reflect.DeepEqual(plan.wanted(), state.wanted()) {
			if err := r.rows(r.data.store, plan).Update(ctx, plan.wanted()); err != nil {
				return err
			}
		}
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.ref().identity())...)
		return nil
	})
}

func (r *namedResource[M, T]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	carryOut(ctx, r.data, "Delete", req.State, &resp.Diagnostics, func(ctx context.Context, state M) error {
		return r.rows(r.data.store, state).Delete(ctx, state.ref().ID, state.ref().Name)
	})
}
