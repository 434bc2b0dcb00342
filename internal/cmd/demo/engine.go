package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// engine is Terraform or OpenTofu, set up to use one build of the provider.
type engine struct {
	path      string
	pluginDir string
	cliConfig string
	env       []string
}

func newEngine(path, scratch, baseURL string) *engine {
	e := &engine{
		path:      path,
		pluginDir: filepath.Join(scratch, "plugins"),
		cliConfig: filepath.Join(scratch, "cli.tfrc"),
	}
	e.env = append(withoutSettings(os.Environ()),
		"CHECKPOINT_DISABLE=1",
		"TF_IN_AUTOMATION=1",
		"TF_CLI_CONFIG_FILE="+e.cliConfig,
		"GHL_BASE_URL="+baseURL,
		"GHL_ACCESS_TOKEN="+token,
		"GHL_LOCATION_ID="+locationID,
	)
	return e
}

// withoutSettings leaves out what would change the outcome, or lead to a real sub-account.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(setting string) bool {
		return strings.HasPrefix(setting, "TF_") || strings.HasPrefix(setting, "GHL_")
	})
}

// name is what the engine is called on a command line.
func (e *engine) name() string {
	if strings.Contains(filepath.Base(e.path), "tofu") {
		return "tofu"
	}
	return "terraform"
}

func (e *engine) version(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, e.path, "version")
	cmd.Env = withoutSettings(os.Environ())
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", e.path, err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return line, nil
}

// providerPath is where the engine looks for the provider.
func (e *engine) providerPath() string {
	name := "terraform-provider-ghl"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(e.pluginDir, name)
}

// useProvider makes the engine run the provider at providerPath, without init and without a registry.
func (e *engine) useProvider() error {
	config := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/terraform-provider-ghl/ghl" = %[1]q
    "registry.opentofu.org/terraform-provider-ghl/ghl" = %[1]q
  }
}
`, filepath.ToSlash(e.pluginDir))
	return os.WriteFile(e.cliConfig, []byte(config), 0o600)
}

// outcome is what one run of the engine came to.
type outcome struct {
	exitCode int
	output   string
	took     time.Duration
}

// run runs the engine in a folder. Only an engine that cannot be run is an error, an exit code is not.
func (e *engine) run(ctx context.Context, folder string, args ...string) (outcome, error) {
	cmd := exec.CommandContext(ctx, e.path, args...)
	cmd.Dir = folder
	cmd.Env = e.env
	// An interrupted engine stops its providers; one that is killed leaves them running.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output

	begin := time.Now()
	err := cmd.Run()
	result := outcome{exitCode: cmd.ProcessState.ExitCode(), output: output.String(), took: time.Since(begin)}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return result, fmt.Errorf("%s: %w", e.path, err)
	}
	return result, ctx.Err()
}

var closingLine = regexp.MustCompile(`(?m)^(No changes\.|Plan:|Apply complete!|Destroy complete!).*$`)

// closing is the line in which the engine sums up what it did, "" where it wrote none.
func (o outcome) closing() string {
	lines := closingLine.FindAllString(o.output, -1)
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}
