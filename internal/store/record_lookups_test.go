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

// petNamed returns a query for a pet by its name.
func petNamed(name string) store.RecordQuery {
	return store.RecordQuery{LocationID: school, ObjectKey: petKey, Property: "name", Value: name}
}

func contactWith(email, phone string) store.RecordQuery {
	return store.RecordQuery{LocationID: school, Email: email, Phone: phone}
}

// addPets adds a record for each name; their ids are pet-1, pet-2, …
func (f *fixture) addPets(names ...string) {
	for i, name := range names {
		f.sb.AddRecord(school, fmt.Sprintf("pet-%d", i+1), petKey, map[string]any{"name": name})
	}
}

// wantRecord sends a query and compares the answer.
func (f *fixture) wantRecord(q store.RecordQuery, want string) {
	f.t.Helper()
	if id, err := f.Record(f.t.Context(), q, 0); err != nil || id != want {
		f.t.Errorf("%+v: got %q, %v, want %q", q, id, err, want)
	}
}

// Equal queries are sent once, whether they are concurrent or sequential.
func TestRecordLookupsAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		f.sb.SetLatency(30 * time.Millisecond)
		f.addPets("Rex", "Tom")
		f.sb.AddRecord(school, "contact-1", "", map[string]any{"email": "ann+home@example.com", "phone": "+15550100"})
		f.sb.ResetRequests()
		questions := map[store.RecordQuery]string{
			petNamed("Rex"): "pet-1", petNamed("Tom"): "pet-2",
			contactWith("ann+home@example.com", ""): "contact-1", contactWith("Ann+Home@Example.com", ""): "contact-1",
			contactWith("", "+15550100"): "contact-1", contactWith("", "+1 (555) 01-00"): "contact-1", contactWith("", "001 555 01 00"): "contact-1",
		}
		var all []store.RecordQuery
		for q := range questions {
			all = append(all, q, q, q, q, q)
		}
		for range 2 {
			noErrors(t, parallelErrors(len(all), func(i int) error {
				id, err := f.Record(t.Context(), all[i], 0)
				if err == nil && id != questions[all[i]] {
					err = fmt.Errorf("%+v: got %s, want %s", all[i], id, questions[all[i]])
				}
				return err
			}))
			f.wantCount(sandbox.RouteSearchRecords, 2)
			f.wantCount(sandbox.RouteDuplicateContact, 2)
			f.wantCount("", 4)
		}
	})
}

// "Not found" is not cached, and an error is not cached either.
func TestRecordLookupKeepsNoOtherAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		for name, q := range map[string]store.RecordQuery{"pet-1": petNamed("Rex"), "contact-1": contactWith("ann@example.com", "")} {
			for range 2 {
				_, err := f.Record(t.Context(), q, 0)
				wantIs(t, err, store.ErrNotFound)
			}
			f.addPets("Rex")
			f.sb.AddRecord(school, "contact-1", "", map[string]any{"email": "ann@example.com"})
			f.sb.AddFault(sandbox.Fault{Effect: sandbox.Status(503)})
			_, err := f.Record(t.Context(), q, 0)
			wantKind(t, err, ghl.Unavailable)
			f.recover()
			f.wantRecord(q, name)
			f.sb.DeleteRecord(school, "pet-1")
			f.sb.DeleteRecord(school, "contact-1")
			f.wantRecord(q, name) // an id that was found stays cached
		}
	})
}

// A lookup waits for a new record until the caller's lag has passed.
func TestRecordLookupWaits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lag      time.Duration
		found    bool
		waited   time.Duration
		requests int
	}{
		"not at all":          {0, false, 0, 1},
		"too short":           {10 * time.Second, false, 10 * time.Second, 5}, // after 0, 1, 3, 7 and 10 seconds
		"long enough":         {15 * time.Second, true, 15 * time.Second, 5},  // after 0, 1, 3, 7 and 15 seconds
		"longer than needed":  {time.Minute, true, 15 * time.Second, 5},
		"exactly long enough": {12 * time.Second, true, 12 * time.Second, 5},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := kennel(t, sandbox.Quirks{RecordLag: 12 * time.Second})
			f.addPets("Rex")
			f.sb.ResetRequests()
			begun := time.Now()
			id, err := f.Record(t.Context(), petNamed("Rex"), test.lag)
			if (err == nil && id == "pet-1") != test.found || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: got %q, %v", name, id, err)
			}
			wantWaited(t, begun, test.waited)
			f.wantCount("", test.requests)
		})
	}
}

// A lookup stops waiting when its caller's context ends.
func TestRecordLookupEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err := f.Record(ctx, petNamed("Rex"), time.Hour)
		wantIs(t, err, context.DeadlineExceeded)
		wantWaited(t, begun, 2*time.Second)
	})
}

// If several records have a value, the error contains their number, even if they fill more
// than one page.
func TestSeveralRecords(t *testing.T) {
	t.Parallel()
	many := make([]string, 250)
	for i := range many {
		many[i] = "Rex"
	}
	for name, test := range map[string]struct {
		quirks   sandbox.Quirks
		names    []string
		want     store.SeveralRecordsError
		requests int
	}{
		"two":                                {sandbox.Quirks{}, []string{"Rex", "Tom", "Rex"}, store.SeveralRecordsError{Count: 2}, 1},
		"two, no total":                      {sandbox.Quirks{NoTotal: true}, []string{"Rex", "Tom", "Rex"}, store.SeveralRecordsError{Count: 2}, 1},
		"many":                               {sandbox.Quirks{}, many, store.SeveralRecordsError{Count: 250}, 1},
		"many, no total":                     {sandbox.Quirks{NoTotal: true}, many, store.SeveralRecordsError{Count: 100, AtLeast: true}, 1},
		"two among others":                   {sandbox.Quirks{FuzzySearch: true}, []string{"Rex", "T. rex", "Rex"}, store.SeveralRecordsError{Count: 2}, 1},
		"two among others, on several pages": {sandbox.Quirks{FuzzySearch: true}, append([]string{"rex"}, many...), store.SeveralRecordsError{Count: 99, AtLeast: true}, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := kennel(t, test.quirks)
			f.addPets(test.names...)
			f.sb.ResetRequests()
			_, err := f.Record(t.Context(), petNamed("Rex"), time.Minute)
			if several, ok := errors.AsType[*store.SeveralRecordsError](err); !ok || *several != test.want {
				t.Errorf("%s: got %+v, want %+v", name, err, test.want)
			}
			f.wantCount("", test.requests)
		})
	}
}

// If a search also returns inexact matches, a single exact match is the result. If a page
// does not settle the result, the next page is read.
func TestInexactSearch(t *testing.T) {
	t.Parallel()
	others := func(n int, last string) []string {
		names := make([]string, n, n+1)
		for i := range names {
			names[i] = "T. REX"
		}
		return append(names, last)
	}
	for name, test := range map[string]struct {
		quirks   sandbox.Quirks
		names    []string
		want     string
		err      error
		requests int
	}{
		"one among others":                {sandbox.Quirks{FuzzySearch: true}, []string{"rex", "Rex", "T. Rex"}, "pet-2", nil, 1},
		"others alone":                    {sandbox.Quirks{FuzzySearch: true}, []string{"rex", "T. Rex"}, "", store.ErrNotFound, 1},
		"one on the third page":           {sandbox.Quirks{FuzzySearch: true}, others(230, "Rex"), "pet-231", nil, 3},
		"one on the third page, no total": {sandbox.Quirks{FuzzySearch: true, NoTotal: true}, others(230, "Rex"), "pet-231", nil, 3},
		"none on full pages":              {sandbox.Quirks{FuzzySearch: true, NoTotal: true}, others(199, "rex"), "", store.ErrNotFound, 3},
		"more pages than are read":        {sandbox.Quirks{FuzzySearch: true}, others(1000, "Rex"), "", store.ErrInexactSearch, 10},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := kennel(t, test.quirks)
			f.addPets(test.names...)
			f.sb.ResetRequests()
			id, err := f.Record(t.Context(), petNamed("Rex"), 0)
			if id != test.want || !errors.Is(err, test.err) {
				t.Errorf("%s: got %q, %v", name, id, err)
			}
			f.wantCount("", test.requests)
		})
	}
}

// A value is found exactly as stored, whatever characters it contains. A number is found by
// its text.
func TestRecordValues(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{CustomObjectRecords: true})
		names := []string{`"Rex" \ the 1st`, "Zoë & Ω <b>", "日本 🐕", " edges ", "O'Malley, Jr."}
		f.addPets(names...)
		for i, name := range names {
			f.wantRecord(petNamed(name), fmt.Sprintf("pet-%d", i+1))
		}
		f.sb.AddRecord(school, "rex", petKey, map[string]any{"age": 3})
		f.wantRecord(store.RecordQuery{LocationID: school, ObjectKey: petKey, Property: "age", Value: "3"}, "rex")
		f.sb.AddRecord(school, "firm", "business", map[string]any{"name": "Firm"})
		f.wantRecord(store.RecordQuery{LocationID: school, ObjectKey: "business", Property: "name", Value: "Firm"}, "firm")
	})
}

// If the object of a record does not exist, the lookup of the record returns an error other
// than ErrNotFound.
func TestRecordOfNoObject(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		_, err := f.Record(t.Context(), petNamed("Rex"), time.Minute)
		wantKind(t, err, ghl.NotFound)
		if errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		f.wantCount("", 1)
	})
}
