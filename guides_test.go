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

// guides are the documents for whoever works on the provider. They name files, make targets and identifiers.
var guides = []string{"ARCHITECTURE.md", "CONTRIBUTING.md"}

var (
	codeSpan   = regexp.MustCompile("`([^`\n]+)`")
	inTree     = regexp.MustCompile(`^(internal|examples|templates|tools|docs|\.github|\.ci)/[\w./-]*$`)
	makeTarget = regexp.MustCompile(`\bmake ([a-z]+)`)
	// identifier is a Go name that no plain word looks like: exported, of several words, or of a package or type.
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

// words are all that occur in the Go files.
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

// What the guides name is there.
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
					t.Errorf("%s: there is no %s", guide, span[1])
				}
			}
		}
		for _, target := range makeTarget.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(makefile, "\n"+target[1]+":") {
				t.Errorf("%s: there is no target %s", guide, target[1])
			}
		}
		if checked < 20 {
			t.Errorf("%s names %d things, which the patterns of this test cannot have found all", guide, checked)
		}
	}
}

var (
	inRepository = regexp.MustCompile(`https://github\.com/terraform-provider-ghl/terraform-provider-ghl/blob/main/([^\s)#"']+)`)
	relativeLink = regexp.MustCompile(`\]\((?:[^):]*)\)`)
)

// Forms and templates are shown at addresses of their own, so that their links name the repository; what they name there
// exists.
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
			t.Errorf("%s: %s leads nowhere from where a form is shown", name, link)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Error("no links")
	}
}

// SECURITY.md names what Go, the plugin SDK and the engines do on their own, and the settings that guard a token.
func TestGuides_security(t *testing.T) {
	t.Parallel()
	text := read(t, "SECURITY.md")
	for _, name := range []string{
		"GODEBUG=http2debug", "TF_LOG_SDK_PROTO_DATA_DIR", "plan file", "`show -json`", "`terraform.tfstate.backup`",
		"`allowed_location_ids`", "`GHL_ALLOWED_LOCATION_IDS`", "`GHL_ALLOW_BASE_URL`", "`internal/hostile`",
	} {
		if !strings.Contains(text, name) {
			t.Errorf("SECURITY.md does not say %s", name)
		}
	}
}
