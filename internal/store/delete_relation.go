package store

import (
	"cmp"
	"context"
	"errors"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// DeleteRelation deletes the relation with the given id. If that relation is already gone,
// DeleteRelation looks its pair of records up, because somebody may have made the relation
// again by hand. If so, it deletes the relation by its new id. Creates of the pair wait
// until the deletion ends.
func (s *Store) DeleteRelation(ctx context.Context, ref RelationRef, id string) error {
	a := s.accountToWrite(ref.LocationID)
	ref.ID = id
	return a.deleteInTurn(ctx, pairTurn(ref), func() error {
		defer a.relations.forget(ref)
		last, err := a.relations.delete(ctx, ref)
		if err == nil {
			a.changes.gone.add(last)
		}
		return err
	})
}

// delete repeats a deletion until the server confirms it. Any other answer may be wrong,
// and a single listing may be wrong too. So either two answers and a listing must agree
// that the relation is gone, or its absence must be proved. delete returns the id that it
// deleted last.
func (rs *relations) delete(ctx context.Context, ref RelationRef) (id string, err error) {
	a := rs.account
	contradiction := errors.New("HighLevel answers that the relation does not exist, or accepts its deletion, but still lists it")
	for try, answers := 0, 1; try < maxLookups; try, answers = try+1, answers+1 {
		end := a.changes.deletion()
		confirmed, err := a.store.client.DeleteRelation(ctx, a.id, ref.ID)
		rs.forget(ref)
		end()
		isOpen := err == nil || ghl.KindOf(err) == ghl.Malformed
		if confirmed || !isOpen && !ghl.IsNotFound(err) {
			return ref.ID, err
		}
		if err == nil && try == 0 {
			continue
		}
		look := rs.atEitherEnd
		switch {
		case isOpen:
			look, contradiction = rs.proveAbsent, cmp.Or(err, contradiction)
		case answers > 1:
			look = rs.atBothEnds
		}
		row, found, err := rs.besideChanges(ctx, ref, look)
		if err != nil || !found && (isOpen || answers > 1) {
			return ref.ID, err
		}
		if found {
			answers = 0
		}
		if found && row.ID != ref.ID { // the relation was made again by hand
			ref.ID = row.ID
			continue
		}
		if err := a.pause(ctx, try, "to delete a relation again"); err != nil {
			return ref.ID, err
		}
	}
	return ref.ID, contradiction
}

// maxDisturbed limits how often a deletion repeats a lookup because of other changes. When
// a deletion ends, the engine begins the next one, so concurrent deletions disturb each
// other's lookups several times.
const maxDisturbed = 2 * maxLookups

func (rs *relations) atEitherEnd(ctx context.Context, ref RelationRef, e ends) (ghl.Relation, bool, error) {
	return rs.find(ctx, ref, e, atEnd)
}

// atBothEnds is like atEitherEnd, but an empty listing does not end the lookup: a deleted
// record may have an empty listing while the other record still lists the relation.
func (rs *relations) atBothEnds(ctx context.Context, ref RelationRef, e ends) (ghl.Relation, bool, error) {
	return rs.find(ctx, ref, e, speaks)
}

// besideChanges calls look with new listings. It calls look again if other changes of this
// process may have made the listings inconsistent, or made them skip the relation.
func (rs *relations) besideChanges(
	ctx context.Context, ref RelationRef, look func(context.Context, RelationRef, ends) (ghl.Relation, bool, error),
) (ghl.Relation, bool, error) {
	for try := range maxDisturbed {
		before := rs.account.changes.mark()
		rs.forget(ref)
		e := rs.choose(ref)
		row, found, err := look(ctx, ref, e)
		lead, other := e.lead.state(), e.other.state()
		if !found && err == nil {
			err = errors.Join(lead.Readable(), other.Readable()) // an unreadable row may be the relation
		}
		vouched := lead.Complete && lead.Vouched || other.Complete && other.Vouched
		if found || err != nil && !listing.IsBroken(err) || !rs.account.changes.disturbed(before, err, vouched) {
			return row, found, err
		}
		if err := rs.account.changes.awaitDeletions(ctx); err != nil {
			return row, false, err
		}
		if err := rs.account.pause(ctx, try, "to look a relation up again"); err != nil {
			return row, false, err
		}
	}
	return ghl.Relation{}, false, errDisturbed
}
