package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// associationFilter is the configuration of a list of associations.
type associationFilter struct {
	LocationID          types.String `tfsdk:"location_id"`
	ObjectKey           types.String `tfsdk:"object_key"`
	KeyPrefix           types.String `tfsdk:"key_prefix"`
	IncludePlatformMade types.Bool   `tfsdk:"include_platform_made"`
}

func (r *associationResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the user-made associations of a sub-account, with the sides in the order that HighLevel stores. " + listsNeed,
		Attributes: map[string]schema.Attribute{
			"location_id": listLocationAttribute(),
			"object_key":  listFilter(anyText, "Lists only associations with this object on either side, such as `contact` or `custom_objects.property`. Default: any object."),
			"key_prefix":  listFilter(notEmpty, "Lists only associations whose key begins with this prefix, in upper or lower case. Default: any key."),
			"include_platform_made": schema.BoolAttribute{
				MarkdownDescription: "Also lists associations that HighLevel made but calls `USER_DEFINED`, such as `OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION`. Destroying an imported association deletes it in HighLevel. " +
					"System-defined associations cannot be managed and are never listed. Default: `false`.",
				Optional: true,
			},
		},
	}
}

func (r *associationResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listAll(ctx, r.data, "Associations", req, stream, func(ctx context.Context, location string, filter associationFilter) listing[ghl.Association] {
		return listing[ghl.Association]{
			rows: r.data.store.EachAssociation(ctx, location, filter.pageFor(req.Limit)),
			fits: filter.fits,
			result: func(row ghl.Association) list.ListResult {
				m := associationModel{storedAssociation(location, row), noTimeouts(), types.BoolValue(false)}
				return listResult(ctx, req, associationName(row), m.identity(), m)
			},
		}
	})
}

func (f associationFilter) fits(row ghl.Association) bool {
	return !row.IsSystemDefined() && (f.IncludePlatformMade.ValueBool() || !row.IsPlatformMade()) &&
		(f.ObjectKey.IsNull() || ghl.SameKey(row.FirstObjectKey, f.ObjectKey.ValueString()) || ghl.SameKey(row.SecondObjectKey, f.ObjectKey.ValueString())) &&
		strings.HasPrefix(strings.ToLower(row.Key), strings.ToLower(f.KeyPrefix.ValueString()))
}

// pageFor returns the size of the first page: the limit, or a full page if a filter may
// skip rows.
func (f associationFilter) pageFor(limit int64) int {
	if f.ObjectKey.IsNull() && f.KeyPrefix.IsNull() && f.IncludePlatformMade.ValueBool() {
		return pageFor(limit)
	}
	return ghl.PageSize
}

// associationName returns a display name for an association. It contains the key, so it
// is unique in the sub-account.
func associationName(row ghl.Association) string {
	return fmt.Sprintf("%s (%s), %s (%s): %s", legible(row.FirstObjectLabel), legible(row.FirstObjectKey),
		legible(row.SecondObjectLabel), legible(row.SecondObjectKey), legible(row.Key))
}
