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
		{"value-status", "Which status has the create of a custom value?", "201", "The client takes any 2xx. Sandbox: `CreateValueIs200`."},
		{"value-form", "In which form does one custom value come?", "wrapped in `customValue`", "The client takes both. Sandbox: `WrapObjects`."},
		{"value-duplicate", "What becomes of a second custom value with the same name?", "it has the same key",
			"The client adopts none whose key may have a suffix. Sandbox: `DuplicateValueNames`."},
		{"value-empty", "May a custom value be empty?", "accepted", "Shown as an error. Sandbox: `EmptyValuesRefused`."},
		{"value-deletion", "What does a deletion answer?", "`succeded: true`", //nolint:misspell // so the API has it
			"What does not confirm a deletion is looked up. Sandbox: `DeletionAnswer`."},
		{"missing-value", "What does a missing custom value answer?", "404 `Custom value not found`",
			"The client takes 404 and a 400 that says so. Sandbox: `MissingKindIs400`."},
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
