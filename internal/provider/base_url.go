package provider

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// allowBaseURL is the variable that lists further hosts, separated by commas, that may
// receive credentials from the environment.
const allowBaseURL = "GHL_ALLOW_BASE_URL"

// checkAddress refuses to send a credential from the environment to an address that only
// the configuration names: otherwise the author of a module could obtain the credential
// with a plan. s holds only the configuration.
func (s settings) checkAddress() (diags diag.Diagnostics) {
	host, isTrusted := trustedAddress(s.text("base_url"))
	var attributes []string // of the credentials that the environment adds
	for _, credential := range []string{"access_token", "agency_access_token", "location_access_tokens"} {
		if !s.isSet(credential) && os.Getenv(variable(credential)) != "" {
			attributes = append(attributes, credential)
		}
	}
	if isTrusted || len(attributes) == 0 {
		return nil
	}
	comes := "comes"
	if len(attributes) > 1 {
		comes = "come"
	}
	diags.AddAttributeError(path.Root("base_url"), unableToConfigure, fmt.Sprintf(
		"%s %s from the environment, and base_url in the provider block names the host %q. "+
			"The provider sends credentials from the environment only to %s or to %s. Nothing was sent. "+
			"Set %s in the provider block, remove base_url (and set GHL_BASE_URL), or allow the host: %s=%s.",
		variables(attributes), comes, host, variable("base_url"), ghl.DefaultBaseURL, strings.Join(attributes, ", "), allowBaseURL, host))
	return diags
}

// trustedAddress returns the host of an address, and reports whether credentials from the
// environment may be sent there. The client refuses an invalid address.
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
