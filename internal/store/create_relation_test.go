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

// onlyRelation returns the only stored relation.
func (f *fixture) onlyRelation() sandbox.Relation {
	f.t.Helper()
	rows := f.sb.Relations(school)
	if len(rows) != 1 {
		f.t.Fatalf("%d relations are stored, want 1: %+v", len(rows), rows)
	}
	return rows[0]
}

// relate creates the relation of class-1 and student-1.
func (f *fixture) relate(ctx context.Context) (ghl.Relation, error) {
	return f.CreateRelation(ctx, enrolled(class(1), student(1)))
}

const post = sandbox.RouteCreateRelation

func TestCreateRelation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		row, err := f.relate(background)
		ok(t, err)
		want := ghl.Relation{
			ID: f.onlyRelation().ID, LocationID: school, AssociationID: enrol,
			FirstObjectKey: "custom_objects.class", FirstRecordID: "class-1", SecondObjectKey: "custom_objects.student", SecondRecordID: "student-1",
		}
		if row != want {
			t.Errorf("got %+v, want %+v", row, want)
		}
		f.wantCount("", 1)
	})
}

// However the answer is lost, one relation is stored and returned. The POST is sent again
// only if it was not carried out, and only after 30 s of lookups.
func TestCreateRelationLostAnswer(t *testing.T) {
	quirks := map[string]sandbox.Quirks{
		"":               {},
		"/no keys":       {RelationsWithoutObjectKeys: true},
		"/no total":      {NoTotal: true},
		"/lag of 20 s":   {ListingLag: 20 * time.Second},
		"/missing = 400": {MissingRelationIs400: true},
	}
	check := func(name string, q sandbox.Quirks, fault sandbox.Fault, posts int) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, q)
				fault.Route, fault.Count = post, 1
				f.sb.AddFault(fault)
				row, err := f.relate(background)
				ok(t, err)
				if row.ID != f.onlyRelation().ID {
					t.Errorf("got %+v, stored is %+v", row, f.onlyRelation())
				}
				f.wantCount(post, posts)
				if posts == 2 {
					f.wantApart(post, 30*time.Second)
				}
			})
		})
	}
	for quirk, q := range quirks {
		for name, effect := range lostAnswers {
			check(name+" before commit"+quirk, q, sandbox.Fault{Effect: effect}, 2)
			check(name+" after commit"+quirk, q, sandbox.Fault{Effect: effect, Committed: true}, 1)
		}
		for name, effect := range cutAnswers {
			check(name+quirk, q, sandbox.Fault{Effect: effect}, 1)
		}
	}
}

// wantApart fails the test unless at least the given time passes between the first two
// requests of a route.
func (f *fixture) wantApart(route string, apart time.Duration) {
	f.t.Helper()
	var times []time.Time
	for _, r := range f.sb.Requests() {
		if r.Route == route {
			times = append(times, r.Time)
		}
	}
	if len(times) < 2 || times[1].Sub(times[0]) < apart {
		f.t.Errorf("%s was sent at %v, want the second %s later", route, times, apart)
	}
}

// After a lost answer, the relation is also found or created if the records are configured
// in the reverse of the stored order.
func TestCreateRelationLostAnswerSwapped(t *testing.T) {
	for _, committed := range []bool{false, true} {
		for first := range 2 { // the answer to the first POST is lost, or the answer to the swapped one
			t.Run(fmt.Sprintf("committed %t, post %d", committed, first+1), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newSchool(t, sandbox.Quirks{ListingLag: 20 * time.Second})
					f.sb.AddFault(sandbox.Fault{Route: post, After: first, Count: 1, Effect: sandbox.Status(500), Committed: committed})
					row, err := f.CreateRelation(background, enrolled(student(1), class(1)))
					ok(t, err)
					if row.ID != f.onlyRelation().ID || row.FirstRecordID != class(1) {
						t.Errorf("got %+v", row)
					}
				})
			})
		}
	}
}

// Concurrent creates find out the order of an association's records only once.
func TestCreateRelationOrderLearned(t *testing.T) {
	for _, latency := range []time.Duration{0, 30 * time.Millisecond} {
		t.Run(latency.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				f.sb.SetLatency(latency)
				noErrors(t, parallelErrors(50, func(i int) error {
					_, err := f.CreateRelation(background, enrolled(student(i), class(i)))
					return err
				}))
				f.wantCount(post, 51)
				f.wantCount(sandbox.RouteGetAssociation, 1)
				f.wantCount("", 52)
			})
		})
	}
}

// After the order is known, creates no longer take turns.
func TestCreateRelationSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.sb.SetLatency(time.Second)
		begun := time.Now()
		noErrors(t, parallelErrors(41, func(i int) error {
			_, err := f.CreateRelation(background, enrolled(class(i), student(i)))
			return err
		}))
		if waited := time.Since(begun); waited > 6*time.Second { // one create, then 40 creates, ten at a time
			t.Errorf("41 creates of a second each took %s", waited)
		}
	})
}

// If a create is cancelled while it waits for its turn, it ends at once and sends no POST.
func TestCreateRelationTurnCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.sb.SetLatency(10 * time.Second)
		first := inBackground(func() (ghl.Relation, error) { return f.relate(background) })
		ctx, cancel := context.WithCancel(background)
		second := inBackground(func() (ghl.Relation, error) { return f.CreateRelation(ctx, enrolled(class(2), student(2))) })
		begun := time.Now()
		cancel()
		_, err := second()
		wantIs(t, err, context.Canceled)
		wantWaited(t, begun, 0)
		_, err = first()
		ok(t, err)
		f.wantCount(post, 1)
	})
}

func TestCreateRelationInvalidRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		_, err := f.CreateRelation(background, enrolled("contact-1", student(1)))
		wantKind(t, err, ghl.InvalidRecord)
		f.wantCount(post, 2)
		var failure *ghl.Error
		if !errors.As(err, &failure) || failure.Message != "Invalid record id : 'contact-1' for association : enrol" {
			t.Errorf("error %v, want the first answer", err)
		}
		// Later creates are not affected.
		_, err = f.CreateRelation(background, enrolled(student(1), class(1)))
		ok(t, err)
	})
}

// If an association links an object with itself, the order defines the roles, so the sides
// are never swapped.
func TestCreateRelationOneObjectNeverSwapped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		_, err := f.CreateRelation(background, mentored("contact-1", student(1)))
		wantKind(t, err, ghl.InvalidRecord)
		f.wantCount(post, 1)
		row, err := f.CreateRelation(background, mentored(student(2), student(1)))
		ok(t, err)
		if row.FirstRecordID != student(2) {
			t.Errorf("got %+v", row)
		}
	})
}

// If an association cannot be read, its order is not guessed.
func TestCreateRelationOrderUnreadable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Effect: sandbox.Status(403)})
		_, err := f.CreateRelation(background, enrolled(student(1), class(1)))
		wantKind(t, err, ghl.InvalidRecord)
		f.wantCount(post, 1)
	})
}

func TestCreateRelationExists(t *testing.T) {
	refs := map[string]store.RelationRef{"as stored": enrolled(class(1), student(1)), "in reverse order": enrolled(student(1), class(1))}
	for name, ref := range refs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				there := f.addRelation(enrolled(class(1), student(1)))
				_, err := f.CreateRelation(background, ref)
				wantExists(t, err, there.ID)
				wantKind(t, err, ghl.Duplicate)
			})
		})
	}
}

// The existing relation may not be listed yet.
func TestCreateRelationExistsUnlisted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{ListingLag: 20 * time.Second})
		there := f.addRelation(mentored(student(1), student(2)))
		_, err := f.CreateRelation(background, mentored(student(1), student(2)))
		wantExists(t, err, there.ID)
		_, err = f.CreateRelation(background, mentored(student(2), student(1)))
		wantExists(t, err, there.ID)
	})
}

// The server may refuse a mirrored pair of one object's records as a duplicate. The error
// then contains the existing row, marked as turned.
func TestCreateRelationMirrored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		there := f.addRelation(mentored(student(1), student(2)))
		_, err := f.CreateRelation(background, mentored(student(2), student(1)))
		wantExists(t, err, there.ID)
		if exists, ok := errors.AsType[*store.ExistsError](err); !ok || !exists.Turned {
			t.Errorf("%#v does not say that the relation is the other way round", err)
		}

		f.sb.SetQuirks(func(q *sandbox.Quirks) { q.ReversedPairAllowed = true })
		row, err := f.CreateRelation(background, mentored(student(2), student(1)))
		ok(t, err)
		if row.FirstRecordID != student(2) {
			t.Errorf("got %+v", row)
		}
	})
}

// Two relations of the same two records in opposite orders can be created concurrently.
func TestCreateRelationMirroredTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{ReversedPairAllowed: true})
		f.sb.SetLatency(time.Second)
		refs := []store.RelationRef{mentored(student(1), student(2)), mentored(student(2), student(1))}
		noErrors(t, parallelErrors(2, func(i int) error {
			row, err := f.CreateRelation(background, refs[i])
			if err == nil && row.FirstRecordID != refs[i].FirstRecordID {
				err = fmt.Errorf("got %+v", row)
			}
			return err
		}))
	})
}

// Of two creates of the same relation, one succeeds. The other fails because the relation
// already exists.
func TestCreateRelationSamePairTogether(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"healthy":      {Effect: sandbox.SlowBody(time.Second)},
		"lost answers": {Effect: sandbox.Reset(), Committed: true},
		"lost before":  {Effect: sandbox.Reset(), Count: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				fault.Route = post
				f.sb.AddFault(fault)
				refs := []store.RelationRef{enrolled(class(1), student(1)), enrolled(student(1), class(1))}
				made := 0
				for _, err := range parallelErrors(2, func(i int) error {
					_, err := f.CreateRelation(background, refs[i])
					return err
				}) {
					if err == nil {
						made++
					} else {
						wantExists(t, err, f.onlyRelation().ID)
					}
				}
				if made != 1 {
					t.Errorf("%d creates succeeded, want 1", made)
				}
			})
		})
	}
}

// While the outcome of a create is looked up, a data source may list the relation that the
// create made. The create still adopts the relation.
func TestCreateRelationLostAnswerSeenMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Count: 1, Committed: true, Effect: sandbox.Reset()})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Effect: sandbox.Stall(time.Second)})
		created := inBackground(func() (ghl.Relation, error) { return f.CreateRelation(background, enrolled(class(1), student(1))) })
		listed, err := f.Relations(background, school, student(1), nil)
		ok(t, err)
		if len(listed) != 1 {
			t.Errorf("%d relations are listed, want 1", len(listed))
		}
		row, err := created()
		ok(t, err)
		if stored := f.onlyRelation(); row.ID != stored.ID {
			t.Errorf("got %+v, stored is %+v", row, stored)
		}
	})
}

// A relation that this process saw before the POST is not the POST's result, even if the
// listing that showed the relation is no longer cached.
func TestCreateRelationLostAnswerSeenBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		there := f.addRelation(enrolled(class(1), student(1)))
		ok(t, f.readRelation(enrolled(class(1), student(1))))
		_, err := f.CreateRelation(background, enrolled(class(1), student(2)))
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: post, Count: 1, Effect: sandbox.Reset()})
		_, err = f.relate(background)
		wantExists(t, err, there.ID)
	})
}

// If a POST is sent again and refused as a duplicate, the first POST was carried out late.
func TestCreateRelationResentDuplicate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{ListingLag: 20 * time.Second})
		f.sb.AddFault(sandbox.Fault{Route: post, Count: 1, Effect: sandbox.Reset()})
		f.sb.AddFault(sandbox.Fault{Route: post, Count: 1, Effect: sandbox.Do(func() { f.addRelation(enrolled(class(1), student(1))) })})
		row, err := f.relate(background)
		ok(t, err)
		if row.ID != f.onlyRelation().ID {
			t.Errorf("got %+v", row)
		}
		f.wantCount(post, 2)
	})
}

// If one record lists nothing, that does not prove the relation absent: the record may have
// been deleted.
func TestCreateRelationLostAnswerOneEndEmpty(t *testing.T) {
	for i, silent := range []string{class(1), student(1)} {
		t.Run(silent, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{NoTotal: true})
				f.addRelation(enrolled(class(1-i), student(i))) // the other record has another relation
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Contains: silent, Effect: sandbox.ShrinkPage(100)})
				f.sb.AddFault(sandbox.Fault{Route: post, Count: 1, Effect: sandbox.Reset(), Committed: true})
				row, err := f.relate(background)
				ok(t, err)
				if stored := f.sb.Relations(school); len(stored) != 2 || row.ID != stored[1].ID {
					t.Errorf("got %+v, stored are %+v", row, stored)
				}
				f.wantCount(post, 1)
			})
		})
	}
}

// Even on a huge hub, a lost answer is settled with few requests.
func TestCreateRelationLostAnswerOnHugeHub(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		for _, ref := range hub(true, 0, 10000) {
			f.addRelation(ref)
		}
		f.addRelation(enrolled(class(1), student(10000)))
		time.Sleep(time.Minute)
		f.sb.SetQuirks(func(q *sandbox.Quirks) { q.ListingLag = 20 * time.Second })
		for _, id := range []string{student(10000), student(10001)} { // the second student has no relation yet
			f.newProcess()
			f.sb.AddFault(sandbox.Fault{Route: post, Count: 1, Effect: sandbox.Status(500), Committed: true})
			_, err := f.CreateRelation(background, enrolled(class(0), id))
			ok(t, err)
			f.wantCount(post, 1)
			f.wantAtMost(1 + 6*5)
		}
	})
}

// Creates cost one request each: nothing has to be looked up first.
func TestCreateRelationRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		noErrors(t, parallelErrors(290, func(i int) error {
			_, err := f.CreateRelation(background, enrolled(class(0), student(i)))
			return err
		}))
		f.wantCount("", 290)
	})
}

// A process can delete the relation of a pair and create it again.
func TestCreateRelationAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		for range 3 {
			row, err := f.relate(background)
			ok(t, err)
			ok(t, f.readRelation(enrolled(class(1), student(1))))
			ok(t, f.DeleteRelation(background, enrolled(class(1), student(1)), row.ID))
		}
	})
}

func TestCreateRelationStorm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: post, Count: 20, Effect: sandbox.TooManyRequests(false, 0)})
		_, err := f.relate(background)
		ok(t, err)
		f.onlyRelation()
		f.wantCount("", 21)
	})
}

// After an interrupt, the POST runs to its end, and the caller gets its result.
func TestCreateRelationInterrupted(t *testing.T) {
	slow := sandbox.Stall(5 * time.Second)
	lost := sandbox.Fault{Route: post, Effect: sandbox.Reset(), Committed: true}
	cases := map[string]struct {
		quirks sandbox.Quirks
		faults []sandbox.Fault
		posts  int
		fails  bool
	}{
		"while the POST is sent":                {faults: []sandbox.Fault{{Route: post, Effect: slow}}, posts: 1},
		"while the answer is on its way":        {faults: []sandbox.Fault{{Route: post, Effect: slow, Committed: true}}, posts: 1},
		"before the answer is lost":             {faults: []sandbox.Fault{{Route: post, Effect: sandbox.Stall(2 * time.Minute), Committed: true}}, posts: 1},
		"during a POST that is not carried out": {faults: []sandbox.Fault{{Route: post, Effect: sandbox.Stall(2 * time.Minute)}}, posts: 1, fails: true},
		"while the relation is looked up":       {faults: []sandbox.Fault{lost, {Route: sandbox.RouteListRelations, Effect: slow}}, posts: 1},
		"while the relation is not yet listed":  {quirks: sandbox.Quirks{ListingLag: 20 * time.Second}, faults: []sandbox.Fault{lost}, posts: 1},
		"while it waits to send the POST again": {faults: []sandbox.Fault{{Route: post, Effect: sandbox.Reset()}}, posts: 1, fails: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, c.quirks)
				row, err := interrupted(f, c.faults, f.relate)
				f.wantCount(post, c.posts)
				if c.fails {
					if err == nil || len(f.sb.Relations(school)) != 0 {
						t.Errorf("error %v, stored %+v", err, f.sb.Relations(school))
					}
					return
				}
				ok(t, err)
				if row.ID != f.onlyRelation().ID {
					t.Errorf("got %+v", row)
				}
			})
		})
	}
}

// If an interrupt arrives after the first order was refused, the swapped order is not sent.
func TestCreateRelationInterruptedBetweenOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		ctx, cancel := context.WithCancel(background)
		f.sb.AddFault(sandbox.Fault{Route: post, Count: 1, Committed: true, Effect: sandbox.Do(cancel)})
		_, err := f.CreateRelation(ctx, enrolled(student(1), class(1)))
		if err == nil {
			t.Error("no error")
		}
		f.wantCount("", 1)
	})
}
