package store_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The creates of a complete model, ten at a time as an engine sends them, use the full rate
// limit of a developer's agency or of an app. No request is refused, and few requests other
// than the creates are sent.
func TestModelIsCreatedAtTheRateLimit(t *testing.T) {
	for _, limit := range []sandbox.RateLimit{
		{Max: 25, Interval: 10 * time.Second}, {Max: 25, Interval: 10 * time.Second, Sliding: true}, {Max: 100, Interval: 10 * time.Second},
	} {
		t.Run(fmt.Sprintf("%d, sliding %t", limit.Max, limit.Sliding), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				limit.Daily = plenty
				f := newFixture(t, sandbox.Quirks{})
				f.sb.SetLocationRateLimit(school, limit)
				f.sb.SetLatency(30 * time.Millisecond)
				begun := time.Now()
				f.createModel(4, 40, 60, 20)
				n, took := f.count(""), time.Since(begun)
				// The first limit.Max requests do not wait, and each further limit.Max
				// requests wait for one interval.
				least := time.Duration((n-1)/limit.Max) * limit.Interval
				if rate := least.Seconds() / took.Seconds(); rate < 0.95 {
					t.Errorf("%d requests took %s: %.0f %% of the rate", n, took, 100*rate)
				}
				t.Logf("%d requests for 124 creates in %s", n, took)
				if n > 124+14 {
					t.Errorf("%d requests, want at most 138", n)
				}
				for _, r := range f.sb.Requests() {
					if r.Status == 429 {
						t.Fatalf("refused because of the rate limit: %s %s", r.Method, r.Path)
					}
				}
			})
		})
	}
}

// createModel creates objects, then their fields, values, and associations with contacts.
func (f *fixture) createModel(objects, fields, values, associations int) {
	f.t.Helper()
	object := func(i int) string { return fmt.Sprintf("custom_objects.kind_%d", i%objects) }
	noErrors(f.t, parallelErrors(objects, func(i int) error {
		_, err := f.Objects(school).Create(background, ghl.Object{
			LocationID: school, Key: object(i), Labels: ghl.ObjectLabels{Singular: "Kind", Plural: "Kinds"},
			Primary: ghl.NewProperty{Key: "name", Name: "Name", DataType: "TEXT"},
		})
		return err
	}))
	noErrors(f.t, parallelErrors(fields+values+associations, func(i int) (err error) {
		switch {
		case i < fields:
			_, err = f.CustomFields(school, object(i)).Create(background, ghl.CustomField{
				LocationID: school, ObjectKey: object(i), FieldKey: fmt.Sprintf("%s.field_%d", object(i), i), Name: fmt.Sprint("Field ", i), DataType: "TEXT",
			})
		case i < fields+values:
			_, err = f.CustomValues(school).Create(background, ghl.CustomValue{LocationID: school, Name: fmt.Sprint("Value ", i), Value: "x"})
		default:
			_, err = f.CreateAssociation(background, ghl.Association{
				LocationID: school, Key: fmt.Sprint("link_", i), FirstObjectKey: "contact", SecondObjectKey: object(i),
				FirstObjectLabel: fmt.Sprint("Contact ", i), SecondObjectLabel: fmt.Sprint("Kind ", i),
			})
		}
		return err
	}))
}
