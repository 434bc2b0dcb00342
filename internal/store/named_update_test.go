package store_test

import (
	"testing"
	"testing/synctest"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// If the answer to a change shows no row, the object is read back. The change is sent again
// if any of its attributes is not stored.
func TestNamedUpdateReadBack(t *testing.T) {
	for name, c := range map[string]struct {
		route  string
		change func(f *fixture) error
		stored func(f *fixture) string
	}{
		"name of a value": {
			sandbox.RouteUpdateCustomValue,
			func(f *fixture) error {
				row := f.addValue("Phone", "1")
				_, err := f.values().Update(background, ghl.CustomValue{ID: row.ID, LocationID: school, Name: "new", Value: "1"})
				return err
			},
			func(f *fixture) string { return f.sb.CustomValues().All(school)[0].Name },
		},
		"name of a folder": {
			sandbox.RouteUpdateFieldFolder,
			func(f *fixture) error {
				folder := f.sb.FieldFolders().All(school)[0]
				_, err := f.folders().Update(background, ghl.CustomField{ID: folder.ID, LocationID: school, ObjectKey: petKey, Name: "new", IsFolder: true})
				return err
			},
			func(f *fixture) string { return f.sb.FieldFolders().All(school)[0].Name },
		},
		"plural of an object": {
			sandbox.RouteUpdateObject,
			func(f *fixture) error {
				wanted := pet
				wanted.ID, wanted.Labels.Plural = f.sb.Objects().All(school)[0].ID, "new"
				_, err := f.objects().Update(background, wanted)
				return err
			},
			func(f *fixture) string { return f.sb.Objects().All(school)[0].Labels.Plural },
		},
		"description of an object": {
			sandbox.RouteUpdateObject,
			func(f *fixture) error {
				wanted := pet
				wanted.ID, wanted.Description = f.sb.Objects().All(school)[0].ID, "new"
				_, err := f.objects().Update(background, wanted)
				return err
			},
			func(f *fixture) string { return f.sb.Objects().All(school)[0].Description },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := kennel(t, sandbox.Quirks{})
				f.sb.AddFault(sandbox.Fault{Route: c.route, Count: 1, Effect: sandbox.OKEmpty()})
				ok(t, c.change(f))
				f.wantCount(c.route, 2)
				if got := c.stored(f); got != "new" {
					t.Errorf("stored is %q", got)
				}
			})
		})
	}
}
