package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var associationGroup = group{
	name: "one association",
	questions: []question{
		{"stored-key", "How is the key of an association stored?", "in lower case, with a trailing space",
			"The state keeps the user's spelling. Sandbox: `StoredKeys`."},
		{"key-lookup", "Does a lookup by key find an association in another case?", "only as stored", "The client looks up the key as written, then in lower case."},
		{"update-answer", "What does an update return?", "the association", "If the answer has no association, the client reads it. Sandbox: `UpdateAnswer`."},
		{"association-form", "Which form does the answer for one association have?", "bare", "The client accepts both forms. Sandbox: `WrapObjects`."},
		{"association-fields", "Which fields of an association are undocumented?", "none", "The client ignores these fields. Sandbox: `UnknownFields`."},
		{"association-limits", "Which cardinalities, limits and trace ids does an association have?", "none", "The client ignores these fields. Sandbox: `RichRows`."},
		{"duplicate-key", "What does a create return if the key is already in use?", "refused: 400 `Duplicate Association key: tfacc_…key-form `",
			"The client matches the text, whatever the status."},
		{"label-pair", "What does a create return if the pair of labels is already in use?", "refused: 400 `duplicate pair of labels`",
			"The client matches the text. Sandbox: `LabelPairsRepeat`."},
		{"label-pair-first", "What does a create return if both the key and the pair of labels are already in use?", "refused: 400 `Duplicate Association key: tfacc_…key-form `",
			"The client recognizes either text as a duplicate. Sandbox: `LabelPairFirst`."},
		{"equal-labels", "Is an association between contacts with equal labels refused?", "refused: 422 `Both object labels can not be same`", "The provider reports an error."},
		{"association-deletion", "What does the deletion of an association return?", "`deleted: true`, `id`, `message`",
			"If the answer does not confirm the deletion, the client checks. Sandbox: `DeletionAnswer`."},
		{"missing-association", "What does a read of a missing association return?", "400 `Association already deleted or not found`",
			"The client treats 404 and this 400 as missing, and checks twice. Sandbox: `MissingIs404`."},
	},
	ask: askAssociation,
}

func askAssociation(ctx context.Context, a *account, seen answers) error {
	// The trailing space and the hyphen show how keys are stored. Only a key that begins with the prefix is recognized as the
	// probe's.
	want := a.between("Key-Form ", "Alpha", "Beta")
	made, got, err := a.makeAssociation(ctx, want)
	note := ""
	if err == nil && !got.ok() {
		note = " (with a trailing space: refused, " + a.refused(got) + ")"
		want.key = strings.TrimSpace(want.key)
		made, err = a.mustMakeAssociation(ctx, want)
	}
	if err != nil {
		return err
	}
	key := made.text("key")
	seen["stored-key"] = keyForm(want.key, key) + note
	return inTurn(
		func() error { return a.askForms(ctx, made.id(), key, seen) },
		func() error { return a.askDuplicates(ctx, want, seen) },
		func() error { return a.askAssociationDeletion(ctx, made.id(), seen) },
	)
}

// inTurn runs all steps, even if one fails, unless the context is canceled. It returns the first error.
func inTurn(steps ...func() error) error {
	var first error
	for _, step := range steps {
		if err := step(); err != nil && first == nil {
			first = err
		}
		if errors.Is(first, context.Canceled) {
			break
		}
	}
	return first
}

func (a *account) askForms(ctx context.Context, id, key string, seen answers) error {
	got, err := a.get(ctx, associationsPath+"key/"+url.PathEscape(strings.ToUpper(key)), a.inLocation())
	if err != nil {
		return err
	}
	seen["key-lookup"] = "only as stored"
	if got.ok() {
		seen["key-lookup"] = "in upper or lower case"
	}
	path := associationsPath + url.PathEscape(id)
	labels := map[string]string{"firstObjectLabel": "Gamma", "secondObjectLabel": "Delta"}
	if got, err = a.send(ctx, http.MethodPut, path, labels); err != nil {
		return err
	}
	switch shown, _ := parse(got.body, "association"); {
	case !got.ok():
		seen["update-answer"] = "refused: " + a.refused(got)
	case shown.text("key") != "":
		seen["update-answer"] = "the association"
	default:
		seen["update-answer"] = acknowledged(got)
	}
	if got, err = a.must(a.get(ctx, path, nil)); err != nil {
		return err
	}
	shown, _ := parse(got.body, "association")
	seen["association-form"] = wrapping(got, "association")
	seen["association-fields"] = fieldsBeside(shown, append(limitFields, associationFields...)...)
	seen["association-limits"] = fieldsAmong(shown, limitFields)
	return nil
}

func (a *account) askDuplicates(ctx context.Context, taken association, seen answers) error {
	create := func(want association) (answer, error) {
		_, got, err := a.makeAssociation(ctx, want)
		return got, err
	}
	got, err := create(association{taken.key, contact, "Epsilon", contact, "Zeta"})
	if err != nil {
		return err
	}
	seen["duplicate-key"] = a.outcome(got)
	pair, err := create(a.between("pair", "Gamma", "Delta"))
	if err != nil {
		return err
	}
	seen["label-pair"] = a.outcome(pair)
	if got, err = create(association{taken.key, contact, "Gamma", contact, "Delta"}); err != nil {
		return err
	}
	seen["label-pair-first"] = a.outcome(got)
	if pair.ok() {
		seen["label-pair-first"] = cannotBeSeen("a pair of labels may repeat")
	}
	if got, err = create(a.between("equal", "Eta", "Eta")); err != nil {
		return err
	}
	seen["equal-labels"] = a.outcome(got)
	return nil
}

func (a *account) askAssociationDeletion(ctx context.Context, id string, seen answers) error {
	got, err := a.must(a.remove(ctx, id))
	if err != nil {
		return err
	}
	seen["association-deletion"] = acknowledged(got)
	if got, err = a.get(ctx, associationsPath+url.PathEscape(id), nil); err != nil {
		return err
	}
	seen["missing-association"] = a.refused(got)
	return nil
}

var punctuation = regexp.MustCompile(`[\s\p{P}\p{S}]+`)

// keyForm describes how a key is stored.
func keyForm(sent, stored string) string {
	lower := strings.ToLower(sent)
	trimmed := strings.TrimSpace(lower)
	switch stored {
	case sent:
		return "as sent"
	case lower:
		if lower == trimmed {
			return "in lower case"
		}
		return "in lower case, with a trailing space"
	case trimmed:
		return "in lower case, without the trailing space"
	case punctuation.ReplaceAllString(trimmed, "_"):
		return "in lower case, without the trailing space, with `_` for punctuation"
	default:
		return "in another form"
	}
}
