package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// named is the model of an object that can be looked up by its name in a sub-account.
type named interface {
	managedObject
	ref() objectRef
}

// isNamed reports whether the sub-account and the name of a planned object are known.
func isNamed(m named) bool { return m.ref().LocationID != "" && m.ref().Name != "" }

func (r *namedResource[M, T]) planDestroy(state M) diag.Diagnostics {
	byID, byName := r.note(state, destroy)
	switch {
	case byID.isAdopted: // the create of a create_before_destroy replacement has adopted it
		return nil
	case byID.isKept:
		return diag.Diagnostics{managedTwice(state)}
	case isProtected(state):
		return refused(state, "Destroy")
	}
	diags := lossWarning(state, "Destroying", "")
	if byName.creates > 0 {
		diags.Append(destroyedAndCreatedWarning(state))
	}
	return diags
}

// planCreate plans a create, or the create of a replacement. For a replacement, the
// engine sends no state: only the private state, or what this process has read, shows
// which object would be deleted.
func (r *namedResource[M, T]) planCreate(ctx context.Context, plan M, req resource.ModifyPlanRequest) (diags diag.Diagnostics) {
	var before fate
	if isNamed(plan) {
		before = r.data.objects.note(objectWithName(plan), create)
	}
	underReplace := keptPrivate[bool](ctx, req.Private, privateProtection, &diags)
	switch {
	case before.isProtected || underReplace:
		return append(diags, refused(plan, "Replace")...)
	case before.isDestroyed:
		return append(diags, destroyedAndCreatedWarning(plan))
	case before.isRenamed && r.data.adoptsIdentical:
		return append(diags, nameReused(plan))
	case before.isKept:
		return append(diags, r.data.heldTwice(plan))
	case before.creates > 0:
		return append(diags, wantedTwice(plan))
	case before.isRead:
		return append(diags, lossWarning(plan, "Replacing", createdAnew(plan))...)
	default:
		return append(diags, r.existsWarning(ctx, plan)...)
	}
}

func (r *namedResource[M, T]) planUpdate(ctx context.Context, plan, state M, _ resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if s, ok := any(plan).(spelled[M]); ok {
		plan = s.spelledLike(state)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
	resp.RequiresReplace = plan.replaces(state)
	if len(resp.RequiresReplace) > 0 {
		switch byID, _ := r.note(state, destroy); {
		case byID.isKept:
			resp.Diagnostics.Append(managedTwice(state))
		case isProtected(state): // check the state: one change must not both lift the protection and replace the object
			resp.Diagnostics.Append(refused(state, "Replace", resp.RequiresReplace...)...)
		default:
			resp.Diagnostics.Append(lossWarning(state, "Replacing", "")...)
		}
		return
	}
	byID, byName := r.noteKept(plan, state)
	renames := plan.ref().Name != state.ref().Name
	switch {
	case byID.isDestroyed:
		resp.Diagnostics.Append(managedTwice(state))
	case byName.creates > 0, byID.creates > 0 && !renames:
		resp.Diagnostics.Append(r.data.heldTwice(plan))
	case renames && r.data.adoptsIdentical && r.data.objects.note(objectWithName(state), rename).creates > 0:
		resp.Diagnostics.Append(nameReused(state))
	}
	resp.Diagnostics.Append(r.data.objects.keepDependant(state)...)
}

// noteKept notes an object that stays, under its id and its new name. Its previous name
// becomes free.
func (r *namedResource[M, T]) noteKept(plan, state M) (byID, byName fate) {
	if !isNamed(plan) || plan.ref().Name == state.ref().Name {
		return r.note(state, keep)
	}
	keepRenamed := func(f *fate) { f.isKept, f.isRenamed = true, true }
	return r.data.objects.note(objectWithID(state, state.ref().ID), keepRenamed), r.data.objects.note(objectWithName(plan), keep)
}

// note changes the two entries of the object in a state, by id and by name, and returns
// the previous entries.
func (r *namedResource[M, T]) note(state M, change func(*fate)) (byID, byName fate) {
	return r.data.objects.note(objectWithID(state, state.ref().ID), change), r.data.objects.note(objectWithName(state), change)
}

// existsWarning warns if an object with the planned name already exists, or if the
// sub-account cannot be reached.
func (r *namedResource[M, T]) existsWarning(ctx context.Context, plan M) diag.Diagnostics {
	ref := plan.ref()
	if r.data.store == nil || ref.LocationID == "" {
		return nil
	}
	lookUp, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	var row *T
	if isNamed(plan) {
		row = r.rows(r.data.store, plan).Holder(lookUp, ref.Name)
	}
	if row == nil {
		return r.data.reachWarning(ctx, ref.identity().LocationID)
	}
	ref.ID = plan.created(*row).ref().ID
	switch holder := r.data.objects.note(objectWithID(plan, ref.ID), create); {
	case holder.isRenamed: // by this plan
		return nil
	case holder.isKept:
		return diag.Diagnostics{r.data.heldTwice(plan)}
	}
	if r.data.adoptsIdentical && sameAsPlanned(lookUp, r.data.store, plan, *row) {
		return r.data.metInPlan(ctx, plan, ref.ID, ref.importID())
	}
	text := r.data.foreseen(takeOverInShort(plan, ref.importID()))
	return diag.Diagnostics{diag.NewWarningDiagnostic(plan.thing()+" Already Exists", existsWithID(plan, ref.ID)+" "+text)}
}

// objectWithID and objectWithName return the two objectNames of an object, by its id and
// by its name.
func objectWithID(m named, id string) objectName {
	return objectName{m.thing() + " id", m.location(), id}
}

func objectWithName(m named) objectName {
	return objectName{m.thing() + " name", m.location(), m.importID()}
}

// metNamed does the work of existing.met for named objects.
func metNamed(m named, objects *plannedObjects, e *store.ExistsError) (known fate, importID string) {
	ref := m.ref()
	ref.ID = e.ID
	known = objects.of(objectWithName(m))
	holder := objects.of(objectWithID(m, e.ID))
	known.isKept, known.isRenamed = holder.isKept, holder.isRenamed
	return known, ref.importID()
}

// existsNamed does the work of existing.exists for named objects.
func existsNamed(m named, e *store.ExistsError) string {
	ref := m.ref()
	ref.ID = e.ID
	text := existsWithID(m, e.ID) + "\n\n" + takeOver(m, ref.importID())
	if _, ok := m.(guarded); ok {
		text += "\n\n" + createBeforeDestroy
	}
	return text
}

func existsWithID(o object, id string) string {
	return fmt.Sprintf("The %s already exists in sub-account %q, with the id %q.", o.inWords(), o.location(), id)
}
