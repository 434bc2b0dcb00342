package ghl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const agencyToken = "oauth-5b0e.agency"

// soldJSON answers an exchange for the sub-account that most tests are about.
const soldJSON = `{"access_token":"sold","locationId":"` + location + `"}`

// agencyAPI is a server that sells tokens, and takes those that it sold. Its answers
// take a second, so that calls meet.
type agencyAPI struct {
	fakeTransport

	mu       sync.Mutex
	sold     map[string]string // token → sub-account
	lifetime string            // as it is sent
	refuses  bool              // every sub-account's token
	fault    func(form url.Values) *http.Response
	atOnce   int
	most     int // exchanges that were under way at once
}

func newAgencyAPI() *agencyAPI {
	a := &agencyAPI{sold: map[string]string{}, lifetime: `,"expires_in":86399`}
	a.answer = a.answers
	return a
}

func (a *agencyAPI) answers(r *http.Request) (*http.Response, error) {
	isExchange := r.URL.Path == "/oauth/locationToken"
	a.enter(isExchange, 1)
	defer a.enter(isExchange, -1)
	if err := sleep(r.Context(), time.Second); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case isExchange && token == agencyToken:
		return a.exchange(r), nil
	case isExchange || a.refuses || a.sold[token] == "":
		return answerOf(401, `{"statusCode":401,"message":"Invalid JWT"}`), nil
	case r.Method == http.MethodPost:
		return answerOf(201, associationJSON), nil
	default:
		return answerOf(200, strings.ReplaceAll(associationJSON, location, a.sold[token])), nil
	}
}

func (a *agencyAPI) exchange(r *http.Request) *http.Response {
	text, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(text))
	if a.fault != nil {
		if answer := a.fault(form); answer != nil {
			return answer
		}
	}
	token := fmt.Sprintf("sold-%d.%s.token", len(a.sold)+1, form.Get("locationId")) // rows may repeat no end of it
	a.sold[token] = form.Get("locationId")
	return answerOf(201, fmt.Sprintf(`{"access_token":%q,"locationId":%q%s}`, token, form.Get("locationId"), a.lifetime))
}

func (a *agencyAPI) enter(isExchange bool, by int) {
	if !isExchange {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.atOnce += by
	a.most = max(a.most, a.atOnce)
}

// set changes the server while it runs.
func (a *agencyAPI) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

// revoke makes it refuse what it sold so far.
func (a *agencyAPI) revoke() {
	a.set(func() { clear(a.sold); a.sold["none"] = "none"; a.sold["nor"] = "none" })
}

// exchanges are the sub-accounts of which a token was asked for, in order.
func (a *agencyAPI) exchanges() []string {
	var list []string
	for _, r := range a.sent() {
		if strings.HasSuffix(r.URL, "/oauth/locationToken") {
			form, _ := url.ParseQuery(r.Body)
			list = append(list, form.Get("locationId"))
		}
	}
	return list
}

func (a *agencyAPI) wantExchanges(t *testing.T, want ...string) {
	t.Helper()
	if got := a.exchanges(); !slices.Equal(got, want) {
		t.Errorf("tokens were asked for %v, want %v", got, want)
	}
}

func withAgency(c *Config) {
	c.AccessToken, c.AgencyAccessToken, c.CompanyID = "", agencyToken, "company"
	c.Clock = Clock{Jitter: func() float64 { return 0 }}
}

func read(ctx context.Context, c *Client, locationID string) error {
	_, err := c.Association(ctx, locationID, association.ID)
	return err
}

// together makes calls at once, and gives their failures.
func together(n int, call func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = call(i) })
	}
	all.Wait()
	return errs
}

// The exchange as it goes over the wire. The paths of /oauth/ are those of 2021-07-28,
// whatever version the other calls go out with; version v3's spelling of the answers is
// understood.
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

// However many calls need a token at once, it is bought once, and kept; eight at most are
// bought at once.
func TestExchangeOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		client := newTestClient(t, server, withAgency)
		server.wantExchanges(t) // none before it is needed
		for range 2 {
			if err := errors.Join(together(200, func(i int) error { return read(t.Context(), client, fmt.Sprintf("loc-%d", i%50)) })...); err != nil {
				t.Fatal(err)
			}
		}
		got := server.exchanges()
		slices.Sort(got)
		if len(got) != 50 || len(slices.Compact(got)) != 50 || server.most != 8 {
			t.Errorf("tokens were asked for %v, %d at once; want 50 sub-accounts, 8 at once", got, server.most)
		}
	})
}

// A token is used until a minute before its expiry, or for half of a shorter life.
func TestExchangeBeforeExpiry(t *testing.T) {
	t.Parallel()
	for lifetime, want := range map[string]time.Duration{
		`,"expires_in":86399`:   86339 * time.Second,
		`,"expires_in":"86399"`: 86339 * time.Second,
		`,"expires_in":60`:      30 * time.Second,
		`,"expires_in":600.5`:   540500 * time.Millisecond,
		`,"expiresIn":86399`:    86339 * time.Second,
		``:                      0, // until it is refused
		`,"expires_in":"soon"`:  0,
		`,"expires_in":-5`:      0,
		`,"expires_in":null`:    0,
		`,"expires_in":{}`:      0,
		`,"expires_in":1e300`:   0,
	} {
		inVirtualTime(t, lifetime, func(t *testing.T) {
			server := newAgencyAPI()
			server.lifetime = lifetime
			client := newTestClient(t, server, withAgency)
			begun := time.Now()
			token := func() string {
				got, err := client.AccessToken(t.Context(), "loc")
				if err != nil {
					t.Fatal(err)
				}
				return got.Value
			}
			first := token()
			time.Sleep(time.Until(begun.Add(want)) - time.Millisecond)
			if got := token(); got != first {
				t.Errorf("replaced after %s, want %s", time.Since(begun), want)
			}
			time.Sleep(time.Millisecond)
			if got := token(); (got == first) != (want == 0) {
				t.Errorf("after %s, got %s after %s", time.Since(begun), got, first)
			}
			if want == 0 {
				time.Sleep(1000 * time.Hour)
				if got := token(); got != first {
					t.Errorf("replaced without being refused")
				}
			}
		})
	}
}

// A bought token that is refused is bought again, once for all calls that it fails,
// and those are repeated, creates too.
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
			t.Errorf("%d creates were sent, want 9 and a repeat of 6", posts)
		}

		// Where the new one is refused too, that is the answer, and nothing more is bought.
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

// A token that was not bought is not replaced, and a missing scope is none that a
// new token would have.
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

// The failure of an exchange reaches all who wait for it, and is not kept. It never
// looks like one of the call that it was for.
func TestExchangeFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		message string
		token   string // the agency's; "" for the usual one
		want    Kind
	}{
		"not installed":          {400, "App is not installed", "", NotInstalled},
		"not found":              {404, "Location not found", "", NotInstalled},
		"not found, 400":         {400, "Location not found", "", NotInstalled},
		"another company":        {403, "The token does not have access to this location.", "", NotInstalled},
		"form":                   {422, "locationId should not be empty", "", NotInstalled},
		"words of an invalid":    {422, "Invalid record id", "", NotInstalled},
		"words of a duplicate":   {400, "Duplicate Association key", "", NotInstalled},
		"expired":                {401, "Invalid JWT", "", AgencyUnauthorized},
		"a sub-account's":        {401, "Token's user type mismatch", "", AgencyUnauthorized},
		"no scope":               {401, "The token is not authorized for this scope.", "", AgencyScope},
		"private integration":    {401, "The token is not authorized for this scope.", "pit-agency", AgencyPIT},
		"private integration, 2": {401, "Invalid JWT", "pit-agency", AgencyPIT},
		"private integration, 3": {403, "Forbidden", "pit-agency", AgencyPIT},
		"cannot post":            {404, "Cannot POST /oauth/locationToken", "", UnknownRoute},
		"private, cannot post":   {404, "Cannot POST /oauth/locationToken", "pit-agency", UnknownRoute},
		"broken":                 {500, "Internal", "", Unavailable},
		"no answer of an API":    {200, "<html>", "", Malformed},
	} {
		inVirtualTime(t, name, func(t *testing.T) {
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
						t.Errorf("got %+v, want %q", failure, test.want)
					}
					if !strings.Contains(err.Error(), location) {
						t.Errorf("the error does not name the sub-account: %v", err)
					}
					if IsNotFound(err) || IsDuplicate(err) || IsAmbiguous(err) {
						t.Errorf("%v looks like a failure of the create", err)
					}
				}
				if server.count() != want {
					t.Errorf("%d requests, want %d", server.count(), want)
				}
			}
			server.answer = server.answers
			client.credentials.agency = agencyToken // as if it had been mended
			if err := createAssociation(t.Context(), client); err != nil {
				t.Errorf("the failure is kept: %v", err)
			}
		})
	}
}

// An exchange is repeated like a read, though it is a POST.
func TestExchangeRetried(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]step{
		"unavailable": answers(503, ""),
		"cut short":   answers(200, `{"access_token":"sol`),
		"no answer":   fails(errors.New("connection reset by peer")),
		"429":         answers(429, `{"message":"Too Many Requests"}`),
	} {
		server := changing(failure, answers(200, soldJSON), answers(200, associationJSON))
		client := newTestClient(t, server, withAgency, withRetries(1), func(c *Config) { c.Clock = newFakeClock().clock() })
		if err := readAssociation(t.Context(), client); err != nil || server.count() != 3 {
			t.Errorf("%s: %d requests, %v", name, server.count(), err)
		}
	}
}

// Where the exchange is down, that is found out once for all sub-accounts, and says
// nothing of their own calls.
func TestExchangeDown(t *testing.T) {
	t.Parallel()
	isDown := true
	server := &fakeTransport{}
	server.answer = func(r *http.Request) (*http.Response, error) {
		sent := server.sent()
		_, locationID, _ := strings.Cut(sent[len(sent)-1].Body, "locationId=")
		switch {
		case r.URL.Path != "/oauth/locationToken":
			return answerOf(500, ""), nil
		case isDown:
			return answerOf(503, ""), nil
		default:
			return answerOf(200, `{"access_token":"sold","locationId":"`+locationID+`"}`), nil
		}
	}
	client := newTestClient(t, server, withAgency, withRetries(2), func(c *Config) { c.Clock = newFakeClock().clock() })
	for _, test := range []struct {
		isDown     bool
		locationID string
		want       int // requests
	}{{true, "loc-1", 3}, {true, "loc-1", 1}, {true, "loc-2", 1}, {false, "loc-1", 1 + 3}, {true, "loc-2", 3}} {
		before := server.count()
		isDown = test.isDown
		if err := read(t.Context(), client, test.locationID); KindOf(err) != Unavailable {
			t.Errorf("got %v", err)
		}
		if got := server.count() - before; got != test.want {
			t.Errorf("%+v: got %d requests", test, got)
		}
	}
}

// Who gives up leaves the exchange to those who still wait. Given up by all, it ends.
func TestExchangeGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		client := newTestClient(t, server, withAgency)
		hasty, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		begun := time.Now()
		errs := together(2, func(i int) error {
			if i == 1 {
				return read(hasty, client, location)
			}
			time.Sleep(time.Millisecond) // so that the other one has begun the exchange
			return read(t.Context(), client, location)
		})
		if errs[0] != nil || KindOf(errs[1]) != Interrupted || !errors.Is(errs[1], context.DeadlineExceeded) {
			t.Errorf("got %v", errs)
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("it took %s, want two seconds", took)
		}
		server.wantExchanges(t, location)

		server = newAgencyAPI()
		client = newTestClient(t, server, withAgency)
		hasty, cancel = context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		for _, err := range together(3, func(int) error { return read(hasty, client, location) }) {
			if KindOf(err) != Interrupted {
				t.Errorf("got %v", err)
			}
		}
		synctest.Wait()
		if server.atOnce != 0 {
			t.Error("the exchange goes on for nobody")
		}
		if err := read(t.Context(), client, location); err != nil {
			t.Error(err)
		}
		server.wantExchanges(t, location, location)
	})
}

// Exchanges have a budget of their own: they wait for it, and for a 429, and the
// calls about sub-accounts do not.
func TestExchangeBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newAgencyAPI()
		server.sold["pit-own"] = "own"
		client := newTestClient(t, server, withAgency, func(c *Config) {
			c.MostRequests = 3
			c.LocationAccessTokens = map[string]string{"own": "pit-own"}
		})
		begun := time.Now()
		took := make([]time.Duration, 5)
		for _, err := range together(5, func(i int) error {
			locationID := fmt.Sprintf("loc-%d", i)
			if i == 4 {
				time.Sleep(2 * time.Second)
				locationID = "own"
			}
			err := read(t.Context(), client, locationID)
			took[i] = time.Since(begun)
			return err
		}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		if took[4] != 3*time.Second {
			t.Errorf("the call that needs no exchange ended after %s, want 3s", took[4])
		}
		if last := slices.Max(took); last < 11*time.Second || last > 14*time.Second {
			t.Errorf("the fourth exchange ended after %s: it should wait for the interval", last)
		}
		usage := map[string]int{}
		for _, u := range client.Usage() {
			usage[u.LocationID] = u.Requests
		}
		if want := map[string]int{"": 4, "own": 1, "loc-0": 1, "loc-1": 1, "loc-2": 1, "loc-3": 1}; !maps.Equal(usage, want) {
			t.Errorf("used %v, want %v", usage, want)
		}

		server.set(func() {
			server.fault = func(url.Values) *http.Response {
				server.fault = nil
				return answerOf(429, `{"message":"Too Many Requests"}`, "Retry-After", "60")
			}
		})
		time.Sleep(time.Minute)
		begun = time.Now()
		together(2, func(i int) error {
			err := read(t.Context(), client, []string{"loc-new", "own"}[i])
			took[i] = time.Since(begun)
			return err
		})
		if took[0] != 63*time.Second || took[1] != time.Second {
			t.Errorf("after a 429 to the exchange, took %v; want 63s with one, and 1s without", took[:2])
		}
	})
}

// The exchange is made for all who wait for it: a 429 that outlasts every one of them
// fails it at once. One that somebody has time for is waited out.
func TestExchangeOutlastsAllWhoWait(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		patience time.Duration // of the second of two callers; 0 = without end
		fails    bool
	}{"all are short of time": {20 * time.Minute, true}, "one has time": {2 * time.Hour, false}, "one has no end": {0, false}} {
		inVirtualTime(t, name, func(t *testing.T) {
			server := newAgencyAPI()
			server.fault = func(url.Values) *http.Response {
				server.fault = nil
				return answerOf(429, `{"message":"Agency is over its limit"}`, "Retry-After", "3600")
			}
			client := newTestClient(t, server, withAgency)
			begun := time.Now()
			errs := together(2, func(i int) error {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				if i == 1 && test.patience == 0 {
					ctx = t.Context()
				} else if i == 1 {
					ctx, cancel = context.WithTimeout(t.Context(), test.patience)
					defer cancel()
				}
				return read(ctx, client, location)
			})
			if !test.fails {
				if errs[1] != nil || KindOf(errs[0]) != Interrupted || time.Since(begun) < time.Hour {
					t.Errorf("got %v after %s", errs, time.Since(begun))
				}
				return
			}
			for _, err := range errs {
				failure := failureOf(t, err)
				if failure.Kind != RateLimited || failure.Status != 429 || failure.Message != "the answer may hold an access token, so it is not shown" || failure.Credential != AgencyToken {
					t.Errorf("got %+v", failure)
				}
			}
			if took := time.Since(begun); took != time.Second {
				t.Errorf("it took %s, want the one second of the exchange", took)
			}
		})
	}
}

func TestWalkLocations(t *testing.T) {
	t.Parallel()
	row := func(i int) string {
		return fmt.Sprintf(`{"_id":"loc-%d","name":"Shop %d","address":"Street %d","isInstalled":%t,"versionId":"v"}`, i, i, i, i%2 == 0)
	}
	page := func(from, to, count int) string {
		rows := make([]string, 0, to-from)
		for i := from; i < to; i++ {
			rows = append(rows, row(i))
		}
		return fmt.Sprintf(`{"locations":[%s],"count":%d,"installToFutureLocations":true}`, strings.Join(rows, ","), count)
	}
	walk := func(server *fakeTransport) (locations []Location, complete bool, err error) {
		w := newTestClient(t, server, withAgency).WalkLocations("app", "a shop")
		for range 10 {
			page, err := w.NextOf(t.Context(), PageSize)
			locations = append(locations, page.Rows...)
			if err != nil || page.Complete() {
				return locations, page.Complete(), err
			}
		}
		return locations, false, nil
	}

	server := changing(answers(200, page(0, 100, 150)), answers(200, page(100, 150, 150)))
	locations, complete, err := walk(server)
	if err != nil || !complete || len(locations) != 150 || server.count() != 2 {
		t.Fatalf("%d rows after %d requests, complete %t, %v", len(locations), server.count(), complete, err)
	}
	if want := (Location{ID: "loc-7", Name: "Shop 7", Address: "Street 7"}); locations[7] != want {
		t.Errorf("got %+v, want %+v", locations[7], want)
	}
	if !locations[8].Installed {
		t.Errorf("got %+v, want one with the app", locations[8])
	}
	if got, want := server.sent()[1].URL, "https://services.leadconnectorhq.com/oauth/installedLocations?appId=app&companyId=company&limit=100&query=a+shop&skip=100"; got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
	if got := server.sent()[0].Header.Get("Authorization"); got != "Bearer "+agencyToken {
		t.Errorf("sent with %s", got)
	}

	for name, test := range map[string]struct {
		server *fakeTransport
		want   string // in the error, or its kind; "" for none
	}{
		"none":             {changing(answers(200, page(0, 0, 0))), ""},
		"no count":         {changing(answers(200, `{"locations":[`+row(0)+`]}`), answers(200, `{"locations":[]}`)), ""},
		"v3":               {changing(answers(200, `{"items":[{"id":"a","name":"A","isInstalled":true}],"pagination":{"total":2}}`), answers(200, `{"items":[{"_id":"b"}],"pagination":{"total":2}}`)), ""},
		"v3, short":        {changing(answers(200, `{"items":[{"id":"a"}],"pagination":{"total":2}}`), answers(200, `{"items":[],"pagination":{"total":2}}`)), "1 of 2"},
		"a flag is left":   {changing(answers(200, `{"locations":[{"_id":"a"}],"count":1}`), answers(200, page(0, 0, 1))), ""},
		"short":            {changing(answers(200, page(0, 2, 3)), answers(200, page(0, 0, 3))), "2 of 3"},
		"repeated":         {changing(answers(200, page(0, 100, 150))), "repeats rows"},
		"a row without id": {changing(answers(200, `{"locations":[{"name":"x"}],"count":1}`), answers(200, page(0, 0, 1))), ""},
		"cut":              {changing(answers(200, page(0, 2, 2)[:60])), string(Malformed)},
		"another object":   {changing(answers(200, `{}`)), string(Malformed)},
		"HTML":             {changing(answers(200, `<p>`)), string(Malformed)},
		"another company":  {changing(answers(403, `{"message":"no"}`)), string(AgencyForbidden)},
		"not found":        {changing(answers(404, `{"message":"Company not found"}`)), string(AgencyForbidden)},
		"no scope":         {changing(answers(401, `{"message":"The token is not authorized for this scope."}`)), string(AgencyScope)},
	} {
		if _, _, err := walk(test.server); test.want == "" && err != nil || test.want != "" && (err == nil || string(KindOf(err)) != test.want && !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}
