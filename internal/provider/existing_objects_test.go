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

// Of many creates that want one object, one gets it; none does if a resource keeps it, has read it, or has begun to delete it.
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

// What a plan sees twice is an error where a create could take it over, whichever comes first in the plan, and else a warning, or
// nothing at all.
func TestPlannedTwice(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	value := func(id, name string) customValueModel {
		return customValueModel{customValueFields: customValueFields{ID: text(id), LocationID: text("loc"), Name: text(name), Value: text("1")}}
	}
	ref := store.RelationRef{ID: "r", LocationID: "loc", AssociationID: "a", FirstRecordID: "one", SecondRecordID: "two"}
	link := func(ref store.RelationRef) relationModel {
		m := relationFor(ref)
		m.FirstObjectKey, m.SecondObjectKey = text("contact"), text("contact")
		return m
	}
	values := func(plan customValueModel) func(*providerData) (create, keep func() diag.Diagnostics) {
		return func(data *providerData) (create, keep func() diag.Diagnostics) {
			r := newCustomValueResource()
			r.data = data
			return func() diag.Diagnostics {
					return r.planCreate(t.Context(), value("", "A"), resource.ModifyPlanRequest{})
				}, func() diag.Diagnostics {
					var resp resource.ModifyPlanResponse
					r.planUpdate(t.Context(), plan, value("v", "A"), resource.ModifyPlanRequest{}, &resp)
					return resp.Diagnostics
				}
		}
	}
	relations := func(wanted store.RelationRef) func(*providerData) (create, keep func() diag.Diagnostics) {
		return func(data *providerData) (create, keep func() diag.Diagnostics) {
			r := newRelationResource()
			r.data = data
			return func() diag.Diagnostics { return r.planCreate(t.Context(), link(wanted), resource.ModifyPlanRequest{}) },
				func() diag.Diagnostics { return r.planKeep(link(ref)) }
		}
	}
	for name, test := range map[string]struct {
		of                 func(*providerData) (create, keep func() diag.Diagnostics)
		byDefault, adopted string // severities
	}{
		"a value that stays":             {values(value("v", "A")), "[Warning]", "[Error]"},
		"a value that gets other text":   {values(customValueModel{customValueFields: customValueFields{ID: text("v"), LocationID: text("loc"), Name: text("A"), Value: text("2")}}), "[Warning]", "[Error]"},
		"a value that loses its name":    {values(value("v", "B")), "[]", "[Error]"},
		"a relation":                     {relations(ref), "[Warning]", "[Error]"},
		"a relation, its records turned": {relations(ref.Turned()), "[Warning]", "[Warning]"},
		"an association": {func(data *providerData) (create, keep func() diag.Diagnostics) {
			r := newAssociationResource()
			r.data = data
			return func() diag.Diagnostics { return r.planCreate(t.Context(), parentChild, resource.ModifyPlanRequest{}) },
				func() diag.Diagnostics { return r.planKeep(parentChild, parentChild) }
		}, "[Warning]", "[Error]"},
	} {
		for _, adopts := range []bool{false, true} {
			for _, createsFirst := range []bool{false, true} {
				create, keep := test.of(&providerData{adoptsIdentical: adopts})
				first, second := keep, create
				if createsFirst {
					first, second = create, keep
				}
				severities := []string{}
				for _, d := range append(first(), second()...) {
					severities = append(severities, d.Severity().String())
				}
				want := map[bool]string{false: test.byDefault, true: test.adopted}[adopts]
				if got := fmt.Sprint(severities); got != want {
					t.Errorf("%s, adopts %t, create first %t: %s, want %s", name, adopts, createsFirst, got, want)
				}
			}
		}
	}
}
