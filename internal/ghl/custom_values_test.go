package ghl

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

const customValueJSON = `{"id":"Mb1kZ0Yx8VbTq4cS2rLw","name":"School Motto","fieldKey":"{{ custom_values.school_motto }}",` +
	`"value":"<b>Learn</b> & \"teach\"","locationId":"ve9EPM428h8vShlRW1KT"}`

var customValue = CustomValue{
	ID: "Mb1kZ0Yx8VbTq4cS2rLw", LocationID: "ve9EPM428h8vShlRW1KT", Name: "School Motto",
	FieldKey: "{{ custom_values.school_motto }}", Value: `<b>Learn</b> & "teach"`,
}

func TestCustomValueEndpoints(t *testing.T) {
	t.Parallel()
	const uri = "/locations/ve9EPM428h8vShlRW1KT/customValues"
	const wanted = `{"name":"School Motto","value":"\u003cb\u003eLearn\u003c/b\u003e \u0026 \"teach\""}`
	create := func(ctx context.Context, c *Client) (any, error) { return c.CreateCustomValue(ctx, customValue) }
	update := func(ctx context.Context, c *Client) (any, error) {
		row, err := c.UpdateCustomValue(ctx, customValue)
		if row == nil {
			return nil, err
		}
		return *row, err
	}
	testEndpoints(t, map[string]endpoint{
		"list": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.CustomValuePages(location).Next(ctx, PageSize)
			},
			"GET", uri, "",
			200, `{"customValues":[` + customValueJSON + `]}`,
			Page[CustomValue]{Rows: []CustomValue{customValue}, Seen: 1, Counted: 1, Total: -1, Last: true},
		},
		"read": {
			func(ctx context.Context, c *Client) (any, error) { return c.CustomValue(ctx, location, customValue.ID) },
			"GET", uri + "/Mb1kZ0Yx8VbTq4cS2rLw", "",
			200, `{"customValue":` + customValueJSON + `}`, customValue,
		},
		"create":               {create, "POST", uri, wanted, 201, `{"customValue":` + customValueJSON + `}`, customValue},
		"create, 200 and bare": {create, "POST", uri, wanted, 200, customValueJSON, customValue},
		"update":               {update, "PUT", uri + "/Mb1kZ0Yx8VbTq4cS2rLw", wanted, 200, `{"customValue":` + customValueJSON + `}`, customValue},
		"update, bare":         {update, "PUT", uri + "/Mb1kZ0Yx8VbTq4cS2rLw", wanted, 200, customValueJSON, customValue},
		"update, acknowledged": {update, "PUT", uri + "/Mb1kZ0Yx8VbTq4cS2rLw", wanted, 200, `{"id":"Mb1kZ0Yx8VbTq4cS2rLw"}`, nil},
		"delete": {
			func(ctx context.Context, c *Client) (any, error) {
				return c.DeleteCustomValue(ctx, location, customValue.ID)
			},
			"DELETE", uri + "/Mb1kZ0Yx8VbTq4cS2rLw", "",
			200, `{"succeded":true}`, true, //nolint:misspell // the API's own
		},
	})
}

// An answer about another custom value is refused.
func TestCustomValueOfAnotherQuestion(t *testing.T) {
	t.Parallel()
	with := func(old, replacement string) string { return strings.ReplaceAll(customValueJSON, old, replacement) }
	otherText := strings.NewReplacer("School Motto", "Address", "Learn", "Street").Replace(customValueJSON)
	for name, test := range map[string]struct {
		do     operation
		answer string
		isFit  bool
	}{
		"read, another id":                {readCustomValue, with(customValue.ID, "another"), false},
		"read, another sub-account":       {readCustomValue, with(location, "another"), false},
		"read, no sub-account":            {readCustomValue, with(`"locationId"`, `"place"`), true},
		"read, no id":                     {readCustomValue, with(`"id"`, `"_id"`), false},
		"read, no name":                   {readCustomValue, with(`"name"`, `"title"`), false},
		"read, value null":                {readCustomValue, strings.Replace(customValueJSON, `"value":"<b>Learn</b> & \"teach\""`, `"value":null`, 1), true},
		"read, a value that is a number":  {readCustomValue, strings.Replace(customValueJSON, `"<b>Learn</b> & \"teach\""`, `7`, 1), false},
		"create, another sub-account":     {createCustomValue, with(location, "another"), false},
		"create, a shortened name":        {createCustomValue, with("School Motto", "School"), true},
		"create, the value changed":       {createCustomValue, with("Learn", "learn"), true},
		"create, another name and value":  {createCustomValue, otherText, false},
		"create, only an acknowledgement": {createCustomValue, `{"id":"Mb1kZ0Yx8VbTq4cS2rLw"}`, false},
		"update, another id":              {updateCustomValue, with(customValue.ID, "another"), false},
		"update, another sub-account":     {updateCustomValue, with(location, "another"), false},
		"update, only another id":         {updateCustomValue, `{"id":"another"}`, false},
		"update, another name and value":  {updateCustomValue, otherText, true}, // the caller compares
	} {
		err := test.do(t.Context(), newTestClient(t, answering(200, test.answer)))
		if (err == nil) != test.isFit || err != nil && KindOf(err) != Malformed {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The listing has only one page. It is complete, unless the server's total is higher than the
// number of rows.
func TestCustomValuePages(t *testing.T) {
	t.Parallel()
	many := make([]string, 250)
	for i := range many {
		many[i] = fmt.Sprintf(`{"id":"v%d","name":"Value %d","fieldKey":"{{ custom_values.v%d }}","value":""}`, i, i, i)
	}
	list := func(rows ...string) string { return `{"customValues":[` + strings.Join(rows, ",") + `]}` }
	foreign := strings.Replace(customValueJSON, location, "another", 1)
	for name, test := range map[string]struct {
		answer          string
		rows, malformed int
		want            string // part of the error; "" if the page is complete
	}{
		"none":                      {list(), 0, 0, ""},
		"more than a page contains": {list(many...), 250, 0, ""},
		"bare":                      {`[` + many[0] + `]`, 1, 0, ""},
		"a row twice":               {list(many[0], many[1], many[0]), 2, 0, ""},
		"of another sub-account":    {list(many[0], foreign), 1, 1, ""},
		"a row without an id":       {list(many[0], `{"name":"x"}`), 1, 1, ""},
		"a total that fits":         {strings.Replace(list(many[:2]...), `]}`, `],"total":2}`, 1), 2, 0, ""},
		"a total that is higher":    {strings.Replace(list(many[:2]...), `]}`, `],"total":3}`, 1), 2, 0, "it ended after 2 of 3 rows"},
		"no listing":                {customValueJSON, 0, 0, "one object, but a list was expected"},
	} {
		transport := answering(200, test.answer)
		page, err := newTestClient(t, transport).CustomValuePages(location).Next(t.Context(), 1)
		if len(page.Rows) != test.rows || page.Malformed != test.malformed || page.Complete() != (test.want == "") || transport.count() != 1 {
			t.Errorf("%s: got %d rows, %d malformed, complete %t", name, len(page.Rows), page.Malformed, page.Complete())
		}
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}
