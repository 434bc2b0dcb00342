package snapshot

import (
	"context"
	"fmt"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
)

// CreateRelation creates a relation and returns it as stored. It is looked for in no
// listing before: the server refuses a second one. The error may be an *ExistsError or a
// *settle.UnknownOutcomeError.
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
		Post:        func(ctx context.Context) (ghl.Relation, error) { return rs.postAfterDeletion(ctx, ref) },
		Known:       func(row ghl.Relation) error { return rs.account.known("relation", row.ID, begun) },
		Taken:       ghl.IsDuplicate,
		Find:        func(ctx context.Context) (ghl.Relation, bool, error) { return rs.findAnew(ctx, ref, atEnd) },
		ProveAbsent: func(ctx context.Context) (ghl.Relation, bool, error) { return rs.proveAbsent(ctx, ref) },
		Adopt:       func(row ghl.Relation) (ghl.Relation, error) { return rs.adopt(row, begun) },
		Met:         func(ctx context.Context, refusal error) error { return rs.met(ctx, ref, refusal) },
	}.Do(ctx)
	if err == nil {
		changes.made(row.ID)
	}
	return row, err
}

// postAfterDeletion sends a create. If this process has just deleted a relation of the
// pair, a refusal as a duplicate may come from a server that has yet to forget it.
func (rs *relations) postAfterDeletion(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	row, err := rs.post(ctx, ref)
	for try := 0; ghl.IsDuplicate(err) && try < maxLookups && rs.account.turns.view(pairTurn(ref)).deleted > 0; try++ {
		if _, found, _ := rs.findAnew(ctx, ref, atEnd); found || rs.account.pause(ctx, try, "to create a relation") != nil {
			break
		}
		row, err = rs.post(ctx, ref)
	}
	return row, err
}

// adopt takes a relation found after a lost create for its result, unless it was there
// before, as this process has seen, or another resource holds it.
func (rs *relations) adopt(row ghl.Relation, begun int) (ghl.Relation, error) {
	if rs.account.changes.knew(row.ID, begun) {
		return row, &ExistsError{Relation: &row}
	}
	rs.account.changes.tookOver(row.ID)
	return row, nil
}

// met names what a refused create met: the relation, which may not be listed yet, or one
// of the two records the other way round.
func (rs *relations) met(ctx context.Context, ref RelationRef, refusal error) error {
	turned := false
	find := func(ctx context.Context) (row ghl.Relation, found bool, err error) {
		row, found, err = rs.findAnew(ctx, ref, atEnd)
		if !found && err == nil {
			row, turned, err = rs.find(ctx, ref.Turned(), rs.choose(ref), atEnd)
		}
		return row, found || turned, err
	}
	proveAbsent := func(ctx context.Context) (ghl.Relation, bool, error) { return rs.proveAbsent(ctx, ref) } // at whichever end it is listed
	row, found, err := settle.Look(ctx, rs.account.clock, ListingLag, find, proveAbsent)
	if found {
		return &ExistsError{Relation: &row, Turned: turned, Err: refusal}
	}
	return &ExistsError{Err: refusal, Unseen: err == nil}
}

// orientation is which of a configuration's records is first under an association: its
// first, or the other one. Creates take turns until one has found out.
type orientation struct {
	turn    chan struct{} // holds one token
	known   bool
	swapped bool
}

// orientation returns what is known of an association's.
func (rs *relations) orientation(associationID string) *orientation {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	o := rs.orientations[associationID]
	if o == nil {
		o = &orientation{turn: make(chan struct{}, 1)}
		o.turn <- struct{}{}
		rs.orientations[associationID] = o
	}
	return o
}

func (rs *relations) isSwapped(o *orientation) (swapped, known bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return o.swapped, o.known
}

func (rs *relations) learn(o *orientation, swapped bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	o.swapped, o.known = swapped, true
}

// post posts a relation, in the order that is known to fit, else in the
// configuration's; creates of one association take turns until that is known.
func (rs *relations) post(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	o := rs.orientation(ref.AssociationID)
	if swapped, known := rs.isSwapped(o); known {
		return rs.postEitherWay(ctx, ref, o, swapped)
	}
	select {
	case <-o.turn:
	case <-ctx.Done():
		return ghl.Relation{}, fmt.Errorf("waiting to create a relation: %w", context.Cause(ctx))
	}
	pass := sync.OnceFunc(func() { o.turn <- struct{}{} })
	defer pass()
	swapped, known := rs.isSwapped(o)
	if known {
		pass()
	}
	return rs.postEitherWay(ctx, ref, o, swapped)
}

// postEitherWay posts a relation and, where the server says that a record does
// not fit its side, the other way round. If neither fits, the first answer counts.
func (rs *relations) postEitherWay(ctx context.Context, ref RelationRef, o *orientation, swapped bool) (ghl.Relation, error) {
	row, err := rs.postOriented(ctx, ref, swapped)
	if ghl.KindOf(err) != ghl.InvalidRecord {
		if err == nil {
			rs.learn(o, swapped)
		}
		return row, err
	}
	if !rs.sidesDiffer(ctx, ref.AssociationID) {
		return row, err
	}
	row, otherErr := rs.postOriented(ctx, ref, !swapped)
	if otherErr == nil || ghl.IsAmbiguous(otherErr) || ghl.IsDuplicate(otherErr) {
		rs.learn(o, !swapped)
		return row, otherErr
	}
	return row, err
}

func (rs *relations) postOriented(ctx context.Context, ref RelationRef, swapped bool) (ghl.Relation, error) {
	first, second := ref.FirstRecordID, ref.SecondRecordID
	if swapped {
		first, second = second, first
	}
	return rs.account.store.client.CreateRelation(ctx, ref.LocationID, ref.AssociationID, first, second)
}

// sidesDiffer tells whether an association links two different objects: only then
// may its records be posted in the other order, for else the order carries roles.
func (rs *relations) sidesDiffer(ctx context.Context, associationID string) bool {
	association, err := rs.account.associations.read(ctx, associationID)
	return err == nil && association.FirstObjectKey != association.SecondObjectKey
}
