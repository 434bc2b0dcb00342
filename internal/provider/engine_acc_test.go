package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
)

// enginePath returns the path of the engine, which terraform-plugin-testing uses too.
var enginePath = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path, nil
	}
	if path, err := exec.LookPath("terraform"); err == nil {
		return path, nil
	}
	return exec.LookPath("tofu")
})

// engineVersion returns whether the engine is OpenTofu, and its minor version.
var engineVersion = sync.OnceValue(func() (engine struct {
	isTofu bool
	minor  int
}) {
	path, err := enginePath()
	if err != nil {
		return engine
	}
	command := exec.Command(path, "version")
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
	output, err := command.Output()
	if err != nil {
		return engine
	}
	found := regexp.MustCompile(`(Terraform|OpenTofu) v1\.(\d+)\.`).FindStringSubmatch(string(output))
	if found == nil {
		return engine
	}
	engine.isTofu = found[1] == "OpenTofu"
	engine.minor, _ = strconv.Atoi(found[2])
	return engine
})

// engineSince reports whether the engine has at least the given minor version of Terraform
// or OpenTofu.
func engineSince(terraform, tofu int) bool {
	engine := engineVersion()
	if engine.isTofu {
		return engine.minor >= tofu
	}
	return engine.minor >= terraform
}

// engineHasIdentity reports whether the engine supports resource identities.
func engineHasIdentity() bool { return engineSince(12, 12) }

// engineHasEphemeral reports whether the engine supports ephemeral resources.
func engineHasEphemeral() bool { return engineSince(10, 11) }

// engineHasMoves reports whether the engine can move an object to a resource of another
// type.
func engineHasMoves() bool { return engineSince(8, 10) }

// engineHasManyImports reports whether the engine supports import blocks with for_each.
func engineHasManyImports() bool { return engineSince(7, 7) }

// engineHasQuery reports whether the engine can list resources. Only Terraform 1.14 and
// later can.
func engineHasQuery() bool { return !engineVersion().isTofu && engineVersion().minor >= 14 }

// binaryDir is the folder of the provider binary. It is built once for each run, with a
// version number like a release.
var (
	binaryDir      string
	providerBinary = sync.OnceValue(func() (err error) {
		if binaryDir, err = os.MkdirTemp("", "terraform-provider-ghl-"); err != nil {
			return err
		}
		build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-X main.version=9.8.7-test",
			"-o", filepath.Join(binaryDir, "terraform-provider-ghl"), "github.com/terraform-provider-ghl/terraform-provider-ghl")
		build.Env = append(os.Environ(), "GOGC=100", "GOMEMLIMIT=off")
		if output, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building the provider: %w\n%s", err, output)
		}
		var overrides strings.Builder
		for _, source := range sources() {
			fmt.Fprintf(&overrides, "    %q = %q\n", source, binaryDir)
		}
		cliConfig := "provider_installation {\n  dev_overrides {\n" + overrides.String() + "  }\n}\n"
		return os.WriteFile(filepath.Join(binaryDir, "cli.tfrc"), []byte(cliConfig), 0o600)
	})
)

func removeProviderBinary() error {
	if binaryDir == "" {
		return nil
	}
	return os.RemoveAll(binaryDir)
}

// engine runs the engine as a user does, in a temporary directory, with the provider as a
// separate program. Tests use it for commands that terraform-plugin-testing does not
// support.
type engine struct {
	t     *testing.T
	dir   string
	env   map[string]string
	typed string // the exports and assignments of a guide so far
}

// engine returns an engine in a temporary directory with a configuration. The environment
// contains the credential and the sub-account.
func (a *account) engine(configuration string) *engine {
	a.t.Helper()
	if err := providerBinary(); err != nil {
		a.t.Fatal(err)
	}
	return a.newEngine(configuration, map[string]string{
		"TF_CLI_CONFIG_FILE": filepath.Join(binaryDir, "cli.tfrc"),
		"TMPDIR":             binaryDir, // a killed provider leaves its socket in this folder
		"GHL_ACCESS_TOKEN":   a.token,
		"GHL_LOCATION_ID":    a.locationID,
		"GHL_BASE_URL":       a.baseURL,
		"GHL_MAX_RETRIES":    "0",
	})
}

func (a *account) newEngine(configuration string, env map[string]string) *engine {
	a.t.Helper()
	e := &engine{t: a.t, dir: a.t.TempDir(), env: env}
	e.env["PATH"] = os.Getenv("PATH")
	e.env["HOME"] = e.dir
	e.env["CHECKPOINT_DISABLE"] = "1"
	e.env["TF_IN_AUTOMATION"] = "1"
	e.env["TF_INPUT"] = "0"
	maps.Copy(e.env, sparingGC)
	e.write("main.tf", configuration)
	return e
}

// attachedEngine is an engine whose provider runs in this process, with the account's
// clock, so waits take no time. The configuration needs the account's provider block, since
// the provider sees the environment of this process.
func (a *account) attachedEngine(configuration string) *engine {
	a.t.Helper()
	e := a.newEngine(configuration, map[string]string{"TF_VAR_access_token": a.token})
	e.attach(a.clock)
	return e
}

// localEngine is an attachedEngine with the account's provider block in a file of its own.
func (a *account) localEngine(configuration string) *engine {
	a.t.Helper()
	e := a.attachedEngine(configuration)
	e.write("provider.tf", a.provider("max_retries = 0"))
	return e
}

// attach starts a provider in this process for the engine, with the given clock.
func (e *engine) attach(clock ghl.Clock) {
	e.t.Helper()
	attached, ended := make(chan *plugin.ReattachConfig), make(chan struct{})
	e.t.Cleanup(func() { <-ended }) // the server ends when the test's context is done
	server := provider.NewServer("test", provider.WithClock(clock))
	go func() {
		err := tf6server.Serve("registry.terraform.io/hashicorp/ghl", server, tf6server.WithDebug(e.t.Context(), attached, ended),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()), tf6server.WithLoggingSink(e.t))
		if err != nil {
			e.t.Error(err)
		}
	}()
	reattach, err := json.Marshal(reattachments(*<-attached))
	if err != nil {
		e.t.Fatal(err)
	}
	e.env["TF_REATTACH_PROVIDERS"] = string(reattach)
}

// faultsEnd ends all faults and attaches a provider with a new clock. After simulated
// waits, the old clock is far ahead of the machine's clock, which sets the deadlines of
// operations.
func (a *account) faultsEnd(e *engine) {
	a.t.Helper()
	a.sandbox.ClearFaults()
	e.attach(hastyClock())
}

// sources returns the addresses that engines use for the provider: the published ones, and
// the defaults if a configuration sets no source.
func sources() (all []string) {
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		for _, namespace := range []string{"hashicorp", "terraform-provider-ghl"} {
			all = append(all, host+"/"+namespace+"/ghl")
		}
	}
	return all
}

// reattachments returns the value of TF_REATTACH_PROVIDERS for a running provider.
func reattachments(to plugin.ReattachConfig) map[string]any {
	type address struct{ Network, String string }
	where := map[string]any{
		"Protocol": to.Protocol, "ProtocolVersion": to.ProtocolVersion, "Pid": to.Pid, "Test": to.Test,
		"Addr": address{to.Addr.Network(), to.Addr.String()},
	}
	all := map[string]any{}
	for _, source := range sources() {
		all[source] = where
	}
	return all
}

func (e *engine) write(name, content string) {
	e.t.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, name), []byte(content), 0o600); err != nil {
		e.t.Fatal(err)
	}
}

func (e *engine) read(name string) string {
	e.t.Helper()
	content, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil {
		e.t.Fatal(err)
	}
	return string(content)
}

func (e *engine) remove(name string) {
	e.t.Helper()
	if err := os.Remove(filepath.Join(e.dir, name)); err != nil {
		e.t.Fatal(err)
	}
}

// Exit codes of `plan -detailed-exitcode`.
const (
	exitEmpty   = 0
	exitFailed  = 1
	exitChanges = 2
)

// applyCommand is the command that most tests run.
var applyCommand = []string{"apply", "-auto-approve", "-no-color"}

// run runs a command, and returns its output and its exit code.
func (e *engine) run(arguments ...string) (output string, code int) {
	e.t.Helper()
	path, err := enginePath()
	if err != nil {
		e.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(e.t.Context(), 10*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, path, arguments...)
	command.Dir = e.dir
	for name, value := range e.env {
		command.Env = append(command.Env, name+"="+value)
	}
	var printed bytes.Buffer
	command.Stdout, command.Stderr = &printed, &printed
	err = command.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return printed.String(), exit.ExitCode()
	case err != nil:
		e.t.Fatal(err)
	}
	return printed.String(), 0
}

// succeeds runs a command that must succeed, and returns its output.
func (e *engine) succeeds(arguments ...string) string {
	e.t.Helper()
	output, code := e.run(arguments...)
	if code != 0 {
		e.t.Fatalf("%s: exit code %d\n%s", strings.Join(arguments, " "), code, output)
	}
	return output
}

// fails runs a command that must fail, and returns its output.
func (e *engine) fails(arguments ...string) string {
	e.t.Helper()
	output, code := e.run(arguments...)
	if code != exitFailed {
		e.t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(arguments, " "), code, exitFailed, output)
	}
	return output
}

func (e *engine) apply() string {
	e.t.Helper()
	return e.succeeds(applyCommand...)
}

func (e *engine) destroy() string {
	e.t.Helper()
	return e.succeeds("destroy", "-auto-approve", "-no-color")
}

// plansNothing checks that a plan is empty.
func (e *engine) plansNothing() {
	e.t.Helper()
	if output, code := e.run("plan", "-detailed-exitcode", "-no-color"); code != exitEmpty {
		e.t.Errorf("plan: exit code %d, want an empty plan\n%s", code, output)
	}
}

// stateIDs are the ids of all resources in the state, in order.
func (e *engine) stateIDs() []string {
	e.t.Helper()
	var state struct {
		Resources []struct {
			Mode      string
			Instances []struct{ Attributes struct{ ID string } }
		}
	}
	if err := json.Unmarshal([]byte(e.read("terraform.tfstate")), &state); err != nil {
		e.t.Fatal(err)
	}
	ids := []string{}
	for _, r := range state.Resources {
		for _, instance := range r.Instances {
			if r.Mode == "managed" {
				ids = append(ids, instance.Attributes.ID)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// hasAttributes checks attributes of a resource in the state. The resource must have a
// single instance.
func (e *engine) hasAttributes(address string, want map[string]any) {
	e.t.Helper()
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(e.read("terraform.tfstate")), &state); err != nil {
		e.t.Fatal(err)
	}
	for _, r := range state.Resources {
		if r.Type+"."+r.Name != address || len(r.Instances) != 1 {
			continue
		}
		for name, value := range want {
			if got := r.Instances[0].Attributes[name]; !reflect.DeepEqual(got, value) {
				e.t.Errorf("%s of %s is %v in the state, want %v", name, address, got, value)
			}
		}
		return
	}
	e.t.Errorf("%s is not in the state", address)
}

// says checks that output contains each phrase, wherever the engine wraps its lines.
func says(t *testing.T, output string, phrases ...string) {
	t.Helper()
	for _, phrase := range phrases {
		if !strings.Contains(flat(output), phrase) {
			t.Errorf("%q is missing in:\n%s", phrase, output)
		}
	}
}

func doesNotSay(t *testing.T, output, phrase string) {
	t.Helper()
	if strings.Contains(flat(output), phrase) {
		t.Errorf("%q in:\n%s", phrase, output)
	}
}

var (
	frame = regexp.MustCompile(`[\s│╷╵]+`)
	ansi  = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// flat replaces every run of white space and frame characters with one space.
func flat(text string) string {
	return strings.TrimSpace(frame.ReplaceAllString(ansi.ReplaceAllString(text, ""), " "))
}
