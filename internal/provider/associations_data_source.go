package provider

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

var _ datasource.DataSourceWithConfigure = (*associationsDataSource)(nil)

type associationsDataSource struct{ data *providerData }

func newAssociationsDataSource() datasource.DataSource { return &associationsDataSource{} }

// associationList is the data source ghl_associations.
type associationList struct {
	LocationID      types.String      `tfsdk:"location_id"`
	ObjectKey       types.String      `tfsdk:"object_key"`
	AssociationType types.String      `tfsdk:"association_type"`
	Associations    []associationItem `tfsdk:"associations"`
}

// associationItem is an association as data sources show it: sides in the stored
// order, the key as stored.
type associationItem struct {
	ID                types.String `tfsdk:"id"`
	LocationID        types.String `tfsdk:"location_id"`
	Key               types.String `tfsdk:"key"`
	FirstObjectKey    types.String `tfsdk:"first_object_key"`
	FirstObjectLabel  types.String `tfsdk:"first_object_label"`
	SecondObjectKey   types.String `tfsdk:"second_object_key"`
	SecondObjectLabel types.String `tfsdk:"second_object_label"`
	AssociationType   types.String `tfsdk:"association_type"`
	PlatformMade      types.Bool   `tfsdk:"platform_made"`
	ImportID          types.String `tfsdk:"import_id"`
}

func newAssociationItem(location string, row ghl.Association) associationItem {
	m := associationModel{LocationID: types.StringValue(location)}.refreshed(row)
	return associationItem{
		ID: m.ID, LocationID: m.LocationID, Key: m.Key,
		FirstObjectKey: m.FirstObjectKey, FirstObjectLabel: m.FirstObjectLabel,
		SecondObjectKey: m.SecondObjectKey, SecondObjectLabel: m.SecondObjectLabel,
		AssociationType: m.AssociationType, PlatformMade: m.PlatformMade,
		ImportID: types.StringValue(associationRef{LocationID: location, ID: row.ID}.importID()),
	}
}

func associationItemAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                  computedText("Id of the association."),
		"location_id":         computedText("Id of the sub-account (location)."),
		"key":                 computedText("Key of the association, as HighLevel stores it."),
		"first_object_key":    computedText("Object on the first side, as HighLevel stores the sides."),
		"first_object_label":  computedText("What the first side is called."),
		"second_object_key":   computedText("Object on the second side."),
		"second_object_label": computedText("What the second side is called."),
		"association_type":    computedText("Who made the association: `USER_DEFINED` or `SYSTEM_DEFINED`. A system-defined one cannot be imported."),
		"platform_made": schema.BoolAttribute{
			MarkdownDescription: "Whether HighLevel made the association. It calls some of its own `USER_DEFINED`; only their keys are in upper case. Leave them out of what you adopt: a `destroy` would delete them.",
			Computed:            true,
		},
		"import_id": computedText("Import id for the `id` of an `import` block, sub-account included."),
	}
}

func (d *associationsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_associations"
}

func (d *associationsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

func (d *associationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the associations of a sub-account, user-defined and system-defined.",
		Attributes: map[string]schema.Attribute{
			"location_id": locationAttribute(),
			"object_key": schema.StringAttribute{
				MarkdownDescription: "Lists only associations with this object on either side, such as `contact` or `custom_objects.property`. Default: with any.",
				Optional:            true, Validators: notEmpty,
			},
			"association_type": schema.StringAttribute{
				MarkdownDescription: "Lists only associations of this type: `USER_DEFINED` or `SYSTEM_DEFINED`. Default: of both.",
				Optional:            true, Validators: notEmpty,
			},
			"associations": schema.ListNestedAttribute{
				MarkdownDescription: "The associations, ordered by key; empty where there are none.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: associationItemAttributes()},
			},
		},
	}
}

func (d *associationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var list associationList
	resp.Diagnostics.Append(req.Config.Get(ctx, &list)...)
	if resp.Diagnostics.HasError() {
		return
	}
	operation := operation{verb: "Read", thing: "Associations", subject: "associations"}
	store, location, diags := d.data.readyIn(list.LocationID, operation.summary())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	operation.locationID = location
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	// The whole list, also for one object: other reads share it, and it ends in a
	// proof that it is whole.
	rows, err := store.Associations(ctx, location)
	if err != nil {
		resp.Diagnostics.Append(d.data.failed(operation, err))
		return
	}

	list.LocationID = types.StringValue(location)
	list.Associations = []associationItem{}
	for _, row := range byKey(fitting(rows, list.ObjectKey, types.StringNull(), list.AssociationType)) {
		list.Associations = append(list.Associations, newAssociationItem(location, row))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
}

// byKey orders associations, since HighLevel promises no order: a data source
// must not change from one plan to the next.
func byKey(rows []ghl.Association) []ghl.Association {
	return slices.SortedFunc(slices.Values(rows), func(a, b ghl.Association) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
	})
}
