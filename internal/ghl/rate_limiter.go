package ghl

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const maxRateLimitWaits = 1000 // maximum number of times that a call waits after a 429 and is sent again

// rateLimited sends a call when the rate limit of its sub-account allows it. After a 429,
// it waits and sends the call again, whatever its method, because the server did not carry
// out the refused request. These repeats do not count as retries. The timeout of the
// operation limits the wait.
func rateLimited(next handler, limiters *rateLimiters) handler {
	return func(ctx context.Context, r request) (response, error) {
		limiter := limiters.of(r)
		var answer response
		var failure error
		for range 1 + maxRateLimitWaits {
			begun, err := limiter.begin(ctx, r)
			if err != nil && failure != nil && KindOf(err) != DailyLimit {
				err = toldWhy(failure, err) // the server's message explains more
			}
			if err != nil {
				return answer, err
			}
			answer, failure = next(ctx, r)
			limiter.end(begun, answer, failure)
			if KindOf(failure) != RateLimited {
				break
			}
		}
		return answer, failure
	}
}

// toldWhy adds to the failure of a 429 the reason why the call was not sent again.
func toldWhy(refusal, waiting error) error {
	said, ok := errors.AsType[*Error](refusal)
	why, isLimit := errors.AsType[*Error](waiting)
	if ok && isLimit && why.Kind == RateLimited {
		said.Err = why.Err
	}
	return refusal
}

// rateLimiters holds a rate limiter for each sub-account and one for the agency, because
// each has its own budget.
type rateLimiters struct {
	clock  Clock
	logger *slog.Logger
	most   int // calls per 10 seconds for each rate limiter

	mu  sync.Mutex
	all map[string]*rateLimiter // keyed by owner
}

// owner returns the sub-account whose budget the request spends. It returns "" for calls of
// /oauth/…, which share the agency's budget.
func (r request) owner() (locationID string) {
	if r.isAgencys {
		return ""
	}
	return r.locationID
}

func newRateLimiters(config Config) *rateLimiters {
	return &rateLimiters{clock: config.Clock, logger: config.Logger, most: config.MostRequests, all: map[string]*rateLimiter{}}
}

func (l *rateLimiters) of(r request) *rateLimiter {
	id, whose := r.owner(), "the sub-account"
	if id == "" {
		whose = "the agency"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.all[id]
	if limiter == nil {
		limiter = &rateLimiter{
			locationID: id, owner: whose, clock: l.clock, logger: l.logger,
			turn: make(chan struct{}, 1), limit: newRateLimit(l.most), usage: Usage{LocationID: id, DailyRemaining: -1},
		}
		l.all[id] = limiter
	}
	return limiter
}

// rateLimiter lets the calls of one owner begin in order of arrival, as soon as the rate
// limit allows.
type rateLimiter struct {
	locationID string // "" for the agency
	owner      string // for messages
	clock      Clock
	logger     *slog.Logger
	turn       chan struct{} // full while a call has its turn; waiting calls get their turn in order of arrival
	waiting    atomic.Int32  // calls that have not begun

	mu    sync.Mutex
	limit rateLimit
	wake  context.CancelFunc // ends the pause of the call that has its turn
	usage Usage
}

// begin waits until a call may be sent, counts it as in progress, and returns when it
// began. It returns an *Error if the operation is interrupted, if the operation would time
// out before the call may be sent, or if the daily budget is spent.
func (l *rateLimiter) begin(ctx context.Context, r request) (time.Time, error) {
	if ctx.Err() != nil {
		return time.Time{}, r.fail(Interrupted, context.Cause(ctx))
	}
	w := wait{since: l.clock.Now()}
	err := l.await(ctx, r, &w)
	if err == nil {
		l.tellWaited(ctx, w)
	}
	return w.now, err
}

// await waits for the call's turn, and then until the call may begin.
func (l *rateLimiter) await(ctx context.Context, r request, w *wait) error {
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done(): // tryBegin reports this
	}
	for {
		if err := l.tryOrPause(ctx, r, w); err != nil || w.pause == 0 {
			return err
		}
	}
}

// tryOrPause lets the call begin if it may. Otherwise, it waits until the pause is over,
// another call ends, or the operation ends.
func (l *rateLimiter) tryOrPause(ctx context.Context, r request, w *wait) error {
	until, stop := context.WithCancel(ctx)
	defer stop()
	if err := l.tryBegin(ctx, r, w, stop); err != nil || w.pause == 0 {
		return err
	}
	l.tellWaiting(ctx, w)
	if w.pause == untilAnAnswer {
		<-until.Done()
		return nil
	}
	if err := l.clock.Sleep(until, w.pause); err != nil && until.Err() == nil {
		return r.fail(Interrupted, err) // the clock returned an error of its own
	}
	return nil
}

// tryBegin counts a call as in progress if it may begin. Otherwise, it sets how long to
// pause. The end of another call may shorten the pause: it calls wake.
func (l *rateLimiter) tryBegin(ctx context.Context, r request, w *wait, wake context.CancelFunc) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	w.now = l.clock.Now()
	if ctx.Err() != nil {
		return l.gaveUp(ctx, r, w)
	}
	if w.now.Before(l.limit.daySpent) {
		failure := r.fail(DailyLimit, nil)
		failure.Message = fmt.Sprintf("an earlier answer showed that %s's daily budget of calls is spent", l.owner)
		return failure
	}
	if w.pause = l.limit.wait(w.now); w.pause == 0 {
		l.limit.begin(w.now)
		l.usage.begun(w)
		return nil
	}
	mayShorten := l.limit.underWay > 0 && !w.now.Before(l.limit.parked)
	if deadline, ok := lastDeadline(ctx); ok && !mayShorten && w.now.Add(w.pause).After(deadline) {
		return l.limited(r, w, fmt.Errorf("%s's budget allows the next call in %s, after the operation times out", l.owner, w.pause.Round(time.Second)))
	}
	l.wake = wake
	return nil
}

// gaveUp returns the failure of a call whose operation ended while the call waited. The
// kind is RateLimited only if the rate limit caused the wait.
func (l *rateLimiter) gaveUp(ctx context.Context, r request, w *wait) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && (w.now.Sub(w.since) >= firstRateLimitWait || w.now.Before(l.limit.parked)) {
		return l.limited(r, w, fmt.Errorf("%s's budget allowed no call before the operation timed out: %w", l.owner, context.Cause(ctx)))
	}
	return r.fail(Interrupted, context.Cause(ctx))
}

// limited returns the failure of a call that the rate limit did not allow in time. If an
// earlier call got a 429, the failure quotes the server's message.
func (l *rateLimiter) limited(r request, w *wait, cause error) error {
	failure := r.fail(RateLimited, cause)
	if w.now.Before(l.limit.parked) {
		failure.Message = "an earlier call was answered 429: " + l.limit.refusal
	}
	return failure
}

// end counts a call as finished, and wakes the call whose turn it is, because the answer
// may let it begin.
func (l *rateLimiter) end(begun time.Time, answer response, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit.end(begun, l.clock.Now(), answer, err)
	l.usage.DailyRemaining = l.limit.daily
	if kind := KindOf(err); kind == RateLimited || kind == DailyLimit {
		l.usage.RateLimited++
	}
	if l.wake != nil {
		l.wake()
	}
}
