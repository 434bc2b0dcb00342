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

const maxRateLimitWaits = 1000 // 429s that one call waits out

// rateLimited lets a call begin when the rate limit of its sub-account allows it, and waits
// out 429s. That spends no retry and resends any call, because a refused request was not
// carried out. The operation's own timeout bounds the wait.
func rateLimited(next handler, limiters *rateLimiters) handler {
	return func(ctx context.Context, r request) (response, error) {
		limiter := limiters.of(r)
		var answer response
		var failure error
		for range 1 + maxRateLimitWaits {
			begun, err := limiter.begin(ctx, r)
			if err != nil && failure != nil && KindOf(err) != DailyLimit {
				err = toldWhy(failure, err) // what the server said explains more
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

// toldWhy adds to a 429 why it was not waited out.
func toldWhy(refusal, waiting error) error {
	said, ok := errors.AsType[*Error](refusal)
	why, isLimit := errors.AsType[*Error](waiting)
	if ok && isLimit && why.Kind == RateLimited {
		said.Err = why.Err
	}
	return refusal
}

// rateLimiters keeps sub-accounts apart: none waits for calls that another has spent, nor
// for calls spent from the agency's budget.
type rateLimiters struct {
	clock  Clock
	logger *slog.Logger
	most   int // calls that each may make in 10 seconds

	mu  sync.Mutex
	all map[string]*rateLimiter // by owner
}

// owner is the sub-account whose budget the request spends. It is "" for the agency, whose
// budget all calls of /oauth/… share.
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
	turn       chan struct{} // full while a call has its turn; the calls that wait get it in order of arrival
	waiting    atomic.Int32  // calls that have not begun

	mu    sync.Mutex
	limit rateLimit
	wake  context.CancelFunc // ends the pause of the call that has its turn
	usage Usage
}

// begin waits until a call may be sent, counts it as under way, and returns when it began.
// The error, an *Error, says why the call may never be sent: the operation was interrupted,
// its time would run out first, or the daily budget is spent.
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

// tryOrPause lets the call begin if it may. Otherwise it waits for a while, for the end of
// a call, or for the end of the operation.
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
		return r.fail(Interrupted, err) // the clock refuses to wait
	}
	return nil
}

// tryBegin counts a call as under way if it may begin. Otherwise it sets how long to pause.
// An answer may shorten the pause by calling wake.
func (l *rateLimiter) tryBegin(ctx context.Context, r request, w *wait, wake context.CancelFunc) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	w.now = l.clock.Now()
	if ctx.Err() != nil {
		return l.gaveUp(ctx, r, w)
	}
	if w.now.Before(l.limit.daySpent) {
		failure := r.fail(DailyLimit, nil)
		failure.Message = fmt.Sprintf("an earlier call found %s's daily budget of calls spent", l.owner)
		return failure
	}
	if w.pause = l.limit.wait(w.now); w.pause == 0 {
		l.limit.begin(w.now)
		l.usage.begun(w)
		return nil
	}
	mayShorten := l.limit.underWay > 0 && !w.now.Before(l.limit.parked)
	if deadline, ok := lastDeadline(ctx); ok && !mayShorten && w.now.Add(w.pause).After(deadline) {
		return l.limited(r, w, fmt.Errorf("%s's budget allows the next call in %s, after the operation's time runs out", l.owner, w.pause.Round(time.Second)))
	}
	l.wake = wake
	return nil
}

// gaveUp is the failure of a call whose operation ended while the call waited. The rate
// limit is to blame only if it made the call wait.
func (l *rateLimiter) gaveUp(ctx context.Context, r request, w *wait) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && (w.now.Sub(w.since) >= firstRateLimitWait || w.now.Before(l.limit.parked)) {
		return l.limited(r, w, fmt.Errorf("%s's budget allowed no call in the operation's time: %w", l.owner, context.Cause(ctx)))
	}
	return r.fail(Interrupted, context.Cause(ctx))
}

// limited is the failure of a call that waited without result. It includes what the server
// said to the call that got the 429.
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
