package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

type locationsDataSource struct{ shown }

func newLocationsDataSource() datasource.DataSource {
	return &locationsDataSource{shown{noun: "locations"}}
}

// locationList is the data source ghl_locations.
type locationList struct {
	AppID     types.String   `tfsdk:"app_id"`
	Query     types.String   `tfsdk:"query"`
	Locations []locationItem `tfsdk:"locations"`
}

type locationItem struct {
	ID      types.String `tfsdk:"id"`
	Name    types.String `tfsdk:"name"`
	Address types.String `tfsdk:"address"`
}

func (d *locationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the sub-accounts (locations) of the provider's agency in which an app is installed. " +
			"The data source needs the provider's `agency_access_token` and `company_id`, and the token needs the scope `oauth.readonly`. " +
			"An incomplete list is an error.\n\n" +
			"Do not use the list in `for_each` of a resource: if an answer did not include a sub-account, the sub-account's resources would be destroyed. The guide *One provider block for an agency* shows how to use the list.",
		Attributes: map[string]schema.Attribute{
			"app_id": schema.StringAttribute{Required: true, Validators: anID, MarkdownDescription: "Id of the app that the agency's token belongs to."},
			"query":  filtering(notEmpty, "Lists only sub-accounts whose name contains this text. HighLevel does the search. Default: all."),
			"locations": schema.ListNestedAttribute{
				MarkdownDescription: "The sub-accounts, ordered by id; empty if there are none.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":      computedText("Id of the sub-account, for `location_id`."),
					"name":    computedText("Name of the sub-account; empty if HighLevel returns none."),
					"address": computedText("Address of the sub-account; empty if HighLevel returns none."),
				}},
			},
		},
	}
}

func (d *locationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	list, ok := read[locationList](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	o := operation{verb: "Read", thing: "Locations", subject: "the sub-accounts of the agency"}
	d.data.carryOut(ctx, o, &resp.Diagnostics, func(ctx context.Context) error {
		rows, err := installedLocations(ctx, d.data.client, list.AppID.ValueString(), list.Query.ValueString())
		if err != nil {
			return err
		}
		list.Locations = []locationItem{}
		for _, row := range rows {
			list.Locations = append(list.Locations, locationItem{ID: types.StringValue(row.ID), Name: types.StringValue(row.Name), Address: types.StringValue(row.Address)})
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
		return nil
	})
}

// installedLocations returns all sub-accounts of the agency in which the app is
// installed. The sub-accounts are ordered by id, because HighLevel guarantees no order,
// and a data source must not change from one plan to the next. An incomplete listing is
// an error.
func installedLocations(ctx context.Context, client *ghl.Client, appID, query string) (installed []ghl.Location, err error) {
	walk := client.LocationPages(appID, query)
	for {
		page, err := walk.Next(ctx, ghl.PageSize)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			if row.Installed {
				installed = append(installed, row)
			}
		}
		switch {
		case page.Complete() && page.Malformed > 0:
			return nil, fmt.Errorf("%w: %d of its rows could not be read", ghl.ErrIncomplete, page.Malformed)
		case page.Complete():
			slices.SortFunc(installed, func(a, b ghl.Location) int { return cmp.Compare(a.ID, b.ID) })
			return installed, nil
		}
	}
}
