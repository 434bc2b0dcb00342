package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// longest is the maximum number of words in a sentence. Inline code counts as one word.
const longest = 40

// plainer lists expressions for phrases that readers stumbled over, and suggests what to write instead. Case is ignored.
var plainer = []struct{ turn, instead string }{
	{`\bstands?\b(?:[^- ]| [^fi]| i[^n]| in [^f]|$)`, "is, appears, holds"},
	{`\b(?:is|are|was|were) told\b`, "the log shows, the guide says"},
	{`\btells (?:whether|that|what|which|of|by)\b`, "reports whether, says that, shows"},
	{`\b(?:nobody|nothing|no one) (?:can|could) tell\b`, "is unknown"},
	{`\bin vain\b`, "fails"},
	{`\bthe very\b`, "name the thing"},
	{`\b(?:has|have) to go\b`, "remove it"},
	{`\bgoes before\b`, "takes precedence over"},
	{`\bnothing is to be\b`, "No action is needed."},
	{`\bcounts? once\b`, "takes effect after the next apply"},
	{`\blets? everything fail\b`, "inject faults"},
	{`\b(?:buys?|bought|sells?) (?:a |the )?tokens?\b`, "exchange a token"},
	{`\b(?:calls?|fails?|failures?) in passing\b`, "a transient failure"},
	{`\bholds? up nobody\b`, "does not delay the others"},
	{`\belse you\b`, "Otherwise, you"},
	{`\bin case that\b`, "if"},
	{`(?-i:^W|[.:] W|; w)here (?:an?|the|it|its|they|there|no|nothing|nobody|both|two|one|neither|yours?) [^?:]*, `, "If, when"},
	{`\bclicked together\b`, "made by hand"},
	{`\bwhich alone\b|\bof (?:it|these|those|them|which) alone\b`, "only"},
	{`\b(?:is|are|was|were) taken for\b`, "passes for, counts as"},
	{`\bin any case\b`, "in upper or lower case, always"},
	{`\bneeds? each other\b`, "must be set together"},
	{`\bwhat is there\b`, "what exists"},
	{`\bhas yet to\b`, "does not ... yet"},
	{`\bas such\b|\bsuch an? \w+ (?:is|are|as)\b`, "name the thing, for example"},
}

// exceptions lists parts of sentences that are not checked, and why.
var exceptions = map[string]string{
	"contact contacts opportunity": "a list of words, not a sentence",
}

var (
	fenced    = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	inline    = regexp.MustCompile("`[^`\n]*`")
	paragraph = regexp.MustCompile(`\n\s*\n|\n\t|\n\s*(?:[-*#|]|\d+\.)`)
	sentence  = regexp.MustCompile(`[.!?]["')*_]* `)
)

// The guides, the files at the root, and the comments and strings in Go must not contain a phrase in plainer or a sentence that
// is too long. docs/ is not checked, because it is generated.
func TestPlainEnglish(t *testing.T) {
	t.Parallel()
	listed, err := exec.CommandContext(t.Context(), "git", "ls-files", "*.go", "*.md", "*.tmpl", "GNUmakefile", "examples/**", ":!docs").Output()
	if err != nil {
		t.Skipf("this is not a Git clone: %v", err)
	}
	turns := make([]*regexp.Regexp, len(plainer))
	for i, p := range plainer {
		turns[i] = regexp.MustCompile(`(?i)` + p.turn)
	}
	for name := range strings.Lines(string(listed)) {
		if name = strings.TrimSpace(name); name == "english_test.go" {
			continue // it contains the phrases
		}
		code, prose := textsOf(t, name)
		for _, s := range sentencesIn(slices.Concat(code, prose)) {
			for i, turn := range turns {
				if turn.MatchString(s) {
					t.Errorf("%s: %.200s\nwrite: %s", name, s, plainer[i].instead)
				}
			}
		}
		for _, s := range sentencesIn(prose) {
			if words := len(strings.Fields(s)); words > longest && !strings.ContainsAny(s, "{}=|\\<") {
				t.Errorf("%s: a sentence of %d words: %.200s", name, words, s)
			}
		}
	}
}

// sentencesIn splits texts into sentences, each on one line.
func sentencesIn(texts []string) (sentences []string) {
	for _, text := range texts {
		for _, p := range paragraph.Split(inline.ReplaceAllString(text, "CODE"), -1) {
			sentences = append(sentences, sentence.Split(strings.Join(strings.Fields(p), " "), -1)...)
		}
	}
	return slices.DeleteFunc(sentences, func(s string) bool {
		return slices.ContainsFunc(slices.Collect(maps.Keys(exceptions)), func(part string) bool { return strings.Contains(s, part) })
	})
}

// textsOf returns the texts of a file: those that may be code, and those that are prose. Go strings that are joined with + count
// as one text.
func textsOf(t *testing.T, name string) (code, prose []string) {
	t.Helper()
	content := contentOf(t, name)
	switch filepath.Ext(name) {
	case ".go":
	case ".md", ".tmpl":
		return fenced.FindAllString(content, -1), []string{fenced.ReplaceAllString(content, "\n\n")}
	default:
		return []string{content}, nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range file.Comments {
		prose = append(prose, group.Text())
	}
	summed := map[ast.Node]bool{}
	var textOf func(n ast.Node) string
	textOf = func(n ast.Node) (text string) {
		switch e := n.(type) {
		case *ast.BasicLit:
			text, _ = strconv.Unquote(e.Value) // "" for a number
		case *ast.BinaryExpr:
			text = textOf(e.X) + textOf(e.Y)
		}
		summed[n] = true
		return text
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n != nil && !summed[n] {
			prose = append(prose, textOf(n))
		}
		return true
	})
	return nil, prose
}
