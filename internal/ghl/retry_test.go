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

// Each row is a failure, and how many requests the client sends if two retries are allowed.
// A POST is retried only if the server certainly did not carry it out.
func TestReplay(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
	type fate struct {
		get, post, put, del, delRelation int // requests
		ambiguous                        bool
	}
	never, perhaps, final := fate{3, 3, 3, 3, 3, false}, fate{3, 1, 3, 3, 3, true}, fate{1, 1, 1, 1, 1, false}
	network := func(op string, err error) step { return fails(&net.OpError{Op: op, Net: "tcp", Err: err}) }
	_, dialTimeout := (&net.Dialer{Deadline: time.Unix(1, 0)}).Dial("tcp", "127.0.0.1:9")
	for name, test := range map[string]struct {
		failure step
		kind    Kind // of the read
		want    fate // number of requests, and whether the changes are ambiguous
	}{
		"connection refused": {network("dial", syscall.ECONNREFUSED), Network, never},
		"name unknown":       {network("dial", &net.DNSError{Err: "no such host", Name: "x"}), Network, never},
		"dial timeout":       {fails(dialTimeout), Network, never},
		"proxy refused":      {network("proxyconnect", syscall.ECONNREFUSED), Network, never},

		"connection reset":   {network("read", syscall.ECONNRESET), Network, perhaps},
		"broken pipe":        {network("write", syscall.EPIPE), Network, perhaps},
		"connection closed":  {fails(io.EOF), Network, perhaps},
		"anything else":      {fails(errors.New("http2: server sent GOAWAY")), Network, perhaps},
		"408":                {answers(408, ``), Unavailable, perhaps},
		"500":                {answers(500, `{"statusCode":500,"message":"Internal server error"}`), Unavailable, perhaps},
		"502":                {answers(502, page), Unavailable, perhaps},
		"524":                {answers(524, `error code: 524`), Unavailable, perhaps},
		"500, body cut":      {cut(500, `{"message":`), Unavailable, perhaps},
		"200 with HTML":      {answers(200, page), Malformed, perhaps},
		"200, JSON cut":      {answers(200, `{"id":"67ade73dc119de53`), Malformed, perhaps},
		"200, body cut":      {cut(200, associationJSON), Network, perhaps},
		"200 without a body": {answers(200, ``), Malformed, fate{3, 1, 1, 1, 1, true}}, // a valid answer to an update or a deletion
		"200, not a row":     {answers(200, `"ok"`), Malformed, fate{3, 1, 1, 1, 1, true}},

		"certificate not trusted": {fails(&tls.CertificateVerificationError{Err: errors.New("unknown authority")}), Untrusted, final},
		"307":                     {answers(307, ``), Redirected, final},
		"400":                     {answers(400, `{"message":"Bad Request"}`), Refused, final},
		"400, duplicate":          {answers(400, `{"message":"Duplicate Association key"}`), Duplicate, final},
		"401":                     {answers(401, `{"message":"Invalid JWT"}`), Unauthorized, final},
		"401, scope":              {answers(401, `{"message":"The token is not authorized for this scope."}`), MissingScope, final},
		"403":                     {answers(403, `{"message":"The token does not have access to this location."}`), Forbidden, final},
		"403, edge":               {answers(403, `error code: 1010`), EdgeRefused, final},
		"404":                     {answers(404, `{"message":"Association not found"}`), NotFound, final},
		"404, body cut":           {cut(404, `{"message":"Association not`), UnknownRoute, final},
		"422, record":             {answers(422, `{"message":"Invalid record id x for association y"}`), InvalidRecord, final},
		"429, day's limit":        {answers(429, ``, "X-RateLimit-Daily-Remaining", "0", "Retry-After", "1"), DailyLimit, final},
	} {
		count := func(do operation) (int, error) {
			transport := changing(test.failure)
			err := do(t.Context(), newTestClient(t, transport, withRetries(2)))
			for _, request := range transport.sent()[1:] {
				if first := transport.sent()[0]; request.Method != first.Method || request.URL != first.URL || request.Body != first.Body {
					t.Errorf("%s: sent %+v again as %+v", name, first, request)
				}
			}
			return transport.count(), err
		}
		var got fate
		var read, created, err error
		got.get, read = count(readAssociation)
		got.post, created = count(createAssociation)
		got.put, _ = count(updateAssociation)
		got.del, _ = count(deleteAssociation)
		got.delRelation, err = count(deleteRelation)
		got.ambiguous = IsAmbiguous(created)
		if got != test.want || KindOf(read) != test.kind || IsAmbiguous(read) || err != nil && IsAmbiguous(err) != test.want.ambiguous {
			t.Errorf("%s: got %+v, %v; want %+v, %s", name, got, read, test.want, test.kind)
		}
		if strings.Contains(read.Error(), "leadconnectorhq") {
			t.Errorf("%s: the error repeats the URL: %v", name, read)
		}
		list, _ := count(listRelations)
		relation, _ := count(createRelation)
		search, err := count(searchRecords)
		if list != test.want.get || relation != test.want.post || search != test.want.get || IsAmbiguous(err) {
			t.Errorf("%s: a list was read %d times, a relation was posted %d times, a search %d times: %v", name, list, relation, search, err)
		}
	}
}

// cut returns a step that answers with an incomplete body.
func cut(status int, body string) step {
	return func() (*http.Response, error) {
		broken := io.MultiReader(strings.NewReader(body), iotest.ErrReader(io.ErrUnexpectedEOF))
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(broken)}, nil
	}
}

// While a server is down, only the first failing call is retried. After a call has
// succeeded, failing calls are retried again.
func TestReplayIsGivenUpWhereTheServerIsDown(t *testing.T) {
	t.Parallel()
	clock := newFakeClock()
	down, up := answers(503, ``), answers(200, associationJSON)
	transport := changing(
		down, down, down, // a call and its two retries
		down, down, // two calls
		up,
		down, up, // one call and its retry
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

// Failures of one sub-account do not affect the retries of another sub-account.
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

// The wait between retries doubles until it reaches 30 seconds.
func TestBackoff(t *testing.T) {
	t.Parallel()
	for jitter, want := range map[float64][]time.Duration{
		0:    seconds(0.5, 1, 2, 4, 8, 16, 30, 30, 30),
		0.5:  seconds(0.375, 0.75, 1.5, 3, 6, 12, 22.5, 22.5, 22.5),
		0.96: seconds(0.26, 0.52, 1.04, 2.08, 4.16, 8.32, 15.6, 15.6, 15.6),
	} {
		clock := newFakeClock()
		clock.jitter = jitter
		transport := answering(503, ``)
		err := readAssociation(t.Context(), newTestClient(t, transport, withRetries(70), withClock(clock)))
		if KindOf(err) != Unavailable || transport.count() != 71 {
			t.Errorf("got %v after %d requests", err, transport.count())
		}
		got := clock.waited()
		if got := slices.Compact(got[len(want):]); !slices.Equal(got, want[8:]) {
			t.Errorf("with %v, waited %s in the end, want %s", jitter, got, want[8:])
		}
		if !slices.Equal(got[:len(want)], want) {
			t.Errorf("with %v, waited %s, want %s", jitter, got, want)
		}
	}
}

// seconds converts seconds into durations of whole milliseconds.
func seconds(list ...float64) []time.Duration {
	var waits []time.Duration
	for _, s := range list {
		waits = append(waits, time.Duration(s*1000+0.5)*time.Millisecond)
	}
	return waits
}

// An interrupt ends a wait, and the call returns the failure that caused the wait.
func TestInterruptEndsAWait(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]Kind{503: Unavailable, 429: RateLimited} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(100*time.Millisecond, cancel)
			transport := answering(status, `{"message":"later"}`)
			client := newTestClient(t, transport, withRetries(6), func(c *Config) { c.Clock = SystemClock() })
			begun := time.Now()
			failure := failureOf(t, readAssociation(ctx, client))
			if failure.Kind != kind || failure.Message != "later" || transport.count() != 1 || time.Since(begun) != 100*time.Millisecond {
				t.Errorf("%s: got %v after %d requests and %s", kind, failure, transport.count(), time.Since(begun))
			}
		})
	}
}

// A call succeeds after any mix of transient failures. A 429 does not use up a retry,
// whatever the method. The wait after a 429 doubles until another answer arrives. If the
// call fails, its error is the last failure.
func TestRetries(t *testing.T) {
	t.Parallel()
	limited, down, read := answers(429, ``), answers(503, ``), answers(200, associationJSON)
	refused := fails(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED})
	spent := answers(429, ``, "X-RateLimit-Daily-Remaining", "0", "Retry-After", "3", "X-RateLimit-Daily-Reset", "3600000")
	for name, test := range map[string]struct {
		do      operation
		answers []step
		waits   []time.Duration
		kind    Kind
	}{
		"read":                 {readAssociation, []step{down, cut(200, `{`), answers(200, `<html>`), fails(io.EOF), read}, seconds(0.5, 1, 2, 4), ""},
		"read, limited":        {readAssociation, []step{down, limited, limited, down, limited, read}, seconds(0.5, 1, 2, 1, 1), ""},
		"read, retries spent":  {readAssociation, []step{down, limited, down, limited, limited, down, down, down}, seconds(0.5, 1, 1, 1, 2, 2, 4), Unavailable},
		"update":               {updateAssociation, []step{down, fails(io.EOF), limited, read}, seconds(0.5, 1, 1), ""},
		"delete":               {deleteAssociation, []step{down, limited, answers(200, deletedJSON)}, seconds(0.5, 1), ""},
		"delete relation":      {deleteRelation, []step{limited, answers(200, ``)}, seconds(1), ""},
		"create, never sent":   {createAssociation, []step{refused, refused, answers(201, associationJSON)}, seconds(0.5, 1), ""},
		"create, limited":      {createRelation, []step{limited, refused, limited, limited, answers(201, relationJSON)}, seconds(1, 0.5, 2, 4), ""},
		"create, then down":    {createRelation, []step{refused, limited, down}, seconds(0.5, 1), Unavailable},
		"create, then refused": {createRelation, []step{limited, answers(422, `{"message":"no"}`)}, seconds(1), Refused},
		"then the day's limit": {createRelation, []step{limited, spent}, seconds(1), DailyLimit},
		"the day's limit":      {readAssociation, []step{spent}, nil, DailyLimit},
		"no retry, no failure": {createRelation, []step{answers(201, relationJSON)}, nil, ""},
	} {
		clock, transport := newFakeClock(), changing(test.answers...)
		err := test.do(t.Context(), newTestClient(t, transport, withRetries(4), withClock(clock)))
		if KindOf(err) != test.kind || (err != nil) != (test.kind != "") || transport.count() != len(test.answers) {
			t.Errorf("%s: got %v after %d requests, want kind %q after %d", name, err, transport.count(), test.kind, len(test.answers))
		}
		if got := clock.waited(); !slices.Equal(got, test.waits) {
			t.Errorf("%s: waited %s, want %s", name, got, test.waits)
		}
	}
}
