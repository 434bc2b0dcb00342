package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

type objectDataSource struct{ shown }

func newObjectDataSource() datasource.DataSource {
	return &objectDataSource{shown{noun: "object"}}
}

// objectLookup is the data source ghl_object: what to look for, and the object that was found.
type objectLookup struct {
	Key types.String `tfsdk:"key"`
	shownObject

	Fields []objectField `tfsdk:"fields"`
}

// objectField is a field of an object. This endpoint returns the fields of every object,
// even of objects whose fields no other endpoint lists.
type objectField struct {
	ID          types.String `tfsdk:"id"`
	FieldKey    types.String `tfsdk:"field_key"`
	Name        types.String `tfsdk:"name"`
	DataType    types.String `tfsdk:"data_type"`
	Description types.String `tfsdk:"description"`
	FolderID    types.String `tfsdk:"folder_id"`
}

func (d *objectDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := shownObjectAttributes()
	attributes["location_id"] = locationAttribute()
	attributes["key"] = schema.StringAttribute{
		MarkdownDescription: "Key of the object, in upper or lower case: `contact`, `opportunity`, `business` (the company object), or the key of a custom object, either full (`custom_objects.pet`) or short (`pet`).",
		Required:            true, Validators: notEmpty,
	}
	attributes["fields"] = itemsAttribute("The fields of the object, in HighLevel's order.", map[string]schema.Attribute{
		"id":          computedText("Id of the field."),
		"field_key":   computedText("Full key of the field."),
		"name":        computedText("Name of the field."),
		"data_type":   computedText("Data type of the field, such as `TEXT`."),
		"description": computedText("What the field is for; null if there is no description."),
		"folder_id":   computedText("Id of the field's folder; null if HighLevel does not show it."),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one object, standard or custom, and its fields. HighLevel may answer from a cache for a while after a change.",
		Attributes:          attributes,
	}
}

func (d *objectDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	lookup, _ := read[objectLookup](ctx, req.Config, &resp.Diagnostics)
	o := operation{verb: "Read", thing: "Object", subject: fmt.Sprintf("object with the key %q", lookup.Key.ValueString())}
	d.data.carryOutIn(ctx, o, lookup.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		row, fields, err := d.data.store.ObjectWithFields(ctx, location, lookup.Key.ValueString())
		if err != nil {
			return err
		}
		lookup.shownObject, lookup.Fields = newShownObject(location, row), []objectField{}
		for _, f := range fields {
			lookup.Fields = append(lookup.Fields, newObjectField(f))
		}
		resp.Diagnostics.Append(resp.State.Set(ctx, lookup)...)
		return nil
	})
}

func newObjectField(f ghl.CustomField) objectField {
	return objectField{
		ID: types.StringValue(f.ID), FieldKey: types.StringValue(f.FieldKey), Name: given(f.Name), DataType: given(f.DataType),
		Description: given(f.Description), FolderID: given(f.ParentID),
	}
}
