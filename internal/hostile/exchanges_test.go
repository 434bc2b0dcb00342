package hostile_test

import (
	"fmt"
	"net/http"
	"strings"
)

// exchanges returns hostile answers to a token exchange and hostile lists of an agency's sub-accounts. The answers
// repeat the minted token in other places, or contain something else in place of a token.
func exchanges() []entry {
	minted := fields{
		"access_token": `"{MINTED}"`, "token_type": `"Bearer"`, "expires_in": "86399", "locationId": `"{HOME}"`,
		"scope": `"associations.readonly associations.write associations/relation.readonly associations/relation.write"`,
	}
	var all []entry
	for _, status := range []int{202, 204, 206, 300, 302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503, 599} {
		for what, body := range map[string]string{
			"as an answer": minted.String(),
			"in a message": `{"statusCode":400,"message":"minted {MINTED}","error":"{MINTED}","traceId":"{MINTED}","errors":["{MINTED}"]}`,
			"in a page":    "<html><title>{MINTED}</title></html>",
			"alone":        "{MINTED}",
			"cut":          minted.String()[:40],
			"in base64":    `{"message":"` + inBase64(1, mintedToken) + `"}`,
		} {
			all = append(all, entry{
				kind: "failed exchange", name: fmt.Sprint(status, " ", what), verbs: []verb{readAssociation, openToken},
				route: exchange, status: status, body: body, refused: status >= 300 || what != "as an answer",
			})
		}
	}
	for what, body := range map[string]fields{
		"without a sub-account":           minted.with("locationId", ""),
		"of another sub-account":          minted.with("locationId", `"{ELSEWHERE}"`),
		"a null sub-account":              minted.with("locationId", "null"),
		"many sub-accounts":               minted.with("locationId", `["{HOME}","{ELSEWHERE}"]`),
		"the agency's own":                minted.with("access_token", `"{AGENCY TOKEN}"`),
		"of an agency":                    minted.with("userType", `"Company"`).with("locationId", "").with("companyId", `"`+company+`"`),
		"without a token":                 minted.with("access_token", ""),
		"an empty token":                  minted.with("access_token", `""`),
		"a null token":                    minted.with("access_token", "null"),
		"a token that is a list":          minted.with("access_token", `["{MINTED}"]`),
		"a token with two lines":          minted.with("access_token", `"{MINTED}\r\nX-Other: a"`),
		"a token with control characters": minted.with("access_token", `"{MINTED}\u0000\u001b[2J"`),
		"a token with a space":            minted.with("access_token", `"{MINTED} a"`),
		"a long token":                    minted.with("access_token", `"`+strings.Repeat("q", 1<<16)+`"`),
		"of another type":                 minted.with("token_type", `"Basic"`),
		"expired":                         minted.with("expires_in", "-1"),
		"expiring at once":                minted.with("expires_in", "0"),
		"expiring never":                  minted.with("expires_in", "1e300"),
		"expires_in is a string":          minted.with("expires_in", `"a\u001b[2J"`),
		"wrapped":                         {"data": minted.String(), "message": `"{MINTED}"`},
		"in camelCase":                    {"accessToken": `"{MINTED}"`, "expiresIn": "86399", "message": `"{MINTED}"`},
		"nothing":                         {},
	} {
		all = append(all, entry{
			kind: "exchange", name: what, verbs: []verb{readAssociation, makeAssociation, openToken}, route: exchange, status: 201, body: body.String(),
			refused: !strings.HasPrefix(what, "expir") && what != "of another type" && what != "a long token",
		})
	}
	return append(all, accounts()...)
}

// accounts returns hostile lists of an agency's sub-accounts.
func accounts() []entry {
	row := fields{"_id": `"{HOME}"`, "name": `"Home"`, "address": `"a"`, "isInstalled": "true"}
	list := func(rows string) string {
		return `{"locations":[` + rows + `],"count":1,"installToFutureLocations":false}`
	}
	var all []entry
	for what, id := range hostileIDs {
		all = append(all, entry{
			kind: "sub-account with a hostile id", name: what, verbs: []verb{dataLocations}, route: installed, status: 200, body: list(row.with("_id", id).String()),
		})
	}
	for what, body := range map[string]string{
		"no list": `{}`, "null": `{"locations":null}`, "a string": `{"locations":"a"}`, "strings": list(`"a","b"`), "null rows": list("null"),
		"one row repeated":     list(strings.TrimSuffix(strings.Repeat(row.String()+",", 100), ",")),
		"two thousand rows":    list(strings.TrimSuffix(strings.Repeat(`{"_id":"a"},`, 2_000), ",")),
		"a count out of range": `{"locations":[` + row.String() + `],"count":1e400}`,
		"the token":            `{"message":"{AGENCY TOKEN}"}`,
	} {
		all = append(all, entry{kind: "list of sub-accounts", name: what, verbs: []verb{dataLocations}, route: installed, status: 200, body: body})
	}
	for _, status := range []int{400, 401, 403, 404, 500} {
		all = append(all, entry{
			kind: "list of sub-accounts", name: fmt.Sprint(status, " with the token"), verbs: []verb{dataLocations}, route: installed, status: status,
			header: http.Header{"Content-Type": {"text/plain"}}, body: "a\n::warning::{AGENCY TOKEN} " + inBase64(2, agencyToken),
		})
	}
	return all
}
