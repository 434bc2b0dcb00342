package ghl

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// An exchange is a POST, but it is retried like a read.
func TestExchangeRetried(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]step{
		"unavailable": answers(503, ""),
		"cut short":   answers(200, `{"access_token":"sol`),
		"no answer":   fails(errors.New("connection reset by peer")),
		"429":         answers(429, `{"message":"Too Many Requests"}`),
	} {
		server := changing(failure, answers(200, soldJSON), answers(200, associationJSON))
		client := newTestClient(t, server, withAgency, withRetries(1), func(c *Config) { c.Clock = newFakeClock().clock() })
		if err := readAssociation(t.Context(), client); err != nil || server.count() != 3 {
			t.Errorf("%s: %d requests, %v", name, server.count(), err)
		}
	}
}

// After an exchange has failed despite its retries, no exchange is retried until one succeeds,
// whatever its sub-account. The other calls keep all their retries.
func TestExchangeDown(t *testing.T) {
	t.Parallel()
	isDown := true
	server := &fakeTransport{}
	server.answer = func(r *http.Request) (*http.Response, error) {
		sent := server.sent()
		_, locationID, _ := strings.Cut(sent[len(sent)-1].Body, "locationId=")
		switch {
		case r.URL.Path != "/oauth/locationToken":
			return answerOf(500, ""), nil
		case isDown:
			return answerOf(503, ""), nil
		default:
			return answerOf(200, `{"access_token":"sold","locationId":"`+locationID+`"}`), nil
		}
	}
	client := newTestClient(t, server, withAgency, withRetries(2), func(c *Config) { c.Clock = newFakeClock().clock() })
	for _, test := range []struct {
		isDown     bool
		locationID string
		want       int // requests
	}{{true, "loc-1", 3}, {true, "loc-1", 1}, {true, "loc-2", 1}, {false, "loc-1", 1 + 3}, {true, "loc-2", 3}} {
		before := server.count()
		isDown = test.isDown
		if err := read(t.Context(), client, test.locationID); KindOf(err) != Unavailable {
			t.Errorf("got %v", err)
		}
		if got := server.count() - before; got != test.want {
			t.Errorf("%+v: got %d requests", test, got)
		}
	}
}

// If a caller gives up, the exchange continues for the callers that still wait. If all callers
// give up, the exchange is cancelled.
func TestExchangeGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		client := newTestClient(t, server, withAgency)
		hasty, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		begun := time.Now()
		errs := together(2, func(i int) error {
			if i == 1 {
				return read(hasty, client, location)
			}
			time.Sleep(time.Millisecond) // so that the other caller starts the exchange
			return read(t.Context(), client, location)
		})
		if errs[0] != nil || KindOf(errs[1]) != Interrupted || !errors.Is(errs[1], context.DeadlineExceeded) {
			t.Errorf("got %v", errs)
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("it took %s, want two seconds", took)
		}
		server.wantExchanges(t, location)

		server = newAgencyAPI()
		client = newTestClient(t, server, withAgency)
		hasty, cancel = context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		for _, err := range together(3, func(int) error { return read(hasty, client, location) }) {
			if KindOf(err) != Interrupted {
				t.Errorf("got %v", err)
			}
		}
		synctest.Wait()
		if server.atOnce != 0 {
			t.Error("the exchange continues although all callers have given up")
		}
		if err := read(t.Context(), client, location); err != nil {
			t.Error(err)
		}
		server.wantExchanges(t, location, location)
	})
}

// As soon as the first answer reports the agency's budget, the client runs as many exchanges at
// once as the window allows.
func TestExchangesFillTheBudget(t *testing.T) {
	t.Parallel()
	for name, limit := range limits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := sandbox.New(sandbox.Options{RateLimit: limit, Agencies: []sandbox.Agency{{CompanyID: "company", Token: agencyToken}}})
				for i := range 200 {
					server.AddLocation(sandbox.Location{ID: fmt.Sprintf("loc-%d", i), CompanyID: "company"})
				}
				server.SetLatency(time.Second)
				client := newTestClient(t, server.Transport(), withAgency)
				begun := time.Now()
				took := make([]time.Duration, 200)
				for _, err := range together(200, func(i int) error {
					_, err := client.AccessToken(t.Context(), fmt.Sprintf("loc-%d", i))
					took[i] = time.Since(begun)
					return err
				}) {
					if err != nil {
						t.Fatal(err)
					}
				}
				slices.Sort(took)
				if took[99] != 2*time.Second || took[199] > 14*time.Second {
					t.Errorf("the hundredth token came after %s, and the last after %s; want 2s, and 14s at most", took[99], took[199])
				}
				if n := len(server.Requests()); n != 200 {
					t.Errorf("%d requests, want 200", n)
				}
			})
		})
	}
}

// Exchanges that wait for a retry do not delay other exchanges.
func TestExchangesRetriedHoldUpNoOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		server.fault = func(form url.Values) *http.Response {
			if strings.HasPrefix(form.Get("locationId"), "down-") {
				return answerOf(503, "")
			}
			return nil
		}
		client := newTestClient(t, server, withAgency, withRetries(6))
		begun := time.Now()
		errs := together(13, func(i int) error {
			if i < 12 {
				_, err := client.AccessToken(t.Context(), fmt.Sprintf("down-%d", i))
				return err
			}
			time.Sleep(1200 * time.Millisecond) // all other exchanges now wait for a retry or an answer
			if err := read(t.Context(), client, location); err != nil {
				return err
			}
			if took := time.Since(begun); took != 3200*time.Millisecond {
				t.Errorf("it took until %s, want 3.2s: two answers", took)
			}
			return nil
		})
		for i, err := range errs {
			if want := map[bool]Kind{true: Unavailable}[i < 12]; KindOf(err) != want {
				t.Errorf("%d: got %v, want %q", i, err, want)
			}
		}
	})
}

// Exchanges have their own budget. If that budget is used up, or an exchange is answered with
// 429, only calls that need an exchange wait.
func TestExchangeBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		server.sold["pit-own"] = "own"
		client := newTestClient(t, server, withAgency, func(c *Config) {
			c.MostRequests = 3
			c.LocationAccessTokens = map[string]string{"own": "pit-own"}
		})
		begun := time.Now()
		took := make([]time.Duration, 5)
		for _, err := range together(5, func(i int) error {
			locationID := fmt.Sprintf("loc-%d", i)
			if i == 4 {
				time.Sleep(2 * time.Second)
				locationID = "own"
			}
			err := read(t.Context(), client, locationID)
			took[i] = time.Since(begun)
			return err
		}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if took[4] != 3*time.Second {
			t.Errorf("the call that needs no exchange ended after %s, want 3s", took[4])
		}
		if last := slices.Max(took); last < 11*time.Second || last > 14*time.Second {
			t.Errorf("the fourth exchange ended after %s: it should wait for the interval", last)
		}
		usage := map[string]int{}
		for _, u := range client.Usage() {
			usage[u.LocationID] = u.Requests
		}
		if want := map[string]int{"": 4, "own": 1, "loc-0": 1, "loc-1": 1, "loc-2": 1, "loc-3": 1}; !maps.Equal(usage, want) {
			t.Errorf("used %v, want %v", usage, want)
		}

		server.set(func() {
			server.fault = func(url.Values) *http.Response {
				server.fault = nil
				return answerOf(429, `{"message":"Too Many Requests"}`, "Retry-After", "60")
			}
		})
		time.Sleep(time.Minute)
		begun = time.Now()
		together(2, func(i int) error {
			err := read(t.Context(), client, []string{"loc-new", "own"}[i])
			took[i] = time.Since(begun)
			return err
		})
		if took[0] != 63*time.Second || took[1] != time.Second {
			t.Errorf("after a 429 to the exchange, took %v; want 63s with one, and 1s without", took[:2])
		}
	})
}

// If a 429 lasts longer than all waiting callers can wait, the exchange fails at once. If one
// caller has enough time, the exchange is retried after the wait.
func TestExchangeOutlastsAllWhoWait(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		patience time.Duration // the timeout of the second of two callers; 0 = no timeout
		fails    bool
	}{"all are short of time": {20 * time.Minute, true}, "one has time": {2 * time.Hour, false}, "one has no timeout": {0, false}} {
		synctest.Test(t, func(t *testing.T) {
			server := newAgencyAPI()
			server.fault = func(url.Values) *http.Response {
				server.fault = nil
				return answerOf(429, `{"message":"Agency is over its limit"}`, "Retry-After", "3600")
			}
			client := newTestClient(t, server, withAgency)
			begun := time.Now()
			errs := together(2, func(i int) error {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				if i == 1 && test.patience == 0 {
					ctx = t.Context()
				} else if i == 1 {
					ctx, cancel = context.WithTimeout(t.Context(), test.patience)
					defer cancel()
				}
				return read(ctx, client, location)
			})
			if !test.fails {
				if errs[1] != nil || KindOf(errs[0]) != Interrupted || time.Since(begun) < time.Hour {
					t.Errorf("%s: got %v after %s", name, errs, time.Since(begun))
				}
				return
			}
			for _, err := range errs {
				failure := failureOf(t, err)
				if failure.Kind != RateLimited || failure.Status != 429 || failure.Message != "the answer may contain an access token, so it is not shown" || failure.Credential != AgencyToken {
					t.Errorf("%s: got %+v", name, failure)
				}
			}
			if took := time.Since(begun); took != time.Second {
				t.Errorf("%s: it took %s, want the one second of the exchange", name, took)
			}
		})
	}
}
