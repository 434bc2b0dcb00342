package snapshot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Relation reads one relation, as stored, which may be the other order than ref's
// unless both sides are of one object. createdAt (zero: long ago) is when it was
// created: while it is younger than ListingLag and missing, it is looked for
// again, unless its association is gone. The error is ErrGone where it is proved
// that the relation does not exist.
func (s *Store) Relation(ctx context.Context, ref RelationRef, createdAt time.Time) (ghl.Relation, error) {
	a := s.account(ref.LocationID)
	row, found, err := a.awaitListing(ctx, ref, s.youngUntil(createdAt))
	if !found && err == nil {
		row, found, err = a.locate(ctx, ref)
	}
	if !found && err == nil {
		err = fmt.Errorf("relation of %s and %s %w", ref.FirstRecordID, ref.SecondRecordID, ErrGone)
	}
	return row, err
}

// awaitListing looks for a relation until it is listed, or old enough for its
// absence to prove something, or its association turns out to be gone.
func (a *account) awaitListing(ctx context.Context, ref RelationRef, until time.Time) (ghl.Relation, bool, error) {
	clock := a.store.clock
	for try := 0; clock.Now().Before(until); try++ {
		row, found, looked, err := a.glance(ctx, ref)
		if found || err != nil {
			return row, found, err
		}
		if try == 0 {
			if _, err := a.store.Association(ctx, ref.LocationID, ref.AssociationID); errors.Is(err, ErrGone) {
				break
			}
		}
		if err := clock.Sleep(ctx, min(backoff(try), until.Sub(clock.Now()))); err != nil {
			return row, false, fmt.Errorf("waiting for a new relation to be listed: %w", err)
		}
		a.forgetLooked(looked)
	}
	return ghl.Relation{}, false, nil
}

// youngUntil is when a relation's absence begins to prove something. A time of
// creation in the future counts as now: clocks differ between machines.
func (s *Store) youngUntil(createdAt time.Time) time.Time {
	if now := s.clock.Now(); createdAt.After(now) {
		createdAt = now
	}
	return createdAt.Add(ListingLag)
}

// ends are the two records of a relation. lead is asked first.
type ends struct{ lead, other *record }

// locate finds a relation in the listings of its records, or proves that neither
// lists it.
func (a *account) locate(ctx context.Context, ref RelationRef) (ghl.Relation, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, err := a.ends(ctx, ref)
	if err != nil {
		return ghl.Relation{}, false, err
	}
	row, found, err := a.look(ctx, ref, e, (*record).speaks)
	if !found && err == nil {
		row, found, err = a.proveAbsent(ctx, ref, e)
	}
	if spoiled(err) {
		a.forgetEnds(e)
	}
	return row, found, err
}

// glance finds a relation in the listings of its records, or not. It proves nothing:
// what neither listing shows may lag.
func (a *account) glance(ctx context.Context, ref RelationRef) (ghl.Relation, bool, ends, error) {
	return a.glanceUntil(ctx, ref, (*record).listed)
}

// glanceUntil is glance that reads on until one listing is enough to say no.
func (a *account) glanceUntil(ctx context.Context, ref RelationRef, enough func(*record) bool) (ghl.Relation, bool, ends, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, err := a.ends(ctx, ref)
	if err != nil {
		return ghl.Relation{}, false, e, err
	}
	if a.mayListOneEnd(ref.AssociationID) {
		enough = (*record).neverEnough
	}
	row, found, err := a.look(ctx, ref, e, enough)
	if spoiled(err) {
		a.forgetEnds(e)
	}
	return row, found, e, err
}

// look reads on in the listings until the relation turns up, one of them is enough
// to say no, or nothing is left to read. The lead is read as far as the reads that
// named it pay for; beyond that both are read in step, so that a huge hub costs no
// more than the small ends do. If the pages of one do not add up, or cannot be had, the
// other one may still show the relation.
func (a *account) look(ctx context.Context, ref RelationRef, e ends, enough func(*record) bool) (ghl.Relation, bool, error) {
	e.lead.reads++
	e.other.reads++
	var broken error
	for unpaid := 0; ; {
		for _, end := range []*record{e.lead, e.other} {
			if row, found := a.shows(ctx, end, ref); found {
				a.answers++
				return row, true, nil
			}
			if enough(end) {
				return ghl.Relation{}, false, nil
			}
		}
		turn := 0
		if !e.lead.paid() {
			unpaid++
			turn = unpaid
		}
		if turn == 1 {
			if err := a.gather(ctx); err != nil {
				return ghl.Relation{}, false, err
			}
			continue
		}
		next := e.next(turn)
		if next == nil {
			return ghl.Relation{}, false, broken
		}
		if err := next.advance(ctx, a); (spoiled(err) || failsForGood(err)) && broken == nil {
			broken, e = err, e.without(next)
		} else if err != nil {
			return ghl.Relation{}, false, err
		}
	}
}

// without leaves the other end alone.
func (e ends) without(r *record) ends {
	if r == e.lead {
		return ends{e.other, e.other}
	}
	return ends{e.lead, e.lead}
}

// next is the end to read on in: the lead, or at each second turn the other; that
// which is left where one has ended, and nil where both have.
func (e ends) next(turn int) *record {
	next, other := e.lead, e.other
	if turn > 0 && turn%2 == 0 {
		next, other = other, next
	}
	switch {
	case !next.ended():
		return next
	case !other.ended():
		return other
	default:
		return nil
	}
}

// gatherTime is how long a read waits for others that name the same record before
// it turns to its other end. An engine asks for some ten at once, but they arrive
// one by one.
const gatherTime = 50 * time.Millisecond

func (a *account) gather(ctx context.Context) error {
	a.mu.Unlock()
	defer a.mu.Lock()
	if err := a.store.clock.Sleep(ctx, gatherTime); err != nil {
		return fmt.Errorf("waiting for a list call: %w", err)
	}
	return nil
}

// shows looks for the relation among the rows that a record's walks have brought.
// A row in the other order that does not say which objects it links is taken for
// the relation unless its association links an object with itself.
func (a *account) shows(ctx context.Context, r *record, ref RelationRef) (ghl.Relation, bool) {
	row, found := r.find(ref)
	if !found || row.FirstObjectKey != "" || row.FirstRecordID == ref.FirstRecordID {
		return row, found
	}
	a.mu.Unlock()
	defer a.mu.Lock()
	association, err := a.store.Association(ctx, a.id, ref.AssociationID)
	return row, err != nil || association.FirstObjectKey != association.SecondObjectKey
}

// proveAbsent makes sure that a relation is gone. A record that is alive and lists other
// relations decides, by two walks. The other record is asked all the same: some
// relations are listed at one of their ends alone (those of an opportunity and a contact
// at the contact), and a listing may end at a number of rows that its total agrees with.
// If neither record decides, as after both were deleted, a list call for the sub-account
// must show that the token serves it.
func (a *account) proveAbsent(ctx context.Context, ref RelationRef, e ends) (ghl.Relation, bool, error) {
	if e.other.speaks() {
		e.lead, e.other = e.other, e.lead
	}
	row, found, err := a.walkTwice(ctx, ref, e.lead)
	if found || err != nil {
		return row, found, err
	}
	if decides := e.lead.speaks(); !decides || !a.gone[ref.AssociationID] { // else its relations went with it
		row, found, err = a.walkTwice(ctx, ref, e.other)
		if found && decides {
			a.oneEnded[ref.AssociationID] = true
		}
	}
	if found || err != nil || e.lead.speaks() || e.other.speaks() {
		return row, found, err
	}
	return ghl.Relation{}, false, a.serves(ctx)
}

// mayListOneEnd tells whether the relations of an association may be listed at one of
// their records alone: those of the associations that HighLevel defines itself, which
// have their key for an id, or where this process has seen it.
func (a *account) mayListOneEnd(associationID string) bool {
	return a.oneEnded[associationID] || strings.Contains(associationID, "_") && associationID == strings.ToUpper(associationID)
}

// walkTwice reads a record's listing to the empty page at its end, twice, the
// second time anew: pages may shift while they are read. That there is no such record
// must be said twice, too. Reads that miss relations of one record share both walks.
func (a *account) walkTwice(ctx context.Context, ref RelationRef, r *record) (ghl.Relation, bool, error) {
	grown := 0
	for {
		if row, found := a.shows(ctx, r, ref); found {
			return row, true, nil
		}
		switch {
		case r.missing && r.denied:
			return ghl.Relation{}, false, nil
		case r.missing: // one answer may be wrong
			r.missing, r.denied = false, true
		case !r.current.last:
			if err := r.advance(ctx, a); err != nil {
				return ghl.Relation{}, false, err
			}
		case r.earlier == nil:
			a.restart(r)
		case r.grew() && grown < maxLookups: // the two walks are not of one listing
			grown++
			a.restart(r)
		default:
			return ghl.Relation{}, false, r.whole()
		}
	}
}

// grew tells whether relations came to be listed between the two walks of a record: one
// that is new may lag.
func (r *record) grew() bool {
	total := max(r.total, r.current.page.Total)
	return len(r.earlier.rows) < total && len(r.current.rows) >= total
}

// whole is an error unless both walks of a record brought all that the server ever
// counted, and could be read.
func (r *record) whole() error {
	total := max(r.total, r.current.page.Total)
	for _, walk := range []*shared[ghl.Relation]{r.earlier, r.current} {
		err := walk.readable()
		if err == nil && len(walk.rows) < total {
			err = fmt.Errorf("%w: %d of %d relations of record %s were listed", ghl.ErrIncomplete, len(walk.rows), total, r.id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lookUp looks for a relation in listings that are asked for anew.
func (a *account) lookUp(ctx context.Context, ref RelationRef) (ghl.Relation, bool, error) {
	a.wroteRelation(ref)
	row, found, _, err := a.glance(ctx, ref)
	return row, found, err
}

// lookUpInBoth is lookUp that an empty listing does not end: that of a deleted record may
// be empty while its relations are left behind, and shown by the other record.
func (a *account) lookUpInBoth(ctx context.Context, ref RelationRef) (ghl.Relation, bool, error) {
	a.wroteRelation(ref)
	row, found, _, err := a.glanceUntil(ctx, ref, (*record).speaks)
	return row, found, err
}

// wroteRelation ends what earlier walks of the relation's records may answer.
func (a *account) wroteRelation(ref RelationRef) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forgetRecords(ref.FirstRecordID, ref.SecondRecordID)
}

// forgetLooked forgets what a look found nothing in, unless another read has
// begun anew meanwhile.
func (a *account) forgetLooked(e ends) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forgetEnds(e)
}

func (a *account) forgetEnds(e ends) {
	for _, r := range []*record{e.lead, e.other} {
		if a.records[r.id] == r {
			a.forgetRecords(r.id)
		}
	}
}
