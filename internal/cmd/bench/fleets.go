package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// fleet describes several states. Each state has its own engine, and the engines run side by side.
type fleet struct {
	name    string
	states  int
	each    shape
	changes int // association labels to change in each state
}

var fleets = []fleet{
	{"fleet: 10,000 resources in one state", 1, shape{subAccounts: 100, associations: 10, relations: 90, layout: random}, 100},
	{"fleet: 10 states of 1,000, side by side", 10, shape{subAccounts: 10, associations: 10, relations: 90, layout: random}, 10},
	{"fleet: 1 of the 10 states, alone", 1, shape{subAccounts: 10, associations: 10, relations: 90, layout: random}, 10},
}

const (
	fleetLatency     = 30 * time.Millisecond
	fleetTable       = "| %-42s | %-8s | %-8s | %-8s | %-9s | %-8s | %-8s | %-8s | %-9s |\n"
	fleetExplanation = "\nThe plan has no changes. The apply changes one resource in 100. Memory is the total of all engines or providers that run at the same time.\n\n"
)

// runFleets measures fleets, and prints a separate table for them.
func runFleets(ctx context.Context, out io.Writer, e *engine.Engine, scratch string, chosen *regexp.Regexp, runs int, fleets []fleet) error {
	isFirst := true
	for _, f := range fleets {
		if !chosen.MatchString(f.name) {
			continue
		}
		if isFirst {
			fmt.Fprint(out, fleetExplanation)
			fmt.Fprintf(out, fleetTable, "fleet", "plan", "requests", "engines", "providers", "apply", "requests", "engines", "providers")
			fmt.Fprintf(out, fleetTable, "---", "---", "---", "---", "---", "---", "---", "---", "---")
			isFirst = false
		}
		var plan, apply sideBySide
		for i := range runs {
			if err := measureFleet(ctx, e, filepath.Join(scratch, fmt.Sprint(f.name, i)), f, &plan, &apply); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
		fmt.Fprintf(out, fleetTable, append(append([]any{f.name}, plan.cells()...), apply.cells()...)...)
	}
	return nil
}

// sideBySide holds the results of several runs, in each of which all engines run at the same
// time: the shortest elapsed time of a run, and the maximum of every other figure.
type sideBySide struct {
	took               time.Duration
	requests           int
	engines, providers float64 // memory in bytes
}

// measureFleet measures a plan without changes, and an apply of changes.
func measureFleet(ctx context.Context, e *engine.Engine, folder string, f fleet, plan, apply *sideBySide) error {
	all := f.each
	all.subAccounts *= f.states
	api, locations, environment := newSandbox(all)
	defer api.Close()
	e = e.With(environment...)
	folders := make([]string, f.states)
	for i := range folders {
		folders[i] = fmt.Sprintf("%s-%d", folder, i)
		resources := populate(api, locations[i*f.each.subAccounts:][:f.each.subAccounts], f.each)
		if err := write(folders[i], resources, true, false); err != nil {
			return err
		}
	}
	api.SetLatency(fleetLatency)
	if err := plan.add(ctx, e, api, folders, "No changes.", "plan"); err != nil {
		return err
	}
	for _, state := range folders {
		if err := relabel(filepath.Join(state, "ghl_association_0.csv"), f.changes); err != nil {
			return err
		}
	}
	return apply.add(ctx, e, api, folders, fmt.Sprintf("Apply complete! Resources: 0 added, %d changed, 0 destroyed.", f.changes), "apply", "-auto-approve")
}

// relabel changes the labels of the first associations in a CSV file.
func relabel(file string, changes int) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(strings.Replace(string(content), ",Firm ", ",Company ", changes)), 0o600)
}

// add runs an engine in each folder, all at once. It checks that the closing line of each engine begins with success.
func (s *sideBySide) add(ctx context.Context, e *engine.Engine, api *sandbox.Sandbox, folders []string, success string, args ...string) error {
	api.ResetRequests()
	watching, stop := context.WithCancel(ctx)
	engines, providers := make(chan memory), make(chan memory)
	go func() { engines <- watchMemory(watching, e.Path(), os.Getpid()) }()
	go func() { providers <- watchMemory(watching, e.ProviderPath(), 0) }()
	args = append(args, "-input=false", "-no-color")
	begin, failures := time.Now(), make(chan error)
	for _, folder := range folders {
		go func() {
			o, err := e.Run(ctx, folder, args...)
			failures <- cmp.Or(err, outcome{closing: success}.check(o))
		}()
	}
	var err error
	for range folders {
		err = errors.Join(err, <-failures)
	}
	took := time.Since(begin)
	stop()
	s.took, s.requests = min(cmp.Or(s.took, took), took), max(s.requests, len(api.Requests()))
	s.engines, s.providers = max(s.engines, (<-engines).together), max(s.providers, (<-providers).together)
	return err
}

// cells returns the cells for the table.
func (s sideBySide) cells() []any {
	return []any{fmt.Sprintf("%.1f s", s.took.Seconds()), fmt.Sprint(s.requests), fmt.Sprintf("%.0f MB", s.engines/1e6), fmt.Sprintf("%.0f MB", s.providers/1e6)}
}
