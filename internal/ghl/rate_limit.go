package ghl

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"sort"
	"time"
)

const (
	rateLimitInterval = 10 * time.Second // as documented

	// margin is added to the age at which a call stops counting, for clocks that
	// tick unevenly. The network needs none: a call is dated by its answer, which
	// the server cannot have counted later.
	margin = 50 * time.Millisecond

	// mostUnknown is how many calls may be under way while it is not known what the server
	// has left: as many as an engine makes at once. A 429 that they meet is waited out.
	mostUnknown = 10

	// askingTime is how long these may keep the others waiting for an answer.
	askingTime = time.Second

	firstRateLimitWait = time.Second // if a 429 does not say how long

	// spentDayRest is how long a spent daily budget is taken for granted: what fails
	// meanwhile sends nothing.
	spentDayRest = time.Minute

	// untilAnAnswer is the wait of a call that only the end of one under way lets begin.
	untilAnAnswer = time.Duration(math.MaxInt64)
)

// rateLimit computes from what was sent and heard how long the next call has to wait.
// Three things must allow it: our own calls of the last interval, each of which counts
// until an interval after its answer; what the server last said is left, for others, and
// the process before this one, spend from it too; and no 429 that is still to be waited
// out. It neither waits nor locks.
type rateLimit struct {
	own      window // as the user set it
	servers  window // as the server tells it
	ended    []time.Time
	underWay int
	last     time.Time // when the last call began

	said   remaining
	silent bool // the last answer said nothing of what is left
	daily  int  // left of the day's budget; -1 if the server did not tell

	refused  bool      // the last answer was a 429: one call goes first
	refusal  string    // what the 429 said
	strikes  int       // 429s in a row
	parked   time.Time // no call before then: a 429 is waited out
	parkedAt time.Time // when that was last decided
	spread   time.Time // until then calls keep a distance from one another
	daySpent time.Time // until then the daily budget counts as spent
}

// window allows so many calls in any span of time.
type window struct {
	most int
	span time.Duration
}

// remaining is what the server last said is left of its budget.
type remaining struct {
	calls int
	at    time.Time // when it was heard; zero for never
	again time.Time // when the next of our own calls it may have counted stops counting
}

func newRateLimit(most int) rateLimit {
	documented := window{most: most, span: rateLimitInterval}
	return rateLimit{own: documented, servers: documented, daily: -1}
}

// wait is how long the next call has to wait; 0 lets it begin.
func (l *rateLimit) wait(now time.Time) time.Duration {
	l.forget(now)
	for _, wait := range []time.Duration{
		l.parked.Sub(now),
		l.distance(now),
		l.room(l.own, now),
		l.room(l.servers, now),
		l.left(now),
	} {
		if wait > 0 {
			return wait
		}
	}
	return 0
}

// forget drops what is too old to count in any window.
func (l *rateLimit) forget(now time.Time) {
	span := max(l.own.span, l.servers.span) + margin
	l.ended = slices.Delete(l.ended, 0, l.olderThan(now.Add(-span)))
}

// olderThan counts the calls that ended at t or before.
func (l *rateLimit) olderThan(t time.Time) int {
	return sort.Search(len(l.ended), func(i int) bool { return l.ended[i].After(t) })
}

// distance keeps calls apart for an interval after a 429: all who waited for it
// would otherwise begin at once.
func (l *rateLimit) distance(now time.Time) time.Duration {
	if !now.Before(l.spread) {
		return 0
	}
	return l.last.Add(l.servers.span / time.Duration(l.servers.most)).Sub(now)
}

// room is the wait until our own calls leave room in a window.
func (l *rateLimit) room(w window, now time.Time) time.Duration {
	recent := l.ended[l.olderThan(now.Add(-w.span-margin)):]
	excess := len(recent) + l.underWay - w.most + 1
	switch {
	case excess <= 0:
		return 0
	case excess > len(recent):
		return untilAnAnswer
	default:
		return recent[excess-1].Add(w.span + margin).Sub(now)
	}
}

// left is the wait until the server has calls left, or until an answer says so. Calls
// under way may not have been counted when it said how many. If it has just refused one,
// or had none left, one call goes alone and finds out.
func (l *rateLimit) left(now time.Time) time.Duration {
	switch {
	case l.refused && l.underWay > 0:
		return untilAnAnswer
	case l.refused, l.silent:
		return 0
	case now.Sub(l.said.at) >= l.servers.span: // nothing is known
		if l.underWay < mostUnknown {
			return 0
		}
		return l.last.Add(askingTime).Sub(now)
	case l.said.calls > l.underWay:
		return 0
	case l.underWay == 0:
		return l.said.again.Sub(now)
	default:
		return l.said.at.Add(l.servers.span).Sub(now)
	}
}

// begin counts a call as under way.
func (l *rateLimit) begin(now time.Time) {
	l.underWay++
	l.last = now
}

// end counts a call as over, and learns from its answer, if one came: what it says of the
// limit, and whether it refuses the call.
func (l *rateLimit) end(begun, now time.Time, answer response, err error) {
	l.underWay--
	l.ended = append(l.ended, now)
	l.forget(now)
	if answer.status == 0 {
		return
	}
	q := readQuotaHeaders(answer.header, now)
	l.learn(begun, now, q)
	switch KindOf(err) {
	case RateLimited:
		l.park(begun, now, q)
		if failure, ok := errors.AsType[*Error](err); ok {
			l.refusal = failure.Message
		}
	case DailyLimit:
		l.daySpent = now.Add(min(cmp.Or(q.reset, spentDayRest), spentDayRest))
	default:
		if !begun.Before(l.parkedAt) { // else it tells of the time before the refusal
			l.refused, l.strikes = false, 0
		}
	}
}

// learn takes in the numbers of an answer. Answers overtake one another: of two calls
// that were under way together, the one with less left was counted later.
func (l *rateLimit) learn(begun, now time.Time, q quotaHeaders) {
	l.servers = window{most: cmp.Or(q.max, l.servers.most), span: cmp.Or(q.interval, l.servers.span)}
	l.silent = q.remaining < 0
	isLater := !begun.Before(l.said.at) || now.Sub(l.said.at) >= l.servers.span
	if q.daily >= 0 && (isLater || q.daily < l.daily) {
		l.daily = q.daily
	}
	if !l.silent && (isLater || q.remaining < l.said.calls) {
		age := l.servers.span + margin
		oldest := l.ended[l.olderThan(now.Add(-age))]
		l.said = remaining{calls: q.remaining, at: now, again: oldest.Add(age)}
	}
}

// park stops all calls after a 429: for as long as the server asks, else for its
// interval, else for a second, doubling, up to the documented interval. Calls that
// were under way together count as one refusal.
func (l *rateLimit) park(begun, now time.Time, q quotaHeaders) {
	if !begun.Before(l.parkedAt) {
		l.strikes++
	}
	doubling := min(firstRateLimitWait<<min(l.strikes-1, 10), rateLimitInterval)
	if until := now.Add(cmp.Or(q.wait, q.interval, doubling)); until.After(l.parked) {
		l.parked = until
	}
	l.parkedAt = now
	l.spread = l.parked.Add(l.servers.span)
	l.refused = true
}
