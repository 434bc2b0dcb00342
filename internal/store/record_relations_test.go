package store_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// ofClass identifies the relations of class-0; newHub makes 150 of them.
var ofClass = store.RecordRef{LocationID: school, AssociationID: enrol, RecordID: "class-0"}

func students(from, to int) (ids []string) {
	for i := from; i < to; i++ {
		ids = append(ids, student(i))
	}
	slices.Sort(ids)
	return ids
}

func (f *fixture) recordRelations(ref store.RecordRef, known ...string) ([]string, error) {
	rows, err := f.RecordRelations(background, ref, known, time.Time{})
	return slices.Sorted(maps.Keys(rows)), err
}

func wantIDs(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// wantPart fails the test unless err is a *PartError with the given number of undone
// relations and the given failed ids. It returns the failures.
func wantPart(t *testing.T, err error, undone int, failed ...string) (failures []store.RelatedError) {
	t.Helper()
	part, ok := errors.AsType[*store.PartError](err)
	if !ok {
		t.Fatalf("error %v, want a PartError", err)
	}
	ids := []string{}
	for _, one := range part.Failed {
		ids = append(ids, one.RelatedID)
	}
	if part.Undone != undone || failed != nil && !slices.Equal(ids, failed) {
		t.Errorf("%d undone, failed %q; want %d and %q", part.Undone, ids, undone, failed)
	}
	return part.Failed
}

// A single "not found" for a record may be wrong. So the listing of the record is requested
// again, and also shows relations that the state does not contain.
func TestRecordRelationsDeniedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Count: 1, Effect: sandbox.NotFound()})
		got, err := f.recordRelations(ofClass, student(0), student(1))
		ok(t, err)
		wantIDs(t, got, students(0, 150)...)
	})
}

// One listing returns a record's relations, whichever side the record is on, without those
// of other associations.
func TestRecordRelations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.addRelation(mentored(student(7), student(8)))
		f.addRelation(mentored(student(9), student(7)))
		for name, test := range map[string]struct {
			ref  store.RecordRef
			want []string
		}{
			"first":        {ofClass, students(0, 150)},
			"second":       {store.RecordRef{LocationID: school, AssociationID: enrol, RecordID: student(7)}, []string{"class-0"}},
			"as mentor":    {store.RecordRef{LocationID: school, AssociationID: mentor, RecordID: student(7), Side: store.FirstSide}, []string{"student-8"}},
			"as pupil":     {store.RecordRef{LocationID: school, AssociationID: mentor, RecordID: student(7), Side: store.SecondSide}, []string{"student-9"}},
			"without any":  {store.RecordRef{LocationID: school, AssociationID: enrol, RecordID: "class-1"}, nil},
			"of two roles": {store.RecordRef{LocationID: school, AssociationID: mentor, RecordID: student(8), Side: store.FirstSide}, nil},
		} {
			got, err := f.recordRelations(test.ref)
			if ok(t, err); !slices.Equal(got, test.want) {
				t.Errorf("%s: got %q, want %q", name, got, test.want)
			}
		}
		f.newProcess()
		_, err := f.recordRelations(ofClass, students(0, 150)...)
		ok(t, err)
		f.wantCount("", 2)
	})
}

// A relation that a listing lacks is left out only if it is proved to be gone. In the
// tested cases, the relation appears in the second listing, is listed at the other record,
// is gone, or cannot be read.
func TestRecordRelationsLackRows(t *testing.T) {
	most := students(0, 149)
	tests := map[string]struct {
		quirks  sandbox.Quirks
		prepare func(*fixture)
		want    []string
		err     error
	}{
		"the listing skips rows": {
			sandbox.Quirks{NoTotal: true}, func(f *fixture) {
				f.sb.AddFault(sandbox.Fault{Contains: "class-0", Count: 1, Effect: sandbox.SkipRows(10)})
			}, students(0, 150), nil,
		},
		"the record is deleted, and its listing is 404": {
			sandbox.Quirks{DeletedRecordListing: sandbox.DeletedListing404}, func(f *fixture) { f.sb.DeleteRecord(school, "class-0") }, students(0, 150), nil,
		},
		"the record is deleted, and its listing is empty": {
			sandbox.Quirks{}, func(f *fixture) { f.sb.DeleteRecord(school, "class-0") }, students(0, 150), nil,
		},
		"one was deleted by hand": {
			sandbox.Quirks{}, func(f *fixture) { f.remove(enrolled("class-0", student(149))) }, most, nil,
		},
		"one was deleted, and its record cannot be read": {
			sandbox.Quirks{}, func(f *fixture) {
				f.remove(enrolled("class-0", student(149)))
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Contains: student(149), Effect: sandbox.AccessDenied()})
			}, nil, &ghl.Error{},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newHub(t, test.quirks)
				test.prepare(f)
				got, err := f.recordRelations(ofClass, students(0, 150)...)
				if test.err != nil {
					wantPart(t, err, 1, student(149))
					return
				}
				ok(t, err)
				wantIDs(t, got, test.want...)
			})
		})
	}
}

// If a missing relation is younger than ListingLag, the read waits for it to be listed.
func TestRecordRelationsYoung(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{ListingLag: 20 * time.Second})
		made, err := f.CreateRecordRelations(background, ofClass, students(0, 30))
		ok(t, err)
		wantIDs(t, made, students(0, 30)...)
		begun := time.Now()
		f.newProcess()
		rows, err := f.RecordRelations(background, ofClass, students(0, 30), begun)
		ok(t, err)
		wantIDs(t, slices.Sorted(maps.Keys(rows)), students(0, 30)...)
		if waited := time.Since(begun); waited < 20*time.Second || waited > 30*time.Second {
			t.Errorf("it took %s", waited)
		}
	})
}

// A row that cannot be read is an error even during a concurrent deletion, because the row
// may be any relation.
func TestListedRelationsUnreadableBesideDeletion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.addRelation(enrolled(class(0), student(0)))
		other := f.addRelation(enrolled(class(1), student(1)))
		f.sb.AddFault(sandbox.Fault{Contains: class(0), Count: 1, Effect: sandbox.MalformedItem()})
		f.sb.AddFault(sandbox.Fault{Contains: class(0), Count: 1, Effect: sandbox.Do(func() {
			ok(t, f.DeleteRelation(background, enrolled(class(1), student(1)), other.ID))
		})})
		rows, err := f.ListedRelations(background, ofClass)
		wantIs(t, err, ghl.ErrIncomplete)
		if len(f.sb.Relations(school)) != 1 {
			t.Errorf("the concurrent deletion was not carried out, and %+v is listed", rows)
		}
	})
}

// Creates cost one request each, and one of them finds out the order of the records. An
// existing relation is adopted.
func TestCreateRecordRelations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.addRelation(enrolled("class-0", student(3)))
		ofStudent := store.RecordRef{LocationID: school, AssociationID: enrol, RecordID: student(3)} // stored second
		made, err := f.CreateRecordRelations(background, ofStudent, []string{"class-2", "class-1", "class-0"})
		ok(t, err)
		wantIDs(t, made, "class-0", "class-1", "class-2")
		if rows := f.sb.Relations(school); len(rows) != 3 {
			t.Errorf("stored are %+v", rows)
		}
		f.wantCount(post, 4)
	})
}

// If some creates fail, the others are still carried out. After the cause is removed, only
// the missing relations are created.
func TestCreateRecordRelationsInPart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: post, Contains: `"student-3"`, Effect: sandbox.StatusMessage(422, "Invalid record id : 'student-3' for association : enrol")})
		f.sb.AddFault(sandbox.Fault{Route: post, Contains: `"student-5"`, Effect: sandbox.StatusMessage(400, "Max relation limit[1] reached for record[student-5] for association[x]")})
		made, err := f.CreateRecordRelations(background, ofClass, students(0, 40))
		failed := wantPart(t, err, 2, student(3), student(5))
		if ghl.KindOf(failed[0].Err) != ghl.InvalidRecord || ghl.KindOf(failed[1].Err) != ghl.Refused {
			t.Errorf("failed with %v", failed)
		}
		if len(made) != 38 || len(f.sb.Relations(school)) != 38 {
			t.Errorf("made %q, stored %d; want 38", made, len(f.sb.Relations(school)))
		}
		f.recover()
		f.sb.ResetRequests()
		made, err = f.CreateRecordRelations(background, ofClass, []string{student(3), student(5)})
		ok(t, err)
		wantIDs(t, made, student(3), student(5))
		f.wantCount(post, 2)
	})
}

// If every call fails, the operation ends after ten failures and the calls that are under
// way then.
func TestCreateRecordRelationsGiveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: post, Effect: sandbox.AccessDenied()})
		_, err := f.CreateRecordRelations(background, ofClass, students(0, 500))
		wantPart(t, err, 500)
		if n := f.count(post); n < 10 || n > 19 {
			t.Errorf("%d creates were sent", n)
		}
	})
}

// After an interrupt, the calls under way end, and no new calls begin.
func TestCreateRecordRelationsInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		ctx, cancel := context.WithCancel(background)
		f.sb.AddFault(sandbox.Fault{Route: post, After: 20, Count: 1, Effect: sandbox.Do(cancel)})
		made, err := f.CreateRecordRelations(ctx, ofClass, students(0, 100))
		wantPart(t, err, 100-len(made))
		if stored := len(f.sb.Relations(school)); stored != len(made) || stored < 20 || stored > 40 {
			t.Errorf("%d are stored, %d are reported", stored, len(made))
		}
	})
}

// If the server stores two records of one object in reverse order, their roles are swapped:
// the relation is deleted, and the error says so.
func TestCreateRecordRelationsTurned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{SamePairReversed: true})
		asMentor := store.RecordRef{LocationID: school, AssociationID: mentor, RecordID: student(1), Side: store.FirstSide}
		made, err := f.CreateRecordRelations(background, asMentor, []string{student(2)})
		wantIs(t, wantPart(t, err, 1, student(2))[0].Err, store.ErrTurned)
		wantIDs(t, made)
		if rows := f.sb.Relations(school); len(rows) != 0 {
			t.Errorf("left: %+v", rows)
		}
	})
}

// A relation of the same two records in reverse order is not one of the wanted relations,
// and is not deleted.
func TestCreateRecordRelationsMeetTurned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.addRelation(mentored(student(2), student(1)))
		asMentor := store.RecordRef{LocationID: school, AssociationID: mentor, RecordID: student(1), Side: store.FirstSide}
		_, err := f.CreateRecordRelations(background, asMentor, []string{student(2)})
		exists, met := errors.AsType[*store.ExistsError](wantPart(t, err, 1, student(2))[0].Err)
		if !met || !exists.Turned || f.onlyRelation().FirstRecordID != student(2) {
			t.Errorf("error %v, stored %+v", err, f.onlyRelation())
		}
	})
}

// A thousand relations cost ten pages, and an empty one at the end.
func TestRecordRelationsThousand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		for i := range 1000 {
			f.addRelation(enrolled("class-0", student(i)))
		}
		got, err := f.recordRelations(ofClass, students(0, 1000)...)
		ok(t, err)
		wantIDs(t, got, students(0, 1000)...)
		f.wantCount("", 11)
	})
}
