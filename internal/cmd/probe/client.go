package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	mostCalls      = 300 // maximum number of calls in one run
	keptForRemoval = 60  // number of calls in one run that are reserved for deleting what the probe created
	mostRepeats    = 2   // retries of a call that hit the rate limit, and of a read that failed
	maxBody        = 16 << 20
	requestTimeout = time.Minute
	apiVersion     = "2021-07-28"
	userAgent      = "terraform-provider-ghl-probe"
	defaultPace    = 150 * time.Millisecond // wait between two calls if no header shows the rate limit
	spareCalls     = 5                      // calls within the rate limit that are reserved for other clients
)

var errSpent = errors.New("the probe has made all the calls that one run may make")

// request is one call of an endpoint.
type request struct {
	method  string
	path    string // escaped, below the base URL
	query   url.Values
	body    any        // sent as JSON
	form    url.Values // sent as a form
	version string     // "" means apiVersion
	token   string     // "" means the sub-account's token
}

// answer is the API's answer to a call.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// caller sends requests, one at a time. It shares no code with the provider's client, so that the same misreading of the API
// cannot affect both.
type caller struct {
	baseURL    string
	token      string
	client     *http.Client
	redactor   *redactor
	calls      int
	removing   bool      // the calls reserved by keptForRemoval may be used
	next       time.Time // earliest time of the next call
	group      string    // name of the group that is being asked
	recordings []recording
}

func newCaller(baseURL, token string, transport http.RoundTripper, r *redactor) *caller {
	return &caller{
		baseURL: strings.TrimRight(baseURL, "/"), token: token, redactor: r,
		client: &http.Client{
			Transport: transport,
			// The target of a redirect must not receive the token.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// checkBaseURL rejects malformed base URLs, and base URLs that would send the token unencrypted.
func checkBaseURL(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" {
		return errors.New("the base URL must look like " + defaultBaseURL)
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())) {
		return errors.New("the base URL must begin with https, unless it is a loopback address")
	}
	return nil
}

// do sends a request, waits if it hits the rate limit, and retries a read that failed. An answer is not an error, whatever its
// status.
func (c *caller) do(ctx context.Context, r request) (answer, error) {
	for repeats := 0; ; repeats++ {
		got, err := c.once(ctx, r)
		refused := err == nil && got.status == http.StatusTooManyRequests
		failed := r.method == http.MethodGet && (err != nil || got.status >= http.StatusInternalServerError)
		switch {
		case refused && got.header.Get("X-RateLimit-Daily-Remaining") == "0":
			return got, errors.New("the daily limit of calls is used up")
		case !refused && !failed || repeats == mostRepeats || errors.Is(err, errSpent) || ctx.Err() != nil:
			return got, err
		}
	}
}

// once makes one round trip. An interrupt does not cancel a round trip that may change something, so that its answer is not
// lost.
func (c *caller) once(ctx context.Context, r request) (answer, error) {
	most := mostCalls
	if !c.removing {
		most -= keptForRemoval
	}
	if c.calls >= most {
		return answer{}, errSpent
	}
	if err := sleep(ctx, time.Until(c.next)); err != nil {
		return answer{}, err
	}
	c.calls++
	if r.method != http.MethodGet {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	begun := time.Now()
	got, err := c.roundTrip(ctx, r)
	c.next = time.Now().Add(time.Second)
	if err != nil {
		return answer{}, errors.New(c.redactor.text(err.Error()))
	}
	c.next = time.Now().Add(pace(got))
	c.redactor.learn(got.body)
	c.recordings = append(c.recordings, recording{c.group, begun, r, got})
	return got, nil
}

func (c *caller) roundTrip(ctx context.Context, r request) (got answer, err error) {
	sent, err := c.httpRequest(ctx, r)
	if err != nil {
		return got, err
	}
	response, err := c.client.Do(sent) //nolint:gosec // the user of the probe chooses the address
	if err != nil {
		return got, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	return answer{response.StatusCode, response.Header, body}, err
}

func (c *caller) httpRequest(ctx context.Context, r request) (*http.Request, error) {
	var body []byte
	var contentType string
	switch {
	case r.form != nil:
		body, contentType = []byte(r.form.Encode()), "application/x-www-form-urlencoded"
	case r.body != nil:
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body, contentType = encoded, "application/json"
	}
	address := c.baseURL + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	sent, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(body)) //nolint:gosec // the user of the probe chooses the address
	if err != nil {
		return nil, err
	}
	token, version := c.token, apiVersion
	if r.token != "" {
		token = r.token
	}
	if r.version != "" {
		version = r.version
	}
	sent.Header.Set("Authorization", "Bearer "+token)
	sent.Header.Set("Version", version)
	sent.Header.Set("Accept", "application/json")
	sent.Header.Set("User-Agent", userAgent)
	if contentType != "" {
		sent.Header.Set("Content-Type", contentType)
	}
	return sent, nil
}

// pace returns how long to wait after an answer, so that the calls stay within the rate limit in the answer's headers.
func pace(got answer) time.Duration {
	number := func(name string) int {
		n, err := strconv.Atoi(got.header.Get(name))
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	interval := time.Duration(number("X-RateLimit-Interval-Milliseconds")) * time.Millisecond
	most, left := number("X-RateLimit-Max"), got.header.Get("X-RateLimit-Remaining")
	switch after := number("Retry-After"); {
	case got.status == http.StatusTooManyRequests && after > 0:
		return time.Duration(after) * time.Second
	case got.status == http.StatusTooManyRequests && interval == 0:
		return 10 * time.Second
	case got.status >= http.StatusInternalServerError:
		return time.Second
	case most == 0 || interval == 0:
		return defaultPace
	case got.status == http.StatusTooManyRequests || left != "" && number("X-RateLimit-Remaining") <= spareCalls:
		return interval
	default:
		return interval / time.Duration(most)
	}
}

// sleep waits, or returns early with the error of the context.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
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
