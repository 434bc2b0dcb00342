package ghl

import (
	"strconv"
	"strings"
)

// spelled is a text with the escapes of URLs (%2D) and of JSON (\u002d) undone, and where
// each of its bytes is in the original.
type spelled struct {
	text     []byte
	original string
	at       []int32 // where each byte begins; one more for the end
}

// unescape undoes each escape, escaped itself or not (%252D, \\u002d), as long as it
// stands for a byte that a token can have.
func unescape(original string) spelled {
	s := spelled{make([]byte, 0, len(original)), original, make([]int32, 0, len(original)+1)}
	for i := 0; i < len(original); {
		c, size := original[i], 1
		switch c {
		case '%':
			c, size = percent(original[i:])
		case '\\':
			c, size = backslash(original[i:])
		}
		s.text, s.at = append(s.text, c), append(s.at, int32(i))
		i += size
	}
	s.at = append(s.at, int32(len(original))) //nolint:gosec // an answer is far smaller
	return s
}

// percent reads the escape at the beginning of text: %2D, or %252D, and so on.
func percent(text string) (c byte, size int) {
	digits := 1
	for strings.HasPrefix(text[digits:], "25") && isHex(text[digits+2:], 2) {
		digits += 2
	}
	if !isHex(text[digits:], 2) {
		return '%', 1
	}
	return value(text[digits : digits+2]), digits + 2
}

// backslash reads the escape at the beginning of text: \u002d, \\u002d, and so on, or
// any other character behind backslashes, such as \/.
func backslash(text string) (c byte, size int) {
	size = len(text) - len(strings.TrimLeft(text, `\`))
	switch rest := text[size:]; {
	case strings.HasPrefix(rest, "u00") && isHex(rest[3:], 2):
		return value(rest[3:5]), size + 5
	case strings.HasPrefix(rest, "/"):
		return '/', size + 1
	default:
		return '\\', size
	}
}

func isHex(text string, n int) bool {
	if len(text) < n {
		return false
	}
	_, err := strconv.ParseUint(text[:n], 16, 8)
	return err == nil
}

func value(digits string) byte {
	c, _ := strconv.ParseUint(digits, 16, 8) // isHex has looked
	return byte(c)
}

// without is the original with each run of hidden bytes redacted.
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
