package ghl

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestSystemClock(t *testing.T) {
	t.Parallel()
	clock := Clock{}.OrSystem()
	for range 1000 {
		if jitter := clock.Jitter(); jitter < 0 || jitter >= 1 {
			t.Fatalf("jitter %f", jitter)
		}
	}
	fake := newFakeClock().clock()
	if got := fake.OrSystem(); !got.Now().Equal(fake.Now()) {
		t.Error("OrSystem replaced a clock that was set")
	}
}

func TestSystemClockSleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clock, begun := SystemClock(), time.Now()
		if err := clock.Sleep(t.Context(), 30*time.Second); err != nil || time.Since(begun) != 30*time.Second {
			t.Errorf("slept %s, %v", time.Since(begun), err)
		}
		begun = time.Now()
		for _, d := range []time.Duration{0, -time.Second} {
			if err := clock.Sleep(t.Context(), d); err != nil || time.Since(begun) != 0 {
				t.Errorf("slept %s, %v", time.Since(begun), err)
			}
		}

		ended := errors.New("the operation's time is up")
		ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Second, ended)
		defer cancel()
		if err := clock.Sleep(ctx, 30*time.Second); !errors.Is(err, ended) || time.Since(begun) != 5*time.Second {
			t.Errorf("slept %s, %v", time.Since(begun), err)
		}
		if err := clock.Sleep(ctx, 0); !errors.Is(err, ended) {
			t.Errorf("sleep of 0 after the context ended: %v", err)
		}
	})
}
