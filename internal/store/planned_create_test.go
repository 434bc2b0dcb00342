package store_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// held returns the id of the association that has the key of a planned create, or "".
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
		f.t.Errorf("the association with the key %q is %q, want %q", key, got, want)
	}
}

// A single planned create requests the first page. If there are more pages, the key is
// looked up, as written and then in lower case.
func TestHolderOfOneKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(250)
		for key, c := range map[string]struct {
			holder   string
			requests int
		}{
			"Key_7":                           {"kind-7", 1},
			"Key_200":                         {"kind-200", 1 + 2},
			"key_free":                        {"", 1 + 1},
			"BUSINESSES_CONTACTS_ASSOCIATION": {"BUSINESSES_CONTACTS_ASSOCIATION", 1 + 1},
		} {
			f.newProcess()
			f.wantHeld(key, c.holder)
			f.wantCount("", c.requests)
		}
	})
}

// After all associations have been read, Holder makes no request for a key.
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

// Many planned creates share the pages. A single planned create costs a page and a lookup.
// Each key on the pages is found.
func TestHolderRequests(t *testing.T) {
	for name, c := range map[string]struct{ existing, planned, most int }{
		"one beside 250":              {246, 1, 2},
		"two beside 250":              {246, 2, 1 + 4},
		"290 in an empty sub-account": {0, 290, 1},
		"290 beside 250":              {246, 290, 1 + 4},
		"three beside 1,000":          {996, 3, 1 + 11},
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
						return fmt.Errorf("the association with the key KEY_%d is %q, want %q", i, got, want)
					}
					return nil
				}))
				f.wantAtMost(c.most)
			})
		})
	}
}

// The engine plans each create again right before the create. The creates continue the
// listing that this plan began, and after the first create, Holder makes no call.
func TestHolderBeforeCreate(t *testing.T) {
	// With many creates, one more page than usual is allowed, because a new row may move
	// others while that page is read.
	for name, c := range map[string]struct{ existing, creates, most int }{
		"one":                        {0, 1, 2 + 1},
		"one beside 300":             {296, 1, 3 + 1},
		"290 in a fresh sub-account": {0, 290, 290 + 3},
		"290 beside 300":             {296, 290, 290 + 1 + 6},
		"290 beside 1,000":           {996, 290, 290 + 1 + 13},
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
						return fmt.Errorf("the key %s is taken", want.Key)
					}
					_, err := f.CreateAssociation(background, want)
					return err
				}))
				f.wantCount(sandbox.RouteCreateAssociation, c.creates)
				f.wantAtMost(c.most)
				f.sb.ResetRequests()
				f.wantHeld("key_0", "") // Holder makes no call
				f.wantCount("", 0)
			})
		})
	}
}

// If two creates have a key that was free during the plan, the second create finds the
// object of the first.
func TestHolderBeforeTwoCreatesOfAKey(t *testing.T) {
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

// If the answer is unknown, Holder returns no object, and caches nothing.
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
