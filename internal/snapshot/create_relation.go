package snapshot

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// CreateRelation creates a relation and returns it as stored. The error may be an
// *ExistsError or an *UnknownOutcomeError.
func (s *Store) CreateRelation(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	a := s.accountToWrite(ref.LocationID)
	return createInTurn(ctx, a, pairTurn(ref), func() (ghl.Relation, error) { return a.createRelation(ctx, ref) })
}

func (a *account) createRelation(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	defer a.count(&a.creates)()
	begun := a.createsBegun()
	defer a.wroteRelation(ref)
	row, err := a.postRelation(ctx, ref, begun)
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.seen[row.ID] = 0
	}
	return row, err
}

// postRelation sends the create, and sends it once more only when, for as long as
// a listing may lag, look-ups have shown that it was not carried out.
func (a *account) postRelation(ctx context.Context, ref RelationRef, begun int) (ghl.Relation, error) {
	row, failure := a.sendAfterDeletion(ctx, ref)
	switch {
	case failure == nil && a.wasSeen(row.ID, begun): // not what was just created, whatever the answer says
		failure = fmt.Errorf("the server answered with the relation %s, which was there before", row.ID)
	case ghl.IsDuplicate(failure):
		return row, a.duplicateRelation(ctx, ref, failure)
	case failure == nil || !ghl.IsAmbiguous(failure):
		return row, failure
	}
	row, err := a.settleRelation(ctx, ref, begun, failure)
	if !errors.Is(err, ErrNotFound) {
		return row, err
	}
	if ctx.Err() != nil {
		return row, failure
	}
	row, failure = a.sendRelation(ctx, ref)
	if !ghl.IsDuplicate(failure) && !ghl.IsAmbiguous(failure) {
		return row, failure
	}
	row, err = a.settleRelation(ctx, ref, begun, failure)
	switch {
	case !errors.Is(err, ErrNotFound):
		return row, err
	case ghl.IsDuplicate(failure): // of what was sent before: the first one ran after all
		return row, &UnknownOutcomeError{Err: failure}
	default:
		return row, failure
	}
}

// sendAfterDeletion sends a create. If this process has just deleted a relation of the
// pair, a refusal as a duplicate may come from a server that has yet to forget it.
func (a *account) sendAfterDeletion(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	row, err := a.sendRelation(ctx, ref)
	for try := 0; ghl.IsDuplicate(err) && try < maxLookups && a.deletedSoFar(pairTurn(ref)) > 0; try++ {
		if _, found, _ := a.lookUp(ctx, ref); found || a.store.clock.Sleep(ctx, backoff(try)) != nil {
			break
		}
		row, err = a.sendRelation(ctx, ref)
	}
	return row, err
}

// settleRelation looks up what an ambiguous create did. The error is ErrNotFound
// where the relation stayed absent for as long as a listing may lag.
func (a *account) settleRelation(ctx context.Context, ref RelationRef, begun int, failure error) (ghl.Relation, error) {
	ctx, cancel := a.lookupContext(ctx)
	defer cancel()
	clock := a.store.clock
	until := clock.Now().Add(ListingLag)
	for try := 0; ; try++ {
		final := !clock.Now().Before(until)
		row, found, err := a.lookUp(ctx, ref)
		if !found && err == nil && final {
			row, found, err = a.locate(ctx, ref) // absence must be proved
		}
		switch {
		case err != nil:
			return row, &UnknownOutcomeError{Err: errors.Join(failure, err)}
		case found:
			return a.adoptRelation(row, begun)
		case final:
			return row, ErrNotFound
		}
		if err := clock.Sleep(ctx, min(backoff(try), until.Sub(clock.Now()))); err != nil {
			return row, &UnknownOutcomeError{Err: errors.Join(failure, err)}
		}
	}
}

// adoptRelation takes a relation found after an ambiguous create for its result,
// unless it was there before, as this process has seen, or another resource holds it.
func (a *account) adoptRelation(row ghl.Relation, begun int) (ghl.Relation, error) {
	if a.wasSeen(row.ID, begun) {
		return row, &ExistsError{Relation: &row}
	}
	a.tookOver(row.ID)
	return row, nil
}

// duplicateRelation names what a refused create met: the relation, which may not be
// listed yet, or one of the two records the other way round.
func (a *account) duplicateRelation(ctx context.Context, ref RelationRef, refusal error) error {
	clock := a.store.clock
	until := clock.Now().Add(ListingLag)
	for try := 0; ; try++ {
		row, found, err := a.lookUp(ctx, ref)
		if found {
			return &ExistsError{Relation: &row, Err: refusal}
		}
		if err == nil {
			if row, found, _, err = a.glance(ctx, ref.Turned()); found {
				return &ExistsError{Relation: &row, Turned: true, Err: refusal}
			}
		}
		final := !clock.Now().Before(until)
		if err == nil && final {
			if row, found, err = a.locate(ctx, ref); found { // at whichever end it is listed
				return &ExistsError{Relation: &row, Err: refusal}
			}
		}
		if err != nil || final || clock.Sleep(ctx, min(backoff(try), until.Sub(clock.Now()))) != nil {
			return &ExistsError{Err: refusal, Unseen: err == nil && ctx.Err() == nil}
		}
	}
}

// order is in which order the records of an association's relations go: the
// configuration's, or the other one. Creates take turns until one has found out.
type order struct {
	turn    chan struct{} // holds one token
	known   bool
	swapped bool
}

// orderOf returns what is known of an association's order.
func (a *account) orderOf(associationID string) *order {
	a.mu.Lock()
	defer a.mu.Unlock()
	o := a.orders[associationID]
	if o == nil {
		o = &order{turn: make(chan struct{}, 1)}
		o.turn <- struct{}{}
		a.orders[associationID] = o
	}
	return o
}

func (a *account) known(o *order) (swapped, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return o.swapped, o.known
}

func (a *account) learn(o *order, swapped bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o.swapped, o.known = swapped, true
}

// sendRelation posts a relation, in the order that is known to fit, else in the
// configuration's; creates of one association take turns until that is known.
func (a *account) sendRelation(ctx context.Context, ref RelationRef) (ghl.Relation, error) {
	o := a.orderOf(ref.AssociationID)
	if swapped, known := a.known(o); known {
		return a.sendEitherWay(ctx, ref, o, swapped)
	}
	select {
	case <-o.turn:
	case <-ctx.Done():
		return ghl.Relation{}, fmt.Errorf("waiting to create a relation: %w", context.Cause(ctx))
	}
	pass := sync.OnceFunc(func() { o.turn <- struct{}{} })
	defer pass()
	swapped, known := a.known(o)
	if known {
		pass()
	}
	return a.sendEitherWay(ctx, ref, o, swapped)
}

// sendEitherWay posts a relation and, where the server says that a record does
// not fit its side, the other way round. If neither fits, the first answer counts.
func (a *account) sendEitherWay(ctx context.Context, ref RelationRef, o *order, swapped bool) (ghl.Relation, error) {
	row, err := a.sendOrdered(ctx, ref, swapped)
	if ghl.KindOf(err) != ghl.InvalidRecord {
		if err == nil {
			a.learn(o, swapped)
		}
		return row, err
	}
	if !a.sidesDiffer(ctx, ref.AssociationID) {
		return row, err
	}
	row, otherErr := a.sendOrdered(ctx, ref, !swapped)
	if otherErr == nil || ghl.IsAmbiguous(otherErr) || ghl.IsDuplicate(otherErr) {
		a.learn(o, !swapped)
		return row, otherErr
	}
	return row, err
}

func (a *account) sendOrdered(ctx context.Context, ref RelationRef, swapped bool) (ghl.Relation, error) {
	first, second := ref.FirstRecordID, ref.SecondRecordID
	if swapped {
		first, second = second, first
	}
	return a.store.client.CreateRelation(ctx, ref.LocationID, ref.AssociationID, first, second)
}

// sidesDiffer tells whether an association links two different objects: only then
// may its records be posted in the other order, for else the order carries roles.
func (a *account) sidesDiffer(ctx context.Context, associationID string) bool {
	association, err := a.store.Association(ctx, a.id, associationID)
	return err == nil && association.FirstObjectKey != association.SecondObjectKey
}
