package provider

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// allowBaseURL is the variable that lists hosts, separated by commas, to which the
// credentials of the environment may be sent, too.
const allowBaseURL = "GHL_ALLOW_BASE_URL"

// checkAddress refuses to send a credential of the environment to an address that only
// the configuration names: whoever writes a module would get it by a mere plan. m is the
// configuration alone.
func (m providerModel) checkAddress() diag.Diagnostics {
	if m.BaseURL.IsNull() || m.BaseURL.IsUnknown() {
		return nil
	}
	host, isTrusted := trustedAddress(m.BaseURL.ValueString())
	attributes := m.credentialsOfEnvironment()
	if isTrusted || len(attributes) == 0 {
		return nil
	}
	variables := make([]string, len(attributes))
	for i, attribute := range attributes {
		variables[i] = variable(attribute)
	}
	comes := "comes"
	if len(variables) > 1 {
		comes = "come"
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("base_url"), "Unable to Configure Provider", fmt.Sprintf(
		"%s %s from the environment, and base_url in the provider block names the host %q. "+
			"The provider sends a credential of the environment only to %s, or to %s. Nothing was sent. "+
			"Either set %s in the provider block, or remove base_url (and set GHL_BASE_URL), or allow the host: %s=%s.",
		strings.Join(variables, ", "), comes, host, variable("base_url"), ghl.DefaultBaseURL, strings.Join(attributes, ", "), allowBaseURL, host))}
}

// credentialsOfEnvironment are the attributes of the credentials that the environment
// adds to a configuration.
func (m providerModel) credentialsOfEnvironment() []string {
	var attributes []string
	for _, credential := range []struct {
		attribute  string
		configured attr.Value
	}{
		{accessTokenName, m.AccessToken}, {agencyAccessTokenName, m.AgencyAccessToken}, {locationAccessTokensName, m.LocationAccessTokens},
	} {
		if credential.configured.IsNull() && os.Getenv(variable(credential.attribute)) != "" {
			attributes = append(attributes, credential.attribute)
		}
	}
	return attributes
}

// trustedAddress tells whether the credentials of the environment may go to an address,
// and the address's host. The client refuses what is no address.
func trustedAddress(address string) (host string, isTrusted bool) {
	scheme, host := origin(address)
	if host == "" {
		return "", true
	}
	for _, trusted := range []string{ghl.DefaultBaseURL, os.Getenv(variable("base_url"))} {
		if s, h := origin(trusted); s == scheme && h == host {
			return host, true
		}
	}
	return host, slices.Contains(commaSeparated(strings.ToLower(os.Getenv(allowBaseURL))), host)
}

// origin is the scheme of an address, and its host, with the port if it is not the
// scheme's own.
func origin(address string) (scheme, host string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	host = strings.ToLower(u.Host)
	switch u.Scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme, host
}

// commaSeparated are the entries of a list as a variable holds it.
func commaSeparated(text string) []string {
	var entries []string
	for entry := range strings.SplitSeq(text, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}
