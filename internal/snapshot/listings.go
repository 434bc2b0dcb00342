package snapshot

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Associations lists every association of the sub-account, system-defined ones
// included, or fails: never a part of them.
func (s *Store) Associations(ctx context.Context, locationID string) ([]ghl.Association, error) {
	a := s.account(locationID)
	return whole(ctx, a, func() iter.Seq2[ghl.Association, error] {
		return s.EachAssociation(ctx, locationID, ghl.PageSize)
	})
}

// Relations lists all relations of a record, of the given associations where any
// are named, or fails: never a part of them.
func (s *Store) Relations(ctx context.Context, locationID, recordID string, associationIDs []string) ([]ghl.Relation, error) {
	a := s.account(locationID)
	rows, err := whole(ctx, a, func() iter.Seq2[ghl.Relation, error] {
		return s.EachRelation(ctx, locationID, recordID, ghl.PageSize)
	})
	if len(associationIDs) > 0 {
		rows = slices.DeleteFunc(rows, func(row ghl.Relation) bool { return !slices.Contains(associationIDs, row.AssociationID) })
	}
	return rows, err
}

// EachAssociation yields every association of the sub-account, system-defined ones
// included, as the shared walk brings them, and in the end an error where the
// listing did not come whole. Whoever will stop after a few rows says how many: the
// first page is asked for no more.
func (s *Store) EachAssociation(ctx context.Context, locationID string, wanted int) iter.Seq2[ghl.Association, error] {
	a := s.account(locationID)
	a.mu.Lock()
	defer a.mu.Unlock()
	walk := a.associations
	return undisturbed(a, walk, walk.each(wanted, func() error { return a.advance(ctx, walk) }))
}

// EachRelation is EachAssociation for all relations of a record.
func (s *Store) EachRelation(ctx context.Context, locationID, recordID string, wanted int) iter.Seq2[ghl.Relation, error] {
	a := s.account(locationID)
	a.mu.Lock()
	defer a.mu.Unlock()
	walk := a.record(recordID).current
	return undisturbed(a, walk, walk.each(wanted, func() error {
		err := walk.advance(ctx)
		if spoiled(err) {
			a.forgetRecords(recordID)
		}
		return err
	}))
}

// errDisturbed ends the rows of a walk that changes of this process may have made pass
// over some.
var errDisturbed = fmt.Errorf("%w: rows were created or deleted while it was read", ghl.ErrIncomplete)

// undisturbed passes the rows of a walk on. It is called with mu held.
func undisturbed[T any](a *account, walk *shared[T], rows iter.Seq2[T, error]) iter.Seq2[T, error] {
	before := a.changes()
	disturbed := func(err error) bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.disturbs(before, err, walk.vouched())
	}
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			if err != nil && disturbed(err) {
				err = errDisturbed
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
		if disturbed(nil) {
			var none T
			yield(none, errDisturbed)
		}
	}
}

// whole takes all rows, or none where there is an error. Rows that were disturbed are
// read again.
func whole[T any](ctx context.Context, a *account, listing func() iter.Seq2[T, error]) (rows []T, err error) {
	for try := range maxLookups {
		if rows, err = all(listing()); !errors.Is(err, errDisturbed) {
			break
		}
		if err := a.store.clock.Sleep(ctx, backoff(try)); err != nil {
			return nil, fmt.Errorf("waiting to read a listing again: %w", err)
		}
	}
	return rows, err
}

func all[T any](listing iter.Seq2[T, error]) ([]T, error) {
	var rows []T
	for row, err := range listing {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
