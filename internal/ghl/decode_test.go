package ghl

import (
	"reflect"
	"strings"
	"testing"
)

// anyOf is a check that accepts every row.
func anyOf[T any](T) error { return nil }

func TestDecodeAssociation(t *testing.T) {
	t.Parallel()
	minimal := Association{ID: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION", Key: "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION", FirstObjectKey: "task", SecondObjectKey: "custom_objects.properties"}
	for name, test := range map[string]struct {
		body string
		want Association
	}{
		"bare":                      {associationJSON, association},
		"wrapped":                   {`{"association":` + associationJSON + `}`, association},
		"wrapped, plural":           {`{"associations":` + associationJSON + `}`, association},
		"data":                      {`{"data":` + associationJSON + `}`, association},
		"list of one":               {`[` + associationJSON + `]`, association},
		"wrapped list of one":       {`{"associations":[` + associationJSON + `],"total":1}`, association},
		"data, wrapped":             {`{"data":{"association":` + associationJSON + `},"traceId":"t"}`, association},
		"white space around":        {" \n" + associationJSON + "\r\n", association},
		"unknown fields":            {strings.Replace(associationJSON, `{`, `{"createdAt":"2025-02-13","data":{"id":1},"association":null,"nested":[{}],`, 1), association},
		"only what a row must have": {`{"id":"TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION","key":"TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION","firstObjectKey":"task","secondObjectKey":"custom_objects.properties"}`, minimal},
		"labels null":               {`{"id":"TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION","key":"TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION","firstObjectKey":"task","secondObjectKey":"custom_objects.properties","firstObjectLabel":null,"secondObjectLabel":null}`, minimal},
	} {
		got, err := one(anyOf[Association])([]byte(test.body))
		if err != nil || got != test.want {
			t.Errorf("%s: got %+v, %v\nwant %+v", name, got, err, test.want)
		}
	}
}

func TestDecodeAssociationMalformed(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":                  ``,
		"HTML":                   `<!DOCTYPE html><html><head><title>One moment</title></head></html>`,
		"plain text":             `error code: 1010`,
		"cut short":              associationJSON[:100],
		"two objects":            associationJSON + associationJSON,
		"null":                   `null`,
		"a text":                 `"ok"`,
		"an empty object":        `{}`,
		"an empty list":          `[]`,
		"an empty wrapped list":  `{"associations":[]}`,
		"a list of two":          `[` + associationJSON + `,` + associationJSON + `]`,
		"a list cut short":       `[` + associationJSON,
		"an error with 200":      `{"statusCode":400,"message":"Association not found"}`,
		"no id":                  strings.Replace(associationJSON, `"id"`, `"_id"`, 1),
		"empty id":               strings.Replace(associationJSON, association.ID, ``, 1),
		"id null":                strings.Replace(associationJSON, `"`+association.ID+`"`, `null`, 1),
		"id a number":            strings.Replace(associationJSON, `"`+association.ID+`"`, `17`, 1),
		"no key":                 strings.Replace(associationJSON, `"key"`, `"name"`, 1),
		"no first object":        strings.Replace(associationJSON, `"firstObjectKey"`, `"x"`, 1),
		"no second object":       strings.Replace(associationJSON, `"secondObjectKey"`, `"x"`, 1),
		"label an object":        strings.Replace(associationJSON, `"Student"`, `{"singular":"Student"}`, 1),
		"label a number":         strings.Replace(associationJSON, `"Teacher"`, `7`, 1),
		"wrapped without end":    strings.Repeat(`{"data":`, 9) + associationJSON + strings.Repeat(`}`, 9),
		"a list of lists of ...": strings.Repeat(`[`, 9) + associationJSON + strings.Repeat(`]`, 9),
	} {
		if got, err := one(anyOf[Association])([]byte(body)); err == nil || got != (Association{}) {
			t.Errorf("%s: got %+v, %v; want an error", name, got, err)
		}
	}
}

// A relation may lack its object keys, but must have its ids.
func TestDecodeRelation(t *testing.T) {
	t.Parallel()
	withoutObjects := relation
	withoutObjects.FirstObjectKey, withoutObjects.SecondObjectKey = "", ""
	without := func(field string) string { return strings.Replace(relationJSON, `"`+field+`"`, `"x"`, 1) }
	for body, want := range map[string]Relation{
		`{"relation":` + relationJSON + `}`: relation, `{"relations":[` + relationJSON + `]}`: relation,
		strings.Replace(without("firstObjectKey"), "secondObjectKey", "x", 1): withoutObjects,
		without("id"): {}, without("associationId"): {}, without("firstRecordId"): {}, without("secondRecordId"): {},
	} {
		if got, err := one(anyOf[Relation])([]byte(body)); got != want || (err != nil) != (want == Relation{}) {
			t.Errorf("%s: got %+v, %v", body, got, err)
		}
	}
}

func TestDecodeAssociations(t *testing.T) {
	t.Parallel()
	one, two := []Association{association}, []Association{association, association}
	for name, test := range map[string]struct {
		body string
		want listing[Association]
	}{
		"bare list":               {`[` + associationJSON + `,` + associationJSON + `]`, listing[Association]{rows: two, total: -1}},
		"wrapped":                 {`{"associations":[` + associationJSON + `,` + associationJSON + `]}`, listing[Association]{rows: two, total: -1}},
		"wrapped, total":          {`{"associations":[` + associationJSON + `],"total":31}`, listing[Association]{rows: one, total: 31}},
		"data":                    {`{"data":[` + associationJSON + `],"total":1}`, listing[Association]{rows: one, total: 1}},
		"data, wrapped":           {`{"data":{"associations":[` + associationJSON + `],"total":5}}`, listing[Association]{rows: one, total: 5}},
		"data, total beside it":   {`{"data":{"associations":[` + associationJSON + `]},"total":5}`, listing[Association]{rows: one, total: 5}},
		"empty":                   {`[]`, listing[Association]{total: -1}},
		"wrapped, empty":          {`{"associations":[],"total":0}`, listing[Association]{total: 0}},
		"wrapped, empty, unknown": {`{"success":true,"associations":[],"meta":{"page":1}}`, listing[Association]{total: -1}},
	} {
		got, err := associationsOf(location)([]byte(test.body))
		got.size = 0
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, %v\nwant %+v", name, got, err, test.want)
		}
	}
}

func TestDecodeTotal(t *testing.T) {
	t.Parallel()
	for total, want := range map[string]int{
		`0`: 0, `7`: 7, `1050`: 1050,
		`-1`: -1, `-5`: -1, `null`: -1, `"7"`: -1, `7.5`: -1, `{"value":7}`: -1, `[7]`: -1, `true`: -1, `99999999999999999999`: -1,
	} {
		got, err := relationsOf(location, relation.FirstRecordID)([]byte(`{"relations":[` + relationJSON + `],"total":` + total + `}`))
		if err != nil || got.total != want || len(got.rows) != 1 {
			t.Errorf("%s: got %+v, %v; want a row and total %d", total, got, err, want)
		}
	}
}

func TestDecodeListMalformed(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":             ``,
		"HTML":              `<html><body>502 Bad Gateway</body></html>`,
		"plain text":        `error code: 1010`,
		"cut short":         `{"relations":[` + relationJSON + `,{"id":"67b0`,
		"bare, cut short":   `[` + relationJSON + `,`,
		"null":              `null`,
		"a number":          `0`,
		"an empty object":   `{}`,
		"only a total":      `{"total":0}`,
		"list null":         `{"relations":null,"total":0}`,
		"list a text":       `{"relations":"none"}`,
		"another's list":    `{"associations":[]}`,
		"one object":        relationJSON,
		"one, wrapped":      `{"relation":` + relationJSON + `,"total":1}`,
		"one, as the list":  `{"relations":` + relationJSON + `}`,
		"a malformed row":   `{"id":"67b03fd2a1b2c3d4e5f60718"}`,
		"an error with 200": `{"statusCode":404,"message":"Record not found"}`,
		"too deep":          strings.Repeat(`{"data":`, 9) + `[]` + strings.Repeat(`}`, 9),
	} {
		if got, err := relationsOf(location, relation.FirstRecordID)([]byte(body)); err == nil {
			t.Errorf("%s: got %+v, want an error", name, got)
		}
	}
}

// A deletion is confirmed only if the answer says so. An answer that is not JSON is an
// error, unless it is empty.
func TestConfirmsDeletion(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		deletedJSON:        "confirmed",
		`{"deleted":true}`: "confirmed",
		`{"success":true}`: "confirmed",
		`{"succeeded":true,"id":"` + association.ID + `"}`: "confirmed",
		`{"succeded":true}`:                "confirmed", //nolint:misspell // the API's own
		`{"deleted":true,"id":"another"}`:  "open",
		`{"deleted":true,"success":false}`: "open",
		`{"deleted":false}`:                "open",
		`{"success":true,"error":"no"}`:    "open",
		`{"success":true,"error":null}`:    "confirmed",
		`{"deleted":"true"}`:               "open",
		`{"message":"deleted"}`:            "open",
		`{"statusCode":400,"message":"x"}`: "open",
		`{}`:                               "open",
		`null`:                             "open",
		`"ok"`:                             "open",
		`[]`:                               "open",
		``:                                 "open",
		" \n":                              "open",
		`<html>One moment</html>`:          "an error",
		`error code: 1010`:                 "an error",
		`{"deleted":true,"id":"67a`:        "an error",
	} {
		confirmed, err := confirmsDeletion(association.ID)([]byte(body))
		got := map[bool]string{true: "confirmed", false: "open"}[confirmed]
		if err != nil {
			got = "an error"
		}
		if got != want {
			t.Errorf("%s: %s, want %s (%v)", body, got, want, err)
		}
	}
}

// An acknowledgement is an answer to a change that contains no row, no list, and no id of another
// object.
func TestIsAcknowledgement(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		``:                                true,
		`{}`:                              true,
		`{"success":true}`:                true,
		`{"id":"` + association.ID + `"}`: true,
		`{"id":"another"}`:                false,
		`{"associations":[]}`:             false,
		`null`:                            true,
		`"ok"`:                            true,
		`[]`:                              false,
		`<html></html>`:                   false,
		associationJSON:                   false,
	} {
		if got := isAcknowledgement[Association]([]byte(body), association.ID); got != want {
			t.Errorf("%s: %t, want %t", body, got, want)
		}
	}
}

// addBodies seeds a fuzz test with valid and malformed answers.
func addBodies(f *testing.F, row, list string) {
	f.Helper()
	for _, body := range []string{
		row, `[` + row + `]`, `{"` + list + `":[` + row + `,` + row + `],"total":2}`, `{"data":{"` + list + `":[]},"total":-1}`,
		`{"` + list + `":[null,{},` + row + `]}`, `{}`, `null`, `[[[[[`, ``, `<html></html>`, deletedJSON,
		strings.Repeat(`{"data":`, 20) + row, strings.Repeat("[", 20000), `{"` + list + `":[` + row + `],"total":1e3}`,
	} {
		f.Add([]byte(body))
	}
}

func FuzzDecodeAssociation(f *testing.F) {
	addBodies(f, associationJSON, "associations")
	f.Fuzz(func(t *testing.T, body []byte) {
		if a, err := one(anyOf[Association])(body); err == nil {
			checkAssociation(t, a)
		}
	})
}

func FuzzDecodeAssociations(f *testing.F) {
	addBodies(f, associationJSON, "associations")
	f.Fuzz(func(t *testing.T, body []byte) {
		page, err := associationsOf(location)(body)
		if err != nil {
			return
		}
		if page.total < -1 {
			t.Errorf("got %+v", page)
		}
		for _, a := range page.rows {
			checkAssociation(t, a)
		}
	})
}

func checkAssociation(t *testing.T, a Association) {
	t.Helper()
	if a.ID == "" || a.Key == "" || a.FirstObjectKey == "" || a.SecondObjectKey == "" {
		t.Errorf("got an association without an id, a key or an object: %+v", a)
	}
}

// An HTML page is never accepted as the answer to a deletion.
func FuzzDecodeDeleted(f *testing.F) {
	addBodies(f, associationJSON, "associations")
	f.Fuzz(func(t *testing.T, body []byte) {
		confirmed, err := confirmsDeletion("x")(body)
		if strings.HasPrefix(string(body), "<") && (confirmed || err == nil) {
			t.Errorf("%q was accepted", body)
		}
	})
}

// BenchmarkDecodeAssociations decodes a full page of associations.
func BenchmarkDecodeAssociations(b *testing.B) {
	body := `{"associations":[` + strings.Repeat(associationJSON+`,`, PageSize-1) + associationJSON + `],"total":1050}`
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		page, err := associationsOf(location)([]byte(body))
		if err != nil || len(page.rows) != PageSize || page.total != 1050 {
			b.Fatalf("%d rows, total %d, %v", len(page.rows), page.total, err)
		}
	}
}
