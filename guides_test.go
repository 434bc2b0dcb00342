package main

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// guides lists the documents for contributors, which mention files, make targets and identifiers.
var guides = []string{"ARCHITECTURE.md", "CONTRIBUTING.md"}

var (
	codeSpan   = regexp.MustCompile("`([^`\n]+)`")
	inTree     = regexp.MustCompile(`^(internal|examples|templates|tools|docs|\.github|\.ci)/[\w./-]*$`)
	makeTarget = regexp.MustCompile(`\bmake ([a-z]+)`)
	// identifier matches Go names that do not look like plain words: exported names, names of several words, and qualified names.
	identifier = regexp.MustCompile(`^(?:[A-Za-z]\w*\.)?([a-z]+[A-Z]\w*|[A-Z][a-z]\w*)$`)
	word       = regexp.MustCompile(`\w+`)
)

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// words returns all words in the Go files.
func words(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, files := range goFiles(t) {
		for _, name := range files {
			for _, w := range word.FindAllString(read(t, name), -1) {
				found[w] = true
			}
		}
	}
	return found
}

// Every file, make target and identifier that the guides mention must exist.
func TestGuides_names(t *testing.T) {
	t.Parallel()
	known, makefile := words(t), read(t, "GNUmakefile")
	for _, guide := range guides {
		text, checked := read(t, guide), 0
		for _, span := range codeSpan.FindAllStringSubmatch(text, -1) {
			if inTree.MatchString(span[1]) {
				checked++
				if _, err := os.Stat(span[1]); err != nil {
					t.Errorf("%s: %v", guide, err)
				}
			}
			if name := identifier.FindStringSubmatch(strings.TrimSuffix(span[1], "()")); name != nil {
				checked++
				if !known[name[1]] {
					t.Errorf("%s mentions %s, which is not in the Go files", guide, span[1])
				}
			}
		}
		for _, target := range makeTarget.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(makefile, "\n"+target[1]+":") {
				t.Errorf("%s mentions the make target %s, which does not exist", guide, target[1])
			}
		}
		if checked < 20 {
			t.Errorf("the patterns of this test found only %d names in %s, want at least 20", checked, guide)
		}
	}
}

var (
	inRepository = regexp.MustCompile(`https://github\.com/terraform-provider-ghl/terraform-provider-ghl/blob/main/([^\s)#"']+)`)
	relativeLink = regexp.MustCompile(`\]\((?:[^):]*)\)`)
)

// GitHub shows issue forms and templates at other addresses, so their links must be absolute. The linked files must exist.
func TestGuides_forms(t *testing.T) {
	t.Parallel()
	found := 0
	err := fs.WalkDir(os.DirFS("."), ".github", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".md", ".yml"}, path.Ext(name)) {
			return err
		}
		text := read(t, name)
		for _, link := range inRepository.FindAllStringSubmatch(text, -1) {
			found++
			if _, err := os.Stat(link[1]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if link := relativeLink.FindString(text); link != "" {
			t.Errorf("%s: the relative link %s does not work in a form on GitHub", name, link)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Error("this test found no links")
	}
}

// SECURITY.md must mention the risks of Go, the plugin SDK and the engines, and the settings that protect a token.
func TestGuides_security(t *testing.T) {
	t.Parallel()
	text := read(t, "SECURITY.md")
	for _, name := range []string{
		"GODEBUG=http2debug", "TF_LOG_SDK_PROTO_DATA_DIR", "plan file", "`show -json`", "`terraform.tfstate.backup`",
		"`allowed_location_ids`", "`GHL_ALLOWED_LOCATION_IDS`", "`GHL_ALLOW_BASE_URL`", "`internal/hostile`",
	} {
		if !strings.Contains(text, name) {
			t.Errorf("SECURITY.md does not mention %s", name)
		}
	}
}
