package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// mostStale is the maximum number of times that the probe repeats a read until the answer shows its write.
const mostStale = 8

var objectGroup = group{
	name: "custom objects",
	questions: []question{
		{"object-lists", "When does the list of objects show a new object?", "at once", "The client reads the object after a write. Sandbox: `StaleObjectLists`."},
		{"object-key", "How is the key of an object stored?", "under `custom_objects.`, in lower case", "The state keeps the user's spelling."},
		{"object-form", "Which form does the answer for one object have?", "wrapped in `object`", "The client accepts both forms. Sandbox: `WrapObjects`."},
		{"object-duplicate", "What happens to a second object with the same key?",
			"refused: 400 `Custom Object with key custom_objects.tfacc_…thing already exists`",
			"If the key of the second object has a suffix, the client deletes that object. Sandbox: `TakenObjectKeysSuffixed`."},
		{"object-lookups", "When does a read show a change?", "at once", "The client trusts the answers to its own writes. Sandbox: `StaleObjects`."},
		{"object-deletion", "What does the deletion of an object return?", "`success: true`, `id`, `meta`",
			"`deletion_policy = \"delete\"` uses this call, and the provider reports a refusal. Sandbox: `DeletionAnswer`."},
		{"object-cascade", "Does the deletion of an object delete its associations?", "yes", "The plan warns. The sandbox deletes the associations."},
	},
	ask: askObjects,
}

func (a *account) makeObject(ctx context.Context, key string) (row, answer, error) {
	body := map[string]any{
		"locationId": a.locationID, "key": key, "labels": map[string]string{"singular": key, "plural": key + "s"},
		"primaryDisplayPropertyDetails": map[string]string{"key": "name", "name": "Name", "dataType": "TEXT"},
	}
	return a.create(ctx, thing{kind: "custom object", name: key, path: objectsPath, inQuery: true}, objectsPath, body, "object")
}

func askObjects(ctx context.Context, a *account, seen answers) error {
	if !a.objects {
		return &notAskedError{"the flag -objects is not set"}
	}
	sent := a.prefix + "Thing"
	made, got, err := a.makeObject(ctx, sent)
	if _, err = a.must(got, err); err != nil {
		return err
	}
	key := made.text("key")
	seen["object-key"] = keyForm(customObjects+sent, key)
	if seen["object-key"] == "in lower case" || seen["object-key"] == "as sent" {
		seen["object-key"] = "under `custom_objects.`, " + seen["object-key"]
	}
	return inTurn(
		func() error { return a.askObjectLists(ctx, made.id(), seen) },
		func() error { return a.askObjectDuplicate(ctx, sent, key, seen) },
		func() error { return a.askObjectLookups(ctx, key, seen) },
		func() error { return a.askObjectDeletion(ctx, made.id(), key, seen) },
	)
}

func (a *account) askObjectLists(ctx context.Context, id string, seen answers) error {
	after, found, err := until(ctx, mostStale, func() (bool, error) {
		got, err := a.must(a.get(ctx, objectsPath, a.inLocation()))
		for _, r := range parseList(got.body, "objects").rows {
			if r.id() == id {
				return true, err
			}
		}
		return false, err
	})
	seen["object-lists"] = staleness(after, found)
	return err
}

// staleness describes how many reads, one per second, did not show what was written.
func staleness(reads int, found bool) string {
	switch {
	case !found:
		return fmt.Sprintf("not within %d reads, one per second", reads+1)
	case reads == 0:
		return "at once"
	default:
		return fmt.Sprintf("not in the first %d reads, one per second", reads)
	}
}

func (a *account) askObjectDuplicate(ctx context.Context, sent, key string, seen answers) error {
	second, got, err := a.makeObject(ctx, sent)
	switch {
	case err != nil:
		return err
	case !got.ok():
		seen["object-duplicate"] = "refused: " + a.refused(got)
		return nil
	case second.text("key") == key:
		seen["object-duplicate"] = "it has the same key"
	default:
		seen["object-duplicate"] = "it has another key"
	}
	_, err = a.must(a.remove(ctx, second.id()))
	return err
}

func (a *account) askObjectLookups(ctx context.Context, key string, seen answers) error {
	path, changed := objectsPath+url.PathEscape(key), a.prefix+"changed"
	got, err := a.must(a.send(ctx, http.MethodPut, path, map[string]any{
		"locationId": a.locationID, "searchableProperties": []string{key + ".name"},
		"labels": map[string]string{"singular": changed, "plural": changed},
	}))
	if err != nil {
		return err
	}
	after, found, err := until(ctx, mostStale, func() (bool, error) {
		var err error
		if got, err = a.must(a.get(ctx, path, a.inLocation())); err != nil {
			return false, err
		}
		shown, _ := parse(got.body, "object")
		labels, _ := shown["labels"].(map[string]any) // an answer without labels does not show the change
		return labels["plural"] == changed, nil
	})
	seen["object-form"] = wrapping(got, "object")
	seen["object-lookups"] = staleness(after, found)
	return err
}

func (a *account) askObjectDeletion(ctx context.Context, id, key string, seen answers) error {
	link, err := a.mustMakeAssociation(ctx, association{a.prefix + "of_object", key, "Alpha", contact, "Beta"})
	if err != nil {
		return err
	}
	got, err := a.remove(ctx, id)
	if err != nil {
		return err
	}
	if !got.ok() {
		seen["object-deletion"] = "refused: " + a.refused(got)
		return nil
	}
	seen["object-deletion"] = acknowledged(got)
	_, gone, err := until(ctx, 5, func() (bool, error) {
		got, err := a.get(ctx, associationsPath+url.PathEscape(link.id()), nil)
		return isMissing(got), err
	})
	seen["object-cascade"] = "no: the association still exists after 5 s"
	if gone {
		seen["object-cascade"] = "yes"
	}
	return err
}
