package snapshot

import (
	"context"
	"iter"
	"slices"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Associations lists every association of the sub-account, system-defined ones
// included, or fails: never a part of them.
func (s *Store) Associations(ctx context.Context, locationID string) ([]ghl.Association, error) {
	rows, err := whole(s.EachAssociation(ctx, locationID, ghl.PageSize))
	a := s.account(locationID)
	for _, row := range rows {
		a.note(row.ID)
	}
	return rows, err
}

// Relations lists all relations of a record, of the given associations where any
// are named, or fails: never a part of them.
func (s *Store) Relations(ctx context.Context, locationID, recordID string, associationIDs []string) ([]ghl.Relation, error) {
	rows, err := whole(s.EachRelation(ctx, locationID, recordID, ghl.PageSize))
	a := s.account(locationID)
	for _, row := range rows {
		a.note(row.ID)
	}
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
	return walk.each(wanted, func() error { return a.advance(ctx, walk) })
}

// EachRelation is EachAssociation for all relations of a record.
func (s *Store) EachRelation(ctx context.Context, locationID, recordID string, wanted int) iter.Seq2[ghl.Relation, error] {
	a := s.account(locationID)
	a.mu.Lock()
	defer a.mu.Unlock()
	walk := a.record(recordID).current
	return walk.each(wanted, func() error {
		err := walk.advance(ctx)
		if spoiled(err) {
			a.forgetRecords(recordID)
		}
		return err
	})
}

// whole takes all rows, or none where there is an error.
func whole[T any](rows iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}
