package ghl

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
)

// An answer may be maxBody long, and a hostile answer may consist of millions of empty
// elements. Lists and wrappers are therefore read without a copy: a json.RawMessage or a
// map entry for each element would need many times the memory of the answer.

// checkJSON returns an error if a body is not JSON.
func checkJSON(body []byte) error { return json.Unmarshal(body, &ignored{}) }

type ignored struct{}

func (*ignored) UnmarshalJSON([]byte) error { return nil }

// members yields the members of a JSON object with their quoted keys, or the elements of a
// list. It yields nothing for other values. The body must be valid JSON.
func members(body []byte) iter.Seq2[[]byte, []byte] {
	body = bytes.TrimSpace(body)
	return func(yield func(key, value []byte) bool) {
		if len(body) == 0 || body[0] != '{' && body[0] != '[' {
			return
		}
		var key []byte
		begin, depth := 1, 0
		for i := 1; i < len(body); i++ {
			switch body[i] {
			case '"':
				i = endOfText(body, i)
			case '{', '[':
				depth++
			case ':':
				if depth == 0 {
					key, begin = bytes.TrimSpace(body[begin:i]), i+1
				}
			case ',', '}', ']':
				if depth == 0 {
					value := bytes.TrimSpace(body[begin:i])
					if len(value) > 0 && !yield(key, value) {
						return
					}
					begin = i + 1
				}
				if body[i] != ',' {
					depth--
				}
			}
		}
	}
}

// endOfText returns the index of the closing quote of the JSON string that begins at i.
func endOfText(body []byte, i int) int {
	for i++; i < len(body) && body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return i
}

// mostElements is the maximum number of elements in a list. No page and no unpaged listing
// of the API has more.
const mostElements = 10_000

var errTooLong = errors.New("the list has more rows than a page of the API can have")

// asList returns the elements of a JSON list, and reports whether body is a list.
func asList(body []byte) (list []json.RawMessage, isList bool, err error) {
	if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 || trimmed[0] != '[' {
		return nil, false, nil
	}
	for _, element := range members(body) {
		if len(list) == mostElements {
			return nil, true, errTooLong
		}
		list = append(list, element)
	}
	return list, true, nil
}

// unwrap returns the value of the first of the names that a JSON object contains, or of
// "data" if it contains none of the names. An object with an id is not a wrapper.
func unwrap(body []byte, names []string) (inner json.RawMessage, isWrapper bool) {
	names = append(names, "data")
	if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil, false
	}
	rank := len(names)
	for key, value := range members(body) {
		if string(key) == `"id"` {
			return nil, false
		}
		for i, name := range names[:rank] {
			if string(key) == `"`+name+`"` {
				inner, rank, isWrapper = value, i, true
			}
		}
	}
	return inner, isWrapper
}
