package ghl

import (
	"context"
	"reflect"
	"strings"
	"testing"
)

const petJSON = `{"id":"661c06b4ffde146bdb469442","standard":false,"key":"custom_objects.pet",` +
	`"labels":{"singular":"Pet","plural":"Pets"},"description":"Those who live here","locationId":"ve9EPM428h8vShlRW1KT",` +
	`"primaryDisplayProperty":"custom_objects.pet.name","dateAdded":"2024-07-14T00:32:03.561Z","dateUpdated":"2024-07-16T15:51:53.866Z",` +
	`"type":"USER_DEFINED","searchableProperties":["custom_objects.pet.name","custom_objects.pet.chip"],"requiredProperties":["custom_objects.pet.name"]}`

var pet = Object{
	ID: "661c06b4ffde146bdb469442", LocationID: "ve9EPM428h8vShlRW1KT", Key: "custom_objects.pet",
	Labels: ObjectLabels{Singular: "Pet", Plural: "Pets"}, Description: "Those who live here",
	PrimaryDisplayProperty: "custom_objects.pet.name",
	SearchableProperties:   []string{"custom_objects.pet.name", "custom_objects.pet.chip"},
	RequiredProperties:     []string{"custom_objects.pet.name"},
	Type:                   "USER_DEFINED",
}

var newPet = NewObject{
	LocationID: location, Key: "pet", Labels: ObjectLabels{Singular: "Pet", Plural: "Pets"}, Description: "Those who live here",
	PrimaryDisplayProperty: NewProperty{Key: "name", Name: "Name", DataType: "TEXT"},
}

func updatesObject(key string, change ObjectChange) func(context.Context, *Client) (any, error) {
	return func(ctx context.Context, c *Client) (any, error) {
		row, err := c.UpdateObject(ctx, location, key, change)
		if row == nil {
			return nil, err
		}
		return *row, err
	}
}

func TestObjectEndpoints(t *testing.T) {
	t.Parallel()
	const contactJSON = `{"id":"661c06b4ffde146bdb469443","standard":true,"key":"contact","labels":{"singular":"Contact","plural":"Contacts"},` +
		`"description":null,"locationId":"ve9EPM428h8vShlRW1KT","primaryDisplayProperty":"contact.name","type":"SYSTEM_DEFINED"}`
	contact := Object{
		ID: "661c06b4ffde146bdb469443", LocationID: location, Key: "contact", Labels: ObjectLabels{Singular: "Contact", Plural: "Contacts"},
		PrimaryDisplayProperty: "contact.name", Type: SystemDefined, Standard: true,
	}
	read := func(key string) func(context.Context, *Client) (any, error) {
		return func(ctx context.Context, c *Client) (any, error) { return c.Object(ctx, location, key) }
	}
	short := newPet
	short.Description = ""
	create := func(want NewObject) func(context.Context, *Client) (any, error) {
		return func(ctx context.Context, c *Client) (any, error) { return c.CreateObject(ctx, want) }
	}
	const primary = `"primaryDisplayPropertyDetails":{"key":"name","name":"Name","dataType":"TEXT"}}`
	text, none := "Furry ones", ""
	testEndpoints(t, map[string]endpoint{
		"list": {
			func(ctx context.Context, c *Client) (any, error) { return c.ObjectPages(location).Next(ctx, PageSize) },
			"GET", "/objects/?locationId=ve9EPM428h8vShlRW1KT", "",
			200, `{"objects":[` + contactJSON + `,` + petJSON + `]}`,
			Page[Object]{Rows: []Object{contact, pet}, Seen: 2, Counted: 1, Total: -1, Last: true},
		},
		"read by key": {
			read("custom_objects.pet"), "GET", "/objects/custom_objects.pet?locationId=ve9EPM428h8vShlRW1KT", "",
			200, `{"object":` + petJSON + `,"cache":true}`, pet,
		},
		"read by id": {
			read("661c06b4ffde146bdb469442"), "GET", "/objects/661c06b4ffde146bdb469442?locationId=ve9EPM428h8vShlRW1KT", "",
			200, petJSON, pet,
		},
		"create": {
			create(newPet), "POST", "/objects/",
			`{"locationId":"ve9EPM428h8vShlRW1KT","key":"pet","labels":{"singular":"Pet","plural":"Pets"},"description":"Those who live here",` + primary,
			201, `{"object":` + petJSON + `}`, pet,
		},
		"create, no description": {
			create(short), "POST", "/objects/",
			`{"locationId":"ve9EPM428h8vShlRW1KT","key":"pet","labels":{"singular":"Pet","plural":"Pets"},` + primary,
			201, petJSON, pet,
		},
		"update, only the searchable properties": {
			updatesObject("contact", ObjectChange{SearchableProperties: []string{"contact.email"}}), "PUT", "/objects/contact",
			`{"locationId":"ve9EPM428h8vShlRW1KT","searchableProperties":["contact.email"]}`,
			200, `{"object":` + contactJSON + `}`, contact,
		},
		"update": {
			updatesObject(pet.ID, ObjectChange{SearchableProperties: []string{"custom_objects.pet.name"}, Labels: &ObjectLabels{"Animal", "Animals"}, Description: &text}),
			"PUT", "/objects/661c06b4ffde146bdb469442",
			`{"description":"Furry ones","labels":{"singular":"Animal","plural":"Animals"},"locationId":"ve9EPM428h8vShlRW1KT","searchableProperties":["custom_objects.pet.name"]}`,
			200, petJSON, pet,
		},
		"update, no description, acknowledged": {
			updatesObject(pet.Key, ObjectChange{Description: &none}), "PUT", "/objects/custom_objects.pet",
			`{"description":null,"locationId":"ve9EPM428h8vShlRW1KT","searchableProperties":[]}`,
			200, `{"success":true}`, nil,
		},
		"delete": {
			func(ctx context.Context, c *Client) (any, error) { return c.DeleteObject(ctx, location, pet.ID) },
			"DELETE", "/objects/661c06b4ffde146bdb469442?locationId=ve9EPM428h8vShlRW1KT", "",
			200, `{"id":"661c06b4ffde146bdb469442","success":true,"meta":{"deletedFields":["f"],"deletedAssociationIds":[]}}`, true,
		},
	})
}

// An answer about another object is refused.
func TestObjectOfAnotherQuestion(t *testing.T) {
	t.Parallel()
	with := func(replacements ...string) string { return strings.NewReplacer(replacements...).Replace(petJSON) }
	for name, test := range map[string]struct {
		do     operation
		answer string
		isFit  bool
	}{
		"read, another key":                    {readObject, with("custom_objects.pet", "custom_objects.cat"), false},
		"read, the key in upper case":          {readObject, with("custom_objects.pet", "CUSTOM_OBJECTS.PET"), true},
		"read, another sub-account":            {readObject, with(location, "another"), false},
		"read, no sub-account":                 {readObject, with(`"locationId"`, `"place"`), true},
		"read, no id":                          {readObject, with(`"id"`, `"_id"`), false},
		"read, no key":                         {readObject, with(`"key"`, `"name"`), false},
		"read, labels that are a string":       {readObject, with(`{"singular":"Pet","plural":"Pets"}`, `"Pet"`), false},
		"read, required fields only":           {readObject, `{"object":{"id":"661c06b4ffde146bdb469442","key":"custom_objects.pet"}}`, true},
		"create, another sub-account":          {createObject, with(location, "another"), false},
		"create, the key with a suffix":        {createObject, with("custom_objects.pet", "custom_objects.pet_1"), true},
		"create, the key and other labels":     {createObject, with(`"Pet"`, `"pet"`), true},
		"create, another key and other labels": {createObject, with("custom_objects.pet", "custom_objects.cat", `"Pet"`, `"Cat"`), false},
		"update, another id":                   {updatePet, with(pet.ID, "another"), false},
		"update, another sub-account":          {updatePet, with(location, "another"), false},
	} {
		err := test.do(t.Context(), newTestClient(t, answering(200, test.answer)))
		if (err == nil) != test.isFit || err != nil && KindOf(err) != Malformed {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestSameFullKey(t *testing.T) {
	t.Parallel()
	got := map[string]bool{}
	for _, sent := range []string{"pet", "Pet", "custom_objects.pet", "CUSTOM_OBJECTS.pet", "pets", "custom_object.pet", ".pet", ""} {
		got[sent] = SameFullKey("custom_objects.pet", CustomObjects, sent)
	}
	want := map[string]bool{
		"pet": true, "Pet": true, "custom_objects.pet": true, "CUSTOM_OBJECTS.pet": true,
		"pets": false, "custom_object.pet": false, ".pet": false, "": false,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
