package provider

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

const (
	mostOfLine = 20_000 // characters in a line of a diagnostic: an import id must fit into one line
	mostOfText = 4_000  // characters of one text from a server or a state
)

// harmless makes a text from a server or a state safe for a message.
func harmless(text string) string { return ghl.Harmless(text, mostOfText) }

// makeHarmless makes every line of all diagnostics harmless, whatever the source of the
// text. It keeps line breaks, so code that puts foreign text into a message must remove
// line breaks from the text with harmless or %q.
func makeHarmless(diagnostics []*tfprotov6.Diagnostic) {
	for _, d := range diagnostics {
		d.Summary = ghl.Harmless(d.Summary, mostOfLine)
		lines := strings.Split(d.Detail, "\n")
		for i, line := range lines {
			lines[i] = ghl.Harmless(line, mostOfLine)
		}
		d.Detail = strings.Join(lines, "\n")
	}
}

// diagnosticsOf returns the diagnostics in a protocol response of any type.
func diagnosticsOf(answer any) []*tfprotov6.Diagnostic {
	value := reflect.Indirect(reflect.ValueOf(answer))
	if value.Kind() != reflect.Struct || !value.FieldByName("Diagnostics").IsValid() {
		return nil
	}
	diagnostics, _ := reflect.TypeAssert[[]*tfprotov6.Diagnostic](value.FieldByName("Diagnostics"))
	return diagnostics
}

// hclString returns text as a quoted string of the configuration language. It escapes
// characters that would do harm in a message, and the string still has the same value.
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

// isHarmlessAfter reports whether a character after text is visible and does not complete
// text that a CI pipeline may treat as a command, such as "##" or "Error:".
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
