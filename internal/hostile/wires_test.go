package hostile_test

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
)

const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

// stranger is a row that no request asks for.
var stranger = strings.ReplaceAll(mentorRow.with("id", `"foreign"`).String(), "{HOME}", home)

// framed returns a correct answer with a body.
func framed(body string) string { return ok + "Content-Length: " + itoa(len(body)) + "\r\n\r\n" + body }

// connections are the bytes that a server writes in answer to any request.
var connections = map[string]string{
	"nothing":                      "",
	"no HTTP":                      "\x00\x01\x02\x03",
	"another protocol":             "SSH-2.0-OpenSSH_9.0\x1b[2J\r\n",
	"half a status line":           "HTTP/1.1 2",
	"a status line of text":        "HTTP/1.1 abc ::warning::\x1b[2J\r\n\r\n",
	"a status of four digits":      "HTTP/1.1 2000 OK\r\n\r\n",
	"a reason with escapes":        "HTTP/1.1 500 a\x1b[2J\x9b31m\r\nContent-Length: 0\r\n\r\n",
	"a reason with a command":      "HTTP/1.1 400 ::warning::b\r\nContent-Length: 0\r\n\r\n",
	"a long reason":                "HTTP/1.1 400 " + strings.Repeat("a", 1<<16) + "\r\nContent-Length: 0\r\n\r\n",
	"the token as a reason":        "HTTP/1.1 400 " + homeToken + "\r\nContent-Length: 0\r\n\r\n",
	"a header without a colon":     ok + "nonsense\x1b[2J\r\n\r\n",
	"the token in a broken header": ok + "Authorization " + homeToken + "\r\n\r\n",
	"a megabyte of headers":        ok + strings.Repeat("X-Filler: "+strings.Repeat("a", 1000)+"\r\n", 1000) + "\r\n",
	"unterminated headers":         ok + strings.Repeat("X-Filler: a\r\n", 1000),
	"a folded header":              ok + "X-Filler: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
	"two lengths":                  ok + "Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}",
	"a negative length":            ok + "Content-Length: -1\r\n\r\n{}",
	"a length out of range":        ok + "Content-Length: 99999999999999999999\r\n\r\n{}",
	"a length that is too large":   ok + "Content-Length: 1000\r\n\r\n" + stranger[:40],
	"a length that is too small":   ok + "Content-Length: 2\r\n\r\n{}" + framed(stranger),
	"one answer too many":          framed(`{}`) + framed(stranger),
	"both lengths and chunks":      ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	"nonsense chunks":              ok + "Transfer-Encoding: chunked\r\n\r\nzz\x1b\r\n{}\r\n",
	"a chunk size out of range":    ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}",
	"truncated chunks":             ok + "Transfer-Encoding: chunked\r\n\r\n100\r\n{",
	"another encoding":             ok + "Transfer-Encoding: gzip\r\n\r\n{}",
	"truncated gzip":               ok + "Content-Encoding: gzip\r\nContent-Length: 14\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xcaH\xcd\xc9",
	"fake gzip":                    ok + "Content-Encoding: gzip\r\nContent-Length: 12\r\n\r\n" + homeToken[:12],
	"a 100 Continue first":         "HTTP/1.1 100 Continue\r\n\r\n" + framed(`{}`),
	"hints":                        strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n", 3) + framed(`{}`),
	"too many hints":               strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n", 100),
	"a protocol switch":            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + stranger,
	"no content, with content":     "HTTP/1.1 204 No Content\r\nContent-Length: " + itoa(len(stranger)) + "\r\n\r\n" + stranger,
	"an old version":               "HTTP/0.9 200 OK\r\n\r\n" + stranger,
	"a future version":             "HTTP/3.0 200 OK\r\n\r\n" + stranger,
	"HTTP/2":                       "\x00\x00\x00\x04\x00\x00\x00\x00\x00",
	"a refusal, and a command":     "HTTP/1.1 407 a\r\nContent-Length: 27\r\nProxy-Authenticate: Basic\r\n\r\n::warning::a\n##vso[task.x]b",
}

// wires returns servers that break the rules of HTTP.
func wires() []entry {
	settings := given{"base_url": "http://127.0.0.1:1"}
	var all []entry
	for what, answer := range connections {
		all = append(all, entry{kind: "connection", name: what, verbs: onFew, serve: speaking(answer), settings: settings})
	}
	return all
}

// speaking returns a server that answers one request with the given bytes.
func speaking(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		request, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		_ = request.Body.Close()          // the request's body does not matter
		_, _ = conn.Write([]byte(answer)) // the client may have closed the connection
	}
}

// If a server sends an answer without a request, net/http itself logs that answer, whatever the log level. The client
// prevents this by not reusing its connections.
func TestStrayAnswer(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() }) // the listener closes when the test ends
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go speaking(framed(`{}`) + framed(`{"message":"`+homeToken+`"}`))(conn)
		}
	}()
	base := "http://" + listener.Addr().String()
	r := &run{log: &log{}, ctx: t.Context(), server: provider.NewServer("test")()}
	if !r.configure(usual(readAssociation, entry{}).with(given{"base_url": base, "max_retries": 0}), nil) {
		t.Fatal("the provider refuses its settings")
	}
	for range 3 {
		r.read(priors()[association])
		r.read(priors()[relation])
	}
	if !r.failed() || r.dropped {
		t.Errorf("the reads returned an error: %t, want true; they dropped the resource: %t, want false", r.failed(), r.dropped)
	}
	for _, token := range tokens {
		if form := formOf(token, standardError.String()); form != "" {
			t.Errorf("standard error contains %q", form)
		}
	}
}
