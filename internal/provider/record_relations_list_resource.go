package provider

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func (r *recordRelationsResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the relations of a record, with one result per association, or two if the record is on both sides. " +
			"The lists of both records include the relation between the two records: manage each relation only once. " + listsNeed,
		Attributes: relationFilterAttributes(),
	}
}

func (r *recordRelationsResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	filter, _ := read[relationFilter](ctx, req.Config, &diags)
	var associationIDs []string
	diags.Append(filter.AssociationIDs.ElementsAs(ctx, &associationIDs, false)...)
	o := operation{verb: "List", thing: "Record Relations", subject: fmt.Sprintf("record %q", filter.RecordID.ValueString())}
	listIn(ctx, r.data, o, filter.LocationID, diags, req.Limit, stream, func(ctx context.Context, location string) listing[recordRelationsModel] {
		names := relationNames{store: r.data.store, location: location, known: map[string]ghl.Association{}}
		return listing[recordRelationsModel]{
			rows: r.sets(ctx, location, filter.RecordID.ValueString()),
			fits: func(m recordRelationsModel) bool {
				return filter.AssociationIDs.IsNull() || slices.Contains(associationIDs, m.AssociationID.ValueString())
			},
			result: func(m recordRelationsModel) list.ListResult {
				return listResult(ctx, req, m.name(names.association(ctx, m.AssociationID.ValueString())), m.identity(), m)
			},
		}
	})
}

// sets yields the relations of a record, with one model for each association and side.
func (r *recordRelationsResource) sets(ctx context.Context, location, recordID string) iter.Seq2[recordRelationsModel, error] {
	return func(yield func(recordRelationsModel, error) bool) {
		rows, err := r.data.store.Relations(ctx, location, recordID, nil)
		sets := map[store.RecordRef][]string{}
		for i := 0; i < len(rows) && err == nil; i++ {
			err = r.collect(ctx, sets, location, recordID, rows[i])
		}
		if err != nil {
			yield(recordRelationsModel{}, err)
			return
		}
		for _, ref := range slices.SortedFunc(maps.Keys(sets), func(a, b store.RecordRef) int {
			return cmp.Or(cmp.Compare(a.AssociationID, b.AssociationID), cmp.Compare(a.Side, b.Side))
		}) {
			m := recordRelationsModel{
				LocationID: types.StringValue(location), AssociationID: types.StringValue(ref.AssociationID),
				RecordID: types.StringValue(recordID), Side: given(string(ref.Side)), timed: noTimeouts(),
			}
			if !yield(m.holding(slices.Sorted(slices.Values(sets[ref]))), nil) {
				return
			}
		}
	}
}

// collect adds a relation to its sets. A relation that links the record with itself
// belongs to two sets.
func (r *recordRelationsResource) collect(ctx context.Context, sets map[store.RecordRef][]string, location, recordID string, row ghl.Relation) error {
	if row.FirstObjectKey == "" || row.SecondObjectKey == "" {
		association, err := r.data.store.Association(ctx, location, row.AssociationID)
		if err != nil {
			return err
		}
		row.FirstObjectKey, row.SecondObjectKey = association.FirstObjectKey, association.SecondObjectKey
	}
	sides := []store.Side{""}
	if row.FirstObjectKey == row.SecondObjectKey {
		sides = []store.Side{store.FirstSide, store.SecondSide}
	}
	for _, side := range sides {
		ref := store.RecordRef{LocationID: location, AssociationID: row.AssociationID, RecordID: recordID, Side: side}
		if id, ok := ref.Related(row); ok {
			sets[ref] = append(sets[ref], id)
		}
	}
	return nil
}

// name returns the display name of a set. It contains the key of the association if the
// key is known.
func (m recordRelationsModel) name(association ghl.Association, known bool) string {
	ids, _ := m.related()
	side, under := "", "association "+legible(m.AssociationID.ValueString())
	if !m.Side.IsNull() {
		side = " (" + m.Side.ValueString() + ")"
	}
	if known {
		under = legible(association.Key)
	}
	return fmt.Sprintf("%s%s, %s: %s", legible(m.RecordID.ValueString()), side, relations(len(ids)), under)
}
