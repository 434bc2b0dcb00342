package ghl

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// authorized sends each call with the token of its sub-account. If the server refuses an
// exchanged token, authorized exchanges the agency's token for a new one and retries the
// call, whatever its method: the server does not carry out a request that it refuses.
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
		last := c.last(r.locationID)
		if r.token.isRefused(err) && last.discard(r.token) {
			if r.token, err = c.of(ctx, r); err != nil {
				return response{}, err
			}
			answer, err = next(ctx, r)
		}
		if err == nil {
			last.accepted(r.token)
		}
		return answer, err
	}
}

// isRefused reports whether a new token may fix the failure of a call. A token from an
// earlier process may lack rights that the app was granted later.
func (t Token) isRefused(err error) bool {
	switch KindOf(err) {
	case Unauthorized:
		return true
	case MissingScope, WrongTokenType, Forbidden:
		return t.isCached
	default:
		return false
	}
}

// renewBefore is the time before the expiry of a token at which the token is replaced.
const renewBefore = time.Minute

// credentials holds the token of each sub-account, and exchanges the agency's token for
// sub-accounts that have none.
type credentials struct {
	own       map[string]string // keyed by sub-account id
	agency    string
	companyID string
	common    string
	clock     Clock
	redactor  *redactor // contains every token
	allowed   []string  // sub-account ids; nil = all
	exchange  func(ctx context.Context, locationID string) (Token, error)
	cache     *tokenCache // nil = none

	mu        sync.Mutex
	exchanged map[string]*exchangedToken // keyed by sub-account id
}

// exchangedToken is the last exchanged token of a sub-account.
type exchangedToken struct {
	flight Flight[Token]

	mu       sync.Mutex
	token    Token     // Value is "" if there is no usable token
	until    time.Time // when to stop using the token; zero = never
	replaced bool      // token replaced a refused token, and the server has not accepted it yet
}

func newCredentials(config Config, cache *tokenCache, exchange func(context.Context, string) (Token, error)) *credentials {
	tokens := slices.AppendSeq([]string{config.AccessToken, config.AgencyAccessToken}, maps.Values(config.LocationAccessTokens))
	return &credentials{
		own: config.LocationAccessTokens, agency: config.AgencyAccessToken, companyID: config.CompanyID, common: config.AccessToken,
		clock: config.Clock, exchange: exchange, redactor: newRedactor(tokens...), allowed: config.AllowedLocationIDs,
		cache: cache, exchanged: map[string]*exchangedToken{},
	}
}

// of returns the token for a call's sub-account. Every call about a sub-account gets its
// token from this method, so the method also refuses calls about sub-accounts that are not
// allowed.
func (c *credentials) of(ctx context.Context, r request) (Token, error) {
	if c.allowed != nil && !slices.Contains(c.allowed, r.locationID) {
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

// exchangedFor returns the exchanged token for the call's sub-account. If there is no
// usable token, it exchanges the agency's token for a new one. Concurrent callers wait for
// the same exchange.
func (c *credentials) exchangedFor(ctx context.Context, r request) (Token, error) {
	last := c.last(r.locationID)
	if token, ok := last.fit(c.clock.Now()); ok {
		return token, nil
	}
	token, err := last.flight.Do(ctx, func(ctx context.Context) (Token, error) { return c.renew(ctx, last, r.locationID) })
	if err != nil && KindOf(err) == "" { // the context's error
		err = r.fail(Interrupted, err)
	}
	return token, err
}

// renew returns a token from the cache or, if there is none, from a new exchange. Only the
// agency's rate limit bounds the number of concurrent exchanges, so an exchange that waits
// for a retry does not delay other exchanges.
func (c *credentials) renew(ctx context.Context, last *exchangedToken, locationID string) (Token, error) {
	begun := c.clock.Now()
	if token, ok := last.fit(begun); ok {
		return token, nil // from an exchange that has just ended
	}
	if token, ok := c.cache.take(locationID); ok {
		c.redactor.add(token.Value)
		last.keep(token, begun)
		return token, nil
	}
	token, err := c.exchange(ctx, locationID)
	if err == nil {
		last.keep(token, begun)
	}
	c.cache.keep(ctx, locationID, token)
	return token, err
}

func (c *credentials) last(locationID string) *exchangedToken {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := c.exchanged[locationID]
	if last == nil {
		last = &exchangedToken{}
		c.exchanged[locationID] = last
	}
	return last
}

func (t *exchangedToken) fit(now time.Time) (Token, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.token, t.token.Value != "" && (t.until.IsZero() || now.Before(t.until))
}

// keep stores a new token. The token is used until one minute before its expiry. A token
// with a lifetime of less than two minutes is used for half of that lifetime.
func (t *exchangedToken) keep(token Token, begun time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token, t.until = token, token.Expires
	if !t.until.IsZero() {
		t.until = t.until.Add(-min(renewBefore, t.until.Sub(begun)/2))
	}
}

// accepted records that the server accepts a token.
func (t *exchangedToken) accepted(token Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token.Value == token.Value {
		t.replaced = false
	}
}

// discard forgets a token that the server refused, and reports whether to request a new
// token. It returns false if this token had already replaced a refused token. If the server
// refuses several calls with the same token, only the first call discards the token.
func (t *exchangedToken) discard(token Token) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.token.Value != token.Value:
		return true
	case t.replaced:
		return false
	default:
		t.token, t.replaced = Token{}, true
		return true
	}
}

// forget removes a token if it is still the current one, so that the next call requests a
// new token.
func (t *exchangedToken) forget(token Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token.Value == token.Value {
		t.token = Token{}
	}
}

// AccessToken returns the token that calls about a sub-account use. If the token comes from
// the token cache, AccessToken exchanges the agency's token for a new one, because the
// caller could not replace a refused token.
func (c *Client) AccessToken(ctx context.Context, locationID string) (Token, error) {
	r := request{operation: "find access token", locationID: locationID}
	token, err := c.credentials.of(ctx, r)
	if token.isCached {
		c.credentials.last(locationID).forget(token)
		token, err = c.credentials.of(ctx, r)
	}
	return token, err
}
