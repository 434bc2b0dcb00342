package provider

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
)

var (
	envName = regexp.MustCompile(`\bGHL_[A-Z][A-Z0-9_]*\b`)
	envLine = regexp.MustCompile(`(?m)^(?:# )?(GHL_[A-Z0-9_]+)=(.*)$`)
)

// .env.example has one line for each variable of a provider attribute, and for each variable in the code and its tests, and no
// other lines.
func TestEnvironmentExample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, line := range envLine.FindAllStringSubmatch(string(text), -1) {
		if listed[line[1]] || line[2] == "" {
			t.Errorf("%s appears twice, or without a value", line[1])
		}
		listed[line[1]] = true
	}

	if got, want := slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(environment(t))); !slices.Equal(got, want) {
		t.Errorf(".env.example lists %q, want the variables in the code: %q", got, want)
	}
}

// environment returns the names of all variables.
func environment(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	var resp provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &resp)
	for attribute := range resp.Schema.Attributes {
		names[variable(attribute)] = true
	}
	files, err := filepath.Glob("*.go")
	probe, err2 := filepath.Glob("../cmd/probe/*.go")
	if err := errors.Join(err, err2); err != nil || len(files) == 0 || len(probe) == 0 {
		t.Fatalf("no Go files: %v", err)
	}
	for _, file := range append(files, probe...) {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range envName.FindAllString(string(code), -1) {
			names[name] = true
		}
	}
	return names
}
