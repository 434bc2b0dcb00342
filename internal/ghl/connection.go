package ghl

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"sync/atomic"
	"syscall"
	"time"
)

// If the server sends nothing on an HTTP/2 connection for the duration silence, the
// transport pings it. If no reply arrives within lifeSign, the transport closes the
// connection. All requests share the connection, so without the ping each request and each
// retry on a dead connection would time out.
const (
	silence     = 10 * time.Second
	lifeSign    = 5 * time.Second
	proxyIsBusy = 500 // a proxy's refusal with this status or a higher one may be transient

	mostHeader = 256 << 10 // maximum size of the header of an answer from the server or a proxy, in bytes
)

// connections is the client's own transport. It honours HTTPS_PROXY and similar variables.
type connections struct {
	make    func() *http.Transport
	current atomic.Pointer[http.Transport]
}

func newConnections(newTransport func() *http.Transport) *connections {
	c := &connections{make: newTransport}
	c.current.Store(newTransport())
	return c
}

func (c *connections) RoundTrip(r *http.Request) (*http.Response, error) {
	return c.current.Load().RoundTrip(r)
}

// CloseIdleConnections makes every later request use a new connection. The current HTTP/2
// connection may be dead. Requests that wait on this connection prevent it from being idle,
// so closing idle connections does not close it.
func (c *connections) CloseIdleConnections() {
	c.current.Swap(c.make()).CloseIdleConnections()
}

// newTransport returns a transport that keeps no idle HTTP/1 connection. If a server or a
// proxy sent one answer too many, the next request on that connection would receive the
// extra answer. HTTP/2 connections are shared, because each HTTP/2 answer belongs to a
// numbered stream.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    -1,
		MaxResponseHeaderBytes: mostHeader,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: silence, PingTimeout: lifeSign},
		OnProxyConnectResponse: proxyAnswered,
	}
}

// transportTo returns a function that makes transports for a base URL. A transport without
// TLS connects only to this computer, whatever DNS or a proxy variable says, because the
// token is sent in the clear.
func transportTo(base string) func() *http.Transport {
	if u, err := url.Parse(base); err != nil || u.Scheme != "http" {
		return newTransport
	}
	return func() *http.Transport {
		transport := newTransport()
		transport.Proxy = nil
		transport.DialContext = loopbackDialer().DialContext
		return transport
	}
}

// loopbackDialer returns a dialer that resolves names first and then refuses every address
// that is not a loopback address.
func loopbackDialer() *net.Dialer {
	return &net.Dialer{
		Control: func(_, address string, _ syscall.RawConn) error {
			if to, err := netip.ParseAddrPort(address); err != nil || !to.Addr().IsLoopback() {
				return fmt.Errorf("plain http connects only to loopback addresses, and %s is not one: use https, or make the name resolve to a loopback address", address)
			}
			return nil
		},
	}
}

// proxyError is a proxy's refusal of CONNECT.
type proxyError struct {
	status int
	text   string
}

func (e *proxyError) Error() string { return "the proxy answered " + e.text }

// isFinal reports whether the proxy would give the same answer again.
func (e *proxyError) isFinal() bool { return e.status < proxyIsBusy }

func proxyAnswered(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{answer.StatusCode, answer.Status}
}

// delivery records whether a request may have reached the server.
type delivery struct{ begun, connected, written atomic.Bool }

// errResend ends a request that net/http is about to resend on its own. Over HTTP/2,
// net/http resends a request if the server resets the stream. Only the handler named
// retried may resend a request, because it counts and logs each retry.
var errResend = errors.New("the server reset the request's HTTP/2 stream, or closed the connection")

// follow returns a context that records the progress of a request, and ends before net/http
// sends the request a second time. net/http cannot resend a request with a body, because
// the request has no GetBody.
func (d *delivery) follow(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, stop := context.WithCancelCause(ctx)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			d.begun.Store(true)
			d.connected.Store(false)
		},
		GotConn: func(httptrace.GotConnInfo) {
			d.connected.Store(true)
			if d.written.Load() {
				stop(errResend)
			}
		},
		WroteHeaders: func() { d.written.Store(true) },
	}), stop
}

// failedBefore reports whether a request that failed with err provably never got a
// connection, or was not accepted by the server. If the transport has traced nothing, the
// result depends only on err.
func (d *delivery) failedBefore(err error) bool {
	if errors.Is(err, errNotTaken) {
		return true
	}
	if d.begun.Load() {
		return !d.connected.Load()
	}
	operation, ok := errors.AsType[*net.OpError](err)
	return isUntrusted(err) || ok && (operation.Op == "dial" || operation.Op == "proxyconnect")
}

func isUntrusted(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}

// unquoted replaces the failure of a sent request with an error that quotes nothing from
// the answer: net/http's errors quote lines of the answer that are not valid HTTP.
func unquoted(err error) error {
	if operation, ok := errors.AsType[*net.OpError](err); ok {
		return operation
	}
	for _, known := range []error{io.ErrUnexpectedEOF, io.EOF, context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errors.New(unshown)
}

// networkKind returns the kind of failure of a round trip that ended without an answer.
func networkKind(err error) Kind {
	refusal, isProxys := errors.AsType[*proxyError](err)
	switch {
	case isUntrusted(err):
		return Untrusted
	case isProxys && refusal.isFinal():
		return ProxyRefused
	default:
		return Network
	}
}
