package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	mostContacts = 12
	longestLag   = 30 // seconds to wait for a new relation
	noRecord     = "000000000000000000000000"
)

var relationGroup = group{
	name: "relations",
	questions: []question{
		{"one-sided", "Are relations under system-defined associations listed at both ends?", "at both ends",
			"The client reads the other record's listing before the state loses a relation. Sandbox: `OneSided`."},
		{"relation-order", "In which order are two records of one object stored?", "as sent", "The state keeps the user's order. Sandbox: `SamePairReversed`."},
		{"relation-object-keys", "Does the answer for a relation contain its object keys?", "yes",
			"Without object keys in the answer, the state has null. Sandbox: `RelationsWithoutObjectKeys`."},
		{"listing-lag", "How long is a new relation missing from the listing?", "it is listed at once",
			"The client looks for a new relation for 30 s. Sandbox: `ListingLag`."},
		{"both-ends", "Does the listing of the other record show a new relation too?", "yes", "The client relies on the listing of either record."},
		{"duplicate-relation", "What does a create of the same pair return?",
			"refused: 400 `Could not create relation: duplicate relation of object Ids for given association <id>`", "The client matches the text."},
		{"reversed-pair", "What does a create of the reversed pair return?",
			"refused: 400 `Could not create relation: duplicate relation of object Ids for given association <id>`",
			"The client accepts both answers. Sandbox: `ReversedPairAllowed`."},
		{"unknown-record", "What does the create of a relation with a missing record return?", "accepted",
			"The reference says 422 `Invalid record id`, which the client matches. The sandbox accepts ids whose object it cannot determine."},
		{"relations-per-record", "How many relations may a record have under one association?", "at least 5",
			"The provider reports an error. Sandbox: `MaxRelationsPerSide`."},
		{"relation-total", "What does the `total` of the listing count?", "all rows",
			"A total that may count other rows does not prove that a listing is complete. Sandbox: `NoTotal`, `TotalOfPage`."},
		{"relation-page-cap", "How many rows does a page with `limit=100` have?", "at least 6", "The client assumes no page size. Sandbox: `PageCap`."},
		{"relation-window", "Does the listing end early?", "not within 6 rows", "A listing that may be truncated does not prove that a relation is missing. Sandbox: `Window`."},
		{"relation-limit", "What does `limit=101` return?", "refused: 422 `limit must not be greater than 100`", "The client never requests more than 100 rows."},
		{"relation-deletion", "What does the deletion of a relation return?", "`deleted: true`, `id`, `message`",
			"If the answer does not confirm the deletion, the client checks. Sandbox: `DeletionAnswer`."},
		{"missing-relation", "What does the deletion of a missing relation return?", "404 `Relation not found`",
			"The client looks up the pair. Sandbox: `MissingRelationIs400`."},
		{"cascade", "Does the deletion of an association delete its relations?", "yes", "The plan warns. The sandbox deletes the relations."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		if len(a.contacts) < 2 {
			return &notAskedError{envRecords + " must contain the ids of at least two contacts"}
		}
		p := pairs{account: a, seen: seen}
		return p.ask(ctx)
	},
}

// pairs asks about relations between contacts.
type pairs struct {
	*account

	seen  answers
	ids   []string // ids of the contacts; the contact with the fewest relations is first
	links row      // an association with one relation, which links the first two contacts
	hub   row      // an association with relations between the first contact and all others
	first row      // the relation under the association links
	lag   time.Duration
	last  time.Time // time of the last create
}

func (p *pairs) ask(ctx context.Context) error {
	err := p.askPresent(ctx)
	if err == nil {
		p.links, err = p.mustMakeAssociation(ctx, p.between("links", "Alpha", "Beta"))
	}
	if err == nil {
		p.hub, err = p.mustMakeAssociation(ctx, p.between("hub", "Gamma", "Delta"))
	}
	if err == nil {
		err = p.askFirst(ctx)
	}
	if err != nil {
		return err
	}
	return inTurn(
		func() error { return p.askLag(ctx) },
		func() error { return p.askRefusals(ctx) },
		func() error { return p.askHub(ctx) },
		func() error { return p.askListing(ctx) },
		func() error { return p.askDeletion(ctx) },
		func() error { return p.askCascade(ctx) },
	)
}

// askPresent reads the relations that the contacts already have, and changes nothing.
func (p *pairs) askPresent(ctx context.Context) error {
	found := map[string][]row{}
	p.ids = p.contacts[:min(len(p.contacts), mostContacts)]
	for _, id := range p.ids {
		l, err := p.relationPage(ctx, id, 0, pageSize)
		if err != nil {
			return err
		}
		found[id] = l.rows
	}
	p.ids = slices.Clone(p.ids)
	slices.SortStableFunc(p.ids, func(one, other string) int { return cmp.Compare(len(found[one]), len(found[other])) })
	for _, id := range p.ids {
		for _, r := range found[id] {
			if p.system[r.text("associationId")] {
				return p.askOtherEnd(ctx, r, id)
			}
		}
	}
	p.seen["one-sided"] = "not asked: no contact in " + envRecords + " has an opportunity or a company"
	return nil
}

// askOtherEnd looks for a contact's relation in the listing of the other record.
func (p *pairs) askOtherEnd(ctx context.Context, r row, contactID string) error {
	other := r.text("firstRecordId")
	if other == contactID {
		other = r.text("secondRecordId")
	}
	listed, err := p.lists(ctx, other, r.id())
	p.seen["one-sided"] = "at the contact only"
	if listed {
		p.seen["one-sided"] = "at both ends"
	}
	return err
}

// lists reports whether the listing of a record shows a relation.
func (p *pairs) lists(ctx context.Context, recordID, relationID string) (bool, error) {
	found := false
	_, err := p.relations(ctx, recordID, func(r row) bool {
		found = found || r.id() == relationID
		return found
	})
	return found, err
}

func (p *pairs) link(ctx context.Context, under row, first, second string) (row, answer, error) {
	body := map[string]string{
		"locationId": p.locationID, "associationId": under.id(), "firstRecordId": first, "secondRecordId": second,
	}
	made, got, err := p.create(ctx, thing{kind: "relation", name: under.text("key"), path: relationsPath + "/", inQuery: true}, relationsPath, body, "relation")
	p.last = time.Now()
	return made, got, err
}

func (p *pairs) askFirst(ctx context.Context) error {
	made, got, err := p.link(ctx, p.links, p.ids[0], p.ids[1])
	if _, err = p.must(got, err); err != nil {
		return err
	}
	p.first = made
	switch made.text("firstRecordId") {
	case p.ids[0]:
		p.seen["relation-order"] = "as sent"
	case p.ids[1]:
		p.seen["relation-order"] = "the other way round"
	default:
		p.seen["relation-order"] = "another form"
	}
	p.seen["relation-object-keys"] = "yes"
	if made.text("firstObjectKey") == "" {
		p.seen["relation-object-keys"] = "no"
	}
	return nil
}

func (p *pairs) askLag(ctx context.Context) error {
	after, found, err := until(ctx, longestLag, func() (bool, error) { return p.lists(ctx, p.ids[1], p.first.id()) })
	p.lag = time.Duration(after) * time.Second
	switch {
	case err != nil:
		return err
	case !found:
		p.seen["listing-lag"] = fmt.Sprintf("longer than %d s", longestLag)
		return errors.New("the listing does not show the new relation")
	case after == 0:
		p.seen["listing-lag"] = "it is listed at once"
	default:
		p.seen["listing-lag"] = fmt.Sprintf("about %d s", after)
	}
	listed, err := p.lists(ctx, p.ids[0], p.first.id())
	p.seen["both-ends"] = "no"
	if listed {
		p.seen["both-ends"] = "yes"
	}
	return err
}

// askRefusals sends the stored pair again, the reversed pair, and a pair with a missing record. A relation that the API accepts is
// deleted at once, so that no later question counts it.
func (p *pairs) askRefusals(ctx context.Context) error {
	first, second := p.first.text("firstRecordId"), p.first.text("secondRecordId")
	for _, q := range []struct{ id, first, second string }{
		{"duplicate-relation", first, second}, {"reversed-pair", second, first}, {"unknown-record", p.ids[0], noRecord},
	} {
		made, got, err := p.link(ctx, p.links, q.first, q.second)
		if err != nil {
			return err
		}
		p.seen[q.id] = p.outcome(got)
		if q.id != "duplicate-relation" && strings.Contains(p.refused(got), "limit") {
			p.seen[q.id] = cannotBeSeen("of another limit: " + p.refused(got))
		}
		if got.ok() {
			if _, err := p.must(p.remove(ctx, made.id())); err != nil {
				return err
			}
		}
	}
	return nil
}

// askHub links the first contact with the others until the API refuses a relation.
func (p *pairs) askHub(ctx context.Context) error {
	for n, other := range p.ids[1:] {
		_, got, err := p.link(ctx, p.hub, p.ids[0], other)
		if err != nil {
			return err
		}
		if !got.ok() {
			p.seen["relations-per-record"] = fmt.Sprintf("%d, then refused: %s", n, p.refused(got))
			return nil
		}
	}
	p.seen["relations-per-record"] = fmt.Sprintf("at least %d", len(p.ids)-1)
	return nil
}

// settled waits until the listings show the last created relation.
func (p *pairs) settled(ctx context.Context) error {
	return sleep(ctx, time.Until(p.last.Add(p.lag+time.Second)))
}

func (p *pairs) askListing(ctx context.Context) error {
	if err := p.settled(ctx); err != nil {
		return err
	}
	hub := p.ids[0]
	rows, err := p.relations(ctx, hub, nil)
	if err != nil {
		return err
	}
	p.seen["relation-window"] = fmt.Sprintf("not within %d rows", len(rows))
	for _, t := range p.made {
		if t.kind == "relation" && !slices.ContainsFunc(rows, func(r row) bool { return r.id() == t.id }) {
			p.seen["relation-window"] = fmt.Sprintf("after %d rows", len(rows))
		}
	}
	full, err := p.relationPage(ctx, hub, 0, pageSize)
	if err != nil {
		return err
	}
	p.seen["relation-page-cap"] = pageCap(len(full.rows), len(rows), false, 0)
	one, err := p.relationPage(ctx, hub, 0, 1)
	if err != nil {
		return err
	}
	p.seen["relation-total"] = relationTotal(one, len(rows))
	query := p.inLocation()
	query.Set("skip", "0")
	query.Set("limit", fmt.Sprint(pageSize+1))
	got, err := p.get(ctx, relationsPath+"/"+url.PathEscape(hub), query)
	p.seen["relation-limit"] = p.outcome(got)
	return err
}

// relationTotal describes what the total on a page of one row counts. all is the number of rows of the listing.
func relationTotal(page list, all int) string {
	switch {
	case page.bare:
		return cannotBeSeen("the listing is bare")
	case page.total == nil:
		return "none"
	case all <= len(page.rows):
		return cannotBeSeen("the whole listing is on one page")
	case *page.total == all:
		return "all rows"
	case *page.total == len(page.rows):
		return "the rows of the page"
	default:
		return "something else"
	}
}

func (p *pairs) askDeletion(ctx context.Context) error {
	got, err := p.must(p.remove(ctx, p.first.id()))
	if err != nil {
		return err
	}
	p.seen["relation-deletion"] = acknowledged(got)
	got, err = p.api.do(ctx, request{method: http.MethodDelete, path: relationsPath + "/" + url.PathEscape(p.first.id()), query: p.inLocation()})
	if err == nil {
		p.seen["missing-relation"] = p.refused(got)
	}
	return err
}

// askCascade deletes an association, and waits until the listing no longer shows its relations.
func (p *pairs) askCascade(ctx context.Context) error {
	if _, err := p.must(p.remove(ctx, p.hub.id())); err != nil {
		return err
	}
	under := func(r row) bool { return r.text("associationId") == p.hub.id() }
	_, gone, err := until(ctx, 5, func() (bool, error) {
		rows, err := p.relations(ctx, p.ids[0], under)
		return !slices.ContainsFunc(rows, under), err
	})
	p.seen["cascade"] = "no: they are still listed after 5 s"
	if gone {
		p.seen["cascade"] = "yes"
		p.made = slices.DeleteFunc(p.made, func(t thing) bool { return t.kind == "relation" && t.name == p.hub.text("key") })
	}
	return err
}
