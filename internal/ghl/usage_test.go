package ghl

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// With a real clock, time passes between two readings. The usage does not count this time
// as a wait.
func TestUsageOfCallsThatNeedNotWait(t *testing.T) {
	t.Parallel()
	clock := newFakeClock().clock()
	now := clock.Now()
	client := newTestClient(t, answering(200, associationJSON), func(c *Config) {
		c.Clock = clock
		c.Clock.Now = func() time.Time {
			now = now.Add(time.Microsecond)
			return now
		}
	})
	for range 3 {
		if err := readAssociation(t.Context(), client); err != nil {
			t.Fatal(err)
		}
	}
	if got := client.Usage()[0]; got.Requests != 3 || got.Waits != 0 || got.Waited != 0 {
		t.Errorf("got %+v, want three requests without a wait", got)
	}
}

// asking is a log handler that reads the usage for each log line. Reading the usage needs
// every lock.
type asking struct {
	slog.Handler

	usage func()
	lines int
}

func (a *asking) Handle(_ context.Context, record slog.Record) error {
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		a.usage()
	}()
	select {
	case <-answered:
	case <-time.After(5 * time.Second):
		panic("a lock is held while logging: " + record.Message)
	}
	if record.Level == slog.LevelInfo && strings.Contains(record.Message, "rate limit") {
		a.lines++
	}
	return nil
}

func (a *asking) Enabled(context.Context, slog.Level) bool { return true }

func TestNoLockIsHeldWhileALineIsLogged(t *testing.T) {
	t.Parallel()
	log := &asking{}
	transport := changing(answers(429, "", "Retry-After", "60"), answers(200, associationJSON))
	client := newTestClient(t, transport, func(c *Config) { c.Logger = slog.New(log) })
	log.usage = func() { client.Usage() }
	if err := readAssociation(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if log.lines != 1 {
		t.Errorf("%d lines report the wait, want 1", log.lines)
	}
}

// progressLine matches the lines that TestProgress checks.
var progressLine = regexp.MustCompile(`(?m)^level=INFO msg="progress.*\n`)

// At INFO, the log reports a wait of more than a few seconds, with the sub-account, the
// duration and the number of waiting calls. The same wait is reported only once.
func TestRateLimiterTellsLongWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		client := newBudgetServer(t, sandbox.RateLimit{Max: 10}).process(func(c *Config) {
			c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo, ReplaceAttr: timeless}))
		})
		if err := errors.Join(together(12, func(int) error { return lookUp(t.Context(), client, school) })...); err != nil {
			t.Error(err)
		}
		want := `level=INFO msg="waiting for the rate limit" location_id=loc-school wait=10s waited=0s waiting=2
level=INFO msg="waited for the rate limit" location_id=loc-school waited=10s waiting=0
`
		if got := progressLine.ReplaceAllString(log.String(), ""); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
		usage := client.Usage()[0]
		if usage.Requests != 12 || usage.Waits != 2 || usage.Waited.Round(time.Second) != 20*time.Second {
			t.Errorf("usage %+v, want 12 requests and 2 waits of 20 s in all", usage)
		}
	})
}
