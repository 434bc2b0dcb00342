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

type relationsDataSource struct{ shown }

func newRelationsDataSource() datasource.DataSource {
	return &relationsDataSource{shown{noun: "relations"}}
}

// relationList is the data source ghl_relations.
type relationList struct {
	LocationID     types.String   `tfsdk:"location_id"`
	RecordID       types.String   `tfsdk:"record_id"`
	AssociationIDs types.Set      `tfsdk:"association_ids"`
	Relations      []relationItem `tfsdk:"relations"`
}

// relationItem is a relation in the data source, as HighLevel stores it.
type relationItem struct {
	relationFields

	ImportID types.String `tfsdk:"import_id"`
}

func newRelationItem(location string, row ghl.Relation) relationItem {
	fields := storedRelation(location, row)
	return relationItem{fields, types.StringValue(relationName{RelationRef: fields.ref()}.importID())}
}

func (d *relationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the relations of a record, on either side.",
		Attributes: map[string]schema.Attribute{
			"location_id": locationAttribute(),
			"record_id":   schema.StringAttribute{Required: true, Validators: anID, MarkdownDescription: "Id of the record: a contact, an opportunity, a company or a custom object's record."},
			"association_ids": schema.SetAttribute{
				MarkdownDescription: "Lists only relations of these associations; none if this is empty. Default: all.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(anID...)},
			},
			"relations": itemsAttribute("The relations, ordered by association and records; empty if there are none.", relationItemAttributes()),
		},
	}
}

func (d *relationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	list, _ := read[relationList](ctx, req.Config, &resp.Diagnostics)
	var associationIDs []string
	resp.Diagnostics.Append(list.AssociationIDs.ElementsAs(ctx, &associationIDs, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	o := operation{verb: "Read", thing: "Relations", subject: fmt.Sprintf("record %q", list.RecordID.ValueString())}
	d.data.carryOutIn(ctx, o, list.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		var rows []ghl.Relation
		// Without ids, the store lists the relations of all associations. An empty set
		// must list no relations: otherwise, a filter that matches nothing would list
		// everything.
		if list.AssociationIDs.IsNull() || len(associationIDs) > 0 {
			var err error
			if rows, err = d.data.store.Relations(ctx, location, list.RecordID.ValueString(), associationIDs); err != nil {
				return err
			}
		}
		list.LocationID = types.StringValue(location)
		list.Relations = []relationItem{}
		for _, row := range byRecords(rows) {
			list.Relations = append(list.Relations, newRelationItem(location, row))
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
		return nil
	})
}

// byRecords orders relations, because HighLevel guarantees no order, and a data source
// must not change from one plan to the next.
func byRecords(rows []ghl.Relation) []ghl.Relation {
	return slices.SortedFunc(slices.Values(rows), func(a, b ghl.Relation) int {
		return cmp.Or(cmp.Compare(a.AssociationID, b.AssociationID), cmp.Compare(a.FirstRecordID, b.FirstRecordID),
			cmp.Compare(a.SecondRecordID, b.SecondRecordID), cmp.Compare(a.ID, b.ID))
	})
}
