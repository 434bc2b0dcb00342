package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// searchablePropertiesFilter is the configuration of a list of searchable properties.
type searchablePropertiesFilter struct {
	LocationID types.String `tfsdk:"location_id"`
}

func (r *searchablePropertiesResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the searchable properties of each object of a sub-account, standard or custom, that has searchable properties. " + listsNeed,
		Attributes:          map[string]schema.Attribute{"location_id": listLocationAttribute()},
	}
}

func (r *searchablePropertiesResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listAll(ctx, r.data, "Searchable Properties", req, stream, func(ctx context.Context, location string, _ searchablePropertiesFilter) listing[ghl.Object] {
		return listing[ghl.Object]{
			rows: r.data.store.Objects(location).Each(ctx),
			fits: func(row ghl.Object) bool { return len(row.SearchableProperties) > 0 },
			result: func(row ghl.Object) list.ListResult {
				m := searchablePropertiesModel{types.StringValue(location), types.StringValue(row.Key), types.SetNull(types.StringType), noTimeouts()}
				keys, problems := types.SetValueFrom(ctx, types.StringType, row.SearchableProperties)
				m.FieldKeys = keys
				result := listResult(ctx, req, legible(row.Key), m.identity(), m)
				result.Diagnostics.Append(problems...)
				return result
			},
		}
	})
}
