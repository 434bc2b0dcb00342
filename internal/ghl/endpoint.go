package ghl

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// pages returns a pager of a listing; read reads its pages. newRequest is called for
// each page, because a run keeps thousands of pagers that have read their only page.
func pages[T object](c *Client, newRequest func() request, read func([]byte) (listing[T], error)) *Pager[T] {
	return newPager(&c.totals, func(ctx context.Context, skip, limit int) (listing[T], error) {
		page := newRequest()
		page.query.Set("skip", strconv.Itoa(skip))
		page.query.Set("limit", strconv.Itoa(limit))
		return call(ctx, c, page, read)
	})
}

// unpaged returns a pager of a listing that the API returns whole: neither skip nor limit
// is sent, and the first page is the last.
func unpaged[T object](c *Client, r request, read func([]byte) (listing[T], error)) *Pager[T] {
	p := newPager(&totals{}, func(ctx context.Context, _, _ int) (listing[T], error) { return call(ctx, c, r, read) })
	p.isWhole = true
	return p
}

// call sends r, a GET unless r says otherwise, and returns what read makes of the answer.
// Reading happens inside the retries: a truncated answer is a failure like any other.
func call[T any](ctx context.Context, c *Client, r request, read func([]byte) (T, error)) (T, error) {
	var value, none T
	if r.path == "" {
		return none, errors.New("an id or key is empty")
	}
	r.method, r.url = cmp.Or(r.method, http.MethodGet), c.baseURL+r.path
	if len(r.query) > 0 {
		r.url += "?" + r.query.Encode()
	}
	r.decode = func(body []byte) (err error) {
		value, err = read(body)
		return err
	}
	if _, err := c.do(ctx, r); err != nil {
		return none, err
	}
	return value, nil
}

// pathOf joins escaped elements. It returns "" if an element is empty, because an empty
// element would turn one endpoint into another.
func pathOf(elements ...string) string {
	if slices.Contains(elements, "") {
		return ""
	}
	var path strings.Builder
	for _, element := range elements {
		path.WriteString("/" + escapeElement(element))
	}
	return path.String()
}

// associationsPath joins escaped elements below /associations/.
func associationsPath(elements ...string) string {
	return pathOf(append([]string{"associations"}, elements...)...)
}

// escapeElement escapes an element so that it stays one: a lone "." or ".." would be
// resolved on the way.
func escapeElement(element string) string {
	if element == "." || element == ".." {
		return strings.ReplaceAll(element, ".", "%2E")
	}
	return url.PathEscape(element)
}

// inLocation is the query that names a sub-account.
func inLocation(locationID string) url.Values { return url.Values{"locationId": {locationID}} }

// encode makes a body. The server refuses unknown fields.
func encode(fields any) []byte {
	body, _ := json.Marshal(fields) // texts, numbers, and lists and maps of them always encode
	return body
}
