package ghl

import (
	"context"
	"log/slog"
	"testing"
	"time"
)

// Time passes on a real clock between two looks at it: that is no wait.
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

// asking is a log that asks for the usage at each line, which needs every lock.
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
		panic("a lock is held while this is logged: " + record.Message)
	}
	if record.Level == slog.LevelInfo {
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
		t.Errorf("%d lines tell of the wait, want 1", log.lines)
	}
}
