package ghl

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
)

// newSpeaker is a server below HTTP: it reads one request after another of a connection,
// and says what it likes. It gives its address.
func newSpeaker(t *testing.T, say func(c net.Conn, path string)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				for reader := bufio.NewReader(c); ; {
					request, err := http.ReadRequest(reader)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, request.Body)
					say(c, request.URL.Path)
				}
			}()
		}
	}()
	return l.Addr().String()
}
