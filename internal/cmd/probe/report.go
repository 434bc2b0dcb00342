package main

import (
	"fmt"
	"regexp"
	"strings"
)

// report returns the table of all questions, as Markdown. It contains no personal data: see [redactor].
func (a *account) report(seen answers, left int) string {
	var b strings.Builder
	address := "the provider's default base URL"
	if a.baseURL != defaultBaseURL {
		address = "a base URL other than the provider's default"
	}
	fmt.Fprintf(&b, "# How the HighLevel API behaves\n\nAsked at %s, in %d calls.", address, a.api.calls)
	if left > 0 {
		fmt.Fprintf(&b, " The probe could not delete %d of the objects that it created.", left)
	}
	b.WriteString("\n\n| question | answer | assumption | client and sandbox |\n|---|---|---|---|\n")
	for _, g := range groups() {
		fmt.Fprintf(&b, "| **%s** | | | |\n", g.name)
		for _, q := range g.questions {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(q.asks), cell(seen[q.id]), verdict(q.assumed, seen[q.id]), cell(q.handled))
		}
	}
	return b.String()
}

// cell escapes a text for a Markdown table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// verdict compares the answer with the sandbox's assumption.
func verdict(assumed, seen string) string {
	switch {
	case strings.HasPrefix(seen, "not asked") || strings.HasPrefix(seen, "not answered") || strings.HasPrefix(seen, "cannot be seen"):
		return "–"
	case assumed == seen || isBound(assumed) && anyNumber.ReplaceAllString(assumed, "") == anyNumber.ReplaceAllString(seen, ""):
		return "as assumed"
	default:
		return "**differs**: " + cell(assumed)
	}
}

var anyNumber = regexp.MustCompile(`[0-9]+`)

// isBound reports whether an answer depends on how much the probe could create.
func isBound(text string) bool {
	return strings.HasPrefix(text, "at least ") || strings.HasPrefix(text, "not within ")
}
