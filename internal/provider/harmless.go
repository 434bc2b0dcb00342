package provider

import (
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

const (
	mostOfLine = 20_000 // characters of a line of a diagnostic: an import block holds its id whole
	mostOfText = 4_000  // characters of what a server said, all of it
)

// harmless is what a server or a state says, for a message.
func harmless(text string) string { return ghl.Harmless(text, mostOfText) }

// makeHarmless is the last word on all diagnostics: whatever came into one, from a
// server, a state or a configuration, is harmless line by line. That a foreign text
// makes no lines of its own is up to whoever puts it into a message, with harmless or %q.
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
