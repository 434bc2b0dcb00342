package sandbox_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	agencyToken = "fake-token-of-agency"
	exchange    = "/oauth/locationToken"
	installed   = "/oauth/installedLocations?companyId=company&appId=app"
)

// agencyOptions configures an agency with three sub-accounts, and one sub-account outside the agency. The agency's app is not
// installed on the third sub-account.
func agencyOptions() sandbox.Options {
	return sandbox.Options{
		Agencies: []sandbox.Agency{{CompanyID: "company", AppID: "app", Token: agencyToken}},
		Locations: []sandbox.Location{
			{ID: school, Token: schoolToken, CompanyID: "company", Name: "School of Music", Address: "1 High Street"},
			{ID: office, Token: officeToken, CompanyID: "company", Name: "Office"},
			{ID: "shop", CompanyID: "company", Name: "Music Shop", NoApp: true},
			{ID: "stranger"},
		},
	}
}

// agency returns a client that sends the token of the agency's app.
func agency(c *client) *client { return c.with("Authorization", "Bearer "+agencyToken) }

// form returns a client that sends forms instead of JSON.
func form(c *client) *client { return c.with("Content-Type", "application/x-www-form-urlencoded") }

// exchange exchanges the agency's token for a token of a sub-account.
func (c *client) exchange(locationID string) string {
	c.t.Helper()
	var answer struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int    `json:"expires_in"`
	}
	r := form(agency(c)).want(http.MethodPost, exchange, "companyId=company&locationId="+locationID, 201, "access_token")
	if err := json.Unmarshal([]byte(r.body), &answer); err != nil || answer.Type != "Bearer" || answer.Expires != 86399 {
		c.t.Fatalf("exchanged %s: %v", r.body, err)
	}
	return answer.Token
}

func TestExchangedTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := inProcess(t, agencyOptions())
		first, second := c.exchange(school), c.exchange(school)
		if first == second || !slices.Equal(c.s.ExchangedTokens(school), []string{first, second}) {
			t.Errorf("exchanged %s and %s, and the sandbox knows %v", first, second, c.s.ExchangedTokens(school))
		}
		list := "/associations/?locationId=school&skip=0&limit=1"
		for _, token := range []string{first, second, schoolToken} {
			c.with("Authorization", "Bearer "+token).want(http.MethodGet, list, "", 200, `"locationId":"school"`)
		}
		c.with("Authorization", "Bearer "+first).want(http.MethodGet, "/associations/?locationId=office&skip=0&limit=1", "", 403, "does not have access")

		time.Sleep(86398 * time.Second)
		c.with("Authorization", "Bearer "+first).want(http.MethodGet, list, "", 200, "")
		time.Sleep(time.Second)
		c.with("Authorization", "Bearer "+first).want(http.MethodGet, list, "", 401, "Invalid JWT")

		for name, end := range map[string]func(){
			"revoked":     func() { c.s.RevokeExchangedTokens(school) },
			"uninstalled": func() { c.s.SetInstalled(school, false); c.s.SetInstalled(school, true) },
			"left":        func() { c.s.LeaveAgency(office) },
		} {
			locationID := school
			if name == "left" {
				locationID = office
			}
			token := c.exchange(locationID)
			end()
			c.with("Authorization", "Bearer "+token).want(http.MethodGet, list, "", 401, "Invalid JWT")
		}
	})
}

func TestExchangeRefused(t *testing.T) {
	t.Parallel()
	c := inProcess(t, agencyOptions())
	const good = "companyId=company&locationId=school"
	for _, test := range []struct {
		client *client
		body   string
		status int
		part   string
	}{
		{form(agency(c)), "companyId=company&locationId=shop", 400, "not installed"},
		{form(agency(c)), "companyId=company&locationId=stranger", 404, "Location not found"},
		{form(agency(c)), "companyId=company&locationId=nowhere", 404, "Location not found"},
		{form(agency(c)), "companyId=other&locationId=school", 403, "does not have access"},
		{form(agency(c)), "companyId=company", 422, "LocationId can't be undefined"},
		{form(agency(c)), "locationId=school", 422, "companyId should not be empty"},
		{form(agency(c)), good + "&appId=app", 422, "property appId should not exist"},
		{form(agency(c)), good + "&locationId=office", 422, "locationId must be a string"},
		{form(agency(c)), "companyId=%zz", 400, "not a form"},
		{agency(c), `{"companyId":"company","locationId":"school"}`, 422, "application/x-www-form-urlencoded"},
		{form(agency(c)).with("Version", ""), good, 401, "version header was not found."},
		{form(c), good, 401, "Token's user type mismatch"},
		{form(c).with("Authorization", "Bearer eyJ"), good, 401, "Invalid JWT"},
	} {
		test.client.want(http.MethodPost, exchange, test.body, test.status, test.part)
	}
	if got := c.s.ExchangedTokens(school); len(got) > 0 {
		t.Errorf("a token was exchanged although the request was refused: %v", got)
	}
	agency(c).want(http.MethodGet, "/associations/?locationId=school&skip=0&limit=1", "", 401,
		`"message":"This authClass type is not allowed to access this scope. Please verify your IAM configuration if this is not the case."`)

	c.s.SetAgency("company", func(a *sandbox.Agency) { a.Scopes = []string{"oauth.readonly"} })
	form(agency(c)).want(http.MethodPost, exchange, good, 401, "The token is not authorized for this scope.")
	agency(c).want(http.MethodGet, installed, "", 200, "")
	c.s.SetAgency("company", func(a *sandbox.Agency) { a.Scopes, a.Token = nil, "pit-of-agency" })
	form(c).with("Authorization", "Bearer pit-of-agency").want(http.MethodPost, exchange, good, 401, "The token is not authorized for this scope.")
	form(agency(c)).want(http.MethodPost, exchange, good, 401, "Invalid JWT")
}

func TestInstalledLocations(t *testing.T) {
	t.Parallel()
	c := agency(inProcess(t, agencyOptions()))
	const (
		schoolRow = `{"_id":"school","name":"School of Music","address":"1 High Street","isInstalled":true}`
		officeRow = `{"_id":"office","name":"Office","address":"","isInstalled":true}`
		shopRow   = `{"_id":"shop","name":"Music Shop","address":"","isInstalled":false}`
	)
	for query, want := range map[string]string{
		"":                                 `{"locations":[` + schoolRow + "," + officeRow + "," + shopRow + `],"count":3}`,
		"&skip=1&limit=1":                  `{"locations":[` + officeRow + `],"count":3}`,
		"&skip=3":                          `{"locations":[],"count":3}`,
		"&isInstalled=true":                `{"locations":[` + schoolRow + "," + officeRow + `],"count":2}`,
		"&isInstalled=false":               `{"locations":[` + shopRow + `],"count":1}`,
		"&query=music":                     `{"locations":[` + schoolRow + "," + shopRow + `],"count":2}`,
		"&locationId=office":               `{"locations":[` + officeRow + `],"count":1}`,
		"&query=music&skip=1&limit=100":    `{"locations":[` + shopRow + `],"count":2}`,
		"&isInstalled=true&skip=0&limit=1": `{"locations":[` + schoolRow + `],"count":2}`,
	} {
		if r := c.do(http.MethodGet, installed+query, ""); r.status != 200 || r.body != want {
			t.Errorf("%s: got %d %s\nwant %s", query, r.status, r.body, want)
		}
	}
	c.want(http.MethodGet, "/oauth/installedLocations?companyId=company", "", 422, "appId should not be empty")
	c.want(http.MethodGet, "/oauth/installedLocations?appId=app", "", 422, "companyId should not be empty")
	c.want(http.MethodGet, strings.Replace(installed, "=app", "=other", 1), "", 403, "does not have access")
	c.want(http.MethodGet, installed+"&page=2", "", 422, "property page should not exist")
	c.want(http.MethodGet, installed+"&limit=many", "", 422, "limit must be a non-negative integer")
	c.with("Authorization", "Bearer "+schoolToken).want(http.MethodGet, installed, "", 401, "Token's user type mismatch")

	c.s.SetQuirks(func(q *sandbox.Quirks) { q.CompanyCount = true })
	c.want(http.MethodGet, installed+"&isInstalled=true", "", 200, `"count":3`)
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.NoTotal = true })
	if r := c.do(http.MethodGet, installed, ""); strings.Contains(r.body, "count") {
		t.Errorf("a count in %s", r.body)
	}
	c.s.LeaveAgency(office)
	c.want(http.MethodGet, installed, "", 200, schoolRow+","+shopRow)
	c.s.AddFault(sandbox.Fault{Effect: sandbox.ShrinkPage(1)})
	c.want(http.MethodGet, installed, "", 200, `{"locations":[`+schoolRow+`]}`)
}

// The agency has its own rate limit, and its requests are logged under the sub-account that they specify.
func TestAgencyBudget(t *testing.T) {
	t.Parallel()
	c := inProcess(t, agencyOptions())
	c.s.SetRateLimit(sandbox.RateLimit{Max: 1, Interval: time.Minute})
	c.exchange(school)
	form(agency(c)).want(http.MethodPost, exchange, "companyId=company&locationId=school", 429, "Too Many Requests")
	c.want(http.MethodGet, "/associations/?locationId=school&skip=0&limit=1", "", 200, "")
	for _, r := range c.s.Requests() {
		if r.LocationID != school {
			t.Errorf("%s is logged under %q", r.Route, r.LocationID)
		}
	}
}

func TestQuirkV3Exchange(t *testing.T) {
	t.Parallel()
	o := agencyOptions()
	o.Quirks.V3Exchange = true
	c := inProcess(t, o)
	v3 := agency(c).with("Version", "v3")
	const good = "companyId=company&locationId=school"
	form(v3).want(http.MethodPost, exchange, good, 201, `{"accessToken":"exchanged-token.school.1","tokenType":"Bearer","expiresIn":86399,"scope":"associations.readonly `)
	v3.want(http.MethodGet, installed+"&limit=1", "", 200,
		`{"items":[{"id":"school","name":"School of Music","address":"1 High Street","isInstalled":true}],"pagination":{"total":3,"skip":0,"limit":1}}`)
	form(v3).want(http.MethodPost, exchange, "companyId=company&locationId=shop", 400,
		`{"error":{"code":"BAD_REQUEST","message":"The app is not installed on this location.","details":[],"resolution":"Check the request."}}`)
	form(v3).want(http.MethodPost, exchange, "companyId=company", 422,
		`{"error":{"code":"UNPROCESSABLE_ENTITY","message":"Unprocessable Entity","details":["LocationId can't be undefined"],"resolution":"`)
	form(v3).with("Authorization", "Bearer eyJ").want(http.MethodPost, exchange, good, 401, `{"error":{"code":"UNAUTHORIZED","message":"Invalid JWT",`)

	form(agency(c)).want(http.MethodPost, exchange, good, 201, `"access_token":`)
	agency(c).want(http.MethodGet, installed, "", 200, `{"locations":[`)
	form(agency(c)).want(http.MethodPost, exchange, "companyId=company", 422, `{"statusCode":422,`)
	v3.with("Authorization", "Bearer "+schoolToken).want(http.MethodGet, "/associations/nowhere", "", 400, `{"statusCode":400,`)
	c.s.AddFault(sandbox.Fault{Effect: sandbox.TooManyRequests(true, 0)})
	form(v3).want(http.MethodPost, exchange, good, 429, `{"error":{"code":"TOO_MANY_REQUESTS",`)
	c.s.ClearFaults()
	c.s.AddFault(sandbox.Fault{Effect: sandbox.StatusHTML(502)})
	form(v3).want(http.MethodPost, exchange, good, 502, "<html>")
	c.s.ClearFaults()
	c.s.SetQuirks(func(q *sandbox.Quirks) { q.V3Exchange = false })
	form(v3).want(http.MethodPost, exchange, good, 201, `"access_token":`)
}
