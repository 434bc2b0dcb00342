package store

import (
	"context"
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// record is a record at one end of relations, with the listing that reads share. The mutex
// of relations guards its mutable fields.
type record struct {
	id        string
	relations *relations

	named   int // how many reads have looked for a relation of the record
	current *listing.Listing[ghl.Relation]
	earlier *listing.Listing[ghl.Relation] // the listing before current, read to its end; nil if none
	denials int                            // how many times in a row the API itself said that the record does not exist
	total   int                            // the largest total of a listing before current; -1 for none
}

// record returns the cached record with an id, or a new one.
func (rs *relations) record(id string) *record {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r := rs.records[id]
	if r == nil || r.current.State().Broken {
		r = &record{id: id, relations: rs, total: -1}
		r.current = r.begin()
		rs.records[id] = r
	}
	return r
}

func (r *record) begin() *listing.Listing[ghl.Relation] {
	a := r.relations.account
	return listing.New(func() *ghl.Pager[ghl.Relation] { return a.store.client.RelationPages(a.id, r.id) }, listing.Options[ghl.Relation]{
		Key: relationKey, Page: func(rows []ghl.Relation) { sawPage(a, rows, func(row ghl.Relation) string { return row.ID }) },
	})
}

// restart replaces a listing that was read to its end with a new one, unless another reader
// has already replaced it. It keeps the old listing too, because only a relation that is
// missing from both may be gone.
func (r *record) restart(old *listing.Listing[ghl.Relation]) {
	r.relations.mu.Lock()
	defer r.relations.mu.Unlock()
	if r.current != old {
		return
	}
	r.total = max(r.total, old.State().Total)
	r.current, r.earlier = r.begin(), old
}

// begun reports whether the record's listing has been requested. The caller must hold
// relations.mu.
func (r *record) begun() bool { return r.denials > 0 || r.current.State().Begun }

// answered records whether the API said that the record does not exist. Readers that waited
// for the same answer count it once.
func (r *record) answered(s recordState, denied bool) {
	r.relations.mu.Lock()
	defer r.relations.mu.Unlock()
	switch {
	case !denied:
		r.denials = 0
	case r.denials == s.denials:
		r.denials++
	}
}

// forget drops the listings of both records, so that later reads request new ones.
func (rs *relations) forget(ref RelationRef) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.records, ref.FirstRecordID)
	delete(rs.records, ref.SecondRecordID)
}

// forgetEnds drops the two records whose listings a lookup has read, unless another read
// has already replaced them.
func (rs *relations) forgetEnds(e ends) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, r := range []*record{e.lead, e.other} {
		if rs.records[r.id] == r {
			delete(rs.records, r.id)
		}
	}
}

func (rs *relations) forgetAll() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	clear(rs.records)
}

// relationKey is a relation's natural key.
func relationKey(row ghl.Relation) string {
	return pairKey(row.AssociationID, row.FirstRecordID, row.SecondRecordID)
}

func pairKey(associationID, first, second string) string {
	return fmt.Sprintf("%q %q %q", associationID, first, second) // quoted, so that no two triples look the same
}

// recordState is a snapshot of a record.
type recordState struct {
	listing.State // of current

	named            int
	current, earlier *listing.Listing[ghl.Relation]
	denials          int
	total            int // the largest total of any listing
}

func (r *record) state() recordState {
	r.relations.mu.Lock()
	defer r.relations.mu.Unlock()
	state := r.current.State()
	return recordState{
		State: state, named: r.named, current: r.current, earlier: r.earlier,
		denials: r.denials, total: max(r.total, state.Total),
	}
}

// next reads one more page. The API's own "not found" for the record is an answer, not an
// error.
func (r *record) next(ctx context.Context, s recordState) error {
	err := s.current.Next(ctx, s.Pages)
	denied := ghl.IsNotFound(err)
	if denied || err == nil {
		r.answered(s, denied)
		return nil
	}
	return err
}

// cached looks for the relation among the rows that have arrived. It makes no call.
func (s recordState) cached(ref RelationRef) (ghl.Relation, bool) {
	row, found := cachedIn(s.current, ref)
	if !found && s.earlier != nil {
		row, found = cachedIn(s.earlier, ref)
	}
	return row, found
}

// cachedIn looks for the relation among the rows of one listing. It accepts the reverse
// order of the records if the order does not change the relation's meaning, or if the row
// has the id of ref: the server may store two records of one object in reverse order.
func cachedIn(l *listing.Listing[ghl.Relation], ref RelationRef) (ghl.Relation, bool) {
	if row, found := l.Cached(pairKey(ref.AssociationID, ref.FirstRecordID, ref.SecondRecordID)); found {
		return row, true
	}
	row, found := l.Cached(pairKey(ref.AssociationID, ref.SecondRecordID, ref.FirstRecordID))
	if found {
		_, found = row.Oriented(ref.FirstRecordID, ref.SecondRecordID)
		found = found || row.ID == ref.ID
	}
	return row, found
}

// speaks reports whether the listing has ended and shows that the record exists. If so, a
// relation that is not listed does not exist. A deleted record may have an empty listing
// although its relations still exist, so an empty listing proves nothing. A listing with
// rows that could not be read proves nothing either.
func speaks(s listing.State) bool { return s.Last && s.Rows > 0 && s.Readable() == nil }

// ended reports whether nothing is left to read in the record's listing.
func (s recordState) ended() bool { return s.denials > 0 || s.Last }

// paid reports whether one more page of the record's listing is worth a request. That is
// true if the page costs about as much as reading the other records of the relations that
// it may show, if the page is under way anyway, or if it is the empty page at the end.
func (s recordState) paid() bool { return s.Asking || s.Complete || s.Pages <= s.named }

// grew reports whether relations appeared between the two listings of a record, because new
// relations may be listed late.
func (s recordState) grew() bool {
	return s.earlier.State().Rows < s.total && s.Rows >= s.total
}

// verify returns an error unless both listings of a record have as many rows as the
// server's largest total, and all rows could be read.
func (s recordState) verify(id string) error {
	for _, l := range []*listing.Listing[ghl.Relation]{s.earlier, s.current} {
		state := l.State()
		if err := state.Readable(); err != nil {
			return err
		}
		if state.Rows < s.total {
			return fmt.Errorf("%w: %d of %d relations of record %s were listed", ghl.ErrIncomplete, state.Rows, s.total, id)
		}
	}
	return nil
}
