package ghl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// wire is a server that speaks TLS, at a listener that keeps count, and may keep the
// first connection for itself.
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
	first    func(net.Conn) // nil = the server takes the first
	every    func(net.Conn) // nil = the server takes the others
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

// client makes a client that trusts the server.
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

// What never got a connection was not sent: a create may be sent again, and is not
// "perhaps made". What would fail alike again is not repeated.
func TestNeverSent(t *testing.T) {
	t.Parallel()
	plain, down := newLoopbackServer(t, answersCreate), newLoopbackServer(t, answersCreate)
	down.Close()
	for name, test := range map[string]struct {
		base      string // "" = the server's
		serve     func(*wire, *listener)
		transport func(*http.Transport)
		proxy     http.HandlerFunc // nil = none
		want      Kind
		words     string
		attempts  int
	}{
		"no server":  {base: down.URL, want: Network, words: "connection refused"},
		"plain http": {base: plain.URL, want: Network, words: "server gave HTTP response to HTTPS client"},
		"no proxy":   {transport: through(t, strings.Replace(down.URL, "http://", "http://me:hunter2@", 1)), want: Network, words: "proxyconnect tcp: dial tcp"},
		"a dial that does not end": {transport: func(t *http.Transport) {
			t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		}, want: Network, words: "no connection within 300ms"},
		"a handshake that does not end": {serve: func(_ *wire, l *listener) {
			l.first = func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
		}, want: "", attempts: 2},
		"a refused handshake": {serve: func(w *wire, _ *listener) {
			w.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("not you") }}
		}, want: Network, words: "tls: ", attempts: 3},
		"a version of TLS that is too old": {serve: func(w *wire, _ *listener) {
			w.TLS = &tls.Config{MaxVersion: tls.VersionTLS10, MinVersion: tls.VersionTLS10}
		}, want: Network, words: "tls: ", attempts: 3},
		"an unknown authority": {transport: func(t *http.Transport) { t.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()} },
			want: Untrusted, words: "unknown authority", attempts: 1},
		"a proxy without a password": {proxy: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) },
			want: ProxyRefused, words: "the proxy answered 407 Proxy Authentication Required", attempts: 1},
		"a proxy that forbids it": {proxy: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
			want: ProxyRefused, words: "the proxy answered 403 Forbidden", attempts: 1},
		"a proxy that cannot reach it": {proxy: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
			want: Network, words: "the proxy answered 502 Bad Gateway", attempts: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var changes []func(*wire, *listener)
			if test.serve != nil {
				changes = append(changes, test.serve)
			}
			server := newWire(t, answersCreate, changes...)
			attempts := server.accepted.Load
			transport := test.transport
			if test.proxy != nil {
				proxy := newLoopbackServer(t, test.proxy)
				transport = through(t, proxy.URL)
				attempts = func() int32 { return int32(len(proxy.sent())) }
			}
			client := server.client(t, transport, func(c *Config) {
				c.RequestTimeout = 300 * time.Millisecond
				if test.base != "" {
					c.BaseURL = strings.Replace(test.base, "http://", "https://", 1)
				}
			})
			err := createAssociation(t.Context(), client)
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the proxy's password is shown: %v", err)
			}
			if KindOf(err) != test.want || IsAmbiguous(err) || err != nil && !strings.Contains(err.Error(), test.words) {
				t.Errorf("got %v, ambiguous %t; want %q with %q", err, IsAmbiguous(err), test.want, test.words)
			}
			if got := int(attempts()); got != test.attempts {
				t.Errorf("%d attempts, want %d", got, test.attempts)
			}
			if got, want := server.asked.Load() == 1, test.want == ""; got != want {
				t.Errorf("%d requests reached the server", server.asked.Load())
			}
			if got := plain.sent(); len(got) > 0 {
				t.Errorf("sent without TLS: %+v", got)
			}
		})
	}
}

// What got a connection may have been carried out, however it ended.
func TestPerhapsSent(t *testing.T) {
	t.Parallel()
	blocked := make(chan struct{})
	server := newWire(t, func(http.ResponseWriter, *http.Request) { <-blocked })
	t.Cleanup(func() { close(blocked) })
	client := server.client(t, nil, func(c *Config) { c.RequestTimeout = 300 * time.Millisecond })
	failure := failureOf(t, createAssociation(t.Context(), client))
	if failure.Kind != Network || !failure.Ambiguous || failure.Err.Error() != "no complete answer within 300ms" || server.asked.Load() != 1 {
		t.Errorf("got %v, ambiguous %t, after %d requests", failure, failure.Ambiguous, server.asked.Load())
	}
}

// newProxy is a CONNECT proxy that leads everywhere to one server, and wants a
// password if one is given.
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

// A proxy learns where the request goes, never the token.
func TestProxy(t *testing.T) {
	t.Parallel()
	for name, password := range map[string]string{"open": "", "with a password": "open sesame"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newWire(t, answersCreate)
			proxy := newProxy(t, server.Listener.Addr().String(), password)
			address := strings.Replace(proxy.URL, "http://", "http://me:"+url.PathEscape(password)+"@", 1)
			client := server.client(t, through(t, address), func(c *Config) { c.BaseURL = "https://example.com" })
			if err := createAssociation(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			seen := proxy.sent()
			if len(seen) != 1 || seen[0].Method != http.MethodConnect || seen[0].URL != "example.com:443" || seen[0].Header.Get("Authorization") != "" {
				t.Errorf("the proxy saw %+v", seen)
			}
			if server.asked.Load() != 1 {
				t.Errorf("%d requests reached the server", server.asked.Load())
			}
		})
	}
}

// These settings are read once in a process: this one has a child for each.
func TestProxyAndAuthorityOfTheEnvironment(t *testing.T) {
	t.Parallel()
	if base := os.Getenv("GHL_TEST_CHILD"); base != "" {
		client, err := New(Config{BaseURL: base, UserAgent: testUserAgent, AccessToken: testToken})
		if err == nil {
			err = createAssociation(t.Context(), client)
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	server := newWire(t, answersCreate)
	proxy := newProxy(t, server.Listener.Addr().String(), "secret")
	authority := filepath.Join(t.TempDir(), "authority.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(authority, block, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		environment []string
		words       string // of the failure; "" for none
	}{
		"an own authority": {[]string{"GHL_TEST_CHILD=" + server.URL, "SSL_CERT_FILE=" + authority}, ""},
		"unknown":          {[]string{"GHL_TEST_CHILD=" + server.URL}, "certificate signed by unknown authority"},
		"a proxy": {[]string{"GHL_TEST_CHILD=https://example.com", "SSL_CERT_FILE=" + authority,
			"HTTPS_PROXY=" + strings.Replace(proxy.URL, "http://", "http://me:secret@", 1)}, ""},
		"no password": {[]string{"GHL_TEST_CHILD=https://example.com", "HTTPS_PROXY=" + proxy.URL}, "the proxy answered 407"},
		"no proxy":    {[]string{"GHL_TEST_CHILD=https://example.com", "https_proxy=http://me:hunter2@proxy:port"}, "the variable https_proxy is not the address of a proxy"},
		"no network":  {[]string{"GHL_TEST_CHILD=https://example.com", "NO_PROXY=a,10.0.0.0/33"}, "entry 2 of the variable NO_PROXY"},
	} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(withoutProxy(os.Environ()), test.environment...)
		said, err := child.CombinedOutput()
		if (err == nil) != (test.words == "") || !strings.Contains(string(said), test.words) || strings.Contains(string(said), "hunter2") {
			t.Errorf("%s: got %v\n%s", name, err, said)
		}
	}
}

func withoutProxy(environment []string) []string {
	return slices.DeleteFunc(environment, func(setting string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(setting), "=")
		return strings.HasSuffix(name, "_PROXY") || strings.HasPrefix(name, "SSL_CERT_")
	})
}

// All calls go over one HTTP/2 connection; one that the server takes leave of is
// replaced, and nothing fails.
func TestGoAway(t *testing.T) {
	t.Parallel()
	takesLeave := atomic.Bool{}
	server := newWire(t, func(w http.ResponseWriter, r *http.Request) {
		if takesLeave.Load() {
			w.Header().Set("Connection", "close") // over HTTP/2 that is a GOAWAY
		}
		answersCreate(w, r)
	})
	client := server.client(t, nil)
	for want := int32(1); want <= 4; want++ {
		for range 2 {
			takesLeave.Store(want > 1)
			if err := createAssociation(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			takesLeave.Store(false)
		}
	}
	if server.asked.Load() != 8 || server.accepted.Load() != 6 {
		t.Errorf("%d requests over %d connections", server.asked.Load(), server.accepted.Load())
	}
	if got := slices.Compact(server.protocols); !slices.Equal(got, []string{"HTTP/2.0"}) {
		t.Errorf("spoke %v", got)
	}
}

// A create that a GOAWAY says was not taken is sent once more; one of which nobody
// knows is not.
func TestGoAwayInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		last      uint32 // the last stream that the server says it took
		ambiguous bool
	}{"not taken": {0, false}, "perhaps taken": {1, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newWire(t, answersCreate, func(w *wire, l *listener) {
				l.first = func(c net.Conn) { goAway(tls.Server(c, w.TLS), test.last) }
			})
			err := createAssociation(t.Context(), server.client(t, nil))
			if test.ambiguous != IsAmbiguous(err) || test.ambiguous != (err != nil) {
				t.Errorf("got %v", err)
			}
			if got := server.asked.Load() == 0; got != test.ambiguous {
				t.Errorf("%d requests reached the second connection", server.asked.Load())
			}
		})
	}
}

// goAway answers the first request of an HTTP/2 connection with a GOAWAY, and hangs up.
func goAway(c net.Conn, last uint32) {
	speakHTTP2(c, func([]byte) (goOn bool) {
		_, _ = c.Write(binary.BigEndian.AppendUint32([]byte{0, 0, 8, 7, 0, 0, 0, 0, 0}, last))
		_, _ = c.Write([]byte{0, 0, 0, 0}) // no error
		return false
	})
}

// relay stands between client and server, and can stop to pass anything on, with all
// connections left open.
type relay struct {
	net.Listener

	silent atomic.Int32 // so many of the first connections are silent
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

// A connection that has died without a word is found out by pings, and the repeat
// takes another. A create is not repeated, and does not wait for long either.
func TestSilentConnection(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do        operation
		ambiguous bool
	}{"read": {readAssociation, false}, "create": {createAssociation, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newWire(t, answersCreate)
			relay := newRelay(t, server.Listener.Addr().String())
			client := server.client(t, func(t *http.Transport) {
				t.HTTP2.SendPingTimeout, t.HTTP2.PingTimeout = t.HTTP2.SendPingTimeout/50, t.HTTP2.PingTimeout/50
			}, func(c *Config) { c.BaseURL = "https://" + relay.Addr().String() })
			if err := readAssociation(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			relay.silent.Store(1)
			begun := time.Now()
			err := test.do(t.Context(), client)
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
			if IsAmbiguous(err) != test.ambiguous || (err != nil) != test.ambiguous {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A repeat takes a fresh connection even if others still wait on the old one.
func TestRepeatTakesAFreshConnection(t *testing.T) {
	t.Parallel()
	server := newWire(t, answersCreate)
	relay := newRelay(t, server.Listener.Addr().String())
	client := server.client(t, func(t *http.Transport) { t.HTTP2 = nil }, func(c *Config) {
		c.BaseURL, c.RequestTimeout = "https://"+relay.Addr().String(), 500*time.Millisecond
	})
	if err := readAssociation(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	relay.silent.Store(1)
	for _, err := range together(8, func(i int) error {
		time.Sleep(time.Duration(i) * 50 * time.Millisecond) // so that some wait while others repeat
		return readAssociation(t.Context(), client)
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}
