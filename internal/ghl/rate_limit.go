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

	// margin is added to the age at which a call stops counting, because clocks tick
	// unevenly. The network needs no margin: a call is dated by its answer, and the server
	// cannot have counted the call later.
	margin = 50 * time.Millisecond

	// mostUnknown is how many calls may be under way while the server's remaining budget is
	// unknown: as many as an engine makes at once. If they get a 429, they wait it out.
	mostUnknown = 10

	// askingTime is how long these calls may hold up the others while they wait for an
	// answer.
	askingTime = time.Second

	firstRateLimitWait = time.Second // if a 429 does not say how long

	// spentDayRest is how long the client assumes that the daily budget is still spent.
	// Meanwhile, calls fail without being sent.
	spentDayRest = time.Minute

	// untilAnAnswer is the wait of a call that may begin only after a call under way ends.
	untilAnAnswer = time.Duration(math.MaxInt64)
)

// rateLimit computes how long the next call has to wait, from what was sent and received.
// Three things can make it wait. Our own calls of the last interval: each counts until one
// interval after its answer. The remaining budget that the server last reported: others,
// and the process before this one, spend it too. A 429 that has not been waited out yet.
// rateLimit neither waits nor locks.
type rateLimit struct {
	own      window // as the user set it
	servers  window // as the server reports it
	ended    []time.Time
	underWay int
	last     time.Time // when the last call began

	said   remaining
	silent bool // the last answer did not report the remaining budget
	daily  int  // left of the daily budget; -1 if the server did not report it

	refused  bool      // the last answer was a 429: one call goes first
	refusal  string    // the message of the 429
	strikes  int       // consecutive 429s
	parked   time.Time // no call before then: a 429 is being waited out
	parkedAt time.Time // when parked was last set
	spread   time.Time // until then, calls are spaced apart
	daySpent time.Time // until then, the daily budget counts as spent
}

// window allows most calls in any period of length span.
type window struct {
	most int
	span time.Duration
}

// remaining is the rest of the server's budget, as last reported.
type remaining struct {
	calls int
	at    time.Time // when the report came; zero for never
	again time.Time // when the next of our calls that the report may include stops counting
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

// forget drops calls that are too old to count in any window.
func (l *rateLimit) forget(now time.Time) {
	span := max(l.own.span, l.servers.span) + margin
	l.ended = slices.Delete(l.ended, 0, l.olderThan(now.Add(-span)))
}

// olderThan counts the calls that ended at or before t.
func (l *rateLimit) olderThan(t time.Time) int {
	return sort.Search(len(l.ended), func(i int) bool { return l.ended[i].After(t) })
}

// distance spaces calls apart for one interval after a 429: otherwise, all that waited for
// it would begin at once.
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

// left is the wait until the server has calls left, or until an answer says so. The
// server's last report may not include calls under way. If it has just refused a call, or
// had none left, a single call goes out to ask.
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

// end counts a call as finished, and learns from its answer, if one came, about the limit
// and about a refusal.
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
		if !begun.Before(l.parkedAt) { // an older call says nothing about the time after the refusal
			l.refused, l.strikes = false, 0
		}
	}
}

// learn takes in the numbers of an answer. Answers may overtake one another: of two
// concurrent calls, the server counted the one with less left later.
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

// park stops all calls after a 429: for as long as the server asks, otherwise for the
// server's interval, otherwise for a second, doubling up to the documented interval.
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
