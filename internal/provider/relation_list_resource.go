package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// relationFilter is the configuration of a list of relations.
type relationFilter struct {
	LocationID     types.String `tfsdk:"location_id"`
	RecordID       types.String `tfsdk:"record_id"`
	AssociationIDs types.List   `tfsdk:"association_ids"`
}

func (r *relationResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the relations of a record, on either side. The records of a relation are in the order that HighLevel stores. " +
			"The lists of both records include the relation between the two records: manage each relation only once. " + listsNeed,
		Attributes: relationFilterAttributes(),
	}
}

func relationFilterAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"location_id": listLocationAttribute(),
		"record_id":   schema.StringAttribute{Required: true, Validators: anID, MarkdownDescription: "Id of the record: a contact, an opportunity, a company or a custom object's record."},
		"association_ids": schema.ListAttribute{
			MarkdownDescription: "Lists only relations of these associations; none if this is empty. Default: all.",
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(anID...)},
		},
	}
}

func (r *relationResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	filter, _ := read[relationFilter](ctx, req.Config, &diags)
	var associationIDs []string
	diags.Append(filter.AssociationIDs.ElementsAs(ctx, &associationIDs, false)...)
	page := pageFor(req.Limit)
	if !filter.AssociationIDs.IsNull() {
		page = ghl.PageSize // a small page may contain no matching rows
	}
	o := operation{verb: "List", thing: "Relations", subject: fmt.Sprintf("record %q", filter.RecordID.ValueString())}
	listIn(ctx, r.data, o, filter.LocationID, diags, req.Limit, stream, func(ctx context.Context, location string) listing[ghl.Relation] {
		names := relationNames{store: r.data.store, location: location, known: map[string]ghl.Association{}}
		return listing[ghl.Relation]{
			rows: r.data.store.EachRelation(ctx, location, filter.RecordID.ValueString(), page),
			fits: func(row ghl.Relation) bool {
				return filter.AssociationIDs.IsNull() || slices.Contains(associationIDs, row.AssociationID)
			},
			result: func(row ghl.Relation) list.ListResult {
				m := relationModel{relationFields: storedRelation(location, row), timed: noTimeouts()}
				return listResult(ctx, req, names.of(ctx, row), m.identity(), m)
			},
		}
	})
}

// relationNames makes display names of relations from the labels of their associations.
type relationNames struct {
	store    *store.Store
	location string
	known    map[string]ghl.Association
	failed   bool
}

// of returns a unique display name for a relation. The labels are optional: if they
// cannot be read, the name omits them.
func (n *relationNames) of(ctx context.Context, row ghl.Relation) string {
	association, known := n.association(ctx, row.AssociationID)
	if sides, ok := association.Oriented(row.FirstObjectKey, row.SecondObjectKey); ok {
		association = sides
	}
	under := legible(association.Key)
	if !known {
		association.FirstObjectKey, association.SecondObjectKey = row.FirstObjectKey, row.SecondObjectKey
		under = "association " + legible(row.AssociationID)
	}
	return fmt.Sprintf("%s, %s: %s",
		endName(association.FirstObjectLabel, association.FirstObjectKey, row.FirstRecordID),
		endName(association.SecondObjectLabel, association.SecondObjectKey, row.SecondRecordID), under)
}

func (n *relationNames) association(ctx context.Context, id string) (row ghl.Association, known bool) {
	if row, known = n.known[id]; known || n.failed {
		return row, known
	}
	row, err := n.store.Association(ctx, n.location, id)
	if err != nil {
		n.failed = true // other reads would most likely fail too
		return row, false
	}
	n.known[id] = row
	return row, true
}

// endName returns the display name of one end of a relation. label and object may be
// empty.
func endName(label, object, record string) string {
	switch {
	case object == "":
		return legible(record)
	case label == "":
		return legible(object) + " " + legible(record)
	default:
		return fmt.Sprintf("%s (%s) %s", legible(label), legible(object), legible(record))
	}
}
