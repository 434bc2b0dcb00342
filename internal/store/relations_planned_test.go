package store_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// met returns the records of the existing relation that PlannedRelation finds for ref, or
// "".
func (f *fixture) met(ref store.RelationRef) string {
	if row := f.PlannedRelation(background, ref); row != nil {
		return row.FirstRecordID + " " + row.SecondRecordID
	}
	return ""
}

// pairs returns n relations that share no record.
func pairs(n int) (refs []store.RelationRef) {
	for i := range n {
		refs = append(refs, enrolled(class(1000+i), student(1000+i)))
	}
	return refs
}

// Planned relations that exist are found, and others are not. The lookups cost at most one
// request more than the creates would.
func TestPlannedRelationRequests(t *testing.T) {
	for name, c := range map[string]struct {
		planned, others []store.RelationRef
		most            int
	}{
		"one":                                 {pairs(1), nil, 1},
		"99 without a common record":          {pairs(99), nil, 99},
		"30 of a hub on the first side":       {hub(true, 0, 30), nil, 1},
		"30 of a hub on the second side":      {hub(false, 0, 30), nil, 2},
		"a hub of 1,000, first":               {hub(true, 0, 1000), nil, 10},
		"a hub of 1,000, second":              {hub(false, 0, 1000), nil, 11},
		"one of a hub of 1,000, first":        {hub(true, 997, 998), hub(true, 0, 997), 2},
		"one of a hub of 1,000, second":       {hub(false, 997, 998), hub(false, 0, 997), 1},
		"three of a hub of 1,000":             {hub(true, 997, 1000), hub(true, 0, 997), 4},
		"10 of a hub of 1,000":                {hub(true, 990, 1000), hub(true, 0, 990), 11},
		"each of 15 classes with 15 students": {complete(15), nil, 30},
	} {
		for _, exists := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/exists %t", name, exists), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newSchool(t, sandbox.Quirks{})
					for _, ref := range c.others {
						f.addRelation(ref)
					}
					for _, ref := range c.planned {
						if exists {
							f.addRelation(ref)
						}
					}
					f.sb.SetLatency(30 * time.Millisecond)
					noErrors(t, parallelErrors(len(c.planned), func(i int) error {
						want := ""
						if exists {
							want = c.planned[i].FirstRecordID + " " + c.planned[i].SecondRecordID
						}
						if got := f.met(c.planned[i]); got != want {
							return fmt.Errorf("%v meets %q, want %q", c.planned[i], got, want)
						}
						return nil
					}))
					f.wantAtMost(c.most)
				})
			})
		}
	}
}

// A plan must not wait for the rate limit, because its lookups only produce warnings. After
// 100 pages, the plan uses only the rows that have arrived.
func TestPlannedRelationsAreManyPairs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, refs := newSchool(t, sandbox.Quirks{}), pairs(250)
		for _, ref := range refs {
			f.addRelation(ref)
		}
		met := 0
		for _, ref := range refs {
			if f.met(ref) != "" {
				met++
			}
		}
		f.wantCount("", 100)
		if met != 100 {
			t.Errorf("%d relations were found, want 100", met)
		}
	})
}

// If both records have many relations, a few requests cannot show the answer, so the lookup
// ends.
func TestPlannedRelationOfTwoHubs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		for _, ref := range append(hub(true, 1, 1000), hub(false, 1, 1000)...) {
			f.addRelation(ref)
		}
		if got := f.met(enrolled(class(0), student(0))); got != "" {
			t.Errorf("met %q", got)
		}
		f.wantCount("", 2)
	})
}

// Lookups wait for one another only at the beginning: one, two, four, and then as many at
// once as the engine plans.
func TestPlannedRelationRounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, refs := newSchool(t, sandbox.Quirks{}), pairs(200)
		f.sb.SetLatency(100 * time.Millisecond)
		begun := time.Now()
		parallel(200, func(i int) { f.met(refs[i]) })
		if took, most := time.Since(begun), 24*100*time.Millisecond; took > most {
			t.Errorf("it took %s, want at most %s", took, most)
		}
	})
}

// The engine plans each create again right before the create. Only lookups that begin
// before the first create make calls.
func TestPlannedRelationBeforeCreate(t *testing.T) {
	for _, n := range []int{1, 3, 30, 200} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				f.sb.SetLatency(30 * time.Millisecond)
				refs := pairs(n)
				noErrors(t, parallelErrors(n, func(i int) error {
					if got := f.met(refs[i]); got != "" {
						return fmt.Errorf("%v meets %q", refs[i], got)
					}
					time.Sleep(time.Millisecond) // the time that the engine itself takes
					_, err := f.CreateRelation(background, refs[i])
					return err
				}))
				f.wantCount(sandbox.RouteCreateRelation, n)
				f.wantAtMost(n + min(n, 3))
				f.sb.ResetRequests()
				f.addRelation(enrolled(class(1), student(1)))
				if got := f.met(enrolled(class(1), student(1))); got != "" {
					t.Errorf("found %q after a write; only the create should look for the relation", got)
				}
				f.wantCount("", 0)
			})
		})
	}
}

// If a row has the records in reverse order, it is the same relation if the row says that
// the records are of two objects.
func TestPlannedRelationOrder(t *testing.T) {
	for name, c := range map[string]struct {
		quirks        sandbox.Quirks
		stored, asked store.RelationRef
		want          string
	}{
		"two objects":              {sandbox.Quirks{}, enrolled(class(1), student(1)), enrolled(student(1), class(1)), "class-1 student-1"},
		"one object":               {sandbox.Quirks{}, mentored(student(1), student(2)), mentored(student(2), student(1)), ""},
		"one object, as stored":    {sandbox.Quirks{}, mentored(student(1), student(2)), mentored(student(1), student(2)), "student-1 student-2"},
		"rows without object keys": {sandbox.Quirks{RelationsWithoutObjectKeys: true}, mentored(student(1), student(2)), mentored(student(2), student(1)), ""},
		"another association":      {sandbox.Quirks{}, mentored(student(1), student(2)), enrolled(student(1), student(2)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, c.quirks)
				f.addRelation(c.stored)
				if got := f.met(c.asked); got != c.want {
					t.Errorf("met %q, want %q", got, c.want)
				}
				f.wantCount("", 1)
			})
		})
	}
}

// If a listing fails, the answer is unknown, and no lookup makes another call: a plan of
// hundreds of relations must not wait for the retries of each.
func TestPlannedRelationUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Fault
		most  int
	}{
		"no permission":  {sandbox.Fault{Effect: sandbox.Status(403)}, 1},
		"an outage":      {sandbox.Fault{Effect: sandbox.Status(503)}, 3}, // including retries
		"no answer":      {sandbox.Fault{Effect: sandbox.OKHTML()}, 3},
		"no such record": {sandbox.Fault{Effect: sandbox.Status(404)}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f, refs := newSchool(t, sandbox.Quirks{}), pairs(200)
				for _, ref := range refs {
					f.addRelation(ref)
				}
				f.sb.AddFault(c.fault)
				parallel(200, func(i int) { f.met(refs[i]) })
				f.wantAtMost(c.most)
				f.sb.ClearFaults()
				f.newProcess()
				if got := f.met(refs[0]); got == "" {
					t.Error("a new process does not find the existing relation")
				}
			})
		})
	}
}

// If the answer to a create is lost, the create does not adopt a relation that a lookup has
// shown before.
func TestPlannedRelationIsNotAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		row := f.addRelation(seventh)
		if f.met(seventh) == "" {
			t.Error("the lookup finds nothing")
		}
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Count: 1, Effect: sandbox.Status(502)})
		_, err := f.CreateRelation(background, seventh)
		wantExists(t, err, row.ID)
	})
}

// HighLevel may list a relation of a system-defined association at only one of its records.
// PlannedRelation finds the relation although the listing of the other record is complete.
func TestPlannedRelationListedAtOneEnd(t *testing.T) {
	t.Parallel()
	const system = "OPPORTUNITIES_CONTACTS_ASSOCIATION"
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{OneSided: true})
		ref := store.RelationRef{LocationID: school, AssociationID: system, FirstRecordID: "opportunity-1", SecondRecordID: "contact-1"}
		f.addRelation(ref)
		f.met(store.RelationRef{LocationID: school, AssociationID: enrol, FirstRecordID: "opportunity-1", SecondRecordID: "contact-9"})
		if f.met(ref) == "" {
			t.Error("the relation was not found")
		}
	})
}
