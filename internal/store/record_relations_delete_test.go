package store_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Deletions share one listing, and cost one request each. A relation that is already gone
// also costs the requests that prove that it is gone.
func TestDeleteRecordRelations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.SetLatency(time.Second)
		begun := time.Now()
		gone, err := f.DeleteRecordRelations(background, ofClass, students(0, 140), time.Time{})
		ok(t, err)
		wantWaited(t, begun, 16*time.Second) // two pages, and ten deletions at a time
		f.sb.SetLatency(0)
		wantIDs(t, gone, students(0, 140)...)
		f.wantCount(sandbox.RouteDeleteRelation, 140)
		f.wantCount("", 142)
		if left := len(f.sb.Relations(school)); left != 10 {
			t.Errorf("%d relations are left, want 10", left)
		}
		f.remove(enrolled("class-0", student(140)))
		gone, err = f.DeleteRecordRelations(background, ofClass, students(140, 142), time.Time{})
		ok(t, err)
		wantIDs(t, gone, students(140, 142)...)
		f.wantCount(sandbox.RouteDeleteRelation, 141)
		got, err := f.recordRelations(ofClass)
		ok(t, err)
		wantIDs(t, got, students(142, 150)...)
	})
}

// If a deletion fails, the others are still carried out. If a lookup fails, nothing is
// deleted.
func TestDeleteRecordRelationsInPart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 3, Effect: sandbox.Status(502)})
		_, err := f.DeleteRecordRelations(background, ofClass, students(0, 20), time.Time{})
		wantKind(t, err, ghl.Unavailable)
		f.wantCount(sandbox.RouteDeleteRelation, 0)
		third := f.sb.Relations(school)[3]
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Contains: third.ID, Effect: sandbox.AccessDenied()})
		gone, err := f.DeleteRecordRelations(background, ofClass, students(0, 20), time.Time{})
		wantPart(t, err, 1, third.SecondRecordID)
		if len(gone) != 19 || slices.Contains(gone, third.SecondRecordID) {
			t.Errorf("gone are %q", gone)
		}
	})
}

// If a deletion's confirmation is lost and other deletions disturb its lookups, the
// deletion succeeds after the other deletions have ended.
func TestDeleteRelationBesideManyDeletions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{NoTotal: true})
		ref := enrolled("class-0", student(0))
		id := f.addRelation(ref).ID
		var others []sandbox.Relation
		for i := range 16 {
			others = append(others, f.addRelation(enrolled("class-0", student(1+i))))
		}
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Contains: id, Count: 1, Committed: true, Effect: sandbox.OKEmpty()})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Contains: "relations/class-0", Count: len(others), Effect: sandbox.Do(func() {
			other := others[0]
			others = others[1:]
			ok(t, f.DeleteRelation(background, enrolled(other.FirstRecordID, other.SecondRecordID), other.ID))
		})})
		ok(t, f.DeleteRelation(background, ref, id))
		if len(others) > 0 {
			t.Errorf("%d deletions were not carried out", len(others))
		}
	})
}

// A create of a relation that DeleteRecordRelations deletes waits for the deletion, although
// the lookup before the deletion takes longer than a create otherwise waits.
func TestDeleteRecordRelationsBesideACreate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.addRelation(enrolled(class(0), student(0)))
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Effect: sandbox.Stall(10 * time.Second)})
		deleted := inBackground(func() ([]string, error) {
			return f.DeleteRecordRelations(background, ofClass, students(0, 1), time.Time{})
		})
		time.Sleep(time.Second) // the lookup is under way
		made, err := f.CreateRecordRelations(background, ofClass, students(0, 1))
		ok(t, err)
		wantIDs(t, made, student(0))
		gone, err := deleted()
		ok(t, err)
		wantIDs(t, gone, student(0))
		if left := len(f.sb.Relations(school)); left != 1 {
			t.Errorf("%d relations are left, want 1", left)
		}
	})
}
