package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// managed is what every resource and its list begin with.
type managed struct {
	noun string // the type of the resource, without "ghl_"
	data *providerData
}

func (m *managed) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + m.noun
}

func (m *managed) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	m.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

// planLocation writes into the plan in which sub-account the object is to be, or says why
// that cannot be told.
func (m *managed) planLocation(ctx context.Context, thing string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (ok bool) {
	var config, state types.String
	at := path.Root("location_id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &config)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, at, &state)...)
	}
	location, problem := plannedLocation(config, state, m.data.locationID)
	if problem != "" {
		resp.Diagnostics.AddAttributeError(at, "Unable to Plan "+thing, problem)
	} else {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, location)...)
	}
	return !resp.Diagnostics.HasError()
}

// shown is what every data source begins with.
type shown struct {
	noun string // the type of the data source, without "ghl_"
	data *providerData
}

func (s *shown) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + s.noun
}

func (s *shown) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s.data = configuredData(req.ProviderData, &resp.Diagnostics)
}
