package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// keys finds out, before a create, whether the key of the new object is free. The server
// refuses a key that is taken. But if that refusal is lost, somebody else's row looks like
// the row that the create made. So a create is sent only after its key is proved free.
// There are two proofs:
//
//   - the listing, read once to the empty page at its end, and corrected by this process's
//     own writes, which the listing may lack. A total is not enough: it may be wrong, or
//     leave system-defined rows out. A plan only warns, so a matching total is enough.
//   - a lookup of the key, which is cheaper for a single key. The first key is looked
//     up, unless a plan has read as many rows as the listing's total.
//
// A plan reads the first page, because most sub-accounts have only one. If there are more
// pages, the plan looks the first key up.
type keys[T any] struct {
	rows      *collection[T]
	of        func(row T) string                               // returns a row's key, as stored
	spellings func(key string) []string                        // returns the spellings under which the server may store a key
	find      func(ctx context.Context, key string) (T, error) // looks a key up on the server; may return ErrNotFound

	mu      sync.Mutex
	listing *listing.Listing[T] // the shared listing at the time of the first lookup
	begun   mark                // when listing was set
	sound   bool                // listing was read to its end, and no deletion has moved its rows
	first   string              // the first key that was looked up; "" for none
	own     map[string]string   // key, as stored → id of an object that this process created
}

// holder returns the object that has the key, or nil if it is proved that the key is free.
func (k *keys[T]) holder(ctx context.Context, key string) (*T, error) {
	first, shared := k.claimFirst(key), k.shared()
	if !first || k.rows.unpaged || looksWhole(shared.State()) {
		err := shared.ReadUntil(ctx, atEnd)
		if err != nil && !listing.IsBroken(err) {
			return nil, err
		}
	}
	state := shared.State()
	if atEnd(state) && k.isSound(shared, state) && k.isFree(shared, key) {
		return nil, nil
	}
	holder, err := k.lookUp(ctx, key) // somebody else may have deleted the object after the listing was read
	if holder == nil && err == nil {
		err = k.awaitEnd(ctx, shared)
	}
	return holder, err
}

// awaitEnd waits for the end of a listing that is being read. The next creates need the
// pages of that listing anyway. A row that is created meanwhile would move other rows
// between pages, so that they would be read twice or skipped.
func (k *keys[T]) awaitEnd(ctx context.Context, shared *listing.Listing[T]) error {
	if !shared.State().Asking {
		return nil
	}
	err := shared.ReadUntil(ctx, atEnd)
	if ctx.Err() != nil {
		return err
	}
	return nil // the lookup alone is enough proof
}

// plannedHolder returns the object that has the key of a planned create, or nil if none is
// known.
func (k *keys[T]) plannedHolder(ctx context.Context, key string) *T {
	first, shared := k.claimFirst(key), k.shared()
	err := shared.ReadUntil(ctx, func(s listing.State) bool { return first && s.Pages > 0 || looksWhole(s) })
	state := shared.State() // read before the rows, because more rows may arrive
	row := k.rowWithKey(shared, key)
	if row != nil || looksWhole(state) || err != nil && !listing.IsBroken(err) {
		return row
	}
	row, err = k.lookUp(ctx, key)
	if err != nil {
		return nil
	}
	return row
}

// looksWhole reports whether a listing is complete, assuming that its total is right.
func looksWhole(s listing.State) bool {
	return s.Complete || s.Pages > 0 && !s.Full && s.Total >= 0 && s.Rows >= s.Total
}

// claimFirst reports whether key is the first key that is looked up.
func (k *keys[T]) claimFirst(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.first = cmp.Or(k.first, key)
	return k.first == key
}

// gone reports whether this process has deleted an object.
func (k *keys[T]) gone(id string) bool { return k.rows.account.changes.gone.has(id) }

func (k *keys[T]) shared() *listing.Listing[T] {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.listing == nil || k.listing.State().Broken {
		k.begun, k.sound = k.rows.account.changes.mark(), false
		k.listing = k.rows.shared()
	}
	return k.listing
}

// isSound reports whether a listing that was read to its end contains every row. If the
// listing has pages, deletions of this process may have moved rows to a page that had
// already been read.
func (k *keys[T]) isSound(shared *listing.Listing[T], state listing.State) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.listing != shared || state.Readable() != nil {
		return false
	}
	k.sound = k.sound || k.rows.unpaged || !k.rows.account.changes.disturbed(k.begun, nil, state.Vouched)
	if !k.sound {
		k.listing = nil
	}
	return k.sound
}

func (k *keys[T]) lookUp(ctx context.Context, key string) (*T, error) {
	row, err := k.find(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// rowWithKey returns the object with the key among the rows that have arrived, or nil.
func (k *keys[T]) rowWithKey(shared *listing.Listing[T], key string) *T {
	wanted := k.spellings(key)
	for _, row := range shared.Rows() {
		if slices.Contains(wanted, k.of(row)) && !k.gone(k.rows.id(row)) {
			return &row
		}
	}
	return nil
}

// isFree reports whether a key is unused: no row that has arrived has the key, and no
// object that this process created.
func (k *keys[T]) isFree(shared *listing.Listing[T], key string) bool {
	if k.rowWithKey(shared, key) != nil {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return !slices.ContainsFunc(k.spellings(key), func(spelling string) bool {
		id, ok := k.own[spelling]
		return ok && !k.gone(id)
	})
}

// holds records the key of an object after a write of this process.
func (k *keys[T]) holds(row T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.own[k.of(row)] = k.rows.id(row)
}

// ownIDs returns the ids of objects that this process has created and not deleted.
func (k *keys[T]) ownIDs() map[string]bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	own := map[string]bool{}
	for _, id := range k.own {
		if !k.gone(id) {
			own[id] = true
		}
	}
	return own
}
