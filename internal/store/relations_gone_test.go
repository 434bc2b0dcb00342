package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// Two listings of the hub, each read to the empty page at its end, prove that a relation is
// absent.
func TestRelationGone(t *testing.T) {
	quirks := map[string]sandbox.Quirks{"total": {}, "no total": {NoTotal: true}, "bare lists": {BareLists: true}}
	for name, q := range quirks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newHub(t, q)
				f.remove(seventh)
				begun := time.Now()
				_, err := f.relation(seventh)
				wantIs(t, err, store.ErrGone)
				if waited := time.Since(begun); waited > 100*time.Millisecond {
					t.Errorf("it took %s", waited)
				}
				ends := 0
				for _, r := range f.sb.Requests() {
					if r.Path == "/associations/relations/class-0" && r.RawQuery == "limit=100&locationId="+school+"&skip=149" {
						ends++
					}
				}
				if ends != 2 {
					t.Errorf("%d listings were read to the empty page, want 2: %s", ends, f.log())
				}
				f.wantAtMost(8)
			})
		})
	}
}

// Many missing relations of one hub share its two listings. Each of the relations also
// costs two listings of its other record.
func TestRelationManyGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		for i := range 50 {
			f.remove(enrolled(class(0), student(i)))
		}
		for i, err := range parallelErrors(150, func(i int) error { return f.readRelation(enrolled(class(0), student(i))) }) {
			if gone := errors.Is(err, store.ErrGone); gone != (i < 50) || !gone && err != nil {
				t.Errorf("student %d: %v", i, err)
			}
		}
		f.wantAtMost(4 + 2*50)
	})
}

// A row that the first listing lacks is found by the second.
func TestRelationMissingFromOneWalk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{NoTotal: true})
		f.sb.AddFault(sandbox.Fault{Contains: student(7), Effect: sandbox.ShrinkPage(100)})
		f.sb.AddFault(sandbox.Fault{Contains: class(0), Count: 1, Effect: sandbox.SkipRows(10)})
		ok(t, f.readRelation(seventh))
	})
}

// If relations vanish between the two listings, the result is an error other than ErrGone.
func TestRelationListingShrinksBetweenWalks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{After: 3, Count: 1, Effect: sandbox.Do(func() { f.remove(seventh) })})
		_, err := f.relation(absent)
		wantIs(t, err, ghl.ErrIncomplete)
		_, err = f.relation(absent)
		wantIs(t, err, store.ErrGone)
	})
}

func TestRelationLyingTotalProvesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.remove(seventh)
		f.sb.AddFault(sandbox.Fault{Effect: sandbox.LyingTotal(1)})
		_, err := f.relation(seventh)
		wantIs(t, err, ghl.ErrIncomplete)
		f.sb.ClearFaults()
		_, err = f.relation(seventh)
		wantIs(t, err, store.ErrGone)
	})
}

// If a listing fails, the relation is not proved to be gone, and the error is not cached.
func TestRelationRefusalIsNotGone(t *testing.T) {
	for name, c := range refusals {
		for after := range 6 { // proving an absence takes six list calls
			t.Run(fmt.Sprintf("%s in answer to call %d", name, after+1), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newHub(t, sandbox.Quirks{})
					f.remove(seventh)
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, After: after, Effect: c.effect})
					_, err := f.relation(seventh)
					wantKind(t, err, c.kind)
					f.recover()
					_, err = f.relation(seventh)
					wantIs(t, err, store.ErrGone)
					ok(t, f.readRelation(enrolled(class(0), student(8))))
				})
			})
		}
	}
}

// The listing of a deleted record proves nothing, whatever the answer. The listing of the
// other record shows whether the relation exists.
func TestRelationOfDeletedRecord(t *testing.T) {
	for _, listing := range []string{sandbox.DeletedListingEmpty, sandbox.DeletedListing404, sandbox.DeletedListing400} {
		for _, left := range []string{sandbox.DeletedRelationsLeft, sandbox.DeletedRelationsGone} {
			quirks := sandbox.Quirks{DeletedRecordListing: listing, DeletedRecordRelations: left}
			for _, deleted := range [][]string{{class(0)}, {student(7)}, {class(0), student(7)}} {
				t.Run(fmt.Sprintf("%s/%s/%v", listing, left, deleted), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						f := newHub(t, quirks)
						for _, id := range deleted {
							f.sb.DeleteRecord(school, id)
						}
						err := f.readRelation(seventh)
						if left == sandbox.DeletedRelationsLeft && len(deleted) == 1 {
							ok(t, err)
						} else {
							wantIs(t, err, store.ErrGone)
						}
					})
				})
			}
		}
	}
}

// A record counts as missing only if two answers say so.
func TestRelationRecordNotFoundOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{NoTotal: true})
		f.addRelation(enrolled(class(1), student(1)))
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Contains: class(1), Count: 1, Effect: sandbox.NotFound()})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Contains: student(1), Effect: sandbox.ShrinkPage(1000)})
		ok(t, f.readRelation(enrolled(class(1), student(1))))
	})
}

// If both records are "not found", the relation is gone only if the token is known to serve
// the sub-account.
func TestRelationBothRecordsNotFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{DeletedRecordListing: sandbox.DeletedListing404})
		f.sb.DeleteRecord(school, class(0))
		f.sb.DeleteRecord(school, student(7))
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Effect: sandbox.Status(403)})
		_, err := f.relation(seventh)
		wantKind(t, err, ghl.Forbidden)
		f.sb.ClearFaults()
		_, err = f.relation(seventh)
		wantIs(t, err, store.ErrGone)
	})
}

func TestRelationOfAnotherSubAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.useToken(otherToken)
		_, err := f.relation(seventh)
		wantKind(t, err, ghl.Forbidden)
	})
}

// 1,000 relations of a deleted hub cost one page of each other record, and a few more
// requests.
func TestRelationsOfDeletedHub(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{DeletedRecordListing: sandbox.DeletedListing404})
		for _, ref := range hub(true, 0, 1000) {
			f.addRelation(ref)
		}
		f.sb.DeleteRecord(school, class(0))
		noErrors(t, f.readShuffled(hub(true, 0, 1000), 1))
		f.wantAtMost(1004)
	})
}

func TestRelationYoung(t *testing.T) {
	cases := map[string]struct {
		lag       time.Duration
		age       time.Duration // the relation's age when it is read
		recorded  time.Duration // the error of the recorded creation time
		forgotten bool          // no creation time was recorded
		want      error
		waits     time.Duration
	}{
		"listed at once":              {lag: 0, waits: 0},
		"listed after a second":       {lag: time.Second, waits: time.Second},
		"listed after 20 s":           {lag: 20 * time.Second, waits: 23 * time.Second}, // lookups after 1, 3, 7, 15, 23 and 30 s
		"listed at last":              {lag: 30 * time.Second, waits: 30 * time.Second},
		"never listed":                {lag: time.Hour, want: store.ErrGone, waits: 30 * time.Second},
		"read after 25 s":             {lag: time.Hour, age: 25 * time.Second, want: store.ErrGone, waits: 5 * time.Second},
		"read after 30 s":             {lag: time.Hour, age: 30 * time.Second, want: store.ErrGone},
		"creation time in the future": {lag: time.Hour, recorded: 24 * time.Hour, want: store.ErrGone, waits: 30 * time.Second},
		"no creation time":            {lag: time.Hour, forgotten: true, want: store.ErrGone},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newHub(t, sandbox.Quirks{})
				time.Sleep(2 * time.Hour) // the relations of the hub are listed by now
				f.sb.SetQuirks(func(q *sandbox.Quirks) { q.ListingLag = c.lag })
				f.addRelation(absent)
				createdAt := time.Now().Add(c.recorded)
				if c.forgotten {
					createdAt = time.Time{}
				}
				time.Sleep(c.age)
				begun := time.Now()
				row, err := f.Relation(background, absent, createdAt)
				wantIs(t, err, c.want)
				if err == nil && row.SecondRecordID != student(500) {
					t.Errorf("got %+v", row)
				}
				wantWaited(t, begun, c.waits)
				f.wantAtMost(45) // three pages for each of seven lookups, a request for the association, and more pages for the proof
			})
		})
	}
}

// Ten young relations of one hub wait together, not one after another.
func TestRelationsYoungTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		time.Sleep(2 * time.Hour)
		f.sb.SetQuirks(func(q *sandbox.Quirks) { q.ListingLag = 5 * time.Second })
		for i := range 10 {
			f.addRelation(enrolled(class(0), student(500+i)))
		}
		begun := time.Now()
		noErrors(t, parallelErrors(10, func(i int) error {
			_, err := f.Relation(background, enrolled(class(0), student(500+i)), begun)
			return err
		}))
		wantWaited(t, begun, 7*time.Second)
		f.wantAtMost(60)
	})
}

func TestRelationYoungWithoutAssociation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.RemoveAssociation(school, enrol)
		begun := time.Now()
		_, err := f.Relation(background, seventh, begun)
		wantIs(t, err, store.ErrGone)
		wantWaited(t, begun, 2*time.Second) // the pause before the association is read again
	})
}

func TestRelationYoungCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		ctx, cancel := context.WithTimeout(background, 10*time.Second)
		defer cancel()
		begun := time.Now()
		_, err := f.Relation(ctx, absent, begun)
		wantIs(t, err, context.DeadlineExceeded)
		wantWaited(t, begun, 10*time.Second)
	})
}

// A row that cannot be read affects only reads that must prove an absence.
func TestRelationMalformedRow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Contains: class(0), Effect: sandbox.MalformedItem()})
		noErrors(t, parallelErrors(150, func(i int) error { return f.readRelation(enrolled(class(0), student(i))) }))
		_, err := f.relation(absent)
		wantIs(t, err, ghl.ErrIncomplete)
		_, err = f.Relations(background, school, class(0), nil)
		wantIs(t, err, ghl.ErrIncomplete)

		f.addRelation(enrolled(class(1), student(500)))
		f.addRelation(enrolled(class(1), student(501)))
		f.sb.AddFault(sandbox.Fault{Contains: class(1), Effect: sandbox.MalformedItem()})
		_, err = f.Relations(background, school, class(1), nil)
		wantIs(t, err, ghl.ErrIncomplete)

		f.newProcess()
		_, err = f.relation(absent) // student-500 exists and lists its relations, but the unreadable row of its hub may be this relation
		wantIs(t, err, ghl.ErrIncomplete)
	})
}

// However wrong the pages are, a read never reports an existing relation as gone, and never
// returns another one.
func TestRelationsFromOddPages(t *testing.T) {
	for name, fault := range oddPages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				for _, ref := range hub(true, 0, 400) {
					f.addRelation(ref)
				}
				f.sb.AddFault(fault)
				failed := 0
				for _, err := range f.readShuffled(hub(true, 0, 400), 1) {
					if err != nil {
						wantIs(t, err, ghl.ErrIncomplete)
						failed++
					}
				}
				t.Logf("%d of 400 reads failed", failed)
				if _, err := f.relation(absent); !errors.Is(err, store.ErrGone) && !errors.Is(err, ghl.ErrIncomplete) {
					t.Errorf("error %v for a relation that does not exist", err)
				}
				rows, err := f.Relations(background, school, class(0), nil)
				if err == nil && len(rows) != 400 {
					t.Errorf("listed %d rows without an error", len(rows))
				} else if err != nil {
					wantIs(t, err, ghl.ErrIncomplete)
				}
				f.sb.ClearFaults()
				noErrors(t, f.readShuffled(hub(true, 0, 400), 2))
			})
		})
	}
}

// If the total of an earlier list was larger than the number of rows now, a missing
// relation is not proved to be gone.
func TestRelationMissingFromFewerThanWereListed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		for i := range 100 { // a full page, so that a list requests a second one
			f.addRelation(enrolled(class(0), student(i)))
		}
		_, err := f.Relations(background, school, class(0), nil)
		ok(t, err)
		f.remove(seventh)
		_, err = f.relation(absent)
		wantIs(t, err, ghl.ErrIncomplete)
	})
}

// If another relation appears between the two listings that prove an absence, the proof
// still holds.
func TestRelationGoneWhileTheListingGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for page := 1; page < 5; page++ {
			f := newSchool(t, sandbox.Quirks{ListingLag: 2 * time.Second})
			f.addRelation(enrolled(class(0), student(1)))
			time.Sleep(time.Minute)
			f.addRelation(enrolled(class(0), student(2))) // not listed yet
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, After: page, Count: 1, Effect: sandbox.Stall(3 * time.Second)})
			_, err := f.relation(enrolled(class(0), student(3)))
			wantIs(t, err, store.ErrGone)
		}
	})
}
