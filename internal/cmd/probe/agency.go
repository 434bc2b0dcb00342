package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

var agencyGroup = group{
	name: "token exchange",
	questions: []question{
		{"exchange-status", "Which status does a token exchange return?", "201", "The client accepts any 2xx."},
		{"exchange-form", "Which field contains the token?", "`access_token`", "The client accepts both names."},
		{"exchange-v3", "Which field contains the token with `Version: v3`?", "`access_token`", "The client never sends v3 here. Sandbox: `V3Exchange`."},
		{"company-count", "Which sub-accounts does the `count` of a filtered list include?", "those that match the filter",
			"A count does not prove that a list is complete. Sandbox: `CompanyCount`, `NoTotal`."},
	},
	ask: func(ctx context.Context, a *account, seen answers) error {
		if a.agencyToken == "" || a.companyID == "" {
			return &notAskedError{envAgency + " and " + envCompany + " are not set"}
		}
		return inTurn(
			func() error { return a.askExchange(ctx, seen) },
			func() error { return a.askCompanyCount(ctx, seen) },
		)
	},
}

func (a *account) askExchange(ctx context.Context, seen answers) error {
	r := request{
		method: http.MethodPost, path: "/oauth/locationToken", token: a.agencyToken,
		form: url.Values{"companyId": {a.companyID}, "locationId": {a.locationID}},
	}
	got, err := a.must(a.api.do(ctx, r))
	if err != nil {
		return err
	}
	seen["exchange-status"] = fmt.Sprint(got.status)
	seen["exchange-form"] = tokenName(got)
	r.version = "v3"
	if got, err = a.must(a.api.do(ctx, r)); err == nil {
		seen["exchange-v3"] = tokenName(got)
	}
	return err
}

func tokenName(got answer) string {
	whole, _ := parse(got.body, "")
	return fieldsAmong(whole, tokenFields)
}

// askCompanyCount compares the counts of all sub-accounts, of those with the app, and of those without it. If counts respect
// the filter, the last two add up to the first. Otherwise, all three are equal.
func (a *account) askCompanyCount(ctx context.Context, seen answers) error {
	if a.appID == "" {
		seen["company-count"] = "not asked: " + envApp + " is not set"
		return nil
	}
	var counts []int
	for _, installed := range []string{"", "true", "false"} {
		query := url.Values{"companyId": {a.companyID}, "appId": {a.appID}, "skip": {"0"}, "limit": {"1"}}
		if installed != "" {
			query.Set("isInstalled", installed)
		}
		got, err := a.must(a.api.do(ctx, request{method: http.MethodGet, path: "/oauth/installedLocations", query: query, token: a.agencyToken}))
		if err != nil {
			return err
		}
		var listed struct{ Count *int }
		_ = json.Unmarshal(got.body, &listed) // a count that is not a number is ignored
		if listed.Count == nil {
			seen["company-count"] = "the answer has no `count`"
			return nil
		}
		counts = append(counts, *listed.Count)
	}
	switch all, with, without := counts[0], counts[1], counts[2]; {
	case all > 0 && with == all && without == all:
		seen["company-count"] = "all sub-accounts"
	case with+without == all:
		seen["company-count"] = "those that match the filter"
	default:
		seen["company-count"] = "something else"
	}
	return nil
}
