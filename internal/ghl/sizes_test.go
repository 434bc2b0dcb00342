package ghl

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// filled is an answer's body: a beginning, a filler again and again, and an end, in so
// many bytes. It takes no memory.
type filled struct {
	begin, filler, end string
	size               int
	read               int
}

func (e *filled) Read(p []byte) (int, error) {
	n := 0
	for ; n < len(p) && e.read < e.size; n, e.read = n+1, e.read+1 {
		switch tail := e.size - e.read; {
		case e.read < len(e.begin):
			p[n] = e.begin[e.read]
		case tail <= len(e.end):
			p[n] = e.end[len(e.end)-tail]
		default:
			p[n] = e.filler[(e.read-len(e.begin))%len(e.filler)]
		}
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (e *filled) Close() error { return nil }

// No answer takes more than 100 MB, all that is freed again included. Not parallel: the
// runtime counts for the whole process.
//
//nolint:paralleltest // see above
func TestSizeOfAnAnswer(t *testing.T) {
	const most = 16 << 20
	row := strings.TrimSuffix(associationJSON, "}")
	for name, test := range map[string]struct {
		do     operation
		status int
		body   filled
	}{
		"a row with a long label":         {readAssociation, 200, filled{row + `,"firstObjectLabel":"`, `x`, `"}`, most, 0}},
		"a row with an escaped label":     {readAssociation, 200, filled{row + `,"firstObjectLabel":"`, `\u1234\"`, `"}`, len(row) + 23 + 2 + (most-2000)/8*8, 0}},
		"a row with a long id":            {readAssociation, 200, filled{`{"key":"k","firstObjectKey":"a","secondObjectKey":"b","id":"`, `x`, `"}`, most, 0}},
		"an id that is a long number":     {readAssociation, 200, filled{`{"id":`, `9`, `}`, most, 0}},
		"a row with unknown fields":       {readAssociation, 200, filled{row + `,"x":[`, `0,`, `0]}`, most, 0}},
		"a wrapper with many fields":      {readAssociation, 200, filled{`{`, `"a":0,`, `"":0}`, 7 + 6*(most/6-2), 0}},
		"a list for an object":            {readAssociation, 200, filled{`[`, `0,`, `0]`, most - 1, 0}},
		"nested lists":                    {readAssociation, 200, filled{`[`, `[`, ``, most, 0}},
		"a page of numbers":               {listRelations, 200, filled{`{"relations":[`, `0,`, `0]}`, 17 + 2*(most/2-20), 0}},
		"a page of empty rows":            {listRelations, 200, filled{`[`, `{},`, `{}]`, 4 + 3*(most/3-20), 0}},
		"a page of short rows":            {listRelations, 200, filled{`[`, relationJSON + `,`, relationJSON + `]`, 2 + len(relationJSON) + (len(relationJSON)+1)*(most/(len(relationJSON)+1)-4), 0}},
		"a page that is a long text":      {listRelations, 200, filled{`"`, `x`, `"`, most, 0}},
		"a page beyond every bound":       {listRelations, 200, filled{`[`, `{},`, `{}]`, 1 << 30, 0}},
		"a page that is no JSON":          {listRelations, 200, filled{``, `x`, ``, most, 0}},
		"an error with many details":      {readAssociation, 422, filled{`{"message":"no","errors":[`, `"detail",`, `""]}`, 1 << 30, 0}},
		"an error with many objects":      {readAssociation, 422, filled{`{"message":[`, `{},`, `{}]}`, 1 << 30, 0}},
		"an error with a long message":    {readAssociation, 400, filled{`{"message":"`, `x`, `"}`, 1 << 30, 0}},
		"an error of 1 MB with details":   {readAssociation, 422, filled{`{"message":"no","errors":[`, `"d",`, `""]}`, 30 + 4*200_000, 0}},
		"an error that is no JSON":        {readAssociation, 500, filled{``, `<p>x`, ``, 1 << 30, 0}},
		"a create with a long answer":     {createAssociation, 201, filled{row + `,"firstObjectLabel":"`, `x`, `"}`, 1 << 30, 0}},
		"a deletion with a long answer":   {deleteAssociation, 200, filled{`{`, `"a":0,`, `"":0}`, 1 << 30, 0}},
		"a deletion with a 1 MB answer":   {deleteAssociation, 200, filled{`{`, `"a":0,`, `"":0}`, 7 + 6*170_000, 0}},
		"an update with many fields":      {updateAssociation, 200, filled{`{`, `"a":0,`, `"":0}`, 7 + 6*170_000, 0}},
		"a total that is a long number":   {listRelations, 200, filled{`{"relations":[],"total":`, `9`, `}`, most, 0}},
		"a page of rows that are no JSON": {listRelations, 200, filled{`[`, `x,`, `]`, most, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			client := newTestClient(t, &fakeTransport{answer: func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: test.status, Header: http.Header{}, Body: &test.body}, nil
			}})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := test.do(t.Context(), client)
			runtime.ReadMemStats(&after)
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 100 {
				t.Errorf("it took %d MB: %.200v", took, err)
			}
			if err != nil && len(err.Error()) > 15_000 {
				t.Errorf("the error is %d bytes long", len(err.Error()))
			}
		})
	}
}

// However many details an error answer has, ten are shown.
func TestDetailsAreBounded(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"errors":   `{"message":"no","errors":[` + strings.Repeat(`"detail",`, 500) + `"last"]}`,
		"objects":  `{"message":"no","errors":[` + strings.Repeat(`{"detail":"x"},`, 500) + `{}]}`,
		"message":  `{"message":[` + strings.Repeat(`"detail",`, 500) + `"last"]}`,
		"envelope": `{"error":{"code":"X","message":"no","details":[` + strings.Repeat(`"detail",`, 500) + `"last"],"resolution":["detail","detail"]}}`,
	} {
		failure := failureOf(t, readAssociation(t.Context(), newTestClient(t, answering(422, body))))
		if got := strings.Count(failure.Error(), "detail"); got != 10 || len(failure.Details) > 10 {
			t.Errorf("%s: %d details are shown: %v", name, got, failure)
		}
	}
}

// A page beyond what was asked for is no page. System-defined rows may come beside it.
func TestPageBeyondWhatWasAsked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rows []string
		want string // in the error; "" for none
	}{
		"as many as were asked for": {users(1, 100), ""},
		"one more":                  {users(1, 101), "a page of 101 rows, 100 were asked for"},
		"a thousand":                {users(1, 1000), "a page of 1000 rows, 100 were asked for"},
		"system rows beside them":   {append(systems(20), users(1, 100)...), ""},
		"more than any page":        {users(1, 10_001), "a list of more rows than the API has on a page"},
	} {
		body := `{"associations":[` + strings.Join(test.rows, ",") + `]}`
		page, err := newTestClient(t, answering(200, body)).WalkAssociations(location).NextOf(t.Context(), PageSize)
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

// A walk ends in an error, however the server goes on for ever.
func TestWalkIsBoundedInRowsAndBytes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		label int // bytes in each row
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
			for _, err := range pagesOf(t.Context(), newTestClient(t, transport).WalkAssociations(location)) {
				failure = err
			}
			if !errors.Is(failure, ErrIncomplete) || !strings.Contains(failure.Error(), test.want) || sent > test.most {
				t.Errorf("got %.300v after %d bytes, want %q after %d at most", failure, sent, test.want, test.most)
			}
		})
	}
}

// The header of an answer is bounded, too.
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
