// Package sandbox is a stateful stand-in for the parts of the HighLevel API that concern associations and the model that they
// build on.
//
// The sandbox stores sub-accounts with their associations, relations, objects, custom fields, custom values and records in
// memory. It accepts and refuses requests like the real API. It also has the two endpoints that an agency's app needs to find its
// sub-accounts and to exchange its token. If sources about the API disagree, [Quirks] selects the behaviour. [Sandbox.AddFault]
// injects the faults of real networks and servers, and [Sandbox.Requests] returns the requests of clients. The page at the root
// shows the content of the sandbox in a browser.
//
// The package shares no code with the client that is tested against it, not even the JSON types. If the two shared code, the
// tests could not find a misreading of the API in this code.
package sandbox

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options configures a new sandbox. The zero value is the documented behaviour of the API, without any sub-account.
type Options struct {
	Agencies  []Agency      // initial agencies
	Locations []Location    // initial sub-accounts
	Quirks    Quirks        // behaviour that sources about the API disagree on
	RateLimit RateLimit     // rate limit of each sub-account; the zero value means 100 calls in 10 s and 200,000 a day
	Latency   time.Duration // delay of each answer; the request itself takes effect on arrival
	Seed      int64         // seed of the random numbers for the probabilities of faults
	Prefix    string        // base path of every route, for example "/v1"; the API has no routes without the prefix

	// Now is the clock of the rate limits, of the listing lag and of the log. If Now is nil, the sandbox uses the system clock.
	// Latency, stalls and slow bodies always take real time.
	Now func() time.Time

	// KeepRequests limits the request log, which retains at least this number of the newest requests. 0 means no limit.
	KeepRequests int
}

// Location is a sub-account. It contains the three standard objects. Unless NoSystemRows is set, it also contains two
// SYSTEM_DEFINED associations, and two associations that the platform created although their type is USER_DEFINED.
type Location struct {
	ID           string
	Token        string // the only bearer token that the sub-account accepts besides exchanged tokens; if empty, only these are accepted
	NoSystemRows bool

	CompanyID string // the agency of the sub-account; "" means none
	Name      string // name in the agency's list; "" means the id
	Address   string
	NoApp     bool // the agency's app is not installed on the sub-account
}

// Sandbox is the stand-in server: an [http.Handler] whose methods are safe for concurrent use.
type Sandbox struct {
	prefix       string
	keepRequests int
	now          func() time.Time

	mu        sync.Mutex // guards all fields below; never locked during a wait
	quirks    Quirks
	rateLimit RateLimit
	latency   time.Duration
	accounts  map[string]*subAccount // by location id
	order     []string               // location ids in the order in which they were added
	tokens    map[string]*subAccount
	agencies  map[string]*agency // by company id
	faults    []*armedFault
	dice      *rand.Rand
	lastID    int
	lastTrace int
	lastToken int
	log       []*Request
	seen      []*seenExchange // the last requests of the log
	listener  *listener
}

var _ http.Handler = (*Sandbox)(nil)

// New creates a sandbox. The sandbox does not listen yet: use it as a handler, or call [Sandbox.Start] or [Sandbox.Transport].
func New(o Options) *Sandbox {
	seed := uint64(o.Seed) //nolint:gosec // any 64 bits do as a seed
	s := &Sandbox{
		prefix:       strings.TrimSuffix(o.Prefix, "/"),
		keepRequests: o.KeepRequests,
		now:          o.Now,
		quirks:       o.Quirks,
		rateLimit:    o.RateLimit,
		latency:      o.Latency,
		accounts:     map[string]*subAccount{},
		tokens:       map[string]*subAccount{},
		agencies:     map[string]*agency{},
		dice:         rand.New(rand.NewPCG(seed, seed)), //nolint:gosec // faults must be repeatable, nothing here is secret
	}
	if s.now == nil {
		s.now = time.Now
	}
	for _, a := range o.Agencies {
		s.AddAgency(a)
	}
	for _, l := range o.Locations {
		s.AddLocation(l)
	}
	return s
}

// AddLocation adds a sub-account. It panics if the id or the token is taken.
func (s *Sandbox) AddLocation(l Location) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.ID == "" {
		panic("sandbox: a sub-account needs an id")
	}
	if s.accounts[l.ID] != nil {
		panic(fmt.Sprintf("sandbox: sub-account %q exists", l.ID))
	}
	account := newSubAccount(l.ID)
	s.accounts[l.ID] = account
	s.order = append(s.order, l.ID)
	s.setToken(account, l.Token)
	s.join(account, l)
	s.addStandardObjects(account)
	if !l.NoSystemRows {
		s.addPlatformRows(account)
	}
}

// SetToken replaces the token of a sub-account. From then on, the API refuses the former token. Exchanged tokens remain valid.
func (s *Sandbox) SetToken(locationID, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setToken(s.account(locationID), token)
}

// RevokeToken makes the API refuse the token of a sub-account with 401, until [Sandbox.SetToken] sets a new token.
func (s *Sandbox) RevokeToken(locationID string) { s.SetToken(locationID, "") }

func (s *Sandbox) setToken(account *subAccount, token string) {
	if other := s.tokens[token]; other != nil && other != account {
		panic(fmt.Sprintf("sandbox: sub-accounts %q and %q cannot share a token", other.id, account.id))
	}
	delete(s.tokens, account.token)
	account.token = token
	if token != "" {
		s.tokens[token] = account
	}
}

// SetQuirks changes the quirks while the sandbox runs.
func (s *Sandbox) SetQuirks(change func(*Quirks)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.quirks)
}

// SetLatency sets the delay of each answer from then on.
func (s *Sandbox) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// SetLocationLatency sets a delay for each answer to the token of one sub-account, in addition to the general latency.
func (s *Sandbox) SetLocationLatency(locationID string, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(locationID).latency = d
}

// SetRateLimit replaces the rate limit of every sub-account without its own rate limit. Calls that were already made still count.
func (s *Sandbox) SetRateLimit(l RateLimit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rateLimit = l
}

// SetLocationRateLimit sets a separate rate limit for one sub-account.
func (s *Sandbox) SetLocationRateLimit(locationID string, l RateLimit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(locationID).rateLimit = &l
}

// account returns the sub-account with the given id. It panics if no sub-account has the id.
func (s *Sandbox) account(locationID string) *subAccount {
	account := s.accounts[locationID]
	if account == nil {
		panic(fmt.Sprintf("sandbox: no sub-account %q", locationID))
	}
	return account
}
