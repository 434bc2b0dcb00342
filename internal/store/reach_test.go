package store_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Reach makes one list call per sub-account, however many callers there are and whatever
// the result. It makes no call if any call about the sub-account has succeeded.
func TestReach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		var asking sync.WaitGroup
		for range 10 {
			asking.Go(func() { ok(t, f.Reach(background, school)) })
		}
		asking.Wait()
		f.wantCount(sandbox.RouteListAssociations, 1)
		f.wantCount("", 1)

		f.newProcess()
		f.wantHeld("key_free", "")
		ok(t, f.Reach(background, school))
		f.wantCount("", 1)

		f.newProcess()
		f.sb.AddFault(sandbox.Fault{Effect: sandbox.Status(http.StatusUnauthorized)})
		var refused atomic.Int64
		for range 10 {
			asking.Go(func() {
				if ghl.KindOf(f.Reach(background, school)) == ghl.Unauthorized {
					refused.Add(1)
				}
			})
		}
		asking.Wait()
		if refused.Load() == 0 {
			t.Error("the refusal was not reported")
		}
		if err := f.Reach(background, school); ghl.KindOf(err) != ghl.Unauthorized {
			t.Errorf("got %v, want the refusal", err)
		}
		f.wantCount("", 1)
	})
}
