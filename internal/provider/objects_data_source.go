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

// shownObject is an object in a data source, as HighLevel stores it.
type shownObject struct {
	ID                        types.String `tfsdk:"id"`
	LocationID                types.String `tfsdk:"location_id"`
	ObjectKey                 types.String `tfsdk:"object_key"`
	SingularLabel             types.String `tfsdk:"singular_label"`
	PluralLabel               types.String `tfsdk:"plural_label"`
	Description               types.String `tfsdk:"description"`
	Type                      types.String `tfsdk:"type"`
	Standard                  types.Bool   `tfsdk:"standard"`
	PrimaryDisplayPropertyKey types.String `tfsdk:"primary_display_property_key"`
	SearchableProperties      []string     `tfsdk:"searchable_properties"`
}

func newShownObject(location string, row ghl.Object) shownObject {
	return shownObject{
		ID: types.StringValue(row.ID), LocationID: types.StringValue(location), ObjectKey: types.StringValue(row.Key),
		SingularLabel: given(row.Labels.Singular), PluralLabel: given(row.Labels.Plural), Description: given(row.Description),
		Type: given(row.Type), Standard: types.BoolValue(row.Standard), PrimaryDisplayPropertyKey: given(row.PrimaryDisplayProperty),
		SearchableProperties: append([]string{}, row.SearchableProperties...),
	}
}

// shownObjectAttributes are the attributes of a shownObject.
func shownObjectAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                           computedText("Id of the object."),
		"location_id":                  computedText("Id of the sub-account (location)."),
		"object_key":                   computedText("Full key of the object, such as `contact` or `custom_objects.pet`."),
		"singular_label":               computedText("Singular name of the object's records."),
		"plural_label":                 computedText("Plural name of the object's records."),
		"description":                  computedText("What the object is for; null if there is no description."),
		"type":                         computedText("Who made the object: `USER_DEFINED` or `SYSTEM_DEFINED`."),
		"standard":                     schema.BoolAttribute{MarkdownDescription: "Whether the object is a standard object, which HighLevel makes itself and which cannot be managed.", Computed: true},
		"primary_display_property_key": computedText("Full key of the field that names the object's records."),
		"searchable_properties": schema.ListAttribute{
			MarkdownDescription: "Full keys of the fields that record searches cover; empty if HighLevel does not show them.",
			ElementType:         types.StringType, Computed: true,
		},
	}
}

type objectsDataSource struct{ shown }

func newObjectsDataSource() datasource.DataSource {
	return &objectsDataSource{shown{noun: "objects"}}
}

// objectList is the data source ghl_objects.
type objectList struct {
	LocationID types.String `tfsdk:"location_id"`
	Objects    []objectItem `tfsdk:"objects"`
}

type objectItem struct {
	shownObject

	ImportID types.String `tfsdk:"import_id"`
}

func newObjectItem(location string, row ghl.Object) objectItem {
	item := objectItem{newShownObject(location, row), types.StringNull()}
	if !row.Standard {
		item.ImportID = types.StringValue(objectRef{LocationID: location, ID: row.ID}.importID())
	}
	return item
}

func (d *objectsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	items := shownObjectAttributes()
	items["import_id"] = computedText("Import id of a custom object for the `id` of an `import` block, sub-account included; null for a standard object.")
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the objects of a sub-account, standard and custom.",
		Attributes:          map[string]schema.Attribute{"location_id": locationAttribute(), "objects": itemsAttribute("The objects, ordered by key.", items)},
	}
}

func (d *objectsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	list, _ := read[objectList](ctx, req.Config, &resp.Diagnostics)
	o := operation{verb: "Read", thing: "Objects", subject: "objects"}
	d.data.carryOutIn(ctx, o, list.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		rows, err := d.data.store.Objects(location).All(ctx)
		if err != nil {
			return err
		}
		list.LocationID, list.Objects = types.StringValue(location), []objectItem{}
		for _, row := range slices.SortedFunc(slices.Values(rows), func(a, b ghl.Object) int {
			return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
		}) {
			list.Objects = append(list.Objects, newObjectItem(location, row))
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, list)...)
		return nil
	})
}
