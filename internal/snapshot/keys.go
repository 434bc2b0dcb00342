package snapshot

import (
	"context"
	"errors"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// keyBook is what is known of a sub-account's association keys before a create:
// one walk, corrected by this process's own writes, which it need not see. It
// never answers a read. All its fields are guarded by the account's mu.
type keyBook struct {
	walk    *shared[ghl.Association]
	own     map[string]string // key, as stored → id of what this process created
	deleted map[string]bool   // ids that this process deleted
	creates int
	credit  int // pages that creates may still spend on the walk
}

func (b *keyBook) added(row ghl.Association) { b.own[row.Key] = row.ID }

func (b *keyBook) removed(id string) { b.deleted[id] = true }

// holds tells whether the book knows an association with the key.
func (b *keyBook) holds(key string) bool {
	for _, spelling := range spellings(key) {
		if id, ok := b.own[spelling]; ok && !b.deleted[id] {
			return true
		}
		if row, ok := b.walk.find(spelling); ok && !b.deleted[row.ID] {
			return true
		}
	}
	return false
}

// whole tells whether the walk has gone on to the end of the listing. No total will
// do: it may be wrong, or leave system-defined rows out. A key that is taken for free
// is refused by the server, but if that answer is lost, the row of somebody else
// looks like what the create made.
func (b *keyBook) whole() bool { return b.walk.last }

// pagesFor is how many pages of the walk the nth create may pay for before it looks
// its one key up: none, then four times as many as the one before. So a few creates
// in a huge sub-account look keys up, and many look up three before the walk is
// made. The bound is far beyond any walk.
func pagesFor(n int) int {
	if n == 1 {
		return 0
	}
	return 1 << min(2*(n-1), 10)
}

// holder returns the association that has the key, or nil where the key is known
// to be free. Whichever costs less tells: a look-up of the one key, while creates
// are few, or one walk for all of them.
func (a *account) holder(ctx context.Context, key string) (*ghl.Association, error) {
	free, err := a.knownFree(ctx, key)
	if free || err != nil {
		return nil, err
	}
	row, err := a.byKey(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil // the book may be older than a deletion by others
	}
	return &row, err
}

// knownFree tells whether the book is whole and lacks the key, reading on while
// creates have paid for pages.
func (a *account) knownFree(ctx context.Context, key string) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	book := &a.keys
	book.creates++
	book.credit += pagesFor(book.creates)
	for !book.whole() {
		if book.walk.step == nil {
			if book.credit == 0 {
				return false, nil
			}
			book.credit--
		}
		if err := book.walk.advance(ctx); spoiled(err) {
			a.forgetKeyWalk()
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	return book.walk.readable() == nil && !book.holds(key), nil
}

func (a *account) forgetKeyWalk() {
	a.keys.walk = newShared(&a.mu, a.store.client.WalkAssociations(a.id), func(row ghl.Association) string { return row.Key })
}
