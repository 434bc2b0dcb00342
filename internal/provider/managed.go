package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// managed is the common part of every resource and its list.
type managed struct {
	noun string // the type of the resource, without "ghl_"
	form importForm
	own  map[string]any // attributes that HighLevel does not store, with their values after an import or a move
	data *providerData
}

func (m *managed) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + m.noun
}

func (m *managed) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	m.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

// begin writes the attributes that an import or a move provides into the state.
func (m *managed) begin(ctx context.Context, state *tfsdk.State, known map[string]string) diag.Diagnostics {
	diags := setAttributes(ctx, state, known)
	for name, value := range m.own {
		diags.Append(state.SetAttribute(ctx, path.Root(name), value)...)
	}
	return diags
}

// managedSchema returns the schema of a resource with these attributes and the attribute
// timeouts.
func managedSchema(ctx context.Context, description string, attributes map[string]schema.Attribute) schema.Schema {
	attributes["timeouts"] = timeoutsAttribute(ctx)
	return schema.Schema{MarkdownDescription: description, Attributes: attributes}
}

// planner plans the destroy, the create or the update of one object.
type planner[M object] interface {
	planDestroy(state M) diag.Diagnostics
	planCreate(ctx context.Context, plan M, req resource.ModifyPlanRequest) diag.Diagnostics
	planUpdate(ctx context.Context, plan, state M, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse)
}

// completer is a planner that must fill in omitted attributes before it plans anything.
// For a create, state is the zero value.
type completer[M object] interface {
	complete(ctx context.Context, plan, state M, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (completed M, ok bool)
}

// modifyPlan calls the planner for a destroy, a create or an update. The engine plans a
// replacement as an update, and then as a create without a state.
func modifyPlan[M object](ctx context.Context, data *providerData, p planner[M], req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if data == nil {
		return
	}
	var plan, state M
	ok := true
	if !req.State.Raw.IsNull() {
		state, ok = read[M](ctx, req.State, &resp.Diagnostics)
	}
	if !req.Plan.Raw.IsNull() {
		if !planLocation(ctx, data, plan.thing(), req, resp) {
			return
		}
		plan, ok = read[M](ctx, resp.Plan, &resp.Diagnostics)
		if c, completes := p.(completer[M]); ok && completes {
			plan, ok = c.complete(ctx, plan, state, req, resp)
		}
	}
	switch {
	case !ok:
	case req.Plan.Raw.IsNull():
		resp.Diagnostics.Append(p.planDestroy(state)...)
	case req.State.Raw.IsNull():
		resp.Diagnostics.Append(p.planCreate(ctx, plan, req)...)
	default:
		p.planUpdate(ctx, plan, state, req, resp)
	}
}

// planLocation writes the sub-account of the object into the plan. It adds an error if no
// sub-account is set, or if the provider's default has changed.
func planLocation(ctx context.Context, data *providerData, thing string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (ok bool) {
	var config, state types.String
	at := path.Root("location_id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &config)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, at, &state)...)
	}
	location, problem := plannedLocation(config, state, data.locationID)
	if problem != "" {
		resp.Diagnostics.AddAttributeError(at, "Unable to Plan "+thing, problem)
	} else {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, location)...)
	}
	return !resp.Diagnostics.HasError()
}

// shown is the common part of every data source.
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
