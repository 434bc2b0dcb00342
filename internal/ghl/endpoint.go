package ghl

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// get reads something. Like post, put and del it gives what read makes of the answer.
func get[T any](ctx context.Context, c *Client, r request, read func([]byte) (T, error)) (T, error) {
	r.method = http.MethodGet
	return call(ctx, c, r, read)
}

// post creates something. The server refuses fields that it does not know.
func post[T any](ctx context.Context, c *Client, r request, fields map[string]string, read func([]byte) (T, error)) (T, error) {
	r.method, r.body = http.MethodPost, encode(fields)
	return call(ctx, c, r, read)
}

func put[T any](ctx context.Context, c *Client, r request, fields map[string]string, read func([]byte) (T, error)) (T, error) {
	r.method, r.body = http.MethodPut, encode(fields)
	return call(ctx, c, r, read)
}

// del deletes the object with that id, and tells whether the answer confirms it.
func del(ctx context.Context, c *Client, r request, id string) (confirmed bool, err error) {
	r.method = http.MethodDelete
	return call(ctx, c, r, confirmsDeletion(id))
}

// pages walks a listing, whose pages read reads.
func pages[T object](c *Client, r request, read func([]byte) (listing[T], error)) *Walk[T] {
	return newWalk(&c.totals, func(ctx context.Context, skip, limit int) (listing[T], error) {
		page := r
		page.query = maps.Clone(r.query)
		page.query.Set("skip", strconv.Itoa(skip))
		page.query.Set("limit", strconv.Itoa(limit))
		return get(ctx, c, page, read)
	})
}

// call sends r and decodes the answer. Decoding happens inside the retries: an
// answer that is cut short is a failure like any other.
func call[T any](ctx context.Context, c *Client, r request, read func([]byte) (T, error)) (T, error) {
	var value, none T
	if r.path == "" {
		return none, errors.New("an id or key is empty")
	}
	r.url = c.baseURL + r.path
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

// associationsPath joins escaped elements below /associations/. It is empty if one of
// them is, which would turn one endpoint into another.
func associationsPath(elements ...string) string {
	if slices.Contains(elements, "") {
		return ""
	}
	path := []string{"/associations"}
	for _, element := range elements {
		path = append(path, escapeElement(element))
	}
	return strings.Join(path, "/")
}

// escapeElement escapes an element such that it stays one: a lone "." or ".."
// would be resolved on the way.
func escapeElement(element string) string {
	if element == "." || element == ".." {
		return strings.ReplaceAll(element, ".", "%2E")
	}
	return url.PathEscape(element)
}

// inLocation is the query that names a sub-account.
func inLocation(locationID string) url.Values { return url.Values{"locationId": {locationID}} }

func encode(fields map[string]string) []byte {
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err) // unreachable: a map of strings always encodes
	}
	return body
}
