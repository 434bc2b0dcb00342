package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// removalTime is the maximum duration of a removal. An interrupt does not stop a removal.
const removalTime = 5 * time.Minute

// removeMade deletes what a group of questions created, newest first. sweep retries failed deletions at the end.
func (a *account) removeMade(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTime)
	defer cancel()
	a.api.removing = true
	defer func() { a.api.removing = false }()
	for _, t := range slices.Backward(a.made) {
		if _, err := a.take(ctx, t); err != nil {
			a.stuck = append(a.stuck, t)
		}
	}
	a.made = nil
}

// take deletes a thing, and reports whether it was missing.
func (a *account) take(ctx context.Context, t thing) (missing bool, err error) {
	got, err := a.deletion(ctx, t)
	if err == nil && !got.ok() && !isMissing(got) {
		err = &refusal{a.refused(got)}
	}
	return err == nil && isMissing(got), err
}

// isMissing reports whether an answer says that the requested object does not exist.
func isMissing(got answer) bool {
	return got.status == http.StatusNotFound ||
		got.status == http.StatusBadRequest && strings.Contains(strings.ToLower(string(got.body)), "not found")
}

// mostSweeps is the maximum number of searches of the sub-account. The last search should find nothing.
const mostSweeps = 3

// sweep retries failed deletions, and deletes objects whose create got no answer. It returns the objects that are left, with
// their ids. Print the ids on the screen, but omit them from the report.
func (a *account) sweep(ctx context.Context) (left []string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTime)
	defer cancel()
	a.api.removing, a.api.group = true, "removal"
	for range mostSweeps {
		left = nil
		found, err := a.leftovers(ctx)
		if err != nil {
			left = append(left, "perhaps other objects whose key or name begins with "+a.prefix+": "+err.Error())
		}
		for _, t := range a.stuck {
			if !slices.ContainsFunc(found, func(other thing) bool { return other.id == t.id }) {
				found = append(found, t)
			}
		}
		a.stuck = nil
		for _, t := range found {
			missing, err := a.take(ctx, t)
			text := "HighLevel confirmed the deletion, but a list may still show the object"
			if err != nil {
				a.stuck, text = append(a.stuck, t), err.Error()
			}
			if !missing { // a list may be stale
				left = append(left, fmt.Sprintf("the %s %s (id %s): %s", t.kind, t.name, t.id, text))
			}
		}
		if len(left) == 0 {
			break
		}
	}
	return left
}

// leftovers returns the things in the sub-account whose key or name has the prefix of this run. If one list fails, it still
// searches the other lists.
func (a *account) leftovers(ctx context.Context) (found []thing, failure error) {
	add := func(t thing, nameField string, rows []row) {
		for _, r := range rows {
			name := r.text(nameField)
			if name == "" || r.id() == "" {
				failure = errors.Join(failure, fmt.Errorf("a %s in the listing cannot be read", t.kind))
			} else if a.api.redactor.isOwn(name) {
				found = append(found, thing{t.kind, name, r.id(), t.path + url.PathEscape(r.id()), t.inQuery})
			}
		}
	}
	associations, failure := a.associations(ctx)
	add(thing{kind: "association", path: associationsPath}, "key", associations)
	for _, l := range []struct {
		path, rows string
		query      url.Values
		of         thing
		nameField  string
	}{
		{a.valuesPath(), "customValues", nil, thing{kind: "custom value", path: a.valuesPath() + "/"}, "name"},
		{fieldsPath + "object-key/" + business, "fields", a.inLocation(), thing{kind: "custom field", path: fieldsPath}, "fieldKey"},
		{fieldsPath + "object-key/" + business, "folders", a.inLocation(), thing{kind: "folder", path: foldersPath + "/", inQuery: true}, "name"},
		{objectsPath, "objects", a.inLocation(), thing{kind: "custom object", path: objectsPath, inQuery: true}, "key"},
	} {
		if !a.tried[l.of.kind] {
			continue // the token may lack the scope to list these objects
		}
		rows, err := a.listed(ctx, l.path, l.query, l.rows)
		failure = errors.Join(failure, err)
		add(l.of, l.nameField, rows)
	}
	return found, failure
}

// listed reads a list that has one page. If the answer to a create was lost, it reads the list several times, because the list
// may be stale.
func (a *account) listed(ctx context.Context, path string, query url.Values, name string) (rows []row, err error) {
	seconds := 0
	if a.lost && path == objectsPath {
		seconds = mostStale
	}
	_, _, err = until(ctx, seconds, func() (bool, error) {
		got, err := a.must(a.get(ctx, path, query))
		if err == nil && !json.Valid(got.body) {
			err = errors.New("the answer is not a list")
		}
		rows = parseList(got.body, name).rows
		return slices.ContainsFunc(rows, func(r row) bool { return a.api.redactor.isOwn(r.text("key")) }), err
	})
	return rows, err
}
