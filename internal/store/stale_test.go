package store_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// If a listing does not add up for one reader, another reader that continues the listing
// also gets an error, not only a part of the rows.
func TestListingBrokenByAnotherReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(246)
		rows, failed := 0, false
		for _, err := range f.EachAssociation(background, school, 100) {
			if rows++; err != nil {
				rows, failed = rows-1, true
			}
			if rows == 50 {
				f.sb.AddFault(sandbox.Fault{Count: 1, Effect: sandbox.ShrinkPage(100)})
				_, err := f.Associations(background, school)
				if err == nil {
					t.Error("the other reader got no error")
				}
			}
		}
		if !failed {
			t.Errorf("%d of 250 rows, and no error; %s", rows, f.log())
		}
		if all, err := f.Associations(background, school); err != nil || len(all) != 250 {
			t.Errorf("the next listing has %d rows, %v", len(all), err)
		}
	})
}

// A listing that did not add up does not prove that a key is free.
func TestHolderAfterAListingBroke(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(246)
		f.wantHeld("free_key", "")
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, After: 1, Count: 1, Effect: sandbox.ShrinkPage(100)})
		if _, err := f.Associations(background, school); err == nil {
			t.Error("the listing did not break")
		}
		f.wantHeld("key_240", "kind-240")
	})
}

// A create does not adopt an object that this process has deleted but the server still
// shows.
func TestCreateAdoptsNothingThatWasDeleted(t *testing.T) {
	t.Parallel()
	t.Run("relation", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			f := newSchool(t, sandbox.Quirks{})
			ref := enrolled(class(0), student(0))
			old := f.addRelation(ref)
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Count: 1, Effect: sandbox.Answer(200, `{"deleted":true,"id":"`+old.ID+`"}`)})
			ok(t, f.DeleteRelation(background, ref, old.ID))
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Effect: sandbox.Status(502)})
			if row, err := f.CreateRelation(background, ref); err == nil {
				t.Errorf("the create adopted %s", row.ID)
			}
		})
	})
	t.Run("association", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, sandbox.Quirks{})
			f.addAssociations(1)
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteAssociation, Count: 1, Effect: sandbox.Answer(200, `{"deleted":true,"id":"kind-0"}`)})
			ok(t, f.DeleteAssociation(background, school, "kind-0", "key_0"))
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Effect: sandbox.Status(502)})
			want := wire(kind(0))
			want.ID = ""
			if row, err := f.CreateAssociation(background, want); err == nil {
				t.Errorf("the create adopted %s", row.ID)
			}
		})
	})
}

// The deletion of an association disturbs the listings of records that contain its
// relations.
func TestRelationsBesideADeletedAssociation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{NoTotal: true})
		f.addAssociations(1)
		for i := range 50 {
			f.addRelation(store.RelationRef{LocationID: school, AssociationID: "kind-0", FirstRecordID: class(0), SecondRecordID: student(i)})
		}
		for i := range 150 {
			f.addRelation(enrolled(class(0), student(i)))
		}
		for _, err := range f.EachRelation(background, school, class(0), 100) {
			ok(t, err)
			break
		}
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteAssociation, Count: 1, Committed: true, Effect: sandbox.NotFound()})
		deleted := inBackground(func() (int, error) { return 0, f.DeleteAssociation(background, school, "kind-0", "key_0") })
		time.Sleep(time.Second) // the proof that the association is gone is under way
		rows, err := f.Relations(background, school, class(0), []string{enrol})
		if err != nil || len(rows) != 150 {
			t.Errorf("%d relations, %v, want 150", len(rows), err)
		}
		_, err = deleted()
		ok(t, err)
	})
}

// A slow deletion disturbs the lookups of another deletion. The other deletion waits for
// the slow one, instead of repeating its lookups until it gives up.
func TestDeleteRelationBesideASlowDeletion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{NoTotal: true})
		f.addAssociations(1)
		ref := store.RelationRef{LocationID: school, AssociationID: "kind-0", FirstRecordID: class(0), SecondRecordID: student(0)}
		f.addRelation(enrolled(class(0), student(1)))
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteAssociation, Count: 1, Effect: sandbox.SlowBody(50 * time.Second)})
		deleted := inBackground(func() (int, error) { return 0, f.DeleteAssociation(background, school, "kind-0", "key_0") })
		time.Sleep(time.Second) // the deletion is under way
		ok(t, f.DeleteRelation(background, ref, "relation-gone"))
		f.wantCount(sandbox.RouteListRelations, 6) // three lookups of two pages
		_, err := deleted()
		ok(t, err)
	})
}

// One "not found" for a record counts as one answer, however many reads have waited for it.
func TestRecordDeniedOnce(t *testing.T) {
	t.Parallel()
	for range 30 {
		synctest.Test(t, func(t *testing.T) {
			f := newSchool(t, sandbox.Quirks{})
			for i := range 10 {
				f.addRelation(enrolled(class(0), student(i)))
			}
			f.sb.SetLatency(30 * time.Millisecond)
			f.sb.AddFault(sandbox.Fault{Contains: "relations/class-0", After: 2, Count: 1, Effect: sandbox.NotFound()}) // the first request of the second listing fails
			parallel(10, func(i int) { _, _ = f.relation(enrolled(class(0), student(100+i))) })
			hub := 0
			for _, r := range f.sb.Requests() {
				if r.Path == "/associations/relations/class-0" {
					hub++
				}
			}
			if hub != 2+1+2 { // a listing, the "not found", and the second listing
				t.Errorf("%d requests for the hub, want 5", hub)
			}
		})
	}
}
