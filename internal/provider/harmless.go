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
	mostOfLine = 20_000 // characters of a line of a diagnostic: an import block must hold its whole id
	mostOfText = 4_000  // characters of everything that a server said
)

// harmless makes a text from a server or a state safe for a message.
func harmless(text string) string { return ghl.Harmless(text, mostOfText) }

// makeHarmless makes every line of all diagnostics harmless, whether it came from a server,
// a state or a configuration. The code that puts a foreign text into a message keeps it
// from adding lines, with harmless or %q.
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

// diagnosticsOf are the diagnostics of an answer of the protocol, whatever its type.
func diagnosticsOf(answer any) []*tfprotov6.Diagnostic {
	value := reflect.Indirect(reflect.ValueOf(answer))
	if value.Kind() != reflect.Struct || !value.FieldByName("Diagnostics").IsValid() {
		return nil
	}
	diagnostics, _ := reflect.TypeAssert[[]*tfprotov6.Diagnostic](value.FieldByName("Diagnostics"))
	return diagnostics
}

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

// isHarmlessAfter reports whether a character is visible and, after text, does not complete
// a command.
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
