package provider

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

type associationsDataSource struct{ shown }

func newAssociationsDataSource() datasource.DataSource {
	return &associationsDataSource{shown{noun: "associations"}}
}

// associationList is the model of the data source ghl_associations.
type associationList struct {
	LocationID          types.String      `tfsdk:"location_id"`
	ObjectKey           types.String      `tfsdk:"object_key"`
	AssociationType     types.String      `tfsdk:"association_type"`
	IncludePlatformMade types.Bool        `tfsdk:"include_platform_made"`
	Associations        []associationItem `tfsdk:"associations"`
}

// associationItem is an association in a data source, exactly as HighLevel stores it.
type associationItem struct {
	associationFields

	ImportID types.String `tfsdk:"import_id"`
}

func newAssociationItem(location string, row ghl.Association) associationItem {
	ref := objectRef{LocationID: location, ID: row.ID}
	return associationItem{storedAssociation(location, row), types.StringValue(ref.importID())}
}

func (d *associationsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the user-made associations of a sub-account and, on request, those that HighLevel made.",
		Attributes: map[string]schema.Attribute{
			"location_id":      locationAttribute(),
			"object_key":       filtering(notEmpty, "Lists only associations with this object on either side, such as `contact` or `custom_objects.property`. Default: any object."),
			"association_type": filtering(notEmpty, "Lists only associations of this type: `USER_DEFINED` or `SYSTEM_DEFINED`. Default: both."),
			"include_platform_made": schema.BoolAttribute{
				MarkdownDescription: "Whether to list associations that HighLevel made as well: system-defined ones, and others that it calls `USER_DEFINED`. Default: `true` if `association_type` is `SYSTEM_DEFINED`, otherwise `false`.",
				Optional:            true,
			},
			"associations": itemsAttribute("The associations, ordered by key; empty if there are none.", associationItemAttributes()),
		},
	}
}

func (d *associationsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	list, ok := read[associationList](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	o := operation{verb: "Read", thing: "Associations", subject: "associations"}
	d.data.carryOutIn(ctx, o, list.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		// Read the whole list, even for one object. Other reads share the list, and reaching
		// its end proves that it is complete.
		rows, err := d.data.store.Associations(ctx, location)
		if err != nil {
			return err
		}
		list.LocationID = types.StringValue(location)
		list.Associations = []associationItem{}
		for _, row := range byKey(fitting(rows, list.ObjectKey, types.StringNull(), list.AssociationType)) {
			if list.includesPlatformMade() || !row.IsPlatformMade() {
				list.Associations = append(list.Associations, newAssociationItem(location, row))
			}
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
		return nil
	})
}

// includesPlatformMade reports whether the list includes associations that HighLevel made.
// A filter by the system-defined type includes them by default.
func (l associationList) includesPlatformMade() bool {
	if l.IncludePlatformMade.IsNull() {
		return l.AssociationType.ValueString() == ghl.SystemDefined
	}
	return l.IncludePlatformMade.ValueBool()
}

// byKey sorts associations by key. HighLevel guarantees no order, and a data source must
// not change between plans.
func byKey(rows []ghl.Association) []ghl.Association {
	return slices.SortedFunc(slices.Values(rows), func(a, b ghl.Association) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
	})
}
