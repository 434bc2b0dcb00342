package snapshot_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// Every sub-account with the app is listed, whatever the pages are like, and whether
// the count tells those or all of the company.
func TestLocations(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]sandbox.Quirks{
		"plain":                  {},
		"without a count":        {NoTotal: true},
		"with the company's":     {CompanyCount: true},
		"in small pages":         {PageCap: 7},
		"with more than we know": {UnknownFields: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newAccounts(t, 130, 0)
			f.sb.SetQuirks(func(q *sandbox.Quirks) { *q = quirks })
			for i := range 130 {
				if i%10 == 3 {
					f.sb.SetInstalled(accountID(i), false)
				}
			}
			f.sb.AddLocation(sandbox.Location{ID: "named", CompanyID: company, Name: "Name", Address: "Address"})
			got, err := f.Locations(background, app, "")
			ok(t, err)
			var want []string
			for i := range 130 {
				if i%10 != 3 {
					want = append(want, accountID(i))
				}
			}
			want = append(want, "named")
			var ids []string
			for _, l := range got {
				ids = append(ids, l.ID)
			}
			if !slices.Equal(ids, want) {
				t.Errorf("got %v\nwant %v", ids, want)
			}
			if last := got[len(got)-1]; last != (ghl.Location{ID: "named", Name: "Name", Address: "Address", Installed: true}) {
				t.Errorf("got %+v", last)
			}
		})
	}
}

// A short, repeated, truncated or malformed list is an error, never fewer sub-accounts.
func TestLocationsIncomplete(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"short":                  {Effect: sandbox.ShrinkPage(1)},
		"short at the first":     {Effect: sandbox.SkipRows(1)},
		"repeated without end":   {Effect: sandbox.SkipRows(-1_000_000)},
		"truncated":              {Effect: sandbox.HalfJSON(true)},
		"a row nobody can read":  {Effect: sandbox.MalformedItem()},
		"a count that is higher": {Effect: sandbox.LyingTotal(1)},
		"HTML":                   {Effect: sandbox.OKHTML()},
		"empty":                  {Effect: sandbox.OKEmpty()},
		"refused":                {Effect: sandbox.Status(403), After: 1},
	} {
		for _, noTotal := range []bool{false, true} {
			if noTotal && (name == "short" || name == "short at the first" || name == "a count that is higher") {
				continue // without a count nothing can tell
			}
			t.Run(fmt.Sprint(name, noTotal), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newAccounts(t, 150, 0)
					f.sb.SetQuirks(func(q *sandbox.Quirks) { q.NoTotal = noTotal })
					f.sb.AddFault(fault)
					got, err := f.Locations(background, app, "")
					if err == nil || got != nil {
						t.Errorf("got %d sub-accounts, %v", len(got), err)
					}
					f.sb.ClearFaults()
					got, err = f.Locations(background, app, "")
					ok(t, err)
					if len(got) != 150 {
						t.Errorf("got %d sub-accounts, want 150", len(got))
					}
				})
			})
		}
	}
}

// Of the failures of an exchange, none is taken for an association that is gone.
func TestExchangeFailureIsNotGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, effect := range []sandbox.Effect{
			sandbox.StatusMessage(404, "Location not found"), sandbox.StatusMessage(400, "Location not found"),
			sandbox.Status(401), sandbox.Status(403), sandbox.Status(422), sandbox.Status(500), sandbox.CannotGET(), sandbox.OKHTML(),
			sandbox.StatusMessage(400, "Duplicate Association key"), sandbox.StatusMessage(422, "Invalid record id"),
		} {
			f := newAccounts(t, 1, 3)
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteExchange, Effect: effect})
			for i := range 3 {
				_, err := f.Association(background, "loc-0", "loc-0-kind-"+fmt.Sprint(i))
				if kind := ghl.KindOf(err); kind == "" || kind == ghl.NotFound || errors.Is(err, snapshot.ErrGone) {
					t.Errorf("got %v", err)
				}
			}
			f.sb.ClearFaults()
			_, err := f.Association(background, "loc-0", "loc-0-kind-0")
			ok(t, err)
		}
	})
}

// Bought tokens that are revoked or expire in the middle of a run cost an exchange
// more each, and no operation fails.
func TestTokensEndInARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newAccounts(t, 5, 10)
		f.readAccounts(5, 10, 1)
		for i := range 5 {
			f.sb.RevokeBought(accountID(i))
		}
		noErrors(t, parallelErrors(5, func(i int) error {
			want := wire(kind(100))
			want.LocationID = accountID(i)
			_, err := f.CreateAssociation(background, want)
			return err
		}))
		time.Sleep(25 * time.Hour)
		f.readAccounts(5, 10, 2)
		exchanged, _ := f.countEach()
		for i := range 5 {
			if n := exchanged[accountID(i)]; n != 3 {
				t.Errorf("%d exchanges for %s, want 3", n, accountID(i))
			}
		}
		if _, err := f.AccessToken(background, school); ghl.KindOf(err) != ghl.NotInstalled {
			t.Errorf("a token of a sub-account that is not the agency's: %v", err)
		}
	})
}
