package provider

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// checkCredentials reports problems with the credentials as a whole.
func (s settings) checkCredentials() (diags diag.Diagnostics) {
	tokens, _ := s["location_access_tokens"].(types.Map)
	for _, id := range slices.Sorted(maps.Keys(tokens.Elements())) {
		at := path.Root("location_access_tokens").AtMapKey(id)
		if problem := idProblem(types.StringValue(id)); problem != "" {
			diags.AddAttributeError(at, unableToConfigure, fmt.Sprintf("In %s, the sub-account id %q %s.", orVariable("location_access_tokens"), id, problem))
		}
		if token, ok := tokens.Elements()[id].(types.String); ok && !token.IsUnknown() && token.ValueString() == "" || id == "" {
			diags.AddAttributeError(at, unableToConfigure,
				fmt.Sprintf("In %s, the token of sub-account %q is empty, or the sub-account has no id. Set the token and the id, or remove the entry.", orVariable("location_access_tokens"), id))
		}
	}
	agency, company := s.isSet("agency_access_token"), s.isSet("company_id")
	switch {
	case agency && !company:
		diags.Append(needs("agency_access_token", "company_id", "the id of the agency that the token belongs to"))
	case company && !agency:
		diags.Append(needs("company_id", "agency_access_token", "an OAuth access token of that agency"))
	case !agency && !s.isSet("access_token") && len(tokens.Elements()) == 0 && !tokens.IsUnknown():
		diags.AddAttributeError(path.Root("access_token"), unableToConfigure,
			"No credential is set. Set access_token, or preferably the environment variable "+variable("access_token")+
				", to a sub-account's Private Integration Token (in HighLevel: Settings > Private Integrations) or OAuth access token. "+
				"For several sub-accounts, set "+orVariable("location_access_tokens")+", or agency_access_token and company_id (or "+
				variable("agency_access_token")+" and "+variable("company_id")+").")
	}
	return diags
}

func needs(has, lacks, value string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(lacks), unableToConfigure,
		fmt.Sprintf("%s is set, but cannot be used without %s. Set %[2]s (or %s) to %s.", orVariable(has), lacks, variable(lacks), value))
}

// clientRefused is the error for a setting that the client refuses. It is reported on the
// attribute of the setting.
func clientRefused(err error) diag.Diagnostic {
	var name string
	refused, isToken := errors.AsType[*ghl.TokenError](err)
	switch {
	case isToken:
		name = attributeOf(refused.Credential)
	case errors.Is(err, ghl.ErrBaseURL):
		name = "base_url"
	case errors.Is(err, ghl.ErrTokenCache):
		name = "token_cache"
	default:
		return diag.NewErrorDiagnostic(unableToConfigure, err.Error())
	}
	at := path.Root(name)
	if isToken && refused.Credential == ghl.LocationToken {
		at = at.AtMapKey(refused.LocationID)
	}
	return diag.NewAttributeErrorDiagnostic(at, unableToConfigure, fmt.Sprintf("Correct %s: %v.", orVariable(name), err))
}

// attributeOf returns the attribute that a credential comes from.
func attributeOf(credential ghl.Credential) string {
	switch credential {
	case ghl.LocationToken:
		return "location_access_tokens"
	case ghl.AgencyToken, ghl.ExchangedToken:
		return "agency_access_token"
	default:
		return "access_token"
	}
}
