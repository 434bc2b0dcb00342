package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// isV3 reports whether the request is for a route of agencies and has Version v3, whose answers have other forms.
func (x *exchange) isV3() bool {
	return x.quirks.V3Exchange && x.route != nil && x.route.scope != "" && x.header.Get("Version") == versionV3
}

// exchangedTokenV3 is the answer to POST /oauth/locationToken in version v3.
type exchangedTokenV3 struct {
	AccessToken string `json:"accessToken"`
	TokenType   string `json:"tokenType"`
	ExpiresIn   int    `json:"expiresIn"`
	Scope       string `json:"scope"`
	LocationID  string `json:"locationId"`
	UserID      string `json:"userId"`
}

// installedV3 is a row of GET /oauth/installedLocations in version v3.
type installedV3 struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Address     string `json:"address"`
	IsInstalled bool   `json:"isInstalled"`
}

// pagination contains the number of items in answers of version v3.
type pagination struct {
	Total int `json:"total"`
	Skip  int `json:"skip"`
	Limit int `json:"limit"`
}

// errorV3 is the error body of version v3.
type errorV3 struct {
	Error struct {
		Code       string   `json:"code"`
		Message    string   `json:"message"`
		Details    []string `json:"details"`
		Resolution string   `json:"resolution"`
	} `json:"error"`
}

// wrapError converts an error from the API's usual form to the form of version v3. Other answers do not change.
func (a *answer) wrapError() {
	var old struct {
		StatusCode int
		Message    json.RawMessage
	}
	if a.status < http.StatusBadRequest || json.Unmarshal(a.body, &old) != nil || old.StatusCode != a.status {
		return
	}
	var wrapped errorV3
	wrapped.Error.Code = strings.ToUpper(strings.ReplaceAll(statusText(a.status), " ", "_"))
	wrapped.Error.Details = []string{}
	wrapped.Error.Resolution = "Check the request."
	if json.Unmarshal(old.Message, &wrapped.Error.Message) != nil { // a list, then
		wrapped.Error.Message = statusText(a.status)
		if err := json.Unmarshal(old.Message, &wrapped.Error.Details); err != nil {
			panic(fmt.Sprintf("sandbox: %v", err)) // only this package encodes errors
		}
	}
	a.body = encodeObject(wrapped, false)
}
