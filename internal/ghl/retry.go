package ghl

import (
	"context"
	"sync"
	"time"
)

// Waits between the repeats of a call: half a second, doubling, at most half a
// minute, each shortened by up to a half so that callers spread out.
const (
	firstRetryWait = 500 * time.Millisecond
	maxRetryWait   = 30 * time.Second
)

// retried repeats a call that failed in passing. A POST is repeated only when it
// provably did not run: nothing in the API keeps it from doing its work twice.
//
// Where a call of the same sub-account, or of the agency, has used up its repeats,
// and none has succeeded since, a call is made once: a refresh of a thousand
// resources, ten at a time, would otherwise take an hour to say that HighLevel is down.
func retried(next exchange, maxRetries int, clock Clock) exchange {
	var down sync.Map // by owner
	return func(ctx context.Context, r request) (response, error) {
		for attempt := 0; ; attempt++ {
			answer, err := next(ctx, r)
			if err == nil {
				down.Delete(r.owner())
			}
			if err == nil || !mayRepeat(r, err) {
				return answer, err
			}
			if attempt >= maxRetries {
				down.Store(r.owner(), true)
			}
			if _, isDown := down.Load(r.owner()); isDown || clock.Sleep(ctx, retryWait(attempt, clock.Jitter())) != nil {
				return answer, err
			}
		}
	}
}

func mayRepeat(r request, err error) bool {
	if IsAmbiguous(err) && !r.replayable() {
		return false
	}
	switch KindOf(err) {
	case Network, Unavailable, Malformed:
		return true
	default:
		return false
	}
}

func retryWait(attempt int, jitter float64) time.Duration {
	wait := min(firstRetryWait<<min(attempt, 10), maxRetryWait)
	return wait - time.Duration(jitter*float64(wait)/2)
}
