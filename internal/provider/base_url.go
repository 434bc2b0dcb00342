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

// allowBaseURL is the environment variable that lists additional hosts, separated by
// commas, that may receive credentials from the environment.
const allowBaseURL = "GHL_ALLOW_BASE_URL"

// checkAddress refuses to send a credential from the environment to an address that only
// the configuration sets. Otherwise, the author of a module could steal the credential
// with a plan. The receiver contains only settings from the configuration.
func (s settings) checkAddress() (diags diag.Diagnostics) {
	host, isTrusted := trustedAddress(s.text("base_url"))
	var attributes []string // credentials that come from the environment
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
		"%s %s from the environment, and base_url in the provider block sets the host %q. "+
			"The provider sends credentials from the environment only to %s or to %s. Nothing was sent. "+
			"Set %s in the provider block, remove base_url (and set GHL_BASE_URL), or allow the host: %s=%s.",
		variables(attributes), comes, host, variable("base_url"), ghl.DefaultBaseURL, strings.Join(attributes, ", "), allowBaseURL, host))
	return diags
}

// trustedAddress returns the host of an address, and reports whether credentials from the
// environment may be sent there. An invalid address counts as trusted here, since the
// client refuses it later.
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

// origin returns the scheme and the host of an address. The host includes the port
// unless it is the scheme's default.
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
