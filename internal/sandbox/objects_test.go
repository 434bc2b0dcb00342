package sandbox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const objects = "/objects/?locationId=school"

// atNine is a clock that is always at nine o'clock.
func atNine() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 5e6, time.UTC) }

const nine = "2026-03-01T09:00:00.005Z"

func objectBody(key string) string {
	return `{"locationId":"school","key":"` + key + `","labels":{"singular":"Pet","plural":"Pets"},` +
		`"primaryDisplayPropertyDetails":{"key":"name","name":"Name","dataType":"TEXT"}}`
}

// pet creates the object custom_objects.pet through the API and returns its id.
func (c *client) pet() string {
	c.t.Helper()
	return wrappedID(c.t, c.want("POST", "/objects/", objectBody("pet"), 201, `{"object":{`).body, "object")
}

// wrappedID returns the id of the object that is wrapped in a field.
func wrappedID(t *testing.T, body, field string) string {
	t.Helper()
	row, ok := object(t, body)[field].(map[string]any)
	if !ok {
		t.Fatalf("no %s in %s", field, body)
	}
	return fmt.Sprint(row["id"])
}

func TestObjectLifecycle(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{Now: atNine})
	id := c.pet()
	row := `{"id":"` + id + `","standard":false,"key":"custom_objects.pet","labels":{"singular":"Pet","plural":"Pets"},"locationId":"school",` +
		`"primaryDisplayProperty":"custom_objects.pet.name","dateAdded":"` + nine + `","dateUpdated":"` + nine + `","type":"USER_DEFINED",` +
		`"searchableProperties":["custom_objects.pet.name"],"requiredProperties":["custom_objects.pet.name"]}`
	for _, name := range []string{id, "custom_objects.pet"} {
		if r := c.want("GET", "/objects/"+name+"?locationId=school", "", 200, ""); r.body != `{"object":`+row+`,"cache":false}` {
			t.Errorf("%s: %s", name, r.body)
		}
	}
	same(t, column(t, c.do("GET", objects, "").body, "objects", "key"), []string{"contact", "opportunity", "business", "custom_objects.pet"})
	c.want("GET", objects, "", 200, row)
	changed := `{"locationId":"school","searchableProperties":["custom_objects.pet.name"],"labels":{"plural":"Animals"},"description":"Not wild"}`
	c.want("PUT", "/objects/custom_objects.pet", changed, 200, `{"object":{"id":"`+id+`","standard":false,"key":"custom_objects.pet",`+
		`"labels":{"singular":"Pet","plural":"Animals"},"description":"Not wild","locationId":"school",`)
	c.want("PUT", "/objects/"+id, `{"locationId":"school","searchableProperties":["custom_objects.pet.name"]}`, 200, `"description":"Not wild"`)
	cleared := c.want("PUT", "/objects/"+id, `{"locationId":"school","searchableProperties":["custom_objects.pet.name"],"description":null}`, 200, `"plural":"Animals"`)
	if strings.Contains(cleared.body, "description") {
		t.Errorf("the description is still there: %s", cleared.body)
	}
	missing := `{"statusCode":404,"message":"Custom Object (custom_objects.pet) not found","error":"Not Found","traceId":"`
	c.want("DELETE", "/objects/custom_objects.pet?locationId=school", "", 404, missing)
	c.want("DELETE", "/objects/"+id+"?locationId=school", "", 200, `{"id":"`+id+`","success":true,"meta":{"deletedFields":["`)
	c.want("GET", "/objects/custom_objects.pet?locationId=school", "", 404, missing)
	c.want("PUT", "/objects/custom_objects.pet", changed, 404, missing)
	c.want("DELETE", "/objects/"+id+"?locationId=school", "", 404, "Custom Object ("+id+") not found")
}

func TestObjectKeysAreFullAndLowerCase(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	for sent, stored := range map[string]string{"Pet": "custom_objects.pet", "custom_objects.cat": "custom_objects.cat", "Custom_Objects.DOG": "custom_objects.dog"} {
		c.want("POST", "/objects/", objectBody(sent), 201, `"key":"`+stored+`"`)
		c.want("POST", "/objects/", objectBody(stored), 400, `"message":"Custom Object with key `+stored+` already exists"`)
	}
	c.want("GET", "/objects/custom_objects.Pet?locationId=school", "", 404, "Custom Object (custom_objects.Pet) not found")
	body := strings.Replace(objectBody("cow"), `{"key":"name"`, `{"key":"custom_objects.cow.Title"`, 1)
	c.want("POST", "/objects/", body, 201, `"primaryDisplayProperty":"custom_objects.cow.title"`)
}

func TestObjectForms(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.pet()
	update := func(rest string) string { return `{"locationId":"school","searchableProperties":` + rest + `}` }
	for _, test := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/objects/", `{"labels":{"singular":"","x":1},"primaryDisplayPropertyDetails":[]}`, 422, `["LocationId can't be undefined","key should not be empty",` +
			`"labels.property x should not exist","labels.singular should not be empty","labels.plural should not be empty","primaryDisplayPropertyDetails must be an object"]`},
		{"POST", "/objects/", strings.Replace(objectBody("x"), `"key"`, `"searchableProperties":[],"key"`, 1), 422, `["property searchableProperties should not exist"]`},
		{"POST", "/objects/", strings.Replace(objectBody("x"), `"TEXT"`, `"DATE"`, 1), 422, "primaryDisplayPropertyDetails.dataType must be one of the following values: TEXT, NUMERICAL"},
		{"POST", "/objects/", strings.Replace(objectBody("x"), `"key"`, `"description":"`+strings.Repeat("é", 101)+`","key"`, 1), 422, "description must be shorter"},
		{"POST", "/objects/", strings.Replace(objectBody("x"), `"key"`, `"description":"`+strings.Repeat("é", 100)+`","key"`, 1), 201, ""},
		{"POST", "/objects", objectBody("y"), 404, "Cannot POST"},
		{"POST", "/objects/", strings.Replace(objectBody("y"), "school", "office", 1), 403, "The token does not have access"},
		{"PUT", "/objects/custom_objects.pet", `{"locationId":"school"}`, 422, `["searchableProperties should not be empty"]`},
		{"PUT", "/objects/custom_objects.pet", update(`[]`), 422, "searchableProperties should not be empty"},
		{"PUT", "/objects/custom_objects.pet", update(`"custom_objects.pet.name"`), 422, `["searchableProperties must be an array of strings"]`},
		{"PUT", "/objects/custom_objects.pet", update(`["a","b","c","d"]`), 400, `"Too many searchable properties. Maximum allowed is 3, but received 4."`},
		{"PUT", "/objects/custom_objects.pet", update(`["name"]`), 400, "Invalid searchable property name for object custom_objects.pet"},
		{"PUT", "/objects/custom_objects.pet", update(`["custom_objects.pet.age"]`), 400, "Invalid searchable property"},
		{"PUT", "/objects/custom_objects.pet", update(`["custom_objects.pet.name"],"key":"x"`), 422, `["property key should not exist"]`},
		{"PUT", "/objects/business", update(`["business.name","business.email"]`), 200, `"searchableProperties":["business.name","business.email"]`},
		{"GET", objects + "&fetchProperties=true", "", 422, `["property fetchProperties should not exist"]`},
		{"GET", "/objects/contact?locationId=school&fetchProperties=1", "", 422, `fetchProperties must be a boolean string`},
		{"GET", "/objects/contact", "", 422, `["LocationId can't be undefined"]`},
		{"GET", "/objects/contact?locationId=office", "", 403, "The token does not have access"},
		{"DELETE", "/objects/" + foreign, "", 422, `["LocationId can't be undefined"]`},
	} {
		c.want(test.method, test.path, test.body, test.status, test.want)
	}
}

func TestStandardObjects(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.want("GET", "/objects/contact?locationId=school", "", 200, `"standard":true,"key":"contact","labels":{"singular":"Contact","plural":"Contacts"}`)
	r := c.want("GET", "/objects/business?locationId=school&fetchProperties=true", "", 200, `"type":"SYSTEM_DEFINED"`)
	if !strings.HasSuffix(r.body, `,"cache":false,"fields":[]}`) {
		t.Errorf("no fields in %s", r.body)
	}
	c.want("DELETE", "/objects/"+wrappedID(t, r.body, "object")+"?locationId=school", "", 400, "Standard objects can not be deleted")
	if got := c.s.Objects().All(school); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// A new object has one field, its primary display property.
func TestObjectsFirstField(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Now: atNine})
	c.pet()
	r := c.want("GET", "/objects/custom_objects.pet?locationId=school&fetchProperties=true", "", 200, "")
	same(t, column(t, r.body, "fields", "fieldKey"), []string{"custom_objects.pet.name"})
	same(t, column(t, r.body, "fields", "dataType"), []string{"TEXT"})
	same(t, column(t, r.body, "fields", "name"), []string{"Name"})
}

func TestDeletingAnObjectTakesAllOfIt(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.pet()
	kept := c.studentTeacher()
	one := c.create("owner_of", "contact", "Owner", "custom_objects.pet", "Pet")
	two := c.create("friend_of", "custom_objects.pet", "A", "custom_objects.pet", "B")
	c.relate(one, "contact-1", "pet-1")
	c.s.AddRecord(school, "rex", "custom_objects.pet")
	r := c.want("DELETE", "/objects/"+id+"?locationId=school", "", 200, `"deletedAssociationIds":["`+one+`","`+two+`"]`)
	if !strings.Contains(r.body, `"deletedFields":["`) {
		t.Errorf("no fields in %s", r.body)
	}
	if got := c.s.Associations(school); len(got) != 1 || got[0].ID != kept || len(c.s.Relations(school)) != 0 {
		t.Errorf("left: %+v %+v", got, c.s.Relations(school))
	}
	c.pet()
	r = c.want("GET", "/objects/custom_objects.pet?locationId=school&fetchProperties=true", "", 200, "")
	same(t, column(t, r.body, "fields", "fieldKey"), []string{"custom_objects.pet.name"})
}

func TestQuirksOfObjectKeys(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{TakenObjectKeysSuffixed: true, MaxObjects: 3}})
	for _, key := range []string{"custom_objects.pet", "custom_objects.pet_1", "custom_objects.pet_2"} {
		c.want("POST", "/objects/", objectBody("pet"), 201, `"key":"`+key+`"`)
		c.want("GET", "/objects/"+key+"?locationId=school", "", 200, `"primaryDisplayProperty":"`+key+`.name"`)
	}
	c.want("POST", "/objects/", objectBody("pet"), 400, `"message":"Max custom objects limit[3] reached for location[school]"`)
}

func TestTenObjectsAreTheMost(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	for i := range 10 {
		c.want("POST", "/objects/", objectBody(fmt.Sprintf("pet%d", i)), 201, "")
	}
	c.want("POST", "/objects/", objectBody("last"), 400, "Max custom objects limit[10] reached")
}

func TestQuirkStrictObjects(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{StrictObjects: true}})
	body := associationBody("owner_of", "contact", "Owner", "custom_objects.pet", "Pet")
	c.want("POST", "/associations/", body, 422, `"message":"Object custom_objects.pet does not exist"`)
	c.pet()
	c.want("POST", "/associations/", body, 201, "")
}

func TestQuirksOfObjectAnswers(t *testing.T) {
	t.Parallel()
	const path = "/objects/custom_objects.pet?locationId=school"
	for _, test := range []struct {
		name         string
		quirks       sandbox.Quirks
		method, path string
		status       int
		want         string
	}{
		{"bare", sandbox.Quirks{WrapObjects: true}, "GET", path, 200, `{"id":"o1","standard":false,`},
		{"bare with fields", sandbox.Quirks{WrapObjects: true}, "GET", path + "&fetchProperties=true", 200, `,"cache":false,"fields":[]}`},
		{"unknown fields", sandbox.Quirks{UnknownFields: true}, "GET", path, 200, unknown + `,"cache":false` + unknown},
		{"400", sandbox.Quirks{MissingKindIs400: true}, "GET", "/objects/x?locationId=school", 400, "Custom Object (x) not found"},
		{"empty deletion", sandbox.Quirks{DeletionAnswer: "object"}, "DELETE", "/objects/o1?locationId=school", 200, `{}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := inProcess(t, sandbox.Options{Quirks: test.quirks})
			c.s.Objects().Add(sandbox.Object{ID: "o1", Key: "custom_objects.pet", LocationID: school})
			c.want(test.method, test.path, "", test.status, test.want)
		})
	}
}

func TestObjectsBehindTheAPI(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Now: atNine})
	added := c.s.Objects().Add(sandbox.Object{LocationID: school, Key: "custom_objects.Odd", PrimaryDisplayProperty: "custom_objects.Odd.title"})
	if added.ID == "" || added.Type != "USER_DEFINED" || added.DateAdded != nine || added.DateUpdated != nine {
		t.Errorf("%+v", added)
	}
	r := c.want("GET", "/objects/custom_objects.Odd?locationId=school&fetchProperties=true", "", 200, added.ID)
	same(t, column(t, r.body, "fields", "fieldKey"), []string{"custom_objects.Odd.title"})
	c.s.Objects().Update(school, added.ID, func(o *sandbox.Object) { o.ID, o.LocationID, o.Description = "other", office, "by hand" })
	c.s.Objects().Update(school, "nope", func(*sandbox.Object) { t.Error("called for an object that does not exist") })
	if got := c.s.Objects().All(school); len(got) != 1 || got[0].ID != added.ID || got[0].LocationID != school || got[0].Description != "by hand" {
		t.Errorf("%+v", got)
	}
	c.s.Objects().Remove(school, "custom_objects.Odd")
	c.s.Objects().Remove(school, "custom_objects.Odd")
	if got := c.s.Objects().All(school); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestFaultsOfObjects(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.pet()
	other := c.s.Objects().Add(sandbox.Object{LocationID: school, Key: "custom_objects.other"})
	for _, test := range []struct {
		effect       sandbox.Effect
		method, path string
		want         string
	}{
		{sandbox.NotFound(), "GET", "/objects/custom_objects.pet?locationId=school", "Custom Object (custom_objects.pet) not found"},
		{sandbox.DeletionDenied(), "DELETE", "/objects/" + other.ID + "?locationId=school", `{"id":"` + other.ID + `","success":false}`},
		{sandbox.RowOfAnother(), "GET", "/objects/custom_objects.pet?locationId=school", `"key":"custom_objects.other"`},
		{sandbox.RowOfAnother(), "GET", "/objects/contact?locationId=school", `"key":"custom_objects.pet"`},
		{sandbox.ShrinkPage(5), "GET", objects, `{"objects":[]}`},
	} {
		c.s.AddFault(sandbox.Fault{Count: 1, Effect: test.effect})
		if r := c.do(test.method, test.path, ""); !strings.Contains(r.body, test.want) {
			t.Errorf("%s %s: %s\nwant %s", test.method, test.path, r.body, test.want)
		}
		c.s.ClearFaults()
	}
	if got := len(c.s.Objects().All(school)); got != 2 {
		t.Errorf("%d objects are left, want 2", got)
	}
}
