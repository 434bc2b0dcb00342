package sandbox

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// exchange is one request that the sandbox processes, with what is decided about it.
type exchange struct {
	method   string
	uri      string // path and query
	path     string // escaped path, without the prefix
	rawQuery string
	header   http.Header // with Authorization
	body     []byte
	token    string
	traceID  string

	route    *route            // nil if the API has no such route
	vars     map[string]string // variable elements of the path, by name
	param    string            // the last variable element of the path
	account  *subAccount       // owner of the token
	agency   *agency           // owner of the token; if account and agency are nil, the token is refused
	location string            // id of the sub-account that the request belongs to

	quota    http.Header               // X-RateLimit headers
	refused  bool                      // the rate limit is exceeded
	fault    *Fault                    // to be applied
	shift    func(skip, limit int) int // moves the requested page
	reversed bool                      // the listing is in reverse order
	foreign  bool                      // an answer with one object returns another object
	before   *answer                   // answer to the previous request in the sub-account
	quirks   Quirks                    // quirks at the time of arrival
	entry    *Request                  // in the log
	seen     *seenExchange             // the request as the page shows it
}

// exchange answers a request after the latency. It returns an error only if the body cannot be read or the context ends. Requests
// for the page and from its buttons are not API calls.
func (s *Sandbox) exchange(ctx context.Context, r *http.Request) (answer, error) {
	if wantsView(r) {
		return s.viewAnswer(r.URL.Query().Get(fieldFind)), nil
	}
	body, err := readAll(r)
	if err != nil {
		return answer{}, err
	}
	if wantsControl(r) {
		return s.controlAnswer(r, body), nil
	}
	x := s.arrive(r, body)
	defer s.end(x)
	a, err := s.perform(ctx, x)
	if err != nil {
		return answer{}, err
	}
	s.leave(x, &a)
	return a, sleep(ctx, a.delay)
}

func readAll(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("reading the request: %w", err)
	}
	return body, nil
}

// arrive logs a request, counts it against the rate limit and selects its fault.
func (s *Sandbox) arrive(r *http.Request, body []byte) *exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.lastTrace++
	x := &exchange{
		method: r.Method, uri: r.URL.RequestURI(), rawQuery: r.URL.RawQuery, header: r.Header, body: body, quirks: s.quirks,
		traceID: fmt.Sprintf("5a9db0c5-0000-4000-8000-%012x", s.lastTrace),
	}
	if path, ok := strings.CutPrefix(r.URL.EscapedPath(), s.prefix); ok {
		x.path = path
		x.route, x.vars, x.param = findRoute(r.Method, path)
	}
	x.token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if x.token != r.Header.Get("Authorization") {
		x.account, x.agency = s.bearer(x.token, now)
	}
	x.location = x.findLocation()
	s.charge(x, now)

	x.entry = &Request{
		Time: now, Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery,
		LocationID: x.location, Header: r.Header.Clone(), Body: string(body),
	}
	x.entry.Header.Del("Authorization")
	if x.route != nil {
		x.entry.Route = x.route.name
	}
	s.record(x.entry)
	s.see(x)
	if !x.refused {
		x.fault = s.dueFault(x)
	}
	return x
}

// findLocation returns the id of the sub-account that the token belongs to, or that the request specifies.
func (x *exchange) findLocation() string {
	if x.account != nil {
		return x.account.id
	}
	query, _ := url.ParseQuery(x.rawQuery) // a part that can be parsed is enough
	body, _ := x.route.decode(x.body)      // likewise
	return requestedLocation(x.vars, query, body)
}

// skips reports whether the request is for a page of a listing other than the first.
func (x *exchange) skips() bool {
	query, err := url.ParseQuery(x.rawQuery)
	if err != nil {
		return false
	}
	skip, err := strconv.Atoi(query.Get(fieldSkip))
	return err == nil && skip > 0
}

// charge counts the request against the rate limit of its sub-account or agency.
func (s *Sandbox) charge(x *exchange, now time.Time) {
	limit := s.rateLimit
	var budget *budget
	switch {
	case x.agency != nil:
		budget = &x.agency.budget
	case x.account != nil:
		budget = &x.account.budget
		if x.account.rateLimit != nil {
			limit = *x.account.rateLimit
		}
	default:
		return
	}
	limit = limit.withDefaults()
	x.refused = !budget.spend(limit, now)
	x.quota = budget.headers(limit)
}

// perform carries the request out and applies its fault.
func (s *Sandbox) perform(ctx context.Context, x *exchange) (answer, error) {
	if x.refused {
		return errorAnswer(http.StatusTooManyRequests, messageTooMany, x.traceID), nil
	}
	if x.fault == nil {
		return s.carryOut(x), nil
	}
	e, after := x.fault.Effect, x.fault.Committed
	if !after {
		if err := e.pass(ctx); err != nil {
			return answer{}, err
		}
	}
	if e.ahead != nil {
		e.ahead(x)
	}
	var a answer
	if !e.replaces || after {
		a = s.carryOut(x)
	}
	if e.spoil != nil {
		e.spoil(x, &a)
	}
	if after {
		a.delay += e.wait
		if e.do != nil {
			e.do()
		}
	}
	return a, nil
}

// carryOut answers as the API does.
func (s *Sandbox) carryOut(x *exchange) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if refusal := admit(x, s.quirks); refusal != nil {
		return *refusal
	}
	c, refusal := readCall(x, s.quirks)
	if refusal != nil {
		return *refusal
	}
	a := x.route.handle(s, c)
	if a.page != nil {
		if x.fault != nil && x.fault.Effect.page != nil {
			x.fault.Effect.page(a.page)
		}
		a.body = a.page.encode(s.quirks.UnknownFields)
	}
	x.entry.Committed = a.committed
	if c.account != nil {
		x.before, c.account.last = c.account.last, &a
	}
	return a
}

// leave completes the log entry and the headers of an answer.
func (s *Sandbox) leave(x *exchange, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x.entry.Status = a.status
	if x.isV3() {
		a.wrapError()
	}
	x.seen.answer = a.body
	a.delay += s.latency
	if x.account != nil {
		a.delay += x.account.latency
	}
	if a.noQuota {
		return
	}
	for name, values := range x.quota {
		if a.header.Get(name) == "" {
			a.header[name] = values
		}
	}
}

// sleep waits for d. If the context ends first, sleep returns its error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
