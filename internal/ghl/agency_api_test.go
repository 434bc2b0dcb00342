package ghl

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const agencyToken = "oauth-5b0e.agency"

// soldJSON is the answer to a token exchange for the sub-account that most tests use.
const soldJSON = `{"access_token":"sold","locationId":"` + location + `"}`

// agencyAPI is a server that exchanges tokens and accepts only the tokens that it issued. Each
// answer takes a second, so that calls overlap.
type agencyAPI struct {
	fakeTransport

	mu       sync.Mutex
	sold     map[string]string // token → sub-account
	lifetime string            // as sent
	refuses  bool              // every sub-account's token
	fault    func(form url.Values) *http.Response
	atOnce   int
	most     int // the maximum of atOnce
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
	token := fmt.Sprintf("sold-%d.%s.token", len(a.sold)+1, form.Get("locationId")) // a malformed answer may repeat it
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

// set changes the server's fields while it runs.
func (a *agencyAPI) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

// revoke makes the server refuse all tokens that it has issued so far.
func (a *agencyAPI) revoke() {
	a.set(func() { clear(a.sold); a.sold["none"] = "none"; a.sold["nor"] = "none" })
}

// exchanges returns the sub-accounts for which a token was requested, in order.
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
		t.Errorf("tokens were requested for %v, want %v", got, want)
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

// together makes n concurrent calls and returns their errors.
func together(n int, call func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = call(i) })
	}
	all.Wait()
	return errs
}
