package ghl

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

// claims is what a token says of itself, if it is a JWT, or what an exchange says of it:
// authClass is "Location" or "Company", and authClassId the id of the sub-account or the
// agency. Nobody checks the signature here: a claim can only speak against a token.
type claims struct {
	AuthClass   string `json:"authClass"`
	AuthClassID string `json:"authClassId"`
	LocationID  string `json:"locationId"`
}

// claimsOf is empty for a token that says nothing.
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

// checkServes refuses a token that says that it serves anything but the sub-account. Its
// error repeats nothing of the token.
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
