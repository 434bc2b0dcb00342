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

// pages returns a pager of a listing. newRequest builds the request of a page, and read
// decodes the answer. A run keeps thousands of pagers, so a pager does not store its
// request, to save memory.
func pages[T object](c *Client, newRequest func() request, read func([]byte) (listing[T], error)) *Pager[T] {
	return newPager(&c.totals, func(ctx context.Context, skip, limit int) (listing[T], error) {
		page := newRequest()
		page.query.Set("skip", strconv.Itoa(skip))
		page.query.Set("limit", strconv.Itoa(limit))
		return call(ctx, c, page, read)
	})
}

// unpaged returns a pager of a listing that the API returns in a single answer. The request
// contains neither skip nor limit, and the first page is the last.
func unpaged[T object](c *Client, r request, read func([]byte) (listing[T], error)) *Pager[T] {
	p := newPager(&totals{}, func(ctx context.Context, _, _ int) (listing[T], error) { return call(ctx, c, r, read) })
	p.isWhole = true
	return p
}

// call sends r and returns the answer as decoded by read. The default method is GET. A call
// whose answer cannot be decoded is retried like any other failed call.
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

// pathOf escapes and joins the elements of a path. It returns "" if an element is empty,
// because the path would then belong to another endpoint.
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

// associationsPath returns the path of the elements below /associations/.
func associationsPath(elements ...string) string {
	return pathOf(append([]string{"associations"}, elements...)...)
}

// escapeElement escapes one element of a path. It also escapes a lone "." or "..", because
// proxies and servers would resolve it.
func escapeElement(element string) string {
	if element == "." || element == ".." {
		return strings.ReplaceAll(element, ".", "%2E")
	}
	return url.PathEscape(element)
}

// inLocation returns the query that specifies the sub-account.
func inLocation(locationID string) url.Values { return url.Values{"locationId": {locationID}} }

// encode returns a request body in JSON. Pass only fields that the endpoint documents: the
// server refuses unknown fields.
func encode(fields any) []byte {
	body, _ := json.Marshal(fields) // strings, numbers, and lists and maps of them cannot fail to encode
	return body
}
