package ghl

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// A page with more rows than requested is an error. System-defined rows do not count.
func TestPageBeyondWhatWasAsked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rows []string
		want string // part of the error; "" if there is no error
	}{
		"as many as requested":   {users(1, 100), ""},
		"one more":               {users(1, 101), "a page has 101 rows, but 100 were requested"},
		"a thousand":             {users(1, 1000), "a page has 1000 rows, but 100 were requested"},
		"additional system rows": {append(systems(20), users(1, 100)...), ""},
		"more than any page":     {users(1, 10_001), "the list has more rows than a page of the API can have"},
	} {
		body := `{"associations":[` + strings.Join(test.rows, ",") + `]}`
		page, err := newTestClient(t, answering(200, body)).AssociationPages(location).Next(t.Context(), PageSize)
		if test.want == "" {
			if err != nil || len(page.Rows) != len(test.rows) {
				t.Errorf("%s: got %d rows, %v", name, len(page.Rows), err)
			}
			continue
		}
		if len(page.Rows) != 0 || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %d rows, %.300v; want %q", name, len(page.Rows), err, test.want)
		}
	}
}

// If the server continues a listing forever, the pager returns an error.
func TestWalkIsBoundedInRowsAndBytes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		label int // length of each row's label in bytes; -1 means malformed rows
		want  string
		most  int // bytes that the server sends
	}{
		"new full pages":            {0, "no end after 50000 rows", 10 << 20},
		"new full pages of 10 MB":   {100_000, "no end after 38 MiB", 41 << 20},
		"new full pages, malformed": {-1, "no end after 50000 rows", 10 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := 0
			transport := &fakeTransport{answer: func(r *http.Request) (*http.Response, error) {
				skip := r.URL.Query().Get("skip")
				rows := make([]string, 100)
				for i := range rows {
					rows[i] = fmt.Sprintf(`{"id":"u%s-%d","key":"k","firstObjectKey":"a","secondObjectKey":"b","firstObjectLabel":"%s"}`, skip, i, strings.Repeat("x", max(0, test.label)))
					if test.label < 0 {
						rows[i] = fmt.Sprintf(`{"id":"u%s-%d"}`, skip, i)
					}
				}
				body := `{"associations":[` + strings.Join(rows, ",") + `]}`
				if sent += len(body); sent > 100<<20 {
					return nil, errors.New("enough")
				}
				return answerOf(200, body), nil
			}}
			var failure error
			for _, err := range pagesOf(t.Context(), newTestClient(t, transport).AssociationPages(location)) {
				failure = err
			}
			if !errors.Is(failure, ErrIncomplete) || !strings.Contains(failure.Error(), test.want) || sent > test.most {
				t.Errorf("got %.300v after %d bytes, want %q after %d at most", failure, sent, test.want, test.most)
			}
		})
	}
}

// The size of an answer's header is limited too.
func TestHeaderIsBounded(t *testing.T) {
	t.Parallel()
	address := newSpeaker(t, func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Filler: "+strings.Repeat("x", 1<<20)+"\r\n\r\n[]")
	})
	err := readAssociation(t.Context(), plainClient(t, address))
	if KindOf(err) != Network || len(err.Error()) > 1500 {
		t.Errorf("got %.300v", err)
	}
}
