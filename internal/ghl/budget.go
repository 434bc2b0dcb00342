package ghl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"slices"
	"sort"
	"sync"
	"time"
)

const (
	rateLimitInterval = 10 * time.Second // as documented

	// margin is added to the age at which a call stops counting, for clocks that
	// tick unevenly. The network needs none: a call is dated by its answer, which
	// the server cannot have counted later.
	margin = 50 * time.Millisecond

	// askingTime is how long one call may keep the others waiting while it finds out
	// what the server has left.
	askingTime = time.Second

	// longWait is from when on a wait is worth telling whoever watches the log.
	longWait = 3 * time.Second

	firstRateLimitWait = time.Second // where a 429 does not say how long
	maxRateLimitWaits  = 1000        // 429s that one call waits out

	// spentDayRest is how long a spent daily budget is taken for granted: what fails
	// meanwhile sends nothing.
	spentDayRest = time.Minute
)

// rateLimited lets a call begin when the budget of its sub-account allows it, and
// waits a 429 out. That spends no retry and repeats any call: a refused request was
// not carried out. The operation's own timeout bounds the waiting.
func rateLimited(next exchange, budgets *budgets) exchange {
	return func(ctx context.Context, r request) (response, error) {
		budget := budgets.of(r)
		var answer response
		var failure error
		for range 1 + maxRateLimitWaits {
			begun, err := budget.begin(ctx, r)
			switch {
			case err != nil && failure == nil:
				return answer, err
			case err != nil && KindOf(err) != DailyLimit:
				return answer, toldWhy(failure, err) // what the server said tells more
			case err != nil:
				return answer, err
			}
			answer, failure = next(ctx, r)
			budget.end(begun, answer, failure)
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

// budgets keeps the sub-accounts apart: none waits for another's budget, nor for
// what is spent of the agency's.
type budgets struct {
	clock  Clock
	logger *slog.Logger
	most   int // calls in 10 seconds that each may have at most

	mu  sync.Mutex
	all map[owner]*budget
}

// owner is whose budget it is: a sub-account's, or, without an id, the agency's,
// which all calls of /oauth/… share.
type owner struct{ locationID string }

func (o owner) String() string {
	if o.locationID == "" {
		return "the agency"
	}
	return "the sub-account"
}

func (r request) owner() owner {
	if r.isAgencys {
		return owner{}
	}
	return owner{r.locationID}
}

func newBudgets(config Config) *budgets {
	return &budgets{clock: config.Clock, logger: config.Logger, most: config.MostRequests, all: map[owner]*budget{}}
}

func (b *budgets) of(r request) *budget {
	whose := r.owner()
	b.mu.Lock()
	defer b.mu.Unlock()
	budget := b.all[whose]
	if budget == nil {
		budget = newBudget(whose, b.most, b.clock, b.logger)
		b.all[whose] = budget
	}
	return budget
}

func (b *budgets) usage() []Usage {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []Usage
	for _, whose := range slices.SortedFunc(maps.Keys(b.all), func(a, b owner) int { return cmp.Compare(a.locationID, b.locationID) }) {
		budget := b.all[whose]
		budget.mu.Lock()
		list = append(list, budget.usage)
		budget.mu.Unlock()
	}
	return list
}

// budget is what may be spent of one sub-account's rate limit. Three things must
// allow a call: our own calls of the last interval, each of which counts until an
// interval after its answer; what the server last said is left, for others, and
// the process before this one, spend from it too; and no 429 that is still to be
// waited out. Where nothing is known of the server, one call goes ahead of the
// others and finds out.
type budget struct {
	owner  owner
	clock  Clock
	logger *slog.Logger

	mu       sync.Mutex
	queue    []*waiter // who wants to call, first come first served; the first one minds the clock
	wake     func()    // ends the first one's wait, where it has begun one
	own      limit     // the limit that the user set
	servers  limit     // the limit that the server tells
	ended    []time.Time
	underWay int
	said     remaining
	silent   bool      // the last answer said nothing of the limit
	refused  bool      // the last answer was a 429: one call goes first
	parked   time.Time // no call before then: a 429 is waited out
	parkedAt time.Time // when that was last decided
	refusal  string    // what the 429 said
	strikes  int       // 429s in a row
	spread   time.Time // until then calls keep a distance from one another
	last     time.Time // when the last call began
	daySpent time.Time // until then the daily budget counts as spent
	usage    Usage
}

// Usage is what a client has spent of one sub-account's budget.
type Usage struct {
	LocationID     string        // "" for the agency: its calls of /oauth/…
	Requests       int           // sent, repeats and refused ones included
	RateLimited    int           // of those, the ones answered 429
	Waits          int           // requests that had to wait for the budget
	Waited         time.Duration // all in all
	DailyRemaining int           // as the server last told; -1 where it did not
}

// limit is so many calls in any span of time.
type limit struct {
	most int
	span time.Duration
}

// remaining is what the server last said is left of its budget.
type remaining struct {
	calls int
	at    time.Time // when it was heard; zero for never
	again time.Time // when the next of our own calls it may have counted stops counting
}

// waiter is a call that has not begun.
type waiter struct {
	since  time.Time
	turn   chan struct{} // closed when it is first in the queue
	held   bool          // it could not begin at once
	told   bool          // the log knows of the wait
	behind int           // calls that waited when it left the queue
}

func newBudget(whose owner, most int, clock Clock, logger *slog.Logger) *budget {
	documented := limit{most: most, span: rateLimitInterval}
	return &budget{
		owner: whose, clock: clock, logger: logger, own: documented, servers: documented,
		usage: Usage{LocationID: whose.locationID, DailyRemaining: -1},
	}
}

// begin waits until a call may be sent, counts it as under way and returns when it
// began. The error, an *Error, says why it never may: the operation was interrupted,
// its time would be up first, or the day's budget is spent.
func (b *budget) begin(ctx context.Context, r request) (time.Time, error) {
	if ctx.Err() != nil {
		return time.Time{}, r.fail(Interrupted, context.Cause(ctx))
	}
	w := b.join()
	now, err := b.await(ctx, r, w)
	b.leave(w)
	if err == nil {
		b.tellWaited(ctx, w, now)
	}
	return now, err
}

// join takes a place in the queue.
func (b *budget) join() *waiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &waiter{since: b.clock.Now(), turn: make(chan struct{}), held: len(b.queue) > 0}
	b.queue = append(b.queue, w)
	if !w.held {
		close(w.turn)
	}
	return w
}

// leave takes a waiter out of the queue, and hands the first place on.
func (b *budget) leave(w *waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	first := b.queue[0] == w
	b.queue = slices.DeleteFunc(b.queue, func(other *waiter) bool { return other == w })
	w.behind = len(b.queue)
	if first && len(b.queue) > 0 {
		close(b.queue[0].turn)
	}
}

// await waits for the first place in the queue, and then until a call may begin.
func (b *budget) await(ctx context.Context, r request, w *waiter) (time.Time, error) {
	select {
	case <-w.turn:
	case <-ctx.Done():
	}
	for {
		p := b.tryBegin(ctx, r, w)
		if p.err != nil || p.wait == 0 {
			return p.now, p.err
		}
		b.tellWaiting(ctx, w, p)
		if err := b.sleep(p); err != nil {
			return time.Time{}, r.fail(Interrupted, err)
		}
	}
}

// pause is what keeps the first in the queue from beginning: a failure, or a wait that
// the end of a call may cut short. It has neither once the call has begun.
type pause struct {
	now     time.Time
	err     error
	wait    time.Duration
	waiting int             // calls in the queue
	until   context.Context // ends when it is woken
	end     context.CancelFunc
}

// tryBegin counts a call as under way if it may begin.
func (b *budget) tryBegin(ctx context.Context, r request, w *waiter) pause {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	if err := b.mayNever(ctx, r, w, now); err != nil {
		return pause{err: err}
	}
	wait := b.next(now)
	if wait == 0 {
		b.count(w, now)
		return pause{now: now}
	}
	mayShorten := b.underWay > 0 && !now.Before(b.parked) // by an answer
	if deadline, ok := lastDeadline(ctx); ok && !mayShorten && now.Add(wait).After(deadline) {
		return pause{err: b.outlasts(r, wait, now)}
	}
	w.held = true
	p := pause{now: now, wait: wait, waiting: len(b.queue)}
	p.until, p.end = context.WithCancel(ctx)
	b.wake = p.end
	return p
}

// count takes in a call that begins.
func (b *budget) count(w *waiter, now time.Time) {
	b.underWay++
	b.last = now
	b.usage.Requests++
	if waited := now.Sub(w.since); w.held && waited > 0 {
		b.usage.Waits++
		b.usage.Waited += waited
	}
}

// mayNever is the failure of a call that no wait would let begin.
func (b *budget) mayNever(ctx context.Context, r request, w *waiter, now time.Time) error {
	if ctx.Err() != nil {
		return b.gaveUp(ctx, r, w, now)
	}
	if now.Before(b.daySpent) {
		failure := r.fail(DailyLimit, nil)
		failure.Message = fmt.Sprintf("%s's daily budget of calls was found spent by an earlier call", b.owner)
		return failure
	}
	return nil
}

// gaveUp is the failure of a call whose operation ended while it waited. The rate limit
// is to blame only if it made the call wait.
func (b *budget) gaveUp(ctx context.Context, r request, w *waiter, now time.Time) *Error {
	if waited := now.Sub(w.since); errors.Is(ctx.Err(), context.DeadlineExceeded) && (waited >= firstRateLimitWait || now.Before(b.parked)) {
		return b.limited(r, now, fmt.Errorf("no call of %s's budget came free in the operation's time: %w", b.owner, context.Cause(ctx)))
	}
	return r.fail(Interrupted, context.Cause(ctx))
}

// outlasts is the failure of a call that would have to wait for longer than its
// operation may take. The wait is not begun.
func (b *budget) outlasts(r request, wait time.Duration, now time.Time) *Error {
	return b.limited(r, now, fmt.Errorf("the next call of %s's budget comes free in %s, after the operation's time is up", b.owner, wait.Round(time.Second)))
}

// limited is the failure of a call that waited in vain. It tells what the server said
// to the call that all wait for.
func (b *budget) limited(r request, now time.Time, cause error) *Error {
	failure := r.fail(RateLimited, cause)
	if now.Before(b.parked) {
		failure.Message = "an earlier call was answered 429: " + b.refusal
	}
	return failure
}

// untilAnAnswer is the wait of a call that only the end of one under way lets begin.
const untilAnAnswer = time.Duration(math.MaxInt64)

// sleep waits for a while, for the end of a call, or for the operation to end. The
// error is that of a clock that refuses to wait.
func (b *budget) sleep(p pause) (err error) {
	defer p.end()
	if p.wait == untilAnAnswer {
		<-p.until.Done()
	} else if err = b.clock.Sleep(p.until, p.wait); p.until.Err() != nil {
		err = nil // woken, or interrupted: mayNever tells which
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wake = nil
	return err
}

// next tells how long the first in the queue has to wait; 0 lets it begin.
func (b *budget) next(now time.Time) time.Duration {
	b.forget(now)
	for _, wait := range []time.Duration{
		b.parked.Sub(now),
		b.distance(now),
		b.room(b.own, now),
		b.room(b.servers, now),
		b.left(now),
	} {
		if wait > 0 {
			return wait
		}
	}
	return 0
}

// forget drops what is too old to count in any window.
func (b *budget) forget(now time.Time) {
	span := max(b.own.span, b.servers.span) + margin
	b.ended = slices.Delete(b.ended, 0, b.olderThan(now.Add(-span)))
}

// olderThan counts the calls that ended at t or before.
func (b *budget) olderThan(t time.Time) int {
	return sort.Search(len(b.ended), func(i int) bool { return b.ended[i].After(t) })
}

// distance keeps calls apart for an interval after a 429: all who waited for it
// would otherwise begin at once.
func (b *budget) distance(now time.Time) time.Duration {
	if !now.Before(b.spread) {
		return 0
	}
	return b.last.Add(b.servers.span / time.Duration(b.servers.most)).Sub(now)
}

// room is the wait until our own calls leave room in a window.
func (b *budget) room(l limit, now time.Time) time.Duration {
	recent := b.ended[b.olderThan(now.Add(-l.span-margin)):]
	excess := len(recent) + b.underWay - l.most + 1
	switch {
	case excess <= 0:
		return 0
	case excess > len(recent):
		return untilAnAnswer
	default:
		return recent[excess-1].Add(l.span + margin).Sub(now)
	}
}

// left is the wait until the server has calls left. Calls under way may not have
// been counted when it said how many. Where it has not spoken for an interval, had
// none left or has just refused one, one call goes alone and finds out.
func (b *budget) left(now time.Time) time.Duration {
	isKnown := b.silent || now.Sub(b.said.at) < b.servers.span
	switch {
	case !b.refused && isKnown && (b.silent || b.said.calls > b.underWay):
		return 0
	case b.underWay == 0 && (b.refused || !isKnown):
		return 0
	case b.underWay == 0:
		return max(0, b.said.again.Sub(now))
	case b.refused:
		return untilAnAnswer
	case isKnown:
		return b.said.at.Add(b.servers.span).Sub(now) // or until an answer
	default:
		return max(0, b.last.Add(askingTime).Sub(now)) // or until an answer
	}
}

// end counts a call as over, and learns from its answer, if one came.
func (b *budget) end(begun time.Time, answer response, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	b.underWay--
	b.ended = append(b.ended, now)
	b.forget(now)
	if answer.status != 0 {
		b.hear(begun, now, readQuota(answer.header, now), err)
	}
	if b.wake != nil {
		b.wake()
	}
}

// hear takes in what an answer says of the limit, and whether it refuses the call.
func (b *budget) hear(begun, now time.Time, q quota, err error) {
	b.learn(begun, now, q)
	switch KindOf(err) {
	case RateLimited:
		b.park(begun, now, q)
		if failure, ok := errors.AsType[*Error](err); ok {
			b.refusal = failure.Message
		}
	case DailyLimit:
		b.usage.RateLimited++
		b.daySpent = now.Add(min(cmp.Or(q.reset, spentDayRest), spentDayRest))
	default:
		if !begun.Before(b.parkedAt) { // else it tells of the time before the refusal
			b.refused, b.strikes = false, 0
		}
	}
}

// learn takes in the numbers of an answer. Answers overtake one another: of two calls
// that were under way together, the one with less left was counted later.
func (b *budget) learn(begun, now time.Time, q quota) {
	b.servers = limit{most: cmp.Or(q.max, b.servers.most), span: cmp.Or(q.interval, b.servers.span)}
	b.silent = q.remaining < 0
	isLater := !begun.Before(b.said.at) || now.Sub(b.said.at) >= b.servers.span
	if q.daily >= 0 && (isLater || q.daily < b.usage.DailyRemaining) {
		b.usage.DailyRemaining = q.daily
	}
	if !b.silent && (isLater || q.remaining < b.said.calls) {
		age := b.servers.span + margin
		oldest := b.ended[b.olderThan(now.Add(-age))]
		b.said = remaining{calls: q.remaining, at: now, again: oldest.Add(age)}
	}
}

// park stops all calls after a 429: for as long as the server asks, else for its
// interval, else for a second, doubling, up to the documented interval. Calls that
// were under way together count as one refusal.
func (b *budget) park(begun, now time.Time, q quota) {
	b.usage.RateLimited++
	if !begun.Before(b.parkedAt) {
		b.strikes++
	}
	doubling := min(firstRateLimitWait<<min(b.strikes-1, 10), rateLimitInterval)
	until := now.Add(cmp.Or(q.wait, q.interval, doubling))
	if until.After(b.parked) {
		b.parked = until
	}
	b.parkedAt = now
	b.spread = b.parked.Add(b.servers.span)
	b.refused = true
}

// tellWaiting logs a wait that is about to begin. Like tellWaited, it is called without
// the lock: whoever takes the log down may be slow.
func (b *budget) tellWaiting(ctx context.Context, w *waiter, p pause) {
	if p.wait < firstRateLimitWait || p.wait == untilAnAnswer {
		return
	}
	level := slog.LevelDebug
	waited := p.now.Sub(w.since)
	if !w.told && waited+p.wait >= longWait {
		level, w.told = slog.LevelInfo, true
	}
	b.logger.LogAttrs(ctx, level, "waiting for the rate limit", slog.String("location_id", b.owner.locationID),
		slog.Duration("wait", p.wait), slog.Duration("waited", waited), slog.Int("waiting", p.waiting))
}

// tellWaited logs a long wait that has ended, unless the log knows of it.
func (b *budget) tellWaited(ctx context.Context, w *waiter, now time.Time) {
	waited := now.Sub(w.since)
	if w.held && waited >= longWait && !w.told {
		b.logger.LogAttrs(ctx, slog.LevelInfo, "waited for the rate limit", slog.String("location_id", b.owner.locationID),
			slog.Duration("waited", waited), slog.Int("waiting", w.behind))
	}
}
