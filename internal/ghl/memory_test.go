//go:build !race

package ghl

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// These tests do not run with the race detector, because it allocates memory too.

// filled is an answer's body of the given size: a beginning, a repeated filler and an end. It
// is generated while the client reads, so it is never stored as a whole.
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

// A call allocates at most 100 MB, including memory that is freed again, however large the
// answer is. The test is not parallel, because the runtime counts the whole process.
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
		"a page beyond every limit":       {listRelations, 200, filled{`[`, `{},`, `{}]`, 1 << 30, 0}},
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
				t.Errorf("it allocated %d MB: %.200v", took, err)
			}
			if err != nil && len(err.Error()) > 15_000 {
				t.Errorf("the error is %d bytes long", len(err.Error()))
			}
		})
	}
}
