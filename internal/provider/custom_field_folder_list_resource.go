package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// customFieldFolderFilter is the configuration of a list of folders.
type customFieldFolderFilter struct {
	LocationID types.String `tfsdk:"location_id"`
	ObjectKey  types.String `tfsdk:"object_key"`
}

func (r *customFieldFolderResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the folders of an object's custom fields, the one that HighLevel made with the object included. " + listsNeed,
		Attributes: map[string]schema.Attribute{
			"location_id": listLocationAttribute(),
			"object_key":  schema.StringAttribute{MarkdownDescription: "Object whose folders are listed: `custom_objects.<name>` or `business`.", Required: true, Validators: anObjectWithFields},
		},
	}
}

func (r *customFieldFolderResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	filter, _ := read[customFieldFolderFilter](ctx, req.Config, &diags)
	o := operation{verb: "List", thing: "Custom Field Folders", subject: "custom field folders to list"}
	listIn(ctx, r.data, o, filter.LocationID, diags, req.Limit, stream, func(ctx context.Context, location string) listing[ghl.CustomField] {
		return listing[ghl.CustomField]{
			rows: r.data.store.CustomFieldFolders(location, filter.ObjectKey.ValueString()).Each(ctx),
			fits: func(row ghl.CustomField) bool { return row.IsFolder },
			result: func(row ghl.CustomField) list.ListResult {
				m := customFieldFolderModel{LocationID: types.StringValue(location), ObjectKey: filter.ObjectKey, timed: noTimeouts()}.refreshed(row)
				return listResult(ctx, req, legible(row.Name), m.ref().identity(), m)
			},
		}
	})
}
