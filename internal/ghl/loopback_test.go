package ghl

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Plain http leads to this computer, whatever a resolver says of the name.
func TestPlainHTTPStaysOnThisComputer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, associationJSON) }))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for name, test := range map[string]struct {
		addresses []net.IP
		want      string // in the error; "" for none
	}{
		"another computer":           {[]net.IP{net.IPv4(192, 0, 2, 7)}, "192.0.2.7:" + port + " is none"},
		"any address":                {[]net.IP{net.IPv4(0, 0, 0, 0)}, "0.0.0.0:" + port + " is none"},
		"this computer":              {[]net.IP{net.IPv4(127, 0, 0, 1)}, ""},
		"another one and this one":   {[]net.IP{net.IPv4(192, 0, 2, 7), net.IPv4(127, 0, 0, 1)}, ""},
		"this one, and another port": {[]net.IP{net.IPv4(127, 0, 0, 2), net.IPv4(127, 0, 0, 1)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := transportTo("http://localhost")()
			t.Cleanup(transport.CloseIdleConnections)
			dialer := loopbackDialer()
			dialer.Resolver = resolving(test.addresses)
			transport.DialContext = dialer.DialContext
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://local.test:"+port, nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := transport.RoundTrip(r)
			if err == nil {
				_ = answer.Body.Close()
			}
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// The client of a plain base URL dials nothing else; nothing is sent, so a create is not
// ambiguous. That of https takes any address.
func TestTransportOfTheBaseURL(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, newConnections(transportTo("http://localhost:1")), func(c *Config) { c.BaseURL = "https://192.0.2.7" })
	failure := failureOf(t, createAssociation(t.Context(), client))
	if failure.Kind != Network || failure.Ambiguous || !strings.Contains(failure.Error(), "192.0.2.7:443 is none") {
		t.Errorf("got %v, ambiguous %t", failure, failure.Ambiguous)
	}
	if transportTo("http://127.0.0.1")().Proxy != nil {
		t.Error("plain http goes through a proxy")
	}
	if transportTo("https://example.com")().Proxy == nil {
		t.Error("https goes through no proxy")
	}
	server := newLoopbackServer(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, associationJSON) })
	for _, host := range []string{"127.0.0.1", "localhost"} {
		base := strings.Replace(server.URL, "127.0.0.1", host, 1)
		if err := readAssociation(t.Context(), newTestClient(t, nil, func(c *Config) { c.BaseURL = base })); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
}

// resolving is a resolver that gives the addresses for every name.
func resolving(addresses []net.IP) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer func() { _ = server.Close() }()
			for {
				length := make([]byte, 2)
				if _, err := io.ReadFull(server, length); err != nil {
					return
				}
				question := make([]byte, binary.BigEndian.Uint16(length))
				if _, err := io.ReadFull(server, question); err != nil {
					return
				}
				_, _ = server.Write(dnsAnswer(question, addresses))
			}
		}()
		return client, nil
	}}
}

// dnsAnswer answers a question about IPv4 with the addresses, and any other with none.
func dnsAnswer(question []byte, addresses []net.IP) []byte {
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	end += 5 // the end of the name, the type and the class
	if question[end-3] != 1 {
		addresses = nil
	}
	message := append([]byte{question[0], question[1], 0x81, 0x80, 0, 1, 0, byte(len(addresses)), 0, 0, 0, 0}, question[12:end]...)
	for _, address := range addresses {
		message = append(append(message, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4), address.To4()...)
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)
}
