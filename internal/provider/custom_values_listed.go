package provider

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// customValueFilter is the configuration of a list of custom values.
type customValueFilter struct {
	LocationID types.String `tfsdk:"location_id"`
	NamePrefix types.String `tfsdk:"name_prefix"`
}

func (r *customValueResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom values of a sub-account. " + listsNeed,
		Attributes: map[string]schema.Attribute{
			"location_id": listLocationAttribute(),
			"name_prefix": listFilter(notEmpty, "Lists only custom values whose name begins with this prefix. Default: any name."),
		},
	}
}

func (r *customValueResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listAll(ctx, r.data, "Custom Values", req, stream, func(ctx context.Context, location string, filter customValueFilter) listing[ghl.CustomValue] {
		return listing[ghl.CustomValue]{
			rows: r.data.store.CustomValues(location).Each(ctx),
			fits: func(row ghl.CustomValue) bool { return strings.HasPrefix(row.Name, filter.NamePrefix.ValueString()) },
			result: func(row ghl.CustomValue) list.ListResult {
				m := storedCustomValue(location, row)
				return listResult(ctx, req, legible(row.Name), m.ref().identity(), m)
			},
		}
	})
}

type customValuesDataSource struct{ shown }

func newCustomValuesDataSource() datasource.DataSource {
	return &customValuesDataSource{shown{noun: "custom_values"}}
}

// customValueList is the model of the data source ghl_custom_values.
type customValueList struct {
	LocationID types.String      `tfsdk:"location_id"`
	Values     []customValueItem `tfsdk:"values"`
}

type customValueItem struct {
	customValueFields

	ImportID types.String `tfsdk:"import_id"`
}

func (d *customValuesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = datasourceschema.Schema{
		MarkdownDescription: "Lists the custom values of a sub-account.",
		Attributes: map[string]datasourceschema.Attribute{
			"location_id": locationAttribute(),
			"values":      itemsAttribute("The custom values, ordered by name; empty if there are none.", customValueItemAttributes()),
		},
	}
}

func (d *customValuesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	values, _ := read[customValueList](ctx, req.Config, &resp.Diagnostics)
	o := operation{verb: "Read", thing: "Custom Values", subject: "custom values"}
	d.data.carryOutIn(ctx, o, values.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		rows, err := d.data.store.CustomValues(location).All(ctx)
		values.LocationID, values.Values = types.StringValue(location), []customValueItem{}
		for _, row := range slices.SortedFunc(slices.Values(rows), func(a, b ghl.CustomValue) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
		}) {
			m := storedCustomValue(location, row)
			values.Values = append(values.Values, customValueItem{m.customValueFields, types.StringValue(m.ref().importID())})
		}
		if err == nil {
			resp.Diagnostics.Append(resp.State.Set(ctx, values)...)
		}
		return err
	})
}
