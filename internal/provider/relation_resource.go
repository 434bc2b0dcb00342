package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

var (
	_ resource.ResourceWithConfigure   = (*relationResource)(nil)
	_ resource.ResourceWithIdentity    = (*relationResource)(nil)
	_ resource.ResourceWithImportState = (*relationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*relationResource)(nil)
)

type relationResource struct{ data *providerData }

func newRelationResource() resource.Resource { return &relationResource{} }

func (r *relationResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_relation"
}

func (r *relationResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

func (r *relationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = relationIdentitySchema
}

func (r *relationResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	unchanging := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	const order = " Changing it replaces the relation. The order of the two records is yours, unless both are of the same object: there it says which role each has, and swapping them replaces the relation."
	resp.Schema = schema.Schema{
		MarkdownDescription: "A relation: a link between two HighLevel records under an association (`ghl_association`). " +
			"HighLevel allows one for a pair of records, and cannot change one.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id that HighLevel gave the relation. A relation that was deleted and made again by hand is the same one with a new id.",
				Computed:            true, PlanModifiers: unchanging,
			},
			"location_id": schema.StringAttribute{
				MarkdownDescription: "Id of the sub-account (location). Default: the provider's `location_id`, or `GHL_LOCATION_ID`. " +
					"Setting another one replaces the relation; a changed default does not, it is an error.",
				Optional: true, Computed: true, Validators: anID,
			},
			"association_id": schema.StringAttribute{
				MarkdownDescription: "Id of the association, which may be a system-defined one. Changing it replaces the relation.",
				Required:            true, Validators: anID,
			},
			"first_record_id": schema.StringAttribute{
				MarkdownDescription: "Id of the record on the first side." + order,
				Required:            true, Validators: anID,
			},
			"second_record_id": schema.StringAttribute{
				MarkdownDescription: "Id of the record on the second side." + order,
				Required:            true, Validators: anID,
			},
			"first_object_key": schema.StringAttribute{
				MarkdownDescription: "Object that the first record belongs to; null where HighLevel does not say.",
				Computed:            true, PlanModifiers: unchanging,
			},
			"second_object_key": schema.StringAttribute{
				MarkdownDescription: "Object that the second record belongs to; null where HighLevel does not say.",
				Computed:            true, PlanModifiers: unchanging,
			},
			"timeouts": timeoutsAttribute(ctx),
		},
	}
}

func (r *relationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.data == nil {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	configLocation, stateLocation := types.StringNull(), types.StringNull()
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("location_id"), &configLocation)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("location_id"), &stateLocation)...)
	}
	location, problem := plannedLocation(configLocation, stateLocation, r.data.locationID)
	if problem != "" {
		resp.Diagnostics.AddAttributeError(path.Root("location_id"), "Unable to Plan Relation", problem)
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("location_id"), location)...)
	if req.State.Raw.IsNull() {
		r.planCreate(ctx, resp)
		return
	}
	r.planUpdate(ctx, req, resp)
}

func (r *relationResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state relationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := r.data.objects.noteRelation(state, destroy)
	switch {
	case before.isKept && before.isOf(state):
		resp.Diagnostics.AddError("Unable to Plan Relation", managedTwice("ghl_relation", relationWords(state.ref()), state.LocationID.ValueString()))
	case before.creates > 0 && (before.relation == state.ref() || !state.linksOneObject()):
		resp.Diagnostics.AddWarning("Relation Destroyed and Created Again", destroyedAndCreated("ghl_relation", relationWords(state.ref()), state.LocationID.ValueString()))
	}
}

func (r *relationResource) planCreate(ctx context.Context, resp *resource.ModifyPlanResponse) {
	var plan relationModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.isKnown() {
		before := r.data.objects.noteRelation(plan, create)
		switch {
		case before.isDestroyed && (before.relation == plan.ref() || !before.linksOneObject):
			resp.Diagnostics.AddWarning("Relation Destroyed and Created Again", destroyedAndCreated("ghl_relation", relationWords(plan.ref()), plan.LocationID.ValueString()))
		case before.isKept, before.creates > 0:
			resp.Diagnostics.AddWarning("Two Resources Want the Same Relation", wantedTwice(relationWords(plan.ref()), plan.LocationID.ValueString()))
		}
	}
	resp.Diagnostics.Append(r.data.reachWarning(ctx, plan.LocationID)...)
}

// planUpdate decides by itself what replaces: a plan modifier of one attribute
// cannot tell a swap of the records from a change of both.
func (r *relationResource) planUpdate(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state relationModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.swaps(state) && r.orderIsFree(ctx, state) {
		unchanged := state
		unchanged.Timeouts = plan.Timeouts
		resp.Diagnostics.Append(resp.Plan.Set(ctx, unchanged)...)
		resp.Diagnostics.Append(r.planKeep(state)...)
		return
	}
	resp.RequiresReplace = plan.replaces(state)
	if len(resp.RequiresReplace) == 0 {
		resp.Diagnostics.Append(r.planKeep(state)...)
	} else if before := r.data.objects.noteRelation(state, destroy); before.isKept && before.isOf(state) {
		resp.Diagnostics.AddError("Unable to Plan Relation", managedTwice("ghl_relation", relationWords(state.ref()), state.LocationID.ValueString()))
	}
}

// planKeep is about a relation that stays.
func (r *relationResource) planKeep(state relationModel) (diags diag.Diagnostics) {
	before := r.data.objects.noteRelation(state, keep)
	if before.isDestroyed && before.isOf(state) {
		diags.AddError("Unable to Plan Relation", managedTwice("ghl_relation", relationWords(state.ref()), state.LocationID.ValueString()))
	} else if before.creates > 0 {
		diags.AddWarning("Two Resources Want the Same Relation", wantedTwice(relationWords(state.ref()), state.LocationID.ValueString()))
	}
	return diags
}

// orderIsFree tells whether the two records of a relation may be written in either
// order. Under an association of an object with itself they may not. Where nobody
// can tell, nothing is replaced: that could not be undone.
func (r *relationResource) orderIsFree(ctx context.Context, state relationModel) bool {
	if !state.FirstObjectKey.IsNull() && !state.SecondObjectKey.IsNull() {
		return !state.FirstObjectKey.Equal(state.SecondObjectKey)
	}
	if r.data.store == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	association, err := r.data.store.Association(ctx, state.LocationID.ValueString(), state.AssociationID.ValueString())
	return err != nil || association.FirstObjectKey != association.SecondObjectKey
}

func (r *relationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan relationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	operation := relationOperation("Create", plan.ref())
	store, ctx, cancel := r.data.begin(ctx, operation, plan.Timeouts.Create, &resp.Diagnostics)
	if store == nil {
		return
	}
	defer cancel()

	row, err := store.CreateRelation(ctx, plan.ref())
	if err != nil {
		resp.Diagnostics.Append(r.data.failed(operation, err))
		return
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, plan.found(row))...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.storedIdentity(row))...)
	if store.Adopted(plan.LocationID.ValueString(), row.ID) {
		resp.Diagnostics.Append(operation.adopted(row.ID))
	}
	if _, ok := row.Oriented(plan.FirstRecordID.ValueString(), plan.SecondRecordID.ValueString()); !ok {
		resp.Diagnostics.Append(recordsTurnedWarning(plan.ref()))
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateCreatedAt, encodeTime(r.data.clock.Now()))...)
	r.data.objects.noteRelation(plan, keep)
}

func (r *relationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state relationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// First of all: an instance that turns out to be gone needs an identity too.
	wasKnown := hasIdentity(req.Identity)
	if !wasKnown {
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
	}
	operation := relationOperation("Read", state.ref())
	createdAt, diags := req.Private.GetKey(ctx, privateCreatedAt)
	resp.Diagnostics.Append(diags...)
	store, ctx, cancel := r.data.begin(ctx, operation, state.Timeouts.Read, &resp.Diagnostics)
	if store == nil {
		return
	}
	defer cancel()

	ref := state.ref()
	ref.ID = state.ID.ValueString()
	row, err := store.Relation(ctx, ref, decodeTime(createdAt))
	if errors.Is(err, snapshot.ErrGone) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(r.data.failed(operation, err))
		return
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, state.found(row))...)
	// The engine lets an identity change in the Read after an import alone.
	if !wasKnown || !state.isComplete() {
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.storedIdentity(row))...)
	}
}

// Update calls nothing: whatever could change on the server replaces, so that only
// timeouts are left.
func (r *relationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan relationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	if !hasIdentity(req.Identity) {
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, plan.identity())...)
	}
}

func (r *relationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state relationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	operation := relationOperation("Delete", state.ref())
	store, ctx, cancel := r.data.begin(ctx, operation, state.Timeouts.Delete, &resp.Diagnostics)
	if store == nil {
		return
	}
	defer cancel()

	if err := store.DeleteRelation(ctx, state.ref(), state.ID.ValueString()); err != nil {
		resp.Diagnostics.Append(r.data.failed(operation, err))
	}
}

// ImportState makes no call. What it cannot know, Read fills in.
func (r *relationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ref, diags := importedRelation(ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.data.completeLocation(&ref.LocationID, relationIDSyntax)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("location_id"), ref.LocationID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("association_id"), ref.AssociationID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("first_record_id"), ref.FirstRecordID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("second_record_id"), ref.SecondRecordID)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, relationIdentityFor(ref))...)
}
