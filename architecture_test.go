package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/terraform-provider-ghl/terraform-provider-ghl/"

// arrows lists the packages of this module that each package imports in its code, and those that only its tests may import.
// ARCHITECTURE.md explains the structure.
var arrows = map[string]struct{ code, tests []string }{
	".":                            {code: []string{"internal/provider"}},
	"internal/provider":            {code: []string{"internal/ghl", "internal/settle", "internal/store"}, tests: []string{"internal/provider", "internal/sandbox"}},
	"internal/store":               {code: []string{"internal/ghl", "internal/listing", "internal/settle"}, tests: []string{"internal/sandbox", "internal/store"}},
	"internal/listing":             {code: []string{"internal/ghl"}, tests: []string{"internal/listing", "internal/sandbox"}},
	"internal/settle":              {code: []string{"internal/ghl"}, tests: []string{"internal/settle"}},
	"internal/ghl":                 {tests: []string{"internal/ghl", "internal/sandbox"}},
	"internal/sandbox":             {tests: []string{"internal/sandbox"}},
	"internal/faults":              {tests: []string{"internal/ghl", "internal/provider", "internal/sandbox"}},
	"internal/hostile":             {tests: []string{"internal/provider", "internal/sandbox"}},
	"internal/cmd/sandbox":         {code: []string{"internal/sandbox"}},
	"internal/cmd/demo":            {code: []string{"internal/cmd/internal/engine", "internal/sandbox"}},
	"internal/cmd/bench":           {code: []string{"internal/cmd/internal/engine", "internal/sandbox"}},
	"internal/cmd/probe":           {tests: []string{"internal/ghl", "internal/sandbox"}},
	"internal/cmd/internal/engine": {},
}

// others lists the prefixes of packages from other modules that a package's code may import. A package without an entry uses only
// the standard library.
var others = map[string][]string{
	"internal/provider": {"github.com/hashicorp/terraform-plugin-", "golang.org/x/sync/"},
	"internal/ghl":      {"golang.org/x/text/"}, // Unicode, maintained by the Go project itself
	"internal/sandbox":  {"golang.org/x/text/"},
}

// imports contains the packages that the Go files of a directory import. own has the packages of this module, without the module
// path; others has those of other modules.
type imports struct{ own, others map[string]bool }

// goFiles returns the Go files of the repository, by directory.
func goFiles(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"bin", "dist", "testdata", "tools"}, entry.Name())) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(name, ".go") {
			dir := path.Dir(filepath.ToSlash(name))
			found[dir] = append(found[dir], filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func importsOf(t *testing.T, files []string) imports {
	t.Helper()
	found := imports{own: map[string]bool{}, others: map[string]bool{}}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(imported, "/")
			if own, ok := strings.CutPrefix(imported, module); ok {
				found.own[own] = true
			} else if strings.Contains(first, ".") {
				found.others[imported] = true
			}
		}
	}
	return found
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// The code of every package must import exactly the packages that arrows lists.
func TestArchitecture_arrows(t *testing.T) {
	t.Parallel()
	files := goFiles(t)
	for _, dir := range slices.Sorted(maps.Keys(files)) {
		allowed, known := arrows[dir]
		if !known {
			t.Errorf("the package %s is not in arrows: add it there, and add a line to ARCHITECTURE.md", dir)
			continue
		}
		code := importsOf(t, slices.DeleteFunc(slices.Clone(files[dir]), isTest))
		if got := slices.Sorted(maps.Keys(code.own)); !slices.Equal(got, allowed.code) {
			t.Errorf("%s imports the packages %q of this module, but arrows lists %q", dir, got, allowed.code)
		}
		for imported := range code.others {
			if !slices.ContainsFunc(others[dir], func(begin string) bool { return strings.HasPrefix(imported, begin) }) {
				t.Errorf("%s imports %s, which others does not allow", dir, imported)
			}
		}
		tests := importsOf(t, slices.DeleteFunc(slices.Clone(files[dir]), func(name string) bool { return !isTest(name) }))
		for imported := range tests.own {
			if !slices.Contains(slices.Concat(allowed.code, allowed.tests), imported) {
				t.Errorf("the tests of %s import %s, which arrows does not list", dir, imported)
			}
		}
	}
	for dir := range arrows {
		if len(files[dir]) == 0 {
			t.Errorf("arrows lists the package %s, which does not exist", dir)
		}
	}
}

// The fault model and the hostile corpus have only test files, so that nothing can import them.
func TestArchitecture_testPackages(t *testing.T) {
	t.Parallel()
	files := goFiles(t)
	for _, name := range slices.Concat(files["internal/faults"], files["internal/hostile"]) {
		if !isTest(name) && path.Base(name) != "doc.go" {
			t.Errorf("%s is not a test file", name)
		}
	}
}

// ARCHITECTURE.md must have a line for each package.
func TestArchitecture_page(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for dir := range arrows {
		if dir == "." {
			dir = "main.go"
		}
		if !strings.Contains(string(page), "| `"+dir+"` |") {
			t.Errorf("ARCHITECTURE.md has no line for %s", dir)
		}
	}
}
