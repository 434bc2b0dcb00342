package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func (f *fixture) association(id string) (ghl.Association, error) {
	return f.Association(background, school, id)
}

func TestAssociationAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(3)
		row, err := f.association("kind-1")
		ok(t, err)
		want := ghl.Association{
			ID: "kind-1", LocationID: school, Key: "key_1", AssociationType: "USER_DEFINED",
			FirstObjectKey: "business", FirstObjectLabel: "Firm 1", SecondObjectKey: "contact", SecondObjectLabel: "Person 1",
		}
		if row != want {
			t.Errorf("got %+v, want %+v", row, want)
		}
		f.wantCount(sandbox.RouteGetAssociation, 1)
		f.wantCount("", 1)
	})
}

// A single read costs one request. More reads request pages of the listing: at most 1.2
// times the number of pages that contain all rows, plus two.
func TestAssociationRequests(t *testing.T) {
	quirks := map[string]sandbox.Quirks{
		"rows once":           {},
		"rows on every page":  {SystemRows: sandbox.SystemRowsEveryPage},
		"no total":            {NoTotal: true},
		"user-defined counts": {TotalUserDefinedOnly: true},
	}
	sizes := []struct{ reads, rows, most int }{
		{1, 5, 1}, {1, 100, 1}, {1, 1000, 1},
		{2, 100, 3}, {10, 100, 3}, {96, 100, 3}, {100, 104, 4}, {197, 201, 5}, {300, 304, 6},
		{40, 44, 3},
		{2, 1000, 14}, {3, 1000, 14}, {5, 1000, 14}, {20, 1000, 14}, {500, 1000, 14}, {996, 1000, 14}, {1000, 1004, 15},
	}
	for name, q := range quirks {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s/%d of %d", name, size.reads, size.rows), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFixture(t, q)
					f.addAssociations(size.rows - platformRows)
					ids := rand.New(rand.NewPCG(1, 2)).Perm(size.rows - platformRows)[:size.reads]
					for _, latency := range []time.Duration{0, 30 * time.Millisecond} {
						f.newProcess()
						f.sb.SetLatency(latency)
						noErrors(t, parallelErrors(size.reads, func(i int) error { return f.readKind(ids[i]) }))
						f.wantAtMost(size.most)
					}
				})
			})
		}
	}
}

// readKind reads kind-i, and returns an error if it gets another row.
func (f *fixture) readKind(i int) error {
	row, err := f.association(kind(i).ID)
	if err == nil && row != wire(kind(i)) {
		err = fmt.Errorf("read kind-%d, got %+v", i, row)
	}
	return err
}

// refusals are answers that never mean that an object is gone.
var refusals = map[string]struct {
	effect sandbox.Effect
	kind   ghl.Kind
}{
	"401":                        {sandbox.Status(401), ghl.Unauthorized},
	"403":                        {sandbox.StatusMessage(403, "The token does not have access to this location."), ghl.Forbidden},
	"403 from the edge":          {sandbox.StatusHTML(403), ghl.EdgeRefused},
	"404 from the edge":          {sandbox.StatusHTML(404), ghl.UnknownRoute},
	"no such route":              {sandbox.CannotGET(), ghl.UnknownRoute},
	"no such route, in HTML":     {sandbox.CannotGETHTML(), ghl.UnknownRoute},
	"500":                        {sandbox.Status(500), ghl.Unavailable},
	"502 as HTML":                {sandbox.StatusHTML(502), ghl.Unavailable},
	"524 as HTML":                {sandbox.StatusHTML(524), ghl.Unavailable},
	"500 that says not found":    {sandbox.StatusMessage(500, "Association not found"), ghl.Unavailable},
	"HTML":                       {sandbox.OKHTML(), ghl.Malformed},
	"an empty body":              {sandbox.OKEmpty(), ghl.Malformed},
	"a reset":                    {sandbox.Reset(), ghl.Network},
	"the daily quota is used up": {sandbox.DailySpent(), ghl.DailyLimit},
	"an endless stall":           {sandbox.Stall(time.Hour), ghl.Network},
}

func TestAssociationRefusalIsNotGone(t *testing.T) {
	for name, c := range refusals {
		for _, route := range []string{sandbox.RouteGetAssociation, sandbox.RouteListAssociations} {
			t.Run(name+" to "+route, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFixture(t, sandbox.Quirks{})
					f.sb.AddFault(sandbox.Fault{Route: route, Effect: c.effect})
					_, err := f.association("kind-1") // kind-1 does not exist
					wantKind(t, err, c.kind)
					f.recover()
					_, err = f.association("kind-1") // the error is not cached
					wantIs(t, err, store.ErrGone)
				})
			})
		}
	}
}

func TestAssociationHalfAnswer(t *testing.T) {
	cases := map[string]sandbox.Effect{"with matching length": sandbox.HalfJSON(true), "cut": sandbox.HalfJSON(false)}
	for name, effect := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.addAssociations(1)
				f.sb.AddFault(sandbox.Fault{Effect: effect})
				for _, id := range []string{"kind-0", "kind-1"} {
					_, err := f.association(id)
					if err == nil || errors.Is(err, store.ErrGone) {
						t.Errorf("error %v for half an answer", err)
					}
				}
				_, err := f.Associations(background, school)
				if err == nil {
					t.Error("half a list returned no error")
				}
			})
		})
	}
}

func TestAssociationGone(t *testing.T) {
	quirks := map[string]sandbox.Quirks{"400": {}, "404": {MissingIs404: true}, "no total": {NoTotal: true}}
	for name, q := range quirks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, q)
				_, err := f.association("kind-1")
				wantIs(t, err, store.ErrGone)
				f.wantCount(sandbox.RouteGetAssociation, 2)   // the second request is sent after a pause
				f.wantCount(sandbox.RouteListAssociations, 2) // including the empty page at the end

				_, err = f.association("kind-2") // the listing has been read
				wantIs(t, err, store.ErrGone)
				f.wantCount("", 6)
			})
		})
	}
}

func TestAssociationOfAnotherSubAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(1)
		f.useToken(otherToken)
		_, err := f.association("kind-0") // 404, because the token is for another sub-account
		wantKind(t, err, ghl.Forbidden)

		f.sb.AddAssociation(sandbox.Association{LocationID: other, ID: "theirs", Key: "k", FirstObjectKey: "a", SecondObjectKey: "b"})
		_, err = f.association("theirs") // 200, but the row belongs to the other sub-account
		wantKind(t, err, ghl.Forbidden)
	})
}

// A listing that lacks an association proves nothing: the association is read by id.
func TestAssociationMissingFromWalk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(3)
		_, err := f.Associations(background, school)
		ok(t, err)
		f.sb.AddAssociation(kind(7))
		for range 2 { // the first read of a process always uses the id
			row, err := f.association("kind-7")
			ok(t, err)
			if row.Key != "key_7" {
				t.Errorf("got %+v", row)
			}
		}
		f.sb.RemoveAssociation(school, "kind-7")
		_, err = f.association("kind-7")
		wantIs(t, err, store.ErrGone)
	})
}

func relabelled(i int, label string) ghl.Association {
	want := wire(kind(i))
	want.FirstObjectLabel = label
	return want
}

func TestAssociationOwnWritesAreSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(3)
		noErrors(t, parallelErrors(3, f.readKind))
		_, err := f.UpdateLabels(background, school, "kind-1", relabelled(1, "Company"))
		ok(t, err)
		for range 3 {
			row, err := f.association("kind-1")
			ok(t, err)
			if row.FirstObjectLabel != "Company" {
				t.Errorf("label %q after the update", row.FirstObjectLabel)
			}
		}
		made, err := f.CreateAssociation(background, relabelled(9, "Nine"))
		ok(t, err)
		ok(t, f.readKind(2))
		rows, err := f.Associations(background, school)
		ok(t, err)
		if len(rows) != 3+1+platformRows {
			t.Errorf("%d rows after a create", len(rows))
		}
		ok(t, f.DeleteAssociation(background, school, made.ID, "key of "+made.ID))
		for range 3 {
			_, err = f.association(made.ID)
			wantIs(t, err, store.ErrGone)
		}
	})
}

// A read that begins after a write does not use a page that was requested before the write.
func TestAssociationWalkDuringWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(3)
		_, err := f.association("kind-0")
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Count: 1, Committed: true, Effect: sandbox.Stall(10 * time.Second)})
		early := inBackground(func() (ghl.Association, error) { return f.association("kind-1") })
		_, err = f.UpdateLabels(background, school, "kind-1", relabelled(1, "Company"))
		ok(t, err)
		for range 3 {
			row, err := f.association("kind-1")
			ok(t, err)
			if row.FirstObjectLabel != "Company" {
				t.Errorf("label %q while an old listing is being read", row.FirstObjectLabel)
			}
		}
		begun := time.Now()
		row, err := early()
		ok(t, err)
		wantWaited(t, begun, 10*time.Second)
		if row.FirstObjectLabel != "Firm 1" {
			t.Errorf("label %q for the read that began before the write", row.FirstObjectLabel)
		}
		for range 3 {
			if row, err = f.association("kind-1"); row.FirstObjectLabel != "Company" || err != nil {
				t.Errorf("label %q, error %v after an old listing ended", row.FirstObjectLabel, err)
			}
		}
	})
}

// A read that begins after a write does not use a listing that was read during the write.
func TestAssociationWalkWithinWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(3)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateAssociation, Effect: sandbox.Stall(10 * time.Second)})
		write := inBackground(func() (ghl.Association, error) {
			return f.UpdateLabels(background, school, "kind-1", relabelled(1, "Company"))
		})
		noErrors(t, parallelErrors(3, f.readKind))
		_, err := write()
		ok(t, err)
		for range 3 {
			row, err := f.association("kind-1")
			ok(t, err)
			if row.FirstObjectLabel != "Company" {
				t.Errorf("label %q after the write", row.FirstObjectLabel)
			}
		}
	})
}

// A failed list call is retried for all waiting reads together, not for each of them. If it
// keeps failing, the associations are read by id.
func TestAssociationSharedFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(10)
		_, err := f.association("kind-0")
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Effect: sandbox.Status(503)})
		noErrors(t, parallelErrors(9, f.readKind))
		f.wantCount(sandbox.RouteListAssociations, 3) // MaxRetries is 2
		noErrors(t, parallelErrors(9, f.readKind))
		f.wantCount(sandbox.RouteListAssociations, 3)
		f.sb.ClearFaults()
		_, err = f.association("kind-5")
		ok(t, err)
	})
}

// A malformed row makes the list fail, but no read fails: the row's association is read by
// id.
func TestAssociationMalformedRow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(20)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Effect: sandbox.MalformedItem()})
		noErrors(t, parallelErrors(20, f.readKind))
		_, err := f.Associations(background, school)
		wantIs(t, err, ghl.ErrIncomplete)
	})
}

// Even if the pages do not add up, reads return the right rows: an association that the
// listing lacks is read by id.
func TestAssociationsFromOddPages(t *testing.T) {
	for name, fault := range oddPages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.addAssociations(400)
				fault.Route = sandbox.RouteListAssociations
				f.sb.AddFault(fault)
				noErrors(t, parallelErrors(400, f.readKind))
				_, err := f.association("kind-400")
				if !errors.Is(err, store.ErrGone) && !errors.Is(err, ghl.ErrIncomplete) {
					t.Errorf("error %v for a row that does not exist", err)
				}
				rows, err := f.Associations(background, school)
				if err == nil && len(rows) != 404 {
					t.Errorf("listed %d rows without an error", len(rows))
				} else if err != nil {
					wantIs(t, err, ghl.ErrIncomplete)
				}
			})
		})
	}
}

// oddPages are listings that repeat, skip, reorder or drop rows, and listings with wrong
// totals.
var oddPages = map[string]sandbox.Fault{
	"pages repeated":         {Effect: sandbox.RepeatPage()},
	"a page repeated":        {Count: 1, Effect: sandbox.RepeatPage()},
	"pages shrunk":           {Effect: sandbox.ShrinkPage(30)},
	"pages without rows":     {Effect: sandbox.ShrinkPage(100)},
	"second page empty":      {After: 1, Count: 1, Effect: sandbox.ShrinkPage(100)},
	"pages reordered":        {Effect: sandbox.ReorderPage()},
	"rows skipped":           {After: 1, Effect: sandbox.SkipRows(10)},
	"total too large":        {Effect: sandbox.LyingTotal(50)},
	"total too small":        {Effect: sandbox.LyingTotal(-50)},
	"total zero":             {Effect: sandbox.LyingTotal(-100000)},
	"one total too large":    {Count: 1, Effect: sandbox.LyingTotal(50)},
	"malformed, then proper": {Count: 2, Effect: sandbox.MalformedItem()},
}

func TestAssociationByKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddAssociation(asStored("a"))
		for _, key := range []string{"teacher_of", "Teacher_Of"} {
			row, err := f.AssociationByKey(background, school, key)
			ok(t, err)
			if row.ID != "a" {
				t.Errorf("%s: got %+v", key, row)
			}
		}
		row, err := f.AssociationByKey(background, school, "OPPORTUNITIES_CONTACTS_ASSOCIATION")
		ok(t, err)
		if !row.IsSystemDefined() {
			t.Errorf("got %+v", row)
		}
		_, err = f.AssociationByKey(background, school, "teacher")
		wantIs(t, err, store.ErrNotFound)
		f.sb.AddFault(sandbox.Fault{Effect: sandbox.CannotGET()})
		_, err = f.AssociationByKey(background, school, "teacher_of")
		wantKind(t, err, ghl.UnknownRoute)
	})
}

func TestAssociationsByObjectKey(t *testing.T) {
	for _, answer := range []string{sandbox.ObjectKeyWrapped, sandbox.ObjectKeyArray, sandbox.ObjectKeySingle} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{ObjectKeyAnswer: answer})
				f.sb.AddAssociation(asStored("a"))
				rows, err := f.AssociationsByObjectKey(background, school, "custom_objects.student")
				ok(t, err)
				if len(rows) != 1 || rows[0].ID != "a" {
					t.Errorf("got %+v", rows)
				}
				rows, err = f.AssociationsByObjectKey(background, school, "custom_objects.none")
				ok(t, err)
				if len(rows) != 0 {
					t.Errorf("got %+v", rows)
				}
			})
		})
	}
}
