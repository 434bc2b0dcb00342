package ghl

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Token is an access token.
type Token struct {
	Value      string
	Expires    time.Time // zero if unknown
	Credential Credential

	isCached bool // the token comes from the token cache; an earlier process exchanged it
}

// String returns "***", so that the token is not printed by accident.
func (t Token) String() string { return redacted }

// Credential says where a token comes from.
type Credential string

// The credentials, as in Config.
const (
	LocationToken  Credential = "location"  // LocationAccessTokens
	ExchangedToken Credential = "exchanged" // exchanged for AgencyAccessToken
	AgencyToken    Credential = "agency"    // AgencyAccessToken
	CommonToken    Credential = "common"    // AccessToken
)

// TokenError is an error about a token that New rejected. It wraps ErrAccessToken, and its
// text never contains the token.
type TokenError struct {
	Credential Credential
	LocationID string // set only for a LocationToken
	Err        error
}

func (e *TokenError) Error() string {
	if e.Credential == LocationToken {
		return fmt.Sprintf("%v of sub-account %q: %v", ErrAccessToken, e.LocationID, e.Err)
	}
	return fmt.Sprintf("%v: %v", ErrAccessToken, e.Err)
}

func (e *TokenError) Unwrap() []error { return []error{ErrAccessToken, e.Err} }

func (c Config) checkTokens() error {
	for _, locationID := range slices.Sorted(maps.Keys(c.LocationAccessTokens)) {
		if err := checkToken(c.LocationAccessTokens[locationID]); err != nil {
			return &TokenError{LocationToken, locationID, err}
		}
	}
	if (c.AgencyAccessToken == "") != (c.CompanyID == "") {
		return &TokenError{Credential: AgencyToken, Err: errors.New("an agency's token and its company's id must be set together")}
	}
	if err := checkToken(c.AgencyAccessToken); err != nil && c.AgencyAccessToken != "" {
		return &TokenError{Credential: AgencyToken, Err: err}
	}
	hasOther := c.AgencyAccessToken != "" || len(c.LocationAccessTokens) > 0
	if err := checkToken(c.AccessToken); err != nil && (c.AccessToken != "" || !hasOther) {
		return &TokenError{Credential: CommonToken, Err: err}
	}
	return nil
}

// checkToken checks the form of a token. Its error never quotes the token.
func checkToken(token string) error {
	isOdd := func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) }
	switch scheme, _, _ := strings.Cut(token, " "); {
	case token == "":
		return errors.New("it is empty")
	case strings.TrimSpace(token) == "":
		return errors.New("it is blank")
	case strings.ContainsAny(token, "\"'`“”‘’„«»"):
		return errors.New("it is in quotes or contains a quote: set the token without quotes")
	case strings.ContainsAny(token, "\r\n"):
		return errors.New("it contains a line break: copy the token again, in one line")
	case strings.EqualFold(scheme, "bearer"):
		return errors.New(`it begins with "Bearer": set the token without this word`)
	case strings.ContainsFunc(token, unicode.IsSpace):
		return errors.New("it contains white space, which no token has: copy the token again")
	case strings.ContainsFunc(token, isOdd):
		return errors.New("it contains a character that is not allowed in a token: copy the token again")
	default:
		return nil
	}
}
