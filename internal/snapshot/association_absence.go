package snapshot

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// secondLookAfter is the pause before an association is asked for once more.
const secondLookAfter = 2 * time.Second

// proveGone decides what the API's own "not found" for an association means. It is one
// answer, and may be wrong; so may be a listing, which may end before its end. The error
// is ErrGone if the listing does not show the association and a second look after a pause
// says the same. Otherwise what shows the association is its row.
func (a *account) proveGone(ctx context.Context, id string) (ghl.Association, error) {
	row, found, err := a.inListing(ctx, id)
	if found || err != nil {
		return row, err
	}
	if err := a.store.clock.Sleep(ctx, secondLookAfter); err != nil {
		return row, fmt.Errorf("waiting to look for an association again: %w", err)
	}
	if row, err = a.store.client.Association(ctx, a.id, id); !ghl.IsNotFound(err) {
		return row, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.gone[id] = true
	return row, fmt.Errorf("association %s %w", id, ErrGone)
}

// inListing looks for an association in the shared listing, to its end if that can be
// had. The error is that of a token which does not serve the sub-account, or of a server
// that cannot be reached.
func (a *account) inListing(ctx context.Context, id string) (row ghl.Association, found bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	walk := a.associations
	for {
		if row, found = walk.find(id); found {
			return row, true, nil
		}
		if walk.last || walk.broken && a.listed {
			return row, false, nil
		}
		err := a.advance(ctx, walk)
		switch {
		case err == nil:
		case spoiled(err), failsForGood(err) && a.listed:
			return row, false, nil
		default:
			return row, false, err
		}
	}
}
