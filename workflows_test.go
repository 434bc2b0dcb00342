package main_test

import (
	"cmp"
	"go/version"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// workflows returns the texts of the workflows in .github/workflows and in the examples, by file name.
func workflows(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{".github/workflows/*.y*ml", "examples/guides/*/*.y*ml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no workflows at %s: %v", pattern, err)
		}
		for _, file := range files {
			texts[filepath.Base(file)] = contentOf(t, file)
		}
	}
	return texts
}

func contentOf(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var (
	uses   = regexp.MustCompile(`(?m)^\s*(?:- )?uses:\s*(.*)$`)
	pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
)

// Actions must be pinned to commits, because a tag can be moved to other code.
func TestWorkflows_actionsArePinned(t *testing.T) {
	t.Parallel()
	commits := map[string]string{}
	for name, text := range workflows(t) {
		for _, found := range uses.FindAllStringSubmatch(text, -1) {
			action := found[1]
			if strings.HasPrefix(action, "./") {
				continue
			}
			if !pinned.MatchString(action) {
				t.Errorf("%s uses %s: want owner/action@<commit> # v1.2.3", name, action)
			}
			repository, _, _ := strings.Cut(action, "@")
			if other := cmp.Or(commits[repository], action); other != action {
				t.Errorf("%s uses %s, but another workflow uses %s", name, action, other)
			}
			commits[repository] = action
		}
	}
}

func TestWorkflows_rights(t *testing.T) {
	t.Parallel()
	for name, text := range workflows(t) {
		if !regexp.MustCompile(`(?m)^permissions:(?: \{\}|\n  contents: read)\n\n`).MatchString(text) {
			t.Errorf("%s does not begin with minimal permissions: {} or only contents: read", name)
		}
		if !regexp.MustCompile(`(?m)^concurrency:\n  group: `).MatchString(text) {
			t.Errorf("%s has no concurrency group", name)
		}
		// The event pull_request_target gives a pull request from a fork the rights and secrets of this repository.
		if strings.Contains(text, "pull_request_target") {
			t.Errorf("%s runs on pull_request_target", name)
		}
		for what, each := range map[string][2]string{
			"a job has no timeout":                                 {"\n    runs-on: ", "\n    timeout-minutes: "},
			"a checkout leaves its token readable for later steps": {"uses: actions/checkout@", "persist-credentials: false\n"},
		} {
			if strings.Count(text, each[0]) != strings.Count(text, each[1]) {
				t.Errorf("%s: %s", name, what)
			}
		}
	}
}

// The plan of a pull request locks the state. The lock must not make the apply on main fail.
func TestWorkflows_fleetWaitsForTheLock(t *testing.T) {
	t.Parallel()
	commands := regexp.MustCompile(`(?m)^.*run: terraform (?:plan|apply) .*$`).FindAllString(workflows(t)["fleet.yml"], -1)
	if len(commands) != 2 {
		t.Fatalf("the workflow has the commands %q, want one plan and one apply", commands)
	}
	for _, command := range commands {
		if !strings.Contains(command, " -lock-timeout=10m ") {
			t.Errorf("%q does not wait for the lock", command)
		}
	}
}

// The workflow must test the oldest engines that the README lists as supported, and the Terraform versions that introduced
// identities (1.12) and list resources (1.14).
func TestWorkflows_engines(t *testing.T) {
	t.Parallel()
	promise := regexp.MustCompile(`Terraform (\d+\.\d+) and newer and with OpenTofu\s+(\d+\.\d+) and newer`).FindStringSubmatch(contentOf(t, "README.md"))
	if promise == nil {
		t.Fatal("the README does not name the oldest engines")
	}
	tested := map[string][]string{}
	row := regexp.MustCompile(`- \{ engine: (\w+), version: (\d+\.\d+)\.\d+ \}`)
	for _, found := range row.FindAllStringSubmatch(workflows(t)["test.yml"], -1) {
		tested[found[1]] = append(tested[found[1]], found[2])
	}
	for engine, oldest := range map[string]string{"terraform": promise[1], "tofu": promise[2]} {
		versions := tested[engine]
		if len(versions) < 2 || slices.MinFunc(versions, byMinor) != oldest {
			t.Errorf("%s is tested in the versions %v, want %s as the oldest, and at least one newer version", engine, versions, oldest)
		}
	}
	for _, wanted := range []string{"1.12", "1.14"} {
		if !slices.Contains(tested["terraform"], wanted) {
			t.Errorf("terraform %s is not tested", wanted)
		}
	}
}

// The workflows must install the Go version in go.mod, and that version must be able to build the tools.
func TestWorkflows_goBuildsTheTools(t *testing.T) {
	t.Parallel()
	installed := regexp.MustCompile(`(?m)^toolchain (go\d+\.\d+\.\d+)$`).FindStringSubmatch(contentOf(t, "go.mod"))
	if installed == nil {
		t.Fatal("go.mod specifies no toolchain")
	}
	tools, err := filepath.Glob("tools/*/go.mod")
	if err != nil || len(tools) == 0 {
		t.Fatalf("no tools: %v", err)
	}
	for _, tool := range tools {
		wanted := regexp.MustCompile(`(?m)^(?:go |toolchain go)(\d\S*)$`).FindAllStringSubmatch(contentOf(t, tool), -1)
		for _, w := range wanted {
			if version.Compare("go"+w[1], installed[1]) > 0 {
				t.Errorf("%s needs Go %s, but go.mod specifies %s", tool, w[1], installed[1])
			}
		}
	}
	for name, text := range workflows(t) {
		if strings.Count(text, "uses: actions/setup-go@") != strings.Count(text, "go-version-file: go.mod\n") {
			t.Errorf("%s does not install the Go version in go.mod", name)
		}
	}
}

func byMinor(a, b string) int {
	minor := func(version string) int {
		_, text, _ := strings.Cut(version, ".")
		n, _ := strconv.Atoi(text)
		return n
	}
	return cmp.Compare(minor(a), minor(b))
}
