package ghl

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// wire is a TLS server. Its listener counts the connections, and may handle them itself.
type wire struct {
	*httptest.Server

	asked     atomic.Int32 // requests that reached the server
	accepted  atomic.Int32 // connections
	mu        sync.Mutex
	protocols []string
}

type listener struct {
	net.Listener

	accepted *atomic.Int32
	first    func(net.Conn) // handles the first connection; nil = the server does
	every    func(net.Conn) // handles the other connections; nil = the server does
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		connection, err := l.Listener.Accept()
		if err != nil {
			return connection, err
		}
		take := l.every
		if l.accepted.Add(1) == 1 && l.first != nil {
			take = l.first
		}
		if take == nil {
			return connection, nil
		}
		go take(connection)
	}
}

func newWire(t *testing.T, handle http.HandlerFunc, changes ...func(*wire, *listener)) *wire {
	t.Helper()
	w := &wire{}
	w.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		w.mu.Lock()
		w.protocols = append(w.protocols, r.Proto)
		w.mu.Unlock()
		handle(rw, r)
	}))
	l := &listener{Listener: w.Listener, accepted: &w.accepted}
	w.Listener = l
	w.EnableHTTP2 = true
	w.Config.ErrorLog = log.New(io.Discard, "", 0)
	for _, change := range changes {
		change(w, l)
	}
	w.StartTLS()
	t.Cleanup(w.Close)
	return w
}

// client returns a client that trusts the server.
func (w *wire) client(t *testing.T, change func(*http.Transport), changes ...func(*Config)) *Client {
	t.Helper()
	trusted := x509.NewCertPool()
	trusted.AddCert(w.Certificate())
	own := newConnections(func() *http.Transport {
		transport := newTransport()
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted}
		if change != nil {
			change(transport)
		}
		return transport
	})
	t.Cleanup(own.CloseIdleConnections)
	base := func(c *Config) { c.BaseURL = w.URL }
	return newTestClient(t, own, append([]func(*Config){base, withRetries(2)}, changes...)...)
}

func answersCreate(w http.ResponseWriter, _ *http.Request) { answer(w, 201, associationJSON) }

// newProxy starts a CONNECT proxy that connects every client to the same server. It
// requires a password if password is not empty.
func newProxy(t *testing.T, to, password string) *loopbackServer {
	t.Helper()
	return newLoopbackServer(t, func(w http.ResponseWriter, r *http.Request) {
		user := &http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
		if _, given, _ := user.BasicAuth(); given != password {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		server, err := net.Dial("tcp", to)
		if err != nil {
			t.Error(err)
			return
		}
		hijacker, _ := w.(http.Hijacker)
		client, _, err := hijacker.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
		go func() { _, _ = io.Copy(client, server); _ = client.Close() }()
	})
}

func through(t *testing.T, proxy string) func(*http.Transport) {
	t.Helper()
	u, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	return func(transport *http.Transport) { transport.Proxy = http.ProxyURL(u) }
}

func withoutProxy(environment []string) []string {
	return slices.DeleteFunc(environment, func(setting string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(setting), "=")
		return strings.HasSuffix(name, "_PROXY") || strings.HasPrefix(name, "SSL_CERT_")
	})
}

// goAway answers the first request of an HTTP/2 connection with a GOAWAY, and closes the
// connection.
func goAway(c net.Conn, last uint32) {
	speakHTTP2(c, func([]byte) (goOn bool) {
		_, _ = c.Write(binary.BigEndian.AppendUint32([]byte{0, 0, 8, 7, 0, 0, 0, 0, 0}, last))
		_, _ = c.Write([]byte{0, 0, 0, 0}) // no error
		return false
	})
}

// relay passes bytes between client and server. It can stop passing bytes while all
// connections stay open.
type relay struct {
	net.Listener

	silent atomic.Int32 // the number of connections, from the first, that are silent
	mu     sync.Mutex
	ends   []net.Conn
}

func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: l}
	t.Cleanup(r.close)
	go func() {
		for i := int32(1); ; i++ {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				return
			}
			r.mu.Lock()
			r.ends = append(r.ends, client, server)
			r.mu.Unlock()
			go r.pass(client, server, i)
			go r.pass(server, client, i)
		}
	}()
	return r
}

func (r *relay) close() {
	_ = r.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, end := range r.ends {
		_ = end.Close()
	}
}

func (r *relay) pass(from, to net.Conn, i int32) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if r.silent.Load() < i {
			_, _ = to.Write(buffer[:n])
		}
		if err != nil {
			return
		}
	}
}
