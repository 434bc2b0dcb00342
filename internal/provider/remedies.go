package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// cure says what to do about a failure that is not about what the operation was for.
func cure(err error) string {
	if _, ok := errors.AsType[*store.SeveralError](err); ok {
		return "The name does not tell which one is meant. Use the id of one of them."
	}
	if other, ok := errors.AsType[*otherKindError](err); ok {
		return "Import it as a " + other.resourceType + "."
	}
	_, isFull := errors.AsType[*store.FullFolderError](err)
	remedy := ""
	failure, ok := errors.AsType[*ghl.Error](err)
	if ok {
		remedy = remedyFor(failure)
	}
	switch {
	case errors.Is(err, store.ErrNoFolder):
		return "Make a folder for the object with ghl_custom_field_folder, and name it in folder_id."
	case errors.Is(err, store.ErrRemade):
		return "Somebody deleted the object and made another one under its key. Nothing was changed: a new plan shows what is there now."
	case errors.Is(err, store.ErrNoSearchable):
		return "Each change of an object replaces its searchable properties, and HighLevel shows none to send again. Set them first, with a ghl_searchable_properties of this object, and apply again."
	case isFull:
		return "HighLevel may delete them with the folder, and their values in all records. Move them to another folder in HighLevel, or destroy them first."
	case errors.Is(err, ghl.ErrIncomplete):
		return "HighLevel's listing did not come whole, so what it leaves out may be there all the same. Try again."
	case remedy != "":
		return remedy
	case errors.Is(err, context.DeadlineExceeded):
		return "The operation's time was up. Try again, or allow it more with the resource's timeouts."
	case errors.Is(err, context.Canceled), ok && failure.Kind == ghl.Interrupted:
		return "The operation was interrupted."
	default:
		return "Try again; where it stays so, please report it."
	}
}

// remedyFor finds the failure in the table, or returns "".
func remedyFor(failure *ghl.Error) string {
	credential := failure.Credential
	if failure.Kind == ghl.Unserved && failure.LocationID == "" {
		credential = ghl.AgencyToken // the one that is missing
	}
	remedy := remedies[cause{failure.Kind, credential}]
	if remedy == "" {
		remedy = remedies[cause{kind: failure.Kind}]
		if remedies[cause{failure.Kind, ghl.LocationToken}] != "" && failure.LocationID != "" {
			remedy += " The sub-account is {sub-account}." // the other tokens are of one sub-account
		}
	}
	return strings.NewReplacer("{sub-account}", fmt.Sprintf("%q", failure.LocationID), "{scope}", failure.Scope).Replace(remedy)
}

// cause is why a call failed, and with which credential if that makes a difference.
type cause struct {
	kind       ghl.Kind
	credential ghl.Credential
}

// remedies says what to do about each cause; {sub-account} is the one that it was about, and
// {scope} what the call needs.
var remedies = map[cause]string{
	{kind: ghl.NotFound}:     "HighLevel does not know the object, or one that the request names. Check the ids, and whether the object was deleted outside of this configuration.",
	{kind: ghl.UnknownRoute}: "The answer did not come from the HighLevel API. Check base_url (or GHL_BASE_URL), and any proxy on the way.",
	{kind: ghl.Unauthorized}: "HighLevel did not accept the access token. Set access_token (or GHL_ACCESS_TOKEN) to a Private Integration Token or an OAuth access token of the sub-account itself; tokens of an agency are refused here. " +
		"An OAuth access token expires after about a day: get a new one and set that. A Private Integration Token that was rotated or deleted is replaced in HighLevel under Settings > Private Integrations.",
	{kind: ghl.MissingScope}: "The access token lacks the scope {scope}. Add it to the private integration or the app, with the other scopes that the guide \"Authentication and scopes\" lists for your resources, and use the token that this gives.",
	{kind: ghl.WrongTokenType}: "HighLevel does not allow this type of token here: most likely it is an agency's. Set access_token (or GHL_ACCESS_TOKEN) to a token of the sub-account itself. " +
		"An agency's OAuth access token goes into agency_access_token (or GHL_AGENCY_ACCESS_TOKEN), with company_id, and is exchanged for the sub-account's.",
	{kind: ghl.WrongVersion}: "HighLevel does not accept the version of the API. Correct api_version (or GHL_API_VERSION), or remove it: the default is " + ghl.DefaultAPIVersion + ".",
	{kind: ghl.Forbidden}:    "The access token is of another sub-account. Check location_id (or GHL_LOCATION_ID) against access_token (or GHL_ACCESS_TOKEN).",
	{kind: ghl.EdgeRefused}:  "The edge in front of HighLevel refused the client, not the token. Check for a proxy, a VPN or a blocked address on the way, and what TF_APPEND_USER_AGENT adds.",
	{kind: ghl.Duplicate}:    "It exists already. If another resource of this state manages it, add a moved block; if no state does, import it.",
	{kind: ghl.DuplicateLabels}: "Two associations of the same two objects cannot have the same pair of labels. Change one of the labels. " +
		"Or manage the existing association: with a moved block if another resource of this configuration had it, with an import block if none did. Write the key of that association then: with another key, the plan replaces it, and all its relations are deleted.",
	{kind: ghl.DuplicateOpportunity}: "The contact already has an opportunity in that pipeline. Choose another contact, or move one of the two opportunities to another pipeline.",
	{kind: ghl.InvalidRecord}:        "A record does not fit its side of the association. Check that both records exist, and that each is of the object that the association has on its side.",
	{kind: ghl.Refused}:              "HighLevel refused the request. Correct what its answer names.",
	{kind: ghl.RateLimited}:          "The rate limit was used up until the operation's time was up. Try again, allow more time with the resource's timeouts, or find out what else spends this sub-account's calls.",
	{kind: ghl.DailyLimit}:           "The sub-account's daily budget of calls is spent, and no call will pass today. Try again when it has been reset.",
	{kind: ghl.Unavailable}:          "HighLevel could not answer, repeats included. Try again later; max_retries says how often a call is repeated.",
	{kind: ghl.Malformed}:            "HighLevel's answer makes no sense to the provider. Try again; if it happens again, check base_url (or GHL_BASE_URL), and report it.",
	{kind: ghl.Network}:              "There was no answer. Check the network, base_url (or GHL_BASE_URL), and the proxy variables (HTTPS_PROXY); request_timeout bounds one request.",
	{kind: ghl.Untrusted}: "The certificate of the server is not trusted, so nothing was sent. If your network has a certificate authority of its own, set SSL_CERT_FILE to a file with its certificate (PEM); macOS and Windows take it from the system instead. " +
		"Otherwise check base_url (or GHL_BASE_URL), and this computer's clock.",
	{kind: ghl.ProxyRefused}: "The proxy refused to connect to the server, so nothing was sent. Check the proxy variables (HTTPS_PROXY, NO_PROXY), and the user name and password in them.",
	{kind: ghl.Redirected}:   "The answer was a redirect, which is not followed, since that would carry the access token elsewhere. Check base_url (or GHL_BASE_URL).",

	{ghl.RateLimited, ghl.AgencyToken}: "The agency's own rate limit, which all token exchanges share, was used up until the operation's time was up. Try again, allow more time with the resource's timeouts, or find out what else spends the agency's calls.",
	{ghl.DailyLimit, ghl.AgencyToken}:  "The agency's daily budget of calls is spent, and no token can be exchanged today. Try again when it has been reset.",
	{ghl.Unserved, ghl.AgencyToken}:    "The sub-accounts of an agency are listed with the agency's token. Set the provider's agency_access_token and company_id (or GHL_AGENCY_ACCESS_TOKEN and GHL_COMPANY_ID).",
	{kind: ghl.Unserved}: "No token serves sub-account {sub-account}. Add one to the provider's location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS), or set access_token (or GHL_ACCESS_TOKEN), " +
		"or let an agency's token be exchanged for it: set agency_access_token and company_id (or GHL_AGENCY_ACCESS_TOKEN and GHL_COMPANY_ID).",
	{kind: ghl.NotAllowed}: "Sub-account {sub-account} is not among the provider's allowed_location_ids (or GHL_ALLOWED_LOCATION_IDS), so nothing was sent. " +
		"Correct location_id, or allow the sub-account: if both the attribute and the variable are set, it has to be in both.",
	{kind: ghl.NotInstalled}: "HighLevel gives no token for sub-account {sub-account}. The likely cause is that the app that agency_access_token belongs to is not installed there: install it. " +
		"Where the sub-account was deleted or has left the agency, no token can be had any more. Check company_id (or GHL_COMPANY_ID), too. " +
		"A token of its own in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS) needs no app.",
	{kind: ghl.AgencyUnauthorized}: "HighLevel did not accept the agency's token. Set agency_access_token (or GHL_AGENCY_ACCESS_TOKEN) to an OAuth access token of the agency itself; a sub-account's is refused here. " +
		"It expires after about a day: get a new one and set that.",
	{kind: ghl.AgencyScope}: "The agency's token lacks a scope. agency_access_token (or GHL_AGENCY_ACCESS_TOKEN) needs oauth.write to be exchanged for tokens of sub-accounts, and oauth.readonly to list them: add them to the app, and use the token that this gives.",
	{kind: ghl.AgencyPIT}: "agency_access_token (or GHL_AGENCY_ACCESS_TOKEN) is a Private Integration Token of an agency. It has no oauth scopes, so it can neither be exchanged for tokens of sub-accounts nor list them. " +
		"Use an OAuth access token of the agency, which an app gives, or give each sub-account a token in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS).",
	{kind: ghl.AgencyForbidden}: "The agency's token does not serve this company or this app. Check company_id (or GHL_COMPANY_ID) and app_id against agency_access_token (or GHL_AGENCY_ACCESS_TOKEN).",

	{ghl.Unauthorized, ghl.LocationToken}: "HighLevel did not accept the token of sub-account {sub-account} in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS). Set it to a Private Integration Token or an OAuth access token of that sub-account; tokens of an agency are refused here. " +
		"An OAuth access token expires after about a day: get a new one and set that.",
	{ghl.WrongTokenType, ghl.LocationToken}:  "HighLevel does not allow the type of the token of sub-account {sub-account} in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS): most likely it is an agency's. Set it to a token of that sub-account itself.",
	{ghl.MissingScope, ghl.LocationToken}:    "The token of sub-account {sub-account} in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS) lacks the scope {scope}. Add it to the private integration or the app, with the other scopes that the guide \"Authentication and scopes\" lists for your resources, and use the token that this gives.",
	{ghl.Forbidden, ghl.LocationToken}:       "The token of sub-account {sub-account} in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS) is of another sub-account. Set it to that sub-account's own.",
	{ghl.Unauthorized, ghl.ExchangedToken}:   "HighLevel did not accept the token of sub-account {sub-account} that agency_access_token had been exchanged for, nor a new one. Check that the app is still installed there, or give the sub-account a token of its own in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS).",
	{ghl.WrongTokenType, ghl.ExchangedToken}: "HighLevel does not allow the type of the token of sub-account {sub-account} that agency_access_token was exchanged for. Check that the app's Target User is the sub-account, or give the sub-account a token of its own in location_access_tokens (or GHL_LOCATION_ACCESS_TOKENS).",
	{ghl.MissingScope, ghl.ExchangedToken}:   "The token of sub-account {sub-account} that agency_access_token was exchanged for lacks the scope {scope}. Add it to the app, with the other scopes that the guide \"Authentication and scopes\" lists for your resources, and install its new version in the sub-account.",
	{ghl.Forbidden, ghl.ExchangedToken}:      "The token of sub-account {sub-account} that agency_access_token was exchanged for does not serve that sub-account. Check location_id (or GHL_LOCATION_ID), and company_id (or GHL_COMPANY_ID).",
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
	if failure.Kind == ghl.MissingScope {
		topic += ", " + failure.Scope
	}
	switch {
	case failure.Credential == ghl.LocationToken, failure.Credential == ghl.ExchangedToken, failure.Kind == ghl.NotInstalled, failure.Kind == ghl.Forbidden, failure.Kind == ghl.Unserved, failure.Kind == ghl.NotAllowed:
		topic += ", " + failure.LocationID
	}
	return topic, what
}

// refusals are the kinds of failure that are about a credential alone.
var refusals = map[ghl.Kind]string{
	ghl.Unauthorized:       "HighLevel refused the same access token again.",
	ghl.MissingScope:       "The same access token lacks the same scope.",
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
