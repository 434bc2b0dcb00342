package ghl

import (
	"context"
	"sync"
	"time"
)

// The backoff between the retries of a call begins at half a second and doubles up to half
// a minute. Each wait is randomly shortened by up to half, so that callers do not retry at
// the same time.
const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
)

// retried retries a call after a transient failure. A POST that changes something is
// retried only if the server provably did not carry it out, because a repeated POST could
// create the object twice.
//
// If a call has used up its retries, later calls for the same sub-account, or for the
// agency, are not retried until one of these calls succeeds. Otherwise, a refresh of a
// thousand resources, ten at a time, would take an hour to report that HighLevel is down.
func retried(next handler, maxRetries int, clock Clock) handler {
	var down sync.Map // by owner
	return func(ctx context.Context, r request) (response, error) {
		for attempt := 0; ; attempt++ {
			answer, err := next(ctx, r)
			if err == nil {
				down.Delete(r.owner())
			}
			if err == nil || !mayRetry(r, err) {
				return answer, err
			}
			if attempt >= maxRetries {
				down.Store(r.owner(), true)
			}
			if _, isDown := down.Load(r.owner()); isDown || clock.Sleep(ctx, backoff(attempt, clock.Jitter())) != nil {
				return answer, err
			}
		}
	}
}

func mayRetry(r request, err error) bool {
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

func backoff(attempt int, jitter float64) time.Duration {
	wait := min(firstBackoff<<min(attempt, 10), maxBackoff)
	return wait - time.Duration(jitter*float64(wait)/2)
}
