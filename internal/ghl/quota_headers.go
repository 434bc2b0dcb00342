package ghl

import (
	"net/http"
	"strconv"
	"time"
)

// quotaHeaders is what an answer says of the rate limit. HighLevel sends these headers
// with every answer, refusals included; whatever is missing or absurd counts as
// not said.
type quotaHeaders struct {
	max       int           // X-RateLimit-Max: calls in an interval; 0 if not said
	interval  time.Duration // X-RateLimit-Interval-Milliseconds; 0 if not said
	remaining int           // X-RateLimit-Remaining; -1 if not said
	daily     int           // X-RateLimit-Daily-Remaining; -1 if not said
	reset     time.Duration // X-RateLimit-Daily-Reset, in milliseconds; 0 if not said
	wait      time.Duration // Retry-After, undocumented but honoured; 0 if not said
}

func readQuotaHeaders(header http.Header, now time.Time) quotaHeaders {
	return quotaHeaders{
		max:       max(0, count(header.Get("X-RateLimit-Max"))),
		interval:  askedWait(header.Get("X-RateLimit-Interval-Milliseconds"), time.Millisecond),
		remaining: count(header.Get("X-RateLimit-Remaining")),
		daily:     count(header.Get("X-RateLimit-Daily-Remaining")),
		reset:     askedWait(header.Get("X-RateLimit-Daily-Reset"), time.Millisecond),
		wait:      retryAfter(header.Get("Retry-After"), now),
	}
}

// count reads a number of calls, -1 for anything else.
func count(value string) int {
	number, err := strconv.Atoi(value)
	if err != nil || number < 0 {
		return -1
	}
	return number
}

// longestAskedWait is the longest wait that a server is believed to mean.
const longestAskedWait = 24 * time.Hour

// retryAfter reads a Retry-After of either form: seconds or an HTTP date. One that
// asks for no wait, or for an absurd one, counts as not said: obeyed, the first
// would send a thousand requests in a row.
func retryAfter(value string, now time.Time) time.Duration {
	date, err := http.ParseTime(value)
	if err != nil {
		return askedWait(value, time.Second)
	}
	if wait := date.Sub(now); wait > 0 && wait <= longestAskedWait {
		return wait
	}
	return 0
}

// askedWait reads a number of units, under the same bounds.
func askedWait(value string, unit time.Duration) time.Duration {
	number, err := strconv.Atoi(value)
	if err != nil || number <= 0 || number > int(longestAskedWait/unit) {
		return 0
	}
	return time.Duration(number) * unit
}
