package ghl

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
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
func retried(next exchange, maxRetries int, clock Clock) exchange {
	return func(ctx context.Context, r request) (response, error) {
		for attempt := 0; ; attempt++ {
			answer, err := next(ctx, r)
			if err == nil || attempt >= maxRetries || !mayRepeat(r, err) {
				return answer, err
			}
			if clock.Sleep(ctx, retryWait(attempt, clock.Jitter())) != nil {
				return answer, err
			}
		}
	}
}

func mayRepeat(r request, err error) bool {
	var failure *Error
	if !errors.As(err, &failure) || failure.Ambiguous && !r.replayable() {
		return false
	}
	switch failure.Kind {
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

// The documented window of the rate limit, and the first wait where a 429 does
// not say how long.
const (
	rateLimitInterval  = 10 * time.Second
	firstRateLimitWait = time.Second
	longestAskedWait   = 24 * time.Hour
	maxRateLimitWaits  = 1000
)

// rateLimited waits a 429 out. It spends no retry and repeats any call: a refused
// request was not carried out. The operation's own timeout bounds the waiting.
func rateLimited(next exchange, clock Clock, logger *slog.Logger) exchange {
	return func(ctx context.Context, r request) (response, error) {
		for waits := 0; ; waits++ {
			answer, err := next(ctx, r)
			if KindOf(err) != RateLimited || waits >= maxRateLimitWaits {
				return answer, err
			}
			wait := rateLimitWait(answer.header, waits, clock)
			if deadline, ok := ctx.Deadline(); ok && clock.Now().Add(wait).After(deadline) {
				return answer, err
			}
			logger.LogAttrs(ctx, slog.LevelDebug, "waiting for the rate limit",
				slog.String("location_id", r.locationID), slog.Duration("wait", wait))
			if clock.Sleep(ctx, wait) != nil {
				return answer, err
			}
		}
	}
}

// rateLimitWait is what the server asks for, else the limit's interval, else a
// second, doubling, up to the interval.
func rateLimitWait(header http.Header, waits int, clock Clock) time.Duration {
	if wait, ok := retryAfter(header.Get("Retry-After"), clock.Now()); ok {
		return wait
	}
	if wait, ok := askedWait(header.Get("X-RateLimit-Interval-Milliseconds"), time.Millisecond); ok {
		return wait
	}
	return min(firstRateLimitWait<<min(waits, 10), rateLimitInterval)
}

// retryAfter reads a Retry-After of either form: seconds or an HTTP date. It
// reports false for one that asks for no wait, or for an absurd one: obeyed, the
// first would send a thousand requests in a row.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if date, err := http.ParseTime(value); err == nil {
		wait := date.Sub(now)
		return wait, wait > 0 && wait <= longestAskedWait
	}
	return askedWait(value, time.Second)
}

// askedWait reads a number of units, under the same bounds.
func askedWait(value string, unit time.Duration) (time.Duration, bool) {
	number, err := strconv.Atoi(value)
	ok := err == nil && number > 0 && number <= int(longestAskedWait/unit)
	if !ok {
		return 0, false
	}
	return time.Duration(number) * unit, true
}
