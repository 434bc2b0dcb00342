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

// When a process ends, the log contains one line for each sub-account with the number of its requests. A long wait for the
// rate limit is logged while it lasts.
func TestAccUsage(t *testing.T) {
	a := newSandboxAccount(t, func(o *sandbox.Options) { o.RateLimit = sandbox.RateLimit{Max: 5, Interval: 5 * time.Second} })
	configuration := "provider \"ghl\" {}\n"
	for i := range 6 {
		name := fmt.Sprintf("kind_%d", i)
		configuration += contacts(name, a.key(name), "One "+name, "Other")
	}
	e := a.engine(configuration)
	e.env["TF_LOG_PROVIDER"] = "DEBUG"
	e.env["TF_LOG_PATH"] = filepath.Join(e.dir, "provider.log")
	told := func(command string, daily, requests, shared int) {
		t.Helper()
		var got []string
		for line := range strings.Lines(e.read("provider.log")) {
			if strings.Contains(line, "HighLevel API usage") {
				got = append(got, regexp.MustCompile(`\b(daily_remaining|location_id|rate_limited|requests|shared_answers)=\S+`).FindAllString(line, -1)...)
			}
		}
		slices.Sort(got)
		want := fmt.Sprintf("daily_remaining=%d location_id=loc-school rate_limited=0 requests=%d shared_answers=%d", daily, requests, shared)
		if strings.Join(got, " ") != want {
			t.Errorf("%s shows %q, want %q", command, got, want)
		}
		e.write("provider.log", "")
		a.forget()
	}

	e.succeeds("plan", "-no-color", "-out=saved.tfplan")
	planned := len(a.requests()) // the number of requests depends on the timing of the six reads
	told("the plan", 200_000-planned, planned, 0)

	e.succeeds("apply", "-no-color", "saved.tfplan")
	if log := e.read("provider.log"); !strings.Contains(log, "[INFO]") || !strings.Contains(log, "waiting for the rate limit") && !strings.Contains(log, "waited for the rate limit") {
		t.Error("no line at INFO mentions the wait for the rate limit")
	}
	applied := len(a.requests()) // six creates and the lookups of their keys, which are more requests than one interval allows
	for _, r := range a.requests() {
		if r.Status == 429 {
			t.Errorf("%s %s was refused for the rate limit", r.Method, r.Path)
		}
	}
	told("the apply", 200_000-planned-applied, applied, 0)

	// The plan reads six associations: the first by its id, and the other five from one page.
	a.sandbox.SetRateLimit(sandbox.RateLimit{Unlimited: true})
	e.plansNothing()
	told("the empty plan", 200_000, 2, 5)
}
