package store_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const petAge = "custom_objects.pet.age"

// petWithAge returns a fixture with the object pet, which has a field that can be
// searchable.
func petWithAge(t *testing.T) *fixture {
	t.Helper()
	f := kennel(t, sandbox.Quirks{})
	f.sb.CustomFields().Add(sandbox.CustomField{LocationID: school, ObjectKey: petKey, FieldKey: petAge, Name: "Age", DataType: "TEXT"})
	return f
}

func (f *fixture) searchByAge() error {
	_, err := f.UpdateObject(background, school, petKey, ghl.ObjectChange{SearchableProperties: []string{petAge}})
	return err
}

// If labels and searchable properties are changed concurrently, both changes take effect,
// whichever begins first.
func TestObjectUpdateBegunMeanwhile(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"properties first": time.Millisecond, "labels first": -time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := petWithAge(t)
				f.sb.SetLatency(30 * time.Millisecond)
				wanted := pet
				wanted.ID, wanted.Labels.Singular = f.sb.Objects().All(school)[0].ID, "Animal"
				noErrors(t, parallelErrors(2, func(i int) error {
					if i == 0 {
						time.Sleep(time.Second + ahead)
						_, err := f.objects().Update(background, wanted)
						return err
					}
					time.Sleep(time.Second)
					return f.searchByAge()
				}))
				f.wantObjects("custom_objects.pet, Animal, " + petAge)
			})
		})
	}
}

// An object that another process has just made can be changed even if the list does not
// show the object yet.
func TestObjectUpdateUnlisted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := petWithAge(t)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListObjects, Effect: sandbox.Answer(200, `{"objects":[{"id":"1","key":"contact"}]}`)})
		ok(t, f.searchByAge())
		f.wantObjects("custom_objects.pet, Pet, " + petAge)
	})
}

// One list that lacks an object does not prove that the object is gone.
func TestObjectUnlistedIsNotGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := petWithAge(t)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListObjects, Effect: sandbox.Answer(200, `{"objects":[{"id":"1","key":"contact"}]}`)})
		row, err := f.Object(background, school, petKey)
		if err != nil || row.Key != petKey {
			t.Errorf("read %+v, %v", row, err)
		}
	})
}

// A read after a change shows the change.
func TestObjectAfterUpdate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := petWithAge(t)
		_, err := f.Object(background, school, petKey)
		ok(t, err)
		ok(t, f.searchByAge())
		row, err := f.Object(background, school, petKey)
		if err != nil || len(row.SearchableProperties) != 1 || row.SearchableProperties[0] != petAge {
			t.Errorf("read %+v, %v", row, err)
		}
	})
}
