package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

//go:embed *.tf
var configurations embed.FS

// demo is one run: an engine that works in a folder, and the sandbox behind it.
type demo struct {
	out      io.Writer
	api      *sandbox.Sandbox
	engine   *engine.Engine
	folder   string
	provider string
	output   string // output of the last command
}

// command prints a command, how long it took, and its closing line.
func (d *demo) command(line string, took time.Duration, closing string) {
	fmt.Fprintf(d.out, "   $ %-60s %5.1f s\n", line, took.Seconds())
	if closing != "" {
		fmt.Fprintf(d.out, "     %s\n", closing)
	}
}

// proven prints a statement that was checked, and the rows that prove it.
func (d *demo) proven(statement string, rows ...string) {
	fmt.Fprintf(d.out, "   ✓ %s\n", statement)
	for _, row := range rows {
		fmt.Fprintf(d.out, "       %s\n", row)
	}
}

// build installs the provider for the engine.
func (d *demo) build(ctx context.Context) error {
	begin := time.Now()
	if err := d.engine.Install(ctx, d.provider); err != nil {
		return err
	}
	if d.provider != "" {
		d.proven("uses " + d.provider)
		return nil
	}
	d.command("go build", time.Since(begin), "")
	return nil
}

// write puts an embedded configuration into the folder.
func (d *demo) write(name string) error {
	content, err := configurations.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(d.folder, name), content, 0o600)
}

// edit replaces one line of a configuration in the folder, as a user would.
func (d *demo) edit(name, before, after string) error {
	path := filepath.Join(d.folder, name)
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if n := strings.Count(string(content), before); n != 1 {
		return fmt.Errorf("%s contains %q %d times, not once", name, before, n)
	}
	changed := strings.Replace(string(content), before, after, 1)
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "   - %s\n   + %s\n", before, after)
	return nil
}

// terraform runs an engine command that must succeed and end with the given closing line. Afterwards, the sandbox's request log
// contains only the requests of this command.
func (d *demo) terraform(ctx context.Context, closing string, args ...string) error {
	d.api.ResetRequests()
	result, err := d.engine.Run(ctx, d.folder, append(args, "-input=false", "-no-color")...)
	if err != nil {
		return err
	}
	d.output = result.Output
	line := d.engine.Name() + " " + strings.Join(args, " ")
	d.command(line, result.Took, result.Closing())
	if result.ExitCode != 0 {
		return fmt.Errorf("%s exited with code %d:\n%s", line, result.ExitCode, result.Output)
	}
	if have := result.Closing(); !strings.HasPrefix(have, closing) {
		return fmt.Errorf("%s should have ended with %q, but printed:\n%s", line, closing, result.Output)
	}
	return nil
}

// planIsEmpty checks that the engine reads everything again, finds nothing to change and writes nothing.
func (d *demo) planIsEmpty(ctx context.Context) error {
	if err := d.terraform(ctx, "No changes.", "plan", "-detailed-exitcode"); err != nil {
		return err
	}
	return d.wrote("nothing was written to HighLevel", nil)
}

// wrote counts the successful writes of the last command by route, and compares them with want.
func (d *demo) wrote(statement string, want map[string]int) error {
	have := map[string]int{}
	for _, r := range d.api.Requests() {
		if r.Method != http.MethodGet && r.Status < http.StatusBadRequest {
			have[r.Route]++
		}
	}
	if !maps.Equal(want, have) {
		return fmt.Errorf("%s: the sandbox should have received %v, but received %v", statement, want, have)
	}
	d.proven(statement)
	return nil
}

// holds compares the sandbox's rows with the expected rows, in any order, and prints them.
func (d *demo) holds(statement string, want, have []string) error {
	want, have = slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(have))
	if !slices.Equal(want, have) {
		return fmt.Errorf("%s: the sandbox should contain\n  %s\nbut contains\n  %s",
			statement, strings.Join(want, "\n  "), strings.Join(have, "\n  "))
	}
	d.proven(statement, have...)
	return nil
}

// associations returns the sandbox's associations, one line each.
func (d *demo) associations() []string { return d.associationsOf(locationID) }

func (d *demo) associationsOf(locationID string) []string {
	var rows []string
	for _, a := range d.api.Associations(locationID) {
		rows = append(rows, fmt.Sprintf("%s: %s (%s), %s (%s)",
			a.Key, a.FirstObjectKey, a.FirstObjectLabel, a.SecondObjectKey, a.SecondObjectLabel))
	}
	return rows
}

// relations returns the sandbox's relations, one line each.
func (d *demo) relations() []string {
	keys := map[string]string{}
	for _, a := range d.api.Associations(locationID) {
		keys[a.ID] = a.Key
	}
	var rows []string
	for _, r := range d.api.Relations(locationID) {
		rows = append(rows, r.FirstRecordID+" "+keys[r.AssociationID]+" "+r.SecondRecordID)
	}
	return rows
}

// ids returns the ids of all associations and relations in the sandbox. An object that keeps its id was not replaced.
func (d *demo) ids() []string {
	var ids []string
	for _, a := range d.api.Associations(locationID) {
		ids = append(ids, a.ID)
	}
	for _, r := range d.api.Relations(locationID) {
		ids = append(ids, r.ID)
	}
	return ids
}
