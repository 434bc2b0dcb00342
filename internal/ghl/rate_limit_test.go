package ghl

import (
	"net/http"
	"strconv"
	"testing"
	"time"
)

// limitEvent is an event that changes a rate limit, such as the start of a call or an
// answer. Times are in milliseconds.
type limitEvent func(l *rateLimit, at func(ms int) time.Time)

// begins returns the event that n calls begin at the same time.
func begins(n, ms int) limitEvent {
	return func(l *rateLimit, at func(int) time.Time) {
		for range n {
			l.begin(at(ms))
		}
	}
}

// hears returns the event that a call is answered. left is the remaining budget that the
// answer reports, or -1 if it reports none.
func hears(begun, ms, left int, headers ...string) limitEvent {
	return func(l *rateLimit, at func(int) time.Time) {
		answer := response{status: http.StatusOK, header: http.Header{}}
		if left >= 0 {
			answer.header.Set("X-RateLimit-Remaining", strconv.Itoa(left))
		}
		for name, value := range pairs(headers) {
			answer.header.Set(name, value)
		}
		l.end(at(begun), at(ms), answer, nil)
	}
}

// refused returns the event that a call is answered with 429.
func refused(begun, ms int, headers ...string) limitEvent {
	return func(l *rateLimit, at func(int) time.Time) {
		answer := response{status: http.StatusTooManyRequests, header: http.Header{}}
		for name, value := range pairs(headers) {
			answer.header.Set(name, value)
		}
		l.end(at(begun), at(ms), answer, &Error{Kind: RateLimited})
	}
}

// times returns an event that repeats another event n times.
func times(n int, event limitEvent) limitEvent {
	return func(l *rateLimit, at func(int) time.Time) {
		for range n {
			event(l, at)
		}
	}
}

// lost returns the event that a call fails without an answer.
func lost(begun, ms int) limitEvent {
	return func(l *rateLimit, at func(int) time.Time) {
		l.end(at(begun), at(ms), response{}, &Error{Kind: Network})
	}
}

// The requests and answers so far determine how long the next call must wait.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	const second, answer = 1000, int(untilAnAnswer / time.Millisecond)
	tenMinuteLimit := []string{"X-RateLimit-Max", "1", "X-RateLimit-Interval-Milliseconds", "600000"}
	for name, test := range map[string]struct {
		most   int
		events []limitEvent
		now    int
		want   int
	}{
		"nothing is known":                           {100, nil, 0, 0},
		"nine under way, nothing is known":           {100, []limitEvent{begins(9, 0)}, 0, 0},
		"ten under way, nothing is known":            {100, []limitEvent{begins(10, 0)}, 300, 700},
		"ten under way for a second":                 {100, []limitEvent{begins(10, 0)}, 1000, 0},
		"more left than are under way":               {100, []limitEvent{begins(1, 0), hears(0, 100, 2), begins(1, 200)}, 200, 0},
		"as many left as are under way":              {100, []limitEvent{begins(1, 0), hears(0, 100, 1), begins(1, 200)}, 200, 9900},
		"none left":                                  {100, []limitEvent{begins(1, 0), hears(0, 100, 0)}, 200, 9950},
		"none left, an interval ago":                 {100, []limitEvent{begins(1, 0), hears(0, 100, 0)}, 10_100, 0},
		"an answer overtaken by a newer one":         {100, []limitEvent{begins(2, 0), hears(0, 100, 3), hears(0, 200, 4), begins(3, 200)}, 200, 9900},
		"a call without an answer":                   {100, []limitEvent{begins(1, 0), hears(0, 100, 1), begins(1, 100), lost(100, 200)}, 200, 0},
		"a call without an answer, and another call": {100, []limitEvent{begins(1, 0), hears(0, 100, 1), begins(1, 100), lost(100, 200), begins(1, 300)}, 300, 9800},
		"a silent server":                            {100, []limitEvent{begins(1, 0), hears(0, 100, -1), begins(50, 100)}, 100, 0},
		"a silent server, at the documented rate":    {100, []limitEvent{begins(100, 0), times(100, hears(0, 100, -1))}, 200, 9950},
		"the user's limit, spent":                    {2, []limitEvent{begins(2, 0), hears(0, 100, 50), hears(0, 300, 50)}, 400, 9750},
		"the user's limit, under way":                {2, []limitEvent{begins(2, 0)}, 100, answer},
		"the server's limit":                         {100, []limitEvent{begins(1, 0), hears(0, 100, 50, tenMinuteLimit...)}, 100, 600_050},
		"the server's limit, no remaining budget":    {100, []limitEvent{begins(1, 0), hears(0, 100, -1, tenMinuteLimit...)}, 100, 600_050},
		"429, the server says how long":              {100, []limitEvent{begins(1, 0), refused(0, 100, "Retry-After", "3")}, 100, 3 * second},
		"429, the server sends its interval":         {100, []limitEvent{begins(1, 0), refused(0, 100, tenMinuteLimit...)}, 100, 600 * second},
		"429 without headers":                        {100, []limitEvent{begins(1, 0), refused(0, 100)}, 100, second},
		"two 429s in a row":                          {100, []limitEvent{begins(1, 0), refused(0, 100), begins(1, 1100), refused(1100, 1200)}, 1200, 2 * second},
		"five 429s in a row":                         {100, []limitEvent{begins(5, 0), refused(0, 0), refused(0, 0), refused(0, 0), refused(0, 0), refused(0, 0)}, 0, 10 * second},
		"two 429s together":                          {100, []limitEvent{begins(2, 0), refused(0, 100), refused(0, 150)}, 150, second},
		"429, then one call begins":                  {100, []limitEvent{begins(1, 0), refused(0, 100)}, 1100, 0},
		"429, the other calls wait for its answer":   {100, []limitEvent{begins(1, 0), refused(0, 100), begins(1, 1100)}, 1200, answer},
		"429, the other calls follow at intervals":   {100, []limitEvent{begins(1, 0), refused(0, 100), begins(1, 1100), hears(1100, 1120, 50)}, 1120, 80},
		"429, no interval for later calls":           {100, []limitEvent{begins(1, 0), refused(0, 100), begins(1, 11_080), hears(11_080, 11_090, 50)}, 11_100, 0},
		"429, an earlier call succeeds later":        {100, []limitEvent{begins(2, 0), refused(0, 100), hears(0, 200, 50), begins(1, 1100)}, 1200, answer},
	} {
		begin := time.Date(2026, time.March, 9, 12, 0, 0, 0, time.UTC)
		at := func(ms int) time.Time { return begin.Add(time.Duration(ms) * time.Millisecond) }
		limit := newRateLimit(test.most)
		for _, event := range test.events {
			event(&limit, at)
		}
		if got := int(limit.wait(at(test.now)) / time.Millisecond); got != test.want {
			t.Errorf("%s: the next call waits for %d ms, want %d", name, got, test.want)
		}
	}
}
