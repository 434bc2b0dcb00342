package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// searchablePropertiesModel is ghl_searchable_properties in a configuration, a plan or a
// state.
type searchablePropertiesModel struct {
	LocationID types.String `tfsdk:"location_id"`
	ObjectKey  types.String `tfsdk:"object_key"`
	FieldKeys  types.Set    `tfsdk:"field_keys"`
	timed
}

func (searchablePropertiesModel) thing() string { return "Searchable Properties" }

func (m searchablePropertiesModel) inWords() string {
	return fmt.Sprintf("searchable properties of the object %q", m.ObjectKey.ValueString())
}

func (m searchablePropertiesModel) location() string { return m.LocationID.ValueString() }

func (m searchablePropertiesModel) importID() string {
	return objectRef{LocationID: m.location(), ID: m.ObjectKey.ValueString()}.importID()
}

// ref identifies searchable properties by their object.
func (m searchablePropertiesModel) ref() objectRef {
	return objectRef{LocationID: m.location(), ID: store.ObjectKey(m.ObjectKey.ValueString()), Name: store.ObjectKey(m.ObjectKey.ValueString())}
}

// ofObject identifies searchable properties in a plan by their object, whose key has several spellings.
func (m searchablePropertiesModel) ofObject() objectName { return objectWithID(m, m.ref().ID) }

// searchablePropertiesIdentity permanently identifies searchable properties.
type searchablePropertiesIdentity struct {
	LocationID types.String `tfsdk:"location_id"`
	ObjectKey  types.String `tfsdk:"object_key"`
}

func (m searchablePropertiesModel) identity() searchablePropertiesIdentity {
	return searchablePropertiesIdentity{m.LocationID, m.ObjectKey}
}

type searchablePropertiesResource struct{ managed }

func newSearchablePropertiesResource() *searchablePropertiesResource {
	return &searchablePropertiesResource{managed{noun: "searchable_properties", form: searchablePropertiesImport}}
}

func (r *searchablePropertiesResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedSchema(ctx, "The fields of an object, standard or custom, that searches of its records cover. "+
		"An object always has searchable properties: creating this resource replaces them, and destroying this resource leaves them unchanged.",
		map[string]schema.Attribute{
			"location_id": managedLocation("resource"),
			"object_key":  required(notEmpty, "Full key of the object, such as `custom_objects.course`, `contact` or `business`. Changing this attribute replaces the resource."),
			"field_keys": schema.SetAttribute{
				MarkdownDescription: "One to three full keys of fields, such as `custom_objects.course.title`. Updated in place.",
				ElementType:         types.StringType, Required: true,
				Validators: []validator.Set{setvalidator.SizeBetween(1, 3), setvalidator.ValueStringsAre(notEmpty...)},
			},
		})
}

func (r *searchablePropertiesResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	modifyPlan(ctx, r.data, r, req, resp)
}

func (r *searchablePropertiesResource) planDestroy(state searchablePropertiesModel) diag.Diagnostics {
	return diag.Diagnostics{diag.NewWarningDiagnostic("Searchable Properties Stay",
		fmt.Sprintf("HighLevel keeps the %s in sub-account %q unchanged: an object always has searchable properties.", state.inWords(), state.location()))}
}

func (r *searchablePropertiesResource) planCreate(ctx context.Context, plan searchablePropertiesModel, _ resource.ModifyPlanRequest) diag.Diagnostics {
	if !anyUnknown(plan.LocationID, plan.ObjectKey) {
		if before := r.data.objects.note(plan.ofObject(), create); before.isKept || before.creates > 0 {
			return diag.Diagnostics{wantedTwice(plan)}
		}
	}
	return r.data.reachWarning(ctx, plan.LocationID)
}

func (r *searchablePropertiesResource) planUpdate(_ context.Context, plan, state searchablePropertiesModel, _ resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	resp.RequiresReplace = differing(equalText,
		compared{"location_id", plan.LocationID, state.LocationID}, compared{"object_key", plan.ObjectKey, state.ObjectKey})
	if len(resp.RequiresReplace) > 0 {
		return
	}
	if before := r.data.objects.note(state.ofObject(), keep); before.creates > 0 || before.isKept {
		resp.Diagnostics.Append(wantedTwice(state))
	}
}

func (r *searchablePropertiesResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	carryOut(ctx, r.data, "Create", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan searchablePropertiesModel) error {
		if err := r.set(ctx, plan, &resp.Diagnostics); err != nil || resp.Diagnostics.HasError() {
			return err
		}
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.identity())...)
		return nil
	})
}

// set sends the planned field keys. Sending them twice does no harm, so a lost answer
// needs no lookup.
func (r *searchablePropertiesResource) set(ctx context.Context, plan searchablePropertiesModel, diags *diag.Diagnostics) error {
	var keys []string
	if diags.Append(plan.FieldKeys.ElementsAs(ctx, &keys, false)...); diags.HasError() {
		return nil
	}
	_, err := r.data.store.UpdateObject(ctx, plan.location(), plan.ref().Name, ghl.ObjectChange{SearchableProperties: keys})
	if isAbsence(err) {
		diags.AddAttributeError(path.Root("object_key"), "Unable to Set Searchable Properties",
			fmt.Sprintf("There is no object %q in sub-account %q. Create it first, or correct object_key.", plan.ref().Name, plan.location()))
		return nil
	}
	return err
}

func (r *searchablePropertiesResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	carryOutRead(ctx, r.data, req.State, &resp.Diagnostics, func(searchablePropertiesModel) {}, func(ctx context.Context, state searchablePropertiesModel) error {
		resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.identity())...)
		row, err := r.data.store.Object(ctx, state.location(), state.ref().Name)
		if isAbsence(err) {
			resp.State.RemoveResource(ctx)
			return nil
		}
		if err != nil {
			return err
		}
		if len(row.SearchableProperties) > 0 || state.FieldKeys.IsNull() { // some servers do not return the searchable properties
			keys, problems := types.SetValueFrom(ctx, types.StringType, row.SearchableProperties)
			resp.Diagnostics.Append(problems...)
			state.FieldKeys = keys
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return nil
	})
}

func (r *searchablePropertiesResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	state, _ := read[searchablePropertiesModel](ctx, req.State, &resp.Diagnostics)
	carryOut(ctx, r.data, "Update", req.Plan, &resp.Diagnostics, func(ctx context.Context, plan searchablePropertiesModel) error {
		if !plan.FieldKeys.Equal(state.FieldKeys) {
			if err := r.set(ctx, plan, &resp.Diagnostics); err != nil || resp.Diagnostics.HasError() {
				return err
			}
		}
		resp.Diagnostics.Append(write(ctx, &resp.State, resp.Identity, plan, plan.identity())...)
		return nil
	})
}

// Delete makes no call, because HighLevel does not accept an empty list.
func (r *searchablePropertiesResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}

var searchablePropertiesImport = importForm{
	thing: "Searchable Properties", syntax: searchablePropertiesSyntax,
	identity:  identityOf(map[string]string{"object_key": "Full key of the object."}),
	partEmpty: "The identity's object_key is empty. The object_key must be the full key of the object.",
	parse: func(id string) (map[string]string, error) {
		parts, err := decodeIDParts(searchablePropertiesSyntax, strings.Split(id, "/")...)
		switch len(parts) {
		case 1:
			return map[string]string{"object_key": parts[0]}, err
		case 2:
			return map[string]string{"location_id": parts[0], "object_key": parts[1]}, err
		default:
			return nil, fmt.Errorf("it has too many parts; the format is %s", searchablePropertiesSyntax)
		}
	},
}

const searchablePropertiesSyntax = "[<location_id>/]<object_key>"
