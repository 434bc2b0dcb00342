package store

import (
	"context"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
)

// CreateRelation creates a relation and returns it as stored. It does not read the listings
// first, because the server refuses a second relation of the pair. The error may be an
// *ExistsError or a *settle.UnknownOutcomeError.
func (s *Store) CreateRelation(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	a := s.accountToWrite(ref.LocationID)
	return createInTurn(ctx, a, pairTurn(ref), func() (ghl.Relation, error) { return a.relations.create(ctx, ref) })
}

func (rs *relations) create(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	changes := rs.account.changes
	begun, end := changes.create()
	defer end()
	defer rs.forget(ref)
	row, err := settle.Create[ghl.Relation]{
		Clock: rs.account.clock, Posts: 2, Lag: ListingLag,
		Post:     func(ctx context.Context) (ghl.Relation, error) { return rs.post(ctx, ref) },
		CheckNew: func(row ghl.Relation) error { return rs.account.checkNew("relation", row.ID, begun) },
		Taken:    ghl.IsDuplicate,
		Find: func(ctx context.Context) (ghl.Relation, bool, error) {
			return rs.unlessGone(rs.findAnew(ctx, ref, atEnd))
		},
		ProveAbsent: func(ctx context.Context) (ghl.Relation, bool, error) {
			return rs.unlessGone(rs.proveAbsent(ctx, ref, rs.choose(ref)))
		},
		Adopt:        func(row ghl.Relation) (ghl.Relation, error) { return rs.adopt(row, begun) },
		NameExisting: func(ctx context.Context, refusal error) error { return rs.existing(ctx, ref, refusal) },
	}.Do(ctx)
	if err == nil {
		changes.made(row.ID)
	}
	return row, err
}

// post sends a create. If this process has just deleted a relation of the pair, the server
// may still refuse the create as a duplicate, so post tries again.
func (rs *relations) post(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	a := rs.account
	send := func(swapped bool) (ghl.Relation, error) {
		sent := ref
		if swapped {
			sent = ref.Turned()
		}
		return a.store.client.CreateRelation(ctx, a.id, sent.AssociationID, sent.FirstRecordID, sent.SecondRecordID)
	}
	sidesDiffer := func() bool { // if the association links an object with itself, the order of the records defines their roles
		association, err := a.associations.read(ctx, ref.AssociationID)
		return err == nil && association.FirstObjectKey != association.SecondObjectKey
	}
	o := rs.orientation(ref.AssociationID)
	row, err := o.send(ctx, send, sidesDiffer)
	for try := 0; ghl.IsDuplicate(err) && try < maxLookups && a.turns.view(pairTurn(ref)).deleted > 0; try++ {
		if _, found, _ := rs.findAnew(ctx, ref, atEnd); found || a.pause(ctx, try, "to create a relation") != nil {
			break
		}
		row, err = o.send(ctx, send, sidesDiffer)
	}
	return row, err
}

// unlessGone ignores a relation that this process has deleted: the server may still list
// it.
func (rs *relations) unlessGone(row ghl.Relation, found bool, err error) (ghl.Relation, bool, error) {
	return row, found && !rs.account.changes.gone.has(row.ID), err
}

// adopt adopts a relation found after a lost create, unless this process saw or made that
// relation earlier.
func (rs *relations) adopt(row ghl.Relation, begun int) (ghl.Relation, error) {
	if rs.account.changes.knew(row.ID, begun) {
		return row, &ExistsError{Relation: &row}
	}
	rs.account.changes.adopted.add(row.ID)
	return row, nil
}

// existing returns an error about the relation that made the server refuse a create. That
// relation may not be listed yet, or may link the two records the other way round.
func (rs *relations) existing(ctx context.Context, ref RelationRef, refusal error) error {
	turned := false
	find := func(ctx context.Context) (row ghl.Relation, found bool, err error) {
		row, found, err = rs.findAnew(ctx, ref, atEnd)
		if !found && err == nil {
			row, turned, err = rs.find(ctx, ref.Turned(), rs.choose(ref), atEnd)
		}
		if turned { // the wanted relation may have been listed since the first lookup
			if again, isListed, err := rs.find(ctx, ref, rs.choose(ref), atEnd); isListed && err == nil {
				row, found, turned = again, true, false
			}
		}
		return row, found || turned, err
	}
	proveAbsent := func(ctx context.Context) (ghl.Relation, bool, error) { return rs.proveAbsent(ctx, ref, rs.choose(ref)) } // at either end
	row, found, err := settle.Look(ctx, rs.account.clock, ListingLag, find, proveAbsent)
	if found {
		return &ExistsError{Relation: &row, Turned: turned, Err: refusal}
	}
	return &ExistsError{Err: refusal, Unseen: err == nil}
}
