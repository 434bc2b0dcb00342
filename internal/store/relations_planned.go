package store

import (
	"context"
	"sync/atomic"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// foresight looks for existing relations that planned creates would duplicate. These
// lookups share the listings of the records, and request at most one page each, which is
// what a create costs. One more page is allowed, because it also shows that the sub-account
// can be reached. All lookups of a sub-account together request no more pages than
// HighLevel allows at once, because a plan only warns and must not wait for the rate limit.
//
// During an apply, an engine plans each create again right before the create, in another
// process, which needs no lookups. Until its first write, that process looks like one that
// only plans. So lookups start slowly: one request, then two at once, then four.
type foresight struct {
	granted atomic.Int64  // pages allowed so far: one for each planned relation
	spare   atomic.Int64  // pages that may still be requested
	failing atomic.Bool   // a page failed: no more are requested
	places  chan struct{} // each token allows one request at a time; the end of a request adds one more token
}

// mostAhead is the maximum number of pages that the lookups of a sub-account request: as
// many as HighLevel's rate limit allows in one burst.
const mostAhead = 100

func newForesight() *foresight {
	f := &foresight{places: make(chan struct{}, mostAhead)}
	f.spare.Store(1)
	f.places <- struct{}{}
	return f
}

// PlannedRelation returns the existing relation that a planned create would duplicate, or
// nil if none is known. After the first write of this process, PlannedRelation makes no
// call.
func (s *Store) PlannedRelation(ctx context.Context, ref RelationRef) *ghl.Relation {
	if s.wrote.Load() {
		return nil
	}
	return s.account(ref.LocationID).relations.planned(ctx, ref)
}

func (rs *relations) planned(ctx context.Context, ref RelationRef) *ghl.Relation {
	rs.ahead.grant()
	for e, oneEnded := rs.choose(ref), rs.mayListOneEnd(ref.AssociationID); ; {
		lead, other := e.lead.state(), e.other.state()
		for _, s := range []recordState{lead, other} {
			if row, found := s.foreseen(ref); found {
				return &row
			}
		}
		if lead.looksWhole() && (other.looksWhole() || !oneEnded) || other.looksWhole() && !oneEnded {
			return nil
		}
		next, state := e.lead, lead
		if lead.looksWhole() || !other.looksWhole() && !lead.isWorthReading() {
			next, state = e.other, other
		}
		if !rs.lookAhead(ctx, next, state.Pages) {
			return nil
		}
	}
}

// foreseen looks for the relation among the rows that have arrived. A row with the two
// records in reverse order may be another relation, unless the row says that the records
// are of two objects.
func (s recordState) foreseen(ref RelationRef) (ghl.Relation, bool) {
	row, found := s.cached(ref)
	return row, found && (row.FirstRecordID == ref.FirstRecordID || row.FirstObjectKey != "")
}

// looksWhole reports whether further pages of the listing are unlikely to have rows.
func (s recordState) looksWhole() bool { return s.ended() || s.Complete || s.Pages > 0 && !s.Full }

// isWorthReading reports whether all pages of the record's listing cost no more requests
// than the other records of the planned relations. Before the first page, the number of
// pages is unknown.
func (s recordState) isWorthReading() bool {
	pages := max(s.Pages+1, (s.Total+ghl.PageSize-1)/ghl.PageSize)
	return s.Pages == 0 || s.named >= pages
}

// lookAhead requests a page, unless it has arrived meanwhile. It returns false if the
// lookup must end.
func (rs *relations) lookAhead(ctx context.Context, r *record, seen int) bool {
	ahead := rs.ahead
	select {
	case <-ahead.places:
		defer ahead.leave()
	case <-ctx.Done():
		return false
	}
	s := r.state()
	switch {
	case rs.account.store.wrote.Load(), ahead.failing.Load():
		return false
	case s.Pages > seen:
		return true
	case !s.Asking && !ahead.pay():
		return false
	}
	err := r.next(ctx, s)
	if err != nil && ctx.Err() == nil {
		ahead.failing.Store(true)
	}
	return err == nil
}

// grant allows one more page, for a planned relation.
func (f *foresight) grant() {
	if f.granted.Add(1) < mostAhead {
		f.spare.Add(1)
	}
}

func (f *foresight) pay() bool {
	if f.spare.Add(-1) >= 0 {
		return true
	}
	f.spare.Add(1)
	return false
}

// leave puts the token of a request back, and adds another token.
func (f *foresight) leave() {
	for range 2 {
		select {
		case f.places <- struct{}{}:
		default:
		}
	}
}
