package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Side is the side of a relation that a record is on. It is empty if the association links
// two different objects: then the record's object determines the side.
type Side string

// The sides of a relation.
const (
	FirstSide  Side = "first"
	SecondSide Side = "second"
)

// RecordRef identifies the relations of a record under an association. If the association
// links an object with itself, it identifies only the relations with the record on Side.
type RecordRef struct {
	LocationID    string
	AssociationID string
	RecordID      string
	Side          Side
}

// To returns a reference to the relation with another record.
func (r RecordRef) To(relatedID string) RelationRef {
	ref := RelationRef{LocationID: r.LocationID, AssociationID: r.AssociationID, FirstRecordID: r.RecordID, SecondRecordID: relatedID}
	if r.Side == SecondSide {
		return ref.Turned()
	}
	return ref
}

// Related returns the id of the record at the other end, if row is one of the relations
// that r identifies.
func (r RecordRef) Related(row ghl.Relation) (id string, ok bool) {
	switch {
	case row.AssociationID != r.AssociationID:
		return "", false
	case row.FirstRecordID == r.RecordID && r.Side != SecondSide:
		return row.SecondRecordID, true
	case row.SecondRecordID == r.RecordID && r.Side != FirstSide:
		return row.FirstRecordID, true
	default:
		return "", false
	}
}

// ErrTurned means that HighLevel stored the two records of a new relation in reverse order,
// which swaps their roles. The relation was deleted.
var ErrTurned = errors.New("HighLevel stored the two records the other way round")

// RecordRelations returns the relations of a record, keyed by the id of the record at the
// other end. If the record's listing lacks a relation with a known record, RecordRelations
// reads that relation as Relation does, and leaves it out only if it is proved to be gone.
// If the error is not nil, the map may be incomplete.
func (s *Store) RecordRelations(ctx context.Context, ref RecordRef, known []string, createdAt time.Time) (map[string]ghl.Relation, error) {
	listed, err := s.Relations(ctx, ref.LocationID, ref.RecordID, nil)
	if ghl.IsNotFound(err) { // a single "not found" may be wrong
		listed, err = s.Relations(ctx, ref.LocationID, ref.RecordID, nil)
	}
	if err != nil && !ghl.IsNotFound(err) { // a record that is "not found" may still have relations, so each known relation is looked up
		return nil, err
	}
	rows := map[string]ghl.Relation{}
	for _, row := range listed {
		if id, ok := ref.Related(row); ok {
			rows[id] = row
		}
	}
	return rows, s.findRelated(ctx, ref, rows, known, createdAt)
}

// findRelated adds the relations with known records that rows lacks, unless they are proved
// to be gone.
func (s *Store) findRelated(ctx context.Context, ref RecordRef, rows map[string]ghl.Relation, known []string, createdAt time.Time) error {
	unlisted := slices.DeleteFunc(slices.Clone(known), func(id string) bool { return rows[id].ID != "" })
	found := make([]ghl.Relation, len(unlisted))
	_, err := forEach(unlisted, func(i int) error {
		row, err := s.Relation(ctx, ref.To(unlisted[i]), createdAt)
		if errors.Is(err, ErrGone) {
			return nil
		}
		if _, fits := ref.Related(row); err == nil && !fits {
			err = fmt.Errorf("%w: the relation with record %s is listed, but its order is unknown", ghl.ErrIncomplete, unlisted[i])
		}
		if err == nil {
			found[i] = row
		}
		return err
	})
	for i, row := range found {
		if row.ID != "" {
			rows[unlisted[i]] = row
		}
	}
	return err
}

// ListedRelations returns the relations in a record's listing, keyed by the id of the
// record at the other end. A relation that is missing from the result may still exist:
// other changes of this process may make the listing skip relations.
func (s *Store) ListedRelations(ctx context.Context, ref RecordRef) (map[string]ghl.Relation, error) {
	gone := &s.account(ref.LocationID).changes.gone
	rows := map[string]ghl.Relation{}
	for row, err := range s.EachRelation(ctx, ref.LocationID, ref.RecordID, ghl.PageSize) {
		if errors.Is(err, errDisturbed) || ghl.IsNotFound(err) {
			break
		}
		if err != nil {
			return rows, err
		}
		if id, ok := ref.Related(row); ok && !gone.has(row.ID) { // the server may still list a deleted relation
			rows[id] = row
		}
	}
	return rows, nil
}

// CreateRecordRelations relates a record to other records, and returns the ids of the other
// records that are now related. It adopts a relation that already exists. The error is a
// *PartError.
func (s *Store) CreateRecordRelations(ctx context.Context, ref RecordRef, related []string) (made []string, err error) {
	return forEach(related, func(i int) error { return s.createRelated(ctx, ref, related[i]) })
}

func (s *Store) createRelated(ctx context.Context, ref RecordRef, relatedID string) error {
	row, err := s.CreateRelation(ctx, ref.To(relatedID))
	if exists, ok := errors.AsType[*ExistsError](err); ok && exists.Relation != nil && !exists.Turned && !exists.BesideDeletions {
		return nil
	}
	if _, fits := ref.Related(row); err != nil || fits {
		return err
	}
	if s.Adopted(ref.LocationID, row.ID) { // somebody else may have made the relation
		return &ExistsError{Relation: &row, Turned: true}
	}
	return errors.Join(ErrTurned, s.deleteRow(ctx, ref.LocationID, row))
}

// DeleteRecordRelations deletes the relations between a record and the given other records,
// and returns the ids of the other records whose relations are gone. A relation that is
// already gone is not an error. DeleteRecordRelations looks all relations up before it
// deletes any, so that one listing shows all of them. The error is a *PartError, or the
// error of the lookup.
func (s *Store) DeleteRecordRelations(ctx context.Context, ref RecordRef, related []string, createdAt time.Time) (gone []string, err error) {
	if len(related) == 0 {
		return nil, nil
	}
	a := s.accountToWrite(ref.LocationID)
	a.turns.deletion(a.clock.Now()) // a create of one of these relations waits during the lookup too
	defer func() { a.turns.ended("", false, a.clock.Now()) }()
	rows, err := s.ListedRelations(ctx, ref)
	if err == nil {
		err = s.findRelated(ctx, ref, rows, related, createdAt)
	}
	if err != nil {
		return nil, err
	}
	return forEach(related, func(i int) error {
		row, isThere := rows[related[i]]
		if !isThere {
			return nil
		}
		return s.deleteRow(ctx, ref.LocationID, row)
	})
}

// deleteRow deletes a relation as it is stored.
func (s *Store) deleteRow(ctx context.Context, locationID string, row ghl.Relation) error {
	return s.DeleteRelation(ctx, RelationRef{
		LocationID: locationID, AssociationID: row.AssociationID, FirstRecordID: row.FirstRecordID, SecondRecordID: row.SecondRecordID,
	}, row.ID)
}

// PartError means that a change of several relations was not carried out completely.
type PartError struct {
	Failed []RelatedError // sorted by id; only the first ones, if many failed
	Undone int            // failed or not begun
}

// RelatedError is the reason why the relation with one record was not changed.
type RelatedError struct {
	RelatedID string
	Err       error
}

func (e *PartError) Error() string {
	return fmt.Sprintf("the relation with record %s: %v", e.Failed[0].RelatedID, e.Failed[0].Err)
}

func (e *PartError) Unwrap() error { return e.Failed[0].Err }
