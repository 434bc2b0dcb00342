package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

type usageDataSource struct{ shown }

func newUsageDataSource() datasource.DataSource { return &usageDataSource{shown{noun: "usage"}} }

// usageList is the data source ghl_usage.
type usageList struct {
	LocationIDs types.Set   `tfsdk:"location_ids"`
	Usage       []usageItem `tfsdk:"usage"`
}

type usageItem struct {
	LocationID     types.String `tfsdk:"location_id"`
	Requests       types.Int64  `tfsdk:"requests"`
	RateLimited    types.Int64  `tfsdk:"rate_limited"`
	DailyRemaining types.Int64  `tfsdk:"daily_remaining"`
}

func (d *usageDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "How many API calls this run has made about each of these sub-accounts (locations), and how many are left for the day. " +
			"The data source shows the numbers at the time of its read; with `depends_on`, it is read after its dependencies. " +
			"The numbers change from run to run, so an output that shows them changes in every plan. Use the numbers in a `check` block instead.\n\n" +
			"The data source makes one call for each sub-account that has not answered in this run yet.",
		Attributes: map[string]schema.Attribute{
			"location_ids": schema.SetAttribute{
				Required: true, ElementType: types.StringType, MarkdownDescription: "Ids of the sub-accounts.",
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(anID...)},
			},
			"usage": schema.ListNestedAttribute{
				MarkdownDescription: "One element for each sub-account, ordered by id.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"location_id":     computedText("Id of the sub-account."),
					"requests":        schema.Int64Attribute{Computed: true, MarkdownDescription: "Calls that this run has made about the sub-account, retries included. A plan and its apply are two runs."},
					"rate_limited":    schema.Int64Attribute{Computed: true, MarkdownDescription: "How many of these calls HighLevel refused because of the rate limit."},
					"daily_remaining": schema.Int64Attribute{Computed: true, MarkdownDescription: "Calls left in the sub-account's daily budget, whoever makes them; null if HighLevel's answers do not show it."},
				}},
			},
		},
	}
}

func (d *usageDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	list, ok := read[usageList](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	var ids []string
	if resp.Diagnostics.Append(list.LocationIDs.ElementsAs(ctx, &ids, false)...); resp.Diagnostics.HasError() {
		return
	}
	slices.Sort(ids)
	o := operation{verb: "Read", thing: "Usage", subject: "API calls of the sub-accounts"}
	d.data.carryOut(ctx, o, &resp.Diagnostics, func(ctx context.Context) error {
		if err := d.hearOf(ctx, ids); err != nil {
			return err
		}
		spent := d.data.spent()
		list.Usage = nil
		for _, id := range ids {
			list.Usage = append(list.Usage, usageItemOf(id, spent[id]))
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
		return nil
	})
}

// hearOf makes a call about each sub-account whose number of calls left for the day is
// not known yet.
func (d *usageDataSource) hearOf(ctx context.Context, ids []string) error {
	calls, ctx := errgroup.WithContext(ctx)
	calls.SetLimit(10) // as many as the engine's concurrent operations
	spent := d.data.spent()
	for _, id := range ids {
		if spent[id] == nil || spent[id].DailyRemaining < 0 {
			calls.Go(func() error { return d.data.store.Reach(ctx, id) })
		}
	}
	return calls.Wait()
}

// spent returns this process's API usage of each sub-account, by id.
func (d *providerData) spent() map[string]*ghl.Usage {
	spent := map[string]*ghl.Usage{}
	for _, usage := range d.client.Usage() {
		spent[usage.LocationID] = &usage
	}
	return spent
}

func usageItemOf(locationID string, spent *ghl.Usage) usageItem {
	item := usageItem{LocationID: types.StringValue(locationID), Requests: types.Int64Value(0), RateLimited: types.Int64Value(0), DailyRemaining: types.Int64Null()}
	if spent == nil {
		return item
	}
	item.Requests, item.RateLimited = types.Int64Value(int64(spent.Requests)), types.Int64Value(int64(spent.RateLimited))
	if spent.DailyRemaining >= 0 {
		item.DailyRemaining = types.Int64Value(int64(spent.DailyRemaining))
	}
	return item
}
