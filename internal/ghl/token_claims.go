package ghl

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// claims describes a token, as stated in the token itself (a JWT) or in the answer to an
// exchange. authClass is "Location" or "Company". authClassId is the id of the sub-account
// or the agency. The signature is not verified, so a claim can disqualify a token but never
// proves that it is valid.
type claims struct {
	AuthClass   string `json:"authClass"`
	AuthClassID string `json:"authClassId"`
	LocationID  string `json:"locationId"`
}

// claimsOf returns the claims of a token. They are empty if the token is not a JWT.
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

// checkServes returns an error for a token that claims to serve anything but the
// sub-account. The error quotes nothing from the token.
func (c claims) checkServes(locationID string) error {
	isLocations := strings.EqualFold(c.AuthClass, "Location")
	switch {
	case c.AuthClass != "" && !isLocations:
		return errors.New("the answer contains a token of an agency, not of the sub-account")
	case isLocations && c.AuthClassID != "" && c.AuthClassID != locationID, c.LocationID != "" && c.LocationID != locationID:
		return errors.New("the answer contains the token of another sub-account")
	default:
		return nil
	}
}
