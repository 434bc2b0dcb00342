package provider

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

func TestUserAgent(t *testing.T) {
	t.Parallel()
	const plain = "terraform-provider-ghl/1.2.3 (+https://github.com/terraform-provider-ghl/terraform-provider-ghl) Terraform/1.15.8"
	for extra, want := range map[string]string{
		"":              plain,
		"  pipeline/7 ": plain + " pipeline/7",
	} {
		if got := userAgent("1.2.3", "1.15.8", extra); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEnvironmentStandsIn(t *testing.T) {
	t.Setenv("GHL_ACCESS_TOKEN", "from-environment")
	t.Setenv("GHL_LOCATION_ID", "from-environment")
	t.Setenv("GHL_BASE_URL", "")
	t.Setenv("GHL_API_VERSION", "v3")
	t.Setenv("GHL_REQUESTS_PER_10_SECONDS", "50")
	t.Setenv("GHL_MAX_RETRIES", "0")
	t.Setenv("GHL_REQUEST_TIMEOUT", "90s")
	t.Setenv("GHL_LOCATION_ACCESS_TOKENS", `{"loc": "pit-loc"}`)
	t.Setenv("GHL_AGENCY_ACCESS_TOKEN", "agency")
	t.Setenv("GHL_COMPANY_ID", "company")
	t.Setenv("GHL_ALLOWED_LOCATION_IDS", "loc, other")
	t.Setenv("GHL_EXISTING_OBJECTS", "adopt_identical")

	got := settings{"location_id": types.StringValue("from-configuration"), "access_token": types.StringUnknown(), "base_url": types.StringNull()}
	diags := got.withEnvironment()
	want := settings{
		"access_token":            types.StringUnknown(),
		"location_id":             types.StringValue("from-configuration"),
		"base_url":                types.StringNull(),
		"api_version":             types.StringValue("v3"),
		"requests_per_10_seconds": types.Int64Value(50),
		"max_retries":             types.Int64Value(0),
		"existing_objects":        types.StringValue("adopt_identical"),
		"request_timeout":         types.StringValue("90s"),

		"location_access_tokens": types.MapValueMust(types.StringType, map[string]attr.Value{"loc": types.StringValue("pit-loc")}),
		"agency_access_token":    types.StringValue("agency"),
		"company_id":             types.StringValue("company"),
		"allowed_location_ids":   types.SetValueMust(types.StringType, []attr.Value{types.StringValue("loc"), types.StringValue("other")}),
	}
	if diags.HasError() || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, diags, want)
	}
}

func TestEnvironmentIsChecked(t *testing.T) {
	for _, test := range []struct{ variable, value, says string }{
		{"GHL_ACCESS_TOKEN", "", "GHL_ACCESS_TOKEN"},
		{"GHL_MAX_RETRIES", "-1", `GHL_MAX_RETRIES must be a whole number from 0 to 2147483647. It is "-1".`},
		{"GHL_REQUESTS_PER_10_SECONDS", "0", `GHL_REQUESTS_PER_10_SECONDS must be a whole number from 1 to 2147483647. It is "0".`},
		{"GHL_MAX_RETRIES", "4294967296", `GHL_MAX_RETRIES must be a whole number from 0 to 2147483647. It is "4294967296".`},
		{"GHL_API_VERSION", "v3\nX: evil", "GHL_API_VERSION must not contain line breaks or other control characters."},
		{"GHL_LOCATION_ID", "../loc", "GHL_LOCATION_ID must not contain a slash."},
		{"GHL_LOCATION_ID", " loc", "GHL_LOCATION_ID must not begin or end with white space or a line break."},
		{"GHL_COMPANY_ID", "company\n", "GHL_COMPANY_ID must not begin or end with white space or a line break."},
		{"GHL_BASE_URL", "https://example.com\t", "GHL_BASE_URL must not begin or end with white space or a line break."},
		{"GHL_LOCATION_ACCESS_TOKENS", `{"loc ": "pit-x"}`, `the sub-account id "loc " must not begin or end with white space or a line break.`},
		{"TF_APPEND_USER_AGENT", "pipeline/7\r\nX: evil", "TF_APPEND_USER_AGENT must not contain line breaks or other control characters."},
		{"GHL_MAX_RETRIES", "many", "GHL_MAX_RETRIES"},
		{"GHL_REQUEST_TIMEOUT", "0s", "GHL_REQUEST_TIMEOUT"},
		{"GHL_REQUEST_TIMEOUT", "60", `It is "60".`},
		{"GHL_EXISTING_OBJECTS", "adopt", `GHL_EXISTING_OBJECTS must be "error" or "adopt_identical". It is "adopt".`},
	} {
		t.Run(test.variable+"="+test.value, func(t *testing.T) {
			t.Setenv("GHL_ACCESS_TOKEN", "token")
			t.Setenv("GHL_REQUESTS_PER_10_SECONDS", "")
			t.Setenv("GHL_MAX_RETRIES", "")
			t.Setenv("GHL_REQUEST_TIMEOUT", "")
			if test.variable == "GHL_COMPANY_ID" {
				t.Setenv("GHL_AGENCY_ACCESS_TOKEN", "agency")
			}
			t.Setenv(test.variable, test.value)
			diags := settings{}.withEnvironment()
			if len(diags) != 1 {
				t.Fatalf("got %v, want one error", diags)
			}
			assertPhrases(t, diags[0].Detail(), []string{test.says})
		})
	}
}

// A credential from the environment is not sent to an address that only the configuration contains. Other credentials in the
// configuration and other allowed hosts do not change this.
func TestAddressIsChecked(t *testing.T) {
	const host = "127.0.0.1:8080"
	set := types.StringValue("pit-configured")
	for name, test := range map[string]struct {
		beside      settings
		environment map[string]string
		says        []string // nil: the credential may be sent
	}{
		"access token": {settings{}, map[string]string{"GHL_ACCESS_TOKEN": "x"}, []string{"GHL_ACCESS_TOKEN comes from the environment", "Set access_token in the provider block", host}},
		"map":          {settings{}, map[string]string{"GHL_LOCATION_ACCESS_TOKENS": `{"loc":"x"}`}, []string{"GHL_LOCATION_ACCESS_TOKENS comes from the environment", "Set location_access_tokens in"}},
		"agency":       {settings{}, map[string]string{"GHL_AGENCY_ACCESS_TOKEN": "x"}, []string{"GHL_AGENCY_ACCESS_TOKEN comes from the environment", "Set agency_access_token in"}},
		"agency token from the environment, access token in the configuration": {settings{"access_token": set}, map[string]string{"GHL_AGENCY_ACCESS_TOKEN": "x"}, []string{"GHL_AGENCY_ACCESS_TOKEN comes from the environment"}},
		"map in the configuration, access token from the environment": {
			settings{"location_access_tokens": tokenMap(map[string]attr.Value{"loc": set})}, map[string]string{"GHL_ACCESS_TOKEN": "x"}, []string{"GHL_ACCESS_TOKEN comes from the environment"},
		},
		"GHL_BASE_URL has another scheme":   {settings{}, map[string]string{"GHL_ACCESS_TOKEN": "x", "GHL_BASE_URL": "https://" + host}, []string{"GHL_ACCESS_TOKEN comes from"}},
		"the same address":                  {settings{}, map[string]string{"GHL_ACCESS_TOKEN": "x", "GHL_BASE_URL": "http://" + host + "/v1"}, nil},
		"an allowed host":                   {settings{}, map[string]string{"GHL_ACCESS_TOKEN": "x", "GHL_ALLOW_BASE_URL": "example.com, " + host}, nil},
		"only a token in the configuration": {settings{"access_token": set}, map[string]string{"GHL_ACCESS_TOKEN": "x"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"GHL_ACCESS_TOKEN", "GHL_LOCATION_ACCESS_TOKENS", "GHL_AGENCY_ACCESS_TOKEN", "GHL_BASE_URL", "GHL_ALLOW_BASE_URL"} {
				t.Setenv(variable, test.environment[variable])
			}
			test.beside["base_url"] = types.StringValue("http://" + host)
			detail := ""
			if diags := test.beside.checkAddress(); diags.HasError() {
				detail = diags[0].Detail()
			}
			assertPhrases(t, detail, test.says)
		})
	}
}

// The errors are always in the order of the attributes.
func TestEnvironmentIsCheckedInOrder(t *testing.T) {
	t.Setenv("GHL_ACCESS_TOKEN", "token")
	t.Setenv("GHL_REQUESTS_PER_10_SECONDS", "0")
	t.Setenv("GHL_MAX_RETRIES", "-1")
	for range 50 {
		diags := settings{}.withEnvironment()
		if len(diags) != 2 || !strings.HasPrefix(diags[0].Detail(), "GHL_REQUESTS_PER_10_SECONDS") || !strings.HasPrefix(diags[1].Detail(), "GHL_MAX_RETRIES") {
			t.Fatalf("got %v", diags)
		}
	}
}

func TestClientConfig(t *testing.T) {
	t.Setenv("TF_APPEND_USER_AGENT", "pipeline/7")
	p := &ghlProvider{version: "1.2.3"}
	defaults := p.clientConfig(settings{"access_token": types.StringValue("token")}, "1.15.8")
	if defaults.MaxRetries != 6 || defaults.RequestTimeout != time.Minute || defaults.AccessToken != "token" ||
		defaults.UserAgent != "terraform-provider-ghl/1.2.3 (+https://github.com/terraform-provider-ghl/terraform-provider-ghl) Terraform/1.15.8 pipeline/7" {
		t.Errorf("got %d retries, %s, %q", defaults.MaxRetries, defaults.RequestTimeout, defaults.UserAgent)
	}
	chosen := p.clientConfig(settings{"requests_per_10_seconds": types.Int64Value(50), "max_retries": types.Int64Value(0), "request_timeout": types.StringValue("2m")}, "1.15.8")
	if chosen.MostRequests != 50 || chosen.MaxRetries != 0 || chosen.RequestTimeout != 2*time.Minute {
		t.Errorf("got %d requests, %d retries, %s; want 50, 0, 2m", chosen.MostRequests, chosen.MaxRetries, chosen.RequestTimeout)
	}
}

func TestUnknownConnection(t *testing.T) {
	t.Parallel()
	model := settings{"access_token": types.StringUnknown(), "location_id": types.StringUnknown(), "max_retries": types.Int64Unknown()}
	if got := fmt.Sprint(model.unknownConnection()); got != "[access_token max_retries]" {
		t.Errorf("got %s", got)
	}
	agency := settings{
		"location_access_tokens": types.MapValueMust(types.StringType, map[string]attr.Value{"a": types.StringValue("x"), "b": types.StringUnknown()}),
		"agency_access_token":    types.StringUnknown(), "company_id": types.StringUnknown(),
	}
	if got := fmt.Sprint(agency.unknownConnection()); got != "[location_access_tokens agency_access_token company_id]" {
		t.Errorf("got %s", got)
	}
	data := &providerData{unknown: model.unknownConnection()}
	diags := data.ready("Unable to Read Association")
	assertPhrases(t, diags[0].Detail(), []string{"the provider's access_token, max_retries is not known yet", "-target", "GHL_ACCESS_TOKEN"})
}

func TestClientRefused(t *testing.T) {
	t.Parallel()
	_, err := ghl.New(ghl.Config{BaseURL: "http://api.example.com", AccessToken: "token"})
	assertPhrases(t, clientRefused(err).Detail(), []string{"base_url", "GHL_BASE_URL", "https"})
	_, err = ghl.New(ghl.Config{AccessToken: "se cret"})
	detail := clientRefused(err).Detail()
	assertPhrases(t, detail, []string{"access_token", "GHL_ACCESS_TOKEN"})
	if strings.Contains(detail, "se cret") {
		t.Errorf("the token is shown: %s", detail)
	}
	_, err = ghl.New(ghl.Config{AgencyAccessToken: "token", CompanyID: "company", TokenCache: t.TempDir()})
	refused := clientRefused(err)
	if at := pathOf(t, refused).String(); at != "token_cache" {
		t.Errorf("the error is at %s", at)
	}
	assertPhrases(t, refused.Detail(), []string{"token_cache (or GHL_TOKEN_CACHE)", "not a regular file"})
}
