package provider_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// When a process ends, one line for each sub-account tells what it has spent. A long
// wait for the budget is told while it lasts.
func TestAccUsage(t *testing.T) {
	a := newSandboxAccount(t, func(o *sandbox.Options) { o.RateLimit = sandbox.RateLimit{Max: 5, Interval: 5 * time.Second} })
	configuration := "provider \"ghl\" {}\n"
	for i := range 6 {
		name := fmt.Sprintf("kind_%d", i)
		configuration += contacts(name, a.key(name), "One", "Other")
	}
	e := a.engine(configuration)
	e.env["TF_LOG_PROVIDER"] = "DEBUG"
	e.env["TF_LOG_PATH"] = filepath.Join(e.dir, "provider.log")
	lines := func() []string {
		t.Helper()
		var found []string
		for line := range strings.Lines(e.read("provider.log")) {
			if strings.Contains(line, "HighLevel API usage") {
				found = append(found, regexp.MustCompile(`\b(daily_remaining|location_id|rate_limited|requests|shared_answers)=\S+`).FindAllString(line, -1)...)
			}
		}
		e.write("provider.log", "")
		return found
	}

	// Two calls of the plan and two of the apply, which is another process, find out
	// which keys are free, and six create: more than one interval allows.
	e.apply()
	if log := e.read("provider.log"); !strings.Contains(log, "[INFO]") || !strings.Contains(log, "waiting for the rate limit") && !strings.Contains(log, "waited for the rate limit") {
		t.Error("no line at INFO tells of the wait for the rate limit")
	}
	if n := len(a.requests()); n != 10 {
		t.Errorf("%d requests, want 10", n)
	}
	for _, r := range a.requests() {
		if r.Status == 429 {
			t.Errorf("%s %s was refused for the rate limit", r.Method, r.Path)
		}
	}
	want := []string{
		"daily_remaining=199990", "daily_remaining=199998", "location_id=loc-school", "location_id=loc-school",
		"rate_limited=0", "rate_limited=0", "requests=2", "requests=8", "shared_answers=0", "shared_answers=0",
	}
	got := lines()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("an apply tells %q, want %q", got, want)
	}

	a.sandbox.SetRateLimit(sandbox.RateLimit{Unlimited: true})
	// Six reads: the first asks for its one row, a page answers the others.
	a.forget()
	e.plansNothing()
	if n := len(a.requests()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
	want = []string{"daily_remaining=200000", "location_id=loc-school", "rate_limited=0", "requests=2", "shared_answers=5"}
	got = lines()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("a plan tells %q, want %q", got, want)
	}
}
