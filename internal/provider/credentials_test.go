package provider

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

func tokenMap(elements map[string]attr.Value) types.Map {
	return types.MapValueMust(types.StringType, elements)
}

func TestCheckCredentials(t *testing.T) {
	t.Parallel()
	set, unknown := types.StringValue("x"), types.StringUnknown()
	for name, test := range map[string]struct {
		model settings
		at    string // the attribute of the error, "" for no error
		says  []string
	}{
		"no credential":           {settings{}, "access_token", []string{"No credential is set", "GHL_ACCESS_TOKEN", "GHL_LOCATION_ACCESS_TOKENS", "GHL_AGENCY_ACCESS_TOKEN", "GHL_COMPANY_ID"}},
		"only an empty map":       {settings{"location_access_tokens": tokenMap(nil)}, "access_token", []string{"No credential is set"}},
		"a common token":          {settings{"access_token": set}, "", nil},
		"an unknown token":        {settings{"access_token": unknown}, "", nil},
		"a sub-account's token":   {settings{"location_access_tokens": tokenMap(map[string]attr.Value{"a": set})}, "", nil},
		"an unknown map":          {settings{"location_access_tokens": types.MapUnknown(types.StringType)}, "", nil},
		"an unknown entry":        {settings{"location_access_tokens": tokenMap(map[string]attr.Value{"a": unknown})}, "", nil},
		"an empty entry":          {settings{"access_token": set, "location_access_tokens": tokenMap(map[string]attr.Value{"a": set, "b": types.StringValue("")})}, `location_access_tokens["b"]`, []string{`sub-account "b" is empty`, "GHL_LOCATION_ACCESS_TOKENS"}},
		"a null entry":            {settings{"location_access_tokens": tokenMap(map[string]attr.Value{"b": types.StringNull()})}, `location_access_tokens["b"]`, []string{`sub-account "b" is empty`}},
		"an entry without an id":  {settings{"location_access_tokens": tokenMap(map[string]attr.Value{"": set})}, `location_access_tokens[""]`, []string{"has no id"}},
		"an agency token":         {settings{"agency_access_token": set, "company_id": set}, "", nil},
		"an unknown agency token": {settings{"agency_access_token": unknown, "company_id": unknown}, "", nil},
		"no company":              {settings{"access_token": set, "agency_access_token": set}, "company_id", []string{"agency_access_token", "GHL_COMPANY_ID"}},
		"unknown, and no company": {settings{"agency_access_token": unknown}, "company_id", []string{"GHL_COMPANY_ID"}},
		"no agency token":         {settings{"access_token": set, "company_id": set}, "agency_access_token", []string{"company_id", "GHL_AGENCY_ACCESS_TOKEN"}},
		"only a company":          {settings{"company_id": set}, "agency_access_token", []string{"GHL_AGENCY_ACCESS_TOKEN"}},
	} {
		diags := test.model.checkCredentials()
		if test.at == "" {
			if diags.HasError() {
				t.Errorf("%s: got %v", name, diags)
			}
			continue
		}
		if len(diags) != 1 {
			t.Errorf("%s: got %v, want one error", name, diags)
			continue
		}
		if at := pathOf(t, diags[0]).String(); at != test.at {
			t.Errorf("%s: the error is at %s, want %s", name, at, test.at)
		}
		assertPhrases(t, diags[0].Detail(), test.says)
	}
}

func pathOf(t *testing.T, d diag.Diagnostic) path.Path {
	t.Helper()
	at, ok := d.(diag.DiagnosticWithPath)
	if !ok {
		t.Fatalf("an error without an attribute: %v", d)
	}
	return at.Path()
}

func TestLocationTokensOfTheEnvironment(t *testing.T) {
	for env, want := range map[string]string{
		`{"b":"pit-b","a":"pit-a"}`: `{"a":"pit-a","b":"pit-b"}`,
		` {} `:                      `{}`,
		`{"a":null}`:                `{"a":<null>}`,
		``:                          `<null>`,
		`{"a":"pit-hunter2"`:        "error",
		`pit-hunter2`:               "error",
		`["pit-hunter2"]`:           "error",
		`{"a":{"b":"pit-hunter2"}}`: "error",
		`{"a":7}`:                   "error",
		`null`:                      "error",
		`{"a":"pit-hunter2"} more`:  "error",
	} {
		t.Run(env, func(t *testing.T) {
			t.Setenv("GHL_LOCATION_ACCESS_TOKENS", env)
			model := settings{"access_token": types.StringValue("x")}
			diags := model.withEnvironment()
			if want == "error" {
				if len(diags) != 1 || pathOf(t, diags[0]).String() != "location_access_tokens" {
					t.Fatalf("got %v, want one error", diags)
				}
				assertPhrases(t, diags[0].Detail(), []string{"GHL_LOCATION_ACCESS_TOKENS", "JSON object"})
				if strings.Contains(diags[0].Detail(), "hunter2") {
					t.Errorf("the error contains a token: %s", diags[0].Detail())
				}
				return
			}
			if got := model["location_access_tokens"]; diags.HasError() && !strings.Contains(want, "<null>") || got != nil && got.String() != want || got == nil && env != "" {
				t.Errorf("got %s, %v, want %s", got, diags, want)
			}
			configured := tokenMap(map[string]attr.Value{"c": types.StringValue("pit-c")})
			model = settings{"location_access_tokens": configured}
			if diags := model.withEnvironment(); diags.HasError() || !model["location_access_tokens"].Equal(configured) {
				t.Errorf("got %s, %v, want the configured tokens", model, diags)
			}
		})
	}
}

func TestClientRefusesTokens(t *testing.T) {
	t.Parallel()
	for at, config := range map[string]ghl.Config{
		`location_access_tokens["loc"]`: {LocationAccessTokens: map[string]string{"loc": "se cret"}},
		"agency_access_token":           {AgencyAccessToken: "se cret", CompanyID: "company"},
		"access_token":                  {AccessToken: "se cret"},
	} {
		_, err := ghl.New(config)
		refused := clientRefused(err)
		if got := pathOf(t, refused).String(); got != at {
			t.Errorf("the error is at %s, want %s", got, at)
		}
		name, _, _ := strings.Cut(at, "[")
		assertPhrases(t, refused.Detail(), []string{name, "GHL_" + strings.ToUpper(name), "white space"})
		if strings.Contains(refused.Detail(), "se cret") {
			t.Errorf("the error contains the token: %s", refused.Detail())
		}
	}
}

// Every error that a credential causes shows the sub-account and the setting to correct.
func TestCredentialRemedies(t *testing.T) {
	t.Parallel()
	read := on("Read", companyProjects)
	for _, test := range []struct {
		kind       ghl.Kind
		credential ghl.Credential
		says       []string
	}{
		{ghl.Unauthorized, ghl.LocationToken, []string{`"loc-7"`, "GHL_LOCATION_ACCESS_TOKENS", "get a new one"}},
		{ghl.Unauthorized, ghl.ExchangedToken, []string{`"loc-7"`, "agency_access_token", "nor a new one", "installed"}},
		{ghl.Unauthorized, ghl.CommonToken, []string{`"loc-7"`, "GHL_ACCESS_TOKEN", "get a new one"}},
		{ghl.MissingScope, ghl.LocationToken, []string{`"loc-7"`, "GHL_LOCATION_ACCESS_TOKENS", "lacks the scope associations.readonly"}},
		{ghl.MissingScope, ghl.ExchangedToken, []string{`"loc-7"`, "associations.readonly. Add the scope to the app", "install the new version"}},
		{ghl.MissingScope, ghl.CommonToken, []string{`"loc-7"`, "lacks the scope associations.readonly"}},
		{ghl.Forbidden, ghl.LocationToken, []string{`"loc-7"`, "GHL_LOCATION_ACCESS_TOKENS", "another sub-account"}},
		{ghl.Forbidden, ghl.ExchangedToken, []string{`"loc-7"`, "GHL_COMPANY_ID"}},
		{ghl.Forbidden, ghl.CommonToken, []string{`"loc-7"`, "GHL_ACCESS_TOKEN", "another sub-account"}},
		{ghl.Unserved, "", []string{`"loc-7"`, "GHL_LOCATION_ACCESS_TOKENS", "GHL_ACCESS_TOKEN", "GHL_AGENCY_ACCESS_TOKEN", "GHL_COMPANY_ID"}},
		{ghl.NotInstalled, ghl.AgencyToken, []string{`"loc-7"`, "not installed", "left the agency", "GHL_COMPANY_ID", "The state is unchanged.", "state rm"}},
		{ghl.AgencyUnauthorized, ghl.AgencyToken, []string{`"loc-7"`, "GHL_AGENCY_ACCESS_TOKEN", "get a new one"}},
		{ghl.AgencyScope, ghl.AgencyToken, []string{`"loc-7"`, "oauth.write", "GHL_AGENCY_ACCESS_TOKEN"}},
		{ghl.AgencyPIT, ghl.AgencyToken, []string{`"loc-7"`, "Private Integration Token", "location_access_tokens"}},
		{ghl.RateLimited, ghl.AgencyToken, []string{`"loc-7"`, "agency's own rate limit", "token exchanges", "/oauth/locationToken"}},
		{ghl.WrongTokenType, ghl.LocationToken, []string{`"loc-7"`, "GHL_LOCATION_ACCESS_TOKENS", "an agency token"}},
		{ghl.WrongTokenType, ghl.ExchangedToken, []string{`"loc-7"`, "Target User"}},
		{ghl.WrongTokenType, ghl.CommonToken, []string{`"loc-7"`, "GHL_AGENCY_ACCESS_TOKEN"}},
		{ghl.DailyLimit, ghl.AgencyToken, []string{`"loc-7"`, "agency's daily budget"}},
	} {
		err := &ghl.Error{Kind: test.kind, Credential: test.credential, LocationID: "loc-7", Scope: "associations.readonly"}
		if test.credential == ghl.AgencyToken {
			err.Operation, err.Method, err.Path = `exchange the agency's token for a token of sub-account "loc-7"`, "POST", "/oauth/locationToken"
		}
		assertPhrases(t, read.failed(fmt.Errorf("reading: %w", err)).Detail(), test.says)
	}
	list := operation{verb: "Read", thing: "Locations"}
	assertPhrases(t, list.failed(&ghl.Error{Kind: ghl.Unserved, Operation: "list sub-accounts"}).Detail(), []string{"agency_access_token", "GHL_COMPANY_ID"})
	assertPhrases(t, list.failed(&ghl.Error{Kind: ghl.AgencyForbidden, Status: 403, Message: "no"}).Detail(), []string{"app_id", "GHL_COMPANY_ID", "no"})
	get := operation{verb: "Get", thing: "Location Access Token", subject: "access token", locationID: "loc-7"}
	assertPhrases(t, get.failed(&ghl.Error{Kind: ghl.Interrupted, Operation: "find access token", Err: errors.New("stopped")}).Detail(), []string{"was interrupted", "Getting access token in sub-account \"loc-7\": find access token: stopped"})
}
