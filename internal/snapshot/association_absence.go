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
// answer, and may be wrong. The error is ErrGone if the listing, read to its end, lacks
// the association, or if that cannot be had, if a second look after a pause says the
// same; for a protected one both must. Otherwise what shows the association is its row.
func (a *account) proveGone(ctx context.Context, id string, isProtected bool) (ghl.Association, error) {
	row, found, whole, err := a.inListing(ctx, id)
	if found || err != nil {
		return row, err
	}
	if !whole || isProtected {
		if err := a.store.clock.Sleep(ctx, secondLookAfter); err != nil {
			return row, fmt.Errorf("waiting to look for an association again: %w", err)
		}
		if row, err = a.store.client.Association(ctx, a.id, id); !ghl.IsNotFound(err) {
			return row, err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.gone[id] = true
	return row, fmt.Errorf("association %s %w", id, ErrGone)
}

// inListing looks for an association in the shared listing, to its end if need be.
// Whole tells whether the listing can prove an absence: it came to its end, every row
// could be read, and this process deleted nothing meanwhile, which makes rows move up.
// The error is that of a token which does not serve the sub-account, or of a server that
// cannot be reached.
func (a *account) inListing(ctx context.Context, id string) (row ghl.Association, found, whole bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	deletions := a.deletions.ended
	walk := a.associations
	for {
		if row, found = walk.find(id); found {
			return row, true, false, nil
		}
		if walk.last {
			return row, false, walk.readable() == nil && !a.deletions.since(deletions), nil
		}
		if walk.broken && a.listed {
			return row, false, false, nil
		}
		err := a.advance(ctx, walk)
		switch {
		case err == nil:
		case spoiled(err), failsForGood(err) && a.listed:
			return row, false, false, nil
		default:
			return row, false, false, err
		}
	}
}
