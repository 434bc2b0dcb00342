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

// A create takes nothing over unless the setting says so, nor what this process made, may be about to delete, or cannot read.
func TestAdoptable(t *testing.T) {
	t.Parallel()
	row := companyProjectsRow
	adopting := &providerData{adoptsIdentical: true}
	for name, test := range map[string]struct {
		data *providerData
		err  error
		want bool
	}{
		"somebody else's":         {adopting, &store.ExistsError{Association: &row}, true},
		"wrapped":                 {adopting, fmt.Errorf("creating: %w", &store.ExistsError{Association: &row}), true},
		"by default":              {&providerData{}, &store.ExistsError{Association: &row}, false},
		"its own":                 {adopting, &store.ExistsError{Association: &row, Own: true}, false},
		"beside deletions":        {adopting, &store.ExistsError{Association: &row, BesideDeletions: true}, false},
		"that cannot be read":     {adopting, &store.ExistsError{}, false},
		"of another kind":         {adopting, &store.ExistsError{Relation: &ghl.Relation{}}, false},
		"another error":           {adopting, errors.New("refused"), false},
		"a create that went well": {adopting, nil, false},
	} {
		if got, ok := adoptable[ghl.Association](test.data, test.err); ok != test.want || ok && got != row {
			t.Errorf("%s: %v, %t, want %t", name, got, ok, test.want)
		}
	}
	if _, ok := adoptable[ghl.Relation](adopting, &store.ExistsError{Relation: &ghl.Relation{}, Turned: true}); ok {
		t.Error("a relation with its records the other way round is adopted")
	}
}

// Of many creates that want the same object, one gets it; none does if a resource keeps it, has read it, or has begun to delete it.
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
		t.Errorf("%d creates take one object", n)
	}
	for what, change := range map[string]func(*fate){"kept": keep, "deleted": remove, "read": func(f *fate) { f.isRead = true }} {
		var objects plannedObjects
		objects.note(name, change)
		if n := adopters(&objects); n != 0 {
			t.Errorf("%d creates take what is %s", n, what)
		}
		if objects.of(name).isAdopted {
			t.Errorf("what is %s counts as adopted", what)
		}
	}
}

// planned plans one resource that creates an object and one that keeps it.
type planned func(*testing.T, *providerData) (create, keep func() diag.Diagnostics)

func storedValue(id, name, value string) customValueModel {
	return customValueModel{customValueFields: customValueFields{
		ID: types.StringValue(id), LocationID: types.StringValue("loc"), Name: types.StringValue(name), Value: types.StringValue(value),
	}}
}

// plannedValue creates a value "A", while the state's "A" becomes what is given.
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

// plannedRelation creates a relation of two contacts, in the order of the one in the state or turned.
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

// What a plan sees twice is an error where a create could take it over, whichever comes first in the plan, and else a warning, or
// nothing at all.
func TestPlannedTwice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		planned           planned
		refused, adopting string // severities, by existing_objects
	}{
		"a value that stays":             {plannedValue("A", "1"), "[Warning]", "[Error]"},
		"a value that gets other text":   {plannedValue("A", "2"), "[Warning]", "[Error]"},
		"a value that loses its name":    {plannedValue("B", "1"), "[]", "[Error]"},
		"a relation":                     {plannedRelation(false), "[Warning]", "[Error]"},
		"a relation, its records turned": {plannedRelation(true), "[Warning]", "[Warning]"},
		"an association":                 {plannedAssociation, "[Warning]", "[Error]"},
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
