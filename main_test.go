package main_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// Programs must print the version and commit that the linker sets. The linker reports no error if a variable does not exist.
func TestVersion(t *testing.T) {
	t.Parallel()
	for ldflags, want := range map[string]string{
		"-X main.version=9.8.7 -X main.commit=0123abcd": "9.8.7 (commit 0123abcd)\n",
		"": "dev (commit unknown)\n",
	} {
		program := filepath.Join(t.TempDir(), "terraform-provider-ghl.exe") // Windows needs the extension
		build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", ldflags, "-o", program, ".")
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, output)
		}
		output, err := exec.Command(program, "-version").CombinedOutput()
		if err != nil || string(output) != want {
			t.Errorf("built with %q, the program prints %q (%v), want %q", ldflags, output, err, want)
		}
	}
}
