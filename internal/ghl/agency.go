package ghl

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// asAgency sends a call with the agency's token. It changes the kind of a refusal, because
// "not found" here does not mean that an association no longer exists.
func (c *credentials) asAgency(ctx context.Context, r request, next handler) (response, error) {
	if c.agency == "" {
		return response{}, r.fail(Unserved, nil)
	}
	r.token = Token{Value: c.agency, Credential: AgencyToken}
	answer, err := next(ctx, r)
	if failure, ok := errors.AsType[*Error](err); ok {
		failure.Kind = c.agencyKind(failure.Kind, r)
	}
	return answer, err
}

func (c *credentials) agencyKind(kind Kind, r request) Kind {
	switch kind {
	case Unauthorized, WrongTokenType, MissingScope, Forbidden, NotFound, Duplicate, DuplicateLabels, DuplicateOpportunity, InvalidRecord, Refused:
	default:
		return kind
	}
	switch {
	case strings.HasPrefix(c.agency, "pit-"):
		return AgencyPIT
	case kind == MissingScope:
		return AgencyScope
	case kind == Unauthorized, kind == WrongTokenType:
		return AgencyUnauthorized
	case r.locationID == "":
		return AgencyForbidden
	default:
		return NotInstalled
	}
}

// exchangeToken exchanges the agency's token for the token of a sub-account: POST
// /oauth/locationToken. The exchange is safe to repeat.
func (c *Client) exchangeToken(ctx context.Context, locationID string) (Token, error) {
	form := url.Values{"companyId": {c.credentials.companyID}, "locationId": {locationID}}
	r := request{
		operation: fmt.Sprintf("exchange the agency's token for a token of sub-account %q", locationID),
		method:    http.MethodPost, path: "/oauth/locationToken",
		body: []byte(form.Encode()), isAgencys: true, isExchange: true, locationID: locationID,
	}
	begun := c.credentials.clock.Now()
	return call(ctx, c, r, func(body []byte) (Token, error) {
		value, lifetime, err := decodeToken(body, locationID)
		if err == nil && value == c.credentials.agency {
			err = errors.New("the answer contains the agency's own token")
		}
		if err != nil {
			return Token{}, err
		}
		c.credentials.redactor.add(value)
		token := Token{Value: value, Credential: ExchangedToken}
		if lifetime > 0 {
			token.Expires = begun.Add(lifetime)
		}
		return token, nil
	})
}

// decodeToken reads {"access_token", "expires_in": seconds, "locationId"}, or the same
// fields in version v3's spelling. It accepts only a token of the given sub-account. Its
// error quotes nothing from the answer.
func decodeToken(body []byte, locationID string) (value string, lifetime time.Duration, err error) {
	var wire struct {
		AccessToken string          `json:"access_token"`
		ExpiresIn   json.RawMessage `json:"expires_in"`
		LocationID  string          `json:"locationId"`
		UserType    string          `json:"userType"`

		AccessTokenV3 string          `json:"accessToken"`
		ExpiresInV3   json.RawMessage `json:"expiresIn"`
	}
	if json.Unmarshal(body, &wire) != nil {
		return "", 0, errors.New("the answer to the token exchange is not the expected JSON")
	}
	token, expiresIn := cmp.Or(wire.AccessToken, wire.AccessTokenV3), wire.ExpiresIn
	if expiresIn == nil {
		expiresIn = wire.ExpiresInV3
	}
	switch {
	case checkToken(token) != nil:
		return "", 0, errors.New("the answer contains no access token")
	case wire.LocationID == "":
		return "", 0, errors.New("the answer does not say which sub-account its token serves")
	}
	said := claims{AuthClass: wire.UserType, LocationID: wire.LocationID}
	if err := cmp.Or(said.checkServes(locationID), claimsOf(token).checkServes(locationID)); err != nil {
		return "", 0, err
	}
	// If the lifetime is missing or implausible, the token is used until the server refuses
	// it.
	if seconds, err := strconv.ParseFloat(strings.Trim(string(expiresIn), `"`), 64); err == nil && seconds > 0 && seconds < 1e9 {
		lifetime = time.Duration(seconds * float64(time.Second))
	}
	return token, lifetime, nil
}

// Location is a sub-account in the listing of its agency.
type Location struct {
	ID        string `json:"_id"`
	Name      string `json:"name"`
	Address   string `json:"address"`
	Installed bool   `json:"isInstalled"` // whether the app is installed in the sub-account; true if the field is missing
}

func (Location) wrappers() []string { return []string{"locations", "items"} }

func (l Location) identify() (id string, systemDefined bool) { return l.ID, false }

func (l Location) check() error {
	if l.ID == "" {
		return errors.New("a sub-account lacks its id")
	}
	return checkIDs(l.ID)
}

// UnmarshalJSON also accepts "id", which is version v3's spelling of "_id".
func (l *Location) UnmarshalJSON(raw []byte) error {
	type plain Location
	wire := struct {
		plain

		IDV3 string `json:"id"`
	}{plain: plain{Installed: true}}
	err := json.Unmarshal(raw, &wire)
	*l = Location(wire.plain)
	l.ID = cmp.Or(l.ID, wire.IDV3)
	return err
}

// LocationPages pages through GET /oauth/installedLocations: the agency's sub-accounts
// whose names match the query, or all of them if the query is "". Sub-accounts without the
// app are included. The API can leave them out of the rows, but still counts them. The
// listing is provably complete only if the number of rows equals the count.
func (c *Client) LocationPages(appID, query string) *Pager[Location] {
	return pages(c, func() request {
		r := request{operation: "list sub-accounts", path: "/oauth/installedLocations", isAgencys: true}
		r.query = url.Values{"companyId": {c.credentials.companyID}, "appId": {appID}}
		if query != "" {
			r.query.Set("query", query)
		}
		return r
	}, decodeLocations)
}

// decodeLocations reads {"locations": [{"_id", "name", "address", "isInstalled"}], "count"}
// or, in version v3's spelling, {"items": […], "pagination": {"total"}}.
func decodeLocations(body []byte) (listing[Location], error) {
	page, err := list(func(Location) error { return nil })(body)
	var wire struct {
		Count      *int            `json:"count"`
		Pagination json.RawMessage `json:"pagination"`
	}
	if json.Unmarshal(body, &wire) == nil {
		if wire.Count != nil {
			page.total = max(page.total, *wire.Count)
		}
		page.total = max(page.total, totalOf(wire.Pagination))
	}
	return page, err
}
