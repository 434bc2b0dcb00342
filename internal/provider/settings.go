package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// setting is an attribute of the provider. The variable that stands in for it holds what
// the attribute may hold.
type setting struct {
	name        string
	kind        settingKind
	isSecret    bool
	description string
	fallback    string // where neither the attribute nor the variable is set
	variable    string // what there is to say of the variable, after its name
}

// allSettings are all attributes of the provider, for its schema, its documentation, the
// environment and the errors about any of them, in the order in which these name them.
var allSettings = []setting{
	{
		name: "access_token", kind: text(anyText), isSecret: true, fallback: "none", variable: betterPlace,
		description: "Sub-account Private Integration Token, or OAuth access token of a sub-account. " +
			"It needs the scopes that the guide [Authentication and scopes](guides/authentication.md#scopes) lists for your resources. " +
			"It serves the sub-accounts that neither `location_access_tokens` nor `agency_access_token` serves.",
	},
	{
		name: "location_access_tokens", kind: tokensByLocation, isSecret: true, fallback: "none", variable: ", a JSON object" + betterPlace,
		description: "Tokens of sub-accounts, by the sub-account's id; each is one as `access_token` takes. What a sub-account has here takes precedence over the other credentials.",
	},
	{
		name: "agency_access_token", kind: text(anyText), isSecret: true, fallback: "none", variable: betterPlace,
		description: "OAuth access token of an agency, which needs `company_id` and the scope `oauth.write` (and `oauth.readonly` for `ghl_locations`). " +
			"It is exchanged for a token of each sub-account that is used, once in a run, where the token's app is installed; the app needs the scopes that `access_token` does. " +
			"A Private Integration Token of an agency cannot be exchanged.",
	},
	{
		name: "company_id", kind: text(anID), fallback: "none",
		description: "Id of the agency (company) that `agency_access_token` belongs to.",
	},
	{
		name: "token_cache", kind: text(notEmpty), fallback: "none",
		description: "File that keeps the tokens that `agency_access_token` is exchanged for, encrypted with a key made from it: another run with the same token, such as the apply after a plan, does not exchange it again. " +
			"Its folder must exist, and nobody but its owner may have access to the file. It saves time from about a hundred sub-accounts on. The guide [Authentication and scopes](guides/authentication.md#keep-exchanged-tokens) says what it risks.",
	},
	{
		name: "allowed_location_ids", kind: ids, fallback: "all",
		variable: ", separated by commas. If both are set, a sub-account has to be in both: a configuration can narrow what the environment allows, and never widen it",
		description: "Ids of the only sub-accounts (locations) that the provider sends anything about, whatever a resource, a data source, a list or an import names. " +
			"An empty set allows none. The data source `ghl_locations`, which asks about the agency, is not limited.",
	},
	{
		name: "base_url", kind: text(notEmpty), fallback: "`" + ghl.DefaultBaseURL + "`",
		description: "Where the API is; a path prefix and a trailing slash are allowed. It must be `https`, except to a loopback address. " +
			"Credentials that come from the environment are sent only to the address in `GHL_BASE_URL` or to the default, unless `GHL_ALLOW_BASE_URL` lists the host (several are separated by commas, each with its port if that is not the default one).",
	},
	{
		name: "api_version", kind: text(notEmpty), fallback: "`" + ghl.DefaultAPIVersion + "`",
		description: "Version of the API, sent in the `Version` header.",
	},
	{
		name: "requests_per_10_seconds", kind: wholeNumber(1), fallback: fmt.Sprintf("`%d`", ghl.DefaultMostRequests),
		description: "The most calls that this provider makes in any 10 seconds, for each sub-account. HighLevel allows an app 100; a lower number leaves calls for whatever else uses the same token. " +
			"If HighLevel tells of a lower limit, the provider keeps to that.",
	},
	{
		name: "max_retries", kind: wholeNumber(0), fallback: fmt.Sprintf("`%d`", ghl.DefaultMaxRetries),
		description: "How many times a call is retried after a transient failure, `0` for never; creates are retried only where that cannot make a thing twice. " +
			"Waiting for the rate limit does not count. If all retries of a call fail, the provider makes later calls to that sub-account only once, until one succeeds.",
	},
	{
		name: "request_timeout", kind: text(aDuration), fallback: fmt.Sprintf("`%.0fs`", ghl.DefaultRequestTimeout.Seconds()),
		description: "How long one HTTP request may take, its answer included, as a [duration](https://pkg.go.dev/time#ParseDuration) such as `90s` or `2m`.",
	},
	{
		name: "location_id", kind: text(anID), fallback: "none",
		description: "Id of the sub-account (location) of every resource and data source that names none itself. " +
			"Changing it moves nothing: a resource stays in the sub-account that it was made in, and a plan says so where the two differ.",
	},
	{
		name: "existing_objects", kind: text(anExistingChoice), fallback: "`" + refuseExisting + "`",
		description: "What a create does if it meets an object with its key, its name, or its two records. `" + refuseExisting + "`: it fails, and says how to import the object. " +
			"`" + adoptIdentical + "`: it takes the object over, with a warning that names it, if the object is exactly what the create would have made; otherwise it fails as well. " +
			"It never takes over what HighLevel made itself, nor what another resource of the same run creates, manages or deletes. The guide [Faults and recovery](guides/faults.md#take-over-what-is-identical) says what is compared.",
	},
	{
		name: "on_unreachable_location", kind: text(anUnreachableChoice), fallback: "`" + unreachableError + "`",
		description: "What the refresh of a resource does if its sub-account cannot be reached: HighLevel refuses the sub-account's token or the exchange for one, or does not answer, retries included. `" + unreachableError + "`: it fails. " +
			"`" + unreachableWarn + "`: the sub-account's resources stay in the state as they are, with one warning for each such sub-account. " +
			"Imports, data sources, lists and changes fail in either case, and so does everything if the agency's own token is refused. The guide [One provider block for an agency](guides/agency.md#when-one-sub-account-fails) says what a plan means then.",
	},
}

const betterPlace = ", the better place for it"

// attribute is a setting in the provider's schema.
func (s setting) attribute() schema.Attribute {
	return s.kind.attribute(fmt.Sprintf("%s Default: %s. Environment variable: `%s`%s.", s.description, s.fallback, variable(s.name), s.variable), s.isSecret)
}
