package ghl

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

// How often a request is sent where two repeats are allowed. A POST is repeated
// only where it provably did not run.
func TestReplay(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
	const never = "connect refused"
	type counts struct{ get, post, put, del, delRelation int }
	for name, test := range map[string]struct {
		failure step
		want    counts
	}{
		// Provably not carried out.
		"connection refused": {fails(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}), counts{3, 3, 3, 3, 3}},
		"name unknown":       {fails(&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: never}}), counts{3, 3, 3, 3, 3}},
		"proxy refused":      {fails(&net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New(never)}), counts{3, 3, 3, 3, 3}},

		// Perhaps carried out.
		"connection reset":   {fails(&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}), counts{3, 1, 3, 3, 3}},
		"connection closed":  {fails(io.EOF), counts{3, 1, 3, 3, 3}},
		"408":                {answers(408, ``), counts{3, 1, 3, 3, 3}},
		"500":                {answers(500, `{"statusCode":500,"message":"Internal server error"}`), counts{3, 1, 3, 3, 3}},
		"501":                {answers(501, ``), counts{3, 1, 3, 3, 3}},
		"502":                {answers(502, page), counts{3, 1, 3, 3, 3}},
		"503":                {answers(503, `{"message":"Service Unavailable"}`), counts{3, 1, 3, 3, 3}},
		"504":                {answers(504, ``), counts{3, 1, 3, 3, 3}},
		"520":                {answers(520, page), counts{3, 1, 3, 3, 3}},
		"524":                {answers(524, `error code: 524`), counts{3, 1, 3, 3, 3}},
		"200 with HTML":      {answers(200, page), counts{3, 1, 3, 3, 3}},
		"201 with HTML":      {answers(201, page), counts{3, 1, 3, 3, 3}},
		"200, JSON cut":      {answers(200, `{"id":"67ade73dc119de53`), counts{3, 1, 3, 3, 3}},
		"200, body cut":      {cut(200, associationJSON), counts{3, 1, 3, 3, 3}},
		"200 without a body": {answers(200, ``), counts{3, 1, 1, 1, 1}}, // a change or a deletion may be answered so
		"200, not a row":     {answers(200, `"ok"`), counts{3, 1, 1, 1, 1}},
		"500, body cut":      {cut(500, `{"message":`), counts{3, 1, 3, 3, 3}},

		// Final.
		"certificate not trusted": {fails(&tls.CertificateVerificationError{Err: errors.New(never)}), counts{1, 1, 1, 1, 1}},
		"301":                     {answers(301, ``), counts{1, 1, 1, 1, 1}},
		"307":                     {answers(307, ``), counts{1, 1, 1, 1, 1}},
		"400":                     {answers(400, `{"message":"Bad Request"}`), counts{1, 1, 1, 1, 1}},
		"400, duplicate":          {answers(400, `{"message":"Duplicate Association key"}`), counts{1, 1, 1, 1, 1}},
		"400, HTML":               {answers(400, page), counts{1, 1, 1, 1, 1}},
		"401":                     {answers(401, `{"message":"Invalid JWT"}`), counts{1, 1, 1, 1, 1}},
		"401, scope":              {answers(401, `{"message":"The token is not authorized for this scope."}`), counts{1, 1, 1, 1, 1}},
		"403":                     {answers(403, `{"message":"The token does not have access to this location."}`), counts{1, 1, 1, 1, 1}},
		"403, edge":               {answers(403, `error code: 1010`), counts{1, 1, 1, 1, 1}},
		"404":                     {answers(404, `{"message":"Association not found"}`), counts{1, 1, 1, 1, 1}},
		"404, HTML":               {answers(404, page), counts{1, 1, 1, 1, 1}},
		"409":                     {answers(409, `{"message":"Conflict"}`), counts{1, 1, 1, 1, 1}},
		"422":                     {answers(422, `{"message":"property page should not exist"}`), counts{1, 1, 1, 1, 1}},
		"422, record":             {answers(422, `{"message":"Invalid record id x for association y"}`), counts{1, 1, 1, 1, 1}},
		"404, body cut":           {cut(404, `{"message":"Association not`), counts{1, 1, 1, 1, 1}},
		"429, day's limit":        {answers(429, ``, "X-RateLimit-Daily-Remaining", "0", "Retry-After", "1"), counts{1, 1, 1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			count := func(do operation) int {
				transport := changing(test.failure)
				_ = do(t.Context(), newTestClient(t, transport, withRetries(2)))
				for _, request := range transport.sent()[1:] {
					if first := transport.sent()[0]; request.Method != first.Method || request.URL != first.URL || request.Body != first.Body {
						t.Errorf("sent %+v again as %+v", first, request)
					}
				}
				return transport.count()
			}
			got := counts{count(readAssociation), count(createAssociation), count(updateAssociation), count(deleteAssociation), count(deleteRelation)}
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if got := count(createRelation); got != test.want.post {
				t.Errorf("a relation was posted %d times, want %d", got, test.want.post)
			}
			if got := count(listRelations); got != test.want.get {
				t.Errorf("a list was read %d times, want %d", got, test.want.get)
			}
		})
	}
}

// cut answers with a body that breaks off.
func cut(status int, body string) step {
	return func() (*http.Response, error) {
		broken := io.MultiReader(strings.NewReader(body), iotest.ErrReader(io.ErrUnexpectedEOF))
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(broken)}, nil
	}
}

// A call that fails in passing succeeds, whatever comes in between.
func TestReplaySucceeds(t *testing.T) {
	t.Parallel()
	refused := fails(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED})
	for name, test := range map[string]struct {
		do      operation
		answers []step
	}{
		"read":                  {readAssociation, []step{answers(503, ``), cut(200, `{`), answers(200, `<html>`), fails(io.EOF), answers(200, associationJSON)}},
		"update":                {updateAssociation, []step{answers(502, ``), fails(io.EOF), answers(200, associationJSON)}},
		"delete":                {deleteAssociation, []step{answers(500, ``), answers(200, deletedJSON)}},
		"create, never sent":    {createAssociation, []step{refused, refused, answers(201, associationJSON)}},
		"create, rate limited":  {createRelation, []step{answers(429, ``), refused, answers(429, ``), answers(201, relationJSON)}},
		"no repeat, no failure": {createRelation, []step{answers(201, relationJSON)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := changing(test.answers...)
			if err := test.do(t.Context(), newTestClient(t, transport, withRetries(6))); err != nil {
				t.Error(err)
			}
			if n := transport.count(); n != len(test.answers) {
				t.Errorf("%d requests, want %d", n, len(test.answers))
			}
		})
	}
}

// While a server is down, the calls of a long run do not each wait for it. The first
// success ends that.
func TestReplayIsGivenUpWhereTheServerIsDown(t *testing.T) {
	t.Parallel()
	clock := newFakeClock()
	down, up := answers(503, ``), answers(200, associationJSON)
	transport := changing(
		down, down, down, // a call and its two repeats
		down, down, // two calls
		up,
		down, up, // one call and its repeat
	)
	client := newTestClient(t, transport, withRetries(2), withClock(clock))
	var kinds []Kind
	for range 5 {
		kinds = append(kinds, KindOf(readAssociation(t.Context(), client)))
	}
	if want := []Kind{Unavailable, Unavailable, Unavailable, "", ""}; !slices.Equal(kinds, want) || transport.count() != 8 {
		t.Errorf("got %v after %d requests, want %v after 8", kinds, transport.count(), want)
	}
	if got, want := clock.waited(), seconds(0.5, 1, 0.5); !slices.Equal(got, want) {
		t.Errorf("waited %s, want %s", got, want)
	}
}

// One sub-account's trouble is not another's.
func TestReplayIsGivenUpForOneSubAccount(t *testing.T) {
	t.Parallel()
	transport := answering(503, ``)
	client := newTestClient(t, transport, withRetries(2))
	for _, id := range []string{location, location, "another"} {
		if _, err := client.AssociationByKey(t.Context(), id, "key"); KindOf(err) != Unavailable {
			t.Error(err)
		}
	}
	if n := transport.count(); n != 3+1+3 {
		t.Errorf("%d requests, want 7", n)
	}
}

// A POST that was not sent, and then perhaps was, is not sent once more. The last
// failure is the one that is told.
func TestReplayStopsWhereAPostMayHaveRun(t *testing.T) {
	t.Parallel()
	transport := changing(
		fails(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}),
		answers(429, ``),
		answers(502, `bad gateway`),
	)
	failure := failureOf(t, createRelation(t.Context(), newTestClient(t, transport, withRetries(6))))
	if failure.Kind != Unavailable || failure.Status != 502 || !failure.Ambiguous || transport.count() != 3 {
		t.Errorf("got %+v after %d requests", failure, transport.count())
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		jitter float64
		want   []time.Duration
	}{
		"unspread":    {0, seconds(0.5, 1, 2, 4, 8, 16, 30, 30, 30)},
		"spread":      {0.5, seconds(0.375, 0.75, 1.5, 3, 6, 12, 22.5, 22.5, 22.5)},
		"spread most": {0.96, seconds(0.26, 0.52, 1.04, 2.08, 4.16, 8.32, 15.6, 15.6, 15.6)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newFakeClock()
			clock.jitter = test.jitter
			transport := answering(503, ``)
			err := readAssociation(t.Context(), newTestClient(t, transport, withRetries(9), withClock(clock)))
			if KindOf(err) != Unavailable || transport.count() != 10 {
				t.Errorf("got %v after %d requests", err, transport.count())
			}
			if got := clock.waited(); !slices.Equal(got, test.want) {
				t.Errorf("waited %s, want %s", got, test.want)
			}
		})
	}
}

// seconds gives durations in whole milliseconds.
func seconds(list ...float64) []time.Duration {
	var waits []time.Duration
	for _, s := range list {
		waits = append(waits, time.Duration(s*1000+0.5)*time.Millisecond)
	}
	return waits
}

// A wait between repeats grows with no bound but its own.
func TestBackoffOfManyAttempts(t *testing.T) {
	t.Parallel()
	for _, attempt := range []int{6, 10, 63, 64, 1000} {
		if got := backoff(attempt, 0); got != 30*time.Second {
			t.Errorf("attempt %d: %s", attempt, got)
		}
	}
}

// An interrupt ends a wait, and the failure that led to it is told.
func TestInterruptEndsAWait(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]Kind{503: Unavailable, 429: RateLimited} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(100*time.Millisecond, cancel)
				transport := answering(status, `{"message":"later"}`)
				client := newTestClient(t, transport, withRetries(6), func(c *Config) { c.Clock = SystemClock() })
				begun := time.Now()
				failure := failureOf(t, readAssociation(ctx, client))
				if failure.Kind != kind || failure.Message != "later" || transport.count() != 1 || time.Since(begun) != 100*time.Millisecond {
					t.Errorf("got %v after %d requests and %s", failure, transport.count(), time.Since(begun))
				}
			})
		})
	}
}

func TestRateLimitWaits(t *testing.T) {
	t.Parallel()
	const interval = "X-RateLimit-Interval-Milliseconds"
	for name, test := range map[string]struct {
		headers []string
		want    []time.Duration // of six 429s in a row
	}{
		"nothing said":                {nil, seconds(1, 2, 4, 8, 10, 10)},
		"seconds":                     {[]string{"Retry-After", "7"}, seconds(7, 7, 7, 7, 7, 7)},
		"a date":                      {[]string{"Retry-After", "Mon, 09 Mar 2026 12:00:25 GMT"}, seconds(25, 2, 4, 8, 10, 10)},
		"a date of another form":      {[]string{"Retry-After", "Monday, 09-Mar-26 12:00:25 GMT"}, seconds(25)},
		"the interval":                {[]string{interval, "3500"}, seconds(3.5, 3.5, 3.5, 3.5, 3.5, 3.5)},
		"seconds before the interval": {[]string{"Retry-After", "2", interval, "10000"}, seconds(2, 2, 2, 2, 2, 2)},
		"all headers":                 {[]string{interval, "10000", "X-RateLimit-Max", "100", "X-RateLimit-Remaining", "0", "X-RateLimit-Daily-Remaining", "1000", "X-RateLimit-Daily-Reset", "86400000"}, seconds(10, 10, 10, 10, 10, 10)},

		// A wait that is none, or absurd, is not obeyed.
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
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newFakeClock()
			limited := answers(429, `{"message":"Too Many Requests"}`, test.headers...)
			steps := append(slices.Repeat([]step{limited}, len(test.want)), answers(200, associationJSON))
			transport := changing(steps...)
			if err := readAssociation(t.Context(), newTestClient(t, transport, withClock(clock))); err != nil {
				t.Fatal(err)
			}
			if got := clock.waited(); !slices.Equal(got, test.want) {
				t.Errorf("waited %s, want %s", got, test.want)
			}
		})
	}
}

// A 429 is waited out under every method, spends no repeat, and is counted anew
// after one.
func TestRateLimitSpendsNoRetry(t *testing.T) {
	t.Parallel()
	limited, down := answers(429, ``), answers(503, ``)
	for name, test := range map[string]struct {
		do       operation
		answers  []step
		waits    []time.Duration
		kind     Kind
		requests int
	}{
		"read": {readAssociation, []step{down, limited, limited, down, limited, answers(200, associationJSON)},
			seconds(0.5, 1, 2, 1, 1), "", 6},
		"read, repeats spent": {readAssociation, []step{down, limited, down, limited, limited, down},
			seconds(0.5, 1, 1, 1, 2), Unavailable, 6},
		"create association": {createAssociation, []step{limited, limited, answers(201, associationJSON)},
			seconds(1, 2), "", 3},
		"create relation": {createRelation, []step{limited, limited, limited, answers(201, relationJSON)},
			seconds(1, 2, 4), "", 4},
		"create relation, then down": {createRelation, []step{limited, down},
			seconds(1), Unavailable, 2},
		"update": {updateAssociation, []step{limited, answers(200, associationJSON)},
			seconds(1), "", 2},
		"delete": {deleteRelation, []step{limited, answers(200, ``)},
			seconds(1), "", 2},
		"then refused": {createRelation, []step{limited, answers(422, `{"message":"no"}`)},
			seconds(1), Refused, 2},
		"then the day's limit": {createRelation, []step{limited, answers(429, ``, "X-RateLimit-Daily-Remaining", "0")},
			seconds(1), DailyLimit, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock, transport := newFakeClock(), changing(test.answers...)
			err := test.do(t.Context(), newTestClient(t, transport, withRetries(2), withClock(clock)))
			if KindOf(err) != test.kind || (err != nil) != (test.kind != "") || transport.count() != test.requests {
				t.Errorf("got %v after %d requests, want kind %q after %d", err, transport.count(), test.kind, test.requests)
			}
			if got := clock.waited(); !slices.Equal(got, test.waits) {
				t.Errorf("waited %s, want %s", got, test.waits)
			}
		})
	}
}

// A wait that would outlast the operation is not begun.
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
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				transport := answering(429, `{"message":"Too Many Requests"}`, "Retry-After", test.retryAfter)
				client := newTestClient(t, transport, withRetries(6), func(c *Config) { c.Clock = SystemClock() })
				begun := time.Now()
				failure := failureOf(t, createRelation(ctx, client))
				if failure.Kind != RateLimited || failure.Status != 429 || failure.Ambiguous {
					t.Errorf("got %+v", failure)
				}
				if got := time.Since(begun); got != test.took || transport.count() != test.requests {
					t.Errorf("%d requests in %s, want %d in %s", transport.count(), got, test.requests, test.took)
				}
			})
		})
	}
}

// A call that meets the wait of another tells what the server said to that one.
func TestRateLimitOfAnotherCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		transport := answering(429, `{"message":"Too many, come back later"}`, "Retry-After", "3600")
		client := newTestClient(t, transport, func(c *Config) { c.Clock = SystemClock() })
		for i, want := range []string{
			"429 rate limited: Too many, come back later: the next call of the sub-account's budget comes free in 1h0m0s, after the operation's time is up",
			"rate limited: an earlier call was answered 429: Too many, come back later: the next call of the sub-account's budget comes free in 1h0m0s, after the operation's time is up",
		} {
			err := readAssociation(ctx, client)
			if err == nil || !strings.HasSuffix(err.Error(), ": "+want) || transport.count() != 1 {
				t.Errorf("call %d: got %v after %d requests", i+1, err, transport.count())
			}
		}
	})
}

// A spent day will not come back by waiting.
func TestDailyLimitIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for method, do := range byMethod {
		clock := newFakeClock()
		transport := answering(429, `{"message":"Too Many Requests"}`, "X-RateLimit-Daily-Remaining", "0", "Retry-After", "3", "X-RateLimit-Daily-Reset", "3600000")
		failure := failureOf(t, do(t.Context(), newTestClient(t, transport, withRetries(6), withClock(clock))))
		if failure.Kind != DailyLimit || failure.Ambiguous || transport.count() != 1 || len(clock.waited()) != 0 {
			t.Errorf("%s: got %+v after %d requests and waits of %s", method, failure, transport.count(), clock.waited())
		}
	}
}

// Where an operation has no timeout, even 429s without an end have one.
func TestRateLimitIsBounded(t *testing.T) {
	t.Parallel()
	transport := answering(429, ``, "Retry-After", "1")
	err := readAssociation(t.Context(), newTestClient(t, transport, withRetries(6)))
	if KindOf(err) != RateLimited || transport.count() != 1001 {
		t.Errorf("got %v after %d requests, want 1001", err, transport.count())
	}
}
