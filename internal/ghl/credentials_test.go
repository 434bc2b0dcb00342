package ghl

import (
	"fmt"
	"testing"
	"testing/synctest"
)

func TestCredentialOfASubAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		server.sold["pit-own"], server.sold["pit-common"] = "own", "other"
		own := func(c *Config) { c.LocationAccessTokens = map[string]string{"own": "pit-own"} }
		common := func(c *Config) { c.AccessToken = "pit-common" }
		none := func(c *Config) { c.AccessToken = "" }
		for name, test := range map[string]struct {
			change     []func(*Config)
			locationID string
			want       string // the token
		}{
			"own token, exchange and common token": {[]func(*Config){withAgency, own, common}, "own", "pit-own"},
			"exchange and common token":            {[]func(*Config){withAgency, own, common}, "other", "sold-3.other.token"},
			"common token only":                    {[]func(*Config){own, common}, "other", "pit-common"},
			"own token only":                       {[]func(*Config){none, own}, "own", "pit-own"},
		} {
			client := newTestClient(t, server, test.change...)
			if err := read(t.Context(), client, test.locationID); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			sent := server.sent()
			if got := sent[len(sent)-1].Header.Get("Authorization"); got != "Bearer "+test.want {
				t.Errorf("%s: got %s, want %s", name, got, test.want)
			}
			token, err := client.AccessToken(t.Context(), test.locationID)
			if err != nil || token.Value != test.want || fmt.Sprintf("%v %+v", token, token) != "*** ***" {
				t.Errorf("%s: token %q, shown as %v, %v", name, token.Value, token, err)
			}
		}

		client := newTestClient(t, server, none, own)
		before := server.count()
		failure := failureOf(t, read(t.Context(), client, "other"))
		if failure.Kind != Unserved || failure.LocationID != "other" || server.count() != before {
			t.Errorf("without a token: got %+v after %d requests", failure, server.count()-before)
		}
		if _, err := client.LocationPages("app", "").Next(t.Context(), PageSize); KindOf(err) != Unserved || server.count() != before {
			t.Errorf("list of sub-accounts without an agency token: %v", err)
		}
	})
}
