package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
)

// relations reads and writes the relations of a sub-account. Usually, both records of a
// relation list it.
type relations struct {
	account  *account
	oneEnded ids // ids of associations with relations that only one of their records lists
	ahead    *foresight

	mu           sync.Mutex
	records      map[string]*record
	orientations map[string]*orientation // by the id of the association
}

// Relation reads one relation, as stored. Its records may be in the reverse order of those
// in ref, unless the association links an object with itself. createdAt is when the
// relation was created (zero: long ago). If the relation is missing, Relation looks again
// until it is ListingLag old, unless the association is gone. The error is ErrGone if it is
// proved that the relation does not exist.
func (s *Store) Relation(ctx context.Context, ref RelationRef, createdAt time.Time) (ghl.Relation, error) {
	rs := s.account(ref.LocationID).relations
	row, found, err := rs.awaitListing(ctx, ref, s.youngUntil(createdAt))
	if !found && err == nil {
		row, found, err = rs.proveAbsent(ctx, ref, rs.choose(ref))
	}
	if !found && err == nil {
		err = fmt.Errorf("relation of %s and %s %w", ref.FirstRecordID, ref.SecondRecordID, ErrGone)
	}
	return row, err
}

// awaitListing looks for a relation until it is listed, until it is old enough that it
// would be listed, or until its association turns out to be gone.
func (rs *relations) awaitListing(ctx context.Context, ref RelationRef, until time.Time) (ghl.Relation, bool, error) {
	clock := rs.account.clock
	for try := 0; clock.Now().Before(until); try++ {
		e := rs.choose(ref)
		row, found, err := rs.find(ctx, ref, e, atEnd)
		if found || err != nil {
			return row, found, err
		}
		if try == 0 {
			if _, err := rs.account.associations.read(ctx, ref.AssociationID); errors.Is(err, ErrGone) {
				break
			}
		}
		if err := clock.Sleep(ctx, min(settle.Backoff(try), until.Sub(clock.Now()))); err != nil {
			return row, false, fmt.Errorf("waiting for a new relation to be listed: %w", err)
		}
		rs.forgetEnds(e)
	}
	return ghl.Relation{}, false, nil
}

// youngUntil returns the time from which a relation that is not listed may count as gone. A
// creation time in the future counts as now, because the clocks of machines differ.
func (s *Store) youngUntil(createdAt time.Time) time.Time {
	if now := s.clock.Now(); createdAt.After(now) {
		createdAt = now
	}
	return createdAt.Add(ListingLag)
}

// ends are the two records of a relation. The listing of lead is read first.
type ends struct{ lead, other *record }

// choose picks the record whose listing is read first: one whose listing has begun,
// otherwise the record that more reads have looked for so far, otherwise the first. If many
// relations share few records, the listings of those few cost little, while the listings of
// the other records cost one request per relation.
func (rs *relations) choose(ref RelationRef) ends {
	first, second := rs.record(ref.FirstRecordID), rs.record(ref.SecondRecordID)
	rs.mu.Lock()
	defer rs.mu.Unlock()
	switch {
	case first.begun():
		first.named++
		return ends{first, second}
	case second.begun():
		second.named++
		return ends{second, first}
	}
	first.named++
	second.named++
	if second.named > first.named {
		return ends{second, first}
	}
	return ends{first, second}
}

// enough reports whether a search that has found nothing may stop, given how far a record's
// listing was read.
type enough func(listing.State) bool

// atEnd stops at the end of a listing. Reaching the end does not prove that the relation is
// absent: a new relation may be listed late.
func atEnd(s listing.State) bool { return s.Last }

// readBoth makes a search read both records' listings to their ends.
func readBoth(listing.State) bool { return false }

// find looks for a relation in the listings of its records. If find does not find the
// relation, the relation may still exist.
func (rs *relations) find(ctx context.Context, ref RelationRef, e ends, stop enough) (ghl.Relation, bool, error) {
	if rs.mayListOneEnd(ref.AssociationID) {
		stop = readBoth
	}
	row, found, err := rs.readOn(ctx, ref, e, stop)
	if listing.IsBroken(err) {
		rs.forgetEnds(e)
	}
	return row, found, err
}

// findAnew is like find, but requests new listings.
func (rs *relations) findAnew(ctx context.Context, ref RelationRef, stop enough) (ghl.Relation, bool, error) {
	rs.forget(ref)
	return rs.find(ctx, ref, rs.choose(ref), stop)
}

// readOn reads the listings until it finds the relation, stop returns true for one of them,
// or nothing is left to read. It reads the lead's listing first, until paid returns false.
// Then it alternates between the two listings, so that a huge hub costs no more than the
// small records at the other ends. If the pages of one record do not add up, or fail for
// good, the other record may still show the relation.
func (rs *relations) readOn(ctx context.Context, ref RelationRef, e ends, stop enough) (ghl.Relation, bool, error) {
	var broken error
	for unpaid := 0; ; {
		lead, other := e.lead.state(), e.other.state()
		for _, s := range []recordState{lead, other} {
			if row, found := rs.match(ctx, s, ref); found {
				rs.account.answers.Add(1)
				return row, true, nil
			}
			if stop(s.State) {
				return ghl.Relation{}, false, nil
			}
		}
		if lead.ended() && other.ended() {
			return ghl.Relation{}, false, broken
		}
		next, state := e.lead, lead
		if !lead.paid() {
			unpaid++
		}
		if lead.ended() || !other.ended() && !lead.paid() && unpaid%2 == 1 {
			next, state = e.other, other
		}
		if err := next.next(ctx, state); (listing.IsBroken(err) || failsForGood(err)) && broken == nil {
			broken, e = err, e.without(next)
		} else if err != nil {
			return ghl.Relation{}, false, err
		}
	}
}

// without returns the ends without the given record.
func (e ends) without(r *record) ends {
	if r == e.lead {
		return ends{e.other, e.other}
	}
	return ends{e.lead, e.lead}
}

// match looks for the relation among the rows of a record that have arrived. A row may have
// the records in reverse order and lack the object keys. match accepts that row as the
// relation unless the association links an object with itself.
func (rs *relations) match(ctx context.Context, s recordState, ref RelationRef) (ghl.Relation, bool) {
	row, found := s.cached(ref)
	if !found || row.FirstObjectKey != "" || row.FirstRecordID == ref.FirstRecordID {
		return row, found
	}
	association, err := rs.account.associations.read(ctx, ref.AssociationID)
	return row, err != nil || association.FirstObjectKey != association.SecondObjectKey
}

// proveAbsent finds a relation, or proves that it is gone. If a record exists and lists
// other relations, two of its listings without the relation are the proof. proveAbsent also
// reads the listings of the other record, for two reasons. Some relations are listed at
// only one record: the contact lists its relations with opportunities, but the
// opportunities do not. And a listing may end early at a number of rows that matches its
// total. If neither record's listings are a proof, for example because both were deleted, a
// list call must show that the token serves the sub-account.
func (rs *relations) proveAbsent(ctx context.Context, ref RelationRef, e ends) (ghl.Relation, bool, error) {
	row, found, err := rs.readOn(ctx, ref, e, speaks)
	if !found && err == nil {
		row, found, err = rs.prove(ctx, ref, e)
	}
	if listing.IsBroken(err) {
		rs.forgetEnds(e)
	}
	return row, found, err
}

func (rs *relations) prove(ctx context.Context, ref RelationRef, e ends) (ghl.Relation, bool, error) {
	if speaks(e.other.state().State) {
		e.lead, e.other = e.other, e.lead
	}
	row, found, err := rs.listTwice(ctx, ref, e.lead)
	if found || err != nil {
		return row, found, err
	}
	decides := speaks(e.lead.state().State)
	if !decides || !rs.account.changes.gone.has(ref.AssociationID) { // otherwise, the association's deletion deleted its relations
		row, found, err = rs.listTwice(ctx, ref, e.other)
		if found && decides {
			rs.oneEnded.add(ref.AssociationID)
		}
	}
	if found || err != nil || decides || speaks(e.other.state().State) {
		return row, found, err
	}
	return ghl.Relation{}, false, rs.account.serves(ctx)
}

// listTwice reads two listings of a record to the empty page at the end, because rows may
// move between pages while a listing is read. "Not found" for the record must also be
// confirmed by a second answer. All reads that miss relations of the record share the two
// listings.
func (rs *relations) listTwice(ctx context.Context, ref RelationRef, r *record) (ghl.Relation, bool, error) {
	for grown := 0; ; {
		s := r.state()
		if row, found := rs.match(ctx, s, ref); found {
			return row, true, nil
		}
		switch {
		case s.denials > 1: // a single "not found" may be wrong
			return ghl.Relation{}, false, nil
		case !s.Last:
			if err := r.next(ctx, s); err != nil {
				return ghl.Relation{}, false, err
			}
		case s.earlier == nil:
			r.restart(s.current)
		case s.grew() && grown < maxLookups: // the two listings show different states
			grown++
			r.restart(s.current)
		default:
			return ghl.Relation{}, false, s.verify(r.id)
		}
	}
}

// mayListOneEnd reports whether the relations of an association may be listed at only one
// of their records. This applies to associations that HighLevel defines itself, whose id is
// their key, and to associations for which this process has found a relation at only one
// record.
func (rs *relations) mayListOneEnd(associationID string) bool {
	return rs.oneEnded.has(associationID) || strings.Contains(associationID, "_") && associationID == strings.ToUpper(associationID)
}
