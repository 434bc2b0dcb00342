package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// keyedIDs are the ids of the associations that relations name by key. However many relations
// name one key, it is looked up once. An id stays until this process knows that its
// association is gone: HighLevel never changes a key. That there is none stays until this
// process creates or deletes anything. No other error stays.
type keyedIDs struct {
	begun   atomic.Bool // a key was looked up
	answers sync.Map    // key, as written → *keyedID
}

type keyedID struct {
	flight ghl.Flight[string]
	kept   atomic.Pointer[keptID]
}

// keptID is what a look-up found, if anything, and when it began.
type keptID struct {
	id  string
	err error // ErrNotFound
	at  mark
}

func (k *keyedIDs) answer(key string) *keyedID {
	answer, _ := k.answers.LoadOrStore(key, &keyedID{})
	return answer.(*keyedID) //nolint:errcheck,forcetypeassert // nothing else is stored
}

// made notes the key of an association that this process has created, as it was written and as
// it was stored.
func (k *keyedIDs) made(written string, row ghl.Association) {
	for _, key := range []string{written, row.Key} {
		k.answer(key).kept.Store(&keptID{id: row.ID})
	}
}

// AssociationID looks up the id of the association that has a key, as written or in lower case.
// The error is ErrNotFound if there is none. Callers share one look-up; AssociationByKey always
// asks anew.
func (s *Store) AssociationID(ctx context.Context, locationID, key string) (string, error) {
	a := s.account(locationID)
	answer := a.keyedIDs.answer(key)
	return answer.flight.Do(ctx, func(ctx context.Context) (string, error) {
		if kept := answer.kept.Load(); a.stillHolds(kept) {
			return kept.id, kept.err
		}
		now := a.changes.mark() // ahead of the look-up
		id, err := a.lookUpID(ctx, key)
		if err == nil || errors.Is(err, ErrNotFound) {
			answer.kept.Store(&keptID{id, err, now})
		}
		return id, err
	})
}

func (a *account) stillHolds(kept *keptID) bool {
	switch {
	case kept == nil:
		return false
	case kept.err != nil:
		return kept.at == a.changes.mark()
	default:
		return !a.changes.gone.has(kept.id)
	}
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

// listedWithKey looks for a key in the shared listing. The first key asks for no page: alone, a
// look-up is cheaper. The listing proves nothing: it lacks some associations that HighLevel
// defines itself.
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

// isStoredAs tells whether a row's key is that one. Only HighLevel's own keys have no lower-case
// letter, and there may be an association of somebody else's with such a key in lower case.
func isStoredAs(key, stored string) bool {
	return stored == key || ghl.SameKey(stored, key) && strings.ContainsFunc(key, unicode.IsLower)
}
