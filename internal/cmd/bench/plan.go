package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// planCase is a plan over what has been applied already. Goals that are 0 are none.
type planCase struct {
	name       string
	rows       func(*sandbox.Sandbox) fixture // plants them, and returns those that are managed
	requests   int
	overFloor  float64 // time, as a multiple of the engine's over as many terraform_data
	overPrompt float64 // time, as a multiple of that with answers that take none
	megabytes  float64
}

func (c planCase) title() string { return c.name }

// latency is how long an answer takes.
const latency = 30 * time.Millisecond

const (
	columnRequests   = "requests"
	columnTime       = "time"
	columnOverFloor  = "× terraform_data"
	columnOverPrompt = "× at 0 ms"
	columnMemory     = "provider's memory"
)

// planRun is what one run of a case came to.
type planRun struct {
	floor        engine.Outcome
	prompt, late observation
}

// observation is a plan whose provider was watched.
type observation struct {
	engine.Outcome
	requests int
	memory   int64 // bytes; 0 where it is not known
}

func (b *bench) measurePlans(ctx context.Context, cases []planCase) error {
	if len(cases) == 0 {
		return nil
	}
	b.report.heading(fmt.Sprintf("A plan, each answer taking %s", latency),
		columnRequests, columnTime, columnOverFloor, columnOverPrompt, columnMemory)
	for i, c := range cases {
		folder := filepath.Join(b.scratch, fmt.Sprintf("plan-%d", i))
		runs, err := b.plan(ctx, c, folder)
		if err != nil {
			return fmt.Errorf("plan of %s: %w", c.name, err)
		}
		b.report.row(c.name, c.figures(runs)...)
	}
	return nil
}

// plan runs the plans of a case in turn, so that whatever else the machine does hits them alike. No budget holds them up:
// what that costs is a matter of arithmetic.
func (b *bench) plan(ctx context.Context, c planCase, folder string) (runs []planRun, err error) {
	const unlimited = 1_000_000
	api := newAccount(sandbox.RateLimit{Max: unlimited, Daily: unlimited})
	defer api.Close()
	rows := c.rows(api)
	rows.settings = providerSettings(api.Start())
	floorFolder := folder + "-floor"
	if err := errors.Join(rows.write(folder), rows.floor().write(floorFolder)); err != nil {
		return nil, err
	}
	hurried := b.engine.With(fmt.Sprintf("GHL_REQUESTS_PER_10_SECONDS=%d", unlimited))
	for range b.runs {
		var r planRun
		if r.floor, err = emptyPlan(ctx, b.engine, floorFolder); err != nil {
			return nil, err
		}
		if r.prompt, err = observedPlan(ctx, hurried, api, folder, 0); err != nil {
			return nil, err
		}
		if r.late, err = observedPlan(ctx, hurried, api, folder, latency); err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// observedPlan plans with answers that take a time, and watches the provider and its requests.
func observedPlan(ctx context.Context, e *engine.Engine, api *sandbox.Sandbox, folder string, latency time.Duration) (o observation, err error) {
	api.SetLatency(latency)
	api.ResetRequests()
	stop := watchMemory(e.ProviderPath())
	o.Outcome, err = emptyPlan(ctx, e, folder)
	o.memory, o.requests = stop(), len(api.Requests())
	if o.requests == 0 && err == nil {
		err = errors.New("the provider asked for nothing")
	}
	return o, err
}

// emptyPlan makes sure that the engine, having read everything, finds the state to be what the provider read, and what
// the configuration says.
func emptyPlan(ctx context.Context, e *engine.Engine, folder string) (engine.Outcome, error) {
	o, err := e.Run(ctx, folder, "plan", "-detailed-exitcode", "-input=false", "-no-color")
	if err == nil && (o.ExitCode != 0 || !strings.HasPrefix(o.Closing(), "No changes. Your infrastructure matches the configuration.")) {
		err = fmt.Errorf("the plan is not empty, exit code %d:\n%s", o.ExitCode, o.Output)
	}
	return o, err
}

func (c planCase) figures(runs []planRun) []figure {
	var times []time.Duration
	var overFloor, overPrompt []float64
	var peaks []int64
	requests := 0
	for _, r := range runs {
		requests = max(requests, r.prompt.requests, r.late.requests)
		times = append(times, r.late.Took)
		overFloor = append(overFloor, r.late.Took.Seconds()/r.floor.Took.Seconds())
		overPrompt = append(overPrompt, r.late.Took.Seconds()/r.prompt.Took.Seconds())
		peaks = append(peaks, r.late.memory)
	}
	return []figure{
		count(columnRequests, requests).atMost(float64(c.requests)),
		seconds(columnTime, median(times)),
		ratio(columnOverFloor, median(overFloor)).within(c.overFloor),
		ratio(columnOverPrompt, median(overPrompt)).within(c.overPrompt),
		memory(columnMemory, median(peaks)).within(c.megabytes),
	}
}
