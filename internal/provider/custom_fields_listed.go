package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
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

// customFieldFilter is the configuration of a list of custom fields.
type customFieldFilter struct {
	customFieldFolderFilter

	KeyPrefix types.String `tfsdk:"key_prefix"`
}

// ofOneObject returns the schema of a list that covers one object.
func ofOneObject(description string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description + " " + listsNeed,
		Attributes: map[string]schema.Attribute{
			"location_id": listLocationAttribute(),
			"object_key":  schema.StringAttribute{MarkdownDescription: objectToList, Required: true, Validators: anObjectWithFields},
		},
	}
}

const objectToList = "Object to read: `custom_objects.<name>` or `business` (the company object)."

func (r *customFieldResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = ofOneObject("Lists the custom fields of an object.")
	resp.Schema.Attributes["key_prefix"] = listFilter(notEmpty, "Lists only fields whose full or short key begins with this prefix, in upper or lower case. Default: any key.")
}

func (r *customFieldResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listAll(ctx, r.data, "Custom Fields", req, stream, func(ctx context.Context, location string, filter customFieldFilter) listing[ghl.CustomField] {
		return listing[ghl.CustomField]{
			rows: r.data.store.CustomFields(location, filter.ObjectKey.ValueString()).Each(ctx),
			fits: filter.fits,
			result: func(row ghl.CustomField) list.ListResult {
				m := storedCustomField(location, row)
				return listResult(ctx, req, fmt.Sprintf("%s: %s", legible(row.Name), legible(row.FieldKey)), m.ref().identity(), m)
			},
		}
	})
}

func (r *customFieldFolderResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = ofOneObject("Lists the folders of custom fields of an object.")
}

func (r *customFieldFolderResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listAll(ctx, r.data, "Custom Field Folders", req, stream, func(ctx context.Context, location string, filter customFieldFolderFilter) listing[ghl.CustomField] {
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

func (f customFieldFilter) fits(row ghl.CustomField) bool {
	key, prefix := strings.ToLower(row.FieldKey), strings.ToLower(f.KeyPrefix.ValueString())
	short := strings.TrimPrefix(key, strings.ToLower(f.ObjectKey.ValueString())+".")
	return !row.IsFolder && (strings.HasPrefix(key, prefix) || strings.HasPrefix(short, prefix))
}

type customFieldsDataSource struct{ shown }

func newCustomFieldsDataSource() datasource.DataSource {
	return &customFieldsDataSource{shown{noun: "custom_fields"}}
}

// customFieldList is the model of the data source ghl_custom_fields.
type customFieldList struct {
	LocationID types.String            `tfsdk:"location_id"`
	ObjectKey  types.String            `tfsdk:"object_key"`
	Fields     []customFieldItem       `tfsdk:"fields"`
	Folders    []customFieldFolderItem `tfsdk:"folders"`
}

type customFieldItem struct {
	customFieldFields

	ImportID types.String `tfsdk:"import_id"`
}

type customFieldFolderItem struct {
	ID       types.String `tfsdk:"id"`
	Name     types.String `tfsdk:"name"`
	ImportID types.String `tfsdk:"import_id"`
}

func (d *customFieldsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = datasourceschema.Schema{
		MarkdownDescription: "Lists the custom fields of a custom object or of `business` (the company object), and their folders.",
		Attributes: map[string]datasourceschema.Attribute{
			"location_id": locationAttribute(),
			"object_key":  datasourceschema.StringAttribute{MarkdownDescription: objectToList, Required: true, Validators: anObjectWithFields},
			"fields":      itemsAttribute("The custom fields, ordered by key; empty if there are none.", customFieldItemAttributes()),
			"folders": itemsAttribute("The folders, ordered by name; empty if there are none.", map[string]datasourceschema.Attribute{
				"id": computedText("Id of the folder."), "name": computedText("Name of the folder."),
				"import_id": computedText("Id to use in an `import` block, including the sub-account."),
			}),
		},
	}
}

func (d *customFieldsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	listed, _ := read[customFieldList](ctx, req.Config, &resp.Diagnostics)
	o := operation{verb: "Read", thing: "Custom Fields", subject: fmt.Sprintf("custom fields of the object %q", listed.ObjectKey.ValueString())}
	d.data.carryOutIn(ctx, o, listed.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		rows, err := d.data.store.CustomFields(location, listed.ObjectKey.ValueString()).All(ctx)
		if err == nil {
			listed.take(location, rows)
			resp.Diagnostics.Append(resp.State.Set(ctx, listed)...)
		}
		return err
	})
}

// take fills the list with the fields and folders of an object.
func (l *customFieldList) take(location string, rows []ghl.CustomField) {
	l.LocationID, l.Fields, l.Folders = types.StringValue(location), []customFieldItem{}, []customFieldFolderItem{}
	for _, row := range slices.SortedFunc(slices.Values(rows), func(a, b ghl.CustomField) int {
		return cmp.Or(cmp.Compare(a.FieldKey, b.FieldKey), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	}) {
		ref := objectRef{LocationID: location, ID: row.ID}
		if row.IsFolder {
			l.Folders = append(l.Folders, customFieldFolderItem{types.StringValue(row.ID), types.StringValue(row.Name), types.StringValue(ref.importID())})
		} else {
			l.Fields = append(l.Fields, customFieldItem{storedCustomField(location, row).customFieldFields, types.StringValue(ref.importID())})
		}
	}
}
