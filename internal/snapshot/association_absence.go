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
// is ErrGone if the whole listing does not show the association and a second look after a
// pause says the same. Otherwise what shows the association is its row, and a listing
// that does not come whole is an error.
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

// inListing looks for an association in the whole listing. One that does not add up
// while this process creates and deletes associations is read again: rows move.
func (a *account) inListing(ctx context.Context, id string) (row ghl.Association, found bool, err error) {
	for try := range maxLookups {
		var disturbed bool
		if row, found, disturbed, err = a.readListing(ctx, id); !disturbed {
			break
		}
		if err := a.store.clock.Sleep(ctx, backoff(try)); err != nil {
			return row, false, fmt.Errorf("waiting to read a listing again: %w", err)
		}
	}
	return row, found, err
}

func (a *account) readListing(ctx context.Context, id string) (row ghl.Association, found, disturbed bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	walk, before := a.associations, a.changes()
	for {
		if row, found = walk.find(id); found {
			return row, true, false, nil
		}
		switch {
		case walk.last && len(walk.rows) == 0:
			return row, false, false, errNoRows
		case walk.last:
			return row, false, false, walk.readable()
		}
		if err := a.advance(ctx, walk); err != nil {
			return row, false, a.disturbs(before, err, true), err
		}
	}
}
