package ghl

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"
)

const (
	leastWait = time.Millisecond // from here on a wait counts
	longWait  = 3 * time.Second  // from here on it is worth telling whoever watches the log
)

// Usage is what a client has spent of one sub-account's budget.
type Usage struct {
	LocationID     string        // "" for the agency: its calls of /oauth/…
	Requests       int           // sent, retries and refused ones included
	RateLimited    int           // of those, the ones answered 429
	Waits          int           // requests that had to wait for the budget
	Waited         time.Duration // all in all
	DailyRemaining int           // as the server last told; -1 if it did not
}

// Usage tells what the client has spent of each sub-account's budget, in the order
// of their ids, and of the agency's, which comes first.
func (c *Client) Usage() []Usage {
	c.limiters.mu.Lock()
	defer c.limiters.mu.Unlock()
	var list []Usage
	for _, limiter := range c.limiters.all {
		limiter.mu.Lock()
		list = append(list, limiter.usage)
		limiter.mu.Unlock()
	}
	slices.SortFunc(list, func(a, b Usage) int { return cmp.Compare(a.LocationID, b.LocationID) })
	return list
}

// wait is that of one call for the rate limit.
type wait struct {
	since time.Time
	now   time.Time     // when it was last looked whether the call may begin
	pause time.Duration // how long to wait from then; 0: it has begun
	told  bool          // the log knows of it
}

// begun counts a call that begins. Time passes on a real clock without any wait, too.
func (u *Usage) begun(w *wait) {
	u.Requests++
	if waited := w.now.Sub(w.since); waited >= leastWait {
		u.Waits++
		u.Waited += waited
	}
}

// tellWaiting logs a wait that is about to begin. Like tellWaited, it is called without
// the lock: whoever takes the log down may be slow.
func (l *rateLimiter) tellWaiting(ctx context.Context, w *wait) {
	if w.pause < firstRateLimitWait || w.pause == untilAnAnswer {
		return
	}
	level := slog.LevelDebug
	waited := w.now.Sub(w.since)
	if !w.told && waited+w.pause >= longWait {
		level, w.told = slog.LevelInfo, true
	}
	l.logger.LogAttrs(ctx, level, "waiting for the rate limit", slog.String("location_id", l.locationID),
		slog.Duration("wait", w.pause), slog.Duration("waited", waited), slog.Int("waiting", int(l.waiting.Load())))
}

// tellWaited logs a long wait that has ended, unless the log knows of it.
func (l *rateLimiter) tellWaited(ctx context.Context, w wait) {
	if waited := w.now.Sub(w.since); waited >= longWait && !w.told {
		l.logger.LogAttrs(ctx, slog.LevelInfo, "waited for the rate limit", slog.String("location_id", l.locationID),
			slog.Duration("waited", waited), slog.Int("waiting", int(l.waiting.Load())))
	}
}
