package main

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

var fieldGroup = group{
	name: "custom fields of companies",
	questions: []question{
		{"folder-form", "Which form does the answer for a new folder have?", "bare", "The client accepts both forms. Sandbox: `FoldersWrapped`."},
		{"formats-sent", "Which form must `acceptedFormats` have in a create?", "a list", "The client sends a list. If the API refuses the list, the client sends a string. Sandbox: `FormatsTakenAsText`."},
		{"formats-answered", "Which form does `acceptedFormats` have in an answer?", "a list", "The client accepts both forms. Sandbox: `FormatsAnsweredAsText`."},
		{"duplicate-field", "What does a create return if the field key is already in use?", "refused: 400 `Custom field with key business.tfacc_…options already exists`",
			"After any 4xx, the client looks up the key."},
		{"option-keys", "May an update of options contain their keys?", "accepted", "If keys are refused, the client leaves them out. Sandbox: `OptionKeysRefusedOnUpdate`."},
		{"option-removal", "What does the removal of an option return?", "refused: 400 `Deleting option two is not supported`",
			"The plan and the sandbox refuse the removal."},
		{"full-folder", "What does the deletion of a folder with fields return?", "refused: 400 `Folder contains custom fields and can not be deleted`",
			"The provider reports an error. Sandbox: `FullFoldersGo`."},
	},
	ask: askFields,
}

// fieldMaker creates fields in one folder.
type fieldMaker struct {
	*account

	folder string
}

func (m fieldMaker) makeField(ctx context.Context, name, dataType string, more map[string]any) (row, answer, error) {
	body := map[string]any{
		"locationId": m.locationID, "objectKey": business, "fieldKey": m.prefix + name, "name": m.prefix + name,
		"dataType": dataType, "showInForms": false, "parentId": m.folder,
	}
	maps.Copy(body, more)
	return m.create(ctx, thing{kind: "custom field", name: m.prefix + name, path: fieldsPath}, fieldsPath, body, "field")
}

func askFields(ctx context.Context, a *account, seen answers) error {
	name := a.prefix + "folder"
	made, got, err := a.create(ctx, thing{kind: "folder", name: name, path: foldersPath + "/", inQuery: true}, foldersPath,
		map[string]string{"locationId": a.locationID, "objectKey": business, "name": name}, "folder")
	if got, err = a.must(got, err); err != nil {
		return err
	}
	seen["folder-form"] = wrapping(got, "folder")
	m := fieldMaker{a, made.id()}
	return inTurn(
		func() error { return m.askFormats(ctx, seen) },
		func() error { return m.askOptions(ctx, seen) },
		func() error { return m.askFullFolder(ctx, seen) },
	)
}

func (m fieldMaker) askFormats(ctx context.Context, seen answers) error {
	made, got, err := m.makeField(ctx, "file", "FILE_UPLOAD", map[string]any{"acceptedFormats": []string{".pdf"}})
	form := "a list"
	if err == nil && !got.ok() {
		form = "a string"
		made, got, err = m.makeField(ctx, "file", "FILE_UPLOAD", map[string]any{"acceptedFormats": ".pdf"})
	}
	if _, err = m.must(got, err); err != nil {
		return err
	}
	seen["formats-sent"] = form
	if got, err = m.must(m.get(ctx, fieldsPath+url.PathEscape(made.id()), nil)); err != nil {
		return err
	}
	shown, _ := parse(got.body, "field")
	switch shown["acceptedFormats"].(type) {
	case []any:
		seen["formats-answered"] = "a list"
	case string:
		seen["formats-answered"] = "a string"
	default:
		seen["formats-answered"] = "another form"
	}
	return nil
}

func (m fieldMaker) askOptions(ctx context.Context, seen answers) error {
	type option map[string]string
	one, two := option{"key": "one", "label": "One"}, option{"key": "two", "label": "Two"}
	made, got, err := m.makeField(ctx, "options", "SINGLE_OPTIONS", map[string]any{"options": []option{one, two}})
	if _, err = m.must(got, err); err != nil {
		return err
	}
	_, got, err = m.makeField(ctx, "options", "SINGLE_OPTIONS", map[string]any{"options": []option{one, two}})
	if err != nil {
		return err
	}
	seen["duplicate-field"] = m.outcome(got)
	update := func(options ...option) (answer, error) {
		body := map[string]any{"locationId": m.locationID, "showInForms": false, "options": options}
		return m.send(ctx, http.MethodPut, fieldsPath+url.PathEscape(made.id()), body)
	}
	if got, err = update(one, two); err != nil {
		return err
	}
	seen["option-keys"] = m.outcome(got)
	left := one
	if !got.ok() {
		left = option{"label": "One"}
	}
	if got, err = update(left); err == nil {
		seen["option-removal"] = m.outcome(got)
	}
	return err
}

func (m fieldMaker) askFullFolder(ctx context.Context, seen answers) error {
	if !slices.ContainsFunc(m.made, func(t thing) bool { return t.kind == "custom field" }) {
		seen["full-folder"] = cannotBeSeen("no field could be created")
		return nil
	}
	got, err := m.remove(ctx, m.folder)
	if err != nil {
		return err
	}
	seen["full-folder"] = m.outcome(got)
	return nil
}
