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

// lostAnswers are answers that do not show whether a POST was carried out.
var lostAnswers = map[string]sandbox.Effect{
	"reset":        sandbox.Reset(),
	"500":          sandbox.Status(500),
	"504 HTML":     sandbox.StatusHTML(504),
	"520 HTML":     sandbox.StatusHTML(520),
	"HTML 200":     sandbox.OKHTML(),
	"empty 200":    sandbox.OKEmpty(),
	"long silence": sandbox.Stall(2 * time.Minute),
}

// cutAnswers are broken answers to a POST that was carried out.
var cutAnswers = map[string]sandbox.Effect{
	"half, cut":                    sandbox.HalfJSON(false),
	"half, with a matching length": sandbox.HalfJSON(true),
}

// wanted is an association that the sandbox stores with its sides swapped and its key in
// lower case.
var wanted = ghl.Association{
	LocationID: school, Key: "Teacher_Of",
	FirstObjectKey: "custom_objects.student", FirstObjectLabel: "Student",
	SecondObjectKey: "contact", SecondObjectLabel: "Teacher",
}

// wantExists fails the test unless err is an *ExistsError. If id is not "", the error must
// be about the row with that id.
func wantExists(t *testing.T, err error, id string) {
	t.Helper()
	var exists *store.ExistsError
	switch {
	case !errors.As(err, &exists):
		t.Errorf("error %v, want an ExistsError", err)
	case exists.Association != nil && exists.Association.ID != id:
		t.Errorf("the error is about association %s, want %q", exists.Association.ID, id)
	case exists.Relation != nil && exists.Relation.ID != id:
		t.Errorf("the error is about relation %s, want %q", exists.Relation.ID, id)
	case id != "" && exists.Association == nil && exists.Relation == nil:
		t.Errorf("%v contains no row, want %q", err, id)
	}
}

// onlyAssociation returns the only stored association, apart from HighLevel's own.
func (f *fixture) onlyAssociation() sandbox.Association {
	f.t.Helper()
	rows := f.sb.Associations(school)
	if len(rows) != 1 {
		f.t.Fatalf("%d associations are stored, want 1: %+v", len(rows), rows)
	}
	return rows[0]
}

func (f *fixture) create(ctx context.Context) (ghl.Association, error) {
	return f.CreateAssociation(ctx, wanted)
}

func TestCreateAssociation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		row, err := f.create(background)
		ok(t, err)
		want := wanted
		want.ID, want.Key, want.AssociationType = f.onlyAssociation().ID, "teacher_of", "USER_DEFINED"
		want.FirstObjectKey, want.FirstObjectLabel, want.SecondObjectKey, want.SecondObjectLabel = "contact", "Teacher", "custom_objects.student", "Student"
		if row != want {
			t.Errorf("got %+v, want %+v", row, want)
		}
		f.wantCount(sandbox.RouteAssociationByKey, 2) // as written, and in lower case
		f.wantCount(sandbox.RouteCreateAssociation, 1)
		f.wantCount("", 3)
	})
}

// However the answer is lost, one row is stored and returned. The POST is sent again only
// if it was not carried out.
func TestCreateAssociationLostAnswer(t *testing.T) {
	quirks := map[string]sandbox.Quirks{"swapped": {}, "kept": {KeepSides: true}, "labels left": {LabelsStay: true}, "missing is 404": {MissingIs404: true}}
	check := func(name string, q sandbox.Quirks, fault sandbox.Fault, posts int) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, q)
				fault.Route, fault.Count = sandbox.RouteCreateAssociation, 1
				f.sb.AddFault(fault)
				row, err := f.create(background)
				ok(t, err)
				if stored := f.onlyAssociation(); row != wire(stored) {
					t.Errorf("got %+v, stored is %+v", row, stored)
				}
				f.wantCount(sandbox.RouteCreateAssociation, posts)
			})
		})
	}
	for quirk, q := range quirks {
		for name, effect := range lostAnswers {
			check(fmt.Sprintf("%s/%s before commit", quirk, name), q, sandbox.Fault{Effect: effect}, 2)
			check(fmt.Sprintf("%s/%s after commit", quirk, name), q, sandbox.Fault{Effect: effect, Committed: true}, 1)
		}
		for name, effect := range cutAnswers {
			check(fmt.Sprintf("%s/%s", quirk, name), q, sandbox.Fault{Effect: effect}, 1)
		}
	}
}

// If an association links an object with itself, the labels define the roles, so a row with
// swapped labels is not the requested one.
func TestCreateAssociationLostAnswerOneObject(t *testing.T) {
	want := ghl.Association{LocationID: school, Key: "mentors", FirstObjectKey: "contact", FirstObjectLabel: "Mentor", SecondObjectKey: "contact", SecondObjectLabel: "Pupil"}
	crossed := sandbox.Association{LocationID: school, Key: "mentors", FirstObjectKey: "contact", FirstObjectLabel: "Pupil", SecondObjectKey: "contact", SecondObjectLabel: "Mentor"}
	t.Run("ours", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, sandbox.Quirks{})
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Committed: true, Effect: sandbox.Reset()})
			row, err := f.CreateAssociation(background, want)
			ok(t, err)
			if row.FirstObjectLabel != "Mentor" || row.ID != f.onlyAssociation().ID {
				t.Errorf("got %+v", row)
			}
		})
	})
	t.Run("theirs", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, sandbox.Quirks{})
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Effect: sandbox.Reset()})
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteAssociationByKey, After: 1, Count: 1, Effect: sandbox.Do(func() { f.sb.AddAssociation(crossed) })})
			_, err := f.CreateAssociation(background, want)
			wantExists(t, err, f.onlyAssociation().ID)
			f.wantCount(sandbox.RouteCreateAssociation, 1)
		})
	})
}

func TestCreateAssociationKeyHeld(t *testing.T) {
	keys := map[string]string{"as stored": "teacher_of", "in another case": "TEACHER_of", "of the platform": "OPPORTUNITIES_CONTACTS_ASSOCIATION"}
	for name, key := range keys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.sb.AddAssociation(sandbox.Association{LocationID: school, ID: "held", Key: "teacher_of", FirstObjectKey: "a", SecondObjectKey: "b"})
				want, id := wanted, "held"
				want.Key = key
				if key == "OPPORTUNITIES_CONTACTS_ASSOCIATION" {
					id = key
				}
				for range 3 { // the key is found by a lookup first, later in the listing
					_, err := f.CreateAssociation(background, want)
					wantExists(t, err, id)
				}
				f.wantCount(sandbox.RouteCreateAssociation, 0)
			})
		})
	}
}

// If others take a key between the lookup and the POST, the server refuses the key, and the
// error reports their association.
func TestCreateAssociationDuplicate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Effect: sandbox.Do(func() { f.sb.AddAssociation(asStored("theirs")) })})
		_, err := f.create(background)
		wantExists(t, err, "theirs")
		wantKind(t, err, ghl.Duplicate)
		f.wantCount(sandbox.RouteCreateAssociation, 1)
	})
}

// asStored returns wanted as the sandbox would store it.
func asStored(id string) sandbox.Association {
	return sandbox.Association{
		LocationID: school, ID: id, Key: "teacher_of", FirstObjectKey: "contact", FirstObjectLabel: "Teacher",
		SecondObjectKey: "custom_objects.student", SecondObjectLabel: "Student",
	}
}

func TestCreateAssociationDuplicateUnreadable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Effect: sandbox.StatusMessage(400, "Duplicate Association key: teacher_of")})
		_, err := f.create(background)
		wantExists(t, err, "")
		f.wantCount(sandbox.RouteCreateAssociation, 1)
	})
}

// If a POST is sent again and refused as a duplicate, the first POST was carried out late.
func TestCreateAssociationResentDuplicate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Effect: sandbox.Reset()})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Effect: sandbox.Do(func() { f.sb.AddAssociation(asStored("late")) })})
		row, err := f.create(background)
		ok(t, err)
		if row.ID != "late" {
			t.Errorf("got %+v", row)
		}
		f.wantCount(sandbox.RouteCreateAssociation, 2)
	})
}

// If a row is found under the key after a lost answer, but its content differs, it is
// somebody else's.
func TestCreateAssociationLostAnswerOtherContents(t *testing.T) {
	changes := map[string]func(*sandbox.Association){
		"another label":  func(a *sandbox.Association) { a.FirstObjectLabel = "Coach" },
		"another object": func(a *sandbox.Association) { a.FirstObjectKey = "business" },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				theirs := asStored("theirs")
				change(&theirs)
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Effect: sandbox.Reset()})
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteAssociationByKey, After: 2, Count: 1, Effect: sandbox.Do(func() { f.sb.AddAssociation(theirs) })})
				_, err := f.create(background)
				wantExists(t, err, "theirs")
				f.wantCount(sandbox.RouteCreateAssociation, 1)
			})
		})
	}
}

// A row that this process saw before the POST is not the POST's result, even if the listing
// that was read to check keys is older than the row.
func TestCreateAssociationLostAnswerSeenBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		for i := range 3 { // reads the listing in which keys are looked up
			_, err := f.CreateAssociation(background, relabelled(i, "x"))
			ok(t, err)
		}
		f.sb.AddAssociation(asStored("theirs"))
		_, err := f.Associations(background, school)
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Effect: sandbox.Reset()})
		_, err = f.create(background)
		wantExists(t, err, "theirs")
	})
}

// While the outcome of a create is looked up, a data source may list the row that the
// create made. The create still adopts the row.
func TestCreateAssociationLostAnswerSeenMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Committed: true, Effect: sandbox.Reset()})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteAssociationByKey, After: 2, Count: 1, Effect: sandbox.Stall(time.Second)})
		created := inBackground(func() (ghl.Association, error) { return f.create(background) })
		listed, err := f.Associations(background, school)
		ok(t, err)
		if len(listed) != platformRows+1 {
			t.Errorf("%d rows are listed, want the new one among them", len(listed))
		}
		row, err := created()
		ok(t, err)
		if stored := f.onlyAssociation(); row != wire(stored) {
			t.Errorf("got %+v, stored is %+v", row, stored)
		}
	})
}

// If the lookup before the POST fails for good, the create fails and sends no POST.
func TestCreateAssociationLookUpFails(t *testing.T) {
	for name, c := range refusals {
		for _, route := range []string{sandbox.RouteAssociationByKey, sandbox.RouteListAssociations} {
			t.Run(name+" to "+route, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFixture(t, sandbox.Quirks{})
					if route == sandbox.RouteListAssociations {
						_, err := f.CreateAssociation(background, relabelled(1, "x")) // the first create looks its key up
						ok(t, err)
						f.sb.ResetRequests()
					}
					f.sb.AddFault(sandbox.Fault{Route: route, Effect: c.effect})
					_, err := f.create(background)
					wantKind(t, err, c.kind)
					f.wantCount(sandbox.RouteCreateAssociation, 0)
				})
			})
		}
	}
}

// A create waits until the server stops returning 429. Nothing was carried out, so nothing
// is looked up.
func TestCreateAssociationStorm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 20, Effect: sandbox.TooManyRequests(true, 0)})
		_, err := f.create(background)
		ok(t, err)
		f.onlyAssociation()
		f.wantCount(sandbox.RouteCreateAssociation, 21)
		f.wantCount(sandbox.RouteAssociationByKey, 2)
	})
}

// Of ten creates with the same key, one succeeds. The other nine fail because the
// association already exists.
func TestCreateAssociationSameKeyTogether(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"healthy":      {Effect: sandbox.SlowBody(time.Second)},
		"lost answers": {Effect: sandbox.Reset(), Committed: true},
		"lost before":  {Effect: sandbox.Reset(), Count: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				fault.Route = sandbox.RouteCreateAssociation
				f.sb.AddFault(fault)
				made := 0
				for _, err := range parallelErrors(10, func(int) error {
					_, err := f.create(background)
					return err
				}) {
					if err == nil {
						made++
					} else {
						wantExists(t, err, f.onlyAssociation().ID)
					}
				}
				if made != 1 {
					t.Errorf("%d creates succeeded, want 1", made)
				}
			})
		})
	}
}

// A total that is too small, or leaves system-defined rows out, does not prove that a key
// is free. Otherwise, if a create's refusal were lost, the create would adopt somebody
// else's row.
func TestCreateAssociationWrongTotal(t *testing.T) {
	cases := map[string]struct {
		quirks sandbox.Quirks
		delta  int
	}{
		"without system-defined rows": {sandbox.Quirks{TotalUserDefinedOnly: true, PageCap: 2}, 0},
		"one too small":               {sandbox.Quirks{PageCap: 2}, -1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, c.quirks)
				f.addAssociations(3)
				f.sb.AddFault(sandbox.Fault{Effect: sandbox.LyingTotal(c.delta)})
				theirs := kind(3)
				for i := range 3 { // a lookup, and the listing, whose last page contains only their row
					if i == 1 {
						f.sb.AddAssociation(theirs)
					}
					_, err := f.CreateAssociation(background, relabelled(100+i, "x"))
					ok(t, err)
				}
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Committed: true, Effect: sandbox.Status(522)})
				same := wire(theirs)
				same.ID = ""
				_, err := f.CreateAssociation(background, same)
				wantExists(t, err, theirs.ID)
			})
		})
	}
}

// Creates cost one request each, plus a lookup of the first key and the pages of existing
// associations.
func TestCreateAssociationRequests(t *testing.T) {
	cases := map[string]struct{ existing, creates, most int }{
		"290 in a fresh sub-account": {0, 290, 290 + 1 + 4}, // new rows push the system-defined rows, which come last, to a second page; rarely, that page is being read then
		"290 beside 300":             {296, 290, 290 + 1 + 6},
		"one beside 300":             {296, 1, 2},
		"two beside 300":             {296, 2, 2 + 1 + 5},
	}
	for name, c := range cases {
		for _, latency := range []time.Duration{0, 30 * time.Millisecond} {
			t.Run(fmt.Sprintf("%s at %s", name, latency), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFixture(t, sandbox.Quirks{})
					f.addAssociations(c.existing)
					f.sb.SetLatency(latency)
					noErrors(t, parallelErrors(c.creates, func(i int) error {
						want := relabelled(10000+i, "x")
						_, err := f.CreateAssociation(background, want)
						return err
					}))
					f.wantCount(sandbox.RouteCreateAssociation, c.creates)
					f.wantAtMost(c.most)
				})
			})
		}
	}
}

// A process can delete an association and create its key again, as in a replacement. The
// process also detects that others have created or deleted an association with the key.
func TestCreateAssociationAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddAssociation(asStored("old"))
		for i := range 3 { // reads the listing in which keys are looked up, and which contains the old row
			_, err := f.CreateAssociation(background, relabelled(i, "x"))
			ok(t, err)
		}
		ok(t, f.DeleteAssociation(background, school, "old", "key of "+"old"))
		f.sb.ResetRequests()
		for range 3 {
			row, err := f.create(background)
			ok(t, err)
			_, err = f.create(background)
			wantExists(t, err, row.ID)
			ok(t, f.DeleteAssociation(background, school, row.ID, "key of "+row.ID))
		}
		f.wantCount(sandbox.RouteCreateAssociation, 3)
		f.wantCount(sandbox.RouteAssociationByKey, 6) // only when the key is taken, each time in both spellings
		f.sb.AddAssociation(asStored("theirs"))
		_, err := f.create(background)
		wantExists(t, err, "theirs")
		f.sb.RemoveAssociation(school, "theirs")
		row, err := f.create(background)
		ok(t, err)
		f.sb.RemoveAssociation(school, row.ID)
		_, err = f.create(background) // others have deleted our row, so the cached key is not trusted
		ok(t, err)
	})
}

// After an interrupt, the POST runs to its end, and the caller gets its result.
func TestCreateAssociationInterrupted(t *testing.T) {
	post, lookUp := sandbox.RouteCreateAssociation, sandbox.RouteAssociationByKey
	slow := sandbox.Stall(5 * time.Second)
	cases := map[string]struct {
		faults []sandbox.Fault
		posts  int
		fails  bool
	}{
		"while the POST is sent":                {faults: []sandbox.Fault{{Route: post, Effect: slow}}, posts: 1},
		"while the answer is on its way":        {faults: []sandbox.Fault{{Route: post, Effect: slow, Committed: true}}, posts: 1},
		"before the answer is lost":             {faults: []sandbox.Fault{{Route: post, Effect: sandbox.Stall(2 * time.Minute), Committed: true}}, posts: 1},
		"during a POST that is not carried out": {faults: []sandbox.Fault{{Route: post, Effect: sandbox.Stall(2 * time.Minute)}}, posts: 1, fails: true},
		"while the object is looked up":         {faults: []sandbox.Fault{{Route: post, Effect: sandbox.Reset(), Committed: true}, {Route: lookUp, After: 2, Effect: slow}}, posts: 1},
		"before the POST is sent":               {faults: []sandbox.Fault{{Route: lookUp, Effect: slow}}, posts: 0, fails: true},
		"while it waits to send the POST again": {faults: []sandbox.Fault{{Route: post, Effect: sandbox.Reset()}}, posts: 1, fails: true},
		"while the lookup gets no answer":       {faults: []sandbox.Fault{{Route: post, Effect: sandbox.Reset()}, {Route: lookUp, After: 2, Effect: sandbox.Stall(time.Hour)}}, posts: 1, fails: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				row, err := interrupted(f, c.faults, f.create)
				f.wantCount(post, c.posts)
				if c.fails {
					if err == nil || len(f.sb.Associations(school)) != 0 {
						t.Errorf("error %v, stored %+v", err, f.sb.Associations(school))
					}
					return
				}
				ok(t, err)
				if row.ID != f.onlyAssociation().ID {
					t.Errorf("got %+v", row)
				}
			})
		})
	}
}

// interrupted returns the result of a create under faults that is interrupted half a second
// after it begins.
func interrupted[T any](f *fixture, faults []sandbox.Fault, create func(context.Context) (T, error)) (T, error) {
	f.t.Helper()
	for _, fault := range faults {
		f.sb.AddFault(fault)
	}
	ctx, cancel := context.WithCancel(background)
	result := inBackground(func() (T, error) { return create(ctx) })
	time.Sleep(500 * time.Millisecond)
	begun := time.Now()
	cancel()
	row, err := result()
	if waited := time.Since(begun); waited > 2*time.Minute {
		f.t.Errorf("the create continued for %s", waited)
	}
	return row, err
}
