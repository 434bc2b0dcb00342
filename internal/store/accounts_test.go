package store_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	slowAccount  = "loc-7"
	kindOfPrefix = "-kind-"
)

// agencies contains the sizes of the tested agencies: the number of sub-accounts, and the
// number of associations in each sub-account.
var agencies = [][2]int{{50, 40}, {60, 5}}

func accountID(i int) string { return fmt.Sprintf("loc-%d", i) }

// newAccounts returns a fixture with an agency's sub-accounts, which do not include the
// school. The store exchanges the agency's token for tokens of the sub-accounts.
func newAccounts(t *testing.T, accounts, kindsOfEach int) *fixture {
	t.Helper()
	f := newFixture(t, sandbox.Quirks{})
	f.sb.AddAgency(sandbox.Agency{CompanyID: company, AppID: app, Token: agencyToken})
	for i := range accounts {
		f.sb.AddLocation(sandbox.Location{ID: accountID(i), CompanyID: company})
		for j := range kindsOfEach {
			row := kind(j)
			row.LocationID, row.ID = accountID(i), accountID(i)+kindOfPrefix+fmt.Sprint(j)
			f.sb.AddAssociation(row)
		}
	}
	f.useAgency(agencyToken)
	return f
}

// readAccounts reads all associations of all sub-accounts in random order, and returns the
// time at which the last association of each sub-account was read.
func (f *fixture) readAccounts(accounts, kindsOfEach int, seed uint64) (ended map[string]time.Time) {
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

// Each sub-account of a large agency costs no more requests than a single sub-account, plus
// one token exchange.
func TestManyAccountsRequests(t *testing.T) {
	t.Parallel()
	for _, size := range agencies {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newAccounts(t, size[0], size[1])
				for _, latency := range []time.Duration{0, 30 * time.Millisecond} {
					f.sb.SetLatency(latency)
					for seed := range uint64(3) {
						f.useAgency(agencyToken)
						f.readAccounts(size[0], size[1], seed)
						exchanged, read := f.countEach()
						all := 0
						for i := range size[0] {
							if n := exchanged[accountID(i)]; n != 1 {
								t.Errorf("%d exchanges for %s, want 1", n, accountID(i))
							}
							if n := read[accountID(i)]; n > 3 {
								t.Errorf("%d requests for %s, want at most 3", n, accountID(i))
							}
							all += read[accountID(i)]
						}
						if all > 150 {
							t.Errorf("%d requests, want at most 150", all)
						}
						t.Logf("%d requests of at most 150, and %d exchanges", all, len(exchanged))
					}
				}
			})
		})
	}
}

// countEach counts the exchanges and the other requests of each sub-account.
func (f *fixture) countEach() (exchanged, others map[string]int) {
	exchanged, others = map[string]int{}, map[string]int{}
	for _, r := range f.sb.Requests() {
		if r.Route == sandbox.RouteExchange {
			exchanged[r.LocationID]++
		} else {
			others[r.LocationID]++
		}
	}
	return exchanged, others
}

// A slow sub-account delays the other sub-accounts by no more than the time that its own
// requests take. The other sub-accounts do not wait for its rate limit.
func TestManyAccountsOneSlow(t *testing.T) {
	slow := map[string]func(*sandbox.Sandbox){
		"answers": func(s *sandbox.Sandbox) { s.SetLocationLatency(slowAccount, time.Second) },
		"a budget": func(s *sandbox.Sandbox) {
			s.SetLocationRateLimit(slowAccount, sandbox.RateLimit{Max: 1, Interval: time.Second})
		},
	}
	for name, slowDown := range slow {
		for _, size := range agencies {
			t.Run(fmt.Sprint(name, size), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newAccounts(t, size[0], size[1])
					slowDown(f.sb)
					for seed := range uint64(3) {
						f.useAgency(agencyToken)
						begun := time.Now()
						for location, at := range f.readAccounts(size[0], size[1], seed) {
							if took := at.Sub(begun); location != slowAccount && took > 3*time.Second {
								t.Errorf("%s was read after %s, want at most 3s", location, took)
							}
						}
						for _, spent := range f.client.Usage() {
							if spent.LocationID != slowAccount && spent.Waits > 0 {
								t.Errorf("%d requests of %q waited %s for the rate limit", spent.Waits, spent.LocationID, spent.Waited)
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
}
