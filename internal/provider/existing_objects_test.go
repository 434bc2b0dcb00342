package provider

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// A create takes over an object only if the setting allows it. It never takes over an object that this process created, may be
// about to delete, or cannot read.
func TestAdoptable(t *testing.T) {
	t.Parallel()
	row := companyProjectsRow
	adopting := &providerData{adoptsIdentical: true}
	for name, test := range map[string]struct {
		data *providerData
		err  error
		want bool
	}{
		"an existing object":     {adopting, &store.ExistsError{Association: &row}, true},
		"a wrapped error":        {adopting, fmt.Errorf("creating: %w", &store.ExistsError{Association: &row}), true},
		"the default setting":    {&providerData{}, &store.ExistsError{Association: &row}, false},
		"an object of this run":  {adopting, &store.ExistsError{Association: &row, Own: true}, false},
		"beside deletions":       {adopting, &store.ExistsError{Association: &row, BesideDeletions: true}, false},
		"an unreadable object":   {adopting, &store.ExistsError{}, false},
		"another kind of object": {adopting, &store.ExistsError{Relation: &ghl.Relation{}}, false},
		"another error":          {adopting, errors.New("refused"), false},
		"no error":               {adopting, nil, false},
	} {
		if got, ok := adoptable[ghl.Association](test.data, test.err); ok != test.want || ok && got != row {
			t.Errorf("%s: %v, %t, want %t", name, got, ok, test.want)
		}
	}
	if _, ok := adoptable[ghl.Relation](adopting, &store.ExistsError{Relation: &ghl.Relation{}, Turned: true}); ok {
		t.Error("a relation with swapped records is adopted")
	}
}

// If many creates find the same object, exactly one takes it over. No create takes the object over if a resource keeps it, has
// read it, or has begun to delete it.
func TestAdoptedOnce(t *testing.T) {
	t.Parallel()
	name := associationWithID("loc", "a1")
	adopters := func(objects *plannedObjects) int {
		var taken atomic.Int64
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if objects.note(name, adopt).isFree() {
					taken.Add(1)
				}
			})
		}
		group.Wait()
		return int(taken.Load())
	}
	if n := adopters(&plannedObjects{}); n != 1 {
		t.Errorf("%d creates take over the object, want 1", n)
	}
	for what, change := range map[string]func(*fate){"kept": keep, "deleted": remove, "read": func(f *fate) { f.isRead = true }} {
		var objects plannedObjects
		objects.note(name, change)
		if n := adopters(&objects); n != 0 {
			t.Errorf("%d creates take over an object that is %s, want none", n, what)
		}
		if objects.of(name).isAdopted {
			t.Errorf("an object that is %s counts as adopted", what)
		}
	}
}

// planned returns two functions for one object. create plans a resource that creates the object. keep plans a resource that
// already has it in the state.
type planned func(*testing.T, *providerData) (create, keep func() diag.Diagnostics)

func storedValue(id, name, value string) customValueModel {
	return customValueModel{customValueFields: customValueFields{
		ID: types.StringValue(id), LocationID: types.StringValue("loc"), Name: types.StringValue(name), Value: types.StringValue(value),
	}}
}

// plannedValue plans the create of a value "A", and a change of the existing "A" to the given name and value.
func plannedValue(name, value string) planned {
	return func(t *testing.T, data *providerData) (create, keep func() diag.Diagnostics) {
		t.Helper()
		r := newCustomValueResource()
		r.data = data
		return func() diag.Diagnostics {
				return r.planCreate(t.Context(), storedValue("", "A", "1"), resource.ModifyPlanRequest{})
			},
			func() diag.Diagnostics {
				var resp resource.ModifyPlanResponse
				r.planUpdate(t.Context(), storedValue("v", name, value), storedValue("v", "A", "1"), resource.ModifyPlanRequest{}, &resp)
				return resp.Diagnostics
			}
	}
}

// plannedRelation plans the create of a relation between two contacts that already have one in the state. If turned is set, the
// new relation has its records swapped.
func plannedRelation(turned bool) planned {
	return func(t *testing.T, data *providerData) (create, keep func() diag.Diagnostics) {
		t.Helper()
		r := newRelationResource()
		r.data = data
		ref := store.RelationRef{ID: "r", LocationID: "loc", AssociationID: "a", FirstRecordID: "one", SecondRecordID: "two"}
		wanted := ref
		if turned {
			wanted = ref.Turned()
		}
		link := func(ref store.RelationRef) relationModel {
			m := relationFor(ref)
			m.FirstObjectKey, m.SecondObjectKey = types.StringValue("contact"), types.StringValue("contact")
			return m
		}
		return func() diag.Diagnostics { return r.planCreate(t.Context(), link(wanted), resource.ModifyPlanRequest{}) },
			func() diag.Diagnostics { return r.planKeep(link(ref)) }
	}
}

func plannedAssociation(t *testing.T, data *providerData) (create, keep func() diag.Diagnostics) {
	t.Helper()
	r := newAssociationResource()
	r.data = data
	return func() diag.Diagnostics { return r.planCreate(t.Context(), parentChild, resource.ModifyPlanRequest{}) },
		func() diag.Diagnostics { return r.planKeep(parentChild, parentChild) }
}

// Two resources in a plan describe the same object, in either order. If a create could take over the object, the plan fails.
// Otherwise, the plan shows a warning or nothing.
func TestPlannedTwice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		planned           planned
		refused, adopting string // severities, by existing_objects
	}{
		"an unchanged value":              {plannedValue("A", "1"), "[Warning]", "[Error]"},
		"a value with a new text":         {plannedValue("A", "2"), "[Warning]", "[Error]"},
		"a value with a new name":         {plannedValue("B", "1"), "[]", "[Error]"},
		"a relation":                      {plannedRelation(false), "[Warning]", "[Error]"},
		"a relation with swapped records": {plannedRelation(true), "[Warning]", "[Warning]"},
		"an association":                  {plannedAssociation, "[Warning]", "[Error]"},
	} {
		for _, createsFirst := range []bool{false, true} {
			for adopts, want := range map[bool]string{false: test.refused, true: test.adopting} {
				create, keep := test.planned(t, &providerData{adoptsIdentical: adopts})
				first, second := keep, create
				if createsFirst {
					first, second = create, keep
				}
				severities := []string{}
				for _, d := range append(first(), second()...) {
					severities = append(severities, d.Severity().String())
				}
				if got := fmt.Sprint(severities); got != want {
					t.Errorf("%s, adopts %t, create first %t: %s, want %s", name, adopts, createsFirst, got, want)
				}
			}
		}
	}
}
