package provider

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// hclString writes text as a string of the configuration language. What would do harm in
// a message is escaped, so that the string stays harmless and means the same.
func hclString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case (r == '$' || r == '%') && strings.HasPrefix(text[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		case !unicode.IsPrint(r) && r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08x`, r)
		case !unicode.IsPrint(r) || !isHarmlessAfter(text[:i], r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// isHarmlessAfter tells whether a character, after some text, neither makes a command
// nor is invisible.
func isHarmlessAfter(text string, r rune) bool {
	switch r {
	case '#':
		return !strings.HasSuffix(text, "#")
	case ':':
		word := text[strings.LastIndexByte(text, ' ')+1:]
		return word != "" && word != "Error" && word != "Warning"
	default:
		return !ghl.IsInvisible(r)
	}
}
