package ghl

import (
	"regexp"
	"strconv"
	"strings"
)

// spelled is a text in which the escapes of URLs (%2D) and of JSON (\u002d) are decoded. It
// stores the position of each byte in the original text.
type spelled struct {
	text     []byte
	original string
	at       []int32 // where each byte of text begins in original, and where original ends
}

// escapes matches the escapes of bytes that a token can contain, however often they are
// escaped: %2D, %252D, \u002d, \\u002d, \/. Of other escapes, it matches only the
// backslashes.
var escapes = regexp.MustCompile(`%(?:25)*([0-9A-Fa-f]{2})|\\+(?:u00([0-9A-Fa-f]{2})|/)?`)

// unescape decodes each escape.
func unescape(original string) spelled {
	s := spelled{make([]byte, 0, len(original)), original, make([]int32, 0, len(original)+1)}
	begin := 0
	for _, escape := range escapes.FindAllStringSubmatchIndex(original, -1) {
		s.copy(begin, escape[0])
		c := original[escape[1]-1] // a slash or a backslash
		if digits := max(escape[2], escape[4]); digits >= 0 {
			code, _ := strconv.ParseUint(original[digits:digits+2], 16, 8) // two hex digits
			c = byte(code)
		}
		s.text, s.at = append(s.text, c), append(s.at, int32(escape[0])) //nolint:gosec // an answer is much smaller than 2 GiB
		begin = escape[1]
	}
	s.copy(begin, len(original))
	s.at = append(s.at, int32(len(original))) //nolint:gosec // likewise
	return s
}

// copy appends a part of the original that has no escapes.
func (s *spelled) copy(begin, end int) {
	for i := begin; i < end; i++ {
		s.text, s.at = append(s.text, s.original[i]), append(s.at, int32(i)) //nolint:gosec // likewise
	}
}

// without returns the original, with "***" in place of each run of hidden bytes.
func (s spelled) without(hidden []bool) string {
	var b strings.Builder
	begin := 0
	for i := 0; i < len(hidden); i++ {
		if !hidden[i] {
			continue
		}
		b.WriteString(s.original[begin:s.at[i]])
		b.WriteString(redacted)
		for i < len(hidden) && hidden[i] {
			i++
		}
		begin = int(s.at[i])
	}
	return b.String() + s.original[begin:]
}
