package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// customObjectFilter is the configuration of a list of custom objects.
type customObjectFilter struct {
	LocationID types.String `tfsdk:"location_id"`
	KeyPrefix  types.String `tfsdk:"key_prefix"`
}

func (r *customObjectResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom objects of a sub-account. Standard objects cannot be managed and are never listed. With `include_resource`, the list needs one more call per object, since only the object's fields show its whole `primary_display_property`. " + listsNeed,
		Attributes: map[string]schema.Attribute{
			"location_id": listLocationAttribute(),
			"key_prefix":  listFilter(notEmpty, "Lists only objects whose full or short key begins with this prefix, in upper or lower case. Default: any key."),
		},
	}
}

func (r *customObjectResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listAll(ctx, r.data, "Custom Objects", req, stream, func(ctx context.Context, location string, filter customObjectFilter) listing[ghl.Object] {
		return listing[ghl.Object]{
			rows: r.data.store.Objects(location).Each(ctx),
			fits: filter.fits,
			result: func(row ghl.Object) list.ListResult {
				m, err := storedCustomObject(location, row), error(nil)
				if req.IncludeResource {
					m, err = m.completed(ctx, r.data.store)
				}
				if err != nil {
					return list.ListResult{Diagnostics: diag.Diagnostics{r.data.failed(on("Read", m), err)}}
				}
				name := fmt.Sprintf("%s (%s)", legible(row.Labels.Plural), legible(row.Key))
				return listResult(ctx, req, name, m.ref().identity(), m)
			},
		}
	})
}

func (f customObjectFilter) fits(row ghl.Object) bool {
	key, prefix := strings.ToLower(row.Key), strings.ToLower(f.KeyPrefix.ValueString())
	short, isCustom := strings.CutPrefix(key, ghl.CustomObjects+".")
	return isCustom && (strings.HasPrefix(key, prefix) || strings.HasPrefix(short, prefix))
}
