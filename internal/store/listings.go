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

// Associations lists every association of the sub-account, including system-defined ones.
// It never returns a part of them: the alternative is an error.
func (s *Store) Associations(ctx context.Context, locationID string) ([]ghl.Association, error) {
	return whole(ctx, s.account(locationID), func() iter.Seq2[ghl.Association, error] {
		return s.EachAssociation(ctx, locationID, ghl.PageSize)
	})
}

// Relations lists all relations of a record, or only those of the given associations if
// there are any. It never returns a part of them: the alternative is an error.
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
// complete. A caller that wants only a few rows passes their number in wanted, and the
// first page is no larger.
func (s *Store) EachAssociation(ctx context.Context, locationID string, wanted int) iter.Seq2[ghl.Association, error] {
	return s.account(locationID).associations.each(ctx, wanted)
}

// EachRelation is EachAssociation for all relations of a record.
func (s *Store) EachRelation(ctx context.Context, locationID, recordID string, wanted int) iter.Seq2[ghl.Relation, error] {
	a := s.account(locationID)
	before := a.changes.mark() // before the listing begins
	return undisturbed(ctx, a.changes, before, a.relations.record(recordID).state().current, wanted)
}

// sawPage records that a listing has answered, and which rows it showed.
func sawPage[T any](a *account, rows []T, id func(T) string) {
	a.reach.answered.Store(true)
	for _, row := range rows {
		a.changes.saw(id(row))
	}
}

// errDisturbed ends the rows of a listing that may lack some because of changes of this
// process.
var errDisturbed = fmt.Errorf("%w: rows were created or deleted while it was read", ghl.ErrIncomplete)

// undisturbed yields the rows of a listing, and an error if changes since before have
// disturbed it. No change makes a row unreadable.
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

// whole returns all rows, or none and an error. It reads the rows again if changes
// disturbed them, or if they lack an object that was created before.
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
