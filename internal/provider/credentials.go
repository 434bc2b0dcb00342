package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// The provider attributes that name credentials.
const (
	accessTokenName          = "access_token"
	locationAccessTokensName = "location_access_tokens"
	agencyAccessTokenName    = "agency_access_token"
	companyIDName            = "company_id"
)

// Scopes that a token needs.
const (
	scopesOfSubAccount         = "associations.readonly, associations.write, associations/relation.readonly and associations/relation.write"
	scopesOfSubAccountMarkdown = "`associations.readonly`, `associations.write`, `associations/relation.readonly` and `associations/relation.write`"
)

func accessTokenAttribute() schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: "Sub-account Private Integration Token, or OAuth access token of a sub-account. " +
			"It needs the scopes " + scopesOfSubAccountMarkdown + ". " +
			"It serves the sub-accounts that neither `location_access_tokens` nor `agency_access_token` serves. Default: none. " +
			"Environment variable: `GHL_ACCESS_TOKEN`, the better place for it.",
		Optional: true, Sensitive: true, Validators: anyText,
	}
}

func locationAccessTokensAttribute() schema.Attribute {
	return schema.MapAttribute{
		MarkdownDescription: "Tokens of sub-accounts, by the sub-account's id; each is one as `access_token` takes. What a sub-account has here goes before the other credentials. Default: none. " +
			"Environment variable: `GHL_LOCATION_ACCESS_TOKENS`, a JSON object, the better place for it.",
		ElementType: types.StringType, Optional: true, Sensitive: true,
	}
}

func agencyAccessTokenAttribute() schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: "OAuth access token of an agency, which needs `company_id` and the scope `oauth.write` (and `oauth.readonly` for `ghl_locations`). " +
			"It is exchanged for a token of each sub-account that is used, once in a run, where the token's app is installed; the app needs the scopes that `access_token` does. " +
			"A Private Integration Token of an agency cannot be exchanged. Default: none. " +
			"Environment variable: `GHL_AGENCY_ACCESS_TOKEN`, the better place for it.",
		Optional: true, Sensitive: true, Validators: anyText,
	}
}

func companyIDAttribute() schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: "Id of the agency (company) that `agency_access_token` belongs to. Default: none. Environment variable: `GHL_COMPANY_ID`.",
		Optional:            true, Validators: anID,
	}
}

// locationTokensWithEnvironment is the map of the configuration, else that of the
// environment.
func locationTokensWithEnvironment(configured types.Map) (types.Map, diag.Diagnostics) {
	env := os.Getenv(variable(locationAccessTokensName))
	if env == "" || !configured.IsNull() {
		return configured, nil
	}
	var tokens map[string]*string // nil where it says null
	if json.Unmarshal([]byte(env), &tokens) != nil || tokens == nil {
		// The decoder's own words might quote a token.
		return configured, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root(locationAccessTokensName), "Unable to Configure Provider",
			variable(locationAccessTokensName)+` must be a JSON object that has a token for each sub-account's id, such as {"ve9EPM428h8vShlRW1KT": "pit-..."}.`)}
	}
	elements := map[string]attr.Value{}
	for id, token := range tokens {
		elements[id] = types.StringPointerValue(token)
	}
	return types.MapValue(types.StringType, elements)
}

// checkCredentials says what is wrong with the credentials as a whole.
func (m providerModel) checkCredentials() diag.Diagnostics {
	const summary = "Unable to Configure Provider"
	var diags diag.Diagnostics
	tokens := m.LocationAccessTokens.Elements()
	for _, id := range slices.Sorted(maps.Keys(tokens)) {
		if problem := idProblem(types.StringValue(id)); problem != "" {
			diags.AddAttributeError(path.Root(locationAccessTokensName).AtMapKey(id), summary,
				fmt.Sprintf("In %s (or %s), the sub-account's id %q %s.", locationAccessTokensName, variable(locationAccessTokensName), id, problem))
		}
		if token, ok := tokens[id].(types.String); ok && !token.IsUnknown() && token.ValueString() == "" || id == "" {
			diags.AddAttributeError(path.Root(locationAccessTokensName).AtMapKey(id), summary,
				fmt.Sprintf("In %s (or %s), the token of sub-account %q is empty, or the sub-account has no id. Set both, or take the entry out.", locationAccessTokensName, variable(locationAccessTokensName), id))
		}
	}
	agency, company := !m.AgencyAccessToken.IsNull(), !m.CompanyID.IsNull()
	switch {
	case agency && !company:
		diags.AddAttributeError(path.Root(companyIDName), summary, needs(agencyAccessTokenName, companyIDName, "the id of the agency that the token belongs to"))
	case company && !agency:
		diags.AddAttributeError(path.Root(agencyAccessTokenName), summary, needs(companyIDName, agencyAccessTokenName, "an OAuth access token of that agency"))
	}
	isNone := m.AccessToken.IsNull() && !agency && !company && len(tokens) == 0 && !m.LocationAccessTokens.IsUnknown()
	if isNone {
		diags.AddAttributeError(path.Root(accessTokenName), summary,
			"There is no credential. Set the provider's access_token, or better the environment variable "+variable(accessTokenName)+
				", to a sub-account's Private Integration Token (in HighLevel: Settings > Private Integrations) or OAuth access token. "+
				"For several sub-accounts, set location_access_tokens (or "+variable(locationAccessTokensName)+"), or agency_access_token and company_id (or "+
				variable(agencyAccessTokenName)+" and "+variable(companyIDName)+").")
	}
	return diags
}

func needs(has, lacks, value string) string {
	return fmt.Sprintf("The provider's %s (or %s) is set, and cannot be used without %s. Set that, or %s, to %s.", has, variable(has), lacks, variable(lacks), value)
}

// textsOf is a map of texts as Go has it.
func textsOf(m types.Map) map[string]string {
	texts := map[string]string{}
	for key, element := range m.Elements() {
		if text, ok := element.(types.String); ok {
			texts[key] = text.ValueString()
		}
	}
	return texts
}

// tokenRefused shows a token that the client refuses on its attribute.
func tokenRefused(e *ghl.TokenError) diag.Diagnostic {
	name := attributeOf(e.Credential)
	at := path.Root(name)
	if e.Credential == ghl.LocationToken {
		at = at.AtMapKey(e.LocationID)
	}
	return diag.NewAttributeErrorDiagnostic(at, "Unable to Configure Provider", fmt.Sprintf("Correct %s (or %s): %v.", name, variable(name), e))
}

// attributeOf names the attribute that a credential comes from.
func attributeOf(credential ghl.Credential) string {
	switch credential {
	case ghl.LocationToken:
		return locationAccessTokensName
	case ghl.AgencyToken, ghl.ExchangedToken:
		return agencyAccessTokenName
	default:
		return accessTokenName
	}
}
