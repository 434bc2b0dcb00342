package provider

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

type customFieldResource struct {
	namedResource[customFieldModel, ghl.CustomField]
}

func newCustomFieldResource() *customFieldResource {
	return &customFieldResource{namedResource[customFieldModel, ghl.CustomField]{
		managed{noun: "custom_field", form: customFieldImport, own: map[string]any{"deletion_protection": false}},
		func(s *store.Store, m customFieldModel) *store.Named[ghl.CustomField] {
			return s.CustomFields(m.location(), m.ObjectKey.ValueString())
		},
	}}
}

func (r *customFieldResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedSchema(ctx, "A custom field of a custom object or of `business` (the company object). Destroying it permanently deletes its values in all records. A plan that would destroy the field shows a warning, or fails if `deletion_protection` is set."+movable, customFieldAttributes())
}

// Read also notes in private state that a field was imported, and the folder that it was
// moved from.
func (r *customFieldResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	before, _ := read[customFieldModel](ctx, req.State, &resp.Diagnostics)
	r.namedResource.Read(ctx, req, resp)
	if resp.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	if before.Name.IsNull() {
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateImported, true)...)
	}
	state, _ := read[customFieldModel](ctx, resp.State, &resp.Diagnostics)
	from := cmp.Or(keptPrivate[string](ctx, req.Private, privateMovedFrom, &resp.Diagnostics), before.FolderID.ValueString())
	if from == state.FolderID.ValueString() {
		from = ""
	}
	resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateMovedFrom, from)...)
}

func (r *customFieldResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.namedResource.Update(ctx, req, resp)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateImported, false)...)
		resp.Diagnostics.Append(keepPrivate(ctx, resp.Private, privateMovedFrom, "")...)
	}
}

// ModifyPlan completes the plan before it runs the common checks.
func (r *customFieldResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() {
		r.complete(ctx, req, resp)
	}
	modifyPlan(ctx, r.data, r, req, resp)
}

// complete writes the keys of a plan as the state spells them. It also sets the values
// that the configuration omits: the full key, and the keys of options.
func (r *customFieldResource) complete(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	plan, ok := read[customFieldModel](ctx, resp.Plan, &resp.Diagnostics)
	config, _ := read[customFieldModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	plan.FieldKey = types.StringUnknown()
	if !anyUnknown(plan.ObjectKey, plan.Key) {
		plan.FieldKey = types.StringValue(plan.fullKey())
	}
	if !req.State.Raw.IsNull() {
		state, _ := read[customFieldModel](ctx, req.State, &resp.Diagnostics)
		plan = plan.spelledLike(state)
		plan.Options = planKeys(plan.Options, config.Options, state.Options)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

func (r *customFieldResource) planUpdate(ctx context.Context, plan, state customFieldModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	isImport := keptPrivate[bool](ctx, req.Private, privateImported, &resp.Diagnostics)
	from := keptPrivate[string](ctx, req.Private, privateMovedFrom, &resp.Diagnostics)
	if because := plan.replaces(state); len(because) == 1 && because.Contains(path.Root("folder_id")) && (isImport || plan.FolderID.ValueString() == from && from != "") {
		resp.Diagnostics.Append(inAnotherFolder(state))
		return
	}
	r.namedResource.planUpdate(ctx, plan, state, req, resp)
	config, _ := read[customFieldModel](ctx, req.Config, &resp.Diagnostics)
	if len(resp.RequiresReplace) > 0 || anyOpen(config.Options) {
		return
	}
	gone := optionsMissing(plan.Options, optionRows(state.Options))
	if len(gone) > 0 && !isImport {
		resp.Diagnostics.Append(optionsTakenAway(state, gone))
		return
	}
	if row, found := r.cached(state); found {
		gone = optionsMissing(plan.Options, row.Options)
	}
	if len(gone) > 0 {
		resp.Diagnostics.Append(optionsKept(state, gone))
	}
}

// inAnotherFolder is the error for a field whose folder is not the configured one. The plan
// fails because a replacement would delete data.
func inAnotherFolder(state customFieldModel) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("folder_id"), "Unable to Plan Custom Field", fmt.Sprintf(
		"In HighLevel, the %s is in the folder %s, but the configuration sets another folder. The API cannot move a field, and a replacement would delete the field's values in all records. Nothing has been changed.\n\n"+
			"Move the field in HighLevel to the configured folder, or write folder_id = %s. To replace the field anyway, taint it.",
		state.inWords(), state.FolderID, state.FolderID))
}

// cached returns the field as the refresh in this process read it.
func (r *customFieldResource) cached(state customFieldModel) (row ghl.CustomField, found bool) {
	if r.data.store == nil {
		return row, false
	}
	return r.rows(r.data.store, state).Cached(state.ID.ValueString())
}
