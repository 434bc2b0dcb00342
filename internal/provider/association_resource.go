package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

var (
	_ resource.ResourceWithConfigure   = (*associationResource)(nil)
	_ resource.ResourceWithIdentity    = (*associationResource)(nil)
	_ resource.ResourceWithImportState = (*associationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*associationResource)(nil)
)

type associationResource struct{ data *providerData }

func newAssociationResource() resource.Resource { return &associationResource{} }

func (r *associationResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_association"
}

func (r *associationResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

func (r *associationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = associationIdentitySchema
}

func (r *associationResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	unchanging := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	const order = " The order of the two sides is yours: HighLevel may store them the other way round, and writing them the other way round replaces nothing."
	resp.Schema = schema.Schema{
		MarkdownDescription: "An association: a kind of link between the records of two HighLevel objects, with a label for each side. " +
			"Relations (`ghl_relation`) are the links themselves. Deleting an association deletes all its relations, and so does replacing it: a plan that would do so carries a warning, except under `-replace`, where the engine shows none.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id that HighLevel gave the association. A replacement gets another one.",
				Computed:            true, PlanModifiers: unchanging,
			},
			"location_id": schema.StringAttribute{
				MarkdownDescription: "Id of the sub-account (location). Default: the provider's `location_id`, or `GHL_LOCATION_ID`. " +
					"Setting another one replaces the association; a changed default does not, it is an error.",
				Optional: true, Computed: true, Validators: anID,
			},
			"key": schema.StringAttribute{
				MarkdownDescription: "Name of the association within its sub-account, unique there. HighLevel stores it in lower case; its case makes no difference. Changing it replaces the association.",
				Required:            true, Validators: anyKey,
			},
			"first_object_key": schema.StringAttribute{
				MarkdownDescription: "Object on the first side: `contact`, `opportunity`, `business` (the company object), `custom_objects.<name>` and others. Changing it replaces the association." + order,
				Required:            true, Validators: notEmpty,
			},
			"first_object_label": schema.StringAttribute{
				MarkdownDescription: "What the first side is called. Changed in place.",
				Required:            true, Validators: anyText,
			},
			"second_object_key": schema.StringAttribute{
				MarkdownDescription: "Object on the second side. Changing it replaces the association." + order,
				Required:            true, Validators: notEmpty,
			},
			"second_object_label": schema.StringAttribute{
				MarkdownDescription: "What the second side is called. HighLevel is known to refuse two equal labels between contacts; the plan warns. Changed in place.",
				Required:            true, Validators: anyText,
			},
			"association_type": schema.StringAttribute{
				MarkdownDescription: "Who made the association: `USER_DEFINED`, or `SYSTEM_DEFINED`, which cannot be managed, only read with the data source `ghl_association`.",
				Computed:            true, PlanModifiers: unchanging,
			},
			"platform_made": schema.BoolAttribute{
				MarkdownDescription: "Whether HighLevel made the association. It calls some of its own `USER_DEFINED`; only their keys are in upper case. A plan that would destroy or replace one carries a warning.",
				Computed:            true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"deletion_protection": schema.BoolAttribute{
				MarkdownDescription: "While it is `true` in the state, a plan that would destroy or replace the association fails. To lift it, apply `false` first, alone. Default: `false`. Changed in place, without a call to HighLevel. " +
					"What a plan cannot see, it cannot refuse: an instance that is marked as tainted and planned with `-refresh=false`, or together with another key.",
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			},
			"timeouts": timeoutsAttribute(ctx),
		},
	}
}

func (r *associationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch {
	case req.Plan.Raw.IsNull():
		r.planDestroy(ctx, req, resp)
	case req.State.Raw.IsNull():
		r.planCreate(ctx, req, resp)
	default:
		r.planUpdate(ctx, req, resp)
	}
}

func (r *associationResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state associationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.data == nil {
		return
	}
	byID, byKey := r.data.objects.noteAssociation(state, destroy)
	switch {
	case byID.isKept:
		resp.Diagnostics.AddError("Unable to Plan Association", managedTwice("ghl_association", state.inWords(), state.LocationID.ValueString()))
	case state.DeletionProtection.ValueBool():
		resp.Diagnostics.Append(protectedError("Destroy", state.Key.ValueString()))
	default:
		resp.Diagnostics.Append(destroyWarning(state, byKey.creates > 0))
	}
}

// planCreate plans a first creation, and the second half of a replacement: there
// the engine shows no state, and only private state, or what this process has
// read, tells of the association that would go. (It shows no warning there, unless
// the instance is tainted.)
func (r *associationResource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan associationModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || r.data == nil {
		return
	}
	location, problem := plannedLocation(config.LocationID, types.StringNull(), r.data.locationID)
	if problem != "" {
		resp.Diagnostics.AddAttributeError(path.Root("location_id"), "Unable to Plan Association", problem)
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("location_id"), location)...)
	plan.LocationID = location

	underReplace, diags := req.Private.GetKey(ctx, privateProtection)
	resp.Diagnostics.Append(diags...)
	before := r.data.objects.notePlanned(plan)
	switch {
	case before.isProtected || underReplace != nil:
		resp.Diagnostics.Append(protectedError("Replace", plan.Key.ValueString()))
		return
	case before.isDestroyed:
		resp.Diagnostics.AddWarning("Association Destroyed and Created Again", destroyedAndCreated("ghl_association", plan.inWords(), location.ValueString()))
	case before.isKept || before.creates > 0:
		resp.Diagnostics.AddWarning("Two Resources Want the Same Association", wantedTwice(plan.inWords(), location.ValueString()))
	case before.isRead:
		resp.Diagnostics.Append(readBefore(plan))
	default:
		resp.Diagnostics.Append(r.existsWarning(ctx, plan)...)
	}
	resp.Diagnostics.Append(equalLabelsWarning(plan)...)
}

// planUpdate decides by itself what replaces: the framework's plan modifiers see
// one attribute each, and neither a swap of sides nor what a protected
// association is spared can be told from one.
func (r *associationResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var config, plan, state associationModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.data == nil {
		return
	}
	location, problem := plannedLocation(config.LocationID, state.LocationID, r.data.locationID)
	if problem != "" {
		resp.Diagnostics.AddAttributeError(path.Root("location_id"), "Unable to Plan Association", problem)
		return
	}
	plan.LocationID = location
	stored, diags := storedKey(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if !stored.IsNull() && sameKey(plan.Key, stored) {
		plan.Key = state.Key
	}
	plan = plan.spelledLike(state)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)

	resp.RequiresReplace = plan.replaces(state)
	if len(resp.RequiresReplace) == 0 {
		resp.Diagnostics.Append(r.planKeep(plan, state)...)
		return
	}
	resp.Diagnostics.Append(r.planReplace(ctx, plan, state)...)
}

// planKeep is about an association that stays, whatever labels it gets.
func (r *associationResource) planKeep(plan, state associationModel) diag.Diagnostics {
	byID, byKey := r.data.objects.noteAssociation(state, keep)
	if byID.isDestroyed {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to Plan Association", managedTwice("ghl_association", state.inWords(), state.LocationID.ValueString()))}
	}
	diags := crossedLabelsWarning(plan, state)
	if byKey.creates > 0 {
		diags.AddWarning("Two Resources Want the Same Association", wantedTwice(state.inWords(), state.LocationID.ValueString()))
	}
	if plan.isKnown() && !plan.labelsAre(state.wanted()) {
		diags.Append(equalLabelsWarning(plan)...)
	}
	return diags
}

// planReplace is about one that a change would replace.
func (r *associationResource) planReplace(ctx context.Context, plan, state associationModel) diag.Diagnostics {
	byID, _ := r.data.objects.noteAssociation(state, destroy)
	if byID.isKept {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to Plan Association", managedTwice("ghl_association", state.inWords(), state.LocationID.ValueString()))}
	}
	// The flag in state decides: lifting it in the same step would be no protection.
	if state.DeletionProtection.ValueBool() {
		return diag.Diagnostics{protectedError("Replace", state.Key.ValueString(), plan.replaces(state)...)}
	}
	diags := diag.Diagnostics{replaceWarning(state)}
	if !plan.keepsKeyOf(state) || !plan.LocationID.Equal(state.LocationID) {
		diags.Append(r.existsWarning(ctx, plan)...)
	}
	return append(diags, equalLabelsWarning(plan)...)
}

func (r *associationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan associationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	operation := associationOperation("Create", plan)
	store, ctx, cancel := r.data.begin(ctx, operation, plan.Timeouts.Create, &resp.Diagnostics)
	if store == nil {
		return
	}
	defer cancel()

	row, err := store.CreateAssociation(ctx, plan.wanted())
	if err != nil {
		resp.Diagnostics.Append(r.data.failed(operation, err))
		return
	}

	// State first, before any other call. From here on nothing may be an error: the
	// engine would taint the association, and replace it, relations and all.
	plan = plan.created(row)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.identity())...)
	resp.Diagnostics.Append(keepProtection(ctx, resp.Private, plan.DeletionProtection.ValueBool())...)
	resp.Diagnostics.Append(keepStoredKey(ctx, resp.Private, plan.Key, row.Key)...)
	r.data.objects.noteAssociation(plan, keep)

	if store.Adopted(plan.LocationID.ValueString(), row.ID) {
		resp.Diagnostics.Append(operation.adopted(row.ID))
	}
	if !ghl.SameKey(plan.Key.ValueString(), row.Key) {
		resp.Diagnostics.Append(keyChangedWarning(plan, row))
	}
	switch {
	case plan.labelsAre(row):
	case row.Carries(plan.wanted()): // at the wrong objects
		if _, err := store.UpdateLabels(ctx, plan.LocationID.ValueString(), row.ID, plan.wanted()); err != nil {
			resp.Diagnostics.Append(labelsLeftWarning(r.data.failed(associationOperation("Label", plan), err)))
		}
	default:
		resp.Diagnostics.Append(labelsChangedWarning(plan, row))
	}
}

func (r *associationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state associationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// First of all: an instance that turns out to be gone needs an identity too. An
	// import by key has no id yet, and gets the whole identity further down.
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
	operation := associationOperation("Read", state)
	store, ctx, cancel := r.data.begin(ctx, operation, state.Timeouts.Read, &resp.Diagnostics)
	if store == nil {
		return
	}
	defer cancel()

	row, err := readAssociation(ctx, store, state)
	if errors.Is(err, snapshot.ErrGone) || errors.Is(err, snapshot.ErrNotFound) {
		r.data.objects.forgetRead(state)
		// The engine plans the creation anew with the private state that it gets here.
		resp.Diagnostics.Append(keepProtection(ctx, resp.Private, false)...)
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(r.data.failed(operation, err))
		return
	}
	if !state.isComplete() && row.IsSystemDefined() {
		resp.Diagnostics.Append(systemDefinedError(row))
		return
	}

	// A key that HighLevel changed when it stored it stays as the configuration has it.
	stored, diags := storedKey(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	written := state.Key
	state = state.refreshed(row)
	if !stored.IsNull() && sameKey(stored, types.StringValue(row.Key)) {
		state.Key = written
	}
	isProtected := state.DeletionProtection.ValueBool()
	r.data.objects.noteRead(state)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
	resp.Diagnostics.Append(keepProtection(ctx, resp.Private, isProtected)...)
}

// readAssociation reads by id, and by key where that is all an import knows.
func readAssociation(ctx context.Context, store *snapshot.Store, state associationModel) (ghl.Association, error) {
	if state.ID.IsNull() {
		return store.AssociationByKey(ctx, state.LocationID.ValueString(), state.Key.ValueString())
	}
	return store.Association(ctx, state.LocationID.ValueString(), state.ID.ValueString())
}

func (r *associationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state associationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	operation := associationOperation("Update", plan)
	store, ctx, cancel := r.data.begin(ctx, operation, plan.Timeouts.Update, &resp.Diagnostics)
	if store == nil {
		return
	}
	defer cancel()

	// Sides written the other way round, deletion_protection and timeouts are the
	// provider's own affair.
	if !plan.labelsAre(state.wanted()) {
		if _, err := store.UpdateLabels(ctx, plan.LocationID.ValueString(), plan.ID.ValueString(), plan.wanted()); err != nil {
			resp.Diagnostics.Append(r.data.failed(operation, err))
			return
		}
	}

	isProtected := plan.DeletionProtection.ValueBool()
	if !isProtected {
		r.data.objects.forgetRead(plan)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.identity())...)
	resp.Diagnostics.Append(keepProtection(ctx, resp.Private, isProtected)...)
}

func (r *associationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state associationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The last resort: every plan that could be seen through has refused already.
	if state.DeletionProtection.ValueBool() {
		resp.Diagnostics.Append(protectedError("Delete", state.Key.ValueString()))
		return
	}
	operation := associationOperation("Delete", state)
	store, ctx, cancel := r.data.begin(ctx, operation, state.Timeouts.Delete, &resp.Diagnostics)
	if store == nil {
		return
	}
	defer cancel()

	if err := store.DeleteAssociation(ctx, state.LocationID.ValueString(), state.ID.ValueString(), state.Key.ValueString()); err != nil {
		resp.Diagnostics.Append(r.data.failed(operation, err))
		return
	}
	r.data.objects.forgetRead(state)
}

// ImportState makes no call. What it cannot know, Read fills in.
func (r *associationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ref, diags := importedAssociation(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.data.completeLocation(&ref.LocationID, associationIDSyntax)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("location_id"), ref.LocationID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("deletion_protection"), false)...)
	if ref.Key != "" {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("key"), ref.Key)...)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), ref.ID)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, ref.identity())...)
}
