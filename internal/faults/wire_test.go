package faults_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// callHeader contains the number of the engine's call that a request belongs to. The sandbox logs this number.
const callHeader = "Test-Call"

type callKey struct{}

// sent is a request that the provider started.
type sent struct {
	at     time.Time
	call   *call
	method string
	path   string
	body   string
}

var errKilled = errors.New("the process was killed")

// wire connects one process with the sandbox. Each request and each answer takes a different time, so that the schedule, not
// the machine, determines the order of events.
type wire struct {
	seed uint64
	next http.RoundTripper

	mu     sync.Mutex
	dead   bool
	log    []sent
	counts map[string]int
	cut    []*call
}

// RoundTrip implements [http.RoundTripper].
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		content, err := io.ReadAll(r.Body)
		_ = r.Body.Close() // the body was already read
		if err != nil {
			return nil, err
		}
		body = string(content)
	}
	c, _ := r.Context().Value(callKey{}).(*call)
	there, back, err := w.begin(sent{time.Now(), c, r.Method, r.URL.EscapedPath(), body}, r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	return w.forward(r, c, body, there, back)
}

// forward sends a request to the sandbox, and returns its answer.
func (w *wire) forward(r *http.Request, c *call, body string, there, back time.Duration) (answer *http.Response, err error) {
	defer func() {
		if isCreate(r.Method, r.URL.EscapedPath()) && errors.Is(err, context.Canceled) {
			w.noteCut(c)
		}
	}()
	if err := w.travel(r.Context(), there); err != nil {
		return nil, err
	}
	forwarded := r.Clone(r.Context())
	forwarded.Body = io.NopCloser(strings.NewReader(body))
	if c != nil {
		forwarded.Header.Set(callHeader, strconv.Itoa(c.id))
	}
	if answer, err = w.next.RoundTrip(forwarded); err != nil {
		return nil, err
	}
	if err := w.travel(r.Context(), back); err != nil {
		_ = answer.Body.Close() // nobody will read the answer
		return nil, err
	}
	return answer, nil
}

// begin logs a request, and returns how long it and its answer take.
func (w *wire) begin(s sent, query string) (there, back time.Duration, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		return 0, 0, errKilled
	}
	w.log = append(w.log, s)
	what := s.method + s.path + "?" + query + s.body
	w.counts[what]++
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %d %s", w.seed, w.counts[what], what)
	sum := h.Sum64()
	const most = 30_000_000 // nanoseconds
	return time.Duration(1 + sum%most), time.Duration(1 + sum>>32%most), nil
}

func (w *wire) travel(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		return errKilled
	}
	return nil
}

func (w *wire) noteCut(c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.dead {
		w.cut = append(w.cut, c)
	}
}

// cutCreates returns the calls whose POST was canceled before its answer.
func (w *wire) cutCreates() []*call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*call(nil), w.cut...)
}

// kill stops all requests and answers of the process.
func (w *wire) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = true
}

func (w *wire) killed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dead
}

// requests returns the requests that the process sent.
func (w *wire) requests() []sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]sent(nil), w.log...)
}
