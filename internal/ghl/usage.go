package ghl

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"
)

const (
	leastWait = time.Millisecond // the shortest wait that counts as a wait
	longWait  = 3 * time.Second  // the shortest wait that is logged at INFO
)

// Usage is what a client has spent of the budget of a sub-account or the agency.
type Usage struct {
	LocationID     string        // "" for the agency, which makes the calls of /oauth/…
	Requests       int           // sent, including retries and refused requests
	RateLimited    int           // requests that were answered 429
	Waits          int           // requests that had to wait for the budget
	Waited         time.Duration // in total
	DailyRemaining int           // as last reported; -1 if the server did not report it
}

// Usage returns what the client has spent of each budget: first the agency's, then the
// sub-accounts', sorted by id.
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

// wait describes how long a call waits for the rate limit.
type wait struct {
	since time.Time
	now   time.Time     // when tryBegin last checked whether the call may begin
	pause time.Duration // how long to wait after now; 0 if the call has begun
	told  bool          // the wait has been logged
}

// begun counts a call that begins. A wait shorter than leastWait is not counted, because a
// little time always passes.
func (u *Usage) begun(w *wait) {
	u.Requests++
	if waited := w.now.Sub(w.since); waited >= leastWait {
		u.Waits++
		u.Waited += waited
	}
}

// tellWaiting logs a wait that is about to begin. It does not hold the lock, because the
// logger may be slow.
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

// tellWaited logs a long wait that has ended, unless tellWaiting logged it at INFO.
func (l *rateLimiter) tellWaited(ctx context.Context, w wait) {
	if waited := w.now.Sub(w.since); waited >= longWait && !w.told {
		l.logger.LogAttrs(ctx, slog.LevelInfo, "waited for the rate limit", slog.String("location_id", l.locationID),
			slog.Duration("waited", waited), slog.Int("waiting", int(l.waiting.Load())))
	}
}
