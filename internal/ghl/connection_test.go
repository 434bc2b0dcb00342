package ghl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A request that never got a connection was not sent, so a create may be sent again and is
// not ambiguous. An untrusted certificate or a refusal by the proxy is not retried.
func TestNeverSent(t *testing.T) {
	t.Parallel()
	plain, down := newLoopbackServer(t, answersCreate), newLoopbackServer(t, answersCreate)
	down.Close()
	for name, test := range map[string]struct {
		base      string // "" = the server's URL
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
		"a proxy that forbids the connection": {proxy: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
			want: ProxyRefused, words: "the proxy answered 403 Forbidden", attempts: 1},
		"a proxy that cannot reach the server": {proxy: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
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

// A create that got a connection but no complete answer is ambiguous: the server may have
// carried it out.
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

// A proxy sees the host that the client calls, but never the token.
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

// The client supports the proxy and certificate variables of the environment. A process reads
// the variables only once, so each row runs in a child process.
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
		words       string // part of the failure's text; "" if the call succeeds
	}{
		"a private authority": {[]string{"GHL_TEST_CHILD=" + server.URL, "SSL_CERT_FILE=" + authority}, ""},
		"unknown":             {[]string{"GHL_TEST_CHILD=" + server.URL}, "certificate signed by unknown authority"},
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

// All calls share one HTTP/2 connection. If the server closes the connection with a GOAWAY,
// the client opens another one, and no call fails.
func TestGoAway(t *testing.T) {
	t.Parallel()
	takesLeave := atomic.Bool{}
	server := newWire(t, func(w http.ResponseWriter, r *http.Request) {
		if takesLeave.Load() {
			w.Header().Set("Connection", "close") // over HTTP/2, the server sends a GOAWAY
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
		t.Errorf("used the protocols %v", got)
	}
}

// If the GOAWAY says that the server did not accept the create, the client sends the create
// again. Otherwise, the create is ambiguous and is not sent again.
func TestGoAwayInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		last      uint32 // the last stream that the server says it accepted
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

// Pings detect a dead connection. A read is then retried on another connection. A create is
// not retried, but fails as quickly.
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

// A retry uses a new connection even if other calls still wait on the old one.
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
		time.Sleep(time.Duration(i) * 50 * time.Millisecond) // so that some calls wait while others are retried
		return readAssociation(t.Context(), client)
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}
