package ghl

import (
	"net/http"
	"testing"
	"time"
)

// Whatever the headers say, no wait is negative or longer than a day, and no number of
// calls is below the value for "unknown".
func FuzzQuota(f *testing.F) {
	for _, value := range []string{"", "0", "1", "100", "-1", "+5", " 7", "1e3", "9223372036854775807", "99999999999999999999", "86400001", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(value)
	}
	now := time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		header := http.Header{}
		for _, name := range []string{"X-RateLimit-Max", "X-RateLimit-Interval-Milliseconds", "X-RateLimit-Remaining", "X-RateLimit-Daily-Remaining", "X-RateLimit-Daily-Reset", "Retry-After"} {
			header.Set(name, value)
		}
		q := readQuotaHeaders(header, now)
		for _, wait := range []time.Duration{q.interval, q.reset, q.wait} {
			if wait < 0 || wait > 24*time.Hour {
				t.Errorf("%q: %+v", value, q)
			}
		}
		if q.max < 0 || q.remaining < -1 || q.daily < -1 {
			t.Errorf("%q: %+v", value, q)
		}
	})
}
