package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// An engine that does nothing and exits with 0 must fail the demo.
func TestIdleEngineFailsTheDemo(t *testing.T) {
	idle, err := exec.LookPath("true")
	if err != nil {
		t.Skip("the command true is not installed")
	}
	t.Setenv("TMPDIR", t.TempDir())

	var out bytes.Buffer
	err = run(t.Context(), &out, idle, idle)
	if err == nil || !strings.Contains(err.Error(), "step 2") {
		t.Fatalf("the demo should have failed in step 2, but returned: %v\n%s", err, out.String())
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("the demo left %s behind", left[0].Name())
	}
}

// The demo must check the sandbox's objects and requests, not the engine's output.
func TestDifferencesAreErrors(t *testing.T) {
	d := &demo{out: io.Discard, api: sandbox.New(sandbox.Options{Locations: []sandbox.Location{{ID: locationID, Token: token}}})}
	if err := d.holds("rows", []string{"a: b"}, d.associations()); err == nil {
		t.Error("a missing row went unnoticed")
	}
	if err := d.wrote("writes", map[string]int{"PUT /associations/{id}": 1}); err == nil {
		t.Error("a missing write went unnoticed")
	}
}
