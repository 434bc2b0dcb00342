// Package provider is what Terraform and OpenTofu see of HighLevel: resources and
// data sources for associations and relations.
package provider

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

var (
	_ provider.ProviderWithEphemeralResources = (*ghlProvider)(nil)
	_ provider.ProviderWithListResources      = (*ghlProvider)(nil)
)

type ghlProvider struct {
	version   string
	clock     ghl.Clock
	transport http.RoundTripper // nil = the client's own
	usage     *usage

	configuration configuration
}

// Option changes what New makes. Tests need it.
type Option func(*ghlProvider)

// WithClock lets tests tell the time and do the waiting.
func WithClock(clock ghl.Clock) Option {
	return func(p *ghlProvider) { p.clock = clock }
}

// WithTransport lets tests stand between the client and the network.
func WithTransport(transport http.RoundTripper) Option {
	return func(p *ghlProvider) { p.transport = transport }
}

// New returns the provider's constructor, as a provider server wants it.
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
	return []func() resource.Resource{newAssociationResource, newRelationResource}
}

func (p *ghlProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newAssociationDataSource, newAssociationsDataSource, newRelationsDataSource, newLocationsDataSource}
}

func (p *ghlProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newLocationAccessTokenEphemeral}
}

func (p *ghlProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{newAssociationListResource, newRelationListResource}
}

// providerModel is the provider's configuration.
type providerModel struct {
	AccessToken    types.String `tfsdk:"access_token"`
	LocationID     types.String `tfsdk:"location_id"`
	BaseURL        types.String `tfsdk:"base_url"`
	APIVersion     types.String `tfsdk:"api_version"`
	MostRequests   types.Int64  `tfsdk:"requests_per_10_seconds"`
	MaxRetries     types.Int64  `tfsdk:"max_retries"`
	RequestTimeout types.String `tfsdk:"request_timeout"`

	LocationAccessTokens types.Map    `tfsdk:"location_access_tokens"`
	AgencyAccessToken    types.String `tfsdk:"agency_access_token"`
	CompanyID            types.String `tfsdk:"company_id"`
	AllowedLocationIDs   types.Set    `tfsdk:"allowed_location_ids"`
}

func (p *ghlProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages associations between HighLevel (GoHighLevel, GHL) objects, and the relations between their records.",
		Attributes: map[string]schema.Attribute{
			"access_token":           accessTokenAttribute(),
			"location_access_tokens": locationAccessTokensAttribute(),
			"agency_access_token":    agencyAccessTokenAttribute(),
			"company_id":             companyIDAttribute(),
			"allowed_location_ids":   allowedLocationIDsAttribute(),
			"location_id": schema.StringAttribute{
				MarkdownDescription: "Id of the sub-account (location) of every resource and data source that names none itself. Default: none. " +
					"Changing it moves nothing: a resource stays in the sub-account that it was made in, and a plan says so where the two differ. " +
					"Environment variable: `GHL_LOCATION_ID`.",
				Optional: true, Validators: anID,
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: "Where the API is; a path prefix and a trailing slash are allowed. It must be `https`, except to a loopback address. " +
					"Credentials that come from the environment are sent only to the address in `GHL_BASE_URL` or to the default, unless `GHL_ALLOW_BASE_URL` lists the host (several are separated by commas, each with its port if that is not the default one). " +
					"Environment variable: `GHL_BASE_URL`. Default: `" + ghl.DefaultBaseURL + "`.",
				Optional: true, Validators: notEmpty,
			},
			"api_version": schema.StringAttribute{
				MarkdownDescription: "Version of the API, sent in the `Version` header. " +
					"Environment variable: `GHL_API_VERSION`. Default: `" + ghl.DefaultAPIVersion + "`.",
				Optional: true, Validators: notEmpty,
			},
			"requests_per_10_seconds": schema.Int64Attribute{
				MarkdownDescription: "The most calls that this provider makes in any 10 seconds, for each sub-account. HighLevel allows an app 100; a lower number leaves calls for whatever else uses the same token. " +
					"Where HighLevel tells of a lower limit, that is kept. " +
					fmt.Sprintf("Environment variable: `GHL_REQUESTS_PER_10_SECONDS`. Default: `%d`.", ghl.DefaultMostRequests),
				Optional: true, Validators: []validator.Int64{int64validator.Between(1, math.MaxInt32)},
			},
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: "How many times a call that failed in passing is repeated, `0` for never; creates are repeated only where that cannot make a thing twice. " +
					"Waiting for the rate limit does not count. Once the repeats of a call were all in vain, later calls to that sub-account are made once, until one succeeds. " +
					fmt.Sprintf("Environment variable: `GHL_MAX_RETRIES`. Default: `%d`.", ghl.DefaultMaxRetries),
				Optional: true, Validators: []validator.Int64{int64validator.Between(0, math.MaxInt32)},
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: "How long one HTTP request may take, its answer included, as a [duration](https://pkg.go.dev/time#ParseDuration) such as `90s` or `2m`. " +
					fmt.Sprintf("Environment variable: `GHL_REQUEST_TIMEOUT`. Default: `%.0fs`.", ghl.DefaultRequestTimeout.Seconds()),
				Optional: true, Validators: []validator.String{positiveDuration{}},
			},
		},
	}
}

// Configure makes no call: a provider that is configured and not used, or whose
// values are not known yet, must not fail because HighLevel is out of reach.
func (p *ghlProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	model, diags := model.withEnvironment()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	p.configuration.mu.Lock()
	defer p.configuration.mu.Unlock()
	if differing := p.configuration.differing(model); len(differing) > 0 {
		resp.Diagnostics.Append(configuredOtherwise(differing))
		handOut(resp, p.configuration.data) // the calls of the earlier one go on
		return
	}
	data := &providerData{
		clock:      p.clock,
		locationID: model.LocationID,
		unknown:    model.unknownConnection(),
	}
	if len(data.unknown) == 0 {
		client, err := ghl.New(p.clientConfig(model, req.TerraformVersion))
		if err != nil {
			resp.Diagnostics.Append(clientRefused(err))
			return
		}
		data.client, data.store = client, snapshot.New(client, p.clock)
		p.usage.of(data.store)
	}
	p.configuration.keep(model, data)
	handOut(resp, data)
}

func handOut(resp *provider.ConfigureResponse, data *providerData) {
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.ListResourceData = data
	resp.EphemeralResourceData = data
}

// connection are the attributes without which no call can be made. location_id is not
// among them: only what needs the default has to wait for it.
func (m providerModel) connection() []setting {
	return []setting{
		{accessTokenName, m.AccessToken},
		{locationAccessTokensName, m.LocationAccessTokens},
		{agencyAccessTokenName, m.AgencyAccessToken},
		{companyIDName, m.CompanyID},
		{allowedLocationIDsName, m.AllowedLocationIDs},
		{"base_url", m.BaseURL},
		{"api_version", m.APIVersion},
		{"requests_per_10_seconds", m.MostRequests},
		{"max_retries", m.MaxRetries},
		{"request_timeout", m.RequestTimeout},
	}
}

// unknownConnection lists those whose values depend on something that has not been
// applied.
func (m providerModel) unknownConnection() []string {
	var unknown []string
	for _, attribute := range m.connection() {
		if !isWhollyKnown(attribute.value) {
			unknown = append(unknown, attribute.name)
		}
	}
	return unknown
}

func (p *ghlProvider) clientConfig(model providerModel, terraformVersion string) ghl.Config {
	config := ghl.Config{
		BaseURL:        model.BaseURL.ValueString(),
		APIVersion:     model.APIVersion.ValueString(),
		UserAgent:      userAgent(p.version, terraformVersion, os.Getenv(appendUserAgent)),
		AccessToken:    model.AccessToken.ValueString(),
		MaxRetries:     ghl.DefaultMaxRetries,
		RequestTimeout: ghl.DefaultRequestTimeout,
		MostRequests:   int(model.MostRequests.ValueInt64()),
		Transport:      p.transport,
		Clock:          p.clock,
		Logger:         slog.New(logHandler{}),

		LocationAccessTokens: textsOf(model.LocationAccessTokens),
		AgencyAccessToken:    model.AgencyAccessToken.ValueString(),
		CompanyID:            model.CompanyID.ValueString(),
		AllowedLocationIDs:   model.allowedLocationIDs(),
	}
	if !model.MaxRetries.IsNull() {
		config.MaxRetries = int(model.MaxRetries.ValueInt64())
	}
	if timeout, err := time.ParseDuration(model.RequestTimeout.ValueString()); err == nil {
		config.RequestTimeout = timeout
	}
	return config
}

// appendUserAgent is the variable that other providers know, too.
const appendUserAgent = "TF_APPEND_USER_AGENT"

// userAgent names the provider and the engine; extra is what the user wants
// appended.
func userAgent(version, terraformVersion, extra string) string {
	agent := fmt.Sprintf("terraform-provider-ghl/%s (+https://github.com/terraform-provider-ghl/terraform-provider-ghl) Terraform/%s", version, terraformVersion)
	return strings.Join(append([]string{agent}, strings.Fields(extra)...), " ")
}

// clientRefused shows a setting that the client refuses on its attribute.
func clientRefused(err error) diag.Diagnostic {
	const summary = "Unable to Configure Provider"
	if refused, ok := errors.AsType[*ghl.TokenError](err); ok {
		return tokenRefused(refused)
	}
	switch {
	case errors.Is(err, ghl.ErrBaseURL):
		return diag.NewAttributeErrorDiagnostic(path.Root("base_url"), summary, "Correct base_url (or "+variable("base_url")+"): "+err.Error()+".")
	default:
		return diag.NewErrorDiagnostic(summary, err.Error())
	}
}
