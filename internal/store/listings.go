package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// Associations returns every association of the sub-account, including system-defined ones,
// or an error.
func (s *Store) Associations(ctx context.Context, locationID string) ([]ghl.Association, error) {
	return whole(ctx, s.account(locationID), func() iter.Seq2[ghl.Association, error] {
		return s.EachAssociation(ctx, locationID, ghl.PageSize)
	})
}

// Relations returns all relations of a record, or an error. If associationIDs is not empty,
// it returns only the relations of those associations.
func (s *Store) Relations(ctx context.Context, locationID, recordID string, associationIDs []string) ([]ghl.Relation, error) {
	rows, err := whole(ctx, s.account(locationID), func() iter.Seq2[ghl.Relation, error] {
		return s.EachRelation(ctx, locationID, recordID, ghl.PageSize)
	})
	if len(associationIDs) > 0 {
		rows = slices.DeleteFunc(rows, func(row ghl.Relation) bool { return !slices.Contains(associationIDs, row.AssociationID) })
	}
	return rows, err
}

// EachAssociation yields every association of the sub-account, including system-defined
// ones, as the shared pages arrive. It yields an error at the end unless the listing is
// complete. A caller that needs only a few rows passes their number as wanted, which limits
// the size of the first page.
func (s *Store) EachAssociation(ctx context.Context, locationID string, wanted int) iter.Seq2[ghl.Association, error] {
	return s.account(locationID).associations.each(ctx, wanted)
}

// EachRelation is like EachAssociation, but yields all relations of a record.
func (s *Store) EachRelation(ctx context.Context, locationID, recordID string, wanted int) iter.Seq2[ghl.Relation, error] {
	a := s.account(locationID)
	before := a.changes.mark() // taken before the listing begins
	return undisturbed(ctx, a.changes, before, a.relations.record(recordID).state().current, wanted)
}

// sawPage records that a list call has succeeded, and which rows it returned.
func sawPage[T any](a *account, rows []T, id func(T) string) {
	a.reach.answered.Store(true)
	for _, row := range rows {
		a.changes.saw(id(row))
	}
}

// errDisturbed means that a listing may lack rows because of changes of this process.
var errDisturbed = fmt.Errorf("%w: rows were created or deleted while it was read", ghl.ErrIncomplete)

// undisturbed yields the rows of a listing, and errDisturbed if changes since the mark
// before may have moved rows. It passes on the error of an unreadable row, because changes
// do not cause that error.
func undisturbed[T any](ctx context.Context, c *changes, before mark, l *listing.Listing[T], wanted int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range l.Each(ctx, wanted) {
			if err != nil && l.State().Malformed == 0 && c.disturbed(before, err, true) {
				err = errDisturbed
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
		if c.disturbed(before, nil, l.State().Vouched) {
			var none T
			yield(none, errDisturbed)
		}
	}
}

// whole returns all rows, or only an error. It reads the rows again if changes disturbed
// the listing, or if the listing lacks an object that this process created.
func whole[T any](ctx context.Context, a *account, rows func() iter.Seq2[T, error]) (all []T, err error) {
	for try := range maxLookups {
		if all, err = collect(rows()); !errors.Is(err, errDisturbed) && !errors.Is(err, errLacksOwn) {
			break
		}
		if err := a.pause(ctx, try, "to read a listing again"); err != nil {
			return nil, err
		}
	}
	return all, err
}

func collect[T any](rows iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}
