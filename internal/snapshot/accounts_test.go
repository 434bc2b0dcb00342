package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	accounts     = 50
	kindsOfEach  = 40
	slowAccount  = "loc-7"
	kindOfPrefix = "-kind-"
)

func accountID(i int) string    { return fmt.Sprintf("loc-%d", i) }
func accountToken(i int) string { return "pit-" + accountID(i) }

// manyTokens stands in for a client that has a token for each sub-account: a call
// gets that of the sub-account in its query, or in the id that it asks for.
type manyTokens struct{ http.RoundTripper }

func (m manyTokens) RoundTrip(r *http.Request) (*http.Response, error) {
	location := r.URL.Query().Get("locationId")
	if location == "" {
		location, _, _ = strings.Cut(strings.TrimPrefix(r.URL.Path, "/associations/"), kindOfPrefix)
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer pit-"+location)
	return m.RoundTripper.RoundTrip(r)
}

// newAccounts is a fixture with many sub-accounts, none of which is the school.
func newAccounts(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t, sandbox.Quirks{})
	for i := range accounts {
		f.sb.AddLocation(sandbox.Location{ID: accountID(i), Token: accountToken(i)})
		for j := range kindsOfEach {
			row := kind(j)
			row.LocationID, row.ID = accountID(i), accountID(i)+kindOfPrefix+fmt.Sprint(j)
			f.sb.AddAssociation(row)
		}
	}
	f.useTransport(manyTokens{f.sb.Transport()})
	return f
}

// readAccounts reads all associations of all sub-accounts in random order, and
// returns when the last one of each was read.
func (f *fixture) readAccounts(seed uint64) (ended map[string]time.Time) {
	f.t.Helper()
	var mu sync.Mutex
	ended = map[string]time.Time{}
	order := rand.New(rand.NewPCG(seed, seed)).Perm(accounts * kindsOfEach)
	noErrors(f.t, parallelErrors(len(order), func(i int) error {
		location, j := accountID(order[i]/kindsOfEach), order[i]%kindsOfEach
		row, err := f.Association(background, location, location+kindOfPrefix+fmt.Sprint(j))
		if err == nil && (row.LocationID != location || row.Key != kind(j).Key) {
			err = fmt.Errorf("read %d of %s, got %+v", j, location, row)
		}
		mu.Lock()
		defer mu.Unlock()
		ended[location] = time.Now()
		return err
	}))
	return ended
}

// Each sub-account costs what it would cost alone.
func TestManyAccountsRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newAccounts(t)
		for _, latency := range []time.Duration{0, 30 * time.Millisecond} {
			f.sb.SetLatency(latency)
			for seed := range uint64(3) {
				f.useTransport(manyTokens{f.sb.Transport()})
				f.readAccounts(seed)
				f.wantAtMost(150)
				each := map[string]int{}
				for _, r := range f.sb.Requests() {
					each[r.LocationID]++
				}
				for location, n := range each {
					if n > 3 {
						t.Errorf("%d requests for %s, want at most 3", n, location)
					}
				}
			}
		}
	})
}

// A slow sub-account holds up the others no longer than its own requests take.
func TestManyAccountsOneSlow(t *testing.T) {
	slow := map[string]func(*sandbox.Sandbox){
		"answers": func(s *sandbox.Sandbox) { s.SetLocationLatency(slowAccount, time.Second) },
		"a budget": func(s *sandbox.Sandbox) {
			s.SetLocationRateLimit(slowAccount, sandbox.RateLimit{Max: 1, Interval: time.Second})
		},
	}
	for name, slowDown := range slow {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newAccounts(t)
				slowDown(f.sb)
				for seed := range uint64(3) {
					f.useTransport(manyTokens{f.sb.Transport()})
					begun := time.Now()
					for location, at := range f.readAccounts(seed) {
						if took := at.Sub(begun); location != slowAccount && took > 3*time.Second {
							t.Errorf("%s was read after %s, want at most 3s", location, took)
						}
					}
					if took := time.Since(begun); took < time.Second {
						t.Errorf("it took %s: nothing was slow", took)
					}
				}
			})
		})
	}
}
