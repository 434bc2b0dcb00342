package store

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// keyedIDs caches the ids of the associations that relations specify by key. Each key is
// looked up once, however many relations specify it. HighLevel never changes a key, so an
// id stays cached until this process finds the association gone. "Not found" stays cached
// until this process creates or deletes anything.
type keyedIDs struct {
	answers[string]             // id by key, as written
	begun           atomic.Bool // a key has been looked up
}

// made records the key of an association that this process has created, as written and as
// stored.
func (k *keyedIDs) made(written string, row ghl.Association) {
	for _, key := range []string{written, row.Key} {
		k.to(key).last.Store(&found{id: row.ID})
	}
}

// AssociationID looks up the id of the association with a key, as written or in lower case.
// The error is ErrNotFound if no association has the key. Callers share one cached lookup;
// AssociationByKey always makes a new one.
func (s *Store) AssociationID(ctx context.Context, locationID, key string) (string, error) {
	a := s.account(locationID)
	return a.keyedIDs.to(key).ask(ctx, a.changes.mark(), a.stillHolds, func(ctx context.Context) (string, error) { return a.lookUpID(ctx, key) })
}

func (a *account) stillHolds(last found) bool {
	if last.err != nil {
		return last.at == a.changes.mark()
	}
	return !a.changes.gone.has(last.id)
}

func (a *account) lookUpID(ctx context.Context, key string) (string, error) {
	row, found := a.listedWithKey(ctx, key)
	if !found {
		var err error
		if row, found, err = a.unlessGone(a.byKey(ctx, key)); err != nil {
			return "", err
		}
	}
	if !found {
		return "", fmt.Errorf("association with key %q %w", key, ErrNotFound)
	}
	a.changes.saw(row.ID)
	return row.ID, nil
}

// listedWithKey looks for a key in the shared listing. For the first key, it requests no
// page, because a single lookup is cheaper. Even if no listed association has the key, one
// may exist: the listing lacks some associations that HighLevel defines itself.
func (a *account) listedWithKey(ctx context.Context, key string) (row ghl.Association, found bool) {
	alone, shared := !a.keyedIDs.begun.Swap(true), a.associations.shared()
	err := shared.ReadUntil(ctx, func(s listing.State) bool {
		for _, row = range shared.Rows() {
			if isStoredAs(key, row.Key) && !a.changes.gone.has(row.ID) {
				found = true
				return true
			}
		}
		return alone || s.Complete || a.associations.isFailing()
	})
	if failsForGood(err) {
		a.associations.fails(shared)
	}
	return row, found
}

// isStoredAs reports whether key refers to an association that is stored with the other
// key. A key without lower-case letters must match exactly: it is one of HighLevel's own,
// and another association may have the same key in lower case.
func isStoredAs(key, stored string) bool {
	return stored == key || ghl.SameKey(stored, key) && strings.ContainsFunc(key, unicode.IsLower)
}
