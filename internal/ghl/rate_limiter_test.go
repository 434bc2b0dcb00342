package ghl_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	school      = "loc-school"
	schoolToken = "pit-school"
	office      = "loc-office"
)

// limits are the two forms that a limit of 100 calls in 10 seconds may have.
var limits = map[string]sandbox.RateLimit{
	"fixed window":   {},
	"sliding window": {Sliding: true},
}

// server is a sandbox in virtual time, whose answers take 20 to 60 ms.
type server struct {
	*sandbox.Sandbox
	t      *testing.T
	jitter *rand.Rand
	mu     sync.Mutex
}

func newServer(t *testing.T, limit sandbox.RateLimit) *server {
	t.Helper()
	return &server{
		t: t,
		Sandbox: sandbox.New(sandbox.Options{
			Locations: []sandbox.Location{{ID: school, Token: schoolToken}},
			RateLimit: limit,
		}),
		jitter: rand.New(rand.NewPCG(1, 2)),
	}
}

// RoundTrip takes 10 to 30 ms each way, so that calls and answers overtake one another.
func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	s.travel()
	answer, err := s.Transport().RoundTrip(r)
	s.travel()
	return answer, err
}

func (s *server) travel() {
	s.mu.Lock()
	d := 10*time.Millisecond + time.Duration(s.jitter.Int64N(int64(20*time.Millisecond)))
	s.mu.Unlock()
	time.Sleep(d)
}

// process is a client as a new process has it.
func (s *server) process(changes ...func(*ghl.Config)) *ghl.Client {
	s.t.Helper()
	config := ghl.Config{BaseURL: "http://127.0.0.1", UserAgent: "limit-test", AccessToken: schoolToken, Transport: s}
	for _, change := range changes {
		change(&config)
	}
	client, err := ghl.New(config)
	if err != nil {
		s.t.Fatal(err)
	}
	return client
}

// create makes n associations, ten at a time as an engine does, and returns how long
// that took.
func (s *server) create(client *ghl.Client, n int) time.Duration {
	s.t.Helper()
	begun := time.Now()
	jobs := make(chan int)
	var workers sync.WaitGroup
	for range 10 {
		workers.Go(func() {
			for i := range jobs {
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
				_, err := client.CreateAssociation(ctx, ghl.Association{
					LocationID: school, Key: fmt.Sprintf("key_%d", i),
					FirstObjectKey: "contact", FirstObjectLabel: fmt.Sprintf("A%d", i), SecondObjectKey: "contact", SecondObjectLabel: "B",
				})
				cancel()
				if err != nil {
					s.t.Error(err)
				}
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	workers.Wait()
	return time.Since(begun)
}

// read asks for an association that is not there: one request.
func read(ctx context.Context, client *ghl.Client) error {
	_, err := client.Association(ctx, school, "nope")
	if ghl.IsNotFound(err) {
		return nil
	}
	return err
}

// spend makes n calls at once that the client under test knows nothing of, and
// returns how many of them were refused.
func (s *server) spend(n int) (refused int) {
	s.t.Helper()
	for range n {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://127.0.0.1/associations/nope", nil)
		if err != nil {
			s.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+schoolToken)
		r.Header.Set("Version", "2021-07-28")
		r.Header.Set("User-Agent", "another client")
		answer, err := s.Transport().RoundTrip(r)
		if err != nil {
			s.t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusTooManyRequests {
			refused++
		}
	}
	return refused
}

// refused counts the requests that were answered 429.
func (s *server) refused() int {
	n := 0
	for _, r := range s.Requests() {
		if r.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// wantBetween checks a span of virtual time.
func wantBetween(t *testing.T, got, low, high time.Duration) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("it took %s, want %s to %s", got, low, high)
	}
}

// 290 calls under a limit of 100 in 10 seconds take two intervals, whatever form the
// limit has, and none is refused. The third hundred shows that no error adds up.
func TestRateLimiterIsSpentWholeAndNeverOverdrawn(t *testing.T) {
	t.Parallel()
	for name, limit := range limits {
		for n, want := range map[int]time.Duration{100: 0, 290: 20 * time.Second, 900: 80 * time.Second} {
			t.Run(fmt.Sprintf("%s/%d", name, n), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := newServer(t, limit)
					wantBetween(t, s.create(s.process(), n), want, want+want/50+time.Second)
					if requests, refused := len(s.Requests()), s.refused(); requests != n || refused != 0 {
						t.Errorf("%d requests, %d refused, want %d and 0", requests, refused, n)
					}
				})
			})
		}
	}
}

// Others who spend from the same budget are seen in what the answers say is left:
// of our own calls at most 2 % are refused.
func TestRateLimiterSharedWithOthers(t *testing.T) {
	t.Parallel()
	for name, limit := range limits {
		for seed := range uint64(10) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := newServer(t, limit)
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
						t.Errorf("%d of our 900 calls were refused, want at most 18", ours)
					}
					if told := client.Usage()[0].RateLimited; told != ours {
						t.Errorf("the client counted %d refusals, the server %d", told, ours)
					}
				})
			})
		}
	}
}

// Of the first calls of a process ten go at once, and wait for nobody.
func TestFirstCallsGoTogether(t *testing.T) {
	t.Parallel()
	const latency = 200 * time.Millisecond
	for calls, want := range map[int]time.Duration{1: latency, 3: latency, 10: latency, 11: 2 * latency} {
		t.Run(fmt.Sprint(calls), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := answerer(func(*http.Request) (int, string, map[string]string) {
					time.Sleep(latency)
					return http.StatusNotFound, notFoundBody, map[string]string{"X-RateLimit-Remaining": "50"}
				}).process(t)
				begun := time.Now()
				var callers sync.WaitGroup
				for range calls {
					callers.Go(func() {
						if err := lookUp(t.Context(), client, school); err != nil {
							t.Error(err)
						}
					})
				}
				callers.Wait()
				wantBetween(t, time.Since(begun), want, want)
			})
		})
	}
}

// An engine starts a new process between plan and apply. Of its first ten calls those are
// refused for which the one before has left no room; the others hear what is left.
func TestRateLimiterOfAnEarlierProcess(t *testing.T) {
	t.Parallel()
	for name, limit := range limits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t, limit)
				s.spend(95)
				wantBetween(t, s.create(s.process(), 50), 14*time.Second, 15*time.Second)
				if refused := s.refused(); refused != 5 {
					t.Errorf("%d calls were refused, want 5", refused)
				}
			})
		})
	}
}

// After a 429 nobody calls until the interval has passed, then one call goes first,
// and the others follow at a distance of a tenth of a second.
func TestRateLimiterParksAllAfterARefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.RateLimit{})
		s.spend(100)
		client := s.process()
		begun := time.Now()
		var readers sync.WaitGroup
		for range 10 {
			readers.Go(func() {
				if err := read(t.Context(), client); err != nil {
					t.Error(err)
				}
			})
		}
		readers.Wait()
		requests := s.Requests()[100:]
		if refused := s.refused(); len(requests) != 20 || refused != 10 {
			t.Fatalf("%d requests, %d refused, want ten that are refused and ten", len(requests), refused)
		}
		requests = requests[9:]
		if first := requests[1].Time.Sub(begun); first < 10*time.Second || first > 10*time.Second+100*time.Millisecond {
			t.Errorf("the first call after the refusal came after %s, want 10 s", first)
		}
		for i := 2; i < 11; i++ {
			if gap := requests[i].Time.Sub(requests[i-1].Time); gap < 70*time.Millisecond || gap > 130*time.Millisecond {
				t.Errorf("call %d came %s after the one before, want about 100 ms", i, gap)
			}
		}
	})
}

// A limit that the user sets lower, or the server tells to be lower, is kept.
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
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t, c.limit)
				client := s.process(func(config *ghl.Config) { config.MostRequests = c.most })
				wantBetween(t, s.create(client, 100), c.want, c.want+time.Second)
				if refused := s.refused(); refused != 0 {
					t.Errorf("%d calls were refused, want 0", refused)
				}
			})
		})
	}
}

// answerer answers every call by itself, or, with a status of noAnswer, breaks the
// connection off.
type answerer func(*http.Request) (status int, body string, header map[string]string)

func (a answerer) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body, header := a(r)
	if status == noAnswer {
		return nil, io.ErrUnexpectedEOF
	}
	answer := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
	for name, value := range header {
		answer.Header.Set(name, value)
	}
	return answer, nil
}

const noAnswer = 0

const notFoundBody = `{"statusCode":404,"message":"Association not found"}`

// lookUp makes one call that names its sub-account.
func lookUp(ctx context.Context, client *ghl.Client, locationID string) error {
	_, err := client.AssociationByKey(ctx, locationID, "nope")
	if ghl.IsNotFound(err) {
		return nil
	}
	return err
}

// process makes a client of the answerer.
func (a answerer) process(t *testing.T) *ghl.Client {
	t.Helper()
	s := &server{t: t}
	return s.process(func(c *ghl.Config) { c.Transport = a })
}

// One sub-account's budget, or its refusal, never holds up another's.
func TestRateLimitersOfSubAccountsAreApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := answerer(func(r *http.Request) (int, string, map[string]string) {
			if r.URL.Query().Get("locationId") == school {
				return http.StatusTooManyRequests, "", map[string]string{"Retry-After": "3600"}
			}
			return http.StatusNotFound, notFoundBody, nil
		}).process(t)
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
				t.Error("a call of the parked sub-account succeeded")
			}
		}
	})
}

// A call that waits ends with its operation, sends nothing, and leaves its place to
// the next one.
func TestRateLimiterWaitEndsWithTheOperation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.RateLimit{})
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
			err := read(ctx, client)
			outcomes <- fmt.Sprintf("%s after %s: %s", name, time.Since(begun).Round(time.Second), ghl.KindOf(err))
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
			t.Errorf("%d requests, want the one of the operation that could wait", n)
		}
	})
}

// What is left may be known too low while a call is under way: its answer is waited
// for, even by an operation that has not long to go.
func TestRateLimiterWaitsForAnAnswerThatMayMakeRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		client := answerer(func(*http.Request) (int, string, map[string]string) {
			calls++
			if calls == 2 {
				time.Sleep(500 * time.Millisecond)
			}
			left := []string{"1", "20", "19"}[calls-1]
			return http.StatusNotFound, notFoundBody, map[string]string{"X-RateLimit-Remaining": left}
		}).process(t)
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

// Calls that wait begin in the order in which they came.
func TestRateLimiterServesInOrderOfArrival(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var calls []string
		client := answerer(func(r *http.Request) (int, string, map[string]string) {
			mu.Lock()
			defer mu.Unlock()
			if calls = append(calls, r.URL.Path[len("/associations/key/"):]); len(calls) == 1 {
				return http.StatusTooManyRequests, "", nil
			}
			return http.StatusNotFound, notFoundBody, nil
		}).process(t)
		var callers sync.WaitGroup
		var want []string
		for i := range 20 {
			want = append(want, fmt.Sprint(i))
			callers.Go(func() { _, _ = client.AssociationByKey(t.Context(), school, fmt.Sprint(i)) })
			time.Sleep(time.Millisecond)
		}
		callers.Wait()
		if want = append([]string{"0"}, want...); !slices.Equal(calls, want) {
			t.Errorf("called for %s, want %s", calls, want)
		}
	})
}

// A server that tells nothing of its limit is called at the documented rate, and a
// refusal without a word is waited out for a second, then two, and so on.
func TestRateLimiterOfASilentServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var calls []time.Time
		begun := time.Now()
		client := answerer(func(*http.Request) (int, string, map[string]string) {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, time.Now())
			if n := len(calls); n == 120 || n == 121 {
				return http.StatusTooManyRequests, "", nil
			}
			return http.StatusNotFound, notFoundBody, nil
		}).process(t)
		for range 150 {
			if err := lookUp(t.Context(), client, school); err != nil {
				t.Fatal(err)
			}
		}
		for n, want := range map[int]time.Duration{
			100: 0,                                    // the first hundred
			101: 10*time.Second + 50*time.Millisecond, // an interval later
			121: 11*time.Second + 50*time.Millisecond, // a second after the refusal
			122: 13*time.Second + 50*time.Millisecond, // two seconds after the second one
			132: 14*time.Second + 50*time.Millisecond, // ten calls more, a tenth of a second apart
			152: 16*time.Second + 50*time.Millisecond, // and so on
		} {
			if got := calls[n-1].Sub(begun); got != want {
				t.Errorf("call %d came after %s, want %s", n, got, want)
			}
		}
	})
}

// A spent day fails every call at once, without asking, until a minute has passed.
func TestRateLimiterOfADayIsSpent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.RateLimit{Daily: 3})
		client := s.process()
		for range 3 {
			if err := read(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			err := read(t.Context(), client)
			if ghl.KindOf(err) != ghl.DailyLimit || !strings.Contains(err.Error(), "daily") {
				t.Fatalf("got %v, want an error that names the daily budget", err)
			}
		}
		if n := len(s.Requests()); n != 4 {
			t.Errorf("%d requests, want 3 and the refused one", n)
		}
		want := ghl.Usage{LocationID: school, Requests: 4, RateLimited: 1, DailyRemaining: 0}
		if got := client.Usage(); len(got) != 1 || got[0] != want {
			t.Errorf("usage %+v, want %+v", got, want)
		}
		time.Sleep(time.Minute)
		if err := read(t.Context(), client); ghl.KindOf(err) != ghl.DailyLimit || len(s.Requests()) != 5 {
			t.Errorf("got %v after %d requests, want another refusal", err, len(s.Requests()))
		}
	})
}

// Whoever watches the log learns, at INFO, of a wait that takes longer than a few
// seconds: where, how long, how many wait. Each operation tells once.
func TestRateLimiterTellsLongWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := newServer(t, sandbox.RateLimit{Max: 10})
		client := s.process(func(c *ghl.Config) {
			c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{
				Level: slog.LevelInfo,
				ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
					if a.Key == slog.TimeKey {
						return slog.Attr{}
					}
					if a.Value.Kind() == slog.KindDuration {
						a.Value = slog.DurationValue(a.Value.Duration().Round(time.Second))
					}
					return a
				},
			}))
		})
		var readers sync.WaitGroup
		for range 12 {
			readers.Go(func() {
				if err := read(t.Context(), client); err != nil {
					t.Error(err)
				}
			})
		}
		readers.Wait()
		want := `level=INFO msg="waiting for the rate limit" location_id=loc-school wait=10s waited=0s waiting=2
level=INFO msg="waited for the rate limit" location_id=loc-school waited=10s waiting=0
`
		if log.String() != want {
			t.Errorf("got\n%swant\n%s", log.String(), want)
		}
		usage := client.Usage()[0]
		if usage.Requests != 12 || usage.Waits != 2 || usage.Waited.Round(time.Second) != 20*time.Second {
			t.Errorf("usage %+v, want 12 requests and 2 waits of 20 s in all", usage)
		}
	})
}

// First calls that are not answered keep the others waiting for a second only.
func TestRateLimiterDoesNotHangOnTheFirstCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.RateLimit{})
		s.AddFault(sandbox.Fault{Count: 10, Effect: sandbox.Stall(time.Hour)})
		client := s.process()
		for range 10 {
			go func() { _ = read(t.Context(), client) }()
		}
		synctest.Wait()
		begun := time.Now()
		if err := read(t.Context(), client); err != nil {
			t.Error(err)
		}
		wantBetween(t, time.Since(begun), time.Second, 1100*time.Millisecond)
		time.Sleep(2 * time.Minute)
	})
}

// Ten calls refused together are one refusal, after which one call goes first,
// however long its answer takes.
func TestRateLimiterTakesRefusalsTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var calls []time.Duration
		begun := time.Now()
		client := answerer(func(*http.Request) (int, string, map[string]string) {
			mu.Lock()
			calls = append(calls, time.Since(begun))
			n := len(calls)
			mu.Unlock()
			if n == 1 {
				return http.StatusNotFound, notFoundBody, nil
			}
			time.Sleep(500 * time.Millisecond)
			if n <= 12 {
				return http.StatusTooManyRequests, "", nil
			}
			return http.StatusNotFound, notFoundBody, nil
		}).process(t)
		if err := lookUp(t.Context(), client, school); err != nil {
			t.Fatal(err)
		}
		var callers sync.WaitGroup
		for range 10 {
			callers.Go(func() {
				if err := lookUp(t.Context(), client, school); err != nil {
					t.Error(err)
				}
			})
		}
		callers.Wait()
		// Ten at once; a second after their refusal one, refused too; two seconds after
		// that one, which is answered, and then the others.
		want := []time.Duration{0, 1500 * time.Millisecond, 4 * time.Second, 4500 * time.Millisecond, 4600 * time.Millisecond}
		got := append([]time.Duration{calls[10]}, calls[11:15]...)
		if !slices.Equal(got, want) || len(calls) != 22 {
			t.Errorf("calls after %s, %d in all, want %s and 22", got, len(calls), want)
		}
	})
}
