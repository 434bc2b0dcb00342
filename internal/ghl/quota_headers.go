package ghl

import (
	"net/http"
	"strconv"
	"time"
)

// quotaHeaders holds the headers of an answer about the rate limit. HighLevel sends them
// with every answer, including refusals. A missing or implausible header is ignored.
type quotaHeaders struct {
	max       int           // X-RateLimit-Max: calls in an interval; 0 if unknown
	interval  time.Duration // X-RateLimit-Interval-Milliseconds; 0 if unknown
	remaining int           // X-RateLimit-Remaining; -1 if unknown
	daily     int           // X-RateLimit-Daily-Remaining; -1 if unknown
	reset     time.Duration // X-RateLimit-Daily-Reset, in milliseconds; 0 if unknown
	wait      time.Duration // Retry-After, undocumented but honoured; 0 if unknown
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

// count parses a number of calls. It returns -1 for anything else.
func count(value string) int {
	number, err := strconv.Atoi(value)
	if err != nil || number < 0 {
		return -1
	}
	return number
}

// longestAskedWait is the longest wait that the server may request. Longer waits are
// ignored.
const longestAskedWait = 24 * time.Hour

// retryAfter parses a Retry-After header: seconds or an HTTP date. It ignores waits that
// are zero, negative or longer than longestAskedWait. If it accepted zero, the client would
// send a thousand requests in a row.
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

// askedWait parses a number of units as a duration, with the same limits as retryAfter.
func askedWait(value string, unit time.Duration) time.Duration {
	number, err := strconv.Atoi(value)
	if err != nil || number <= 0 || number > int(longestAskedWait/unit) {
		return 0
	}
	return time.Duration(number) * unit
}
