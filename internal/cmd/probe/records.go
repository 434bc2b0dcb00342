package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

var recordGroup = group{
	name: "objects and searches",
	questions: []question{
		{"missing-object", "What does a read of a missing object return?", "404 `Custom Object (custom_objects.tfacc_…none) not found`",
			"The client treats the object as missing after a 404, and after a 400 that says so. Sandbox: `MissingKindIs400`."},
		{"search-form", "Which field contains the rows of a record search?", "`records`", "The client accepts both names. Sandbox: `CustomObjectRecords`."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		got, err := a.get(ctx, objectsPath+url.PathEscape(customObjects+a.prefix+"none"), a.inLocation())
		if err != nil {
			return err
		}
		seen["missing-object"] = a.refused(got)
		// No company has the prefix of this run in its name, so the search returns no personal data.
		body := map[string]any{"locationId": a.locationID, "page": 1, "pageLimit": 1, "query": a.prefix, "searchAfter": []any{}}
		if got, err = a.must(a.send(ctx, http.MethodPost, objectsPath+business+"/records/search", body)); err != nil {
			return err
		}
		var whole map[string]json.RawMessage
		_ = json.Unmarshal(got.body, &whole) // an answer in another form has neither field
		seen["search-form"] = "another form"
		for _, name := range []string{"records", "customObjectRecords"} {
			if _, present := whole[name]; present {
				seen["search-form"] = "`" + name + "`"
			}
		}
		return nil
	},
}
