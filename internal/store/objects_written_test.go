package store_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// Each change sends the searchable properties that the object has at that time.
func TestObjectUpdateKeepsSearchableProperties(t *testing.T) {
	ages := []string{"custom_objects.pet.age"}
	for name, c := range map[string]struct {
		quirks sandbox.Quirks
		before func(f *fixture)
		want   string
	}{
		"as they are": {want: petName},
		"changed by somebody else": {want: ages[0], before: func(f *fixture) {
			_, _ = f.objects().All(background)
			f.sb.Objects().Update(school, pet.Key, func(o *sandbox.Object) { o.SearchableProperties = ages })
		}},
		"changed by this process, with a list that lags": {want: ages[0], quirks: sandbox.Quirks{StaleObjectLists: 1}, before: func(f *fixture) {
			if _, err := f.UpdateObject(background, school, pet.Key, ghl.ObjectChange{SearchableProperties: ages}); err != nil {
				f.t.Error(err)
			}
		}},
		"shown only by a read of the object": {want: ages[0], before: func(f *fixture) {
			f.sb.Objects().Update(school, pet.Key, func(o *sandbox.Object) { o.SearchableProperties = ages })
			f.hideSearchable(sandbox.RouteListObjects)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, c.quirks)
				row := f.addPet(pet.Key, "Pet")
				f.sb.CustomFields().Add(sandbox.CustomField{LocationID: school, ObjectKey: pet.Key, FieldKey: ages[0], Name: "Age", DataType: "TEXT"})
				if c.before != nil {
					c.before(f)
				}
				wanted := pet
				wanted.ID, wanted.Labels.Singular = row.ID, "Animal"
				_, err := f.objects().Update(background, wanted)
				ok(t, err)
				f.wantObjects("custom_objects.pet, Animal, " + c.want)
			})
		})
	}
}

// hideSearchable makes a route return the stored pet without its searchable properties.
func (f *fixture) hideSearchable(route string) {
	row := fmt.Sprintf(`{"id":%q,"key":"custom_objects.pet","labels":{"singular":"Pet","plural":"Pets"},"locationId":%q,"primaryDisplayProperty":%q}`,
		f.sb.Objects().All(school)[0].ID, school, petName)
	body := `{"objects":[` + row + `]}`
	if route == sandbox.RouteGetObject {
		body = `{"object":` + row + `}`
	}
	f.sb.AddFault(sandbox.Fault{Route: route, Effect: sandbox.Answer(200, body)})
}

// If no answer shows the searchable properties, they are not guessed, because a wrong guess
// would overwrite somebody's choice. They are known if this process has set them or made
// the object.
func TestObjectUpdateUnknownSearchableProperties(t *testing.T) {
	name := []string{petName}
	for what, c := range map[string]struct {
		isMade, isSet bool
		want          error
	}{
		"another's": {want: store.ErrNoSearchable}, "made by this process": {isMade: true}, "set by this process": {isSet: true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				wanted := pet
				if c.isMade {
					_, err := f.objects().Create(background, pet)
					ok(t, err)
				} else {
					f.addPet(pet.Key, "Pet")
				}
				wanted.ID, wanted.Labels.Singular = f.sb.Objects().All(school)[0].ID, "Animal"
				f.hideSearchable(sandbox.RouteListObjects)
				f.hideSearchable(sandbox.RouteGetObject)
				if c.isSet {
					_, err := f.UpdateObject(background, school, pet.Key, ghl.ObjectChange{SearchableProperties: name})
					ok(t, err)
				}
				_, err := f.objects().Update(background, wanted)
				if c.want != nil {
					wantIs(t, err, c.want)
					f.wantCount(sandbox.RouteUpdateObject, 0)
					return
				}
				ok(t, err)
				f.wantObjects("custom_objects.pet, Animal, " + petName)
			})
		})
	}
}

// If somebody has deleted an object and made another one under its key, a change meant for
// the first object does not change the second.
func TestObjectUpdateRemade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		wanted, err := f.objects().Create(background, pet)
		ok(t, err)
		f.sb.Objects().Remove(school, wanted.ID)
		f.addPet(pet.Key, "Foreign")
		wanted.Labels.Singular = "Mine"
		_, err = f.objects().Update(background, wanted)
		wantIs(t, err, store.ErrRemade)
		f.wantObjects("custom_objects.pet, Foreign, " + petName)
	})
}

// Changes of one object take turns, so that no change undoes another.
func TestObjectUpdatesSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.SetLatency(30 * time.Millisecond)
		row := f.addPet(pet.Key, "Pet")
		field := f.sb.CustomFields().Add(sandbox.CustomField{LocationID: school, ObjectKey: pet.Key, FieldKey: "custom_objects.pet.age", Name: "Age", DataType: "TEXT"})
		wanted := pet
		wanted.ID, wanted.Labels.Singular = row.ID, "Animal"
		noErrors(t, parallelErrors(2, func(i int) error {
			if i == 0 {
				_, err := f.objects().Update(background, wanted)
				return err
			}
			_, err := f.UpdateObject(background, school, pet.Key, ghl.ObjectChange{SearchableProperties: []string{field.FieldKey}})
			return err
		}))
		f.wantObjects("custom_objects.pet, Animal, " + field.FieldKey)
	})
}

// An object that this process has just made can be changed, even if the list does not show
// it yet. A standard object can be changed too; an object that does not exist cannot.
func TestObjectUpdate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{StaleObjectLists: 2})
		_, err := f.objects().Create(background, pet)
		ok(t, err)
		_, err = f.UpdateObject(background, school, pet.Key, ghl.ObjectChange{Description: new("Not wild")})
		ok(t, err)
		if stored := f.sb.Objects().All(school)[0]; stored.Description != "Not wild" {
			t.Errorf("%+v", stored)
		}
		_, err = f.UpdateObject(background, school, "business", ghl.ObjectChange{SearchableProperties: []string{"business.name", "business.email"}})
		ok(t, err)
		_, err = f.UpdateObject(background, school, "custom_objects.cat", ghl.ObjectChange{})
		wantIs(t, err, store.ErrNotFound)
	})
}
