// Package engine runs Terraform or OpenTofu with a build of the provider, for the demo and the benchmark.
package engine

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

// Engine is Terraform or OpenTofu, configured to use one build of the provider.
type Engine struct {
	path      string
	pluginDir string
	cliConfig string
	env       []string
}

// New configures the engine at path. The engine keeps its files in the folder scratch.
func New(path, scratch string) *Engine {
	e := &Engine{
		path:      path,
		pluginDir: filepath.Join(scratch, "plugins"),
		cliConfig: filepath.Join(scratch, "cli.tfrc"),
	}
	e.env = append(withoutSettings(os.Environ()),
		"CHECKPOINT_DISABLE=1",
		"TF_IN_AUTOMATION=1",
		"TF_CLI_CONFIG_FILE="+e.cliConfig,
	)
	return e
}

// withoutSettings removes the variables that could change the outcome or point to a real sub-account.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(setting string) bool {
		return strings.HasPrefix(setting, "TF_") || strings.HasPrefix(setting, "GHL_")
	})
}

// With returns the engine with more settings in its environment, each as NAME=value.
func (e *Engine) With(settings ...string) *Engine {
	changed := *e
	changed.env = append(slices.Clone(e.env), settings...)
	return &changed
}

// Name returns the engine's name on a command line.
func (e *Engine) Name() string {
	if strings.Contains(filepath.Base(e.path), "tofu") {
		return "tofu"
	}
	return "terraform"
}

// Path returns the path of the program that runs: the given path with its symbolic links resolved.
func (e *Engine) Path() string {
	if path, err := filepath.EvalSymlinks(e.path); err == nil {
		return path
	}
	return e.path
}

// Version returns the first line that the engine's version command prints.
func (e *Engine) Version(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, e.path, "version")
	cmd.Env = withoutSettings(os.Environ())
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", e.path, err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return line, nil
}

// ProviderPath returns the path where the engine looks for the provider.
func (e *Engine) ProviderPath() string {
	name := "terraform-provider-ghl"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(e.pluginDir, name)
}

// Install puts a built provider where the engine finds it. The engine then needs no init and no registry. If built is "",
// Install builds the provider.
func (e *Engine) Install(ctx context.Context, built string) error {
	if err := os.Mkdir(e.pluginDir, 0o700); err != nil {
		return err
	}
	config := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/terraform-provider-ghl/ghl" = %[1]q
    "registry.opentofu.org/terraform-provider-ghl/ghl" = %[1]q
  }
}
`, filepath.ToSlash(e.pluginDir))
	if err := os.WriteFile(e.cliConfig, []byte(config), 0o600); err != nil {
		return err
	}
	if built != "" {
		return copyProgram(e.ProviderPath(), built)
	}
	const program = "github.com/terraform-provider-ghl/terraform-provider-ghl"
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", e.ProviderPath(), program)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	return nil
}

func copyProgram(to, from string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o700) //nolint:gosec // a program must be executable
}

// Outcome is the result of one engine run.
type Outcome struct {
	ExitCode int
	Output   string
	Took     time.Duration
}

// Run runs the engine in a folder. It returns an error if the engine cannot run, but not if the exit code is nonzero.
func (e *Engine) Run(ctx context.Context, folder string, args ...string) (Outcome, error) {
	cmd := exec.CommandContext(ctx, e.path, args...)
	cmd.Dir = folder
	cmd.Env = e.env
	// An interrupted engine stops its providers; a killed engine leaves them running.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output

	begin := time.Now()
	err := cmd.Run()
	result := Outcome{ExitCode: cmd.ProcessState.ExitCode(), Output: output.String(), Took: time.Since(begin)}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return result, fmt.Errorf("%s: %w", e.path, err)
	}
	return result, ctx.Err()
}

var closingLine = regexp.MustCompile(`(?m)^(No changes\.|Plan:|Apply complete!|Destroy complete!).*$`)

// Closing returns the last line in which the engine sums up its work, or "" if it printed none.
func (o Outcome) Closing() string {
	lines := closingLine.FindAllString(o.Output, -1)
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}
