package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

const (
	associationsPath = "/associations/"
	relationsPath    = "/associations/relations"
	objectsPath      = "/objects/"
	fieldsPath       = "/custom-fields/"
	foldersPath      = "/custom-fields/folder"
	systemDefined    = "SYSTEM_DEFINED"
	contact          = "contact"
	business         = "business"
	customObjects    = "custom_objects."
	pageSize         = 100
	mostPages        = 60
)

// account is the sub-account to probe, with the objects that the probe has created so far.
type account struct {
	settings
	api    *caller
	prefix string // prefix of all keys and names that this run creates
	made   []thing
	stuck  []thing // things that could not be deleted and must be retried

	tried       map[string]bool // kinds of things that may have been created
	lost        bool            // set if the answer to a create was lost
	labelLength int             // number of characters after which the API cuts labels; 0 if it cuts none
	system      map[string]bool // ids of the system-defined associations
}

// thing is an object that the probe has created.
type thing struct {
	kind, name, id string
	path           string
	inQuery        bool // its DELETE needs the sub-account's id in the query
}

// refusal is the error for a call that the API refused.
type refusal struct{ text string }

func (r *refusal) Error() string { return "the API refused a call that the question needs: " + r.text }

// notAskedError is the reason why a group of questions was skipped.
type notAskedError struct{ reason string }

func (n *notAskedError) Error() string { return n.reason }

func (a *account) inLocation() url.Values { return url.Values{"locationId": {a.locationID}} }

// get sends a GET. It returns the answer, whatever its status.
func (a *account) get(ctx context.Context, path string, query url.Values) (answer, error) {
	return a.api.do(ctx, request{method: http.MethodGet, path: path, query: query})
}

// send sends a write. It returns the answer, whatever its status.
func (a *account) send(ctx context.Context, method, path string, body any) (answer, error) {
	return a.api.do(ctx, request{method: method, path: path, body: body})
}

// must returns an error if the API refused the call.
func (a *account) must(got answer, err error) (answer, error) {
	if err == nil && !got.ok() {
		err = &refusal{a.refused(got)}
	}
	return got, err
}

// refused returns the status and the redacted message of an answer.
func (a *account) refused(got answer) string {
	whole, _ := parse(got.body, "")
	message := whole.text("message")
	if texts, ok := whole["message"].([]any); ok && len(texts) > 0 {
		message = fmt.Sprint(texts[0])
	}
	if message == "" {
		return fmt.Sprint(got.status)
	}
	return fmt.Sprintf("%d `%s`", got.status, a.api.redactor.text(message))
}

// outcome describes whether a create was accepted.
func (a *account) outcome(got answer) string {
	if got.ok() {
		return "accepted"
	}
	return "refused: " + a.refused(got)
}

// create creates an object and records it for deletion. It takes the id from the answer's body. That id may be wrong.
func (a *account) create(ctx context.Context, t thing, path string, body any, wrapper string) (row, answer, error) {
	got, err := a.send(ctx, http.MethodPost, path, body)
	if err != nil || got.ok() || got.status >= http.StatusInternalServerError {
		a.tried[t.kind] = true
	}
	a.lost = a.lost || err != nil || got.status >= http.StatusInternalServerError
	if err != nil || !got.ok() {
		return nil, got, err
	}
	made, _ := parse(got.body, wrapper)
	if made.id() == "" {
		a.lost = true
		return nil, got, errors.New("the answer to a create has no id")
	}
	t.id = made.id()
	t.path += url.PathEscape(t.id)
	a.made = append(a.made, t)
	return made, got, nil
}

// association contains the fields that the create of an association sends.
type association struct{ key, first, firstLabel, second, secondLabel string }

func (a *account) makeAssociation(ctx context.Context, want association) (row, answer, error) {
	body := map[string]string{
		"locationId": a.locationID, "key": want.key,
		"firstObjectKey": want.first, "firstObjectLabel": want.firstLabel,
		"secondObjectKey": want.second, "secondObjectLabel": want.secondLabel,
	}
	return a.create(ctx, thing{kind: "association", name: want.key, path: associationsPath}, associationsPath, body, "association")
}

// mustMakeAssociation creates an association that a question needs.
func (a *account) mustMakeAssociation(ctx context.Context, want association) (row, error) {
	made, got, err := a.makeAssociation(ctx, want)
	if _, err = a.must(got, err); err != nil {
		return nil, err
	}
	return made, nil
}

// between returns an association between contacts.
func (a *account) between(name, firstLabel, secondLabel string) association {
	return association{a.prefix + name, contact, firstLabel, contact, secondLabel}
}

// remove deletes an object that the probe created, and returns the answer.
func (a *account) remove(ctx context.Context, id string) (answer, error) {
	i := slices.IndexFunc(a.made, func(t thing) bool { return t.id == id })
	if i < 0 {
		return answer{}, errors.New("the probe deletes nothing that it did not create")
	}
	got, err := a.deletion(ctx, a.made[i])
	if err == nil && got.ok() {
		a.made = slices.Delete(a.made, i, i+1)
	}
	return got, err
}

func (a *account) deletion(ctx context.Context, t thing) (answer, error) {
	r := request{method: http.MethodDelete, path: t.path}
	if t.inQuery {
		r.query = a.inLocation()
	}
	return a.api.do(ctx, r)
}

// page reads a page of a listing.
func (a *account) page(ctx context.Context, path, name string, skip, limit int) (list, error) {
	query := a.inLocation()
	query.Set("skip", fmt.Sprint(skip))
	query.Set("limit", fmt.Sprint(limit))
	got, err := a.must(a.get(ctx, path, query))
	if err != nil {
		return list{}, err
	}
	l := parseList(got.body, name)
	if !l.valid {
		return l, errors.New("the answer is not a list")
	}
	return l, nil
}

func (a *account) associationPage(ctx context.Context, skip, limit int) (list, error) {
	return a.page(ctx, associationsPath, "associations", skip, limit)
}

func (a *account) relationPage(ctx context.Context, recordID string, skip, limit int) (list, error) {
	return a.page(ctx, relationsPath+"/"+url.PathEscape(recordID), "relations", skip, limit)
}

// walk reads a whole listing. It makes no assumption about the page size, or about whether skip counts the system-defined rows.
// It stops at the first row for which until is true. until may be nil.
func (a *account) walk(read func(skip, limit int) (list, error), until func(row) bool) (all []row, err error) {
	seen := map[string]bool{}
	skip := 0
	for range mostPages {
		page, err := read(skip, pageSize)
		if err != nil {
			return nil, err
		}
		news, counted := false, 0
		for _, r := range page.rows {
			if r.text("associationType") != systemDefined {
				counted++
			}
			if !seen[r.id()] {
				seen[r.id()], news = true, true
				all = append(all, r)
			}
			if until != nil && until(r) {
				return all, nil
			}
		}
		if !news {
			return all, nil
		}
		if counted == 0 {
			counted = len(page.rows)
		}
		skip += counted
	}
	return nil, fmt.Errorf("a listing has more than %d pages", mostPages)
}

func (a *account) associations(ctx context.Context) ([]row, error) {
	rows, err := a.walk(func(skip, limit int) (list, error) { return a.associationPage(ctx, skip, limit) }, nil)
	for _, r := range rows {
		if r.text("associationType") == systemDefined {
			a.system[r.id()] = true
		}
	}
	return rows, err
}

func (a *account) relations(ctx context.Context, recordID string, until func(row) bool) ([]row, error) {
	return a.walk(func(skip, limit int) (list, error) { return a.relationPage(ctx, recordID, skip, limit) }, until)
}

// belongs checks that the token belongs to the sub-account.
func (a *account) belongs(ctx context.Context) error {
	rows, err := a.associations(ctx)
	if err != nil {
		return fmt.Errorf("the token in %s cannot read the sub-account in %s: %w", envToken, envLocation, err)
	}
	for _, r := range rows {
		if location := r.text("locationId"); location != "" && location != a.locationID {
			return fmt.Errorf("the token in %s does not belong to the sub-account in %s: the API returned associations of another sub-account", envToken, envLocation)
		}
	}
	return nil
}

// until polls isTrue once a second, for at most the given number of seconds. It returns the number of seconds until isTrue was
// true.
func until(ctx context.Context, seconds int, isTrue func() (bool, error)) (after int, found bool, err error) {
	begun := time.Now()
	for after = range seconds + 1 {
		if err := sleep(ctx, time.Until(begun.Add(time.Duration(after)*time.Second))); err != nil {
			return after, false, err
		}
		if found, err := isTrue(); err != nil || found {
			return after, found, err
		}
	}
	return seconds, false, nil
}
