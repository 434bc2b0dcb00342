package ghl

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	school      = "loc-school"
	schoolToken = "pit-school"
	office      = "loc-office"
)

// limits are the two kinds of window that a limit of 100 calls in 10 seconds may use.
var limits = map[string]sandbox.RateLimit{
	"fixed window":   {},
	"sliding window": {Sliding: true},
}

// budgetServer is a sandbox in virtual time. Each round trip takes 20 to 60 ms.
type budgetServer struct {
	*sandbox.Sandbox
	t      *testing.T
	jitter *rand.Rand
	mu     sync.Mutex
}

func newBudgetServer(t *testing.T, limit sandbox.RateLimit) *budgetServer {
	t.Helper()
	return &budgetServer{
		t: t,
		Sandbox: sandbox.New(sandbox.Options{
			Locations: []sandbox.Location{{ID: school, Token: schoolToken}},
			RateLimit: limit,
		}),
		jitter: rand.New(rand.NewPCG(1, 2)),
	}
}

// RoundTrip adds 10 to 30 ms in each direction, so that requests and answers can arrive out
// of order.
func (s *budgetServer) RoundTrip(r *http.Request) (*http.Response, error) {
	s.travel()
	answer, err := s.Transport().RoundTrip(r)
	s.travel()
	return answer, err
}

func (s *budgetServer) travel() {
	s.mu.Lock()
	d := 10*time.Millisecond + time.Duration(s.jitter.Int64N(int64(20*time.Millisecond)))
	s.mu.Unlock()
	time.Sleep(d)
}

// process returns a new client, which has no state, like the client of a new process.
func (s *budgetServer) process(changes ...func(*Config)) *Client {
	s.t.Helper()
	config := Config{BaseURL: "http://127.0.0.1", UserAgent: "limit-test", AccessToken: schoolToken, Transport: s}
	for _, change := range changes {
		change(&config)
	}
	client, err := New(config)
	if err != nil {
		s.t.Fatal(err)
	}
	return client
}

// create creates n associations, ten at a time like Terraform, and returns how long all of
// them took.
func (s *budgetServer) create(client *Client, n int) time.Duration {
	s.t.Helper()
	begun := time.Now()
	jobs := make(chan int)
	var workers sync.WaitGroup
	for range 10 {
		workers.Go(func() {
			for i := range jobs {
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
				_, err := client.CreateAssociation(ctx, Association{
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

// lookUp reads an association that does not exist, which takes one call.
func lookUp(ctx context.Context, client *Client, locationID string) error {
	_, err := client.AssociationByKey(ctx, locationID, "nope")
	if IsNotFound(err) {
		return nil
	}
	return err
}

// finding returns a client whose requests are answered by the function answer.
func finding(t *testing.T, answer func(r *http.Request) *http.Response) *Client {
	t.Helper()
	s := &budgetServer{t: t}
	return s.process(func(c *Config) {
		c.Transport = &fakeTransport{answer: func(r *http.Request) (*http.Response, error) { return answer(r), nil }}
	})
}

func nothing(headers ...string) *http.Response {
	return answerOf(404, `{"statusCode":404,"message":"Association not found"}`, headers...)
}

// spend makes n calls that bypass the client under test, and returns how many of them were
// refused.
func (s *budgetServer) spend(n int) (refused int) {
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

// refused returns the number of requests that the server answered with 429.
func (s *budgetServer) refused() int {
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
