package sandbox_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// quota checks the X-RateLimit headers in the order max, remaining, interval, daily, daily remaining, daily reset.
func quota(t *testing.T, h http.Header, want ...string) {
	t.Helper()
	var got []string
	for _, name := range []string{"Max", "Remaining", "Interval-Milliseconds", "Limit-Daily", "Daily-Remaining", "Daily-Reset"} {
		got = append(got, h.Get("X-RateLimit-"+name))
	}
	same(t, got, want)
}

func TestBudgetDefaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{})
		quota(t, c.do("GET", page100, "").header, "100", "99", "10000", "200000", "199999", "86400000")
		time.Sleep(time.Second)
		quota(t, c.want("GET", "/associations/nope", "", 400, "").header, "100", "98", "10000", "200000", "199998", "86399000")
		for range 98 {
			c.want("GET", page100, "", 200, "")
		}
		r := c.want("GET", page100, "", 429, `{"statusCode":429,"message":"Too Many Requests","error":"Too Many Requests","traceId":"`)
		quota(t, r.header, "100", "0", "10000", "200000", "199900", "86399000")
		other := c.with("Authorization", "Bearer "+officeToken)
		quota(t, other.want("GET", "/associations/nope", "", 400, "").header, "100", "99", "10000", "200000", "199999", "86400000")
		time.Sleep(9*time.Second - 1)
		c.want("GET", page100, "", 429, "")
		time.Sleep(time.Nanosecond)
		quota(t, c.want("GET", page100, "", 200, "").header, "100", "99", "10000", "200000", "199899", "86390000")
	})
}

func TestBudgetSliding(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{RateLimit: sandbox.RateLimit{Max: 2, Interval: 4 * time.Second, Sliding: true}})
		c.want("GET", page100, "", 200, "")
		time.Sleep(3 * time.Second)
		c.want("GET", page100, "", 200, "")
		c.want("GET", page100, "", 429, "")
		time.Sleep(time.Second)
		c.want("GET", page100, "", 200, "")
		time.Sleep(2 * time.Second)
		c.want("GET", page100, "", 429, "")
		time.Sleep(time.Second)
		c.want("GET", page100, "", 200, "")
	})
}

func TestBudgetOfADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{RateLimit: sandbox.RateLimit{Daily: 2}})
		c.want("GET", page100, "", 200, "")
		c.want("GET", page100, "", 200, "")
		time.Sleep(time.Hour)
		quota(t, c.want("GET", page100, "", 429, "").header, "100", "100", "10000", "2", "0", "82800000")
		time.Sleep(23 * time.Hour)
		c.want("GET", page100, "", 200, "")
	})
}

func TestBudgetUnlimited(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{RateLimit: sandbox.RateLimit{Unlimited: true}})
	for range 150 {
		quota(t, c.want("GET", page100, "", 200, "").header, "100", "100", "10000", "200000", "200000", "86400000")
	}
}

func TestBudgetChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{})
		c.want("GET", page100, "", 200, "")
		c.s.SetRateLimit(sandbox.RateLimit{Max: 1})
		c.want("GET", page100, "", 429, "")
		c.s.SetLocationRateLimit(school, sandbox.RateLimit{Max: 2})
		c.want("GET", page100, "", 200, "")
		c.want("GET", page100, "", 429, "")
	})
}

func TestNoBudgetWithoutASubAccount(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	r := c.with("Authorization", "Bearer nobody").want("GET", page100, "", 401, "")
	quota(t, r.header, "", "", "", "", "", "")
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{Latency: 30 * time.Millisecond})
		took := func(c *client) time.Duration {
			begin := time.Now()
			c.do("GET", "/associations/nope", "")
			return time.Since(begin)
		}
		if got := took(c); got != 30*time.Millisecond {
			t.Errorf("took %v", got)
		}
		c.s.SetLocationLatency(office, time.Second)
		if got := took(c.with("Authorization", "Bearer "+officeToken)); got != 1030*time.Millisecond {
			t.Errorf("office took %v", got)
		}
		c.s.SetLatency(0)
		if got := took(c); got != 0 {
			t.Errorf("took %v", got)
		}
	})
}
