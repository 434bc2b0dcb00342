package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Agency is a company with sub-accounts, and with an app that is installed on some of them. The app's token lists these
// sub-accounts, and can be exchanged for a token of each sub-account.
type Agency struct {
	CompanyID string
	AppID     string
	Token     string   // if empty, no token is accepted; a token that begins with pit- is a Private Integration Token, which has no oauth scope
	Scopes    []string // scopes of the token; nil means oauth.readonly and oauth.write

	ExchangedPrefix string        // prefix of the exchanged tokens; "" means "exchanged-token"
	TokenLifetime   time.Duration // lifetime of the exchanged tokens; 0 means 86,399 s
}

// Scopes that the routes for agencies need.
const (
	scopeReadonly = "oauth.readonly"
	scopeWrite    = "oauth.write"
)

const (
	fieldCompanyID   = "companyId"
	fieldAppID       = "appId"
	fieldIsInstalled = "isInstalled"
	fieldQuery       = "query"
)

var (
	tokenFields     = texts(fieldCompanyID, fieldLocationID)
	installedFields = []string{
		fieldCompanyID, fieldAppID, fieldSkip, fieldLimit, fieldQuery, fieldIsInstalled,
		"versionId", "onTrial", "planId", fieldLocationID,
	}
)

type agency struct {
	Agency
	accounts []*subAccount // in the order in which they joined the agency
	budget   budget
}

func (a *agency) has(scope string) bool {
	if a.Scopes == nil {
		return !strings.HasPrefix(a.Token, "pit-")
	}
	return slices.Contains(a.Scopes, scope)
}

// AddAgency adds a company. It panics if the id or the token is taken.
func (s *Sandbox) AddAgency(a Agency) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.CompanyID == "" || s.agencies[a.CompanyID] != nil {
		panic(fmt.Sprintf("sandbox: company id %q is empty or taken", a.CompanyID))
	}
	if account, other := s.bearer(a.Token, s.now()); account != nil || other != nil {
		panic(fmt.Sprintf("sandbox: the token of company %q is taken", a.CompanyID))
	}
	a.ExchangedPrefix = cmp.Or(a.ExchangedPrefix, "exchanged-token")
	a.TokenLifetime = cmp.Or(a.TokenLifetime, 86399*time.Second)
	s.agencies[a.CompanyID] = &agency{Agency: a}
}

// SetAgency changes an agency, but not its id.
func (s *Sandbox) SetAgency(companyID string, change func(*Agency)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.company(companyID).Agency)
}

// company returns the agency with the given id. It panics if no agency has the id.
func (s *Sandbox) company(companyID string) *agency {
	a := s.agencies[companyID]
	if a == nil {
		panic(fmt.Sprintf("sandbox: no company %q", companyID))
	}
	return a
}

// join adds a new sub-account to its agency.
func (s *Sandbox) join(account *subAccount, l Location) {
	account.name, account.address = cmp.Or(l.Name, l.ID), l.Address
	if l.CompanyID == "" {
		return
	}
	account.agency = s.company(l.CompanyID)
	account.installed = !l.NoApp
	account.agency.accounts = append(account.agency.accounts, account)
}

// LeaveAgency removes a sub-account from its agency, as deleting the sub-account in the agency does. From then on, the API
// refuses the tokens of the sub-account.
func (s *Sandbox) LeaveAgency(locationID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	account.agency.accounts = without(account.agency.accounts, account)
	account.agency = nil
	s.setToken(account, "")
	clear(account.exchanged)
}

// SetInstalled installs the agency's app on a sub-account, or uninstalls it. Uninstalling revokes the exchanged tokens.
func (s *Sandbox) SetInstalled(locationID string, installed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	account.installed = installed
	if !installed {
		clear(account.exchanged)
	}
}

// RevokeExchangedTokens makes the API refuse the exchanged tokens of a sub-account. The agency's token can still be exchanged for
// new tokens.
func (s *Sandbox) RevokeExchangedTokens(locationID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.account(locationID).exchanged)
}

// ExchangedTokens returns the sorted exchanged tokens of a sub-account that have not been revoked.
func (s *Sandbox) ExchangedTokens(locationID string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sortedKeys(s.account(locationID).exchanged)
}

// bearer returns the owner of a token: a sub-account or an agency. Both are nil if nobody has the token.
func (s *Sandbox) bearer(token string, now time.Time) (*subAccount, *agency) {
	if token == "" {
		return nil, nil
	}
	if account := s.tokens[token]; account != nil {
		return account, nil
	}
	for _, a := range s.agencies {
		if a.Token == token {
			return nil, a
		}
		for _, account := range a.accounts {
			if expires, ok := account.exchanged[token]; ok && now.Before(expires) {
				return account, nil
			}
		}
	}
	return nil, nil
}

// exchangedToken is the answer to POST /oauth/locationToken.
type exchangedToken struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope"`
	LocationID  string `json:"locationId"`
	UserID      string `json:"userId"`
}

// exchangeToken answers POST /oauth/locationToken. No source quotes the messages of its refusals. Their statuses are those of the
// API.
func (s *Sandbox) exchangeToken(c *call) answer {
	account := s.accounts[c.fields[fieldLocationID]]
	switch {
	case c.fields[fieldCompanyID] != c.agency.CompanyID:
		return c.refuse(http.StatusForbidden, "The token does not have access to this company.")
	case account == nil || account.agency != c.agency:
		return c.refuse(http.StatusNotFound, "Location not found")
	case !account.installed:
		return c.refuse(http.StatusBadRequest, "The app is not installed on this location.")
	}
	s.lastToken++
	b := exchangedToken{
		AccessToken: fmt.Sprintf("%s.%s.%d", c.agency.ExchangedPrefix, account.id, s.lastToken),
		TokenType:   "Bearer",
		ExpiresIn:   int(c.agency.TokenLifetime / time.Second),
		Scope:       "associations.readonly associations.write associations/relation.readonly associations/relation.write",
		LocationID:  account.id,
		UserID:      "68d2c5f0a1b2c3d4e5f60001",
	}
	account.exchanged[b.AccessToken] = s.now().Add(c.agency.TokenLifetime)
	if c.v3 {
		return objectAnswer(c.quirks, http.StatusCreated, "", exchangedTokenV3(b))
	}
	return objectAnswer(c.quirks, http.StatusCreated, "", b)
}

// installedLocation is a row of GET /oauth/installedLocations.
type installedLocation struct {
	ID          string `json:"_id"`
	Name        string `json:"name"`
	Address     string `json:"address"`
	IsInstalled bool   `json:"isInstalled"`
}

// listInstalled answers GET /oauth/installedLocations: all sub-accounts of the agency, unless the query filters them.
func (s *Sandbox) listInstalled(c *call) answer {
	for _, field := range []string{fieldCompanyID, fieldAppID} {
		if c.query.Get(field) == "" {
			return c.refuseForm(field + " should not be empty")
		}
	}
	if c.query.Get(fieldCompanyID) != c.agency.CompanyID || c.query.Get(fieldAppID) != c.agency.AppID {
		return c.refuse(http.StatusForbidden, "The token does not have access to this company or app.")
	}
	var rows []installedLocation
	for _, account := range c.agency.accounts {
		row := installedLocation{ID: account.id, Name: account.name, Address: account.address, IsInstalled: account.installed}
		if c.asksForLocation(row) {
			rows = append(rows, row)
		}
	}
	p := &page{name: "locations", field: "count", count: !c.quirks.NoTotal, total: len(rows)}
	if c.quirks.CompanyCount {
		p.total = len(c.agency.accounts)
	}
	if c.v3 {
		p.name, p.pagination = "items", &pagination{p.total, c.skip, c.limit}
	}
	for _, row := range window(rows, c.skip, min(c.limit, c.quirks.pageCap())) {
		if c.v3 {
			p.rows = append(p.rows, installedV3(row))
			continue
		}
		p.rows = append(p.rows, row)
	}
	a := jsonAnswer(http.StatusOK, nil)
	a.page = p
	return a
}

func (c *call) asksForLocation(row installedLocation) bool {
	installed := c.query.Get(fieldIsInstalled)
	return (installed == "" || (installed == "true") == row.IsInstalled) &&
		strings.Contains(strings.ToLower(row.Name), strings.ToLower(c.query.Get(fieldQuery))) &&
		(!c.query.Has(fieldLocationID) || c.query.Get(fieldLocationID) == row.ID)
}
