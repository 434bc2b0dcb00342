// Package provider implements the provider for Terraform and OpenTofu, with its
// resources, data sources and lists.
package provider

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

var (
	_ provider.ProviderWithEphemeralResources = (*ghlProvider)(nil)
	_ provider.ProviderWithListResources      = (*ghlProvider)(nil)
)

type ghlProvider struct {
	version   string
	clock     ghl.Clock
	transport http.RoundTripper // nil for the client's own transport
	usage     *usage

	configuration configuration
}

// Option changes the provider that New makes. Tests need it.
type Option func(*ghlProvider)

// WithClock lets tests control time and waiting.
func WithClock(clock ghl.Clock) Option {
	return func(p *ghlProvider) { p.clock = clock }
}

// WithTransport lets tests replace the transport between the client and the network.
func WithTransport(transport http.RoundTripper) Option {
	return func(p *ghlProvider) { p.transport = transport }
}

// New returns a constructor of the provider, for a provider server.
func New(version string, options ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &ghlProvider{version: version, clock: ghl.SystemClock(), usage: &usage{}}
		for _, option := range options {
			option(p)
		}
		return p
	}
}

func (p *ghlProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "ghl"
	resp.Version = p.version
}

func (p *ghlProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return newAssociationResource() },
		func() resource.Resource { return newRelationResource() },
		func() resource.Resource { return newRecordRelationsResource() },
		func() resource.Resource { return newCustomObjectResource() },
		func() resource.Resource { return newCustomValueResource() },
		func() resource.Resource { return newSearchablePropertiesResource() },
		func() resource.Resource { return newCustomFieldResource() },
		func() resource.Resource { return newCustomFieldFolderResource() },
	}
}

func (p *ghlProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newAssociationDataSource, newAssociationsDataSource, newRelationsDataSource, newLocationsDataSource, newObjectDataSource, newObjectsDataSource, newCustomValuesDataSource, newCustomFieldsDataSource, newRecordDataSource, newUsageDataSource}
}

func (p *ghlProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newLocationAccessTokenEphemeral}
}

func (p *ghlProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		func() list.ListResource { return newAssociationResource() },
		func() list.ListResource { return newRelationResource() },
		func() list.ListResource { return newRecordRelationsResource() },
		func() list.ListResource { return newCustomObjectResource() },
		func() list.ListResource { return newCustomValueResource() },
		func() list.ListResource { return newSearchablePropertiesResource() },
		func() list.ListResource { return newCustomFieldResource() },
		func() list.ListResource { return newCustomFieldFolderResource() },
	}
}

func (p *ghlProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages the data model of HighLevel (GoHighLevel, GHL) sub-accounts: custom objects, their fields, custom values, associations between objects, and relations between their records.",
		Attributes:          map[string]schema.Attribute{},
	}
	for _, setting := range allSettings {
		resp.Schema.Attributes[setting.name] = setting.attribute()
	}
}

// Configure makes no call: a provider that is configured but not used, or whose values
// are not known yet, must not fail because HighLevel is unreachable. While a value is not
// known, the provider defers everything if the engine allows deferral. Otherwise, creates
// are planned, and reads fail.
func (p *ghlProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	config, ok := read[types.Object](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	settings := settings(config.Attributes())
	resp.Diagnostics.Append(settings.withEnvironment()...)
	if resp.Diagnostics.HasError() {
		return
	}

	p.configuration.mu.Lock()
	defer p.configuration.mu.Unlock()
	if differing := p.configuration.differing(settings); len(differing) > 0 {
		resp.Diagnostics.Append(configuredOtherwise(differing))
		handOut(resp, p.configuration.data) // the earlier configuration stays in use
		return
	}
	data := &providerData{clock: p.clock, unknown: settings.unknownConnection()}
	data.locationID, _ = settings["location_id"].(types.String)
	data.adoptsIdentical = settings.text("existing_objects") == adoptIdentical
	data.warnsUnreachable = settings.text("on_unreachable_location") == unreachableWarn
	if len(data.unknown) == 0 {
		client, err := ghl.New(p.clientConfig(settings, req.TerraformVersion))
		if err != nil {
			resp.Diagnostics.Append(clientRefused(err))
			return
		}
		data.client, data.store = client, store.New(client, p.clock)
		p.usage.of(data)
	}
	p.configuration.keep(settings, data)
	handOut(resp, data)
	if req.ClientCapabilities.DeferralAllowed && (len(data.unknown) > 0 || data.locationID.IsUnknown()) {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
}

func handOut(resp *provider.ConfigureResponse, data *providerData) {
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.ListResourceData = data
	resp.EphemeralResourceData = data
}

func (p *ghlProvider) clientConfig(s settings, terraformVersion string) ghl.Config {
	return ghl.Config{
		BaseURL:        s.text("base_url"),
		APIVersion:     s.text("api_version"),
		UserAgent:      userAgent(p.version, terraformVersion, os.Getenv(appendUserAgent)),
		AccessToken:    s.text("access_token"),
		MaxRetries:     s.number("max_retries", ghl.DefaultMaxRetries),
		RequestTimeout: s.duration("request_timeout", ghl.DefaultRequestTimeout),
		MostRequests:   s.number("requests_per_10_seconds", ghl.DefaultMostRequests),
		Transport:      p.transport,
		Clock:          p.clock,
		Logger:         slog.New(logHandler{slog.DiscardHandler}),

		LocationAccessTokens: s.tokens("location_access_tokens"),
		AgencyAccessToken:    s.text("agency_access_token"),
		CompanyID:            s.text("company_id"),
		TokenCache:           s.text("token_cache"),
		AllowedLocationIDs:   s.ids("allowed_location_ids"),
	}
}

// appendUserAgent is an environment variable that other providers support too.
const appendUserAgent = "TF_APPEND_USER_AGENT"

// userAgent returns a user agent that contains the provider, the engine, and extra, which
// the user sets.
func userAgent(version, terraformVersion, extra string) string {
	agent := fmt.Sprintf("terraform-provider-ghl/%s (+https://github.com/terraform-provider-ghl/terraform-provider-ghl) Terraform/%s", version, terraformVersion)
	return strings.Join(append([]string{agent}, strings.Fields(extra)...), " ")
}
