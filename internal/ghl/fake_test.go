package ghl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testToken     = "pit-2f1c7a90-0b5e-4d7e-9a67-c0ffee00d1ce"
	testUserAgent = "terraform-provider-ghl/test"
	location      = "ve9EPM428h8vShlRW1KT"
)

// An association and a relation as the server sends them, and as the client returns them.
const (
	associationJSON = `{"locationId":"ve9EPM428h8vShlRW1KT","id":"67ade73dc119de53cac4dc3f","key":"student_teacher",` +
		`"firstObjectKey":"custom_objects.student","firstObjectLabel":"Student",` +
		`"secondObjectKey":"custom_objects.teacher","secondObjectLabel":"Teacher","associationType":"USER_DEFINED"}`
	relationJSON = `{"id":"67b03fd2a1b2c3d4e5f60718","associationId":"67ade73dc119de53cac4dc3f",` +
		`"firstObjectKey":"custom_objects.student","firstRecordId":"student-3",` +
		`"secondObjectKey":"custom_objects.teacher","secondRecordId":"teacher-9","locationId":"ve9EPM428h8vShlRW1KT"}`
	deletedJSON = `{"deleted":true,"id":"67ade73dc119de53cac4dc3f","message":"Association deleted successfully"}`
)

var (
	association = Association{
		ID:                "67ade73dc119de53cac4dc3f",
		LocationID:        "ve9EPM428h8vShlRW1KT",
		Key:               "student_teacher",
		FirstObjectKey:    "custom_objects.student",
		FirstObjectLabel:  "Student",
		SecondObjectKey:   "custom_objects.teacher",
		SecondObjectLabel: "Teacher",
		AssociationType:   "USER_DEFINED",
	}
	relation = Relation{
		ID:              "67b03fd2a1b2c3d4e5f60718",
		LocationID:      "ve9EPM428h8vShlRW1KT",
		AssociationID:   "67ade73dc119de53cac4dc3f",
		FirstObjectKey:  "custom_objects.student",
		FirstRecordID:   "student-3",
		SecondObjectKey: "custom_objects.teacher",
		SecondRecordID:  "teacher-9",
	}
)

// sent is a request as a server received it.
type sent struct {
	Method string
	URL    string // the whole URL; for a loopbackServer, only the path and the query
	Header http.Header
	Body   string
}

// recorder stores the requests that a server receives.
type recorder struct {
	mu       sync.Mutex
	requests []sent
}

// record stores a request and returns its body.
func (r *recorder) record(request *http.Request, url string) ([]byte, error) {
	var body []byte
	var err error
	if request.Body != nil {
		body, err = io.ReadAll(request.Body)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, sent{request.Method, url, request.Header.Clone(), string(body)})
	return body, err
}

func (r *recorder) sent() []sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

func (r *recorder) count() int { return len(r.sent()) }

// fakeTransport answers requests without a network.
type fakeTransport struct {
	recorder

	answer func(*http.Request) (*http.Response, error)
}

func (f *fakeTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := f.record(r, r.URL.String())
	if err != nil {
		return nil, err
	}
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	return f.answer(again)
}

// answering returns a transport that always returns the same answer.
func answering(status int, body string, headers ...string) *fakeTransport {
	return changing(answers(status, body, headers...))
}

// failing returns a transport on which every request fails.
func failing(err error) *fakeTransport {
	return changing(fails(err))
}

// step returns an answer or an error. It is one element of the sequence passed to changing.
type step func() (*http.Response, error)

func answers(status int, body string, headers ...string) step {
	return func() (*http.Response, error) { return answerOf(status, body, headers...), nil }
}

func fails(err error) step {
	return func() (*http.Response, error) { return nil, err }
}

// changing returns a transport that runs one step per request, in order, and repeats the last step.
func changing(steps ...step) *fakeTransport {
	f := &fakeTransport{}
	f.answer = func(*http.Request) (*http.Response, error) {
		return steps[min(f.count(), len(steps))-1]()
	}
	return f
}

// answerOf returns an answer. The headers alternate between names and values.
func answerOf(status int, body string, headers ...string) *http.Response {
	answer := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for name, value := range pairs(headers) {
		answer.Header.Set(name, value)
	}
	return answer
}

func pairs(list []string) func(yield func(string, string) bool) {
	return func(yield func(string, string) bool) {
		for i := 0; i+1 < len(list); i += 2 {
			if !yield(list[i], list[i+1]) {
				return
			}
		}
	}
}

// fakeClock is a clock that ends every wait at once and records its length.
type fakeClock struct {
	jitter float64

	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func newFakeClock() *fakeClock {
	return &fakeClock{now: time.Date(2026, time.March, 9, 12, 0, 0, 0, time.UTC)}
}

func (c *fakeClock) clock() Clock {
	return Clock{
		Now: func() time.Time {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.now
		},
		Sleep: func(ctx context.Context, d time.Duration) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			c.now = c.now.Add(d)
			c.waits = append(c.waits, d)
			return nil
		},
		Jitter: func() float64 { return c.jitter },
	}
}

func (c *fakeClock) waited() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.waits)
}

// sleepless makes every wait fail as if the context were cancelled, so that no call is retried.
func sleepless(context.Context, time.Duration) error { return context.Canceled }

// newTestClient returns a client that uses the transport. Unless the config is changed, the
// client never waits and never retries.
func newTestClient(t *testing.T, transport http.RoundTripper, changes ...func(*Config)) *Client {
	t.Helper()
	config := Config{UserAgent: testUserAgent, AccessToken: testToken, Transport: transport, Clock: newFakeClock().clock()}
	for _, change := range changes {
		change(&config)
	}
	client, err := New(config)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return client
}

func withRetries(n int) func(*Config) { return func(c *Config) { c.MaxRetries = n } }

func withClock(clock *fakeClock) func(*Config) { return func(c *Config) { c.Clock = clock.clock() } }

// loopbackServer is a real HTTP server that records its requests.
type loopbackServer struct {
	*httptest.Server
	recorder
}

func newLoopbackServer(t *testing.T, handle http.HandlerFunc) *loopbackServer {
	t.Helper()
	s := &loopbackServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := s.record(r, r.RequestURI); err != nil {
			t.Errorf("reading the request: %v", err)
		}
		handle(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// client returns a client of the server. Each client has its own connections.
func (s *loopbackServer) client(t *testing.T, changes ...func(*Config)) *Client {
	t.Helper()
	transport := newConnections(newTransport)
	t.Cleanup(transport.CloseIdleConnections)
	return newTestClient(t, transport, append([]func(*Config){func(c *Config) { c.BaseURL = s.URL }}, changes...)...)
}

// answer writes a JSON answer.
func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// failureOf returns the *Error in err's chain.
func failureOf(t *testing.T, err error) *Error {
	t.Helper()
	var failure *Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %v, want an *Error", err)
	}
	return failure
}

// pagesOf iterates over the remaining pages of a pager. The iteration ends after an error or a
// page marked Last.
func pagesOf[T any](ctx context.Context, walk *Pager[T]) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) {
		for {
			page, err := walk.Next(ctx, PageSize)
			if !yield(page, err) || err != nil || page.Last {
				return
			}
		}
	}
}
