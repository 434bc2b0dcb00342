package ghl

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRateLimitWaits(t *testing.T) {
	t.Parallel()
	const interval = "X-RateLimit-Interval-Milliseconds"
	for name, test := range map[string]struct {
		headers []string
		want    []time.Duration // wait after each 429 in a row
	}{
		"nothing said":                {nil, seconds(1, 2, 4, 8, 10, 10)},
		"seconds":                     {[]string{"Retry-After", "7"}, seconds(7, 7, 7, 7, 7, 7)},
		"a date":                      {[]string{"Retry-After", "Mon, 09 Mar 2026 12:00:25 GMT"}, seconds(25, 2, 4, 8, 10, 10)},
		"a date of another form":      {[]string{"Retry-After", "Monday, 09-Mar-26 12:00:25 GMT"}, seconds(25)},
		"the interval":                {[]string{interval, "3500"}, seconds(3.5, 3.5, 3.5, 3.5, 3.5, 3.5)},
		"seconds before the interval": {[]string{"Retry-After", "2", interval, "10000"}, seconds(2, 2, 2, 2, 2, 2)},
		"all headers":                 {[]string{interval, "10000", "X-RateLimit-Max", "100", "X-RateLimit-Remaining", "0", "X-RateLimit-Daily-Remaining", "1000", "X-RateLimit-Daily-Reset", "86400000"}, seconds(10, 10, 10, 10, 10, 10)},

		// The client ignores a header with a wait that is zero, negative, malformed or too
		// long.
		"zero seconds":                 {[]string{"Retry-After", "0"}, seconds(1, 2, 4, 8, 10, 10)},
		"zero seconds, interval":       {[]string{"Retry-After", "0", interval, "10000"}, seconds(10, 10, 10, 10, 10, 10)},
		"negative seconds":             {[]string{"Retry-After", "-5"}, seconds(1, 2, 4, 8, 10, 10)},
		"a day":                        {[]string{"Retry-After", "86400"}, seconds(86400, 86400, 86400, 86400, 86400, 86400)},
		"more than a day":              {[]string{"Retry-After", "86401"}, seconds(1, 2, 4, 8, 10, 10)},
		"a past date":                  {[]string{"Retry-After", "Mon, 09 Mar 2026 11:00:00 GMT"}, seconds(1, 2, 4, 8, 10, 10)},
		"a date years ahead":           {[]string{"Retry-After", "Mon, 09 Mar 2099 11:00:00 GMT"}, seconds(1, 2, 4, 8, 10, 10)},
		"no number":                    {[]string{"Retry-After", "soon"}, seconds(1, 2, 4, 8, 10, 10)},
		"a fraction":                   {[]string{"Retry-After", "1.5"}, seconds(1, 2, 4, 8, 10, 10)},
		"interval zero":                {[]string{interval, "0"}, seconds(1, 2, 4, 8, 10, 10)},
		"interval negative":            {[]string{interval, "-10000"}, seconds(1, 2, 4, 8, 10, 10)},
		"interval no number":           {[]string{interval, "10s"}, seconds(1, 2, 4, 8, 10, 10)},
		"interval beyond any duration": {[]string{interval, "9223372036854775807"}, seconds(1, 2, 4, 8, 10, 10)},
	} {
		clock := newFakeClock()
		limited := answers(429, `{"message":"Too Many Requests"}`, test.headers...)
		steps := append(slices.Repeat([]step{limited}, len(test.want)), answers(200, associationJSON))
		transport := changing(steps...)
		if err := readAssociation(t.Context(), newTestClient(t, transport, withClock(clock))); err != nil {
			t.Fatal(err)
		}
		if got := clock.waited(); !slices.Equal(got, test.want) {
			t.Errorf("%s: waited %s, want %s", name, got, test.want)
		}
	}
}

// If the wait after a 429 would exceed the timeout of the operation, the call fails at
// once.
func TestRateLimitBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		retryAfter string
		requests   int
		took       time.Duration
	}{
		"longer":            {"31", 1, 0},
		"shorter":           {"20", 2, 20 * time.Second},
		"shorter and again": {"8", 4, 24 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			transport := answering(429, `{"message":"Too Many Requests"}`, "Retry-After", test.retryAfter)
			client := newTestClient(t, transport, withRetries(6), func(c *Config) { c.Clock = SystemClock() })
			begun := time.Now()
			failure := failureOf(t, createRelation(ctx, client))
			if failure.Kind != RateLimited || failure.Status != 429 || failure.Ambiguous {
				t.Errorf("%s: got %+v", name, failure)
			}
			if got := time.Since(begun); got != test.took || transport.count() != test.requests {
				t.Errorf("%s: %d requests in %s, want %d in %s", name, transport.count(), got, test.requests, test.took)
			}
		})
	}
}

// If a call would wait because of the 429 to an earlier call, its error quotes the answer
// to the earlier call.
func TestRateLimitOfAnotherCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		transport := answering(429, `{"message":"Too many, come back later"}`, "Retry-After", "3600")
		client := newTestClient(t, transport, func(c *Config) { c.Clock = SystemClock() })
		for i, want := range []string{
			"Too many, come back later: the sub-account's budget allows the next call in 1h0m0s, after the operation times out",
			"an earlier call was answered 429: Too many, come back later: the sub-account's budget allows the next call in 1h0m0s, after the operation times out",
		} {
			err := readAssociation(ctx, client)
			if err == nil || !strings.HasSuffix(err.Error(), ": "+want) || transport.count() != 1 {
				t.Errorf("call %d: got %v after %d requests", i+1, err, transport.count())
			}
		}
	})
}

// If an operation has no timeout, a call gives up after 1001 answers with 429.
func TestRateLimitIsBounded(t *testing.T) {
	t.Parallel()
	transport := answering(429, ``, "Retry-After", "1")
	err := readAssociation(t.Context(), newTestClient(t, transport, withRetries(6)))
	if KindOf(err) != RateLimited || transport.count() != 1001 {
		t.Errorf("got %v after %d requests, want 1001", err, transport.count())
	}
}
