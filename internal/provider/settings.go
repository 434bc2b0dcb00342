package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// setting is an attribute of the provider. Its environment variable accepts the same
// values.
type setting struct {
	name        string
	kind        settingKind
	isSecret    bool
	description string
	fallback    string // the value if neither the attribute nor the variable is set
	variable    string // a remark about the variable, after its name
}

// allSettings are all attributes of the provider, for its schema, documentation,
// environment and errors, in the order in which errors list them.
var allSettings = []setting{
	{
		name: "access_token", kind: text(anyText), isSecret: true, fallback: "none", variable: betterPlace,
		description: "Sub-account Private Integration Token, or OAuth access token of a sub-account. " +
			"The token needs the scopes that the guide [Authentication and scopes](guides/authentication.md#scopes) lists for your resources. " +
			"The provider uses the token for the sub-accounts that neither `location_access_tokens` nor `agency_access_token` covers.",
	},
	{
		name: "location_access_tokens", kind: tokensByLocation, isSecret: true, fallback: "none", variable: ", a JSON object" + betterPlace,
		description: "Tokens of sub-accounts, by sub-account id, of the types that `access_token` accepts. A token here takes precedence over the other credentials.",
	},
	{
		name: "agency_access_token", kind: text(anyText), isSecret: true, fallback: "none", variable: betterPlace,
		description: "OAuth access token of an agency. The token needs `company_id`, and the scope `oauth.write` (and `oauth.readonly` for `ghl_locations`). " +
			"The provider exchanges the token, once per run, for a token of each sub-account in use. The token's app must be installed in each of these sub-accounts, and needs the same scopes as `access_token`. " +
			"A Private Integration Token of an agency cannot be exchanged.",
	},
	{
		name: "company_id", kind: text(anID), fallback: "none",
		description: "Id of the agency (company) that `agency_access_token` belongs to.",
	},
	{
		name: "token_cache", kind: text(notEmpty), fallback: "none",
		description: "File that stores the tokens that `agency_access_token` is exchanged for, encrypted with a key derived from `agency_access_token`. Another run with the same token, such as the apply after a plan, does not exchange it again. " +
			"The folder of the file must exist, and only the owner of the file may have access to it. The cache saves time if there are about a hundred sub-accounts or more. The guide [Authentication and scopes](guides/authentication.md#keep-exchanged-tokens) explains the risk.",
	},
	{
		name: "allowed_location_ids", kind: ids, fallback: "all",
		variable: ", separated by commas. If the attribute and the variable are set, a sub-account must be in both: a configuration can narrow what the environment allows, but never widen it",
		description: "Ids of the sub-accounts (locations) that the provider may send requests for, no matter which sub-account a resource, a data source, a list or an import specifies. " +
			"An empty set allows none. The setting does not limit the data source `ghl_locations`, which makes calls about the agency.",
	},
	{
		name: "base_url", kind: text(notEmpty), fallback: "`" + ghl.DefaultBaseURL + "`",
		description: "Base URL of the API; a path prefix and a trailing slash are allowed. The URL must begin with `https`, except for a loopback address. " +
			"The provider sends credentials from the environment only to the address in `GHL_BASE_URL` or to the default, unless `GHL_ALLOW_BASE_URL` lists the host. Separate several hosts with commas, and include the port if it is not the default.",
	},
	{
		name: "api_version", kind: text(notEmpty), fallback: "`" + ghl.DefaultAPIVersion + "`",
		description: "Version of the API, sent in the `Version` header.",
	},
	{
		name: "requests_per_10_seconds", kind: wholeNumber(1), fallback: fmt.Sprintf("`%d`", ghl.DefaultMostRequests),
		description: "Maximum number of calls that this provider makes in any 10 seconds, per sub-account. HighLevel allows an app 100; a lower number leaves calls for other users of the same token. " +
			"If HighLevel announces a lower limit, the provider uses that limit.",
	},
	{
		name: "max_retries", kind: wholeNumber(0), fallback: fmt.Sprintf("`%d`", ghl.DefaultMaxRetries),
		description: "How many times a call is retried after a transient failure, `0` for never. A create is retried only if the retry cannot create the object twice. " +
			"Waiting for the rate limit does not count. If all retries of a call fail, the provider does not retry later calls to that sub-account until one succeeds.",
	},
	{
		name: "request_timeout", kind: text(aDuration), fallback: fmt.Sprintf("`%.0fs`", ghl.DefaultRequestTimeout.Seconds()),
		description: "How long one HTTP request may take, including its answer, as a [duration](https://pkg.go.dev/time#ParseDuration) such as `90s` or `2m`.",
	},
	{
		name: "location_id", kind: text(anID), fallback: "none",
		description: "Id of the sub-account (location) of every resource and data source that does not set its own. " +
			"Changing the id does not move resources: a resource stays in the sub-account in which it was created, and the plan fails if that sub-account differs from the new default.",
	},
	{
		name: "existing_objects", kind: text(anExistingChoice), fallback: "`" + refuseExisting + "`",
		description: "What a create does if an object with its key, its name or its two records already exists. `" + refuseExisting + "`: the create fails, and says how to import the object. " +
			"`" + adoptIdentical + "`: the create takes the object over, with a warning that names the object, if the object is exactly what the create would have made. Otherwise, the create fails too. " +
			"A create never takes over an object that HighLevel made itself, or that another resource of the same run creates, manages or deletes. The guide [Faults and recovery](guides/faults.md#take-over-what-is-identical) lists what is compared.",
	},
	{
		name: "on_unreachable_location", kind: text(anUnreachableChoice), fallback: "`" + unreachableError + "`",
		description: "What the refresh of a resource does if its sub-account cannot be reached: HighLevel refuses the sub-account's token or the token exchange, or does not answer, even after retries. `" + unreachableError + "`: the refresh fails. " +
			"`" + unreachableWarn + "`: the sub-account's resources stay in the state unchanged, with one warning per sub-account. " +
			"Imports, data sources, lists and changes fail in either case. If the agency's own token is refused, every operation fails. The guide [One provider block for an agency](guides/agency.md#when-one-sub-account-fails) says what the plan means in that case.",
	},
}

const betterPlace = ", the recommended place for secrets"

// attribute returns the setting as an attribute of the provider's schema.
func (s setting) attribute() schema.Attribute {
	return s.kind.attribute(fmt.Sprintf("%s Default: %s. Environment variable: `%s`%s.", s.description, s.fallback, variable(s.name), s.variable), s.isSecret)
}
