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

	// margin is the extra time for which a call counts, because clocks are not exact.
	// Network delays need no margin: a call counts from the time of its answer, and the
	// server counted the call before it answered.
	margin = 50 * time.Millisecond

	// mostUnknown is the maximum number of concurrent calls while the server's remaining
	// budget is unknown. It equals the number of calls that an engine makes at once. A call
	// that gets a 429 waits and is sent again.
	mostUnknown = 10

	// askingTime is how long these calls may delay other calls while they wait for an
	// answer.
	askingTime = time.Second

	firstRateLimitWait = time.Second // used if a 429 does not say how long to wait

	// spentDayRest is how long calls fail without being sent after an answer shows that the
	// daily budget is spent.
	spentDayRest = time.Minute

	// untilAnAnswer is the wait of a call that may begin only after another call ends.
	untilAnAnswer = time.Duration(math.MaxInt64)
)

// rateLimit computes how long the next call has to wait, from the calls and answers so far.
// A call waits for one of three reasons. First, our own calls of the last interval fill the
// window: each call counts until one interval after its answer. Second, the server reported
// that no budget remains: other clients and earlier processes spend the same budget. Third,
// the wait after a 429 is not over. rateLimit itself does not wait or lock.
type rateLimit struct {
	own      window // as set in Config
	servers  window // as the server reports it
	ended    []time.Time
	underWay int
	last     time.Time // when the last call began

	said   remaining
	silent bool // the last answer did not report the remaining budget
	daily  int  // remaining daily budget; -1 if the server did not report it

	refused  bool      // the last answer was a 429: only one call is sent until it is answered
	refusal  string    // the message of the 429
	strikes  int       // consecutive 429s
	parked   time.Time // when the wait after a 429 ends; no call begins earlier
	parkedAt time.Time // when parked was last set
	spread   time.Time // until this time, calls are spaced apart
	daySpent time.Time // until this time, the daily budget counts as spent
}

// window limits the calls in any period of length span. Their maximum number is most.
type window struct {
	most int
	span time.Duration
}

// remaining is the remaining budget that the server last reported.
type remaining struct {
	calls int
	at    time.Time // when the server reported it; zero if it has not
	again time.Time // when the oldest of our calls that may be included in the report stops counting
}

func newRateLimit(most int) rateLimit {
	documented := window{most: most, span: rateLimitInterval}
	return rateLimit{own: documented, servers: documented, daily: -1}
}

// wait returns how long the next call has to wait. If the wait is 0, the call may begin.
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

// forget drops calls that are too old to count in any window.
func (l *rateLimit) forget(now time.Time) {
	span := max(l.own.span, l.servers.span) + margin
	l.ended = slices.Delete(l.ended, 0, l.olderThan(now.Add(-span)))
}

// olderThan counts the calls that ended at or before t.
func (l *rateLimit) olderThan(t time.Time) int {
	return sort.Search(len(l.ended), func(i int) bool { return l.ended[i].After(t) })
}

// distance returns the wait that spaces calls apart for one interval after the wait for a
// 429. Otherwise, all waiting calls would begin at once.
func (l *rateLimit) distance(now time.Time) time.Duration {
	if !now.Before(l.spread) {
		return 0
	}
	return l.last.Add(l.servers.span / time.Duration(l.servers.most)).Sub(now)
}

// room returns the wait until a window has room for one more of our own calls.
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

// left returns the wait until the server's budget allows a call again, or until an answer
// reports the remaining budget. The server's last report may not include the calls in
// progress. If the server refused the last call, or no budget remained, only one call is
// sent, to get a new report.
func (l *rateLimit) left(now time.Time) time.Duration {
	switch {
	case l.refused && l.underWay > 0:
		return untilAnAnswer
	case l.refused, l.silent:
		return 0
	case now.Sub(l.said.at) >= l.servers.span: // the report is too old
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

// begin counts a call as in progress.
func (l *rateLimit) begin(now time.Time) {
	l.underWay++
	l.last = now
}

// end counts a call as finished. If an answer arrived, end takes the limit from it, and
// stops all calls after a refusal.
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
		if !begun.Before(l.parkedAt) { // the answer to an older call does not show that the refusal is over
			l.refused, l.strikes = false, 0
		}
	}
}

// learn stores the numbers in an answer. Answers may arrive in a different order from the
// one in which the server counted the calls. Of two concurrent calls, the server counted
// the call with the lower remaining budget later.
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

// park stops all calls after a 429, for the time in Retry-After. Without that header, it
// stops them for the server's interval. If the interval is unknown too, it stops them for
// one second, and doubles the time after each further 429, up to the documented interval.
// Concurrent calls count as one refusal.
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
