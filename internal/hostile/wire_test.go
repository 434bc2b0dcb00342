package hostile_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// sent is a request that the provider made.
type sent struct {
	method string
	url    *url.URL
	token  string
	body   string
}

// path returns the method and the path of a request, as routes match them.
func (s sent) path() string { return s.method + " " + s.url.EscapedPath() }

// wire connects the provider to the sandbox. It records the requests, and returns the hostile answers.
type wire struct {
	world *world
	entry entry
	next  http.RoundTripper

	mu  sync.Mutex
	log []sent
}

func newWire(w *world, e entry) *wire {
	t := &wire{world: w, entry: e, next: w.sandbox.Transport()}
	if e.serve != nil {
		t.next = piped(e.serve)
	}
	return t
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
	s := sent{r.Method, r.URL, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), body}
	w.mu.Lock()
	w.log = append(w.log, s)
	w.mu.Unlock()

	forwarded := r.Clone(r.Context())
	forwarded.Body = io.NopCloser(strings.NewReader(body))
	if w.entry.gone && getAssociation.MatchString(s.path()) {
		return response(r, 404, http.Header{}, `{"statusCode":404,"message":"Association already deleted or not found"}`), nil
	}
	if w.entry.status == 0 || w.entry.route != nil && !w.entry.route.MatchString(s.path()) {
		return w.next.RoundTrip(forwarded)
	}
	if w.entry.after {
		if _, err := w.next.RoundTrip(forwarded); err != nil {
			return nil, err
		}
	}
	return w.answer(r), nil
}

// answer returns the entry's answer.
func (w *wire) answer(r *http.Request) *http.Response {
	e, header := w.entry, http.Header{"Content-Type": {"application/json"}}
	for name, values := range e.header {
		header.Del(name)
		for _, value := range values {
			header.Add(name, w.world.fill(value))
		}
	}
	return response(r, e.status, header, w.world.fill(e.body))
}

func response(r *http.Request, status int, header http.Header, body string) *http.Response {
	return &http.Response{
		Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}

func (w *wire) sent() []sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]sent(nil), w.log...)
}

// close ends all connections.
func (w *wire) close() {
	if idle, ok := w.next.(interface{ CloseIdleConnections() }); ok {
		idle.CloseIdleConnections()
	}
}

// piped returns a transport to a server in the same process, which handles each connection with serve.
func piped(serve func(net.Conn)) *http.Transport {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer func() { _ = server.Close() }() // the server is done with the connection
			serve(server)
		}()
		return client, ctx.Err()
	}
	return &http.Transport{DialContext: dial, DialTLSContext: dial, MaxIdleConnsPerHost: -1} // like the client's own transport
}
