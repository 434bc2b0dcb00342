package ghl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// users returns user-defined associations u<from>, …, u<to>, as JSON.
func users(from, to int) []string {
	return associationRows("u", "USER_DEFINED", from, to)
}

// systems returns system-defined associations s1, …, s<n>, as JSON.
func systems(n int) []string {
	return associationRows("s", "SYSTEM_DEFINED", 1, n)
}

func associationRows(prefix, kind string, from, to int) []string {
	var rows []string
	for i := from; i <= to; i++ {
		rows = append(rows, fmt.Sprintf(`{"id":"%s%d","key":"k","firstObjectKey":"a","secondObjectKey":"b","associationType":"%s"}`, prefix, i, kind))
	}
	return rows
}

// page returns the rows that answer the n-th request, counted from 1, and the total as
// JSON, or "" for no total.
type page func(n, skip int) (rows []string, total string)

// slice returns one page of a listing.
func slice(rows []string, skip, size int) []string {
	skip = min(skip, len(rows))
	return rows[skip:min(skip+size, len(rows))]
}

// counted returns a listing in which skip counts every row.
func counted(total string, parts ...[]string) page {
	rows := slices.Concat(parts...)
	return func(_, skip int) ([]string, string) { return slice(rows, skip, 100), total }
}

// onEachPage returns a listing that sends its system rows on each page, with up to size
// user-defined rows. skip counts only the user-defined rows.
func onEachPage(total string, system, user []string, size int) page {
	return func(_, skip int) ([]string, string) {
		return slices.Concat(system, slice(user, skip, size)), total
	}
}

// sized returns a listing whose n-th page has at most sizes[n-1] rows. All later pages have
// the last size.
func sized(total string, rows []string, sizes ...int) page {
	return func(n, skip int) ([]string, string) { return slice(rows, skip, sizes[min(n, len(sizes))-1]), total }
}

func alternating(a, b []string) []string {
	var rows []string
	for i := range a {
		rows = append(rows, a[i], b[i])
	}
	return rows
}

// serve returns a transport that serves a listing, and the skips of all requests to it.
func serve(t *testing.T, list string, answer page) (*fakeTransport, *[]int) {
	t.Helper()
	var skips []int
	return &fakeTransport{answer: func(r *http.Request) (*http.Response, error) {
		query := r.URL.Query()
		skip, err := strconv.Atoi(query.Get("skip"))
		if err != nil || query.Get("limit") != "100" || query.Get("locationId") != location || len(query) != 3 {
			t.Errorf("requested %s", r.URL)
		}
		skips = append(skips, skip)
		rows, total := answer(len(skips), skip)
		body := `{"` + list + `":[` + strings.Join(rows, ",") + `]`
		if total != "" {
			body += `,"total":` + total
		}
		return answerOf(200, body+`}`), nil
	}}, &skips
}

// A pager returns every row of a listing exactly once, or an error if the listing is
// incomplete. How the server counts its system-defined rows makes no difference.
func TestAssociationPages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer     page
		rows       int // how many different rows the pager returns
		malformed  int
		skips      []int
		incomplete bool
	}{
		"empty":                  {counted("0"), 0, 0, []int{0}, false},
		"empty, no total":        {counted(""), 0, 0, []int{0}, false},
		"one page":               {counted("3", users(1, 3)), 3, 0, []int{0, 3}, false},
		"exactly one page":       {counted("100", users(1, 100)), 100, 0, []int{0, 100}, false},
		"three pages":            {counted("250", users(1, 250)), 250, 0, []int{0, 100, 200, 250}, false},
		"three pages, no total":  {counted("", users(1, 250)), 250, 0, []int{0, 100, 200, 250}, false},
		"a page cap of 50":       {sized("120", users(1, 120), 50), 120, 0, []int{0, 50, 100, 120}, false},
		"shrinking pages":        {sized("201", users(1, 201), 100, 60, 40, 1), 201, 0, []int{0, 100, 160, 200, 201}, false},
		"pages of changing size": {sized("", users(1, 40), 10, 3, 20, 100), 40, 0, []int{0, 10, 13, 33, 40}, false},

		// The server sends each system row once, and skip counts it.
		"system rows first":               {counted("253", systems(3), users(1, 250)), 253, 0, []int{0, 97, 197, 253}, false},
		"system rows first, not counted":  {counted("250", systems(3), users(1, 250)), 253, 0, []int{0, 97, 197, 253}, false},
		"system rows first, no total":     {counted("", systems(3), users(1, 250)), 253, 0, []int{0, 97, 197, 253}, false},
		"system rows first, few":          {counted("9", systems(4), users(1, 5)), 9, 0, []int{0, 9}, false},
		"system rows last":                {counted("153", users(1, 150), systems(3)), 153, 0, []int{0, 100, 153}, false},
		"system rows between":             {counted("52", users(1, 1), systems(50), users(2, 2)), 52, 0, []int{0, 52}, false},
		"system rows alternating":         {counted("16", alternating(systems(8), users(1, 8))), 16, 0, []int{0, 16}, false},
		"system rows alternating, many":   {counted("300", alternating(systems(150), users(1, 150))), 300, 0, []int{0, 50, 150, 250, 300}, false},
		"system rows first, more of them": {counted("4", systems(3), users(1, 1)), 4, 0, []int{0, 4}, false},
		"a page of system rows":           {counted("150", systems(120), users(1, 30)), 150, 0, []int{0, 100, 150}, false},
		"nothing but system rows":         {counted("8", systems(8)), 8, 0, []int{0, 8}, false},
		"pages of system rows":            {counted("", systems(230)), 230, 0, []int{0, 100, 200, 230}, false},

		// The server sends the system rows on each page, and skip does not count them. One
		// extra request finds out whether skip counts them.
		"system rows on each page":             {onEachPage("250", systems(3), users(1, 250), 100), 253, 0, []int{0, 100, 200, 253, 250}, false},
		"system rows on each page, counted":    {onEachPage("253", systems(3), users(1, 250), 100), 253, 0, []int{0, 100, 200, 253, 250}, false},
		"system rows on each page, no total":   {onEachPage("", systems(3), users(1, 250), 100), 253, 0, []int{0, 100, 200, 253, 250}, false},
		"system rows fill up each page":        {onEachPage("250", systems(3), users(1, 250), 97), 253, 0, []int{0, 97, 194, 253, 250}, false},
		"nothing but system rows on each page": {onEachPage("3", systems(3), nil, 97), 3, 0, []int{0, 3, 0}, false},
		"system rows on each page, total 0":    {onEachPage("0", systems(3), nil, 97), 3, 0, []int{0, 3, 0}, false},
		"total too high, beside system rows":   {onEachPage("5", systems(3), nil, 97), 3, 0, []int{0, 3, 0}, true},
		"total too high, beside rows of both":  {onEachPage("14", systems(3), users(1, 10), 97), 13, 0, []int{0, 13, 10}, true},

		"few rows, system rows on each page": {onEachPage("", systems(3), users(1, 5), 100), 8, 0, []int{0, 8, 5}, false},
		"short pages, system rows on each":   {onEachPage("", systems(3), users(1, 5), 2), 8, 0, []int{0, 5, 2, 4, 5}, false},

		// Wrong totals. A total that is too low does not end the listing.
		"total too high":             {counted("12", users(1, 10)), 10, 0, []int{0, 10}, true},
		"total too high, empty":      {counted("1"), 0, 0, []int{0}, true},
		"total too low":              {counted("5", users(1, 150)), 150, 0, []int{0, 100, 150}, false},
		"total too low, 0":           {counted("0", users(1, 150)), 150, 0, []int{0, 100, 150}, false},
		"total odd":                  {counted(`"12"`, users(1, 10)), 10, 0, []int{0, 10}, false},
		"total negative":             {counted("-1", users(1, 10)), 10, 0, []int{0, 10}, false},
		"total on the first page":    {onFirstPage("12", users(1, 10)), 10, 0, []int{0, 10}, true},
		"total falling at the end":   {shrinkingTotal(users(1, 10)), 10, 0, []int{0, 10}, false},
		"rows twice on one page":     {counted("10", users(1, 10), users(1, 5)), 10, 0, []int{0, 10, 10, 15}, false},
		"rows twice, total too high": {counted("15", users(1, 10), users(1, 5)), 10, 0, []int{0, 10, 10, 15}, true},

		// The server repeats a page.
		"a page is sent twice, no total":            {twice(1, 100, users(1, 400)), 400, 0, []int{0, 100, 100, 200, 300, 400}, false},
		"the first page again on the extra request": {twice(2, 100, slices.Concat(users(1, 1), systems(150), users(2, 2))), 152, 0, []int{0, 1, 101, 101, 152}, false},
		"skip ignored":                 {func(int, int) ([]string, string) { return users(1, 100), "" }, 100, 0, []int{0, 100, 100, 200}, true},
		"skip ignored, total":          {func(int, int) ([]string, string) { return users(1, 3), "3" }, 3, 0, []int{0, 3, 3, 6}, true},
		"skip ignored, system rows":    {func(int, int) ([]string, string) { return slices.Concat(systems(3), users(1, 7)), "" }, 10, 0, []int{0, 10, 10, 7, 14}, true},
		"last page again past the end": {lastPageAgain(users(1, 150)), 150, 0, []int{0, 100, 150, 150, 250}, true},

		// The listing changes while the pager reads it.
		"a row is added in front":           {changed("151", users(1, 150), slices.Concat(users(0, 0), users(1, 150))), 150, 0, []int{0, 100, 150, 150, 151}, true},
		"a row is added in front, no total": {changed("", users(1, 150), slices.Concat(users(0, 0), users(1, 150))), 150, 0, []int{0, 100, 150, 150, 151}, false},
		"the first row is removed":          {changed("150", users(1, 150), users(2, 150)), 149, 0, []int{0, 100, 149}, true},
		"a row is added before system rows": {func(n, skip int) ([]string, string) {
			return slice(slices.Concat(users(1, min(n+1, 3)), systems(5)), skip, 3), ""
		}, 8, 0, []int{0, 3, 2, 5, 8}, false},
		"a row is added at the end": {changed("151", users(1, 150), users(1, 151)), 151, 0, []int{0, 100, 151}, false},

		// Malformed rows may be system-defined.
		"a malformed row":                 {counted("3", users(1, 1), malformedRow, users(2, 2)), 2, 1, []int{0, 3}, false},
		"malformed rows only":             {counted("1", malformedRow), 0, 1, []int{0, 1}, false},
		"a malformed row, pages":          {counted("251", malformedRow, users(1, 250)), 250, 1, []int{0, 99, 199, 251}, false},
		"a malformed row on each page":    {onEachPage("250", malformedRow, users(1, 250), 100), 250, 1, []int{0, 100, 200, 251, 250}, false},
		"a malformed row, total too high": {counted("4", users(1, 1), malformedRow, users(2, 2)), 2, 1, []int{0, 3}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport, skips := serve(t, "associations", test.answer)
			walk := newTestClient(t, transport).AssociationPages(location)
			seen := map[string]bool{}
			var last Page[Association]
			var failure error
			for page, err := range pagesOf(t.Context(), walk) {
				for _, row := range page.Rows {
					if seen[row.ID] {
						t.Errorf("row %s was returned twice", row.ID)
					}
					seen[row.ID] = true
				}
				last, failure = page, err
			}
			if len(seen) != test.rows || last.Seen != test.rows || last.Malformed != test.malformed {
				t.Errorf("got %d rows (the pager counts %d), %d malformed; want %d and %d", len(seen), last.Seen, last.Malformed, test.rows, test.malformed)
			}
			if !slices.Equal(*skips, test.skips) {
				t.Errorf("requested %d, want %d", *skips, test.skips)
			}
			if errors.Is(failure, ErrIncomplete) != test.incomplete || (failure != nil) != test.incomplete {
				t.Errorf("got the error %v", failure)
			}
			if failure == nil && !last.Last {
				t.Error("the last page is not marked Last")
			}
		})
	}
}

var malformedRow = []string{`{"id":"m1","key":"k","firstObjectKey":"a","secondObjectKey":"b","firstObjectLabel":{"text":"A"}}`}

// onFirstPage returns a listing that sends its total only on the first page.
func onFirstPage(total string, rows []string) page {
	return func(n, skip int) ([]string, string) {
		if n > 1 {
			total = ""
		}
		return slice(rows, skip, 100), total
	}
}

// shrinkingTotal returns a listing whose total counts only the rows from skip on.
func shrinkingTotal(rows []string) page {
	return func(_, skip int) ([]string, string) {
		rest := slice(rows, skip, len(rows))
		return slice(rest, 0, 100), strconv.Itoa(len(rest))
	}
}

// lastPageAgain returns a listing that repeats its last page instead of sending an empty
// page.
func lastPageAgain(rows []string) page {
	return func(_, skip int) ([]string, string) { return slice(rows, min(skip, len(rows)-100), 100), "" }
}

// twice returns a listing that sends its first page again as the answer to request n+1.
func twice(n, size int, rows []string) page {
	return func(number, skip int) ([]string, string) {
		if number == n+1 {
			skip = 0
		}
		return slice(rows, skip, size), ""
	}
}

// changed returns a listing that changes after its first page.
func changed(total string, before, after []string) page {
	return func(n, skip int) ([]string, string) {
		if n == 1 {
			return slice(before, skip, 100), total
		}
		return slice(after, skip, 100), total
	}
}

// Each page reports the number of rows so far and whether the listing is complete. A caller
// may stop at a complete page. The pager continues until an empty page, because the total
// may be too low.
func TestWalkPages(t *testing.T) {
	t.Parallel()
	type state struct {
		rows, seen, counted, malformed, total int
		complete, last                        bool
	}
	for name, test := range map[string]struct {
		answer page
		want   []state
	}{
		"total of all rows": {counted("150", users(1, 150)), []state{
			{100, 100, 100, 0, 150, false, false},
			{50, 150, 150, 0, 150, true, false},
			{0, 150, 150, 0, 150, true, true},
		}},
		"no total": {counted("", users(1, 2)), []state{
			{2, 2, 2, 0, -1, false, false},
			{0, 2, 2, 0, -1, true, true},
		}},
		"nothing": {counted("0"), []state{
			{0, 0, 0, 0, 0, true, true},
		}},
		"system rows do not count toward a total": {onEachPage("10", systems(3), users(1, 7), 97), []state{
			{10, 10, 7, 0, 10, false, false},
			{0, 10, 7, 0, 10, false, false},
			{0, 10, 7, 0, 10, true, true},
		}},
		"total of user-defined rows": {onEachPage("7", systems(3), users(1, 7), 97), []state{
			{10, 10, 7, 0, 7, true, false},
			{0, 10, 7, 0, 7, true, false},
			{0, 10, 7, 0, 7, true, true},
		}},
		"malformed rows do not count toward a total": {counted("2", users(1, 1), malformedRow), []state{
			{1, 1, 1, 1, 2, false, false},
			{0, 1, 1, 1, 2, true, true},
		}},
		"a total reached by a full page does not end the listing": {counted("100", users(1, 130)), []state{
			{100, 100, 100, 0, 100, false, false},
			{30, 130, 130, 0, 100, false, false},
			{0, 130, 130, 0, 100, true, true},
		}},
		"a total that is too low does not end the listing": {counted("5", users(1, 130)), []state{
			{100, 100, 100, 0, 5, false, false},
			{30, 130, 130, 0, 5, false, false},
			{0, 130, 130, 0, 5, true, true},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport, _ := serve(t, "associations", test.answer)
			var got []state
			for page, err := range pagesOf(t.Context(), newTestClient(t, transport).AssociationPages(location)) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, state{len(page.Rows), page.Seen, page.Counted, page.Malformed, page.Total, page.Complete(), page.Last})
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestRelationPages(t *testing.T) {
	t.Parallel()
	var rows []string
	for i := range 1050 {
		rows = append(rows, fmt.Sprintf(`{"id":"r%d","associationId":"a","firstRecordId":"contact 7","secondRecordId":"c%d"}`, i, i))
	}
	transport, skips := serve(t, "relations", counted("1050", rows))
	var ids []string
	for page, err := range pagesOf(t.Context(), newTestClient(t, transport).RelationPages(location, "contact 7")) {
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			ids = append(ids, row.ID)
		}
	}
	if len(ids) != 1050 || ids[0] != "r0" || ids[1049] != "r1049" {
		t.Errorf("got %d relations", len(ids))
	}
	if want := []int{0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1050}; !slices.Equal(*skips, want) {
		t.Errorf("requested %d, want %d", *skips, want)
	}
	for _, request := range transport.sent() {
		if !strings.HasPrefix(request.URL, "https://services.leadconnectorhq.com/associations/relations/contact%207?") {
			t.Errorf("requested %s", request.URL)
		}
	}
}

// If a listing never ends, the pager returns an error instead of a truncated listing.
func TestWalkIsBounded(t *testing.T) {
	t.Parallel()
	transport, skips := serve(t, "associations", func(n, _ int) ([]string, string) { return users(n, n), "" })
	walk := newTestClient(t, transport).AssociationPages(location)
	count := 0
	var failure error
	for _, err := range pagesOf(t.Context(), walk) {
		if failure = err; err == nil {
			count++
		}
	}
	if !errors.Is(failure, ErrIncomplete) || count != 1000 || len(*skips) != 1000 {
		t.Errorf("got %v after %d pages and %d requests, want an ErrIncomplete after 1000", failure, count, len(*skips))
	}
	if _, err := walk.Next(t.Context(), PageSize); !errors.Is(err, ErrIncomplete) || len(*skips) != 1000 {
		t.Errorf("the next call returns %v after %d requests", err, len(*skips))
	}
}

// A caller that stops early causes no further requests, and may continue later.
func TestWalkEndsWithItsReader(t *testing.T) {
	t.Parallel()
	transport, skips := serve(t, "associations", counted("250", users(1, 250)))
	walk := newTestClient(t, transport).AssociationPages(location)
	for _, err := range pagesOf(t.Context(), walk) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if !slices.Equal(*skips, []int{0}) {
		t.Errorf("requested %d", *skips)
	}
	rows := 0
	for page, err := range pagesOf(t.Context(), walk) {
		if err != nil {
			t.Fatal(err)
		}
		rows += len(page.Rows)
	}
	if rows != 150 || !slices.Equal(*skips, []int{0, 100, 200, 250}) {
		t.Errorf("%d rows were left, requested %d", rows, *skips)
	}
}

// After a failed call, the same page may be requested again.
func TestWalkGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	good, _ := serve(t, "associations", counted("150", users(1, 150)))
	transport := &fakeTransport{}
	transport.answer = func(r *http.Request) (*http.Response, error) {
		if transport.count() == 2 {
			return answerOf(401, `{"message":"Invalid JWT"}`), nil
		}
		return good.RoundTrip(r)
	}
	walk := newTestClient(t, transport).AssociationPages(location)
	next := func(ctx context.Context) (int, Kind) {
		page, err := walk.Next(ctx, PageSize)
		return len(page.Rows), KindOf(err)
	}
	for i, want := range []struct {
		rows int
		kind Kind
	}{{100, ""}, {0, Unauthorized}, {50, ""}, {0, ""}} {
		if rows, kind := next(t.Context()); rows != want.rows || kind != want.kind {
			t.Errorf("call %d: got %d rows, kind %q; want %d, %q", i, rows, kind, want.rows, want.kind)
		}
	}
}

// A failed call ends the iteration with the error of the call, not with ErrIncomplete.
func TestWalkFailure(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]Kind{401: Unauthorized, 403: Forbidden, 404: NotFound, 400: Refused, 500: Unavailable, 200: Malformed} {
		pairs := 0
		for page, err := range pagesOf(t.Context(), newTestClient(t, answering(status, `{"message":"no"}`)).RelationPages(location, "x")) {
			pairs++
			if KindOf(err) != kind || errors.Is(err, ErrIncomplete) || page.Rows != nil || page.Last {
				t.Errorf("%d: got %+v, %v", status, page, err)
			}
		}
		if pairs != 1 {
			t.Errorf("%d: %d pairs, want 1", status, pairs)
		}
	}
}
