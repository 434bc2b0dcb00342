package sandbox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const searchPets = "/objects/custom_objects.pet/records/search"

// petRecords returns a kennel with three pets and two contacts. Searches cover only the names.
func petRecords(t *testing.T, q sandbox.Quirks) *client {
	t.Helper()
	c, _ := kennel(t, q)
	c.s.AddRecord(school, "rex", "custom_objects.pet", map[string]any{"name": "Rex", "kind": "dog", "age": 3})
	c.s.AddRecord(school, "tom", "custom_objects.pet", map[string]any{"name": "Tom", "kind": "cat"})
	c.s.AddRecord(school, "t-rex", "custom_objects.pet", map[string]any{"name": "T. rex", "kind": "dinosaur"})
	c.s.AddRecord(school, "contact-1", "", map[string]any{"email": "Ann@example.com", "phone": "+15550100"})
	c.s.AddRecord(school, "contact-2", "", map[string]any{"email": "bob@example.com", "phone": "+15550100"})
	return c
}

// searchBody returns the body of a search for the first 10 records. The argument what begins with "query" or "filters".
func searchBody(what string) string {
	return `{"locationId":"school","page":1,"pageLimit":10,"searchAfter":[],` + what + `}`
}

func TestSearchRecords(t *testing.T) {
	t.Parallel()
	c := petRecords(t, sandbox.Quirks{})
	row := `{"id":"rex","owner":[],"followers":[],"properties":{"age":3,"kind":"dog","name":"Rex"},"createdAt":"` + nine + `","updatedAt":"` + nine + `",` +
		`"locationId":"school","objectId":"` + c.s.Objects().All(school)[0].ID + `","objectKey":"custom_objects.pet","searchAfter":[1772355600005,"rex"]}`
	if r := c.want("POST", searchPets, searchBody(`"query":"name:rex"`), 201, ""); !strings.HasPrefix(r.body, `{"records":[`+row+`,{"id":"t-rex"`) || !strings.HasSuffix(r.body, `],"total":2}`) {
		t.Errorf("got  %s\nwant %s", r.body, row)
	}
	filter := func(field, operator, value string) string {
		return `{"field":"properties.` + field + `","operator":"` + operator + `","value":` + value + `}`
	}
	for what, want := range map[string]string{
		`"query":""`:    "rex tom t-rex",
		`"query":"REX"`: "rex t-rex",
		`"query":"dog"`: "", // no searchable property
		`"filters":[]`:  "rex tom t-rex",
		`"filters":[` + filter("name", "eq", `"Rex"`) + `]`:                                                                               "rex",
		`"filters":[` + filter("age", "eq", `3`) + `]`:                                                                                    "rex",
		`"filters":[` + filter("name", "eq", `"rex"`) + `]`:                                                                               "",
		`"filters":[` + filter("kind", "contains", `"D"`) + `]`:                                                                           "rex t-rex",
		`"filters":[` + filter("kind", "not_eq", `"cat"`) + `,` + filter("name", "not_eq", `"Rex"`) + `]`:                                 "t-rex",
		`"filters":[{"group":"OR","filters":[` + filter("kind", "eq", `"cat"`) + `,` + filter("kind", "eq", `"dog"`) + `]}]`:              "rex tom",
		`"filters":[{"group":"AND","filters":[` + filter("kind", "eq", `"cat"`) + `,` + filter("kind", "eq", `"dog"`) + `]}]`:             "",
		`"query":"rex","filters":[` + filter("kind", "eq", `"dog"`) + `]`:                                                                 "rex",
		`"query":"","filters":[{"group":"AND","filters":[{"group":"AND","filters":[` + filter("kind", "contains", `"dinosaur"`) + `]}]}]`: "t-rex",
	} {
		r := c.want("POST", searchPets, searchBody(what), 201, fmt.Sprintf(`"total":%d`, len(strings.Fields(want))))
		if got := strings.Join(column(t, r.body, "records", "id"), " "); got != want {
			t.Errorf("%s finds %q, want %q", what, got, want)
		}
	}
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	c := petRecords(t, sandbox.Quirks{})
	page := func(page, limit int, after string) string {
		return fmt.Sprintf(`{"locationId":"school","page":%d,"pageLimit":%d,"query":"","searchAfter":[%s]}`, page, limit, after)
	}
	for body, want := range map[string]string{
		page(1, 2, ""):        "rex tom",
		page(2, 2, ""):        "t-rex",
		page(3, 2, ""):        "",
		page(1, 2, `1,"tom"`): "t-rex",
	} {
		r := c.want("POST", searchPets, body, 201, `"total":3`)
		if got := strings.Join(column(t, r.body, "records", "id"), " "); got != want {
			t.Errorf("%s finds %q, want %q", body, got, want)
		}
	}
	c.want("POST", searchPets, page(0, 2, ""), 422, "page must be at least 1")
	c.want("POST", searchPets, page(1, 101, ""), 422, "pageLimit from 1 to 100")
}

func TestRecordForms(t *testing.T) {
	t.Parallel()
	c := petRecords(t, sandbox.Quirks{})
	for _, test := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", searchPets, `{}`, 422, `["LocationId can't be undefined","page should not be empty","pageLimit should not be empty","searchAfter should not be empty"]`},
		{"POST", searchPets, searchBody(`"query":7`), 422, "query must be a string"},
		{"POST", searchPets, `{"locationId":"school","page":1,"pageLimit":1,"searchAfter":[]}`, 422, "query should not be empty"},
		{"POST", searchPets, searchBody(`"filters":[{"field":"name","operator":"eq","value":"x"}]`), 422, "field must begin with properties."},
		{"POST", searchPets, searchBody(`"filters":[{"group":"OR","filters":[{"field":"properties.a","operator":"is"}]}]`), 422, "operator must be one of"},
		{"POST", searchPets, searchBody(`"filters":["x"]`), 422, "filters must be an array of filters"},
		{"POST", searchPets, strings.Replace(searchBody(`"query":""`), "school", "office", 1), 403, "The token does not have access"},
		{"POST", "/objects/custom_objects.cat/records/search", searchBody(`"query":""`), 404, "Custom Object (custom_objects.cat) not found"},
		{"GET", "/objects/custom_objects.cat/records/rex?locationId=school", "", 404, "Custom Object (custom_objects.cat) not found"},
		{"GET", "/objects/custom_objects.pet/records/rex", "", 422, "LocationId can't be undefined"},
		{"GET", "/contacts/search/duplicate?locationId=school", "", 422, "email or number should not be empty"},
		{"GET", "/contacts/search/duplicate?locationId=school&phone=1", "", 422, "property phone should not exist"},
	} {
		c.want(test.method, test.path, test.body, test.status, test.want)
	}
}

func TestGetRecord(t *testing.T) {
	t.Parallel()
	c := petRecords(t, sandbox.Quirks{})
	c.want("GET", "/objects/custom_objects.pet/records/tom?locationId=school", "", 200, `{"record":{"id":"tom",`)
	c.want("GET", "/objects/contact/records/contact-1?locationId=school", "", 200, `"objectKey":"contact"`)
	missing := `{"statusCode":404,"message":"Record not found","error":"Not Found","traceId":"`
	c.want("GET", "/objects/contact/records/tom?locationId=school", "", 404, missing)
	c.want("GET", "/objects/custom_objects.pet/records/pet-1?locationId=school", "", 404, missing)
	c.s.DeleteRecord(school, "tom")
	c.want("GET", "/objects/custom_objects.pet/records/tom?locationId=school", "", 404, missing)
	r := c.want("POST", searchPets, searchBody(`"query":""`), 201, "")
	same(t, column(t, r.body, "records", "id"), []string{"rex", "t-rex"})
}

func TestDuplicateContact(t *testing.T) {
	t.Parallel()
	c := petRecords(t, sandbox.Quirks{})
	for query, want := range map[string]string{
		"email=ann@EXAMPLE.com":                   `{"contact":{"email":"Ann@example.com","id":"contact-1","locationId":"school","phone":"+15550100"}}`,
		"email=bob@example.com":                   `{"contact":{"email":"bob@example.com","id":"contact-2","locationId":"school","phone":"+15550100"}}`,
		"number=%2B15550100":                      `{"contact":{"email":"Ann@example.com","id":"contact-1","locationId":"school","phone":"+15550100"}}`,
		"number=+15550100":                        `{"contact":null}`, // in a query, a plus sign means a space
		"email=nobody@example.com":                `{"contact":null}`,
		"email=nobody@example.com&number=5550100": `{"contact":null}`,
	} {
		if r := c.want("GET", "/contacts/search/duplicate?locationId=school&"+query, "", 200, ""); r.body != want {
			t.Errorf("%s: got  %s\nwant %s", query, r.body, want)
		}
	}
}

func TestADeletedFieldLeavesNoValues(t *testing.T) {
	t.Parallel()
	c := petRecords(t, sandbox.Quirks{})
	id := c.field(c.s.FieldFolders().All(school)[0].ID, "kind", "TEXT", "")
	c.want("DELETE", "/custom-fields/"+id, "", 200, "")
	c.want("GET", "/objects/custom_objects.pet/records/tom?locationId=school", "", 200, `"properties":{"name":"Tom"}`)
}

func TestQuirkRecordLag(t *testing.T) {
	t.Parallel()
	now := atNine()
	c := inProcess(t, sandbox.Options{Now: func() time.Time { return now }, Quirks: sandbox.Quirks{RecordLag: 12 * time.Second}})
	c.pet()
	c.s.AddRecord(school, "rex", "custom_objects.pet", map[string]any{"name": "Rex"})
	c.want("POST", searchPets, searchBody(`"query":"Rex"`), 201, `{"records":[],"total":0}`)
	c.want("GET", "/objects/custom_objects.pet/records/rex?locationId=school", "", 200, `"name":"Rex"`)
	now = now.Add(12 * time.Second)
	c.want("POST", searchPets, searchBody(`"query":"Rex"`), 201, `"total":1`)
}

func TestQuirkFuzzySearch(t *testing.T) {
	t.Parallel()
	c := petRecords(t, sandbox.Quirks{FuzzySearch: true})
	for filters, want := range map[string]string{
		`[{"field":"properties.name","operator":"eq","value":"rex"}]`:                              "rex t-rex",
		`[{"group":"OR","filters":[{"field":"properties.name","operator":"eq","value":"tom"}]}]`:   "tom",
		`[{"group":"AND","filters":[{"field":"properties.name","operator":"eq","value":"Rexx"}]}]`: "",
	} {
		r := c.want("POST", searchPets, searchBody(`"filters":`+filters), 201, "")
		if got := strings.Join(column(t, r.body, "records", "id"), " "); got != want {
			t.Errorf("%s finds %q, want %q", filters, got, want)
		}
	}
}

func TestQuirksOfRecords(t *testing.T) {
	t.Parallel()
	c := petRecords(t, sandbox.Quirks{CustomObjectRecords: true, NoTotal: true, WrapObjects: true, MissingKindIs400: true})
	r := c.want("POST", searchPets, searchBody(`"query":"tom"`), 201, `{"customObjectRecords":[{"id":"tom"`)
	if strings.Contains(r.body, "total") {
		t.Errorf("a total in %s", r.body)
	}
	c.want("GET", "/objects/custom_objects.pet/records/tom?locationId=school", "", 200, `{"id":"tom"`)
	c.want("GET", "/objects/custom_objects.pet/records/x?locationId=school", "", 400, "Record not found")
	c.s.AddFault(sandbox.Fault{Effect: sandbox.RowOfAnother()})
	c.want("GET", "/objects/custom_objects.pet/records/tom?locationId=school", "", 200, `{"id":"rex"`)
}
