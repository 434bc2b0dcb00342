package main

import (
	"context"
	"fmt"
	"net/url"
)

func (a *account) valuesPath() string {
	return "/locations/" + url.PathEscape(a.locationID) + "/customValues"
}

var valueGroup = group{
	name: "custom values",
	questions: []question{
		{"value-status", "Which status does the create of a custom value return?", "201", "The client accepts any 2xx. Sandbox: `CreateValueIs200`."},
		{"value-form", "Which form does the answer for one custom value have?", "wrapped in `customValue`", "The client accepts both forms. Sandbox: `WrapObjects`."},
		{"value-duplicate", "What happens to a second custom value with the same name?", "it has the same key",
			"The client does not adopt a value whose key may have a suffix. Sandbox: `DuplicateValueNames`."},
		{"value-empty", "May a custom value be empty?", "accepted", "The provider reports an error. Sandbox: `EmptyValuesRefused`."},
		{"value-deletion", "What does the deletion of a custom value return?", "`succeded: true`", //nolint:misspell // the API spells it this way
			"If the answer does not confirm the deletion, the client checks. Sandbox: `DeletionAnswer`."},
		{"missing-value", "What does a read of a missing custom value return?", "404 `Custom value not found`",
			"The client treats the value as missing after a 404, and after a 400 that says so. Sandbox: `MissingKindIs400`."},
	},
	ask: askValues,
}

func (a *account) makeValue(ctx context.Context, name, value string) (row, answer, error) {
	t := thing{kind: "custom value", name: name, path: a.valuesPath() + "/"}
	return a.create(ctx, t, a.valuesPath(), map[string]string{"name": name, "value": value}, "customValue")
}

func askValues(ctx context.Context, a *account, seen answers) error {
	first, got, err := a.makeValue(ctx, a.prefix+"value", "Some text")
	if got, err = a.must(got, err); err != nil {
		return err
	}
	seen["value-status"] = fmt.Sprint(got.status)
	second, got, err := a.makeValue(ctx, a.prefix+"value", "Other text")
	switch {
	case err != nil:
		return err
	case !got.ok():
		seen["value-duplicate"] = "refused: " + a.refused(got)
	case second.text("fieldKey") == first.text("fieldKey"):
		seen["value-duplicate"] = "it has the same key"
	default:
		seen["value-duplicate"] = "it has another key"
	}
	_, got, err = a.makeValue(ctx, a.prefix+"empty", "")
	if err != nil {
		return err
	}
	seen["value-empty"] = a.outcome(got)
	path := a.valuesPath() + "/" + url.PathEscape(first.id())
	if got, err = a.must(a.get(ctx, path, nil)); err != nil {
		return err
	}
	seen["value-form"] = wrapping(got, "customValue")
	if got, err = a.must(a.remove(ctx, first.id())); err != nil {
		return err
	}
	seen["value-deletion"] = acknowledged(got)
	if got, err = a.get(ctx, path, nil); err != nil {
		return err
	}
	seen["missing-value"] = a.refused(got)
	return nil
}
