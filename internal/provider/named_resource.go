package provider

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// namedModel is the model M of a named object whose rows have the type T.
type namedModel[M, T any] interface {
	named
	wanted() T         // the values that a plan sends to HighLevel
	created(row T) M   // a plan after the create of row, with the values that HighLevel decides
	refreshed(row T) M // a state, even an incomplete one of an import, with the values of row
	replaces(state M) path.Paths
}

// changing is a model whose update sends only the changed values, and uses the answer.
type changing[M, T any] interface {
	change(state M) T // the values that an update of state sends
	changed(row *T) M // a plan after the update; row is nil if the answer does not contain it
}

// locating is a model that needs one more value to be listed after an import by id, such
// as the object key of a field. locate sets that value.
type locating[M any] interface {
	locate(ctx context.Context, s *store.Store) (M, error)
}

// spelled is a model with texts that have several equivalent spellings in HighLevel, such
// as a short and a full key. The plan must not show a different spelling as a change.
type spelled[M any] interface {
	spelledLike(state M) M
}

// namedResource is the common part of the resources of named objects. A resource that
// needs to do more in a method overrides the method.
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
		if met, ok := adoptable[T](r.data, err); ok && r.adopts(ctx, plan, met, &resp.Diagnostics) {
			row, err = met, nil
		}
		if err != nil {
			return err
		}
		plan = plan.created(row)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.ref().identity())...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateProtection, isProtected(plan))...)
		r.data.tellAdopted(plan, plan.ref().ID, &resp.Diagnostics)
		return nil
	})
}

// adopts reports whether a create takes over the object that it found.
func (r *namedResource[M, T]) adopts(ctx context.Context, plan M, met T, diags *diag.Diagnostics) bool {
	if !sameAsPlanned(ctx, r.data.store, plan, met) {
		return false
	}
	id := plan.created(met).ref().ID
	return takesOver(plan, id, r.data.objects.note(objectWithID(plan, id), adopt), diags)
}

func (r *namedResource[M, T]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	carryOutRead(ctx, r.data, req.State, &resp.Diagnostics, r.noteRead, func(ctx context.Context, state M) error {
		row, err := r.read(ctx, state, resp)
		if isAbsence(err) {
			r.forgetRead(state)
			// The engine plans the next create with the private state in this response.
			resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateProtection, false)...)
			resp.State.RemoveResource(ctx)
			return nil
		}
		if err != nil {
			return err
		}
		state = state.refreshed(row)
		r.noteRead(state)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, state, state.ref().identity())...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateProtection, isProtected(state))...)
		return nil
	})
}

// read reads the object of a state by its id, or by its name after an import by name. It
// sets the identity first, because the response needs an identity even if the object no
// longer exists.
func (r *namedResource[M, T]) read(ctx context.Context, state M, resp *resource.ReadResponse) (row T, err error) {
	ref := state.ref()
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, ref.identity())...)
	if ref.ID == "" {
		return r.rows(r.data.store, state).ByName(ctx, ref.Name)
	}
	if m, ok := any(state).(locating[M]); ok {
		if state, err = m.locate(ctx, r.data.store); err != nil {
			return row, err
		}
	}
	return r.rows(r.data.store, state).Read(ctx, ref.ID)
}

// Update makes no call if only attributes change that HighLevel does not store, such as
// timeouts.
func (r *namedResource[M, T]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	state, _ := read[M](ctx, req.State, &resp.Diagnostics)
	carryOut(ctx, r.data, "Update", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan M) error {
		if wanted := plan.wanted(); !reflect.DeepEqual(wanted, state.wanted()) {
			part, isPart := any(plan).(changing[M, T])
			if isPart {
				wanted = part.change(state)
			}
			row, err := r.rows(r.data.store, plan).Update(ctx, wanted)
			if err != nil {
				return err
			}
			if isPart {
				plan = part.changed(row)
			}
		}
		if !isProtected(plan) {
			r.forgetRead(plan)
		}
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.ref().identity())...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateProtection, isProtected(plan))...)
		return nil
	})
}

func (r *namedResource[M, T]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	carryOut(ctx, r.data, "Delete", req.State, &resp.Diagnostics, func(ctx context.Context, state M) error {
		// This is the last resort: a plan that can detect the protection has already
		// failed.
		if isProtected(state) {
			resp.Diagnostics.Append(refused(state, "Delete")...)
			return nil
		}
		if leaves(state, r.data.objects.note(objectWithID(state, state.ref().ID), remove), &resp.Diagnostics) {
			return nil
		}
		err := r.rows(r.data.store, state).Delete(ctx, state.ref().ID, state.ref().Name)
		if err == nil {
			r.forgetRead(state)
		}
		return err
	})
}
