package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// shape is a set of relations, some of which are managed.
type shape struct {
	managed []store.RelationRef
	others  []store.RelationRef
	most    int // maximum number of requests for a plan of the managed relations
}

var shapes = map[string]func() shape{
	"a hub of 1,000, first":  func() shape { return shape{managed: hub(true, 0, 1000), most: 13} },
	"a hub of 1,000, second": func() shape { return shape{managed: hub(false, 0, 1000), most: 13} },
	"1,000 distinct": func() (s shape) {
		for i := range 1000 {
			s.managed = append(s.managed, enrolled(class(i), student(i)))
		}
		s.most = 1002
		return s
	},
	"10 of a hub of 1,000, first":  func() shape { return shape{hub(true, 0, 10), hub(true, 10, 1000), 13} },
	"10 of a hub of 1,000, second": func() shape { return shape{hub(false, 0, 10), hub(false, 10, 1000), 13} },
	"last 10 of the hub, first":    func() shape { return shape{hub(true, 990, 1000), hub(true, 0, 990), 13} },
	"last 10 of the hub, second":   func() shape { return shape{hub(false, 990, 1000), hub(false, 0, 990), 13} },
	"one of a hub of 1,000, first": func() shape { return shape{hub(true, 500, 501), append(hub(true, 0, 500), hub(true, 501, 1000)...), 4} },
	"one of a hub of 1,000, second": func() shape {
		return shape{hub(false, 500, 501), append(hub(false, 0, 500), hub(false, 501, 1000)...), 4}
	},
	"three of a hub of 1,000": func() shape { return shape{hub(true, 997, 1000), hub(true, 0, 997), 4 + 3} },
	"10 of a hub of 1,000, other records with 50 each": func() shape {
		s := shape{hub(true, 500, 510), append(hub(true, 0, 500), hub(true, 510, 1000)...), 13}
		for i := 500; i < 510; i++ {
			for j := 1; j < 50; j++ {
				s.others = append(s.others, enrolled(class(j), student(i)))
			}
		}
		return s
	},
}

// A plan costs at most one request per relation, plus three or four requests.
func TestRelationRequests(t *testing.T) {
	for name, shaped := range shapes {
		for _, quirks := range []sandbox.Quirks{{}, {NoTotal: true}} {
			t.Run(fmt.Sprintf("%s/no total %t", name, quirks.NoTotal), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f, s := newSchool(t, quirks), shaped()
					for _, ref := range append(s.others, s.managed...) {
						f.addRelation(ref)
					}
					for _, latency := range []time.Duration{time.Millisecond, 30 * time.Millisecond} {
						for seed := range uint64(3) {
							f.newProcess()
							f.sb.SetLatency(latency)
							noErrors(t, f.readShuffled(s.managed, seed))
							f.wantAtMost(s.most)
						}
					}
				})
			})
		}
	}
}

// 32 × 32 relations cost 32 pages and a few pages of the other records: 37 to 50 requests
// in twenty random orders of the reads.
func TestRelationRequestsComplete(t *testing.T) {
	for i, latency := range []time.Duration{0, 30 * time.Millisecond} {
		t.Run(latency.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				refs := complete(32)
				for _, ref := range refs {
					f.addRelation(ref)
				}
				f.sb.SetLatency(latency)
				for seed := range uint64(10) {
					f.newProcess()
					noErrors(t, f.readShuffled(refs, uint64(i)*10+seed))
					f.wantAtMost(54)
				}
			})
		})
	}
}

// 2,000 relations on 25 hubs, which are alternately the first and the second record, cost
// the hubs' pages. A few more requests find out which records are hubs: usually 26 to 32
// requests in all, rarely a few more.
func TestRelationRequestsHubsOnBothSides(t *testing.T) {
	for _, latency := range []time.Duration{0, 30 * time.Millisecond, 300 * time.Millisecond} {
		t.Run(latency.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				var refs []store.RelationRef
				for i := range 2000 {
					ref := enrolled(class(i%25), student(1000+i))
					if i%25%2 == 0 {
						ref = enrolled(class(1000+i), student(i%25))
					}
					refs = append(refs, ref)
					f.addRelation(ref)
				}
				f.sb.SetLatency(latency)
				for seed := range uint64(4) {
					f.newProcess()
					noErrors(t, f.readShuffled(refs, seed))
					f.wantAtMost(25 + 13)
				}
			})
		})
	}
}

// No read waits for another read's answer, unless both need the same page.
func TestRelationReadsWaitForNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		for i := range 3 {
			f.addRelation(enrolled(class(i), student(i)))
		}
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Effect: sandbox.Stall(10 * time.Second)})
		begun := time.Now()
		stalled := inBackground(func() (ghl.Relation, error) { return f.relation(enrolled(class(0), student(0))) })
		ok(t, f.readRelation(enrolled(class(1), student(1))))
		ok(t, f.readRelation(enrolled(class(2), student(2))))
		wantWaited(t, begun, 0)
		_, err := stalled()
		ok(t, err)
		wantWaited(t, begun, 10*time.Second)
	})
}

// Even reads that arrive one by one find out that a hub's pages are worth reading.
func TestRelationRequestsTrickling(t *testing.T) {
	for name, first := range map[string]bool{"first": true, "second": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				refs := hub(first, 0, 1000)
				for _, ref := range refs {
					f.addRelation(ref)
				}
				for _, apart := range []time.Duration{100 * time.Microsecond, time.Millisecond, 5 * time.Millisecond} {
					f.newProcess()
					f.sb.SetLatency(apart / 2)
					order := rand.New(rand.NewPCG(3, 4)).Perm(len(refs))
					noErrors(t, parallelErrors(len(refs), func(i int) error {
						time.Sleep(time.Duration(i%10) * apart)
						return f.readRelation(refs[order[i]])
					}))
					f.wantAtMost(13)
				}
			})
		})
	}
}

func TestRelationOrientation(t *testing.T) {
	for _, bare := range []bool{false, true} {
		t.Run(fmt.Sprintf("without object keys %t", bare), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{RelationsWithoutObjectKeys: bare})
				f.addRelation(enrolled(class(1), student(1)))
				f.addRelation(mentored(student(1), student(2)))

				row, err := f.relation(enrolled(student(1), class(1)))
				ok(t, err)
				if row.FirstRecordID != class(1) || row.SecondRecordID != student(1) {
					t.Errorf("got %+v, want the stored order", row)
				}
				ok(t, f.readRelation(mentored(student(1), student(2))))
				_, err = f.relation(mentored(student(2), student(1)))
				wantIs(t, err, store.ErrGone)
			})
		})
	}
}

// If rows lack the object keys and the association cannot be read, a row in reverse order
// counts as the relation. So a relation can be read without its association.
func TestRelationOrientationUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{RelationsWithoutObjectKeys: true})
		f.addRelation(enrolled(class(1), student(1)))
		for _, route := range []string{sandbox.RouteGetAssociation, sandbox.RouteListAssociations} {
			f.sb.AddFault(sandbox.Fault{Route: route, Effect: sandbox.StatusMessage(401, "The token is not authorized for this scope.")})
		}
		row, err := f.relation(enrolled(student(1), class(1)))
		ok(t, err)
		if row.FirstRecordID != class(1) {
			t.Errorf("got %+v", row)
		}
	})
}

// Two records that mentor each other have two relations, even if the listing shows them on
// different pages.
func TestRelationMirrored(t *testing.T) {
	for _, bare := range []bool{false, true} {
		t.Run(fmt.Sprintf("without object keys %t", bare), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{RelationsWithoutObjectKeys: bare, ReversedPairAllowed: true})
				var refs []store.RelationRef
				for i := 1; i <= 150; i++ {
					refs = append(refs, mentored(student(0), student(i)))
				}
				for i := 1; i <= 150; i++ {
					refs = append(refs, mentored(student(i), student(0)))
				}
				for _, ref := range refs {
					f.addRelation(ref)
				}
				noErrors(t, f.readShuffled(refs, 1))
			})
		})
	}
}

// A record can be linked with itself.
func TestRelationOfOneRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.addRelation(mentored(student(1), student(1)))
		ok(t, f.readRelation(mentored(student(1), student(1))))
		f.remove(mentored(student(1), student(1)))
		f.newProcess()
		_, err := f.relation(mentored(student(1), student(1)))
		wantIs(t, err, store.ErrGone)
	})
}

func TestRelationOwnWritesAreSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		ok(t, f.readRelation(seventh))
		made, err := f.CreateRelation(background, absent)
		ok(t, err)
		ok(t, f.readRelation(absent))
		ok(t, f.DeleteRelation(background, absent, made.ID))
		_, err = f.relation(absent)
		wantIs(t, err, store.ErrGone)
		ok(t, f.DeleteAssociation(background, school, enrol, "key of "+enrol))
		_, err = f.relation(seventh)
		wantIs(t, err, store.ErrGone)
	})
}

// A read that begins after a write does not use a page that was requested before the write.
func TestRelationWalkDuringWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		_, err := f.association(enrol) // other calls of a process wait for its first call
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Committed: true, Effect: sandbox.Stall(10 * time.Second)})
		early := inBackground(func() (ghl.Relation, error) { return f.relation(seventh) })
		begun := time.Now()
		made, err := f.CreateRelation(background, absent)
		ok(t, err)
		ok(t, f.readRelation(absent))
		ok(t, f.DeleteRelation(background, absent, made.ID))
		_, err = f.relation(absent)
		wantIs(t, err, store.ErrGone)
		wantWaited(t, begun, 0)
		_, err = early()
		ok(t, err)
		_, err = f.relation(absent)
		wantIs(t, err, store.ErrGone)
	})
}

// A failed list call is retried for all waiting reads together, not for each of them. If it
// keeps failing, every read gets the error, which is not cached.
func TestRelationSharedFailure(t *testing.T) {
	t.Parallel()
	read := func(f *fixture) []error {
		return parallelErrors(10, func(i int) error { return f.readRelation(enrolled(class(0), student(i))) })
	}
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Effect: sandbox.Status(503)})
		noErrors(t, read(f))
		f.wantCount("", 2)

		f.newProcess()
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Effect: sandbox.Status(503)})
		for _, err := range read(f) {
			wantKind(t, err, ghl.Unavailable)
		}
		f.wantCount("", 3+10) // one call and its two retries; then each read requests the listing of its other record once
		f.sb.ClearFaults()
		noErrors(t, read(f))
	})
}

func TestRelationsListed(t *testing.T) {
	quirks := map[string]sandbox.Quirks{"total": {}, "no total": {NoTotal: true}}
	for name, q := range quirks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newHub(t, q)
				f.sb.AddAssociation(sandbox.Association{LocationID: school, ID: "teach", Key: "teach", FirstObjectKey: "contact", SecondObjectKey: "custom_objects.class"})
				f.sb.AddRelation(sandbox.Relation{LocationID: school, AssociationID: "teach", FirstRecordID: "contact-1", SecondRecordID: class(0)})
				rows, err := f.Relations(background, school, class(0), nil)
				ok(t, err)
				if len(rows) != 151 {
					t.Errorf("%d rows, want 151", len(rows))
				}
				rows, err = f.Relations(background, school, class(0), []string{"teach"})
				ok(t, err)
				if len(rows) != 1 || rows[0].FirstRecordID != "contact-1" {
					t.Errorf("got %+v", rows)
				}
				if q.NoTotal {
					f.wantCount("", 3)
				} else {
					f.wantCount("", 2)
				}
				rows, err = f.Relations(background, school, "contact-99", nil)
				ok(t, err)
				if len(rows) != 0 {
					t.Errorf("got %+v", rows)
				}
			})
		})
	}
}

// If a list needs only a few rows and the first page is already under way, later pages have
// the full size.
func TestRelationsListedFromAPageUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Effect: sandbox.Stall(10 * time.Second)})
		read := inBackground(func() (ghl.Relation, error) { return f.relation(seventh) })
		for _, err := range f.EachRelation(background, school, class(0), 1) {
			ok(t, err)
		}
		_, err := read()
		ok(t, err)
		f.wantCount("", 2)
	})
}
