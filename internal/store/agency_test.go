package store_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// If a token exchange fails, no association counts as gone.
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
				if kind := ghl.KindOf(err); kind == "" || kind == ghl.NotFound || errors.Is(err, store.ErrGone) {
					t.Errorf("got %v", err)
				}
			}
			f.sb.ClearFaults()
			_, err := f.Association(background, "loc-0", "loc-0-kind-0")
			ok(t, err)
		}
	})
}

// If exchanged tokens are revoked or expire during a run, each of these tokens costs
// another exchange, and no operation fails.
func TestTokensEndInARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newAccounts(t, 5, 10)
		f.readAccounts(5, 10, 1)
		for i := range 5 {
			f.sb.RevokeExchangedTokens(accountID(i))
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
		if _, err := f.client.AccessToken(background, school); ghl.KindOf(err) != ghl.NotInstalled {
			t.Errorf("error %v for a sub-account of another agency, want NotInstalled", err)
		}
	})
}
