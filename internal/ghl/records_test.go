package ghl

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const recordJSON = `{"id":"661c06b4ffde146bdb469442","owner":[],"followers":[],"properties":{"name":"Rex","age":3},"createdAt":"2024-07-14T00:32:03.561Z",` +
	`"updatedAt":"2024-07-16T15:51:53.866Z","locationId":"ve9EPM428h8vShlRW1KT","objectId":"661c06b4ffde146bdb469443","objectKey":"custom_objects.pet","searchAfter":[1738683828372,"661c06b4ffde146bdb469442"]}`

var rex = Record{
	ID: "661c06b4ffde146bdb469442", LocationID: "ve9EPM428h8vShlRW1KT", ObjectKey: "custom_objects.pet", Properties: json.RawMessage(`{"name":"Rex","age":3}`),
}

func TestRecordEndpoints(t *testing.T) {
	t.Parallel()
	search := func(page int, value string) func(context.Context, *Client) (any, error) {
		return func(ctx context.Context, c *Client) (any, error) {
			return c.SearchRecords(ctx, location, "custom_objects.pet", "name", value, page)
		}
	}
	const uri, begin = "/objects/custom_objects.pet/records/search", `{"filters":[{"field":"properties.name","operator":"eq","value":`
	testEndpoints(t, map[string]endpoint{
		"search": {
			search(1, "Rex"), "POST", uri, begin + `"Rex"}],"locationId":"ve9EPM428h8vShlRW1KT","page":1,"pageLimit":100,"searchAfter":[]}`,
			201, `{"records":[` + recordJSON + `],"total":1}`, RecordPage{[]Record{rex}, 1},
		},
		"another page, no total": {
			search(2, `"Réx" <+>`), "POST", uri, begin + `"\"Réx\" \u003c+\u003e"}],"locationId":"ve9EPM428h8vShlRW1KT","page":2,"pageLimit":100,"searchAfter":[]}`,
			200, `{"customObjectRecords":[` + recordJSON + `]}`, RecordPage{[]Record{rex}, -1},
		},
		"none": {
			search(1, "Tom"), "POST", uri, begin + `"Tom"}],"locationId":"ve9EPM428h8vShlRW1KT","page":1,"pageLimit":100,"searchAfter":[]}`,
			201, `{"records":[],"total":0}`, RecordPage{nil, 0},
		},
	})
}

// An answer about another object or sub-account is an error.
func TestRecordsOfAnotherQuestion(t *testing.T) {
	t.Parallel()
	with := func(old, replacement string) string {
		return `{"records":[` + recordJSON + `,` + strings.ReplaceAll(recordJSON, old, replacement) + `]}`
	}
	for name, test := range map[string]struct {
		answer string
		isFit  bool
	}{
		"another sub-account":          {with(location, "another"), false},
		"another object":               {with("custom_objects.pet", "custom_objects.cat"), false},
		"no id":                        {with(`"id"`, `"_id"`), false},
		"an id with a slash":           {with(`"661c06b4ffde146bdb469442"`, `"../a"`), false},
		"no sub-account":               {with(`"locationId"`, `"place"`), true},
		"no object":                    {with(`"objectKey"`, `"kind"`), true},
		"no properties":                {with(`"properties"`, `"fields"`), true},
		"one object instead of a list": {recordJSON, false},
		"an HTML page":                 {"<html>", false},
	} {
		err := searchRecords(t.Context(), newTestClient(t, answering(201, test.answer)))
		if (err == nil) != test.isFit || err != nil && (KindOf(err) != Malformed || IsAmbiguous(err)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// An object key that contains a slash is escaped in the path. With an empty key, the client
// sends no request.
func TestSearchPath(t *testing.T) {
	t.Parallel()
	transport := answering(201, `{"records":[]}`)
	client := newTestClient(t, transport)
	if _, err := client.SearchRecords(t.Context(), location, "../contacts", "a", "b", 1); err != nil || !strings.HasSuffix(transport.sent()[0].URL, "/objects/..%2Fcontacts/records/search") {
		t.Errorf("got %v after %v", err, transport.sent())
	}
	if _, err := client.SearchRecords(t.Context(), location, "", "a", "b", 1); err == nil || transport.count() != 1 {
		t.Errorf("got %v after %d requests", err, transport.count())
	}
}

// Records may contain long texts, so the answer to a search may be as large as a page of a
// listing.
func TestSearchAnswerMayBeLarge(t *testing.T) {
	t.Parallel()
	large := strings.Replace(recordJSON, `"Rex"`, `"`+strings.Repeat("x", 2<<20)+`"`, 1)
	found, err := newTestClient(t, answering(201, `{"records":[`+large+`],"total":1}`)).SearchRecords(t.Context(), location, pet.Key, "name", "Rex", 1)
	if err != nil || len(found.Rows) != 1 {
		t.Errorf("got %d rows, %v", len(found.Rows), err)
	}
	huge := newTestClient(t, answering(201, strings.Repeat(" ", 17<<20)))
	if err := searchRecords(t.Context(), huge); KindOf(err) != Network || !strings.Contains(err.Error(), "larger than 16 MiB") {
		t.Errorf("got %v", err)
	}
}

func TestRecordHas(t *testing.T) {
	t.Parallel()
	record := Record{Properties: json.RawMessage(`{"name":"Rex","Name":"rex","quoted":"\"a\" \\ b","accent":"Zoe\u0308","age":3,"price":1.50,"tame":true,` +
		`"kind":["dog","old"],"fee":{"currency":"default","value":100},"files":[{"url":"x"}],"deep":[[["y"]]],"nothing":null,"list.option_a":"z","blank":" "}`)}
	for name, test := range map[string]struct {
		property, value string
		want            bool
	}{
		"a text":                        {"name", "Rex", true},
		"in another case":               {"name", "rex", false},
		"part of the text":              {"name", "Re", false},
		"with a blank":                  {"name", "Rex ", false},
		"a blank":                       {"blank", " ", true},
		"quotes and backslashes":        {"quoted", `"a" \ b`, true},
		"another form in Unicode":       {"accent", "Zo\u00eb", true},
		"without the accent":            {"accent", "Zoe", false},
		"a number":                      {"age", "3", true},
		"a number, written otherwise":   {"price", "1.5", false},
		"a number, as it is written":    {"price", "1.50", true},
		"a boolean":                     {"tame", "true", true},
		"one of several":                {"kind", "old", true},
		"an amount":                     {"fee", "100", true},
		"a file":                        {"files", "x", true},
		"nested deeper than any value":  {"deep", "y", false},
		"null is no text":               {"nothing", "null", false},
		"null is not empty":             {"nothing", "", false},
		"a property that is not shown":  {"color", "Rex", false},
		"a dot in the name":             {"list.option_a", "z", true},
		"a property of a nested object": {"currency", "default", false},
	} {
		if got := record.Has(test.property, test.value); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
	for _, properties := range []string{"", "null", "[]", `["name","Rex"]`, `"name"`, "7"} {
		if (Record{Properties: json.RawMessage(properties)}).Has("name", "Rex") {
			t.Errorf("the properties %s have a name", properties)
		}
	}
}

func TestContactEndpoints(t *testing.T) {
	t.Parallel()
	const uri, found = "/contacts/search/duplicate?", `{"contact":{"id":"contact-1","locationId":"ve9EPM428h8vShlRW1KT","email":"ann+home@example.com","phone":"+15550100"}}`
	byEmail := func(email string) func(context.Context, *Client) (any, error) {
		return func(ctx context.Context, c *Client) (any, error) { return c.ContactByEmail(ctx, location, email) }
	}
	byPhone := func(number string) func(context.Context, *Client) (any, error) {
		return func(ctx context.Context, c *Client) (any, error) { return c.ContactByPhone(ctx, location, number) }
	}
	testEndpoints(t, map[string]endpoint{
		"by e-mail":       {byEmail("ann+home@example.com"), "GET", uri + "email=ann%2Bhome%40example.com&locationId=ve9EPM428h8vShlRW1KT", "", 200, found, "contact-1"},
		"by phone":        {byPhone("+15550100"), "GET", uri + "locationId=ve9EPM428h8vShlRW1KT&number=%2B15550100", "", 200, found, "contact-1"},
		"none":            {byEmail("x@example.com"), "GET", uri + "email=x%40example.com&locationId=ve9EPM428h8vShlRW1KT", "", 200, `{"contact":null}`, ""},
		"none, with more": {byEmail("x@example.com"), "GET", uri + "email=x%40example.com&locationId=ve9EPM428h8vShlRW1KT", "", 200, `{"contact": null, "traceId":"t"}`, ""},
	})
}

// An answer about another contact is an error. If the search finds a contact with another
// address or number, it is not retried, because a retry would find the same contact.
func TestContactOfAnotherQuestion(t *testing.T) {
	t.Parallel()
	answer := func(fields string) string { return `{"contact":{"id":"contact-1"` + fields + `}}` }
	for name, test := range map[string]struct {
		do       operation
		answer   string
		isFit    bool
		requests int
	}{
		"in another case":               {findByEmail, answer(`,"email":"Ann@EXAMPLE.com"`), true, 1},
		"another address":               {findByEmail, answer(`,"email":"bob@example.com"`), false, 1},
		"one of its other addresses":    {findByEmail, answer(`,"email":"bob@example.com","additionalEmails":[{"email":"ann@example.com"}]`), true, 1},
		"one of a list of addresses":    {findByEmail, answer(`,"email":"bob@example.com","additionalEmails":["x@example.com","ann@example.com"]`), true, 1},
		"the address is not shown":      {findByEmail, answer(`,"email":null,"phone":"+1"`), true, 1},
		"nothing is shown":              {findByEmail, answer(``), true, 1},
		"another sub-account":           {findByEmail, answer(`,"locationId":"another"`), false, 3},
		"no id":                         {findByEmail, `{"contact":{"email":"ann@example.com"}}`, false, 3},
		"an id with a slash":            {findByEmail, `{"contact":{"id":"a/b"}}`, false, 3},
		"no contact in the answer":      {findByEmail, `{}`, false, 3},
		"a bare object":                 {findByEmail, `{"id":"contact-1","email":"ann@example.com"}`, false, 3},
		"no JSON":                       {findByEmail, `{"contact":null`, false, 3},
		"a number, with its separators": {findByPhone, answer(`,"phone":"+1 (555) 01-00"`), true, 1},
		"another number":                {findByPhone, answer(`,"phone":"+25550100"`), false, 1},
		"a number without its country":  {findByPhone, answer(`,"phone":"5550100"`), false, 1},
		"one of its other numbers":      {findByPhone, answer(`,"phone":"+2","additionalPhones":[{"phone":"+1-555-0100"}]`), true, 1},
	} {
		transport := answering(200, test.answer)
		err := test.do(t.Context(), newTestClient(t, transport, withRetries(2)))
		if (err == nil) != test.isFit || err != nil && KindOf(err) != Malformed || transport.count() != test.requests {
			t.Errorf("%s: got %v after %d requests", name, err, transport.count())
		}
	}
}

func TestPhoneNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"+15550100": "+15550100", "+1 (555) 01-00": "+15550100", "001.555.0100": "+15550100", "0555 / 0100": "05550100", "\u202a+1\u00a0555\u20110100\u202c": "+15550100", "": "", "ext": "",
	} {
		if got := PhoneNumber(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	type pair struct{ stored, asked string }
	got := map[pair]bool{}
	want := map[pair]bool{
		{"+15550100", "+15550100"}: true, {"+15550100", "5550100"}: true, {"+491715550100", "01715550100"}: true,
		{"+15550100", "+25550100"}: false, {"5550100", "+15550100"}: false, {"+15550100", "0"}: false, {"+15550100", ""}: false,
	}
	for p := range want {
		got[p] = samePhone(p.stored, p.asked)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}
