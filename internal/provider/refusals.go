package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// failed turns an error into a diagnostic. What many resources have in common, a refused
// credential or objects that exist already, is said in full once for each process.
func (d *providerData) failed(o operation, err error) diag.Diagnostic {
	if exists, ok := errors.AsType[*snapshot.ExistsError](err); ok {
		if text := d.existsInShort(o, exists); text != "" {
			return diag.NewErrorDiagnostic(o.summary(), text)
		}
		if exists.Unseen || exists.Association != nil && exists.Association.IsSystemDefined() {
			return o.failed(err)
		}
		return diag.NewErrorDiagnostic(o.summary(), o.failed(err).Detail()+"\n\n"+o.adoptMany())
	}
	if topic, what := refusal(err); topic != "" && !d.told.first(topic) {
		return diag.NewErrorDiagnostic(o.summary(), fmt.Sprintf("%s Here it was used for the %s in sub-account %q. The first error about it says what to do.", what, o.subject, o.locationID))
	}
	return o.failed(err)
}

// refusal names the credential that was refused, for all failures of the same cause, and
// says in a few words what happened. It is empty for any other error.
func refusal(err error) (topic, what string) {
	failure, ok := errors.AsType[*ghl.Error](err)
	if !ok {
		return "", ""
	}
	what, ok = refusals[failure.Kind]
	if !ok {
		return "", ""
	}
	topic = fmt.Sprintf("%s, %s", failure.Kind, failure.Credential)
	switch {
	case failure.Credential == ghl.LocationToken, failure.Credential == ghl.ExchangedToken, failure.Kind == ghl.NotInstalled, failure.Kind == ghl.Forbidden, failure.Kind == ghl.Unserved, failure.Kind == ghl.NotAllowed:
		topic += ", " + failure.LocationID
	}
	return topic, what
}

// refusals are the kinds of failure that are about a credential alone.
var refusals = map[ghl.Kind]string{
	ghl.Unauthorized:       "HighLevel refused the same access token again.",
	ghl.MissingScope:       "The same access token lacks a scope.",
	ghl.WrongTokenType:     "HighLevel does not allow the type of the same token here.",
	ghl.Forbidden:          "The same access token is of another sub-account.",
	ghl.AgencyUnauthorized: "HighLevel refused the agency's token again.",
	ghl.AgencyScope:        "The agency's token lacks a scope.",
	ghl.AgencyPIT:          "The agency's token is a Private Integration Token.",
	ghl.AgencyForbidden:    "The agency's token does not serve this company or app.",
	ghl.NotInstalled:       "HighLevel gives no token for this sub-account.",
	ghl.Unserved:           "No token serves this sub-account.",
	ghl.NotAllowed:         "This sub-account is not among allowed_location_ids.",
}
