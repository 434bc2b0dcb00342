package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

var (
	_ resource.ResourceWithConfigure   = (*customValueResource)(nil)
	_ resource.ResourceWithIdentity    = (*customValueResource)(nil)
	_ resource.ResourceWithImportState = (*customValueResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*customValueResource)(nil)
)

type customValueResource struct{ managed }

func newCustomValueResource() *customValueResource {
	return &customValueResource{managed{noun: "custom_value", form: customValueImport}}
}

func (r *customValueResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedSchema(ctx, "A custom value of a sub-account: a text that templates and workflows quote by its merge field.", customValueAttributes())
}

func (r *customValueResource) values(location string) *store.Named[ghl.CustomValue] {
	return r.data.store.CustomValues(location)
}

func (r *customValueResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	modifyPlan(ctx, r.data, namedPlan[customValueModel]{r.data, r.holderID}, req, resp)
}

func (r *customValueResource) holderID(ctx context.Context, plan customValueModel) string {
	if holder := r.values(plan.location()).Holder(ctx, plan.Name.ValueString()); holder != nil {
		return holder.ID
	}
	return ""
}

func (r *customValueResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	carryOut(ctx, r.data, "Create", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan customValueModel) error {
		row, err := r.values(plan.location()).Create(ctx, plan.wanted())
		if err != nil {
			return err
		}
		plan.customValueFields = plan.created(row)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.ref().identity())...)
		r.data.tellAdopted(plan, row.ID, &resp.Diagnostics)
		return nil
	})
}

func (r *customValueResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	carryOut(ctx, r.data, "Read", req.State, &resp.Diagnostics, func(ctx context.Context, state customValueModel) error {
		row, err := readNamed(ctx, r.values(state.location()), state, resp)
		if isAbsence(err) {
			resp.State.RemoveResource(ctx)
			return nil
		}
		if err != nil {
			return err
		}
		state.customValueFields = storedCustomValue(state.location(), row)
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, state, state.ref().identity())...)
		return nil
	})
}

func (r *customValueResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	state, _ := read[customValueModel](ctx, req.State, &resp.Diagnostics)
	carryOut(ctx, r.data, "Update", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan customValueModel) error {
		if plan.wanted() != state.wanted() { // else it is about timeouts, the provider's own affair
			if err := r.values(plan.location()).Update(ctx, plan.wanted()); err != nil {
				return err
			}
		}
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.ref().identity())...)
		return nil
	})
}

func (r *customValueResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	carryOut(ctx, r.data, "Delete", req.State, &resp.Diagnostics, func(ctx context.Context, state customValueModel) error {
		return r.values(state.location()).Delete(ctx, state.ID.ValueString(), state.Name.ValueString())
	})
}
