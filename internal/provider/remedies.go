package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// cure says what to do about a failure, whatever the operation was.
func cure(err error) string {
	if _, ok := errors.AsType[*store.SeveralError](err); ok {
		return "Several objects have this name. Use the id of the object that you mean."
	}
	if other, ok := errors.AsType[*otherKindError](err); ok {
		return "Import this id as a " + other.resourceType + "."
	}
	_, isFull := errors.AsType[*store.FullFolderError](err)
	remedy := ""
	failure, ok := errors.AsType[*ghl.Error](err)
	if ok {
		remedy = remedyFor(failure)
	}
	switch {
	case errors.Is(err, store.ErrNoFolder):
		return "Create a folder for the object with ghl_custom_field_folder, and set folder_id to its id."
	case errors.Is(err, store.ErrRemade):
		return "Somebody deleted the object and created another object with its key. Nothing was changed. Plan again to see what exists now."
	case errors.Is(err, store.ErrNoSearchable):
		return "Every update of an object replaces its searchable properties, and HighLevel does not show the current ones, so the provider cannot send them again. Set them first with a ghl_searchable_properties for this object, and apply again."
	case isFull:
		return "HighLevel may delete the fields with the folder, along with their values in all records. Move the fields to another folder in HighLevel, or destroy them first."
	case errors.Is(err, ghl.ErrIncomplete):
		return "HighLevel's listing is incomplete, so an object missing from it may still exist. Try again."
	case remedy != "":
		return remedy
	case errors.Is(err, context.DeadlineExceeded):
		return "The operation timed out. Try again, or raise the resource's timeouts."
	case errors.Is(err, context.Canceled), ok && failure.Kind == ghl.Interrupted:
		return "The operation was interrupted."
	default:
		return "Try again; if the error persists, please report it."
	}
}

// remedyFor returns the remedy for a failure from the table, or "".
func remedyFor(failure *ghl.Error) string {
	credential := failure.Credential
	if failure.Kind == ghl.Unserved && failure.LocationID == "" {
		credential = ghl.AgencyToken // the token that is missing
	}
	remedy := remedies[cause{failure.Kind, credential}]
	if remedy == "" {
		remedy = remedies[cause{kind: failure.Kind}]
		if remedies[cause{failure.Kind, ghl.LocationToken}] != "" && failure.LocationID != "" {
			remedy += " The sub-account is {sub-account}." // the remedies for the other tokens already specify the sub-account
		}
	}
	return strings.NewReplacer("{sub-account}", fmt.Sprintf("%q", failure.LocationID), "{scope}", failure.Scope).Replace(remedy)
}

// cause is the kind of a failure, with the credential of the call if the remedy depends
// on it.
type cause struct {
	kind       ghl.Kind
	credential ghl.Credential
}

// remedies says what to do about each cause. {sub-account} is replaced with the id of the
// call's sub-account, and {scope} with the scope that the call needs.
var remedies = map[cause]string{
	{kind: ghl.NotFound}:     "HighLevel cannot find the object, or another object that the request refers to. Check the ids, and whether somebody deleted the object outside this configuration.",
	{kind: ghl.UnknownRoute}: "The answer did not come from the HighLevel API. Check base_url (or GHL_BASE_URL), and any proxy in between.",
	{kind: ghl.Unauthorized}: "HighLevel did not accept the access token. Set access_token (or GHL_ACCESS_TOKEN) to a Private Integration Token or an OAuth access token of the sub-account itself; agency tokens do not work here. " +
		"An OAuth access token expires after about a day: get a new one. If a Private Integration Token was rotated or deleted, get a new one in HighLevel under Settings > Private Integrations.",
	{kind: ghl.MissingScope}: "The access token lacks the scope {scope}. Add the scope to the private integration or the app, along with the other scopes that the guide \"Authentication and scopes\" lists for your resources, and use the resulting token.",
	{kind: ghl.WrongTokenType}: "HighLevel does not allow this type of token here; it is most likely an agency token. Set access_token (or GHL_ACCESS_TOKEN) to a token of the sub-account itself. " +
		"An agency's OAuth access token belongs in agency_access_token (or GHL_AGENCY_ACCESS_TOKEN), together with company_id: the provider exchanges it for a token of the sub-account.",
	{kind: ghl.WrongVersion}: "HighLevel does not accept the API version. Correct api_version (or GHL_API_VERSION), or remove it to use the default, " + ghl.DefaultAPIVersion + ".",
	{kind: ghl.Forbidden}:    "The access token belongs to another sub-account. Check location_id (or GHL_LOCATION_ID) against access_token (or GHL_ACCESS_TOKEN).",
	{kind: ghl.EdgeRefused}:  "HighLevel's edge network refused the client, not the token. Check for a proxy, a VPN or a blocked IP address, and check what TF_APPEND_USER_AGENT adds.",
	{kind: ghl.Duplicate}:    "The object already exists. If another resource in this state manages the object, add a moved block. If no state manages the object, import it.",
	{kind: ghl.DuplicateLabels}: "Two associations of the same two objects cannot have the same pair of labels. Change one of the labels. " +
		"Or manage the existing association: add a moved block if another resource of this configuration managed it, or an import block if none did. In either case, use the key of the existing association: with another key, the plan replaces it, and HighLevel deletes all its relations.",
	{kind: ghl.DuplicateOpportunity}: "The contact already has an opportunity in that pipeline. Choose another contact, or move one of the two opportunities to another pipeline.",
	{kind: ghl.InvalidRecord}:        "A record does not fit its side of the association. Check that both records exist, and that each belongs to the object on its side of the association.",
	{kind: ghl.Refused}:              "HighLevel refused the request. Correct the values that its answer mentions.",
	{kind: ghl.RateLimited}:          "The rate limit was exhausted until the operation timed out. Try again, allow more time with the resource's timeouts, or find out what else uses this sub-account's rate limit.",
	{kind: ghl.DailyLimit}:           "The sub-account's daily budget of calls is spent, and no more calls will succeed today. Try again after the budget resets.",
	{kind: ghl.Unavailable}:          "HighLevel could not answer, even after retries. Try again later; max_retries sets how often a call is retried.",
	{kind: ghl.Malformed}:            "The provider does not understand HighLevel's answer. Try again. If the error persists, check base_url (or GHL_BASE_URL), and report it.",
	{kind: ghl.Network}:              "The server did not answer. Check the network, base_url (or GHL_BASE_URL), and the proxy variables (HTTPS_PROXY); request_timeout limits each request.",
	{kind: ghl.Untrusted}: "The server's certificate is not trusted, so nothing was sent. If your network has its own certificate authority, set SSL_CERT_FILE to a PEM file with the authority's certificate; on macOS and Windows, add the certificate to the system instead. " +
		"Otherwise check base_url (or GHL_BASE_URL) and this computer's clock.",
	{kind: ghl.ProxyRefused}: "The proxy refused to connect to the server, so nothing was sent. Check the proxy variables (HTTPS_PROXY, NO_PROXY), and the user name and password in them.",
	{kind: ghl.Redirected}:   "The answer was a redirect, which the provider does not follow: the access token would be sent elsewhere. Check base_url (or GHL_BASE_URL).",

	{ghl.RateLimited, ghl.AgencyToken}: "The agency's own rate limit, which all token exchanges share, was exhausted until the operation timed out. Try again, allow more time with the resource's timeouts, or find out what else uses the agency's rate limit.",
	{ghl.DailyLimit, ghl.AgencyToken}:  "The agency's daily budget of calls is spent, and no more tokens can be exchanged today. Try again after the budget resets.",
	{ghl.Unserved, ghl.AgencyToken}:    "Listing the sub-accounts of an agency needs the agency's token. Set the provider's agency_access_token and company_id (or GHL_AGENCY_ACCESS_TOKEN and GHL_COMPANY_ID).",
	{kind: ghl.Unserved}: "The provider has no token for sub-account {sub-account}. Add one to the provider's location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS), or set access_token (or GHL_ACCESS_TOKEN), " +
		"or let the provider exchange an agency's token: set agency_access_token and company_id (or GHL_AGENCY_ACCESS_TOKEN and GHL_COMPANY_ID).",
	{kind: ghl.NotAllowed}: "Sub-account {sub-account} is not among the provider's allowed_location_ids (or GHL_ALLOWED_LOCATION_IDS), so nothing was sent. " +
		"Correct location_id, or allow the sub-account. If both the attribute and the variable are set, the sub-account must be in both.",
	{kind: ghl.NotInstalled}: "HighLevel issues no token for sub-account {sub-account}. Most likely, the app of agency_access_token is not installed there: install it. " +
		"If the sub-account was deleted or has left the agency, HighLevel no longer issues a token for it. Also check company_id (or GHL_COMPANY_ID). " +
		"To do without the app, give the sub-account its own token in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS).",
	{kind: ghl.AgencyUnauthorized}: "HighLevel did not accept the agency's token. Set agency_access_token (or GHL_AGENCY_ACCESS_TOKEN) to an OAuth access token of the agency itself; a sub-account's token does not work here. " +
		"An OAuth access token expires after about a day: get a new one.",
	{kind: ghl.AgencyScope}: "The agency's token lacks a scope. agency_access_token (or GHL_AGENCY_ACCESS_TOKEN) needs oauth.write to be exchanged for tokens of sub-accounts, and oauth.readonly to list sub-accounts. Add the scopes to the app, and use the resulting token.",
	{kind: ghl.AgencyPIT}: "agency_access_token (or GHL_AGENCY_ACCESS_TOKEN) is a Private Integration Token of an agency. That type of token has no oauth scopes, so the provider can neither exchange it for tokens of sub-accounts nor list sub-accounts with it. " +
		"Use an OAuth access token of the agency, which you get from an app, or give each sub-account a token in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS).",
	{kind: ghl.AgencyForbidden}: "The agency's token is not valid for this company or this app. Check company_id (or GHL_COMPANY_ID) and app_id against agency_access_token (or GHL_AGENCY_ACCESS_TOKEN).",

	{ghl.Unauthorized, ghl.LocationToken}: "HighLevel did not accept the token of sub-account {sub-account} in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS). Set it to a Private Integration Token or an OAuth access token of that sub-account; agency tokens do not work here. " +
		"An OAuth access token expires after about a day: get a new one.",
	{ghl.WrongTokenType, ghl.LocationToken}:  "The token of sub-account {sub-account} in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS) has a type that HighLevel does not allow here; it is most likely an agency token. Set it to a token of that sub-account itself.",
	{ghl.MissingScope, ghl.LocationToken}:    "The token of sub-account {sub-account} in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS) lacks the scope {scope}. Add the scope to the private integration or the app, along with the other scopes that the guide \"Authentication and scopes\" lists for your resources, and use the resulting token.",
	{ghl.Forbidden, ghl.LocationToken}:       "The token of sub-account {sub-account} in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS) belongs to another sub-account. Replace it with a token of that sub-account itself.",
	{ghl.Unauthorized, ghl.ExchangedToken}:   "HighLevel accepted neither the token of sub-account {sub-account} that agency_access_token was exchanged for nor a new one. Check that the app is still installed there, or give the sub-account its own token in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS).",
	{ghl.WrongTokenType, ghl.ExchangedToken}: "The token of sub-account {sub-account} that agency_access_token was exchanged for has a type that HighLevel does not allow here. Check that the app's Target User is the sub-account, or give the sub-account its own token in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS).",
	{ghl.MissingScope, ghl.ExchangedToken}:   "The token of sub-account {sub-account} that agency_access_token was exchanged for lacks the scope {scope}. Add the scope to the app, along with the other scopes that the guide \"Authentication and scopes\" lists for your resources, and install the new version of the app in the sub-account.",
	{ghl.Forbidden, ghl.ExchangedToken}:      "The token of sub-account {sub-account} that agency_access_token was exchanged for is not valid for that sub-account. Check location_id (or GHL_LOCATION_ID), and company_id (or GHL_COMPANY_ID).",
}

// refusal returns a topic, which is the same for all failures with one cause, and a brief
// description of what happened. Both are empty if the failure does not concern a
// credential.
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
	if failure.Kind == ghl.MissingScope {
		topic += ", " + failure.Scope
	}
	switch {
	case failure.Credential == ghl.LocationToken, failure.Credential == ghl.ExchangedToken, failure.Kind == ghl.NotInstalled, failure.Kind == ghl.Forbidden, failure.Kind == ghl.Unserved, failure.Kind == ghl.NotAllowed:
		topic += ", " + failure.LocationID
	}
	return topic, what
}

// refusals describes the kinds of failures that concern only a credential.
var refusals = map[ghl.Kind]string{
	ghl.Unauthorized:       "HighLevel refused the same access token again.",
	ghl.MissingScope:       "The same access token lacks the same scope.",
	ghl.WrongTokenType:     "The same access token has a type that HighLevel does not allow here.",
	ghl.Forbidden:          "The same access token belongs to another sub-account.",
	ghl.AgencyUnauthorized: "HighLevel refused the agency's token again.",
	ghl.AgencyScope:        "The agency's token lacks a scope.",
	ghl.AgencyPIT:          "The agency's token is a Private Integration Token.",
	ghl.AgencyForbidden:    "The agency's token is not valid for this company or app.",
	ghl.NotInstalled:       "HighLevel issues no token for this sub-account.",
	ghl.Unserved:           "The provider has no token for this sub-account.",
	ghl.NotAllowed:         "This sub-account is not among allowed_location_ids.",
}
