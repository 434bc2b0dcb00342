package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// setOf is a ghl_record_relations under the association "a".
func setOf(record, side string) recordRelationsModel {
	return recordRelationsModel{LocationID: types.StringValue("loc"), AssociationID: types.StringValue("a"), RecordID: types.StringValue(record), Side: given(side)}
}

// An engine plans in any order. What two resources make of one relation is seen in both.
func TestPlannedObjects_recordRelations(t *testing.T) {
	t.Parallel()
	type step func(p *plannedObjects) diag.Diagnostics
	set := func(m recordRelationsModel, wanted, removed []string, change func(*fate)) step {
		return func(p *plannedObjects) diag.Diagnostics { return p.noteRecordRelations(m, wanted, removed, change) }
	}
	single := func(first, second string, change func(*fate)) step {
		m := relationFor(store.RelationRef{LocationID: "loc", AssociationID: "a", FirstRecordID: first, SecondRecordID: second})
		return func(p *plannedObjects) diag.Diagnostics {
			p.noteRelation(m, change)
			return p.noteSingle(m, change)
		}
	}
	ids := func(ids ...string) []string { return ids }
	teacher, asMentor, asMentee := setOf("t", ""), setOf("t", "first"), setOf("t", "second")
	for name, test := range map[string]struct {
		one, other       step
		errors, warnings int
	}{
		"a relation kept in the set and alone":      {set(teacher, ids("s"), nil, keep), single("s", "t", keep), 0, 1},
		"a relation kept alone, and not in the set": {set(teacher, ids("s"), nil, keep), single("x", "t", keep), 0, 1},
		"of another record":                         {set(teacher, ids("s"), nil, keep), single("s", "u", keep), 0, 0},
		"handed over without state rm":              {set(teacher, ids("s"), nil, create), single("t", "s", destroy), 1, 0},
		"given up alone, and not in the set":        {set(teacher, ids("s"), nil, keep), single("x", "t", destroy), 0, 0},
		"taken out of the set, and kept alone":      {set(teacher, ids("x"), ids("s"), keep), single("s", "t", keep), 1, 1},
		"taken out of the set, and created alone":   {set(teacher, ids("x"), ids("s"), keep), single("s", "t", create), 1, 1},
		"the set destroyed, and created alone":      {set(teacher, nil, ids("s"), destroy), single("s", "t", create), 1, 0},
		"the set destroyed, and a single one of it": {set(teacher, nil, ids("s"), destroy), single("s", "t", destroy), 0, 0},
		"another role":                                {set(asMentor, ids("s"), nil, keep), single("s", "t", keep), 0, 0},
		"another role, destroyed":                     {set(asMentor, ids("s"), nil, keep), single("s", "t", destroy), 0, 0},
		"the same role":                               {set(asMentor, ids("s"), nil, keep), single("t", "s", keep), 0, 1},
		"the same role, destroyed":                    {set(asMentee, ids("s"), nil, keep), single("s", "t", destroy), 1, 0},
		"sets of both ends, alike":                    {set(teacher, ids("s"), nil, keep), set(setOf("s", ""), ids("t"), nil, keep), 0, 1},
		"sets of both ends, one of which gives it up": {set(teacher, ids("s"), nil, keep), set(setOf("s", ""), nil, ids("t"), keep), 1, 0},
		"sets of both roles":                          {set(asMentor, ids("s"), nil, keep), set(asMentee, nil, ids("s"), keep), 0, 0},
		"one of two sets of one record destroyed":     {set(teacher, ids("s"), nil, keep), set(teacher, nil, ids("s"), destroy), 1, 0},
		"a set renamed without a moved block":         {set(teacher, ids("s"), nil, create), set(teacher, nil, ids("s"), destroy), 1, 0},
		"two sets of one record":                      {set(teacher, ids("s"), nil, keep), set(teacher, ids("s"), nil, create), 0, 1},
		"a set replaced":                              {set(teacher, nil, ids("s"), destroy), set(setOf("u", ""), ids("s"), nil, create), 0, 0},
	} {
		for i, steps := range [][]step{{test.one, test.other}, {test.other, test.one}} {
			t.Run(fmt.Sprintf("%s/%d", name, i), func(t *testing.T) {
				t.Parallel()
				var p plannedObjects
				diags := append(steps[0](&p), steps[1](&p)...)
				// An error replaces the warning.
				if diags.ErrorsCount() != test.errors || test.errors == 0 && diags.WarningsCount() != test.warnings {
					t.Errorf("got %v", diags)
				}
			})
		}
	}
}
