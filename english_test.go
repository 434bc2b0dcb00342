package main_test

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// plainer are expressions for turns that made readers stop, and what to write in their place.
var plainer = []struct{ turn, instead string }{
	{`\bstands?\b(?:[^- ]| [^f]|$)`, "is, appears, holds"},
	{`\b(?:is|are|was|were) told\b`, "the log shows, the guide tells"},
	{`\bin vain\b`, "fails"},
	{`\bthe very\b`, "name the thing"},
	{`\b(?:has|have) to go\b`, "remove it"},
	{`\bgoes before\b`, "takes precedence over"},
	{`\b[Nn]othing is to be\b`, "No action is needed."},
	{`\bcounts? once\b`, "takes effect after the next apply"},
	{`\blets? everything fail\b`, "inject faults"},
	{`\b[Bb]uys? a token\b`, "exchange a token"},
	{`\bcalls? in passing\b`, "a transient failure"},
	{`\bholds? up nobody\b`, "does not delay the others"},
	{`\b[Ee]lse you\b`, "Otherwise, you"},
	{`\bin case that\b`, "if"},
}

// What users read is free of turns that made readers stop: the guides, the files at the root, and the descriptions of all attributes,
// which docs/ holds.
func TestPlainEnglish(t *testing.T) {
	t.Parallel()
	listed, err := exec.CommandContext(t.Context(), "git", "ls-files", "*.md", "*.tmpl", "GNUmakefile", "examples/**").Output()
	if err != nil {
		t.Skipf("this is no clone: %v", err)
	}
	for _, p := range plainer {
		turn := regexp.MustCompile(`.*` + p.turn + `.*`)
		for name := range strings.Lines(string(listed)) {
			name = strings.TrimSpace(name)
			if found := turn.FindString(contentOf(t, name)); found != "" {
				t.Errorf("%s: %s\nwrite: %s", name, found, p.instead)
			}
		}
	}
}
