package snapshot

import (
	"context"
	"errors"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// keyBook is what is known of a sub-account's association keys before a create: the
// walk that reads shared when the first create was planned or made, read on from
// there, and corrected by this process's own writes, which it need not see. It never
// answers a read. All its fields are guarded by the account's mu.
type keyBook struct {
	walk    *shared[ghl.Association]    // nil until a create is planned or made
	own     map[string]string           // key, as stored → id of what this process created
	deleted map[string]bool             // ids that this process deleted
	asked   map[string]bool             // keys, as written, for which a create was planned or made
	looked  map[string]*ghl.Association // of those, the ones that a plan looked up → who has it, nil for nobody
	credit  int                         // pages that creates may still spend on the walk
}

func newKeyBook() keyBook {
	return keyBook{
		own: map[string]string{}, deleted: map[string]bool{},
		asked: map[string]bool{}, looked: map[string]*ghl.Association{},
	}
}

func (b *keyBook) added(row ghl.Association) { b.own[row.Key] = row.ID }

func (b *keyBook) removed(id string) { b.deleted[id] = true }

// ask counts the keys asked for so far, this one among them.
func (b *keyBook) ask(key string) int {
	b.asked[key] = true
	return len(b.asked)
}

// holds tells whether the book knows an association with the key.
func (b *keyBook) holds(key string) bool {
	for _, spelling := range spellings(key) {
		if id, ok := b.own[spelling]; ok && !b.deleted[id] {
			return true
		}
	}
	return b.listed(key) != nil
}

// listed is the association with the key among the rows that the walk has brought.
func (b *keyBook) listed(key string) *ghl.Association {
	for _, spelling := range spellings(key) {
		for _, row := range b.walk.rows {
			if row.Key == spelling && !b.deleted[row.ID] {
				return &row
			}
		}
	}
	return nil
}

// whole tells whether the walk has gone on to the end of the listing. No total will
// do: it may be wrong, or leave system-defined rows out. A key that is taken for free
// is refused by the server, but if that answer is lost, the row of somebody else
// looks like what the create made.
func (b *keyBook) whole() bool { return b.walk.last }

// looksWhole believes the total, too.
func (b *keyBook) looksWhole() bool {
	page := b.walk.page
	return b.whole() || b.walk.pages > 0 && !page.Full && page.Total >= 0 && page.Seen >= page.Total
}

// pagesFor is how many pages of the walk the nth create may pay for before it looks
// its one key up: none, then four times as many as the one before. So a few creates
// in a huge sub-account look keys up, and many look up three before the walk is
// made. The bound is far beyond any walk.
func pagesFor(n int) int {
	if n == 1 {
		return 0
	}
	return 5 << min(2*(n-2), 8)
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

// knownFree tells whether the key was looked up when the engine planned the create,
// right before it, or else whether the book is whole and lacks it.
func (a *account) knownFree(ctx context.Context, key string) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	book := a.openBook()
	holder, looked := book.looked[key]
	delete(book.looked, key)
	if looked && holder == nil && !book.holds(key) {
		return true, nil
	}
	book.credit += pagesFor(book.ask(key))
	whole, err := a.readKeys(ctx, (*keyBook).whole)
	return whole && book.walk.readable() == nil && !book.holds(key), err
}

// readKeys reads on in the walk while creates have paid for pages, and tells whether
// that was enough.
func (a *account) readKeys(ctx context.Context, enough func(*keyBook) bool) (bool, error) {
	book := a.openBook()
	for !enough(book) {
		if book.walk.step == nil {
			if book.credit == 0 {
				return false, nil
			}
			book.credit--
		}
		walk := book.walk
		if err := a.advance(ctx, walk); spoiled(err) {
			if book.walk == walk {
				book.walk = a.associations // which begins anew
			}
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	return true, nil
}

func (a *account) openBook() *keyBook {
	if a.keys.walk == nil {
		a.keys.walk = a.associations
	}
	return &a.keys
}
