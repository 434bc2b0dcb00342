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
	Expires    time.Time // zero where that is not known
	Credential Credential
}

// String keeps a token out of whatever prints it.
func (t Token) String() string { return masked }

// Credential tells where a token comes from.
type Credential string

// The credentials, as Config names them.
const (
	LocationToken  Credential = "location"  // LocationAccessTokens
	ExchangedToken Credential = "exchanged" // bought with AgencyAccessToken
	AgencyToken    Credential = "agency"    // AgencyAccessToken
	CommonToken    Credential = "common"    // AccessToken
)

// TokenError tells which token New refused. It wraps ErrAccessToken, and its text
// never repeats the token.
type TokenError struct {
	Credential Credential
	LocationID string // of a LocationToken
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
		return &TokenError{Credential: AgencyToken, Err: errors.New("an agency's token and its company's id need each other")}
	}
	if c.AgencyAccessToken != "" {
		if err := checkToken(c.AgencyAccessToken); err != nil {
			return &TokenError{Credential: AgencyToken, Err: err}
		}
	}
	if c.AccessToken != "" || c.AgencyAccessToken == "" && len(c.LocationAccessTokens) == 0 {
		if err := checkToken(c.AccessToken); err != nil {
			return &TokenError{Credential: CommonToken, Err: err}
		}
	}
	return nil
}

// checkToken never repeats the token in its error.
func checkToken(token string) error {
	if token == "" {
		return errors.New("it is empty")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) || r == ' ' }) {
		return errors.New("it contains white space or another character that no token has; was it copied with a line break?")
	}
	return nil
}
