package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// setOf returns a ghl_record_relations under the association "a".
func setOf(record, side string) recordRelationsModel {
	return recordRelationsModel{LocationID: types.StringValue("loc"), AssociationID: types.StringValue("a"), RecordID: types.StringValue(record), Side: given(side)}
}

// If two resources contain the same relation, the conflict is found in either order of planning.
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
		"a relation kept in the set and as a single relation": {set(teacher, ids("s"), nil, keep), single("s", "t", keep), 0, 1},
		"a single relation kept, which is not in the set":     {set(teacher, ids("s"), nil, keep), single("x", "t", keep), 0, 1},
		"of another record":                                      {set(teacher, ids("s"), nil, keep), single("s", "u", keep), 0, 0},
		"moved to the set without state rm":                      {set(teacher, ids("s"), nil, create), single("t", "s", destroy), 1, 0},
		"a single relation destroyed, which is not in the set":   {set(teacher, ids("s"), nil, keep), single("x", "t", destroy), 0, 0},
		"removed from the set, and kept as a single relation":    {set(teacher, ids("x"), ids("s"), keep), single("s", "t", keep), 1, 1},
		"removed from the set, and created as a single relation": {set(teacher, ids("x"), ids("s"), keep), single("s", "t", create), 1, 1},
		"the set destroyed, and created as a single relation":    {set(teacher, nil, ids("s"), destroy), single("s", "t", create), 1, 0},
		"the set destroyed, and a single relation in it":         {set(teacher, nil, ids("s"), destroy), single("s", "t", destroy), 0, 0},
		"another role":                                 {set(asMentor, ids("s"), nil, keep), single("s", "t", keep), 0, 0},
		"another role, destroyed":                      {set(asMentor, ids("s"), nil, keep), single("s", "t", destroy), 0, 0},
		"the same role":                                {set(asMentor, ids("s"), nil, keep), single("t", "s", keep), 0, 1},
		"the same role, destroyed":                     {set(asMentee, ids("s"), nil, keep), single("s", "t", destroy), 1, 0},
		"sets of both ends, both kept":                 {set(teacher, ids("s"), nil, keep), set(setOf("s", ""), ids("t"), nil, keep), 0, 1},
		"sets of both ends, relation removed from one": {set(teacher, ids("s"), nil, keep), set(setOf("s", ""), nil, ids("t"), keep), 1, 0},
		"sets of both roles":                           {set(asMentor, ids("s"), nil, keep), set(asMentee, nil, ids("s"), keep), 0, 0},
		"one of two sets of one record destroyed":      {set(teacher, ids("s"), nil, keep), set(teacher, nil, ids("s"), destroy), 1, 0},
		"a set renamed without a moved block":          {set(teacher, ids("s"), nil, create), set(teacher, nil, ids("s"), destroy), 1, 0},
		"two sets of one record":                       {set(teacher, ids("s"), nil, keep), set(teacher, ids("s"), nil, create), 0, 1},
		"a set replaced":                               {set(teacher, nil, ids("s"), destroy), set(setOf("u", ""), ids("s"), nil, create), 0, 0},
	} {
		for i, steps := range [][]step{{test.one, test.other}, {test.other, test.one}} {
			t.Run(fmt.Sprintf("%s/%d", name, i), func(t *testing.T) {
				t.Parallel()
				var p plannedObjects
				diags := append(steps[0](&p), steps[1](&p)...)
				// If there is an error, the number of warnings does not matter.
				if diags.ErrorsCount() != test.errors || test.errors == 0 && diags.WarningsCount() != test.warnings {
					t.Errorf("got %v", diags)
				}
			})
		}
	}
}
