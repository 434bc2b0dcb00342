package ghl

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// An exchange is sent as a form. It always uses API version 2021-07-28, even if the other
// calls use v3. The client also accepts the field names of v3 in the answer.
func TestExchangeRequest(t *testing.T) {
	t.Parallel()
	server := newAgencyAPI()
	client := newTestClient(t, server, withAgency, func(c *Config) { c.BaseURL, c.APIVersion = "https://rest.gohighlevel.com/v1/", "v3" })
	server.answer = func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/oauth/locationToken") {
			return answerOf(200, `{"accessToken":"sold","locationId":"l&c=1"}`), nil
		}
		return answerOf(404, `{"error":{"code":"NOT_FOUND","message":"Association not found","details":null,"resolution":"Check the id."}}`), nil
	}
	token, err := client.AccessToken(t.Context(), "l&c=1")
	if err != nil || token.Value != "sold" || !token.Expires.IsZero() || token.Credential != ExchangedToken {
		t.Errorf("got %+v, %v", token.Value, err)
	}
	if err := read(t.Context(), client, "l&c=1"); !IsNotFound(err) || !strings.HasSuffix(err.Error(), ": Association not found: Check the id.") {
		t.Errorf("got %v", err)
	}
	got := server.sent()
	if got[0].Method != http.MethodPost || got[0].URL != "https://rest.gohighlevel.com/v1/oauth/locationToken" || got[0].Body != "companyId=company&locationId=l%26c%3D1" {
		t.Errorf("sent %s %s %s", got[0].Method, got[0].URL, got[0].Body)
	}
	for name, want := range map[string][2]string{
		"Authorization": {"Bearer " + agencyToken, "Bearer sold"}, "Version": {"2021-07-28", "v3"}, "Accept": {"application/json", "application/json"},
		"Content-Type": {"application/x-www-form-urlencoded", ""}, "User-Agent": {testUserAgent, testUserAgent},
	} {
		if got := [2]string{got[0].Header.Get(name), got[1].Header.Get(name)}; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// All calls for a sub-account share one exchange, and the token is cached. At first, at most
// ten exchanges run at once, because the agency's remaining budget is unknown. This server never
// reports the budget, so after the first answer all other exchanges run at once.
func TestExchangeOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		client := newTestClient(t, server, withAgency)
		server.wantExchanges(t) // no exchange before a call needs a token
		for range 2 {
			if err := errors.Join(together(200, func(i int) error { return read(t.Context(), client, fmt.Sprintf("loc-%d", i%50)) })...); err != nil {
				t.Fatal(err)
			}
		}
		got := server.exchanges()
		slices.Sort(got)
		if len(got) != 50 || len(slices.Compact(got)) != 50 || server.most < 40 {
			t.Errorf("tokens were requested for %v, %d at a time; want 50 sub-accounts, 10 and then 40 at a time", got, server.most)
		}
	})
}

// A token is used until a minute before it expires, but at least for half of its lifetime.
func TestExchangeBeforeExpiry(t *testing.T) {
	t.Parallel()
	for lifetime, want := range map[string]time.Duration{
		`,"expires_in":86399`:   86339 * time.Second,
		`,"expires_in":"86399"`: 86339 * time.Second,
		`,"expires_in":60`:      30 * time.Second,
		`,"expires_in":600.5`:   540500 * time.Millisecond,
		`,"expiresIn":86399`:    86339 * time.Second,
		``:                      0, // 0 = until the server refuses the token
		`,"expires_in":"soon"`:  0,
		`,"expires_in":-5`:      0,
		`,"expires_in":null`:    0,
		`,"expires_in":{}`:      0,
		`,"expires_in":1e300`:   0,
	} {
		synctest.Test(t, func(t *testing.T) {
			server := newAgencyAPI()
			server.lifetime = lifetime
			client := newTestClient(t, server, withAgency)
			begun := time.Now()
			token := func() string {
				got, err := client.AccessToken(t.Context(), "loc")
				if err != nil {
					t.Fatal(lifetime, err)
				}
				return got.Value
			}
			first := token()
			time.Sleep(time.Until(begun.Add(want)) - time.Millisecond)
			if got := token(); got != first {
				t.Errorf("%s: replaced after %s, want %s", lifetime, time.Since(begun), want)
			}
			time.Sleep(time.Millisecond)
			if got := token(); (got == first) != (want == 0) {
				t.Errorf("%s: after %s, got %s after %s", lifetime, time.Since(begun), got, first)
			}
			if want == 0 {
				time.Sleep(1000 * time.Hour)
				if got := token(); got != first {
					t.Errorf("%s: replaced without being refused", lifetime)
				}
			}
		})
	}
}

// If the server refuses an exchanged token, one new exchange serves all calls that failed.
// These calls are retried, including creates.
func TestExchangeAfterRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		client := newTestClient(t, server, withAgency)
		calls := func() []error {
			return together(6, func(i int) error {
				if i%2 == 0 {
					_, err := client.CreateAssociation(t.Context(), association)
					return err
				}
				return read(t.Context(), client, location)
			})
		}
		for range 3 {
			if err := errors.Join(calls()...); err != nil {
				t.Fatal(err)
			}
			server.revoke()
		}
		server.wantExchanges(t, location, location, location)
		posts := 0
		for _, r := range server.sent() {
			if strings.HasSuffix(r.URL, "/associations/") && r.Method == http.MethodPost {
				posts++
			}
		}
		if posts != 9+6 {
			t.Errorf("%d creates were sent, want 9 and a retry of 6", posts)
		}

		// If the server refuses the new token too, the calls fail, and no other exchange is
		// made.
		server.set(func() { server.refuses = true })
		for range 3 {
			for _, err := range calls() {
				if failure := failureOf(t, err); failure.Kind != Unauthorized || failure.Ambiguous || failure.Credential != ExchangedToken || failure.LocationID != location {
					t.Errorf("got %+v", failure)
				}
			}
		}
		server.wantExchanges(t, location, location, location, location)
		server.set(func() { server.refuses = false })
		if err := errors.Join(calls()...); err != nil {
			t.Fatal(err)
		}
	})
}

// A refused token is not replaced if it was not exchanged, or if it lacks a scope: a new token
// would lack the same scope.
func TestNoExchangeAfterRefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		message string
		change  func(*Config)
		want    int // requests
	}{
		"own":    {"Invalid JWT", func(c *Config) { c.LocationAccessTokens = map[string]string{location: "pit-own"} }, 1},
		"common": {"Invalid JWT", func(c *Config) { c.AgencyAccessToken, c.CompanyID, c.AccessToken = "", "", "pit-common" }, 1},
		"scope":  {"The token is not authorized for this scope.", func(*Config) {}, 2},
	} {
		server := &fakeTransport{}
		server.answer = func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/oauth/locationToken" {
				return answerOf(200, soldJSON), nil
			}
			return answerOf(401, `{"message":"`+test.message+`"}`), nil
		}
		client := newTestClient(t, server, withAgency, test.change)
		if err := read(t.Context(), client, location); err == nil || server.count() != test.want {
			t.Errorf("%s: %d requests, want %d; %v", name, server.count(), test.want, err)
		}
	}
}

// If an exchange fails, all waiting callers get its error, and the error is not cached. The
// error never looks like a failure of the call that needed the token.
func TestExchangeFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		message string
		token   string // the agency's token; "" for agencyToken
		want    Kind
	}{
		"not installed":                {400, "App is not installed", "", NotInstalled},
		"not found":                    {404, "Location not found", "", NotInstalled},
		"not found, 400":               {400, "Location not found", "", NotInstalled},
		"another company":              {403, "The token does not have access to this location.", "", NotInstalled},
		"form":                         {422, "locationId should not be empty", "", NotInstalled},
		"message of an invalid record": {422, "Invalid record id", "", NotInstalled},
		"message of a duplicate":       {400, "Duplicate Association key", "", NotInstalled},
		"expired":                      {401, "Invalid JWT", "", AgencyUnauthorized},
		"a sub-account's token":        {401, "Token's user type mismatch", "", AgencyUnauthorized},
		"no scope":                     {401, "The token is not authorized for this scope.", "", AgencyScope},
		"private integration":          {401, "The token is not authorized for this scope.", "pit-agency", AgencyPIT},
		"private integration, 2":       {401, "Invalid JWT", "pit-agency", AgencyPIT},
		"private integration, 3":       {403, "Forbidden", "pit-agency", AgencyPIT},
		"cannot post":                  {404, "Cannot POST /oauth/locationToken", "", UnknownRoute},
		"private, cannot post":         {404, "Cannot POST /oauth/locationToken", "pit-agency", UnknownRoute},
		"broken":                       {500, "Internal", "", Unavailable},
		"an answer without a token":    {200, "<html>", "", Malformed},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := newAgencyAPI()
			server.answer = func(r *http.Request) (*http.Response, error) {
				if err := sleep(r.Context(), time.Second); err != nil {
					return nil, err
				}
				return answerOf(test.status, fmt.Sprintf(`{"statusCode":%d,"message":%q,"traceId":"t-1"}`, test.status, test.message)), nil
			}
			client := newTestClient(t, server, withAgency, func(c *Config) {
				if test.token != "" {
					c.AgencyAccessToken = test.token
				}
			})
			for want := 1; want <= 2; want++ {
				for _, err := range together(5, func(int) error { return createAssociation(t.Context(), client) }) {
					failure := failureOf(t, err)
					if failure.Kind != test.want || failure.Ambiguous || failure.LocationID != location || failure.Credential != AgencyToken {
						t.Errorf("%s: got %+v, want %q", name, failure, test.want)
					}
					if !strings.Contains(err.Error(), location) {
						t.Errorf("%s: the error does not name the sub-account: %v", name, err)
					}
					if IsNotFound(err) || IsDuplicate(err) || IsAmbiguous(err) {
						t.Errorf("%s: %v looks like a failure of the create", name, err)
					}
				}
				if server.count() != want {
					t.Errorf("%s: %d requests, want %d", name, server.count(), want)
				}
			}
			server.answer = server.answers
			client.credentials.agency = agencyToken // as if the user had corrected the token
			if err := createAssociation(t.Context(), client); err != nil {
				t.Errorf("%s: the failure is cached: %v", name, err)
			}
		})
	}
}
