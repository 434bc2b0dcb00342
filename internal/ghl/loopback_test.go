package ghl

import (
	"net/http"
	"strings"
	"testing"
)

// With plain http, the client connects only to this computer, whatever address the host name
// resolves to: the dialer checks each address before it connects.
func TestPlainHTTPStaysOnThisComputer(t *testing.T) {
	t.Parallel()
	for address, stays := range map[string]bool{
		"192.0.2.7:80": false, "0.0.0.0:80": false, "[2001:db8::1]:80": false, "[::]:80": false, "localhost:80": false, "": false,
		"127.0.0.1:80": true, "127.0.0.2:8787": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true,
	} {
		if err := loopbackDialer().Control("tcp", address, nil); (err == nil) != stays || err != nil && !strings.Contains(err.Error(), "and "+address+" is not one") {
			t.Errorf("%s: got %v", address, err)
		}
	}
}

// With an http base URL, the client refuses to connect to other computers. It sends them
// nothing, so a create is not ambiguous. With an https base URL, it connects to any address.
func TestTransportOfTheBaseURL(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, newConnections(transportTo("http://localhost:1")), func(c *Config) { c.BaseURL = "https://192.0.2.7" })
	failure := failureOf(t, createAssociation(t.Context(), client))
	if failure.Kind != Network || failure.Ambiguous || !strings.Contains(failure.Error(), "192.0.2.7:443 is not one") {
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
