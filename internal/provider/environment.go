package provider

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// withEnvironment fills in what the configuration leaves out. A variable that is
// empty counts as unset.
func (m providerModel) withEnvironment() (providerModel, diag.Diagnostics) {
	diags := m.checkAddress()
	diags.Append(m.takeTexts()...)
	diags.Append(m.takeNumbers()...)
	if problem := durationProblem(m.RequestTimeout); problem != "" {
		diags.AddAttributeError(path.Root("request_timeout"), "Unable to Configure Provider",
			fmt.Sprintf("request_timeout (or %s) %s", variable("request_timeout"), problem))
	}
	allowed, problems := allowedWithEnvironment(m.AllowedLocationIDs)
	m.AllowedLocationIDs = allowed
	diags.Append(problems...)
	tokens, problems := locationTokensWithEnvironment(m.LocationAccessTokens)
	m.LocationAccessTokens = tokens
	diags.Append(problems...)
	if !problems.HasError() {
		diags.Append(m.checkCredentials()...)
	}
	return m, diags
}

// takeTexts takes the texts that are not configured from the environment.
func (m *providerModel) takeTexts() (diags diag.Diagnostics) {
	for _, text := range []struct {
		attribute string
		value     *types.String
		problem   func(types.String) string
	}{
		{accessTokenName, &m.AccessToken, unchecked},
		{agencyAccessTokenName, &m.AgencyAccessToken, unchecked},
		{companyIDName, &m.CompanyID, idProblem},
		{"location_id", &m.LocationID, idProblem},
		{"base_url", &m.BaseURL, textProblem},
		{"api_version", &m.APIVersion, textProblem},
		{"request_timeout", &m.RequestTimeout, textProblem},
	} {
		env := os.Getenv(variable(text.attribute))
		if env == "" || !text.value.IsNull() {
			continue
		}
		*text.value = types.StringValue(env)
		if problem := text.problem(*text.value); problem != "" {
			diags.AddAttributeError(path.Root(text.attribute), "Unable to Configure Provider", fmt.Sprintf("%s %s.", variable(text.attribute), problem))
		}
	}
	if strings.ContainsFunc(os.Getenv(appendUserAgent), unicode.IsControl) {
		diags.AddError("Unable to Configure Provider", appendUserAgent+" must not contain line breaks or other control characters.")
	}
	return diags
}

// takeNumbers is takeTexts for numbers.
func (m *providerModel) takeNumbers() (diags diag.Diagnostics) {
	for _, number := range []struct {
		attribute string
		value     *types.Int64
		least     int64
	}{
		{"requests_per_10_seconds", &m.MostRequests, 1},
		{"max_retries", &m.MaxRetries, 0},
	} {
		env := os.Getenv(variable(number.attribute))
		if env == "" || !number.value.IsNull() {
			continue
		}
		parsed, err := strconv.ParseInt(env, 10, 32)
		if err != nil || parsed < number.least {
			diags.AddAttributeError(path.Root(number.attribute), "Unable to Configure Provider",
				fmt.Sprintf("%s must be a whole number from %d to %d. It is %q.", variable(number.attribute), number.least, math.MaxInt32, env))
		}
		*number.value = types.Int64Value(parsed)
	}
	return diags
}

// unchecked is for tokens, which the client checks.
func unchecked(types.String) string { return "" }

// variable names the environment variable that stands in for an attribute.
func variable(attribute string) string { return "GHL_" + strings.ToUpper(attribute) }

// isWhollyKnown tells whether a value and all that it holds are known.
func isWhollyKnown(value attr.Value) bool {
	if value.IsNull() {
		return true
	}
	raw, err := value.ToTerraformValue(context.Background())
	return err == nil && raw.IsFullyKnown()
}
