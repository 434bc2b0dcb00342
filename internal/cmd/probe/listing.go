package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// mostAssociations is the number of associations between contacts that the probe creates to find page sizes and limits.
const mostAssociations = 12

var listingGroup = group{
	name: "the listing of associations",
	questions: []question{
		{"labels-per-pair", "How many associations may two objects have?", "at least 12", "The provider reports an error. Sandbox: `MaxLabelsPerPair`."},
		{"list-form", "Which form does the listing have?", "wrapped in `associations`", "The client accepts both forms. Sandbox: `BareLists`."},
		{"list-total", "What does the `total` of the listing count?", "all rows",
			"A total that may count other rows does not prove that a listing is complete. Sandbox: `NoTotal`, `TotalUserDefinedOnly`, `TotalOfPage`."},
		{"list-page-cap", "How many rows does a page with `limit=100` have?", "at least 16", "The client assumes no page size. Sandbox: `PageCap`."},
		{"system-rows", "Where are the system-defined rows?", "after the user-defined rows, counted by `skip`",
			"The client's pager handles all three cases. Sandbox: `SystemRows`."},
		{"object-key-form", "Which form does the listing by object key have?", "a list, wrapped in `associations`",
			"The client accepts all three forms. Sandbox: `ObjectKeyAnswer`."},
	},
	ask: askListing,
}

func askListing(ctx context.Context, a *account, seen answers) error {
	if err := a.fill(ctx, seen); err != nil {
		return err
	}
	rows, err := a.associations(ctx)
	if err != nil {
		return err
	}
	user := 0
	for _, r := range rows {
		if r.text("associationType") != systemDefined {
			user++
		}
	}
	return inTurn(
		func() error { return a.askPages(ctx, user, len(rows)-user, seen) },
		func() error { return a.askByObjectKey(ctx, seen) },
	)
}

// fill creates associations between contacts until the API refuses one.
func (a *account) fill(ctx context.Context, seen answers) error {
	rows, err := a.associations(ctx)
	if err != nil {
		return err
	}
	there := 0
	for _, r := range rows {
		if strings.EqualFold(r.text("firstObjectKey"), contact) && strings.EqualFold(r.text("secondObjectKey"), contact) {
			there++
		}
	}
	for n := range mostAssociations {
		_, got, err := a.makeAssociation(ctx, a.between(fmt.Sprintf("fill_%d", n), fmt.Sprintf("%d Alpha", n), fmt.Sprintf("%d Beta", n)))
		if err != nil {
			return err
		}
		if !got.ok() {
			seen["labels-per-pair"] = fmt.Sprintf("%d, then refused: %s", there+n, a.refused(got))
			return nil
		}
	}
	seen["labels-per-pair"] = fmt.Sprintf("at least %d", there+mostAssociations)
	return nil
}

func (a *account) askPages(ctx context.Context, user, system int, seen answers) error {
	full, err := a.associationPage(ctx, 0, pageSize)
	if err != nil {
		return err
	}
	seen["list-form"] = "wrapped in `associations`"
	if full.bare {
		seen["list-form"] = "bare"
	}
	one, err := a.associationPage(ctx, 0, 1)
	if err != nil {
		return err
	}
	behind, err := a.associationPage(ctx, user, 1)
	if err != nil {
		return err
	}
	everyPage := len(one.rows) > 1
	seen["system-rows"] = systemRows(one, behind, system)
	capped := len(full.rows)
	if everyPage {
		capped -= system
	}
	seen["list-page-cap"] = pageCap(capped, user+system, everyPage, system)
	seen["list-total"], err = a.associationTotal(ctx, one, user, system)
	return err
}

// systemRows describes where the system-defined rows of a listing are. one is the first page with limit 1. behind is the page
// with limit 1 whose skip is the number of user-defined rows.
func systemRows(one, behind list, system int) string {
	isSystem := func(l list) bool { return len(l.rows) > 0 && l.rows[0].text("associationType") == systemDefined }
	switch {
	case system == 0:
		return cannotBeSeen("the sub-account has no system-defined rows")
	case len(one.rows) > 1 && isSystem(one) && isSystem(behind):
		return "on every page, before its other rows, not counted by `skip`"
	case len(one.rows) == 1 && isSystem(one) && !isSystem(behind):
		return "before the user-defined rows, counted by `skip`"
	case len(one.rows) == 1 && !isSystem(one) && isSystem(behind):
		return "after the user-defined rows, counted by `skip`"
	default:
		return "elsewhere"
	}
}

// pageCap describes how many rows a page has at most, without the rows that every page repeats.
func pageCap(onPage, all int, everyPage bool, system int) string {
	if everyPage {
		all -= system
	}
	if onPage < all {
		return fmt.Sprint(onPage)
	}
	return fmt.Sprintf("at least %d", onPage)
}

// associationTotal describes what the total of the listing counts. If the given page has as many rows as the whole listing, or as
// the user-defined rows, it reads a page of another size.
func (a *account) associationTotal(ctx context.Context, page list, user, system int) (string, error) {
	for limit := 2; limit <= 3 && (len(page.rows) == user || len(page.rows) == user+system); limit++ {
		var err error
		if page, err = a.associationPage(ctx, 0, limit); err != nil {
			return "", err
		}
	}
	switch {
	case page.bare:
		return cannotBeSeen("the listing is bare"), nil
	case page.total == nil:
		return "none", nil
	case *page.total == user+system && system == 0:
		return "all rows or only the user-defined rows, because the listing has no other rows", nil
	case *page.total == user+system:
		return "all rows", nil
	case *page.total == user:
		return "the user-defined rows", nil
	case *page.total == len(page.rows):
		return "the rows of the page", nil
	default:
		return "something else", nil
	}
}

func (a *account) askByObjectKey(ctx context.Context, seen answers) error {
	got, err := a.must(a.get(ctx, associationsPath+"objectKey/"+url.PathEscape(contact), a.inLocation()))
	if err != nil {
		return err
	}
	one, _ := parse(got.body, "association")
	switch l := parseList(got.body, "associations"); {
	case l.bare:
		seen["object-key-form"] = "a bare list"
	case l.rows != nil:
		seen["object-key-form"] = "a list, wrapped in `associations`"
	case one.id() != "":
		seen["object-key-form"] = "one association"
	default:
		seen["object-key-form"] = "another form"
	}
	return nil
}
