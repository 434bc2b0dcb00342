package ghl

import (
	"context"
	"strings"
	"testing"
)

// In a listing, a row of another sub-account or record counts as malformed, like a row that
// cannot be read. Malformed rows are counted, but never returned.
func TestMalformedRows(t *testing.T) {
	t.Parallel()
	foreign := func(row string) string { return strings.Replace(row, location, "another", 1) }
	placeless := func(row string) string { return strings.Replace(row, `"locationId"`, `"place"`, 1) }
	const elsewhere = `{"id":"r2","associationId":"67ade73dc119de53cac4dc3f","firstRecordId":"student-4","secondRecordId":"teacher-9"}`
	associations := func(ctx context.Context, c *Client) (rows, malformed int, err error) {
		page, err := c.AssociationPages(location).Next(ctx, PageSize)
		return len(page.Rows), page.Malformed, err
	}
	relations := func(ctx context.Context, c *Client) (rows, malformed int, err error) {
		page, err := c.RelationPages(location, "student-3").Next(ctx, PageSize)
		return len(page.Rows), page.Malformed, err
	}
	for name, test := range map[string]struct {
		list            func(context.Context, *Client) (rows, malformed int, err error)
		body            string
		rows, malformed int
		kind            Kind
	}{
		"a label that is an object": {associations, `[` + strings.Replace(associationJSON, `"Student"`, `{"text":"Student"}`, 1) + `,` + associationJSON + `]`, 1, 1, ""},
		"a label that is a number":  {associations, `[` + associationJSON + `,` + strings.Replace(associationJSON, `"Teacher"`, `7`, 1) + `]`, 1, 1, ""},
		"no id":                     {associations, `[` + strings.Replace(associationJSON, `"id"`, `"_id"`, 1) + `]`, 0, 1, ""},
		"no valid rows":             {associations, `[null,"row",7,[],{},true]`, 0, 6, ""},
		"a wrapped row":             {associations, `[{"association":` + associationJSON + `}]`, 0, 1, ""},
		"associations, all of another sub-account": {associations, `{"associations":[` + foreign(associationJSON) + `],"total":1}`, 0, 1, ""},
		"associations, one of another sub-account": {associations, `[` + associationJSON + `,` + foreign(associationJSON) + `]`, 1, 1, ""},
		"associations without a sub-account":       {associations, `[` + placeless(associationJSON) + `]`, 1, 0, ""},
		"one association instead of the listing":   {associations, associationJSON, 0, 0, Malformed},
		"relations instead of associations":        {associations, `[` + relationJSON + `]`, 0, 1, ""},
		"relations, all of another record":         {relations, `{"relations":[` + elsewhere + `],"total":1}`, 0, 1, ""},
		"relations, one of another record":         {relations, `[` + relationJSON + `,` + elsewhere + `]`, 1, 1, ""},
		"relations of another sub-account":         {relations, `[` + foreign(relationJSON) + `]`, 0, 1, ""},
		"relations without a sub-account":          {relations, `[` + placeless(relationJSON) + `]`, 1, 0, ""},
		"one relation instead of the listing":      {relations, relationJSON, 0, 0, Malformed},
		"associations instead of relations":        {relations, `[` + associationJSON + `]`, 0, 1, ""},
	} {
		rows, malformed, err := test.list(t.Context(), newTestClient(t, answering(200, test.body)))
		if rows != test.rows || malformed != test.malformed || KindOf(err) != test.kind || (err != nil) != (test.kind != "") {
			t.Errorf("%s: got %d rows, %d malformed, %v; want %d, %d, kind %q", name, rows, malformed, err, test.rows, test.malformed, test.kind)
		}
	}
}

// The server returns the associations of an object on one page, in several forms. The call
// fails if any row is malformed or belongs to another sub-account or object.
func TestAssociationsByObjectKey(t *testing.T) {
	t.Parallel()
	foreign := strings.Replace(associationJSON, location, "another", 1)
	others := strings.Replace(associationJSON, "custom_objects.student", "contact", 1)
	for name, test := range map[string]struct {
		body string
		rows int
		want string // part of the error; "" if there is no error
	}{
		"several":                         {`[` + associationJSON + `,` + associationJSON + `]`, 2, ""},
		"one, bare":                       {associationJSON, 1, ""},
		"one, wrapped":                    {`{"association":` + associationJSON + `}`, 1, ""},
		"none":                            {`[]`, 0, ""},
		"none, wrapped":                   {`{"associations":[]}`, 0, ""},
		"object key in another case":      {strings.Replace(associationJSON, "custom_objects.student", "CUSTOM_OBJECTS.STUDENT", 1), 1, ""},
		"a malformed row":                 {`[` + associationJSON + `,{"id":"x"}]`, 0, "1 of 2 associations could not be read"},
		"an empty object":                 {`{}`, 0, "lacks its id"},
		"of another sub-account":          {`[` + associationJSON + `,` + foreign + `]`, 0, "belong to another sub-account"},
		"one row, of another sub-account": {foreign, 0, `about the sub-account "another"`},
		"of other objects":                {`[` + associationJSON + `,` + others + `]`, 0, `about the objects "contact, custom_objects.teacher"`},
		"one row, of other objects":       {others, 0, `about the objects "contact, custom_objects.teacher"`},
	} {
		rows, err := newTestClient(t, answering(200, test.body)).AssociationsByObjectKey(t.Context(), location, "custom_objects.student")
		if len(rows) != test.rows || (err == nil) != (test.want == "") || err != nil && (KindOf(err) != Malformed || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %d rows, %v; want %d, %q", name, len(rows), err, test.rows, test.want)
		}
	}
}
