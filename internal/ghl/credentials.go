package ghl

import (
	"context"
	"sync"
	"time"
)

// authorized sends each call with the token of its sub-account. An exchanged one that is
// refused is exchanged once more, and the call retried, whatever its method: what was
// answered with 401 was not carried out.
func authorized(next handler, c *credentials) handler {
	return func(ctx context.Context, r request) (response, error) {
		if r.isAgencys {
			return c.asAgency(ctx, r, next)
		}
		var err error
		if r.token, err = c.of(ctx, r); err != nil {
			return response{}, err
		}
		answer, err := next(ctx, r)
		if r.token.Credential != ExchangedToken {
			return answer, err
		}
		if err == nil {
			c.accepted(r)
		}
		if KindOf(err) != Unauthorized || !c.discard(r) {
			return answer, err
		}
		if r.token, err = c.of(ctx, r); err != nil {
			return response{}, err
		}
		if answer, err = next(ctx, r); err == nil {
			c.accepted(r)
		}
		return answer, err
	}
}

// mostExchanges is how many token exchanges are under way at once.
const mostExchanges = 8

// renewBefore is how long before its expiry a token is no longer used.
const renewBefore = time.Minute

// credentials knows the token of each sub-account, and exchanges the agency's for those
// that it lacks.
type credentials struct {
	own       map[string]string // by sub-account
	agency    string
	companyID string
	common    string
	clock     Clock
	redactor  *redactor       // of every token that is known
	allowed   map[string]bool // sub-accounts; nil for all
	exchange  func(ctx context.Context, locationID string) (Token, error)
	slots     chan struct{} // exchanges under way

	mu        sync.Mutex
	exchanged map[string]*exchangedToken // by sub-account
}

// exchangedToken is the last one of a sub-account.
type exchangedToken struct {
	token    Token     // without a value if there is none that is fit
	until    time.Time // when it is no longer used; zero for never
	replaced bool      // it replaces one that was refused, and nothing has been accepted since
	under    *tokenExchange
}

// tokenExchange is one under way, and who waits for it.
type tokenExchange struct {
	done    chan struct{}
	token   Token
	err     error
	waiters int
	ctx     *Joint
	cancel  context.CancelFunc
}

func newCredentials(config Config, exchange func(context.Context, string) (Token, error)) *credentials {
	c := &credentials{
		own: config.LocationAccessTokens, agency: config.AgencyAccessToken, companyID: config.CompanyID, common: config.AccessToken,
		clock: config.Clock, exchange: exchange, redactor: newRedactor(config.AccessToken, config.AgencyAccessToken),
		slots: make(chan struct{}, mostExchanges), exchanged: map[string]*exchangedToken{},
	}
	for _, token := range config.LocationAccessTokens {
		c.redactor.add(token)
	}
	if config.AllowedLocationIDs != nil {
		c.allowed = map[string]bool{}
	}
	for _, id := range config.AllowedLocationIDs {
		c.allowed[id] = true
	}
	return c
}

// of returns the token of a call's sub-account. No call about a sub-account gets by
// here, so this is where one that is not allowed ends.
func (c *credentials) of(ctx context.Context, r request) (Token, error) {
	if c.allowed != nil && !c.allowed[r.locationID] {
		return Token{}, r.fail(NotAllowed, nil)
	}
	if own, ok := c.own[r.locationID]; ok {
		return Token{Value: own, Credential: LocationToken}, nil
	}
	switch {
	case c.agency != "":
		return c.exchangedFor(ctx, r)
	case c.common != "":
		return Token{Value: c.common, Credential: CommonToken}, nil
	default:
		return Token{}, r.fail(Unserved, nil)
	}
}

// exchangedFor returns the exchanged token of the call's sub-account, and exchanges one
// if there is none that is fit. Who asks meanwhile waits for the same exchange. Its
// failure reaches all who wait, and is not kept.
func (c *credentials) exchangedFor(ctx context.Context, r request) (Token, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	account := c.account(r.locationID)
	if account.token.Value != "" && (account.until.IsZero() || c.clock.Now().Before(account.until)) {
		return account.token, nil
	}
	if account.under == nil {
		c.start(ctx, account, r.locationID)
	}
	under := account.under
	under.ctx.Join(ctx)
	under.waiters++
	c.mu.Unlock()
	ended := false
	select {
	case <-under.done:
		ended = true
	case <-ctx.Done():
	}
	c.mu.Lock()
	under.waiters--
	if ended {
		return under.token, under.err
	}
	if under.waiters == 0 {
		// Nobody wants it any more. Who asks next begins anew.
		under.cancel()
		account.dismiss(under)
	}
	return Token{}, r.fail(Interrupted, context.Cause(ctx))
}

func (c *credentials) account(locationID string) *exchangedToken {
	account := c.exchanged[locationID]
	if account == nil {
		account = &exchangedToken{}
		c.exchanged[locationID] = account
	}
	return account
}

func (t *exchangedToken) dismiss(under *tokenExchange) {
	if t.under == under {
		t.under = nil
	}
}

// start exchanges a token on behalf of all who will wait for it.
func (c *credentials) start(ctx context.Context, account *exchangedToken, locationID string) {
	joint, cancel := NewJoint(ctx)
	under := &tokenExchange{done: make(chan struct{}), ctx: joint, cancel: cancel}
	account.under = under
	go func() {
		defer cancel()
		begun := c.clock.Now()
		token, err := c.inTurn(joint, locationID)
		c.mu.Lock()
		defer c.mu.Unlock()
		account.dismiss(under)
		under.token, under.err = token, err
		if err == nil {
			account.token, account.until = token, usableUntil(begun, token.Expires)
		}
		close(under.done)
	}()
}

// inTurn bounds how many exchanges are under way.
func (c *credentials) inTurn(ctx context.Context, locationID string) (Token, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
		return c.exchange(ctx, locationID)
	case <-ctx.Done():
		return Token{}, context.Cause(ctx) // and nobody is left to hear it
	}
}

// usableUntil is shortly before the expiry: a minute, or half of a shorter life.
func usableUntil(begun, expires time.Time) time.Time {
	if expires.IsZero() {
		return expires
	}
	return expires.Add(-min(renewBefore, expires.Sub(begun)/2))
}

// accepted notes that the server takes the exchanged token of a call.
func (c *credentials) accepted(r request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if account := c.account(r.locationID); account.token.Value == r.token.Value {
		account.replaced = false
	}
}

// discard forgets the exchanged token of a call that the server refused, and tells
// whether another is worth a try: not if this one replaced a refused one. Of several
// calls refused with one token, the first makes it be replaced.
func (c *credentials) discard(r request) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	account := c.account(r.locationID)
	switch {
	case account.token.Value != r.token.Value:
		return true
	case account.replaced:
		return false
	default:
		account.token, account.replaced = Token{}, true
		return true
	}
}

// AccessToken returns the token with which calls about a sub-account are made.
func (c *Client) AccessToken(ctx context.Context, locationID string) (Token, error) {
	r := request{operation: "find access token", locationID: locationID}
	return c.credentials.of(ctx, r)
}
