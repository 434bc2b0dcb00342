package main

import (
	"fmt"
	"regexp"
	"strings"
)

// report is the table of all questions, as Markdown. It names nobody: see [redactor].
func (a *account) report(seen answers, left int) string {
	var b strings.Builder
	address := "the address that the provider uses by default"
	if a.baseURL != defaultBaseURL {
		address = "another address than the provider's default"
	}
	fmt.Fprintf(&b, "# What the HighLevel API answers\n\nAsked at %s, in %d calls.", address, a.api.calls)
	if left > 0 {
		fmt.Fprintf(&b, " %d things that the probe made could not be removed.", left)
	}
	b.WriteString("\n\n| question | seen | assumed | client and sandbox |\n|---|---|---|---|\n")
	for _, g := range groups() {
		fmt.Fprintf(&b, "| **%s** | | | |\n", g.name)
		for _, q := range g.questions {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(q.asks), cell(seen[q.id]), verdict(q.assumed, seen[q.id]), cell(q.handled))
		}
	}
	return b.String()
}

// cell is a text as a table has it.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// verdict compares what was seen with what the sandbox assumes.
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

// isBound tells whether an answer depends on how much the probe could make.
func isBound(text string) bool {
	return strings.HasPrefix(text, "at least ") || strings.HasPrefix(text, "not within ")
}
