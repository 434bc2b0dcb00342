package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// All kinds of objects that names identify behave in the same way, so custom values are
// tested as an example.

var phone = ghl.CustomValue{LocationID: school, Name: "Phone", Value: "1"}

func (f *fixture) values() *store.Named[ghl.CustomValue] { return f.CustomValues(school) }

func (f *fixture) addValue(name, value string) sandbox.CustomValue {
	return f.sb.CustomValues().Add(sandbox.CustomValue{LocationID: school, Name: name, Value: value})
}

func (f *fixture) wantValues(want ...string) {
	f.t.Helper()
	var got []string
	for _, v := range f.sb.CustomValues().All(school) {
		got = append(got, v.Name+"="+v.Value)
	}
	if !slices.Equal(got, want) {
		f.t.Errorf("stored are %q, want %q", got, want)
	}
}

// wantHolder fails the test unless err is an *ExistsError. If id is not "", the error must
// be about the object with that id.
func wantHolder(t *testing.T, err error, id string) {
	t.Helper()
	exists, ok := errors.AsType[*store.ExistsError](err)
	if !ok || exists.ID != id {
		t.Errorf("error %v, want an ExistsError about %q", err, id)
	}
}

// After a lost answer, the object is looked up by its name. An object with the content that
// was sent is the create's own. If there is no object, the create is sent again. Either
// way, exactly one object exists at the end.
func TestNamedCreateLostAnswer(t *testing.T) {
	for name, effect := range lostAnswers {
		for _, isCarriedOut := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, carried out %t", name, isCarriedOut), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFixture(t, sandbox.Quirks{})
					f.addValue("Desk", "0")
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomValue, Count: 1, Effect: effect, Committed: isCarriedOut})
					row, err := f.values().Create(background, phone)
					ok(t, err)
					f.wantValues("Desk=0", "Phone=1")
					if stored := f.sb.CustomValues().All(school)[1].ID; row.ID != stored {
						t.Errorf("got %s, stored is %s", row.ID, stored)
					}
					if f.Adopted(school, row.ID) != isCarriedOut {
						t.Errorf("adopted: %t", !isCarriedOut)
					}
				})
			})
		}
	}
}

// A value that is listed late is still found: the create is not sent again while the value
// may still appear.
func TestNamedCreateShowsLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		_, err := f.values().All(background)
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomValue, Count: 1, Effect: sandbox.Reset()})
		go func() {
			time.Sleep(20 * time.Second)
			f.addValue("Phone", "1")
		}()
		_, err = f.values().Create(background, phone)
		ok(t, err)
		f.wantCount(sandbox.RouteCreateCustomValue, 1)
		f.wantValues("Phone=1")
	})
}

// A lost create does not adopt a value with other content.
func TestNamedCreateAdoptsNothingElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomValue, Count: 1, Effect: sandbox.Reset()})
		var other sandbox.CustomValue
		go func() {
			time.Sleep(5 * time.Second)
			other = f.addValue("Phone", "2")
		}()
		_, err := f.values().Create(background, phone)
		synctest.Wait()
		wantHolder(t, err, other.ID)
		f.wantCount(sandbox.RouteCreateCustomValue, 1)
		f.wantValues("Phone=2")
	})
}

// A row that this process saw before a lost create is not the create's result, even if the
// row has been changed to that name and value since.
func TestNamedCreateAdoptsNoKnownRow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		desk := f.addValue("Desk", "1")
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomValue, Count: 1, Effect: sandbox.Reset()})
		go func() {
			time.Sleep(5 * time.Second)
			f.sb.CustomValues().Update(school, desk.ID, func(v *sandbox.CustomValue) { v.Name = "Phone" })
		}()
		_, err := f.values().Create(background, phone)
		wantHolder(t, err, desk.ID)
		f.wantCount(sandbox.RouteCreateCustomValue, 1)
		f.wantValues("Phone=1")
	})
}

// If two concurrent applies each make an object and lose the answer, neither adopts the
// other's object.
func TestNamedCreateAdoptsNoneOfSeveral(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomValue, Count: 1, Effect: sandbox.Reset(), Committed: true})
		f.sb.SetLatency(2 * time.Second)
		go func() {
			time.Sleep(3 * time.Second) // after the lookup of the name, concurrent with the create
			f.addValue("Phone", "1")
		}()
		_, err := f.values().Create(background, phone)
		several, ok := errors.AsType[*store.SeveralError](err)
		if _, isUnknown := errors.AsType[*settle.UnknownOutcomeError](err); !ok || !isUnknown || len(several.IDs) != 2 {
			t.Errorf("error %v, want an UnknownOutcomeError about both", err)
		}
		f.wantCount(sandbox.RouteCreateCustomValue, 1)
		f.wantValues("Phone=1", "Phone=1")
	})
}

// If the listing fails after a lost answer, the error says that the outcome is unknown.
func TestNamedCreateUnknownOutcome(t *testing.T) {
	for name, effect := range map[string]sandbox.Effect{"an outage": sandbox.Status(502), "no permission": sandbox.Status(403)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomValue, Count: 1, Effect: sandbox.Reset(), Committed: true})
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomValues, After: 1, Effect: effect})
				_, err := f.values().Create(background, phone)
				if _, isUnknown := errors.AsType[*settle.UnknownOutcomeError](err); !isUnknown {
					t.Errorf("error %v, want an UnknownOutcomeError", err)
				}
				f.wantCount(sandbox.RouteCreateCustomValue, 1)
			})
		})
	}
}

// A taken name is found before the create is sent. If somebody takes the name after that
// check, the server's refusal shows that.
func TestNamedCreateTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{DuplicateValueNames: sandbox.ValueNamesRefused})
		desk := f.addValue("Desk", "0")
		_, err := f.values().Create(background, ghl.CustomValue{LocationID: school, Name: "Desk", Value: "1"})
		wantHolder(t, err, desk.ID)
		f.wantCount(sandbox.RouteCreateCustomValue, 0)
		other := f.addValue("Phone", "2") // added after the first create read the list
		_, err = f.values().Create(background, phone)
		wantHolder(t, err, other.ID)
		f.wantValues("Desk=0", "Phone=2")
	})
}

// A refusal for another reason is returned unchanged.
func TestNamedCreateRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{EmptyValuesRefused: true})
		_, err := f.values().Create(background, ghl.CustomValue{LocationID: school, Name: "Phone"})
		if ghl.KindOf(err) != ghl.Refused {
			t.Errorf("error %v, want the refusal", err)
		}
		if _, ok := errors.AsType[*store.ExistsError](err); ok {
			t.Errorf("%v says that the object exists", err)
		}
	})
}

// Concurrent creates read the list once. Two creates with one name make one object.
func TestNamedCreatesSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.SetLatency(30 * time.Millisecond)
		errs := parallelErrors(40, func(i int) error {
			_, err := f.values().Create(background, ghl.CustomValue{LocationID: school, Name: fmt.Sprint("Name ", i/2), Value: "x"})
			return err
		})
		failed := 0
		for _, err := range errs {
			if err != nil {
				failed++
			}
		}
		if failed != 20 || len(f.sb.CustomValues().All(school)) != 20 {
			t.Errorf("%d of 40 failed, and %d are stored, want 20 and 20", failed, len(f.sb.CustomValues().All(school)))
		}
		f.wantCount(sandbox.RouteCreateCustomValue, 20)
	})
}

// A rename takes the new name and frees the old one. A deletion also frees the name.
func TestNamedRenameAndDelete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		row, err := f.values().Create(background, phone)
		ok(t, err)
		renamed := row
		renamed.Name = "Desk"
		_, err = f.values().Update(background, renamed)
		ok(t, err)
		_, err = f.values().Create(background, ghl.CustomValue{LocationID: school, Name: "Desk", Value: "2"})
		wantHolder(t, err, row.ID)
		_, err = f.values().Create(background, phone)
		ok(t, err)
		f.wantValues("Desk=1", "Phone=1")
		ok(t, f.values().Delete(background, row.ID, "Desk"))
		_, err = f.values().Create(background, ghl.CustomValue{LocationID: school, Name: "Desk", Value: "2"})
		ok(t, err)
		f.wantValues("Phone=1", "Desk=2")
	})
}

// An answer without a row does not show whether an update was carried out. If it had no
// effect, it is sent again. If it never has an effect, Update returns an error.
func TestNamedUpdateEmptyAnswer(t *testing.T) {
	for _, tc := range []struct {
		isCarriedOut bool
		empty, sent  int
		stored       string
	}{{true, 1, 1, "Phone=2"}, {false, 1, 2, "Phone=2"}, {false, 0, 5, "Phone=1"}} {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, sandbox.Quirks{})
			row, err := f.values().Create(background, phone)
			ok(t, err)
			f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateCustomValue, Count: tc.empty, Effect: sandbox.OKEmpty(), Committed: tc.isCarriedOut})
			row.Value = "2"
			if _, err = f.values().Update(background, row); (err == nil) != (tc.stored == "Phone=2") {
				t.Errorf("error %v, want %s stored", err, tc.stored)
			}
			f.wantValues(tc.stored)
			f.wantCount(sandbox.RouteUpdateCustomValue, tc.sent)
		})
	}
}

// Reads share one call, and return what this process wrote.
func TestNamedReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.SetLatency(30 * time.Millisecond)
		ids := make([]string, 50)
		for i := range ids {
			ids[i] = f.addValue(fmt.Sprint("Name ", i), "x").ID
		}
		noErrors(t, parallelErrors(len(ids), func(i int) error {
			_, err := f.values().Read(background, ids[i])
			return err
		}))
		f.wantCount("", 1)
		row, err := f.values().Read(background, ids[7])
		ok(t, err)
		row.Value = "y"
		_, err = f.values().Update(background, row)
		ok(t, err)
		if row, err = f.values().Read(background, ids[7]); err != nil || row.Value != "y" {
			t.Errorf("read %+v, %v after the update", row, err)
		}
	})
}

// An object is gone if the API itself says that the object is missing and a complete list
// lacks it. The list may be empty if the token is known to serve the sub-account. No other
// answers mean that an object is gone.
func TestNamedGone(t *testing.T) {
	list, get := sandbox.RouteListCustomValues, sandbox.RouteGetCustomValue
	for name, c := range map[string]struct {
		isThere bool
		faults  []sandbox.Fault
		gone    bool
	}{
		"gone":                       {gone: true},
		"gone, reported as 400":      {gone: true, faults: []sandbox.Fault{{Route: get, Effect: sandbox.Answer(400, `{"statusCode":400,"message":"Custom value not found"}`)}}},
		"the list fails":             {faults: []sandbox.Fault{{Route: list, Effect: sandbox.Status(502)}}},
		"no permission":              {faults: []sandbox.Fault{{Route: get, Effect: sandbox.Status(403)}}},
		"a router's 404":             {faults: []sandbox.Fault{{Route: get, Effect: sandbox.Answer(404, `Cannot GET /locations`)}}},
		"the list is truncated":      {faults: []sandbox.Fault{{Route: list, Effect: sandbox.HalfJSON(false)}}},
		"the associations fail":      {faults: []sandbox.Fault{{Route: sandbox.RouteListAssociations, Effect: sandbox.Status(403)}}},
		"an empty list is wrong":     {isThere: true, faults: []sandbox.Fault{{Route: list, Effect: sandbox.Answer(200, `{"customValues":[]}`)}}},
		"one 404 for a listed value": {isThere: true, faults: []sandbox.Fault{{Route: list, Effect: sandbox.Answer(200, `{"customValues":[]}`)}, {Route: get, Count: 1, Effect: sandbox.Answer(404, `{"statusCode":404,"message":"Custom value not found"}`)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				row := f.addValue("Phone", "1")
				if !c.isThere {
					f.sb.CustomValues().Remove(school, row.ID)
				}
				for _, fault := range c.faults {
					f.sb.AddFault(fault)
				}
				_, err := f.values().Read(background, row.ID)
				if isGone := errors.Is(err, store.ErrGone); isGone != c.gone || (err == nil) != c.isThere {
					t.Errorf("error %v, gone: %t", err, isGone)
				}
			})
		})
	}
}

// The rows of a list without pages do not move, so concurrent creates and deletions need
// the list only once.
func TestNamedCreatesBesideDeletions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.SetLatency(30 * time.Millisecond)
		rows := make([]sandbox.CustomValue, 10)
		for i := range rows {
			rows[i] = f.addValue(fmt.Sprint("Old ", i), "x")
		}
		noErrors(t, parallelErrors(20, func(i int) error {
			if i < 10 {
				return f.values().Delete(background, rows[i].ID, rows[i].Name)
			}
			_, err := f.values().Create(background, ghl.CustomValue{LocationID: school, Name: fmt.Sprint("New ", i), Value: "x"})
			return err
		}))
		f.wantCount(sandbox.RouteListCustomValues, 1)
		f.wantCount("", 1+20)
	})
}

// If the server stores a name without leading and trailing white space, the object is still
// found after a lost answer.
func TestNamedCreateTrimmed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomValue, Count: 1, Effect: sandbox.Reset()})
		f.sb.SetLatency(2 * time.Second)
		go func() {
			time.Sleep(3 * time.Second) // after the lookup of the name, concurrent with the create
			f.addValue("Phone", "1")
		}()
		_, err := f.values().Create(background, ghl.CustomValue{LocationID: school, Name: "Phone ", Value: "1\n"})
		ok(t, err)
		f.wantCount(sandbox.RouteCreateCustomValue, 1)
		f.wantValues("Phone=1")
	})
}

// A list that lacks an object that this process has created is incomplete, unless others
// have deleted the object.
func TestNamedListLacksOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		row, err := f.values().Create(background, phone)
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomValues, Count: 1, Effect: sandbox.ShrinkPage(1)})
		if rows, err := f.values().All(background); err != nil || len(rows) != 1 {
			t.Errorf("listed %v, %v", rows, err)
		}
		f.sb.CustomValues().Remove(school, row.ID)
		ok(t, f.values().Delete(background, f.addValue("Desk", "0").ID, "Desk")) // after a write, the list is read again
		if rows, err := f.values().All(background); err != nil || len(rows) != 0 {
			t.Errorf("listed %v, %v", rows, err)
		}
	})
}
