package snapshot

import (
	"context"
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// record is one end of relations: its listing, which reads share. All its fields
// are guarded by the account's mu.
type record struct {
	id        string
	current   *shared[ghl.Relation]
	earlier   *shared[ghl.Relation] // the walk before current, where that had ended
	missing   bool                  // the API itself said that there is no such record
	denied    bool                  // it had said so before, and was asked again
	reads     int                   // reads that named this record and were not answered at once
	contested int                   // of those, the reads that met both ends untouched
	pending   bool                  // it is being asked, and will tell
	judged    bool                  // what it tells is whether first records have several relations
	total     int                   // the largest total that a walk before current was told; -1 for none
}

// spare is how many pages a record's listing may be read beyond one for each read
// that named it, before its other ends are asked.
const spare = 1

func (a *account) record(id string) *record {
	r := a.records[id]
	if r == nil {
		r = &record{id: id, total: -1}
		a.restart(r)
		a.records[id] = r
	}
	return r
}

// restart begins a new walk of the record's listing. The old one is kept for what
// it does not show, if it came to its end.
func (a *account) restart(r *record) {
	r.earlier = nil
	if old := r.current; old != nil {
		r.total = max(r.total, old.page.Total)
		if old.last {
			r.earlier = old
		}
	}
	r.current = newShared(&a.mu, a.store.client.WalkRelations(a.id, r.id), relationKey, func(row ghl.Relation) { a.saw(row.ID) })
}

// forgetRecords makes later reads of the records' listings ask the server anew.
func (a *account) forgetRecords(ids ...string) {
	for _, id := range ids {
		a.leads.settle(a.records[id])
		delete(a.records, id)
	}
}

// relationKey is a relation's natural key.
func relationKey(row ghl.Relation) string {
	return pairKey(row.AssociationID, row.FirstRecordID, row.SecondRecordID)
}

func pairKey(associationID, first, second string) string {
	return fmt.Sprintf("%q %q %q", associationID, first, second) // quoted, so that no two triples look the same
}

// find looks for the relation among the rows that the record's walks have
// brought.
func (r *record) find(ref RelationRef) (ghl.Relation, bool) {
	row, ok := findRelation(r.current, ref)
	if !ok && r.earlier != nil {
		row, ok = findRelation(r.earlier, ref)
	}
	return row, ok
}

// findRelation accepts either order of the records if that does not change the
// relation's meaning, or if the row is the very one that the state knows: the server
// may store two records of one object the other way round.
func findRelation(walk *shared[ghl.Relation], ref RelationRef) (ghl.Relation, bool) {
	if row, ok := walk.find(pairKey(ref.AssociationID, ref.FirstRecordID, ref.SecondRecordID)); ok {
		return row, true
	}
	row, ok := walk.find(pairKey(ref.AssociationID, ref.SecondRecordID, ref.FirstRecordID))
	if ok {
		_, ok = row.Oriented(ref.FirstRecordID, ref.SecondRecordID)
		ok = ok || row.ID == ref.ID
	}
	return row, ok
}

// speaks tells that the listing has ended and that the record is alive: what it
// does not show, is not there. A deleted record may answer with an empty listing
// while its relations are left behind, so an empty one says nothing, nor does one
// with rows that could not be read.
func (r *record) speaks() bool {
	return r.current.last && len(r.current.rows) > 0 && r.current.readable() == nil
}

// listed tells that the record's listing was read to its end.
func (r *record) listed() bool { return r.current.last }

// neverEnough lets a look go on to the end of both records' listings.
func (r *record) neverEnough() bool { return false }

// ended tells that the record's listing has nothing more to say.
func (r *record) ended() bool { return r.missing || r.current.last }

func (r *record) touched() bool { return r.ended() || r.current.pages > 0 || r.current.step != nil }

// paid tells that one more page of the record's listing is covered by the reads
// that named it, or is under way anyway, or is the empty one at its end.
func (r *record) paid() bool {
	return r.current.step != nil || r.current.complete() || r.current.pages < r.reads+spare
}

// advance takes the record's walk a page further. The API's own "not found" for
// the record is an answer, not an error.
func (r *record) advance(ctx context.Context, a *account) error {
	walk := r.current
	err := walk.advance(ctx)
	defer a.judge(r)
	switch {
	case ghl.IsNotFound(err):
		r.missing = true
		return nil
	case spoiled(err) && r.current == walk:
		a.restart(r)
	}
	return err
}
