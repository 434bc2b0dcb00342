package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

var _ datasource.DataSourceWithConfigure = (*relationsDataSource)(nil)

type relationsDataSource struct{ data *providerData }

func newRelationsDataSource() datasource.DataSource { return &relationsDataSource{} }

// relationList is the data source ghl_relations.
type relationList struct {
	LocationID     types.String   `tfsdk:"location_id"`
	RecordID       types.String   `tfsdk:"record_id"`
	AssociationIDs types.Set      `tfsdk:"association_ids"`
	Relations      []relationItem `tfsdk:"relations"`
}

// relationItem is a relation as data sources show it: sides in the stored order.
type relationItem struct {
	ID              types.String `tfsdk:"id"`
	LocationID      types.String `tfsdk:"location_id"`
	AssociationID   types.String `tfsdk:"association_id"`
	FirstRecordID   types.String `tfsdk:"first_record_id"`
	SecondRecordID  types.String `tfsdk:"second_record_id"`
	FirstObjectKey  types.String `tfsdk:"first_object_key"`
	SecondObjectKey types.String `tfsdk:"second_object_key"`
	ImportID        types.String `tfsdk:"import_id"`
}

func newRelationItem(location string, row ghl.Relation) relationItem {
	m := storedRelation(location, row)
	return relationItem{
		ID: m.ID, LocationID: m.LocationID, AssociationID: m.AssociationID,
		FirstRecordID: m.FirstRecordID, SecondRecordID: m.SecondRecordID,
		FirstObjectKey: m.FirstObjectKey, SecondObjectKey: m.SecondObjectKey,
		ImportID: types.StringValue(relationImportID(m.ref())),
	}
}

func relationItemAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                computedText("Id of the relation."),
		"location_id":       computedText("Id of the sub-account (location)."),
		"association_id":    computedText("Id of the association."),
		"first_record_id":   computedText("Id of the record on the first side, as HighLevel stores the sides."),
		"second_record_id":  computedText("Id of the record on the second side."),
		"first_object_key":  computedText("Object that the first record belongs to; null where HighLevel does not say."),
		"second_object_key": computedText("Object that the second record belongs to; null where HighLevel does not say."),
		"import_id":         computedText("Import id for the `id` of an `import` block, sub-account included."),
	}
}

func (d *relationsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_relations"
}

func (d *relationsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

func (d *relationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the relations of a record, on whichever side it stands.",
		Attributes: map[string]schema.Attribute{
			"location_id": locationAttribute(),
			"record_id": schema.StringAttribute{
				MarkdownDescription: "Id of the record: a contact, an opportunity, a company or a custom object's record.",
				Required:            true, Validators: anID,
			},
			"association_ids": schema.SetAttribute{
				MarkdownDescription: "Lists only relations of these associations; of none where it is empty. Default: of all.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(anID...)},
			},
			"relations": schema.ListNestedAttribute{
				MarkdownDescription: "The relations, ordered by association and records; empty where there are none.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: relationItemAttributes()},
			},
		},
	}
}

func (d *relationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var list relationList
	resp.Diagnostics.Append(req.Config.Get(ctx, &list)...)
	if resp.Diagnostics.HasError() {
		return
	}
	operation := operation{verb: "Read", thing: "Relations", subject: fmt.Sprintf("record %q", list.RecordID.ValueString())}
	store, location, diags := d.data.readyIn(list.LocationID, operation.summary())
	resp.Diagnostics.Append(diags...)
	var associationIDs []string
	resp.Diagnostics.Append(list.AssociationIDs.ElementsAs(ctx, &associationIDs, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	operation.locationID = location
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()

	var rows []ghl.Relation
	// To the store no associations means all of them. A set that came out empty means
	// none: else a filter that filters everything away would list everything.
	if list.AssociationIDs.IsNull() || len(associationIDs) > 0 {
		var err error
		if rows, err = store.Relations(ctx, location, list.RecordID.ValueString(), associationIDs); err != nil {
			resp.Diagnostics.Append(d.data.failed(operation, err))
			return
		}
	}

	list.LocationID = types.StringValue(location)
	list.Relations = []relationItem{}
	for _, row := range byRecords(rows) {
		list.Relations = append(list.Relations, newRelationItem(location, row))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
}

// byRecords orders relations, since HighLevel promises no order: a data source
// must not change from one plan to the next.
func byRecords(rows []ghl.Relation) []ghl.Relation {
	return slices.SortedFunc(slices.Values(rows), func(a, b ghl.Relation) int {
		return cmp.Or(cmp.Compare(a.AssociationID, b.AssociationID), cmp.Compare(a.FirstRecordID, b.FirstRecordID),
			cmp.Compare(a.SecondRecordID, b.SecondRecordID), cmp.Compare(a.ID, b.ID))
	})
}
