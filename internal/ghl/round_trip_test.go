package ghl

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// byMethod contains a call for each HTTP method.
var byMethod = map[string]operation{
	http.MethodGet:    readAssociation,
	http.MethodPost:   createAssociation,
	http.MethodPut:    updateAssociation,
	http.MethodDelete: deleteAssociation,
}

// A redirect is an error, even to the same host, because the token is sent only to the
// configured server.
func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for method, do := range byMethod {
			t.Run(http.StatusText(status)+"/"+method, func(t *testing.T) {
				t.Parallel()
				elsewhere := newLoopbackServer(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, associationJSON) })
				for _, target := range []string{elsewhere.URL + "/associations/x", "/associations/elsewhere"} {
					server := newLoopbackServer(t, func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Location", target)
						w.WriteHeader(status)
					})
					failure := failureOf(t, do(t.Context(), server.client(t, withRetries(3))))
					if failure.Kind != Redirected || failure.Status != status {
						t.Errorf("to %s: got %v", target, failure)
					}
					if n := len(server.sent()); n != 1 {
						t.Errorf("to %s: %d requests, want 1", target, n)
					}
				}
				if got := elsewhere.sent(); len(got) != 0 {
					t.Errorf("the redirect was followed: %+v", got)
				}
			})
		}
	}
}

// endless is a body that never ends. It records how many bytes were requested, and whether
// the body was closed.
type endless struct {
	read   int
	closed bool
}

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, bytes.Repeat([]byte("x"), len(p))), nil
}

func (e *endless) Close() error {
	e.closed = true
	return nil
}

func TestBodyIsBounded(t *testing.T) {
	t.Parallel()
	const most = 16<<20 + 1
	for status, want := range map[int]struct {
		kind  Kind
		words string
	}{
		200: {Network, "the answer is larger than 16 MiB"},
		404: {UnknownRoute, "xxx…"},
		500: {Unavailable, "xxx…"},
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			body := &endless{}
			client := newTestClient(t, &fakeTransport{answer: func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: status, Header: http.Header{}, Body: body}, nil
			}})
			err := readAssociation(t.Context(), client)
			if KindOf(err) != want.kind || !strings.Contains(err.Error(), want.words) {
				t.Errorf("got %v, want %s with %q", err, want.kind, want.words)
			}
			if body.read > most || !body.closed {
				t.Errorf("%d bytes were read, want at most %d; closed: %t", body.read, most, body.closed)
			}
		})
	}
}

func TestCompressedAnswerIsRead(t *testing.T) {
	t.Parallel()
	server := newLoopbackServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		_, _ = io.WriteString(packed, associationJSON)
		_ = packed.Close()
	})
	got, err := server.client(t).Association(t.Context(), location, association.ID)
	if err != nil || got != association {
		t.Errorf("got %+v, %v", got, err)
	}
}

// stalled blocks until the request is cancelled.
func stalled(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// stalledBody returns the beginning of an answer, and then blocks until the request is
// cancelled.
func stalledBody(r *http.Request) (*http.Response, error) {
	body := io.MultiReader(strings.NewReader(associationJSON[:40]), readerFunc(func([]byte) (int, error) {
		<-r.Context().Done()
		return 0, r.Context().Err()
	}))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body)}, nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// The request timeout limits the time of one round trip, including its body. After a
// timeout, the client retries a call that is safe to retry.
func TestRequestTimeout(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]func(*http.Request) (*http.Response, error){"no answer": stalled, "half an answer": stalledBody} {
		for method, do := range byMethod {
			synctest.Test(t, func(t *testing.T) {
				transport := &fakeTransport{answer: server}
				client := newTestClient(t, transport, withRetries(1), func(c *Config) { c.RequestTimeout = 7 * time.Second })
				begun := time.Now()
				failure := failureOf(t, do(t.Context(), client))
				if failure.Kind != Network || !strings.HasSuffix(failure.Error(), ": no complete answer within 7s") {
					t.Errorf("%s: got %v", name+"/"+method, failure)
				}
				if want := method != http.MethodGet; failure.Ambiguous != want {
					t.Errorf("%s: ambiguous is %t", name+"/"+method, failure.Ambiguous)
				}
				requests := 2
				if method == http.MethodPost {
					requests = 1
				}
				if got, want := time.Since(begun), time.Duration(requests)*7*time.Second; got != want || transport.count() != requests {
					t.Errorf("%s: %d requests in %s, want %d in %s", name+"/"+method, transport.count(), got, requests, want)
				}
			})
		}
	}
}

var errInterrupt = errors.New("interrupted by the user")

// An interrupt cancels a request at once if it is safe to retry. A POST continues until it
// is answered or its request timeout ends. After an interrupt, the client sends no further
// request.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	refused := fails(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED})
	for name, test := range map[string]struct {
		do        operation
		end       step // nil = no answer
		kind      Kind
		ambiguous bool
		took      time.Duration
	}{
		"a read":               {readAssociation, nil, Interrupted, false, 0},
		"a search":             {searchRecords, nil, Interrupted, false, 0},
		"an update":            {updateAssociation, nil, Interrupted, true, 0},
		"a deletion":           {deleteAssociation, nil, Interrupted, true, 0},
		"a POST":               {createRelation, nil, Network, true, 60 * time.Second},
		"a POST, never sent":   {createRelation, refused, Network, false, 0},
		"a POST, rate limited": {createRelation, answers(429, `{"message":"Too Many Requests"}`), RateLimited, false, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			transport := &fakeTransport{answer: func(r *http.Request) (*http.Response, error) {
				cancel(errInterrupt)
				if test.end == nil {
					return stalled(r)
				}
				return test.end()
			}}
			begun := time.Now()
			failure := failureOf(t, test.do(ctx, newTestClient(t, transport, withRetries(3))))
			if failure.Kind != test.kind || failure.Ambiguous != test.ambiguous || errors.Is(failure, errInterrupt) != (test.kind == Interrupted) {
				t.Errorf("%s: got %+v", name, failure)
			}
			if took := time.Since(begun); took != test.took || transport.count() != 1 {
				t.Errorf("%s: %d requests in %s, want 1 in %s", name, transport.count(), took, test.took)
			}
		})
	}
}

// The timeout of an operation counts as an interrupt. The timeout of a request does not.
func TestOperationTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		transport := &fakeTransport{answer: stalled}
		failure := failureOf(t, readAssociation(ctx, newTestClient(t, transport, withRetries(3))))
		if failure.Kind != Interrupted || !errors.Is(failure, context.DeadlineExceeded) || transport.count() != 1 {
			t.Errorf("got %v after %d requests", failure, transport.count())
		}
	})
}

// An interrupt does not cancel a POST, because its answer contains the id of the created
// object.
func TestInterruptDoesNotCutAPost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		transport := &fakeTransport{answer: func(r *http.Request) (*http.Response, error) {
			cancel(errInterrupt)
			select {
			case <-r.Context().Done():
				return nil, r.Context().Err()
			case <-time.After(50 * time.Second):
				return answerOf(201, relationJSON), nil
			}
		}}
		client := newTestClient(t, transport)
		got, err := client.CreateRelation(ctx, location, relation.AssociationID, relation.FirstRecordID, relation.SecondRecordID)
		if err != nil || got != relation {
			t.Errorf("got %+v, %v", got, err)
		}
		if _, err := client.CreateRelation(ctx, location, relation.AssociationID, relation.FirstRecordID, relation.SecondRecordID); KindOf(err) != Interrupted || IsAmbiguous(err) {
			t.Errorf("the next POST: %v", err)
		}
		if n := transport.count(); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}

func TestNothingIsSentUnderAnEndedContext(t *testing.T) {
	t.Parallel()
	for method, do := range byMethod {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errInterrupt)
		transport := answering(200, associationJSON)
		failure := failureOf(t, do(ctx, newTestClient(t, transport, withRetries(3))))
		if failure.Kind != Interrupted || !errors.Is(failure, errInterrupt) || failure.Ambiguous || transport.count() != 0 {
			t.Errorf("%s: got %+v after %d requests", method, failure, transport.count())
		}
	}
}

// A create with an incomplete or invalid answer fails without a retry, and the error does
// not contain the token.
func TestBrokenAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		said, words string
		kind        Kind
	}{
		"cut within the body":    {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\":", "unexpected EOF", Network},
		"cut within the headers": {"HTTP/1.1 200 OK\r\nContent-Le", "malformed MIME header", Network},
		"no HTTP":                {"echo:" + testToken + "\r\n\r\n", `malformed HTTP response "echo:***"`, Network},
		"an error, cut":          {"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 500\r\n\r\nsorry", "sorry", Unavailable},
		"not found, cut":         {"HTTP/1.1 404 Not Found\r\nContent-Length: 500\r\n\r\n{\"message\":\"Association not fou", "answered 404 to POST", UnknownRoute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			address := newSpeaker(t, func(c net.Conn, _ string) { requests.Add(1); _, _ = io.WriteString(c, test.said); _ = c.Close() })
			failure := failureOf(t, createRelation(t.Context(), plainClient(t, address, withRetries(3))))
			if failure.Kind != test.kind || !strings.Contains(failure.Error(), test.words) || strings.Contains(failure.Error(), testToken) {
				t.Errorf("got %v", failure)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}
