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
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

const petKey = "custom_objects.pet"

var age = ghl.CustomField{LocationID: school, ObjectKey: petKey, FieldKey: petKey + ".age", Name: "Age", DataType: "TEXT"}

// kennel returns a fixture with the object pet, which has a field in a folder.
func kennel(t *testing.T, quirks sandbox.Quirks) *fixture {
	t.Helper()
	f := newFixture(t, quirks)
	f.addPet(petKey, "Pet")
	return f
}

func (f *fixture) fields() *store.Named[ghl.CustomField] { return f.CustomFields(school, petKey) }

func (f *fixture) folders() *store.Named[ghl.CustomField] {
	return f.CustomFieldFolders(school, petKey)
}

// addField makes a field of pet behind the store's back.
func (f *fixture) addField(key string, options ...sandbox.FieldOption) sandbox.CustomField {
	return f.sb.CustomFields().Add(sandbox.CustomField{
		LocationID: school, ObjectKey: petKey, FieldKey: petKey + "." + key, Name: key, DataType: "RADIO", Options: options,
		ParentID: f.sb.FieldFolders().All(school)[0].ID,
	})
}

// lastField returns the field that was created last.
func (f *fixture) lastField() sandbox.CustomField {
	fields := f.sb.CustomFields().All(school)
	return fields[len(fields)-1]
}

// One call serves all reads of an object's fields and folders, whether its key is in upper
// or lower case.
func TestCustomFieldReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		f.sb.SetLatency(30 * time.Millisecond)
		ids := make([]string, 50)
		for i := range ids {
			ids[i] = f.addField(fmt.Sprint("key_", i)).ID
		}
		folder := f.sb.FieldFolders().All(school)[0]
		noErrors(t, parallelErrors(2*len(ids), func(i int) error {
			if i < len(ids) {
				row, err := f.CustomFields(school, "Custom_Objects.Pet").Read(background, ids[i])
				if err == nil && row.Name != fmt.Sprint("key_", i) {
					t.Errorf("read %+v", row)
				}
				return err
			}
			row, err := f.folders().Read(background, folder.ID)
			if err == nil && row.Name != folder.Name {
				t.Errorf("read %+v", row)
			}
			return err
		}))
		f.wantCount("", 1)
	})
}

// A field is gone if its object's list lacks the field. It is also gone if that list is
// "not found" and the list of all objects lacks the object. Otherwise, it is unknown
// whether the field is gone.
func TestCustomFieldGone(t *testing.T) {
	fields, objects, get := sandbox.RouteListCustomFields, sandbox.RouteListObjects, sandbox.RouteGetCustomField
	noObject := sandbox.Answer(404, `{"statusCode":404,"message":"Custom Object (custom_objects.pet) not found"}`)
	for name, c := range map[string]struct {
		fieldGone, objectGone bool
		quirks                sandbox.Quirks
		faults                []sandbox.Fault
		gone, found           bool
	}{
		"the field is gone":                       {fieldGone: true, gone: true},
		"the field is gone, reported as 400":      {fieldGone: true, quirks: sandbox.Quirks{MissingKindIs400: true}, gone: true},
		"the object is gone":                      {objectGone: true, gone: true},
		"the object is gone, reported as 400":     {objectGone: true, quirks: sandbox.Quirks{MissingKindIs400: true}, gone: true},
		"the object is still listed":              {fieldGone: true, faults: []sandbox.Fault{{Route: fields, Effect: noObject}}},
		"the list of objects fails":               {objectGone: true, faults: []sandbox.Fault{{Route: objects, Effect: sandbox.Status(502)}}},
		"the list of objects is truncated":        {objectGone: true, faults: []sandbox.Fault{{Route: objects, Effect: sandbox.HalfJSON(false)}}},
		"the list of objects is empty":            {objectGone: true, faults: []sandbox.Fault{{Route: objects, Effect: sandbox.Answer(200, `{"objects":[]}`)}}},
		"no permission for objects":               {objectGone: true, faults: []sandbox.Fault{{Route: objects, Effect: sandbox.Status(403)}}},
		"the list of fields fails":                {fieldGone: true, faults: []sandbox.Fault{{Route: fields, Effect: sandbox.Status(502)}}},
		"a router's 404":                          {objectGone: true, faults: []sandbox.Fault{{Route: fields, Effect: sandbox.Answer(404, `Cannot GET /custom-fields`)}}},
		"the field exists, but its list does not": {faults: []sandbox.Fault{{Route: fields, Effect: noObject}, {Route: objects, Effect: sandbox.Answer(200, `{"objects":[{"id":"1","key":"contact"}]}`)}}, found: true},
		"no permission for the field":             {objectGone: true, faults: []sandbox.Fault{{Route: get, Effect: sandbox.Status(403)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := kennel(t, c.quirks)
				row := f.addField("age")
				if c.fieldGone {
					f.sb.CustomFields().Remove(school, row.ID)
				}
				if c.objectGone {
					f.sb.Objects().Remove(school, petKey)
				}
				for _, fault := range c.faults {
					f.sb.AddFault(fault)
				}
				_, err := f.fields().Read(background, row.ID)
				if isGone := errors.Is(err, store.ErrGone); isGone != c.gone || (err == nil) != c.found {
					t.Errorf("error %v, gone: %t", err, isGone)
				}
				if err = f.fields().Delete(background, row.ID, petKey+".age"); c.gone && err != nil {
					t.Errorf("deleting it: %v", err)
				}
			})
		})
	}
}

// After an object is deleted, the deletions of its fields run concurrently.
func TestCustomFieldDeletesSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		f.sb.SetLatency(30 * time.Millisecond)
		ids := make([]string, 20)
		for i := range ids {
			ids[i] = f.addField(fmt.Sprint("key_", i)).ID
		}
		f.sb.Objects().Remove(school, petKey)
		begun := time.Now()
		noErrors(t, parallelErrors(len(ids), func(i int) error {
			return f.fields().Delete(background, ids[i], fmt.Sprintf("%s.key_%d", petKey, i))
		}))
		if took := time.Since(begun); took > 5*time.Second { // each of the ten slots deletes two fields, and pauses for two seconds per field
			t.Errorf("it took %s", took)
		}
	})
}

// A field that specifies no folder goes into the folder of the object's first field,
// wherever the list shows that field. A process looks that folder up once. If the first
// field does not exist, the object's first folder is used.
func TestCustomFieldFolder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		older := f.sb.FieldFolders().All(school)[0].ID
		details := f.sb.FieldFolders().Add(sandbox.FieldFolder{LocationID: school, ObjectKey: petKey, Name: "Details"}).ID
		first := f.sb.CustomFields().All(school)[0].ID
		f.sb.CustomFields().Update(school, first, func(c *sandbox.CustomField) { c.ParentID = details })
		for i := range 10 {
			wanted := age
			wanted.FieldKey = fmt.Sprintf("%s.field_%d", petKey, i)
			_, err := f.fields().Create(background, wanted)
			ok(t, err)
			if folder := f.lastField().ParentID; folder != details {
				t.Fatalf("the field is in folder %s, want %s", folder, details)
			}
		}
		f.wantAtMost(10 + 3)
		f.newProcess()
		f.sb.CustomFields().Remove(school, first)
		_, err := f.fields().Create(background, age)
		ok(t, err)
		if folder := f.lastField().ParentID; folder != older {
			t.Errorf("the field is in folder %s, want %s", folder, older)
		}
	})
}

// After a process deletes the folder that it has cached, new fields go into a new folder.
func TestCustomFieldFolderDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{FullFoldersGo: true})
		folder := f.sb.FieldFolders().All(school)[0]
		_, err := f.fields().Create(background, age)
		ok(t, err)
		for _, field := range f.sb.CustomFields().All(school) {
			f.sb.CustomFields().Remove(school, field.ID)
		}
		ok(t, f.folders().Delete(background, folder.ID, folder.Name))
		_, err = f.fields().Create(background, age)
		wantIs(t, err, store.ErrNoFolder)
		_, err = f.folders().Create(background, ghl.CustomField{LocationID: school, ObjectKey: petKey, Name: folder.Name, IsFolder: true})
		ok(t, err)
		_, err = f.fields().Create(background, age)
		ok(t, err)
	})
}

// If the answer to a folder's create is lost, the folder is looked up by its name. A field
// with that key does not count as the folder. A folder of another object does not count
// either.
func TestCustomFieldFolderLostAnswer(t *testing.T) {
	for name, effect := range lostAnswers {
		for _, isCarriedOut := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, carried out %t", name, isCarriedOut), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := kennel(t, sandbox.Quirks{})
					f.sb.FieldFolders().Add(sandbox.FieldFolder{LocationID: school, ObjectKey: "business", Name: petKey + ".age"})
					f.addField("age")
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateFieldFolder, Count: 1, Effect: effect, Committed: isCarriedOut})
					row, err := f.folders().Create(background, ghl.CustomField{LocationID: school, ObjectKey: petKey, Name: petKey + ".age", IsFolder: true})
					ok(t, err)
					if made := f.sb.FieldFolders().All(school)[2:]; len(made) != 1 || made[0].ID != row.ID {
						t.Errorf("got %s, stored are %v", row.ID, made)
					}
				})
			})
		}
	}
}

// An update keeps stored options that it does not list, and sends keys only if a label
// changes. If the server refuses the options with keys or without keys, the update sends
// them in the other form.
func TestCustomFieldOptions(t *testing.T) {
	dog, cat := sandbox.FieldOption{Key: "dog", Label: "Dog"}, sandbox.FieldOption{Key: "c", Label: "Cat", URL: "u"}
	for name, c := range map[string]struct {
		quirks sandbox.Quirks
		sent   []ghl.FieldOption
		puts   int
		first  string                // the refusal of the first PUT
		want   []sandbox.FieldOption // nil if the update is refused
	}{
		"one more option, without keys":      {sent: []ghl.FieldOption{{Label: "Cow"}, {Label: "Dog"}}, puts: 1, want: []sandbox.FieldOption{{Key: "cow", Label: "Cow"}, dog, cat}},
		"a new label, with keys":             {sent: []ghl.FieldOption{{Key: "dog", Label: "Hound"}}, puts: 1, want: []sandbox.FieldOption{{Key: "dog", Label: "Hound"}, cat}},
		"one more option and a new label":    {sent: []ghl.FieldOption{{Label: "Cow"}, {Key: "dog", Label: "Hound"}}, puts: 1, want: []sandbox.FieldOption{{Key: "cow", Label: "Cow"}, {Key: "dog", Label: "Hound"}, cat}},
		"one more option, with keys refused": {quirks: sandbox.Quirks{OptionKeysRefusedOnUpdate: true}, sent: []ghl.FieldOption{{Key: "dog", Label: "Dog"}, {Label: "Cow"}}, puts: 1, want: []sandbox.FieldOption{dog, {Key: "cow", Label: "Cow"}, cat}},
		"keys required":                      {sent: []ghl.FieldOption{{Label: "Dog"}}, puts: 2, first: "options.0.key should not be empty", want: []sandbox.FieldOption{dog, cat}},
		"a new label, with keys refused":     {quirks: sandbox.Quirks{OptionKeysRefusedOnUpdate: true}, sent: []ghl.FieldOption{{Key: "dog", Label: "Hound"}}, puts: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := kennel(t, c.quirks)
				row := f.addField("kind", dog, cat)
				if c.first != "" {
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateCustomField, Count: 1, Effect: sandbox.Answer(422, fmt.Sprintf(`{"statusCode":422,"message":[%q]}`, c.first))})
				}
				_, err := f.fields().Update(background, ghl.CustomField{ID: row.ID, LocationID: school, ObjectKey: petKey, FieldKey: row.FieldKey, Name: "Kind", Options: c.sent})
				if c.want == nil {
					c.want = row.Options
					wantKind(t, err, ghl.Refused)
				} else {
					ok(t, err)
				}
				f.wantCount(sandbox.RouteUpdateCustomField, c.puts)
				requests := f.sb.Requests()
				if hasKey := strings.Contains(requests[len(requests)-1].Body, `"key":"dog"`); c.first != "" && !hasKey {
					t.Errorf("the second try has no keys: %s", f.log())
				}
				if got := f.lastField().Options; !slices.Equal(got, c.want) {
					t.Errorf("stored are %v, want %v", got, c.want)
				}
			})
		})
	}
}

// An answer without a row does not show whether an update was carried out. If it had no
// effect, it is sent again.
func TestCustomFieldEmptyAnswer(t *testing.T) {
	for name, change := range map[string]func(*ghl.CustomField){
		"name":        func(c *ghl.CustomField) { c.Name = "Sort" },
		"description": func(c *ghl.CustomField) { c.Description = "Which one" },
		"placeholder": func(c *ghl.CustomField) { c.Placeholder = "?" },
		"forms":       func(c *ghl.CustomField) { c.ShowInForms = true },
		"an option":   func(c *ghl.CustomField) { c.Options = []ghl.FieldOption{{Label: "Cat"}} },
		"a label":     func(c *ghl.CustomField) { c.Options = []ghl.FieldOption{{Key: "dog", Label: "Hound"}} },
	} {
		for _, isCarriedOut := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, carried out %t", name, isCarriedOut), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := kennel(t, sandbox.Quirks{})
					stored := f.addField("kind", sandbox.FieldOption{Key: "dog", Label: "Dog"})
					wanted := ghl.CustomField{ID: stored.ID, LocationID: school, ObjectKey: petKey, FieldKey: stored.FieldKey, Name: stored.Name}
					change(&wanted)
					f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteUpdateCustomField, Count: 1, Effect: sandbox.OKEmpty(), Committed: isCarriedOut})
					row, err := f.fields().Update(background, wanted)
					ok(t, err)
					if isCarriedOut {
						f.wantCount(sandbox.RouteUpdateCustomField, 1)
					} else {
						f.wantCount(sandbox.RouteUpdateCustomField, 2)
					}
					if now := f.lastField(); row == nil || row.Name != now.Name || len(row.Options) != len(now.Options) {
						t.Errorf("got %+v, stored is %+v", row, now)
					}
				})
			})
		}
	}
}

// A plan that creates fields of an object that does not exist yet requests the object's
// fields once.
func TestCustomFieldPlannedObject(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.SetLatency(30 * time.Millisecond)
		parallel(50, func(i int) {
			if holder := f.fields().Holder(background, fmt.Sprintf("%s.field_%d", petKey, i)); holder != nil {
				t.Errorf("%s holds it", holder.ID)
			}
		})
		f.wantAtMost(2)
	})
}

// If the server made a field whose key differs from the requested one, the field is
// deleted, unless it existed before.
func TestCustomFieldKeyChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := kennel(t, sandbox.Quirks{})
		row := f.addField("Age")
		answer := fmt.Sprintf(`{"field":{"id":%q,"name":"Age","dataType":"TEXT","fieldKey":"custom_objects.pet.age_1"}}`, row.ID)
		_, err := f.fields().All(background) // from now on, the process has seen the field
		ok(t, err)
		f.sb.CustomFields().Update(school, row.ID, func(c *sandbox.CustomField) { c.FieldKey = petKey + ".age_1" })
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateCustomField, Effect: sandbox.Answer(201, answer)})
		_, err = f.fields().Create(background, age)
		if _, isChanged := errors.AsType[*store.KeyChangedError](err); err == nil || isChanged {
			t.Errorf("error %v about a field that existed before", err)
		}
		f.wantCount(sandbox.RouteDeleteCustomField, 0)
		f.newProcess()
		f.sb.CustomFields().Remove(school, row.ID)
		_, err = f.fields().Create(background, age)
		if changed, isChanged := errors.AsType[*store.KeyChangedError](err); !isChanged || changed.ID != row.ID || changed.Err != nil {
			t.Errorf("error %v, want a KeyChangedError", err)
		}
		f.wantCount(sandbox.RouteDeleteCustomField, 1)
	})
}
