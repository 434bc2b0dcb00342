package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// change changes the relations of class-0 to the wanted ones, as a resource does, and
// returns what the resource's state then contains.
func (f *fixture) change(ctx context.Context, prior, wanted []string, createdAt time.Time) (held []string, err error) {
	lacks := func(ids, others []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(others, id) })
	}
	deleted, err := f.DeleteRecordRelations(ctx, ofClass, lacks(prior, wanted), createdAt)
	var made []string
	if err == nil {
		made, err = f.CreateRecordRelations(ctx, ofClass, lacks(wanted, prior))
	}
	held = append(lacks(prior, deleted), made...)
	slices.Sort(held)
	return held, err
}

func (f *fixture) students() (ids []string) {
	for _, row := range f.sb.Relations(school) {
		ids = append(ids, row.SecondRecordID)
	}
	slices.Sort(ids)
	return ids
}

// Wherever a change stops, it returns what was done, and it deletes no relation that should
// stay. The next change does the rest.
func TestRecordRelationsStopAnywhere(t *testing.T) {
	prior, wanted := students(0, 6), students(3, 9)
	stops := map[string]func(cancel func()) sandbox.Fault{
		"interrupted":                func(cancel func()) sandbox.Fault { return sandbox.Fault{Effect: sandbox.Do(cancel)} },
		"interrupted after commit":   func(cancel func()) sandbox.Fault { return sandbox.Fault{Effect: sandbox.Do(cancel), Committed: true} },
		"refused":                    func(func()) sandbox.Fault { return sandbox.Fault{Effect: sandbox.AccessDenied()} },
		"not found":                  func(func()) sandbox.Fault { return sandbox.Fault{Effect: sandbox.NotFound()} },
		"the daily quota is used up": func(func()) sandbox.Fault { return sandbox.Fault{Effect: sandbox.DailySpent()} },
	}
	for name, effect := range lostAnswers {
		stops[name+" before commit"] = func(func()) sandbox.Fault { return sandbox.Fault{Effect: effect} }
		stops[name+" after commit"] = func(func()) sandbox.Fault { return sandbox.Fault{Effect: effect, Committed: true} }
	}
	for name, stop := range stops {
		for after := range 9 { // a change takes a list call, three deletions and three creates
			t.Run(fmt.Sprintf("%s/%d", name, after), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newSchool(t, sandbox.Quirks{ListingLag: 3 * time.Second})
					for _, id := range append(slices.Clone(prior), "student-99") {
						f.addRelation(enrolled("class-0", id))
					}
					time.Sleep(time.Minute)
					ctx, cancel := context.WithCancel(background)
					defer cancel()
					fault := stop(cancel)
					fault.After, fault.Count = after, 1
					f.sb.AddFault(fault)
					held, err := f.change(ctx, prior, wanted, time.Time{})
					created := time.Now()
					f.mayHold(held, prior, wanted, err)

					f.recover()
					f.newProcess()
					rows, err := f.RecordRelations(background, ofClass, held, created)
					ok(t, err)
					var read []string
					for id := range rows {
						if id != "student-99" { // the removal of this relation is not tested here
							read = append(read, id)
						}
					}
					held, err = f.change(background, read, wanted, created)
					ok(t, err)
					wantIDs(t, held, wanted...)
					wantIDs(t, f.students(), append(slices.Clone(wanted), "student-99")...)
				})
			})
		}
	}
}

// mayHold fails the test unless a change reported what it did. If the change failed, a
// create may have been carried out without a report.
func (f *fixture) mayHold(held, prior, wanted []string, err error) {
	f.t.Helper()
	stored := f.students()
	for _, id := range held {
		if !slices.Contains(stored, id) && (err == nil || slices.Contains(wanted, id)) { // otherwise, a deletion was carried out, and its answer was lost
			f.t.Errorf("%s is reported, but does not exist", id)
		}
	}
	for _, id := range stored {
		if !slices.Contains(held, id) && id != "student-99" && (err == nil || slices.Contains(prior, id)) {
			f.t.Errorf("%s exists, but is not reported", id)
		}
	}
	if !slices.Contains(stored, "student-99") || !slices.Contains(stored, student(4)) {
		f.t.Error("a relation was deleted that should stay")
	}
}
