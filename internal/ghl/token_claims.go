package ghl

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// claims is what a token says about itself, if it is a JWT, or what an exchange says about
// the token: authClass is "Location" or "Company", and authClassId is the id of the
// sub-account or the agency. The signature is not verified here, so a claim can only count
// against a token.
type claims struct {
	AuthClass   string `json:"authClass"`
	AuthClassID string `json:"authClassId"`
	LocationID  string `json:"locationId"`
}

// claimsOf returns empty claims for a token that says nothing.
func claimsOf(token string) claims {
	var said claims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return said
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || json.Unmarshal(payload, &said) != nil {
		return claims{}
	}
	return said
}

// checkServes refuses a token that claims to serve anything but the sub-account. Its error
// repeats nothing from the token.
func (c claims) checkServes(locationID string) error {
	isLocations := strings.EqualFold(c.AuthClass, "Location")
	switch {
	case c.AuthClass != "" && !isLocations:
		return errors.New("the answer holds a token of an agency, not of the sub-account")
	case isLocations && c.AuthClassID != "" && c.AuthClassID != locationID, c.LocationID != "" && c.LocationID != locationID:
		return errors.New("the answer holds the token of another sub-account")
	default:
		return nil
	}
}
