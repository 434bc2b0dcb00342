package ghl

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// With a limit of 100 calls in 10 seconds, 290 calls take two intervals with either kind of
// window, and the server refuses no call. The test with 900 calls shows that timing errors
// do not add up.
func TestRateLimiterIsSpentWholeAndNeverOverdrawn(t *testing.T) {
	t.Parallel()
	for name, limit := range limits {
		for n, want := range map[int]time.Duration{100: 0, 290: 20 * time.Second, 900: 80 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				s := newBudgetServer(t, limit)
				wantBetween(t, s.create(s.process(), n), want, want+want/50+time.Second)
				if requests, refused := len(s.Requests()), s.refused(); requests != n || refused != 0 {
					t.Errorf("%s, %d: %d requests, %d refused, want %d and 0", name, n, requests, refused, n)
				}
			})
		}
	}
}

// If other clients use the same budget, the client follows the remaining budget that the
// answers report. The server refuses at most 2 % of the client's calls.
func TestRateLimiterSharedWithOthers(t *testing.T) {
	t.Parallel()
	for name, limit := range limits {
		for seed := range uint64(10) {
			synctest.Test(t, func(t *testing.T) {
				s := newBudgetServer(t, limit)
				ctx, cancel := context.WithCancel(t.Context())
				dice := rand.New(rand.NewPCG(seed, seed))
				var others sync.WaitGroup
				othersRefused := 0
				others.Go(func() { // 30 calls in 10 seconds, at random times
					for ctx.Err() == nil {
						time.Sleep(time.Duration(dice.ExpFloat64() * float64(time.Second) / 3))
						othersRefused += s.spend(1)
					}
				})
				client := s.process()
				wantBetween(t, s.create(client, 900), 80*time.Second, 4*time.Minute)
				cancel()
				others.Wait()
				ours := s.refused() - othersRefused
				if ours > 18 {
					t.Errorf("%s, %d: %d of our 900 calls were refused, want at most 18", name, seed, ours)
				}
				if told := client.Usage()[0].RateLimited; told != ours {
					t.Errorf("%s, %d: the client counted %d refusals, the server %d", name, seed, told, ours)
				}
			})
		}
	}
}

// Terraform starts a new process between plan and apply. Of the first ten calls of the new
// process, the server refuses only those that exceed the remaining budget. Later calls
// wait, because the answers report the remaining budget.
func TestRateLimiterOfAnEarlierProcess(t *testing.T) {
	t.Parallel()
	for name, limit := range limits {
		synctest.Test(t, func(t *testing.T) {
			s := newBudgetServer(t, limit)
			s.spend(95)
			wantBetween(t, s.create(s.process(), 50), 14*time.Second, 15*time.Second)
			if refused := s.refused(); refused != 5 {
				t.Errorf("%s: %d calls were refused, want 5", name, refused)
			}
		})
	}
}

// After a 429, all calls wait until the interval of the rate limit has passed. Then one
// call is sent, and the other calls follow a tenth of a second apart.
func TestRateLimiterParksAllAfterARefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBudgetServer(t, sandbox.RateLimit{})
		s.spend(100)
		client := s.process()
		begun := time.Now()
		if err := errors.Join(together(10, func(int) error { return lookUp(t.Context(), client, school) })...); err != nil {
			t.Error(err)
		}
		requests := s.Requests()[100:]
		if refused := s.refused(); len(requests) != 20 || refused != 10 {
			t.Fatalf("%d requests, %d refused, want 20 and 10", len(requests), refused)
		}
		requests = requests[9:]
		if first := requests[1].Time.Sub(begun); first < 10*time.Second || first > 10*time.Second+100*time.Millisecond {
			t.Errorf("the first call after the refusal was sent after %s, want 10 s", first)
		}
		for i := 2; i < 11; i++ {
			if gap := requests[i].Time.Sub(requests[i-1].Time); gap < 70*time.Millisecond || gap > 130*time.Millisecond {
				t.Errorf("call %d was sent %s after the previous call, want about 100 ms", i, gap)
			}
		}
	})
}

// The client respects a lower limit that the user sets or the server reports.
func TestRateLimiterKeepsTheLowerLimit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		most  int
		limit sandbox.RateLimit
		want  time.Duration // for 100 calls
	}{
		"the user's":                    {20, sandbox.RateLimit{}, 40 * time.Second},
		"the server's":                  {100, sandbox.RateLimit{Max: 25, Sliding: true}, 30 * time.Second},
		"the server's, longer interval": {100, sandbox.RateLimit{Max: 50, Interval: time.Minute}, time.Minute},
		"both":                          {40, sandbox.RateLimit{Max: 60, Interval: 30 * time.Second}, 30 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newBudgetServer(t, c.limit)
			client := s.process(func(config *Config) { config.MostRequests = c.most })
			wantBetween(t, s.create(client, 100), c.want, c.want+time.Second)
			if refused := s.refused(); refused != 0 {
				t.Errorf("%s: %d calls were refused, want 0", name, refused)
			}
		})
	}
}

// A spent budget or a 429 of one sub-account never delays calls to another sub-account.
func TestRateLimitersOfSubAccountsAreApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := finding(t, func(r *http.Request) *http.Response {
			if r.URL.Query().Get("locationId") == school {
				return answerOf(429, "", "Retry-After", "3600")
			}
			return nothing()
		})
		ctx, cancel := context.WithCancel(t.Context())
		waiting := make(chan error)
		for range 10 {
			go func() { waiting <- lookUp(ctx, client, school) }()
		}
		time.Sleep(time.Second)
		begun := time.Now()
		for range 50 {
			if err := lookUp(t.Context(), client, office); err != nil {
				t.Error(err)
			}
		}
		wantBetween(t, time.Since(begun), 0, 0)
		cancel()
		for range 10 {
			if err := <-waiting; err == nil {
				t.Error("a call to the rate-limited sub-account succeeded")
			}
		}
	})
}

// If its operation ends, a waiting call fails without sending a request, and the next
// waiting call takes its turn.
func TestRateLimiterWaitEndsWithTheOperation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBudgetServer(t, sandbox.RateLimit{})
		client := s.process()
		s.create(client, 100)
		s.ResetRequests()
		interrupted, interrupt := context.WithCancel(t.Context())
		timed, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		short, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		begun := time.Now()
		outcomes := make(chan string, 3)
		outcome := func(name string, ctx context.Context) {
			err := lookUp(ctx, client, school)
			outcomes <- fmt.Sprintf("%s after %s: %s", name, time.Since(begun).Round(time.Second), KindOf(err))
		}
		go outcome("interrupted", interrupted)
		synctest.Wait()
		go outcome("short", short)
		synctest.Wait()
		go outcome("timed", timed)
		time.Sleep(time.Second)
		interrupt()
		for _, want := range []string{"interrupted after 1s: interrupted", "short after 1s: rate limited", "timed after 10s: "} {
			if got := <-outcomes; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		if n := len(s.Requests()); n != 1 {
			t.Errorf("%d requests, want one, from the operation with enough time", n)
		}
	})
}

// The answer to a call under way may report more remaining budget. So other operations wait
// for that answer, even shortly before their deadlines.
func TestRateLimiterWaitsForAnAnswerThatMayMakeRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		client := finding(t, func(*http.Request) *http.Response {
			calls++
			if calls == 2 {
				time.Sleep(500 * time.Millisecond)
			}
			return nothing("X-RateLimit-Remaining", []string{"1", "20", "19"}[calls-1])
		})
		if err := lookUp(t.Context(), client, school); err != nil {
			t.Fatal(err)
		}
		slow := make(chan error)
		go func() { slow <- lookUp(t.Context(), client, school) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := lookUp(ctx, client, school); err != nil {
			t.Error(err)
		}
		if err := <-slow; err != nil {
			t.Error(err)
		}
	})
}

// Waiting calls are sent in the order in which they arrived.
func TestRateLimiterServesInOrderOfArrival(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var calls []string
		client := finding(t, func(r *http.Request) *http.Response {
			mu.Lock()
			defer mu.Unlock()
			if calls = append(calls, r.URL.Path[len("/associations/key/"):]); len(calls) == 1 {
				return answerOf(429, "")
			}
			return nothing()
		})
		var callers sync.WaitGroup
		var want []string
		for i := range 20 {
			want = append(want, fmt.Sprint(i))
			callers.Go(func() { _, _ = client.AssociationByKey(t.Context(), school, fmt.Sprint(i)) })
			time.Sleep(time.Millisecond)
		}
		callers.Wait()
		if want = append([]string{"0"}, want...); !slices.Equal(calls, want) {
			t.Errorf("calls for %s, want %s", calls, want)
		}
	})
}

// After the daily budget is spent, every call fails at once without a request for one
// minute.
func TestRateLimiterOfADayIsSpent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newBudgetServer(t, sandbox.RateLimit{Daily: 3})
		client := s.process()
		for range 3 {
			if err := lookUp(t.Context(), client, school); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			err := lookUp(t.Context(), client, school)
			if KindOf(err) != DailyLimit {
				t.Fatalf("got %v, want a DailyLimit error", err)
			}
		}
		if n := len(s.Requests()); n != 4 {
			t.Errorf("%d requests, want 3 and the refused one", n)
		}
		want := Usage{LocationID: school, Requests: 4, RateLimited: 1, DailyRemaining: 0}
		if got := client.Usage(); len(got) != 1 || got[0] != want {
			t.Errorf("usage %+v, want %+v", got, want)
		}
		time.Sleep(time.Minute)
		if err := lookUp(t.Context(), client, school); KindOf(err) != DailyLimit || len(s.Requests()) != 5 {
			t.Errorf("got %v after %d requests, want another refusal", err, len(s.Requests()))
		}
	})
}
