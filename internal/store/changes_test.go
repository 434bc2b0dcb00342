package store_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// UpdateLabels reads the row first, and sends the labels in the stored order.
func TestUpdateLabelsInStoredOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddAssociation(asStored("a"))
		want := wanted // as configured, the student comes first
		want.FirstObjectLabel, want.SecondObjectLabel = "Pupil", "Coach"
		row, err := f.UpdateLabels(background, school, "a", want)
		ok(t, err)
		if row.FirstObjectLabel != "Coach" || row.SecondObjectLabel != "Pupil" || row.FirstObjectKey != "contact" {
			t.Errorf("got %+v", row)
		}
		f.wantCount(sandbox.RouteUpdateAssociation, 1)
		if body := f.sb.Requests()[1].Body; body != `{"firstObjectLabel":"Coach","secondObjectLabel":"Pupil"}` {
			t.Errorf("PUT sent %s", body)
		}

		row, err = f.UpdateLabels(background, school, "a", want) // no label differs now
		ok(t, err)
		if row.FirstObjectLabel != "Coach" {
			t.Errorf("got %+v", row)
		}
		f.wantCount(sandbox.RouteUpdateAssociation, 1)
	})
}

// UpdateLabels repairs labels that the server stored on the wrong objects.
func TestUpdateLabelsAfterSwap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{LabelsStay: true})
		row, err := f.create(background)
		ok(t, err)
		if row.FirstObjectKey != "contact" || row.FirstObjectLabel != "Student" {
			t.Fatalf("got %+v, want the labels on the wrong objects", row)
		}
		row, err = f.UpdateLabels(background, school, row.ID, wanted)
		ok(t, err)
		if row.FirstObjectLabel != "Teacher" || row.SecondObjectLabel != "Student" {
			t.Errorf("got %+v", row)
		}
	})
}

func TestUpdateLabelsOfOtherObjects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(1)
		_, err := f.UpdateLabels(background, school, "kind-0", wanted)
		if err == nil {
			t.Error("no error, although the association links other objects")
		}
		f.wantCount(sandbox.RouteUpdateAssociation, 0)
	})
}

// If the answer shows other labels than the ones sent, UpdateLabels returns an error.
func TestUpdateLabelsAnswerChecked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(1)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Effect: sandbox.StatusMessage(200, "Association not found")})
		wantLabelsLeft(t, f)
		f.sb.ClearFaults()

		f.useTransport(putIgnored{f.sb.Transport()})
		wantLabelsLeft(t, f)
		f.wantCount(sandbox.RouteUpdateAssociation, 0)
	})
}

// wantLabelsLeft fails the test unless the error contains the labels that were sent and the
// labels that remain stored.
func wantLabelsLeft(t *testing.T, f *fixture) {
	t.Helper()
	_, err := f.UpdateLabels(background, school, "kind-0", relabelled(0, "Company"))
	want := `the server accepted the labels "Company" and "Person 0", but stores "Firm 0" and "Person 0"`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// putIgnored is a server that ignores a PUT, and returns the unchanged row.
type putIgnored struct{ http.RoundTripper }

func (p putIgnored) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut {
		r = r.Clone(r.Context())
		r.Method, r.Body = http.MethodGet, nil
	}
	return p.RoundTripper.RoundTrip(r)
}

// A PUT is sent again, no matter how its answer was lost.
func TestUpdateLabelsLostAnswer(t *testing.T) {
	for _, committed := range []bool{false, true} {
		for name, effect := range lostAnswers {
			t.Run(fmt.Sprintf("%s, committed %t", name, committed), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFixture(t, sandbox.Quirks{})
					f.addAssociations(1)
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Count: 1, Effect: effect, Committed: committed})
					row, err := f.UpdateLabels(background, school, "kind-0", relabelled(0, "Company"))
					ok(t, err)
					if row.FirstObjectLabel != "Company" {
						t.Errorf("got %+v", row)
					}
				})
			})
		}
	}
}

func TestUpdateLabelsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		_, err := f.UpdateLabels(background, school, "kind-0", relabelled(0, "Company"))
		wantIs(t, err, store.ErrGone)

		f.addAssociations(1)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Effect: sandbox.Do(func() { f.sb.RemoveAssociation(school, "kind-0") })})
		_, err = f.UpdateLabels(background, school, "kind-0", relabelled(0, "Company"))
		wantIs(t, err, store.ErrGone)
	})
}

// "Not found" for another sub-account's token does not mean that the association is gone.
func TestChangesWithAnotherToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.addAssociations(1)
		id := f.sb.Relations(school)[7].ID
		f.useToken(otherToken)
		_, err := f.UpdateLabels(background, school, "kind-0", relabelled(0, "Company"))
		wantKind(t, err, ghl.Forbidden)
		wantKind(t, f.DeleteAssociation(background, school, "kind-0", "key of "+"kind-0"), ghl.Forbidden)
		wantKind(t, f.DeleteRelation(background, seventh, id), ghl.Forbidden)
	})
}

func TestDeleteAssociation(t *testing.T) {
	quirks := map[string]sandbox.Quirks{"400": {}, "404": {MissingIs404: true}}
	for name, q := range quirks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, q)
				f.addAssociations(2)
				ok(t, f.DeleteAssociation(background, school, "kind-0", "key of "+"kind-0"))
				f.wantCount("", 1)
				ok(t, f.DeleteAssociation(background, school, "kind-0", "key of "+"kind-0")) // the association is already gone
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteAssociation, Count: 1, Committed: true, Effect: sandbox.Reset()})
				ok(t, f.DeleteAssociation(background, school, "kind-1", "key of "+"kind-1"))
				if rows := f.sb.Associations(school); len(rows) != 0 {
					t.Errorf("left: %+v", rows)
				}
				wantKind(t, f.DeleteAssociation(background, school, "OPPORTUNITIES_CONTACTS_ASSOCIATION", "key of "+"OPPORTUNITIES_CONTACTS_ASSOCIATION"), ghl.Refused)
			})
		})
	}
}

func TestDeleteRefused(t *testing.T) {
	for name, c := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newHub(t, sandbox.Quirks{})
				id := f.sb.Relations(school)[7].ID
				// The answer to a relation's deletion may be any JSON. If the answer is
				// empty, the listing decides.
				if name != "an empty body" {
					f.sb.AddFault(sandbox.Fault{Method: "DELETE", Effect: c.effect})
					wantKind(t, f.DeleteRelation(background, seventh, id), c.kind)
					wantKind(t, f.DeleteAssociation(background, school, enrol, "key of "+enrol), c.kind)
				}
				f.sb.ClearFaults()
				f.newProcess()
				// A missing association counts as gone only if the token serves the
				// sub-account.
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Effect: c.effect})
				wantKind(t, f.DeleteAssociation(background, school, "kind-0", "key of "+"kind-0"), c.kind)
				if got := len(f.sb.Relations(school)); got != 150 {
					t.Errorf("%d relations are left, want all 150", got)
				}
			})
		})
	}
}

func TestDeleteRelation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		id := f.sb.Relations(school)[7].ID
		ok(t, f.DeleteRelation(background, seventh, id))
		f.wantCount("", 1)
		if got := len(f.sb.Relations(school)); got != 149 {
			t.Errorf("%d relations are left, want 149", got)
		}
	})
}

// An empty answer may come from the API, or from a proxy that did not forward the request.
// So the deletion is sent again, and the listing is read too.
func TestDeleteRelationAnsweredWithNothing(t *testing.T) {
	for name, test := range map[string]struct {
		fault             sandbox.Fault
		deletions, others int
	}{
		"carried out":                 {sandbox.Fault{Count: 1, Committed: true}, 2, 3},
		"not carried out":             {sandbox.Fault{Count: 1}, 2, 0},
		"not carried out three times": {sandbox.Fault{Count: 3}, 4, 8},
		"every answer is empty":       {sandbox.Fault{Committed: true}, 2, 8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newHub(t, sandbox.Quirks{})
				id := f.sb.Relations(school)[7].ID
				test.fault.Method, test.fault.Effect = "DELETE", sandbox.OKEmpty()
				f.sb.AddFault(test.fault)
				ok(t, f.DeleteRelation(background, seventh, id))
				if got := len(f.sb.Relations(school)); got != 149 {
					t.Errorf("%d relations are left, want 149", got)
				}
				f.wantCount(sandbox.RouteDeleteRelation, test.deletions)
				f.wantAtMost(test.deletions + test.others)
			})
		})
	}
}

func TestDeleteRelationNeverCarriedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Method: "DELETE", Effect: sandbox.OKEmpty()})
		if err := f.DeleteRelation(background, seventh, f.sb.Relations(school)[7].ID); err == nil || !strings.Contains(err.Error(), "accepts its deletion, but still lists it") {
			t.Errorf("error %v", err)
		}
	})
}

// A deletion moves the rows after it up. A listing that is being read meanwhile is read
// again, unless its total confirms the rows.
func TestListsAreWholeBesideDeletions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for i := range 2 * 4 {
			page, ofPage := 1+i%4, i/4 == 1 // a total that counts only the page confirms nothing
			f := newFixture(t, sandbox.Quirks{NoTotal: !ofPage, TotalOfPage: ofPage, PageCap: 2})
			f.addAssociations(4)
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, After: page, Count: 1, Effect: sandbox.Do(func() {
				ok(t, f.DeleteAssociation(background, school, "kind-0", "key of "+"kind-0"))
			})})
			rows, err := f.Associations(background, school)
			ok(t, err)
			if len(rows) != platformRows+3 {
				t.Errorf("deleted ahead of page %d, total of the page %t: %d rows, want %d: %+v", page, ofPage, len(rows), platformRows+3, rows)
			}
		}

		f := newHub(t, sandbox.Quirks{NoTotal: true, PageCap: 2})
		id := f.sb.Relations(school)[0].ID
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, After: 3, Count: 1, Effect: sandbox.Do(func() {
			ok(t, f.DeleteRelation(background, enrolled(class(0), student(0)), id))
		})})
		relations, err := f.Relations(background, school, class(0), nil)
		ok(t, err)
		if len(relations) != 149 || slices.ContainsFunc(relations, func(r ghl.Relation) bool { return r.ID == id }) {
			t.Errorf("%d relations, want the 149 that are left", len(relations))
		}
	})
}

// If a deletion makes the listing skip rows, the total shows that, unless a create adds a
// row at the same time. In both cases, the listing is read again.
func TestListsAreWholeBesideDeletionsAndCreates(t *testing.T) {
	t.Parallel()
	for i := range 3 * 2 * 2 {
		page, creates, userDefinedOnly := 1+i%3, i/3%2 == 1, i/6 == 1
		name := fmt.Sprintf("ahead of page %d, with a create: %t, system-defined rows in the total: %t", page, creates, !userDefinedOnly)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{PageCap: 2, SystemRows: sandbox.SystemRowsEveryPage, TotalUserDefinedOnly: userDefinedOnly})
				f.addAssociations(4)
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, After: page, Count: 1, Effect: sandbox.Do(func() {
					ok(t, f.DeleteAssociation(background, school, "kind-0", "key of "+"kind-0"))
					if creates {
						_, err := f.create(background)
						ok(t, err)
					}
				})})
				rows, err := f.Associations(background, school)
				ok(t, err)
				shown := map[string]bool{}
				for _, row := range rows {
					shown[row.ID] = true
				}
				for i, want := range []bool{false, true, true, true} {
					if id := fmt.Sprintf("kind-%d", i); shown[id] != want {
						t.Errorf("%s is shown: %t", id, !want)
					}
				}
			})
		})
	}
}

// A create moves rows too. If the listing then does not add up, it is read again, both for
// a data source and to prove that a deletion was carried out.
func TestListsAreWholeBesideCreates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for page := range 4 {
			for _, route := range []string{sandbox.RouteDeleteAssociation, sandbox.RouteListAssociations} {
				f := newFixture(t, sandbox.Quirks{PageCap: 2, MissingIs404: true, DeletionAnswer: sandbox.DeletionText})
				f.addAssociations(3)
				for i, page := range []int{page, page + 1} {
					send := make(chan struct{})
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Count: 1, Effect: sandbox.Do(func() { <-send })})
					created := inBackground(func() (ghl.Association, error) {
						other := wanted
						other.Key, other.FirstObjectLabel = fmt.Sprintf("other-%d", i), fmt.Sprintf("Other %d", i)
						return f.CreateAssociation(background, other)
					})
					synctest.Wait()
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, After: page, Count: 1, Effect: sandbox.Do(func() {
						close(send)
						_, err := created()
						ok(t, err)
					})})
				}
				if route == sandbox.RouteDeleteAssociation {
					ok(t, f.DeleteAssociation(background, school, "kind-0", "key of kind-0"))
					continue
				}
				rows, err := f.Associations(background, school)
				ok(t, err)
				if len(rows) != platformRows+5 {
					t.Errorf("created ahead of page %d: %d rows, want %d: %+v", page, len(rows), platformRows+5, rows)
				}
			}
		}
	})
}

// A deletion that is under way during the whole listing may move rows, so the listing
// fails.
func TestListsFailBesideAnEndlessDeletion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{NoTotal: true})
		f.addAssociations(1)
		f.sb.AddFault(sandbox.Fault{Method: "DELETE", Effect: sandbox.Stall(50 * time.Second)})
		deleted := inBackground(func() (any, error) { return nil, f.DeleteAssociation(background, school, "kind-0", "key of "+"kind-0") })
		_, err := f.Associations(background, school)
		wantIs(t, err, ghl.ErrIncomplete)
		_, err = deleted()
		ok(t, err)
		_, err = f.Associations(background, school)
		ok(t, err)
	})
}

// A relation's new id is found even if another deletion of this process makes the listing
// skip the relation.
func TestDeleteRelationMadeAgainBesideDeletions(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]sandbox.Quirks{"total": {PageCap: 2}, "no total": {PageCap: 2, NoTotal: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, quirks)
				other := f.addRelation(enrolled(class(0), student(0)))
				f.addRelation(enrolled(class(0), student(1)))
				f.addRelation(enrolled(class(0), student(2)))
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, After: 1, Count: 1, Effect: sandbox.Do(func() {
					ok(t, f.DeleteRelation(background, enrolled(class(0), student(0)), other.ID))
				})})
				ok(t, f.DeleteRelation(background, enrolled(class(0), student(2)), "gone"))
				if left := f.sb.Relations(school); len(left) != 1 || left[0].SecondRecordID != student(1) {
					t.Errorf("left are %+v", left)
				}
			})
		})
	}
}

// A relation does not count as gone while its row cannot be read.
func TestDeleteRelationMadeAgainUnreadable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		f.addRelation(enrolled(class(0), student(0)))
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Effect: sandbox.ListOfAnotherRecord()})
		wantIs(t, f.DeleteRelation(background, enrolled(class(0), student(0)), "gone"), ghl.ErrIncomplete)
		f.recover()
		ok(t, f.DeleteRelation(background, enrolled(class(0), student(0)), "gone"))
		if left := f.sb.Relations(school); len(left) != 0 {
			t.Errorf("left are %+v", left)
		}
	})
}

// A relation that was made again by hand is deleted by its new id.
func TestDeleteRelationMadeAgain(t *testing.T) {
	quirks := map[string]sandbox.Quirks{"404": {}, "400": {MissingRelationIs400: true}, "no keys": {RelationsWithoutObjectKeys: true}}
	for name, q := range quirks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newHub(t, q)
				ok(t, f.readRelation(seventh)) // the cached listing will soon be out of date
				f.remove(seventh)
				f.addRelation(seventh)
				ok(t, f.DeleteRelation(background, enrolled(student(7), class(0)), "68d2c5f0a1b2c3d4e5f6ffff"))
				if got := len(f.sb.Relations(school)); got != 149 {
					t.Errorf("%d relations are left, want 149", got)
				}
				f.wantCount(sandbox.RouteDeleteRelation, 2)
			})
		})
	}
}

// The mirrored relation of two records of one object is another relation, and is not
// deleted.
func TestDeleteRelationSparesTheMirrored(t *testing.T) {
	for name, q := range map[string]sandbox.Quirks{"": {}, "no keys": {RelationsWithoutObjectKeys: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, q)
				f.addRelation(mentored(student(2), student(1)))
				ok(t, f.DeleteRelation(background, mentored(student(1), student(2)), "68d2c5f0a1b2c3d4e5f6ffff"))
				f.onlyRelation()
			})
		})
	}
}

// A relation that is already gone is looked up with few requests, even on a huge hub.
func TestDeleteRelationGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		for _, ref := range hub(true, 0, 1000) {
			f.addRelation(ref)
		}
		f.addRelation(enrolled(class(1), student(5)))
		f.remove(enrolled(class(0), student(5)))
		ok(t, f.DeleteRelation(background, enrolled(class(0), student(5)), "68d2c5f0a1b2c3d4e5f6ffff"))
		f.wantAtMost(12) // two deletions and two lookups
		ok(t, f.DeleteRelation(background, enrolled(class(0), student(5000)), "68d2c5f0a1b2c3d4e5f6ffff"))
		f.wantAtMost(12 + 17) // the student's listing is empty, so the second lookup reads the class's listing to its end
		if got := len(f.sb.Relations(school)); got != 1000 {
			t.Errorf("%d relations are left, want 1000", got)
		}
	})
}

// If the other record lists a relation, the relation exists, however many answers say that
// it does not. The listing of a deleted record may be empty.
func TestDeleteRelationOfADeletedRecord(t *testing.T) {
	for _, listing := range []string{sandbox.DeletedListingEmpty, sandbox.DeletedListing404, sandbox.DeletedListing400} {
		t.Run(listing, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{DeletedRecordListing: listing})
				for _, ref := range hub(true, 0, 1000) {
					f.addRelation(ref)
				}
				id := f.sb.Relations(school)[900].ID
				f.sb.DeleteRecord(school, student(900))
				f.sb.AddFault(sandbox.Fault{Method: "DELETE", Count: 3, Effect: sandbox.NotFound()})
				ok(t, f.DeleteRelation(background, enrolled(class(0), student(900)), id))
				if got := len(f.sb.Relations(school)); got != 999 {
					t.Errorf("%d relations are left, want 999", got)
				}
			})
		})
	}
}

func TestDeleteRelationLookUpFails(t *testing.T) {
	for name, c := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newHub(t, sandbox.Quirks{})
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Effect: c.effect})
				err := f.DeleteRelation(background, seventh, "68d2c5f0a1b2c3d4e5f6ffff")
				wantKind(t, err, c.kind)
				f.wantCount(sandbox.RouteDeleteRelation, 1)
			})
		})
	}
}

// A deletion succeeds even if its answer is lost.
func TestDeleteRelationLostAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newHub(t, sandbox.Quirks{})
		id := f.sb.Relations(school)[7].ID
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Count: 1, Committed: true, Effect: sandbox.Reset()})
		ok(t, f.DeleteRelation(background, seventh, id))
		if got := len(f.sb.Relations(school)); got != 149 {
			t.Errorf("%d relations are left, want 149", got)
		}
	})
}
