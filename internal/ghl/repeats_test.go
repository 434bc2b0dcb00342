package ghl

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The log and the budget count every request that reaches the server: net/http resends no
// request on its own.
func TestNoHiddenRepeats(t *testing.T) {
	t.Parallel()
	const refusedStream, protocolError, cancel = 7, 1, 8
	for name, test := range map[string]struct {
		do        operation
		code      uint32 // of RST_STREAM
		requests  int32  // including up to two retries by the client
		ambiguous bool
	}{
		"a read, refused":                 {readAssociation, refusedStream, 3, false},
		"a read, protocol error":          {readAssociation, protocolError, 3, false},
		"a listing, refused":              {listRelations, refusedStream, 3, false},
		"an update, refused":              {updateAssociation, refusedStream, 3, false},
		"a deletion, refused":             {deleteAssociation, refusedStream, 3, true},
		"a create, refused":               {createAssociation, refusedStream, 3, false},
		"a create, perhaps carried out":   {createAssociation, protocolError, 1, true},
		"a create, cancelled":             {createAssociation, cancel, 1, true},
		"a relation, refused":             {createRelation, refusedStream, 3, false},
		"a relation, perhaps carried out": {createRelation, protocolError, 1, true},
		"an update, perhaps carried out":  {updateAssociation, protocolError, 3, true},
		"a deletion, perhaps carried out": {deleteAssociation, protocolError, 3, true},
		"a read, outcome unknown":         {readAssociation, cancel, 3, false},
		"an update, outcome unknown":      {updateAssociation, cancel, 3, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			server := newWire(t, answersCreate, func(w *wire, l *listener) {
				l.every = func(c net.Conn) { resetStreams(tls.Server(c, w.TLS), test.code, &requests) }
			})
			var log bytes.Buffer
			client := server.client(t, nil, verbose(&log), func(c *Config) { c.RequestTimeout = 10 * time.Second })
			begun := time.Now()
			err := test.do(t.Context(), client)
			if KindOf(err) != Network || IsAmbiguous(err) != test.ambiguous {
				t.Errorf("got %v, ambiguous %t", err, IsAmbiguous(err))
			}
			if got := requests.Load(); got != test.requests {
				t.Errorf("%d requests were sent, want %d", got, test.requests)
			}
			if got := strings.Count(log.String(), "HighLevel API call"); got != int(test.requests) {
				t.Errorf("%d lines in the log, want %d:\n%s", got, test.requests, log.String())
			}
			spent := 0
			for _, usage := range client.Usage() {
				spent += usage.Requests
			}
			if spent != int(test.requests) {
				t.Errorf("the budget counts %d requests, want %d", spent, test.requests)
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("it took %s, want no wait before a retry", took)
			}
		})
	}
}

// resetStreams is an HTTP/2 server that resets the stream of every request.
func resetStreams(c net.Conn, code uint32, requests *atomic.Int32) {
	speakHTTP2(c, func(stream []byte) (goOn bool) {
		requests.Add(1)
		_, _ = c.Write(binary.BigEndian.AppendUint32(append([]byte{0, 0, 4, 3, 0}, stream...), code))
		return true
	})
}

// If an HTTP/1 connection breaks, net/http does not send the request again. Only the client
// may retry a call.
func TestNoHiddenRepeatsOverHTTP1(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	address := newSpeaker(t, func(c net.Conn, _ string) {
		if requests.Add(1) == 1 {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: "+fmt.Sprint(len(associationJSON))+"\r\n\r\n"+associationJSON)
			return
		}
		_ = c.Close()
	})
	client := plainClient(t, address)
	if err := readAssociation(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	for want, do := range map[int32]operation{1: readAssociation, 2: deleteAssociation, 3: createAssociation} {
		before := requests.Load()
		if err := do(t.Context(), client); KindOf(err) != Network || requests.Load() != before+1 {
			t.Errorf("operation %d: %v after %d requests, want 1", want, err, requests.Load()-before)
		}
	}
}

func plainClient(t *testing.T, address string, changes ...func(*Config)) *Client {
	t.Helper()
	transport := newConnections(newTransport)
	t.Cleanup(transport.CloseIdleConnections)
	return newTestClient(t, transport, append(changes, func(c *Config) { c.BaseURL = "http://" + address })...)
}

// If a server sends one answer too many, each later request on that connection gets the
// answer to the previous request. So the client sends only one request on an HTTP/1
// connection.
func TestShiftedAnswers(t *testing.T) {
	t.Parallel()
	var before sync.Map // connection → the path of its last request
	address := newSpeaker(t, func(c net.Conn, path string) {
		if last, isLater := before.Swap(c, path); isLater {
			path, _ = last.(string)
		}
		id, body := path[strings.LastIndex(path, "/")+1:], `{"relations":[]}`
		if !strings.HasSuffix(id, "0") {
			body = `{"relations":[` + strings.Replace(relationJSON, "student-3", id, 1) + `]}`
		}
		_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	})
	client := plainClient(t, address)
	for i := range 100 {
		record, want := fmt.Sprint("record-", i), 1
		if i%10 == 0 {
			want = 0
		}
		page, err := client.RelationPages(location, record).Next(t.Context(), PageSize)
		if err != nil || len(page.Rows) != want || page.Malformed > 0 {
			t.Errorf("%s: got %d rows, %d malformed, last %t, %v; want %d", record, len(page.Rows), page.Malformed, page.Last, err, want)
		}
	}
}

// With HTTP/1, each request uses its own connection. With HTTP/2, requests share a
// connection.
func TestConnections(t *testing.T) {
	t.Parallel()
	for protocol, isHTTP2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			server := newWire(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, associationJSON) },
				func(w *wire, _ *listener) { w.EnableHTTP2 = isHTTP2 })
			client := server.client(t, nil)
			for range 3 {
				for _, err := range together(10, func(int) error { return readAssociation(t.Context(), client) }) {
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			got, want := server.accepted.Load(), int32(30)
			if isHTTP2 {
				want = 10 // the first ten requests may each open a connection, and later requests share one
			}
			if got > want || !isHTTP2 && got != want || server.asked.Load() != 30 || server.protocols[29] != protocol {
				t.Errorf("%d requests over %d connections, %s", server.asked.Load(), got, server.protocols[29])
			}
		})
	}
}
