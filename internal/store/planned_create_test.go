package store_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// held tells under which id a planned create would find its key taken, or "".
func (f *fixture) held(key string) string {
	row := f.Holder(background, school, key)
	if row == nil {
		return ""
	}
	return row.ID
}

func (f *fixture) wantHeld(key, want string) {
	f.t.Helper()
	if got := f.held(key); got != want {
		f.t.Errorf("the key %q is held by %q, want %q", key, got, want)
	}
}

// A lone planned create looks its key up, as written and then in lower case, once.
func TestHolderOfOneKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(250)
		for range 2 {
			f.wantHeld("Key_7", "kind-7")
		}
		f.wantCount(sandbox.RouteAssociationByKey, 2)
		f.wantCount("", 2)
		f.newProcess()
		for range 2 {
			f.wantHeld("key_free", "")
		}
		f.wantCount("", 1)
		f.newProcess()
		f.wantHeld("BUSINESSES_CONTACTS_ASSOCIATION", "BUSINESSES_CONTACTS_ASSOCIATION")
		f.wantCount("", 1)
	})
}

// What reads have brought already costs nothing more.
func TestHolderAfterReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(250)
		_, err := f.Associations(background, school)
		ok(t, err)
		f.sb.ResetRequests()
		for i := range 50 {
			f.wantHeld(fmt.Sprintf("KEY_%d", i), fmt.Sprintf("kind-%d", i))
			f.wantHeld(fmt.Sprintf("free_%d", i), "")
		}
		f.wantCount("", 0)
	})
}

// Planned creates cost a look-up of the first key, and the pages once; each key that the
// pages bring is found.
func TestHolderRequests(t *testing.T) {
	for name, c := range map[string]struct{ existing, planned, most int }{
		"one beside 250":       {246, 1, 2},
		"two beside 250":       {246, 2, 2 + 4},
		"290 in an empty one":  {0, 290, 1 + 2},
		"290 beside 250":       {246, 290, 2 + 4},
		"three beside a crowd": {996, 3, 2 + 11},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.addAssociations(c.existing)
				f.sb.SetLatency(30 * time.Millisecond)
				noErrors(t, parallelErrors(c.planned, func(i int) error {
					want := ""
					if i < c.existing {
						want = fmt.Sprintf("kind-%d", i)
					}
					if got := f.held(fmt.Sprintf("KEY_%d", i)); got != want {
						return fmt.Errorf("KEY_%d is held by %q, want %q", i, got, want)
					}
					return nil
				}))
				f.wantAtMost(c.most)
			})
		})
	}
}

// The engine plans each create once more right before it. That costs nothing: the
// create uses what the plan has looked up, and after the first one nobody is asked.
func TestHolderBeforeCreate(t *testing.T) {
	for name, c := range map[string]struct{ existing, creates, most int }{
		"one":                        {0, 1, 1 + 1},
		"290 in a fresh sub-account": {0, 290, 290 + 3 + 1},
		"290 beside 300":             {296, 290, 290 + 3 + 4},
		"290 beside 1,000":           {996, 290, 290 + 1 + 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.addAssociations(c.existing)
				f.sb.SetLatency(30 * time.Millisecond)
				noErrors(t, parallelErrors(c.creates, func(i int) error {
					want := relabelled(10000+i, "x")
					if row := f.Holder(background, school, want.Key); row != nil {
						return fmt.Errorf("the key %s is held", want.Key)
					}
					_, err := f.CreateAssociation(background, want)
					return err
				}))
				f.wantCount(sandbox.RouteCreateAssociation, c.creates)
				f.wantAtMost(c.most)
				f.sb.ResetRequests()
				f.wantHeld("key_0", "") // nobody was asked
				f.wantCount("", 0)
			})
		})
	}
}

// What a plan has looked up serves one create: the next one of the same key meets
// the first.
func TestHolderServesOneCreate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.wantHeld(wanted.Key, "")
		row, err := f.create(background)
		ok(t, err)
		_, err = f.create(background)
		wantExists(t, err, row.ID)
	})
}

// Where nobody can tell, nothing is in the way, and nothing is remembered.
func TestHolderUnknown(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"no permission": {Effect: sandbox.Status(403)},
		"an outage":     {Effect: sandbox.Status(503)},
		"no answer":     {Effect: sandbox.OKHTML()},
		"odd pages":     {Route: sandbox.RouteListAssociations, Effect: sandbox.SkipRows(10)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.addAssociations(250)
				f.sb.AddFault(fault)
				for i := range 10 {
					f.held(fmt.Sprintf("free_%d", i))
				}
				f.sb.ClearFaults()
				f.newProcess()
				f.wantHeld("key_1", "kind-1")
			})
		})
	}
}
