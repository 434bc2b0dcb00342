package sandbox_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A server, or the edge in front of it, fails before or after a create, with each status, in the API's own form and as HTML. The
// client cannot see whether the create took effect, but the next listing shows it.
func TestOutages(t *testing.T) {
	t.Parallel()
	texts := map[int]string{
		500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
		520: "Web server is returning an unknown error", 521: "Web server is down", 522: "Connection timed out",
		523: "Origin is unreachable", 524: "A timeout occurred",
	}
	for status, text := range texts {
		for _, form := range []struct {
			name   string
			effect sandbox.Effect
			body   string
		}{
			{"JSON", sandbox.Status(status), fmt.Sprintf(`{"statusCode":%d,"message":%q,"error":%q,"traceId":"`, status, text, text)},
			{"HTML", sandbox.StatusHTML(status), fmt.Sprintf("<h1>%d %s</h1>", status, text)},
		} {
			for _, committed := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d as %s, committed %t", status, form.name, committed), func(t *testing.T) {
					t.Parallel()
					c := inProcess(t, sandbox.Options{})
					c.s.AddFault(sandbox.Fault{Method: "POST", Count: 1, Effect: form.effect, Committed: committed})
					c.want("POST", "/associations/", associationBody("k", "contact", "A", "contact", "B"), status, form.body)
					rows := map[bool]string{false: `"associations":[],"total":0`, true: `"total":1`}
					c.want("GET", page100, "", 200, rows[committed])
					if log := c.s.Requests(); log[0].Committed != committed || log[0].Status != status {
						t.Errorf("%+v", log[0])
					}
				})
			}
		}
	}
}

func TestStormOf429(t *testing.T) {
	t.Parallel()
	for _, withHeaders := range []bool{true, false} {
		c := inProcess(t, sandbox.Options{})
		c.s.AddFault(sandbox.Fault{Method: "POST", Count: 20, Effect: sandbox.TooManyRequests(withHeaders, 0)})
		body := associationBody("k", "contact", "A", "contact", "B")
		for range 20 {
			r := c.want("POST", "/associations/", body, 429, "Too Many Requests")
			if remaining := r.header.Get("X-RateLimit-Remaining"); remaining != map[bool]string{true: "0", false: ""}[withHeaders] {
				t.Errorf("%q remaining", remaining)
			}
		}
		c.want("POST", "/associations/", body, 201, "")
		c.want("GET", page100, "", 200, `"total":1`)
	}
}

func TestTokenDiesMidRun(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.s.AddFault(sandbox.Fault{LocationID: school, After: 2, Effect: sandbox.TokenRefused()})
	c.want("GET", page100, "", 200, "")
	c.want("GET", page100, "", 200, "")
	for range 3 {
		c.want("POST", "/associations/", associationBody("k", "contact", "A", "contact", "B"), 401, `"message":"Invalid JWT"`)
	}
	c.with("Authorization", "Bearer "+officeToken).want("GET", "/associations/?locationId=office&skip=0&limit=100", "", 200, "")
	c.s.ClearFaults()
	c.want("GET", page100, "", 200, `"total":0`)
}

func TestAccessToOneSubAccountIsDenied(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.s.AddFault(sandbox.Fault{LocationID: office, Effect: sandbox.AccessDenied()})
	const officePage = "/associations/?locationId=office&skip=0&limit=100"
	c.with("Authorization", "Bearer "+officeToken).want("GET", officePage, "", 403, `"message":"The token does not have access to this location."`)
	c.want("GET", page100, "", 200, "")
	if log := c.s.Requests(); log[0].Fault != "access denied" || log[1].Fault != "" {
		t.Errorf("%+v", log)
	}
}

func TestDayIsSpentMidRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, sandbox.Options{})
		c.s.AddFault(sandbox.Fault{LocationID: school, After: 1, Effect: sandbox.DailySpent()})
		c.want("GET", page100, "", 200, "")
		for range 2 {
			r := c.want("GET", page100, "", 429, "Too Many Requests")
			if r.header.Get("X-RateLimit-Daily-Remaining") != "0" {
				t.Errorf("%v", r.header)
			}
			time.Sleep(time.Hour)
		}
	})
}

func TestOneFaultAfterTheOther(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.s.AddFault(sandbox.Fault{Method: "POST", Count: 2, Effect: sandbox.Status(500), Then: &sandbox.Fault{
		Method: "GET", Count: 1, Effect: sandbox.Status(503), Then: &sandbox.Fault{Effect: sandbox.Status(504)},
	}})
	body := associationBody("k", "contact", "A", "contact", "B")
	c.want("GET", page100, "", 200, "")
	c.want("POST", "/associations/", body, 500, "")
	c.want("GET", page100, "", 200, "")
	c.want("POST", "/associations/", body, 500, "")
	c.want("POST", "/associations/", body, 201, "")
	c.want("GET", page100, "", 503, "")
	c.want("GET", page100, "", 504, "")
	if log := c.s.Requests(); log[5].Fault != "status 503" {
		t.Errorf("%+v", log[5])
	}
}
