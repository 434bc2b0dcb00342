package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// RateLimit is the rate limit of each sub-account. Failed calls count, but calls refused with 429 do not.
type RateLimit struct {
	Max       int           // calls in an interval; 0 means 100
	Interval  time.Duration // 0 means 10 s
	Daily     int           // calls in 24 hours; 0 means 200,000
	Sliding   bool          // the limit applies to a sliding interval, instead of windows that begin with a call
	Unlimited bool          // calls are neither counted nor refused; the headers show a full budget
}

const day = 24 * time.Hour

func (l RateLimit) withDefaults() RateLimit {
	if l.Max == 0 {
		l.Max = 100
	}
	if l.Interval == 0 {
		l.Interval = 10 * time.Second
	}
	if l.Daily == 0 {
		l.Daily = 200_000
	}
	return l
}

// budget counts the calls of a sub-account or an agency.
type budget struct {
	window  time.Time // start of the fixed window
	spent   int       // calls in the window
	calls   []time.Time
	day     time.Time
	daily   int
	dayLeft time.Duration
}

// spend counts one call, and reports whether the limit allows it.
func (b *budget) spend(l RateLimit, now time.Time) bool {
	if l.Unlimited {
		*b = budget{}
		return true
	}
	b.forget(l, now)
	if b.spent >= l.Max || b.daily >= l.Daily {
		return false
	}
	b.daily++
	b.spent++
	if l.Sliding {
		b.calls = append(b.calls, now)
	}
	return true
}

// forget removes the calls that are too old to count.
func (b *budget) forget(l RateLimit, now time.Time) {
	if now.Sub(b.day) >= day {
		b.day, b.daily = now, 0
	}
	b.dayLeft = b.day.Add(day).Sub(now)
	if !l.Sliding {
		if now.Sub(b.window) >= l.Interval {
			b.window, b.spent = now, 0
		}
		return
	}
	old := 0
	for old < len(b.calls) && now.Sub(b.calls[old]) >= l.Interval {
		old++
	}
	b.calls = b.calls[old:]
	b.spent = len(b.calls)
}

// headers returns the X-RateLimit headers that every answer of the API contains.
func (b *budget) headers(l RateLimit) http.Header {
	left := b.dayLeft
	if l.Unlimited {
		left = day
	}
	h := http.Header{}
	h.Set(headerMax, strconv.Itoa(l.Max))
	h.Set(headerRemaining, strconv.Itoa(max(0, l.Max-b.spent)))
	h.Set(headerInterval, strconv.FormatInt(l.Interval.Milliseconds(), 10))
	h.Set(headerDailyMax, strconv.Itoa(l.Daily))
	h.Set(headerDailyRemaining, strconv.Itoa(max(0, l.Daily-b.daily)))
	h.Set(headerDailyReset, strconv.FormatInt(left.Milliseconds(), 10))
	return h
}

const (
	headerMax            = "X-RateLimit-Max"
	headerRemaining      = "X-RateLimit-Remaining"
	headerInterval       = "X-RateLimit-Interval-Milliseconds"
	headerDailyMax       = "X-RateLimit-Limit-Daily"
	headerDailyRemaining = "X-RateLimit-Daily-Remaining"
	headerDailyReset     = "X-RateLimit-Daily-Reset"
)
