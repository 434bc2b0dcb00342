package store_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// If a create fails because its object exists, the error contains the existing row, and
// whether this process made the object. An object that an earlier process made counts as
// somebody else's.
func TestExistingRow(t *testing.T) {
	t.Parallel()
	creates := map[string]func(f *fixture) (row any, id string, err error){
		"association": func(f *fixture) (any, string, error) {
			row, err := f.create(background)
			return row, row.ID, err
		},
		"relation": func(f *fixture) (any, string, error) {
			row, err := f.relate(background)
			return row, row.ID, err
		},
		"custom value": func(f *fixture) (any, string, error) {
			row, err := f.values().Create(background, ghl.CustomValue{LocationID: school, Name: "Phone", Value: "1"})
			return row, row.ID, err
		},
	}
	for name, create := range creates {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newSchool(t, sandbox.Quirks{})
				row, id, err := create(f)
				if err != nil || id == "" {
					t.Fatal(err)
				}
				for _, own := range []bool{true, false} {
					_, _, err := create(f)
					exists, ok := errors.AsType[*store.ExistsError](err)
					if !ok || exists.Own != own || exists.Row() != row {
						t.Errorf("error %#v, want an ExistsError about %v with Own %t", err, row, own)
					}
					f.newProcess()
				}
			})
		})
	}
}
