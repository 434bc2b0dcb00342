package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// sample holds the shortest time of several runs, and the maximum of every other figure.
type sample struct {
	took              time.Duration
	requests, refused int
	memory            float64 // memory of the provider, in bytes; 0 if the system does not report it
	state             int64   // size of the state after the run, in bytes
}

// measurement compares a run at each latency with a run of the same number of terraform_data resources and with a plan without
// refresh. These runs alternate, so that noise affects all of them.
type measurement struct {
	floor, unread sample
	runs          []sample
}

// add takes one measurement, in a folder that it creates.
func (m *measurement) add(ctx context.Context, e *engine.Engine, folder string, s shape) error {
	api, locations, environment := newSandbox(s)
	defer api.Close()
	e = e.With(environment...)
	resources, floor := populate(api, locations, s), folder+"-floor"
	if err := errors.Join(write(floor, resources, s.isPlan(), true), write(folder, resources, s.isPlan(), false)); err != nil {
		return err
	}
	command, success := []string{"plan"}, outcome{closing: "No changes."}
	if !s.isPlan() {
		command, success = []string{"apply", "-auto-approve"}, outcome{closing: fmt.Sprintf("Apply complete! Resources: %d added,", s.objects())}
	}
	err := m.floor.add(ctx, e, api, floor, success, command...)
	if s.isPlan() && err == nil {
		err = m.unread.add(ctx, e, api, folder, success, "plan", "-refresh=false")
	}
	switch {
	case s.dead:
		success.once = "Warning: Sub-account Not Read"
	case s.expired:
		success = outcome{exitCode: 1, once: "HighLevel did not accept the agency's token"}
	}
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	go s.spend(ctx, api)
	for i := 0; i < len(m.runs) && err == nil; i++ {
		api.SetLatency(s.latencies[i])
		err = m.runs[i].add(ctx, e, api, folder, success, command...)
	}
	return err
}

// outcome describes how a run of the engine must end.
type outcome struct {
	exitCode int
	closing  string // the beginning of the closing line
	once     string // a message that must appear exactly once
}

const mostLines = 40 // maximum number of lines in all messages, for any number of objects

var progressLine = regexp.MustCompile(`(?m)^.*: (Refreshing state|Preparing import)\.\.\..*\n`)

// check returns an error if the engine did not end as wanted.
func (want outcome) check(o engine.Outcome) error {
	if o.ExitCode != want.exitCode || !strings.HasPrefix(o.Closing(), want.closing) {
		return fmt.Errorf("exit code %d, and no %q:\n%s", o.ExitCode, want.closing, o.Output)
	}
	if want.once == "" {
		return nil
	}
	messages := progressLine.ReplaceAllString(o.Output, "")
	if n, lines := strings.Count(messages, want.once), strings.Count(messages, "\n"); n != 1 || lines > mostLines {
		return fmt.Errorf("%q appears %d times in %d lines, want once in at most %d:\n%s", want.once, n, lines, mostLines, messages)
	}
	return nil
}

// add runs the engine, and checks how it ends.
func (s *sample) add(ctx context.Context, e *engine.Engine, api *sandbox.Sandbox, folder string, success outcome, args ...string) error {
	api.ResetRequests()
	watching, stop := context.WithCancel(ctx)
	peak := make(chan memory)
	go func() { peak <- watchMemory(watching, e.ProviderPath(), 0) }()
	o, err := e.Run(ctx, folder, append(args, "-input=false", "-no-color")...)
	stop()
	requests := map[bool]int{} // the key is true for refused requests
	for _, r := range api.Requests() {
		if r.Route != sandbox.RouteAssociationsByObjectKey { // only the other client uses this route
			requests[r.Status == http.StatusTooManyRequests]++
		}
	}
	s.took, s.memory = min(cmp.Or(s.took, o.Took), o.Took), max(s.memory, (<-peak).largest)
	if file, err := os.Stat(filepath.Join(folder, "terraform.tfstate")); err == nil {
		s.state = file.Size()
	}
	s.requests, s.refused = max(s.requests, requests[false]), max(s.refused, requests[true])
	if err != nil {
		return err
	}
	return success.check(o)
}

// memory is the resident memory of a program's processes, in bytes: the largest process, and all processes together.
type memory struct{ largest, together float64 }

// watchMemory returns the peak memory of a program's processes until the context ends, or 0 without /proc. If parent is not 0, only
// the children of that process count.
func watchMemory(ctx context.Context, program string, parent int) (peak memory) {
	for ; ctx.Err() == nil; wait(ctx, 10*time.Millisecond) {
		links, _ := filepath.Glob("/proc/[0-9]*/exe")
		together := 0.0
		for _, link := range links {
			if running, err := os.Readlink(link); err != nil || running != program {
				continue
			}
			status, _ := os.ReadFile(filepath.Dir(link) + "/status")
			if parent != 0 && statusOf(status, "PPid:") != float64(parent) {
				continue
			}
			bytes := statusOf(status, "VmHWM:") * 1024
			peak.largest, together = max(peak.largest, bytes), together+bytes
		}
		peak.together = max(peak.together, together)
	}
	return peak
}

// statusOf returns a number from the status of a process, or 0 if the process has ended.
func statusOf(status []byte, name string) (number float64) {
	_, line, _ := strings.Cut(string(status), name)
	_, _ = fmt.Sscan(line, &number)
	return number
}

// spend acts as another client. That client uses its share of the rate limit evenly until the context ends.
func (s shape) spend(ctx context.Context, api *sandbox.Sandbox) {
	for ; s.spent > 0 && ctx.Err() == nil; wait(ctx, s.limit.Interval*100/time.Duration(s.limit.Max*s.spent)) {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/associations/objectKey/contact?locationId="+account, nil)
		r.Header = http.Header{"Authorization": {"Bearer " + token}, "Version": {"2021-07-28"}, "Accept": {"application/json"}}
		r.Header.Set("User-Agent", "other") // HighLevel rejects requests without a user agent
		api.ServeHTTP(httptest.NewRecorder(), r)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
