package store

import (
	"context"
	"sync/atomic"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// foresight looks for the relations that planned creates will meet. They share the listings of
// their records, and ask for one page each at the most, which is what a create costs. One more
// is free: its answer shows that the sub-account can be reached. All looks of a sub-account ask
// for no more pages than HighLevel allows at once: a plan only warns, and must not wait for that.
//
// An engine plans each create again right before it, in another process, where no look is
// needed. Only the first write tells that process from one that plans. So the looks start
// slowly: one request, then two at once, then four.
type foresight struct {
	granted atomic.Int64  // pages, one for each planned relation
	spare   atomic.Int64  // pages that may still be asked for
	failing atomic.Bool   // a page failed: nobody is asked any more
	places  chan struct{} // each lets one request be under way; an end makes room for one more
}

// mostAhead bounds how many pages are asked for: a burst of HighLevel's rate limit.
const mostAhead = 100

func newForesight() *foresight {
	f := &foresight{places: make(chan struct{}, mostAhead)}
	f.spare.Store(1)
	f.places <- struct{}{}
	return f
}

// PlannedRelation returns the relation that a planned create will meet, or nil if there is
// none, or nobody can tell. Once this process has written anything, it asks nobody.
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

// foreseen looks for the relation among the rows that have arrived. Two records in the other
// order may be another relation, unless the row says that they are of two objects.
func (s recordState) foreseen(ref RelationRef) (ghl.Relation, bool) {
	row, found := s.cached(ref)
	return row, found && (row.FirstRecordID == ref.FirstRecordID || row.FirstObjectKey != "")
}

// looksWhole is whether the listing shows whatever it is likely to show.
func (s recordState) looksWhole() bool { return s.ended() || s.Complete || s.Pages > 0 && !s.Full }

// isWorthReading tells that all pages of the record's listing cost no more than asking the
// other ends of what named it. Nobody knows how many there are before the first one.
func (s recordState) isWorthReading() bool {
	pages := max(s.Pages+1, (s.Total+ghl.PageSize-1)/ghl.PageSize)
	return s.Pages == 0 || s.named >= pages
}

// lookAhead asks for a page, unless it has arrived meanwhile. It is false if the look is to
// be given up.
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

// grant lets a planned relation ask for a page.
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

// leave makes room for one request more than before.
func (f *foresight) leave() {
	for range 2 {
		select {
		case f.places <- struct{}{}:
		default:
		}
	}
}
