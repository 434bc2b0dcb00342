package store_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// If the object to be created already exists and this process deletes it, the create waits
// for the deletion, whichever begins first.
func TestCreateWaitsForADeletion(t *testing.T) {
	for name, test := range map[string]struct{ deletionBegins, createBegins, deletionTakes time.Duration }{
		"the create begins first":                              {1 * time.Second, 0, 0},
		"the deletion begins first":                            {0, 1 * time.Second, 5 * time.Second},
		"the create begins first, and the deletion takes long": {1 * time.Second, 0, 40 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				f.sb.AddAssociation(sandbox.Association{
					LocationID: school, ID: "old", Key: "teacher_of",
					FirstObjectKey: wanted.FirstObjectKey, FirstObjectLabel: "Old", SecondObjectKey: wanted.SecondObjectKey, SecondObjectLabel: "Older",
				})
				link := f.addRelation(mentored(student(1), student(2)))
				f.sb.AddFault(sandbox.Fault{Method: "DELETE", Effect: sandbox.Stall(test.deletionTakes)})
				deleted := inBackground(func() (any, error) {
					time.Sleep(test.deletionBegins)
					return nil, errors.Join(
						f.DeleteAssociation(background, school, "old", wanted.Key),
						f.DeleteRelation(background, mentored(student(1), student(2)), link.ID))
				})
				relation := inBackground(func() (ghl.Relation, error) {
					time.Sleep(test.createBegins)
					return f.CreateRelation(background, mentored(student(2), student(1)))
				})
				time.Sleep(test.createBegins)
				row, err := f.create(background)
				ok(t, err)
				if row.ID == "old" || row.FirstObjectLabel == "Old" {
					t.Errorf("got %+v", row)
				}
				turned, err := relation()
				ok(t, err)
				if turned.ID == link.ID {
					t.Errorf("got %+v", turned)
				}
				_, err = deleted()
				ok(t, err)
			})
		})
	}
}

// If nothing deletes the existing object, a create reports that object after two seconds.
// Later creates report existing objects at once.
func TestCreateDoesNotWaitForNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.addRelation(mentored(student(1), student(2)))
		f.addRelation(mentored(student(3), student(4)))
		begun := time.Now()
		_, err := f.CreateRelation(background, mentored(student(1), student(2)))
		wantMet(t, err, false)
		wantWaited(t, begun, 2*time.Second)
		begun = time.Now()
		_, err = f.CreateRelation(background, mentored(student(3), student(4)))
		wantMet(t, err, false)
		if waited := time.Since(begun); waited >= time.Second {
			t.Errorf("it took %s", waited)
		}
	})
}

// While other deletions continue, a create waits for the deletion of its object for at most
// a minute. Then the error says that this process deletes objects.
func TestCreateWaitsAMinuteBesideOtherDeletions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		for i := range 100 {
			f.addRelation(enrolled(class(0), student(i)))
		}
		rows := f.sb.Relations(school)
		stop := make(chan struct{})
		deletions := inBackground(func() (any, error) {
			for i, row := range rows[1:] {
				select {
				case <-stop:
					return nil, nil
				case <-time.After(time.Second):
				}
				if err := f.DeleteRelation(background, enrolled(class(0), student(i+1)), row.ID); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		begun := time.Now()
		_, err := f.CreateRelation(background, enrolled(class(0), student(0)))
		wantMet(t, err, true)
		wantWaited(t, begun, time.Minute)
		close(stop)
		_, err = deletions()
		ok(t, err)
	})
}

func wantMet(t *testing.T, err error, besideDeletions bool) {
	t.Helper()
	exists, is := errors.AsType[*store.ExistsError](err)
	if !is || exists.BesideDeletions != besideDeletions {
		t.Errorf("error %v (%+v), want an ExistsError with BesideDeletions %t", err, exists, besideDeletions)
	}
}

// After a deletion, a server may refuse a create of the same pair as a duplicate for some
// seconds. The create is repeated.
func TestCreateRelationAfterADeletionThatLags(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		link := f.addRelation(mentored(student(1), student(2)))
		ok(t, f.DeleteRelation(background, mentored(student(1), student(2)), link.ID))
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateRelation, Count: 3, Effect: sandbox.StatusMessage(400, "Could not create relation: duplicate relation of object Ids")})
		_, err := f.CreateRelation(background, mentored(student(2), student(1)))
		ok(t, err)
	})
}

// If two records of one object are stored in reverse order, but the row has the id in the
// state, the row is the relation in the state.
func TestRelationStoredTheOtherWayRound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		link := f.addRelation(mentored(student(2), student(1)))
		ref := mentored(student(1), student(2))
		_, err := f.relation(ref)
		wantIs(t, err, store.ErrGone)
		ref.ID = link.ID
		row, err := f.relation(ref)
		ok(t, err)
		if row.ID != link.ID {
			t.Errorf("got %+v", row)
		}
	})
}
