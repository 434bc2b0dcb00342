package snapshot

import (
	"context"
	"errors"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// fewPlanned is how many planned creates may look their one key up, under at most
// two spellings. Later ones leave it at the walk.
const fewPlanned = 3

// pagesForPlanned is how many pages of the walk the nth planned create pays for: with
// its look-up, never more than six requests.
func pagesForPlanned(n int) int {
	switch {
	case n == 1:
		return 0
	case n <= fewPlanned:
		return 4
	default:
		return 6
	}
}

// Holder returns the association that has the key of a planned create, or nil where
// there is none, or where nobody can tell, or not at that price. Once this process
// has written anything, it asks nobody: the engine plans each create once more right
// before it, and then the create itself will tell.
func (s *Store) Holder(ctx context.Context, locationID, key string) *ghl.Association {
	if s.wrote.Load() {
		return nil
	}
	a := s.account(locationID)
	row, told := a.plannedHolder(ctx, key)
	if told {
		return row
	}
	found, err := a.byKey(ctx, key)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil
	}
	if err == nil {
		row = &found
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keys.looked[key] = row
	return row
}

// plannedHolder tells the holder of a key from what was read already and from what
// the planned creates pay for, or that a look-up has to tell.
func (a *account) plannedHolder(ctx context.Context, key string) (row *ghl.Association, told bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	book := a.openBook()
	if row, looked := book.looked[key]; looked {
		return row, true
	}
	n := book.ask(key)
	if n == 1 && a.gather(ctx) == nil { // an engine plans some ten at once, but they arrive one by one
		n = len(book.asked)
	}
	book.credit += pagesForPlanned(n)
	whole, err := a.readKeys(ctx, (*keyBook).looksWhole) // a warning rests on it, no more
	row = book.listed(key)
	return row, row != nil || whole || err != nil || n > fewPlanned
}
