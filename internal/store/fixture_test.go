package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// The tests run in virtual time: every wait passes as usual, but takes no real time.

const (
	school      = "loc-school"
	schoolToken = "pit-school"
	other       = "loc-other"
	otherToken  = "pit-other"

	company     = "company"
	app         = "app"
	agencyToken = "oauth-agency"

	// plenty is a rate limit that is never reached, because rate limits have their own
	// tests.
	plenty = 1_000_000

	// platformRows is how many associations a fresh sub-account has.
	platformRows = 4
)

// fixture is a sandbox with two sub-accounts, and a store with the token of the first.
type fixture struct {
	*store.Store
	client *ghl.Client
	t      testing.TB
	sb     *sandbox.Sandbox
}

func newFixture(tb testing.TB, quirks sandbox.Quirks) *fixture {
	tb.Helper()
	sb := sandbox.New(sandbox.Options{
		Locations: []sandbox.Location{{ID: school, Token: schoolToken}, {ID: other, Token: otherToken}},
		Quirks:    quirks,
		RateLimit: sandbox.RateLimit{Max: plenty, Daily: plenty},
	})
	f := &fixture{t: tb, sb: sb}
	f.newProcess()
	return f
}

// newProcess replaces the store with an empty one, and drops the recorded requests.
func (f *fixture) newProcess() { f.useToken(schoolToken) }

func (f *fixture) useToken(token string) {
	f.t.Helper()
	f.connect(ghl.Config{AccessToken: token})
}

// useAgency lets the store exchange the agency's token for those of its sub-accounts.
func (f *fixture) useAgency(token string) {
	f.t.Helper()
	f.connect(ghl.Config{AgencyAccessToken: token, CompanyID: company})
}

func (f *fixture) useTransport(transport http.RoundTripper) {
	f.t.Helper()
	f.connect(ghl.Config{AccessToken: schoolToken, Transport: transport})
}

func (f *fixture) connect(config ghl.Config) {
	f.t.Helper()
	clock := ghl.Clock{Jitter: func() float64 { return 0 }}
	config.BaseURL, config.UserAgent = "http://127.0.0.1", "store-test"
	config.MaxRetries, config.MostRequests, config.Clock = 2, plenty, clock
	if config.Transport == nil {
		config.Transport = f.sb.Transport()
	}
	client, err := ghl.New(config)
	if err != nil {
		f.t.Fatal(err)
	}
	f.client, f.Store = client, store.New(client, clock)
	f.sb.ResetRequests()
}

// recover ends all faults. It waits a minute of virtual time, because the client assumes
// for that long that a used-up daily quota is still used up.
func (f *fixture) recover() {
	f.sb.ClearFaults()
	time.Sleep(time.Minute)
}

// count returns the number of requests of a route, or of all requests for "".
func (f *fixture) count(route string) int {
	n := 0
	for _, r := range f.sb.Requests() {
		if route == "" || r.Route == route {
			n++
		}
	}
	return n
}

func (f *fixture) wantCount(route string, want int) {
	f.t.Helper()
	if got := f.count(route); got != want {
		f.t.Errorf("%d requests %s, want %d; all: %s", got, route, want, f.log())
	}
}

func (f *fixture) wantAtMost(want int) {
	f.t.Helper()
	if got := f.count(""); got > want {
		f.t.Errorf("%d requests, want at most %d", got, want)
	} else {
		f.t.Logf("%d requests of at most %d", got, want)
	}
}

func (f *fixture) log() string {
	text := ""
	for _, r := range f.sb.Requests() {
		text += fmt.Sprintf("\n\t%s %s?%s %d %s", r.Method, r.Path, r.RawQuery, r.Status, r.Fault)
	}
	return text
}

// addAssociations adds user-defined associations to the school; their ids are
// kind-0, kind-1, …
func (f *fixture) addAssociations(n int) {
	for i := range n {
		f.sb.AddAssociation(kind(i))
	}
}

func kind(i int) sandbox.Association {
	return sandbox.Association{
		LocationID: school, ID: fmt.Sprintf("kind-%d", i), Key: fmt.Sprintf("key_%d", i),
		FirstObjectKey: "business", FirstObjectLabel: fmt.Sprintf("Firm %d", i),
		SecondObjectKey: "contact", SecondObjectLabel: fmt.Sprintf("Person %d", i),
		AssociationType: sandbox.UserDefined,
	}
}

// wire returns a stored row as the client should return it.
func wire(a sandbox.Association) ghl.Association {
	return ghl.Association{
		ID: a.ID, LocationID: a.LocationID, Key: a.Key, AssociationType: a.AssociationType,
		FirstObjectKey: a.FirstObjectKey, FirstObjectLabel: a.FirstObjectLabel,
		SecondObjectKey: a.SecondObjectKey, SecondObjectLabel: a.SecondObjectLabel,
	}
}

// parallel runs work n times, ten at a time, as an engine does.
func parallel(n int, work func(i int)) {
	var workers sync.WaitGroup
	next := make(chan int)
	for range 10 {
		workers.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}

// parallelErrors is like parallel, but for work that can fail.
func parallelErrors(n int, work func(i int) error) []error {
	errs := make([]error, n)
	parallel(n, func(i int) { errs[i] = work(i) })
	return errs
}

func noErrors(tb testing.TB, errs []error) {
	tb.Helper()
	if err := errors.Join(errs...); err != nil {
		tb.Fatal(err)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantKind fails the test unless err is a failure of that kind, and not ErrGone.
func wantKind(t *testing.T, err error, kind ghl.Kind) {
	t.Helper()
	if errors.Is(err, store.ErrGone) {
		t.Errorf("ErrGone, want %q", kind)
	}
	if ghl.KindOf(err) != kind {
		t.Errorf("error %v of kind %q, want %q", err, ghl.KindOf(err), kind)
	}
}

func wantIs(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}

// wantWaited fails the test unless exactly that much virtual time has passed.
func wantWaited(t *testing.T, begun time.Time, want time.Duration) {
	t.Helper()
	if waited := time.Since(begun); waited != want {
		t.Errorf("it took %s, want %s", waited, want)
	}
}

// inBackground starts work concurrently with the test, and returns when work is blocked.
// The returned function waits for the end of work.
func inBackground[T any](work func() (T, error)) (result func() (T, error)) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := work()
		done <- outcome{value, err}
	}()
	synctest.Wait()
	return func() (T, error) {
		o := <-done
		return o.value, o.err
	}
}

var background = context.Background()
