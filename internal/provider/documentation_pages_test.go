package provider_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pages returns the Markdown files of the repository by path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		paths, err := fs.Glob(os.DirFS(repository), pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no pages at %s: %v", pattern, err)
		}
		for _, name := range paths {
			found[name] = document(t, name)
		}
	}
	return found
}

// fencedBlock matches a fenced block of a page, which may be indented.
var fencedBlock = regexp.MustCompile("(?ms)^( *)```([^\\n`]*)\\n(.*?)^ *```$")

// block is one fenced block, without indentation.
type block struct{ language, text string }

func blocks(page string) []block {
	var found []block
	for _, match := range fencedBlock.FindAllStringSubmatch(page, -1) {
		found = append(found, block{match[2], regexp.MustCompile("(?m)^"+match[1]).ReplaceAllString(match[3], "")})
	}
	return found
}

// A shell can parse every command in the documentation.
func TestDocumentation_commands(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell")
	}
	for name, page := range pages(t) {
		for i, b := range blocks(page) {
			switch b.language {
			case "sh", "shell":
				command := exec.CommandContext(t.Context(), shell, "-n")
				command.Stdin = strings.NewReader(b.text)
				if output, err := command.CombinedOutput(); err != nil {
					t.Errorf("%s, block %d: %v: %s", name, i+1, err, output)
				}
			case "json", "yaml":
				if exampleOf(t, b.text) == "" {
					t.Errorf("%s, block %d: no test checks blocks in %q that are not examples", name, i+1, b.language)
				}
			case "terraform", "hcl", "text":
			default:
				if name == "README.md" || strings.HasPrefix(name, "docs/") { // the other pages are for developers
					t.Errorf("%s, block %d: no test checks blocks in %q", name, i+1, b.language)
				}
			}
		}
	}
}

// exampleOf returns the example file whose content is text, or "" if there is none.
func exampleOf(t *testing.T, text string) (file string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(filepath.Join(repository, "examples")), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && document(t, "examples", name) == text {
			file = name
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// maxPage is the largest page that a registry shows in full, in bytes.
const maxPage = 500_000

func TestDocumentation_size(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		if len(page) > maxPage {
			t.Errorf("%s has %d bytes, but a registry shows only %d", name, len(page), maxPage)
		}
	}
}

var (
	inlineLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	codeSpan   = regexp.MustCompile("`[^`\n]*`")
	heading    = regexp.MustCompile(`(?m)^#+ (.*)$`)
	anchor     = regexp.MustCompile(`<a id="([^"]+)">`)
	notInSlugs = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// Every link between pages leads to an existing page and, if it has a fragment, to an
// existing heading. The pages of docs/ link only to each other, since a registry shows no
// other pages.
func TestDocumentation_links(t *testing.T) {
	t.Parallel()
	all, found := pages(t), 0
	for name, page := range all {
		prose := codeSpan.ReplaceAllString(fencedBlock.ReplaceAllString(page, ""), "")
		for _, link := range inlineLink.FindAllStringSubmatch(prose, -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			found++
			target, fragment, _ := strings.Cut(link[1], "#")
			leadsTo := name
			if target != "" {
				leadsTo = path.Join(path.Dir(name), target)
			}
			_, err := os.Stat(filepath.Join(repository, leadsTo))
			switch isPage := all[leadsTo] != ""; {
			case err != nil:
				t.Errorf("%s: %s: %v", name, link[1], err)
			case strings.HasPrefix(name, "docs/") && (!isPage || !strings.HasPrefix(leadsTo, "docs/")):
				t.Errorf("%s: %s leads to a file that a registry does not show", name, link[1])
			case fragment != "" && !slices.Contains(anchors(all[leadsTo]), fragment):
				t.Errorf("%s: %s leads to a heading that does not exist", name, link[1])
			}
		}
	}
	if found == 0 {
		t.Error("no links")
	}
}

// anchors returns the fragments that a link to a page can use.
func anchors(page string) []string {
	var names []string
	for _, h := range heading.FindAllStringSubmatch(fencedBlock.ReplaceAllString(page, ""), -1) {
		names = append(names, strings.ReplaceAll(notInSlugs.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-"))
	}
	for _, a := range anchor.FindAllStringSubmatch(page, -1) {
		names = append(names, a[1])
	}
	return names
}
