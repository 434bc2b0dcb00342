package listing_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	school = "loc-school"
	token  = "pit-school"
)

// fixture is a listing of associations, four of which HighLevel makes itself.
type fixture struct {
	*listing.Listing[ghl.Association]
	sb *sandbox.Sandbox
}

func newFixture(t *testing.T, rows int) *fixture {
	t.Helper()
	sb := sandbox.New(sandbox.Options{Locations: []sandbox.Location{{ID: school, Token: token}}})
	for i := range rows - 4 {
		sb.AddAssociation(sandbox.Association{
			LocationID: school, ID: fmt.Sprintf("kind-%d", i), Key: fmt.Sprintf("key_%d", i), AssociationType: sandbox.UserDefined,
			FirstObjectKey: "business", FirstObjectLabel: fmt.Sprintf("Firm %d", i), SecondObjectKey: "contact", SecondObjectLabel: fmt.Sprintf("Person %d", i),
		})
	}
	client, err := ghl.New(ghl.Config{AccessToken: token, BaseURL: "http://127.0.0.1", UserAgent: "listing-test", Transport: sb.Transport(), MaxRetries: 1})
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{sb: sb}
	f.Listing = listing.New(func() *ghl.Pager[ghl.Association] { return client.AssociationPages(school) }, listing.Options[ghl.Association]{
		Key: func(row ghl.Association) string { return row.ID }, Page: func([]ghl.Association) {},
	})
	return f
}

func (f *fixture) wantRequests(t *testing.T, want int) {
	t.Helper()
	if got := len(f.sb.Requests()); got != want {
		t.Errorf("%d requests, want %d", got, want)
	}
}

// Each page is requested once, no matter who reads it and when.
func TestEachPageIsAskedForOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, 250)
		f.sb.SetLatency(30 * time.Millisecond)
		var readers sync.WaitGroup
		for i := range 20 {
			readers.Go(func() {
				time.Sleep(time.Duration(i) * 7 * time.Millisecond)
				rows := 0
				for _, err := range f.Each(t.Context(), ghl.PageSize) {
					if err != nil {
						t.Error(err)
					}
					rows++
				}
				if rows != 250 {
					t.Errorf("%d rows, want 250", rows)
				}
			})
		}
		readers.Wait()
		f.wantRequests(t, 4) // including the empty page at the end
		if _, found := f.Cached("kind-200"); !found {
			t.Error("kind-200 is not cached")
		}
	})
}

// If a caller gives up, the others still get the page. If all give up, the call is
// cancelled. The next caller starts a new call after the old one has ended.
func TestGivingUp(t *testing.T) {
	for name, c := range map[string]struct{ stays, requests int }{"some": {1, 1}, "all": {0, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, 50)
				f.sb.SetLatency(10 * time.Second)
				impatient, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				var readers sync.WaitGroup
				for range 3 {
					readers.Go(func() {
						if err := f.Next(impatient, 0); !errors.Is(err, context.DeadlineExceeded) {
							t.Errorf("error %v, want a deadline", err)
						}
					})
				}
				for range c.stays {
					readers.Go(func() {
						if err := f.Next(t.Context(), 0); err != nil {
							t.Error(err)
						}
					})
				}
				readers.Wait()
				if err := f.Next(t.Context(), 0); err != nil {
					t.Error(err)
				}
				f.wantRequests(t, c.requests)
			})
		})
	}
}

// Every waiting caller gets the error of a failed call, and the error is not cached. Pages
// that do not add up break the listing.
func TestFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, 250)
		f.sb.AddFault(sandbox.Fault{Count: 2, Effect: sandbox.Status(500)}) // the call and its retry
		if err := f.Next(t.Context(), 0); ghl.KindOf(err) != ghl.Unavailable {
			t.Errorf("error %v, want an outage", err)
		}
		if err := f.Next(t.Context(), 0); err != nil || f.State().Pages != 1 {
			t.Errorf("%v, %d pages", err, f.State().Pages)
		}
		f.sb.AddFault(sandbox.Fault{Effect: sandbox.SkipRows(200)})
		for err := error(nil); err == nil; {
			err = f.Next(t.Context(), f.State().Pages)
			if err != nil && !listing.IsBroken(err) {
				t.Errorf("error %v, want an incomplete listing", err)
			}
		}
		f.sb.ClearFaults()
		if err := f.Next(t.Context(), f.State().Pages); !listing.IsBroken(err) || !f.State().Broken || f.State().Last {
			t.Errorf("a broken listing continues: %v, %+v", err, f.State())
		}
	})
}

// A reader that needs only a few rows requests a small first page; later pages have the
// full size.
func TestFewRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, 150)
		for _, err := range f.Each(t.Context(), 5) {
			if err != nil {
				t.Error(err)
			}
			break
		}
		if rows := f.State().Rows; rows != 5 {
			t.Errorf("%d rows, want 5", rows)
		}
		for _, err := range f.Each(t.Context(), 5) {
			if err != nil {
				t.Error(err)
			}
		}
		f.wantRequests(t, 4) // including the empty page at the end
	})
}
