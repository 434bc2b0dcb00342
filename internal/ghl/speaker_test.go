package ghl

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
)

// speakHTTP2 serves a connection at the level of HTTP/2 frames. At the end of each request,
// it calls requested with the four bytes of the stream number. If requested returns false,
// speakHTTP2 closes the connection.
func speakHTTP2(c net.Conn, requested func(stream []byte) (goOn bool)) {
	defer func() { _ = c.Close() }()
	if _, err := io.ReadFull(c, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	_, _ = c.Write([]byte{0, 0, 0, 4, 0, 0, 0, 0, 0}) // empty SETTINGS
	for goOn := true; goOn; {
		head := make([]byte, 9)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, c, int64(head[0])<<16|int64(head[1])<<8|int64(head[2]))
		if kind, flags := head[3], head[4]; (kind == 0 || kind == 1) && flags&1 == 1 { // a DATA or HEADERS frame that ends the request
			goOn = requested(head[5:9])
		}
	}
}

// newSpeaker starts a server and returns its address. The server calls say for each
// request. say writes the answer, which need not be valid HTTP.
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
