package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

var rateHeaders = []string{
	"X-RateLimit-Max", "X-RateLimit-Remaining", "X-RateLimit-Interval-Milliseconds",
	"X-RateLimit-Limit-Daily", "X-RateLimit-Daily-Remaining", "X-RateLimit-Daily-Reset",
}

var protocolGroup = group{
	name: "headers",
	questions: []question{
		{"rate-headers", "Which `X-RateLimit-…` headers does an answer have?", "all six",
			"The client follows these headers. Without them, it assumes the documented limit."},
		{"rate-limit", "Which limits do the headers show?", "100 calls in 10000 ms, 200000 a day", "The client lowers its limit to the limit in the headers."},
		{"unknown-version", "What does an unknown `Version` return?", "400 `Invalid API version segment '1999-01-01' at position 0`",
			"The provider reports either answer as an error. Sandbox: `WrongVersionIs401`."},
	},
	ask: askProtocol,
}

func askProtocol(ctx context.Context, a *account, seen answers) error {
	query := a.inLocation()
	query.Set("skip", "0")
	query.Set("limit", "1")
	first := request{method: http.MethodGet, path: associationsPath, query: query}
	got, err := a.must(a.api.do(ctx, first))
	if err != nil {
		return err
	}
	var missing []string
	for _, name := range rateHeaders {
		if got.header.Get(name) == "" {
			missing = append(missing, "`"+name+"`")
		}
	}
	seen["rate-headers"] = "all six"
	if len(missing) > 0 {
		seen["rate-headers"] = "missing: " + strings.Join(missing, ", ")
	}
	shown := func(i int) string {
		if value := got.header.Get(rateHeaders[i]); digits.MatchString(value) {
			return value
		}
		return "?"
	}
	seen["rate-limit"] = fmt.Sprintf("%s calls in %s ms, %s a day", shown(0), shown(2), shown(3))
	first.version = "1999-01-01"
	if got, err = a.api.do(ctx, first); err != nil {
		return err
	}
	seen["unknown-version"] = a.refused(got)
	return nil
}
