package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// removalTime bounds a removal, which an interrupt does not end.
const removalTime = 5 * time.Minute

// removeMade removes what a group of questions made, newest first. What cannot be removed is tried again at the end.
func (a *account) removeMade(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTime)
	defer cancel()
	a.api.removing = true
	defer func() { a.api.removing = false }()
	for _, t := range slices.Backward(a.made) {
		if err := a.take(ctx, t); err != nil {
			a.stuck = append(a.stuck, t)
		}
	}
	a.made = nil
}

// take removes a thing. One that is missing is removed.
func (a *account) take(ctx context.Context, t thing) error {
	got, err := a.deletion(ctx, t)
	switch {
	case err != nil:
		return err
	case got.ok() || isMissing(got):
		return nil
	default:
		return &refusal{a.refused(got)}
	}
}

// isMissing tells whether an answer says that what was asked for does not exist.
func isMissing(got answer) bool {
	return got.status == http.StatusNotFound ||
		got.status == http.StatusBadRequest && strings.Contains(strings.ToLower(string(got.body)), "not found")
}

// sweep tries once more what could not be removed, and removes what a create made whose answer was lost. It returns what is left,
// with ids: that is for the screen, not for the report.
func (a *account) sweep(ctx context.Context) (left []string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTime)
	defer cancel()
	a.api.removing, a.api.group = true, "removal"
	found, err := a.leftovers(ctx)
	if err != nil {
		left = append(left, "the sub-account could not be searched for what begins with "+a.prefix+": "+err.Error())
	}
	for _, t := range a.stuck {
		if !slices.ContainsFunc(found, func(other thing) bool { return other.id == t.id }) {
			found = append(found, t)
		}
	}
	for _, t := range found {
		if err := a.take(ctx, t); err != nil {
			left = append(left, fmt.Sprintf("the %s %s (id %s): %s", t.kind, t.name, t.id, err))
		}
	}
	return left
}

// leftovers are the things in the sub-account whose key or name has the prefix of this run.
func (a *account) leftovers(ctx context.Context) (found []thing, err error) {
	add := func(kind, path string, inQuery bool, nameField string, rows []row) {
		for _, r := range rows {
			if name := r.text(nameField); a.api.redactor.isOwn(name) {
				found = append(found, thing{kind, name, r.id(), path + url.PathEscape(r.id()), inQuery})
			}
		}
	}
	associations, err := a.associations(ctx)
	if err != nil {
		return nil, err
	}
	add("association", associationsPath, false, "key", associations)
	for _, l := range []struct {
		path string
		add  func(body []byte)
	}{
		{a.valuesPath(), func(body []byte) {
			add("custom value", a.valuesPath()+"/", false, "name", parseList(body, "customValues").rows)
		}},
		{fieldsPath + "object-key/" + business, func(body []byte) {
			add("custom field", fieldsPath, false, "fieldKey", parseList(body, "fields").rows)
			add("folder", foldersPath+"/", true, "name", parseList(body, "folders").rows)
		}},
		{objectsPath, func(body []byte) {
			add("custom object", objectsPath, true, "key", parseList(body, "objects").rows)
		}},
	} {
		query := a.inLocation()
		if l.path == a.valuesPath() {
			query = nil
		}
		got, err := a.must(a.get(ctx, l.path, query))
		if err != nil && json.Valid(got.body) {
			continue // a token without the scope for this kind made nothing of it
		} else if err != nil {
			return found, err
		}
		l.add(got.body)
	}
	return found, nil
}
