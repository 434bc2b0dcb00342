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

// An HTTP/2 connection that is silent for silence is pinged, and closed if no reply comes.
// All requests share it: if it is dead, each of them, and each retry, would run into its
// timeout.
const (
	silence     = 10 * time.Second
	lifeSign    = 5 * time.Second
	proxyIsBusy = 500 // from this status on, the proxy's refusal may be transient

	mostHeader = 256 << 10 // bytes of the header of an answer, the server's or a proxy's
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

// CloseIdleConnections makes every later request take a new connection. An HTTP/2
// connection is not idle while requests wait on it, but may be dead all the same.
func (c *connections) CloseIdleConnections() {
	c.current.Swap(c.make()).CloseIdleConnections()
}

// newTransport keeps no idle HTTP/1 connection. If a server or a proxy sends one answer too
// many, the next request on the connection would get it. HTTP/2 connections are shared
// nevertheless: their answers are numbered.
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

// transportTo makes transports to a base URL. A transport without TLS connects only to this
// computer, whatever a resolver or a proxy variable says, because it sends the token in the
// clear.
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

// loopbackDialer refuses every address outside this computer, after names have been
// resolved.
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

// errResend ends a request that net/http is about to resend on its own, as it does over
// HTTP/2 if the server resets the stream. Only retried may resend: it counts the retry
// against the budget and logs it.
var errResend = errors.New("the server reset the request's HTTP/2 stream, or left its connection")

// follow returns a context that records the progress of a request, and ends before net/http
// sends the request a second time. A request with a body is never resent, because it has no
// GetBody.
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
// connection, or was not taken by the server. If the transport reports nothing, only the
// error can answer that.
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

// unquoted replaces the failure of a sent request by an error that quotes nothing from the
// answer: net/http's errors repeat lines that are not HTTP.
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

// networkKind sorts the failures of a round trip that brought no answer.
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
