package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// applyCase creates associations under a limit. Goals that are 0 are none, but for the requests refused with 429.
type applyCase struct {
	name      string
	creates   int
	limit     sandbox.RateLimit
	others    int     // per cent of the budget that another client spends
	requests  int     // those that were refused left out
	refused   int     // per cent of the requests
	overLimit float64 // time, as a multiple of the limit's own and the engine's over as many terraform_data
}

func (c applyCase) title() string { return c.name }

const (
	columnRefused   = "429s"
	columnOverLimit = "× limit + floor"
)

// applyRun is what one run of a case came to.
type applyRun struct {
	apply, floor      engine.Outcome
	answered, refused int
}

func (b *bench) measureApplies(ctx context.Context, cases []applyCase) error {
	if len(cases) == 0 {
		return nil
	}
	b.report.heading(fmt.Sprintf("An apply, each answer taking %s", latency), columnRequests, columnRefused, columnTime, columnOverLimit)
	for i, c := range cases {
		var runs []applyRun
		for n := range b.runs {
			folder := filepath.Join(b.scratch, fmt.Sprintf("apply-%d-%d", i, n))
			r, err := b.apply(ctx, c, folder)
			if err != nil {
				return fmt.Errorf("apply of %s: %w", c.name, err)
			}
			runs = append(runs, r)
		}
		b.report.row(c.name, c.figures(runs)...)
	}
	return nil
}

// apply creates everything in a fresh sub-account, and as many terraform_data.
func (b *bench) apply(ctx context.Context, c applyCase, folder string) (r applyRun, err error) {
	api := newAccount(c.limit)
	defer api.Close()
	api.SetLatency(latency)
	rows, floorFolder := newAssociations(c.creates), folder+"-floor"
	rows.settings = providerSettings(api.Start())
	if err := errors.Join(rows.write(folder), rows.floor().write(floorFolder)); err != nil {
		return r, err
	}
	if r.floor, err = fullApply(ctx, b.engine, floorFolder, c.creates); err != nil {
		return r, err
	}
	leave := c.startOther(ctx, api)
	r.apply, err = fullApply(ctx, b.engine, folder, c.creates)
	leave()
	if have := len(api.Associations(locationID)); err == nil && have != c.creates {
		err = fmt.Errorf("the sandbox holds %d associations, not %d", have, c.creates)
	}
	r.answered, r.refused = requestsBy(api)
	return r, err
}

// fullApply makes sure that all was created.
func fullApply(ctx context.Context, e *engine.Engine, folder string, creates int) (engine.Outcome, error) {
	o, err := e.Run(ctx, folder, "apply", "-auto-approve", "-input=false", "-no-color")
	want := fmt.Sprintf("Apply complete! Resources: %d added, 0 changed, 0 destroyed.", creates)
	if err == nil && (o.ExitCode != 0 || o.Closing() != want) {
		err = fmt.Errorf("the apply failed, exit code %d:\n%s", o.ExitCode, o.Output)
	}
	return o, err
}

// otherClient is the User-Agent by which the other client's requests are told from the provider's.
const otherClient = "bench-other-client"

// startOther starts the client that spends a part of the budget, evenly. The returned function ends it.
func (c applyCase) startOther(ctx context.Context, api *sandbox.Sandbox) (leave func()) {
	if c.others == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticks := time.NewTicker(c.limit.Interval * 100 / time.Duration(c.limit.Max*c.others))
		defer ticks.Stop()
		for {
			if ask(ctx, api) != nil { // it ends with its context
				return
			}
			select {
			case <-ticks.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// ask spends one request. A refusal is no error.
func ask(ctx context.Context, api *sandbox.Sandbox) error {
	const url = "http://sandbox/associations/objectKey/contact?locationId=" + locationID
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Version", "2021-07-28")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", otherClient)
	response, err := api.Transport().RoundTrip(r)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// requestsBy counts the provider's requests: those that were carried out, and those refused with 429.
func requestsBy(api *sandbox.Sandbox) (answered, refused int) {
	for _, r := range api.Requests() {
		switch {
		case r.Header.Get("User-Agent") == otherClient:
		case r.Status == http.StatusTooManyRequests:
			refused++
		default:
			answered++
		}
	}
	return answered, refused
}

// least is how long the limit alone makes the creates take: it lets the first ones through at once. With another client
// that is an estimate, since a burst at the begin of a window may leave it less than its share.
func (c applyCase) least() time.Duration {
	left := c.limit.Max * (100 - c.others) / 100
	return time.Duration((c.creates-1)/left) * c.limit.Interval
}

func (c applyCase) figures(runs []applyRun) []figure {
	var times []time.Duration
	var overLimit []float64
	var worst applyRun
	answered := 0
	for _, r := range runs {
		answered = max(answered, r.answered)
		if r.refused >= worst.refused {
			worst = r
		}
		times = append(times, r.apply.Took)
		overLimit = append(overLimit, r.apply.Took.Seconds()/(c.least()+r.floor.Took).Seconds())
	}
	mayBeRefused := c.refused * (worst.answered + worst.refused) / 100
	return []figure{
		count(columnRequests, answered).atMost(float64(c.requests)),
		count(columnRefused, worst.refused).atMost(float64(mayBeRefused)),
		seconds(columnTime, median(times)),
		ratio(columnOverLimit, median(overLimit)).within(c.overLimit),
	}
}
