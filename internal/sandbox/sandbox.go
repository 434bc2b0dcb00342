// Package sandbox is a stateful stand-in for the HighLevel API, as far as it concerns associations and the model that they build on.
//
// It keeps sub-accounts with their associations, relations, objects, custom fields, custom values and records in memory. It
// answers their endpoints as the real API is known to, and refuses what the real API refuses. It also has the two endpoints
// with which an agency's app finds its sub-accounts and exchanges its token. If sources about the API disagree, [Quirks] selects the behaviour.
// [Sandbox.AddFault] injects the faults of real networks and servers, and [Sandbox.Requests] returns the requests of clients. At the
// root, a browser shows the content of the sandbox.
//
// The package shares no code with the client that is tested against it, its wire types included, so that a misreading of
// the API cannot hide by being on both sides.
package sandbox

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say how a sandbox starts. The zero value is the documented behaviour of the API, without any sub-account.
type Options struct {
	Agencies  []Agency      // companies present from the start
	Locations []Location    // sub-accounts present from the start
	Quirks    Quirks        // the behaviour that sources about the API disagree on
	RateLimit RateLimit     // budget of each sub-account; the zero value is 100 in 10 s and 200,000 a day
	Latency   time.Duration // added to each answer; the request itself takes effect on arrival
	Seed      int64         // makes the probabilities of faults repeatable
	Prefix    string        // base path of every route, for example "/v1"; a request without it finds nothing

	// Now is the clock of the budgets, of the listing lag and of the log; nil is the machine's. Latency, stalls and slow bodies
	// always take real time.
	Now func() time.Time

	// KeepRequests bounds the request log: it keeps at least this many of the newest. 0 keeps all.
	KeepRequests int
}

// Location is a sub-account. Each has the three standard objects. Unless NoSystemRows is set, each also has two SYSTEM_DEFINED
// associations, and two that the platform made although their type is USER_DEFINED.
type Location struct {
	ID           string
	Token        string // the only bearer token that the sub-account accepts besides exchanged ones; "" accepts none
	NoSystemRows bool

	CompanyID string // the agency that it belongs to; "" for none
	Name      string // as its agency's list shows it; "" is the id
	Address   string
	NoApp     bool // the agency's app is not installed there
}

// Sandbox is the stand-in server: an [http.Handler] whose methods are safe for concurrent use.
type Sandbox struct {
	prefix       string
	keepRequests int
	now          func() time.Time

	mu        sync.Mutex // guards everything below; never held while waiting
	quirks    Quirks
	rateLimit RateLimit
	latency   time.Duration
	accounts  map[string]*subAccount // by location id
	order     []string               // in which the location ids were added
	tokens    map[string]*subAccount
	agencies  map[string]*agency // by company id
	faults    []*armedFault
	dice      *rand.Rand
	lastID    int
	lastTrace int
	lastToken int
	log       []*Request
	seen      []*seenExchange // the last ones of the log
	listener  *listener
}

var _ http.Handler = (*Sandbox)(nil)

// New makes a sandbox. It does not listen anywhere: mount it as a handler, or call [Sandbox.Start] or [Sandbox.Transport].
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

// SetToken replaces the token of a sub-account. The API refuses the former one from then on. Exchanged tokens stay.
func (s *Sandbox) SetToken(locationID, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setToken(s.account(locationID), token)
}

// RevokeToken makes the API refuse the token of a sub-account with 401, until [Sandbox.SetToken] gives it one.
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

// SetQuirks changes the behaviour while the sandbox runs.
func (s *Sandbox) SetQuirks(change func(*Quirks)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.quirks)
}

// SetLatency sets the time that is added to each answer from then on.
func (s *Sandbox) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// SetLocationLatency sets the time that is added, besides the general latency, to each answer to the token of one sub-account.
func (s *Sandbox) SetLocationLatency(locationID string, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(locationID).latency = d
}

// SetRateLimit replaces the budget of every sub-account that has none of its own. What is spent stays spent.
func (s *Sandbox) SetRateLimit(l RateLimit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rateLimit = l
}

// SetLocationRateLimit gives one sub-account a budget of its own.
func (s *Sandbox) SetLocationRateLimit(locationID string, l RateLimit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(locationID).rateLimit = &l
}

// account is the sub-account that a caller in Go names. A wrong name is a mistake of the caller.
func (s *Sandbox) account(locationID string) *subAccount {
	account := s.accounts[locationID]
	if account == nil {
		panic(fmt.Sprintf("sandbox: no sub-account %q", locationID))
	}
	return account
}
