package ghl

import (
	"context"
	"math/rand/v2"
	"time"
)

// Clock reads the time, waits, and randomizes the length of waits. Tests replace it.
type Clock struct {
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error // ends early, with the cause of ctx, when ctx ends
	Jitter func() float64                                   // in [0, 1)
}

// SystemClock is the machine's clock.
func SystemClock() Clock {
	return Clock{Now: time.Now, Sleep: sleep, Jitter: rand.Float64}
}

// OrSystem fills unset fields from SystemClock.
func (c Clock) OrSystem() Clock {
	system := SystemClock()
	if c.Now == nil {
		c.Now = system.Now
	}
	if c.Sleep == nil {
		c.Sleep = system.Sleep
	}
	if c.Jitter == nil {
		c.Jitter = system.Jitter
	}
	return c
}

func sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
