package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// keys tells before a create whether its association key is free. A create is sent only
// once that is proved, since the server refuses a taken key, but if that answer is lost,
// the row of somebody else looks like what the create made. There are two proofs:
//
//   - the listing, read once to the empty page at its end, and corrected by this process's
//     own writes, which it need not see. No total will do: it may be wrong, or leave
//     system-defined rows out. A plan, which only warns, believes the total.
//   - a look-up of the key: for the first one, unless a plan has read the listing as far as
//     its total goes. Alone, that is cheaper.
//
// A plan looks at the first page, since most accounts have no more, and looks the first key
// up if there are others.
type keys struct {
	associations *collection[ghl.Association]

	mu      sync.Mutex
	listing *listing.Listing[ghl.Association] // that which reads shared when the first key was asked for
	begun   mark                              // when that was
	sound   bool                              // it was read to its end, and not disturbed
	first   string                            // key that was asked for first; "" for none
	own     map[string]string                 // key, as stored → id of what this process created
}

func newKeys(associations *collection[ghl.Association]) *keys {
	return &keys{associations: associations, own: map[string]string{}}
}

// holder returns the association that has the key, or nil if it is proved that the key is
// free.
func (k *keys) holder(ctx context.Context, key string) (*ghl.Association, error) {
	first, shared := k.claimFirst(key), k.shared()
	if !first || looksWhole(shared.State()) {
		err := shared.ReadUntil(ctx, atEnd)
		if err != nil && !listing.IsBroken(err) {
			return nil, err
		}
	}
	state := shared.State()
	if atEnd(state) && k.isSound(shared, state) && k.isFree(shared, key) {
		return nil, nil
	}
	holder, err := k.lookUp(ctx, key) // the listing may be older than a deletion by others
	if holder == nil && err == nil {
		err = k.awaitEnd(ctx, shared)
	}
	return holder, err
}

// awaitEnd waits for the end of a listing that is being read. The next creates need its
// pages anyway, and a new row would move the others to pages that are read twice, or never.
func (k *keys) awaitEnd(ctx context.Context, shared *listing.Listing[ghl.Association]) error {
	if !shared.State().Asking {
		return nil
	}
	err := shared.ReadUntil(ctx, atEnd)
	if ctx.Err() != nil {
		return err
	}
	return nil // the look-up is proof enough
}

// plannedHolder returns the association that has the key of a planned create, or nil if
// there is none, or nobody can tell.
func (k *keys) plannedHolder(ctx context.Context, key string) *ghl.Association {
	first, shared := k.claimFirst(key), k.shared()
	err := shared.ReadUntil(ctx, func(s listing.State) bool { return first && s.Pages > 0 || looksWhole(s) })
	state := shared.State() // ahead of the look at its rows: more may arrive
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

// looksWhole believes the total.
func looksWhole(s listing.State) bool {
	return s.Complete || s.Pages > 0 && !s.Full && s.Total >= 0 && s.Rows >= s.Total
}

// claimFirst tells whether no other key was asked for before.
func (k *keys) claimFirst(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.first = cmp.Or(k.first, key)
	return k.first == key
}

// gone tells whether this process has deleted an association.
func (k *keys) gone(id string) bool { return k.associations.account.changes.gone.has(id) }

func (k *keys) shared() *listing.Listing[ghl.Association] {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.listing == nil || k.listing.State().Broken {
		k.begun, k.sound = k.associations.account.changes.mark(), false
		k.listing = k.associations.shared()
	}
	return k.listing
}

// isSound tells whether a listing that was read to its end has no row missing: deletions of
// this process meanwhile may have moved some to a page that was read before.
func (k *keys) isSound(shared *listing.Listing[ghl.Association], state listing.State) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.listing != shared || state.Readable() != nil {
		return false
	}
	k.sound = k.sound || !k.associations.account.changes.disturbed(k.begun, nil, state.Vouched)
	if !k.sound {
		k.listing = nil
	}
	return k.sound
}

func (k *keys) lookUp(ctx context.Context, key string) (*ghl.Association, error) {
	row, err := k.associations.account.byKey(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// rowWithKey is the association with the key among the rows that have arrived.
func (k *keys) rowWithKey(shared *listing.Listing[ghl.Association], key string) *ghl.Association {
	wanted := spellings(key)
	for _, row := range shared.Rows() {
		if slices.Contains(wanted, row.Key) && !k.gone(row.ID) {
			return &row
		}
	}
	return nil
}

// isFree tells whether neither the rows that have arrived nor what this process created
// has the key.
func (k *keys) isFree(shared *listing.Listing[ghl.Association], key string) bool {
	if k.rowWithKey(shared, key) != nil {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return !slices.ContainsFunc(spellings(key), func(spelling string) bool {
		id, ok := k.own[spelling]
		return ok && !k.gone(id)
	})
}

func (k *keys) created(row ghl.Association) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.own[row.Key] = row.ID
}

// spellings are a key as written, and in lower case, which is how HighLevel stores keys.
func spellings(key string) []string {
	return slices.Compact([]string{key, strings.ToLower(key)})
}
