package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// DeleteRelation deletes the relation with that id. If it is gone already, its pair is
// looked up: made again by hand, it has a new id, which is deleted. Creates of the pair
// wait meanwhile.
func (s *Store) DeleteRelation(ctx context.Context, ref RelationRef, id string) error {
	a := s.accountToWrite(ref.LocationID)
	return a.deleteInTurn(ctx, pairTurn(ref), func() error {
		err := a.deleteRelation(ctx, ref, id)
		a.wroteRelation(ref)
		return err
	})
}

// deleteRelation deletes until that is confirmed. Any other answer may be wrong, and so
// may one listing: two answers and a listing must agree that the relation is gone, or a
// proof of its absence.
func (a *account) deleteRelation(ctx context.Context, ref RelationRef, id string) error {
	ref.ID = id
	contradiction := errors.New("HighLevel answers that the relation does not exist, or accepts its deletion, and lists it all the same")
	for try, answers := 0, 1; try < maxLookups; try, answers = try+1, answers+1 {
		end := a.count(&a.deletions)
		confirmed, err := a.store.client.DeleteRelation(ctx, a.id, ref.ID)
		a.wroteRelation(ref)
		end()
		look, isOpen := a.lookUp, err == nil || ghl.KindOf(err) == ghl.Malformed
		switch {
		case confirmed:
			return nil
		case err == nil && try == 0:
			continue
		case isOpen:
			look = a.locateAnew
			contradiction = cmp.Or(err, contradiction)
		case !ghl.IsNotFound(err):
			return err
		case answers > 1:
			look = a.lookUpInBoth
		}
		row, found, err := a.besideChanges(ctx, ref, look)
		if err != nil || !found && (isOpen || answers > 1) {
			return err
		}
		if found {
			answers = 0
		}
		if found && row.ID != ref.ID { // made again by hand
			ref.ID = row.ID
			continue
		}
		if err := a.store.clock.Sleep(ctx, backoff(try)); err != nil {
			return fmt.Errorf("waiting to delete a relation again: %w", err)
		}
	}
	return contradiction
}

// locateAnew is locate with listings that are asked for anew.
func (a *account) locateAnew(ctx context.Context, ref RelationRef) (ghl.Relation, bool, error) {
	a.wroteRelation(ref)
	return a.locate(ctx, ref)
}

// besideChanges looks again if other changes of this process may have made the
// listings pass over the relation, or not add up.
func (a *account) besideChanges(
	ctx context.Context, ref RelationRef, look func(context.Context, RelationRef) (ghl.Relation, bool, error),
) (ghl.Relation, bool, error) {
	for try := range maxLookups {
		disturbed := a.watchChanges(ref)
		row, found, err := look(ctx, ref)
		if !found && err == nil {
			err = a.unreadable(ref)
		}
		if found || err != nil && !spoiled(err) || !disturbed(err) {
			return row, found, err
		}
		if err := a.store.clock.Sleep(ctx, backoff(try)); err != nil {
			return row, false, fmt.Errorf("waiting to look a relation up again: %w", err)
		}
	}
	return ghl.Relation{}, false, errDisturbed
}

// unreadable is an error if the listing of either record held a row that could not be
// read: it may be that of the relation.
func (a *account) unreadable(ref RelationRef) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return errors.Join(a.record(ref.FirstRecordID).current.readable(), a.record(ref.SecondRecordID).current.readable())
}

// watchChanges returns what tells, after a look-up of a relation that failed with err
// or did not find it, whether changes since may be why. If the look-up came to the end of
// a listing, its total vouches for that.
func (a *account) watchChanges(ref RelationRef) (disturbed func(err error) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.changes()
	return func(err error) bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		vouched := false
		for _, id := range []string{ref.FirstRecordID, ref.SecondRecordID} {
			walk := a.record(id).current
			vouched = vouched || walk.complete() && walk.vouched()
		}
		return a.disturbs(before, err, vouched)
	}
}
