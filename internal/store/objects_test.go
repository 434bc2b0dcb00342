package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// pet is a custom object to create.
var pet = ghl.Object{
	LocationID: school, Key: "custom_objects.pet", Labels: ghl.ObjectLabels{Singular: "Pet", Plural: "Pets"},
	Primary: ghl.NewProperty{Key: "name", Name: "Name", DataType: "TEXT"},
}

func (f *fixture) objects() *store.Named[ghl.Object] { return f.Objects(school) }

// addPet makes the object pet behind the store's back, with the given key and label.
func (f *fixture) addPet(key, singular string) sandbox.Object {
	return f.sb.Objects().Add(sandbox.Object{
		LocationID: school, Key: key, Labels: sandbox.Labels{Singular: singular, Plural: "Pets"}, PrimaryDisplayProperty: key + ".name",
	})
}

// wantObjects compares the custom objects, as "key, singular, searchable properties".
func (f *fixture) wantObjects(want ...string) {
	f.t.Helper()
	var got []string
	for _, o := range f.sb.Objects().All(school) {
		got = append(got, strings.TrimSuffix(fmt.Sprintf("%s, %s, %s", o.Key, o.Labels.Singular, strings.Join(o.SearchableProperties, " ")), ", "))
	}
	if !slices.Equal(got, want) {
		f.t.Errorf("stored are %q, want %q", got, want)
	}
}

const petName = "custom_objects.pet.name"

func TestObjectKey(t *testing.T) {
	for key, want := range map[string]string{
		"pet": "custom_objects.pet", "Pet": "custom_objects.pet", "custom_objects.pet": "custom_objects.pet", "Custom_Objects.Pet": "custom_objects.pet",
		"contact": "contact", "Business": "business", "contacts": "custom_objects.contacts", "custom_object.pet": "custom_objects.custom_object.pet", "": "",
	} {
		if got := store.ObjectKey(key); got != want {
			t.Errorf("%q is %q, want %q", key, got, want)
		}
	}
}

// After a lost answer, an object counts as the create's own if it has the labels and the
// primary display property that were sent.
func TestObjectCreateLostAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		there   string // the label of the existing object; "" for the create's own
		primary string
		adopted bool
	}{
		"its own":           {"", "name", true},
		"its own, in full":  {"", petName, true},
		"others' labels":    {"Cat", "name", false},
		"another property":  {"Pet", "title", false},
		"others', the same": {"Pet", "name", true}, // a client cannot distinguish the two objects
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateObject, Count: 1, Effect: sandbox.Reset(), Committed: c.there == ""})
				if c.there != "" {
					go func() {
						time.Sleep(time.Second)
						f.addPet(pet.Key, c.there)
					}()
				}
				wanted := pet
				wanted.Primary.Key = c.primary
				row, err := f.objects().Create(background, wanted)
				stored := f.sb.Objects().All(school)[0]
				if !c.adopted {
					wantHolder(t, err, stored.ID)
				} else if ok(t, err); row.ID != stored.ID {
					t.Errorf("got %s, stored is %s", row.ID, stored.ID)
				}
				f.wantCount(sandbox.RouteCreateObject, 1)
			})
		})
	}
}

// If the server made an object whose key differs from the requested one, the object is
// deleted. If it cannot be deleted, the error says so.
func TestObjectCreateKeyChanged(t *testing.T) {
	for name, refuses := range map[string]bool{"deleted again": false, "not deleted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{TakenObjectKeysSuffixed: true})
				_, err := f.objects().All(background)
				ok(t, err)
				f.addPet(pet.Key, "Cat")
				if refuses {
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteObject, Effect: sandbox.Status(403)})
				}
				_, err = f.objects().Create(background, pet)
				changed, is := errors.AsType[*store.KeyChangedError](err)
				if !is || changed.Asked != pet.Key || changed.Made != "custom_objects.pet_1" || (changed.Err != nil) != refuses {
					t.Errorf("error %v", err)
				}
				want := []string{"custom_objects.pet, Cat, " + petName}
				if refuses {
					want = append(want, "custom_objects.pet_1, Pet, custom_objects.pet_1.name")
				}
				f.wantObjects(want...)
			})
		})
	}
}

// If the answer shows an object with a completely different key, the object may be somebody
// else's and is not deleted.
func TestObjectCreateShowsAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		_, err := f.objects().All(background)
		ok(t, err)
		cat := f.addPet("custom_objects.cat", "Pet")
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateObject, Count: 1, Effect: sandbox.Answer(201,
			fmt.Sprintf(`{"object":{"id":%q,"key":%q,"locationId":%q,"labels":{"singular":"Pet","plural":"Pets"}}}`, cat.ID, cat.Key, school))})
		_, err = f.objects().Create(background, pet)
		wantIs(t, err, store.ErrOtherKey)
		f.wantObjects("custom_objects.cat, Pet, custom_objects.cat.name")
	})
}

// If a create is sent again while the list does not show the first create's object yet, the
// server makes a second object. The error says that the create was sent again.
func TestObjectCreateKeyChangedResent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{TakenObjectKeysSuffixed: true, StaleObjectLists: 1000})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateObject, Count: 1, Effect: sandbox.Reset(), Committed: true})
		_, err := f.objects().Create(background, pet)
		if changed, is := errors.AsType[*store.KeyChangedError](err); !is || !changed.Resent || changed.Asked != pet.Key {
			t.Errorf("error %v", err)
		}
		f.wantObjects("custom_objects.pet, Pet, " + petName)
	})
}

// Somebody takes the key just before a create whose answer is lost. It is unknown which of
// the two objects the create made, so the create adopts neither object, whatever labels the
// first one has. Other objects that appear meanwhile do not matter.
func TestObjectCreateLostUnderSuffix(t *testing.T) {
	for name, label := range map[string]string{"beside an identical object": "Pet", "beside a different object": "Cat"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{TakenObjectKeysSuffixed: true})
				_, err := f.objects().All(background)
				ok(t, err)
				taken := f.addPet(pet.Key, label)
				f.addPet("custom_objects.pet_x", "Pet")
				f.addPet("custom_objects.pets_1", "Pet")
				f.addPet("custom_objects.pet_2", "Cat")
				f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateObject, Count: 1, Effect: sandbox.Reset(), Committed: true})
				_, err = f.objects().Create(background, pet)
				several, is := errors.AsType[*store.SeveralError](err)
				if _, isUnknown := errors.AsType[*settle.UnknownOutcomeError](err); !is || !isUnknown {
					t.Fatalf("error %v, want an UnknownOutcomeError about both", err)
				}
				made := f.sb.Objects().All(school)[4]
				if !slices.Equal(several.IDs, []string{taken.ID}) || !slices.Equal(several.Suffixed, []string{made.ID}) || made.Key != "custom_objects.pet_1" {
					t.Errorf("error %v, want %s, and %s with a suffix", err, taken.ID, made.ID)
				}
				f.wantCount(sandbox.RouteCreateObject, 1)
				f.wantCount(sandbox.RouteDeleteObject, 0)
			})
		})
	}
}

// If a sub-account has no room for more objects, the refusal is returned, although its
// wording was never recorded.
func TestObjectCreateRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{MaxObjects: 1})
		f.addPet("custom_objects.cat", "Cat")
		_, err := f.objects().Create(background, pet)
		wantKind(t, err, ghl.Refused)
		f.wantCount(sandbox.RouteCreateObject, 1)
	})
}

// An object's deletion also deletes its associations and fields. Deleting these afterwards
// succeeds, because they are already gone.
func TestObjectDeleteTakesAllAlong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		row := f.addPet(pet.Key, "Pet")
		owner := f.sb.AddAssociation(sandbox.Association{LocationID: school, ID: "owner", Key: "owner", FirstObjectKey: "contact", SecondObjectKey: pet.Key})
		age := f.sb.CustomFields().Add(sandbox.CustomField{LocationID: school, ObjectKey: pet.Key, FieldKey: "custom_objects.pet.age", Name: "Age", DataType: "TEXT"})
		_, err := f.Association(background, school, owner.ID)
		ok(t, err)
		ok(t, f.objects().Delete(background, row.ID, pet.Key))
		ok(t, f.DeleteAssociation(background, school, owner.ID, owner.Key))
		ok(t, f.CustomFields(school, pet.Key).Delete(background, age.ID, age.FieldKey))
		_, err = f.objects().Read(background, row.ID)
		wantIs(t, err, store.ErrGone)
	})
}

// After an object's deletion, its associations and relations are no longer returned, and a
// new object with the key has its own first field.
func TestObjectDeleteForgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		row := f.addPet(pet.Key, "Pet")
		f.sb.AddAssociation(sandbox.Association{LocationID: school, ID: "owner", Key: "owner", FirstObjectKey: "contact", SecondObjectKey: pet.Key})
		f.sb.AddRelation(sandbox.Relation{LocationID: school, AssociationID: "owner", FirstRecordID: "ann", SecondRecordID: "rex"})
		count := func() (string, int, int) {
			name, err := f.PrimaryField(background, school, pet.Key, petName)
			ok(t, err)
			associations, err := f.Associations(background, school)
			ok(t, err)
			relations, err := f.Relations(background, school, "ann", nil)
			ok(t, err)
			return name.ParentID, len(associations) - platformRows, len(relations)
		}
		folder, associations, relations := count()
		if folder == "" || associations != 1 || relations != 1 {
			t.Fatalf("before: folder %q, %d associations, %d relations", folder, associations, relations)
		}
		ok(t, f.objects().Delete(background, row.ID, pet.Key))
		_, err := f.objects().Create(background, pet)
		ok(t, err)
		if now, associations, relations := count(); now == "" || now == folder || associations != 0 || relations != 0 {
			t.Errorf("after: folder %q, %d associations, %d relations", now, associations, relations)
		}
	})
}

// A list without rows proves nothing: each sub-account has standard objects.
func TestObjectEmptyList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		_, err := f.Associations(background, school) // the answer shows that the token serves the sub-account
		ok(t, err)
		row := f.addPet(pet.Key, "Pet")
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListObjects, Effect: sandbox.Answer(200, `{"objects":[]}`)})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteGetObject, Effect: sandbox.NotFound()})
		_, err = f.objects().Read(background, row.ID)
		wantIs(t, err, ghl.ErrIncomplete)
		_, err = f.UpdateObject(background, school, pet.Key, ghl.ObjectChange{})
		wantIs(t, err, ghl.ErrIncomplete)
	})
}

// An answer without a row does not show whether an update was carried out. If it had no
// effect, it is sent again.
func TestObjectUpdateEmptyAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		row, err := f.objects().Create(background, pet)
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateObject, Count: 1, Effect: sandbox.OKEmpty()})
		wanted := pet
		wanted.ID, wanted.Labels.Singular = row.ID, "Animal"
		_, err = f.objects().Update(background, wanted)
		ok(t, err)
		f.wantObjects("custom_objects.pet, Animal, custom_objects.pet.name")
		f.wantCount(sandbox.RouteUpdateObject, 2)
	})
}
