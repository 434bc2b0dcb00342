package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type locationAccessTokenEphemeral struct{ data *providerData }

func newLocationAccessTokenEphemeral() ephemeral.EphemeralResource {
	return &locationAccessTokenEphemeral{}
}

// locationAccessToken is the ephemeral resource ghl_location_access_token.
type locationAccessToken struct {
	LocationID  types.String `tfsdk:"location_id"`
	AccessToken types.String `tfsdk:"access_token"`
	ExpiresAt   types.String `tfsdk:"expires_at"`
}

func (e *locationAccessTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_location_access_token"
}

func (e *locationAccessTokenEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

func (e *locationAccessTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Provides the access token that the provider itself uses for calls about a sub-account, for use in other providers or write-only attributes. " +
			"The token never reaches the plan or the state. With `token_cache`, the provider exchanges a new token for this resource instead of using one from the file. " +
			"Ephemeral resources need Terraform 1.10, or OpenTofu 1.11.",
		Attributes: map[string]schema.Attribute{
			"location_id": schema.StringAttribute{
				MarkdownDescription: "Id of the sub-account (location). Default: the provider's `location_id`, or `GHL_LOCATION_ID`.",
				Optional:            true, Computed: true,
				Validators: anID,
			},
			"access_token": schema.StringAttribute{
				MarkdownDescription: "The token: the sub-account's own token from `location_access_tokens`, otherwise a token that `agency_access_token` was exchanged for, otherwise `access_token`.",
				Computed:            true, Sensitive: true,
			},
			"expires_at": schema.StringAttribute{
				MarkdownDescription: "When the token expires, in UTC, as in `2026-03-09T12:00:00Z`; null if the expiry is not known, for example if the token was not exchanged.",
				Computed:            true,
			},
		},
	}
}

func (e *locationAccessTokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	result, ok := read[locationAccessToken](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	o := operation{verb: "Get", thing: "Location Access Token", subject: "access token"}
	e.data.carryOutIn(ctx, o, result.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		token, err := e.data.client.AccessToken(ctx, location)
		if err != nil {
			return err
		}
		result.LocationID = types.StringValue(location)
		result.AccessToken = types.StringValue(token.Value)
		if !token.Expires.IsZero() {
			result.ExpiresAt = types.StringValue(token.Expires.UTC().Format(time.RFC3339))
		}
		resp.Diagnostics.Append(resp.Result.Set(ctx, result)...)
		return nil
	})
}
