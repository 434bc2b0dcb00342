package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

type customFieldFolderResource struct {
	namedResource[customFieldFolderModel, ghl.CustomField]
}

func newCustomFieldFolderResource() *customFieldFolderResource {
	return &customFieldFolderResource{namedResource[customFieldFolderModel, ghl.CustomField]{
		managed{noun: "custom_field_folder", form: customFieldFolderImport},
		func(s *store.Store, m customFieldFolderModel) *store.Named[ghl.CustomField] {
			return s.CustomFieldFolders(m.location(), m.ObjectKey.ValueString())
		},
	}}
}

func (r *customFieldFolderResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = managedSchema(ctx, "A folder of custom fields of a custom object or of `business` (the company object). HighLevel creates a first folder with each custom object, and that first folder needs no resource. A folder that contains fields cannot be destroyed: move or destroy the fields first."+movable, map[string]schema.Attribute{
		"id":          unchanging("Id that HighLevel assigned to the folder."),
		"location_id": managedLocation("folder"),
		"object_key":  fieldObjectKey("folder"),
		"name":        required(anyText, "Name of the folder, unique within its object. Updated in place."),
	})
}

// customFieldFolderModel is ghl_custom_field_folder in a configuration, a plan or a state.
type customFieldFolderModel struct {
	ID         types.String `tfsdk:"id"`
	LocationID types.String `tfsdk:"location_id"`
	ObjectKey  types.String `tfsdk:"object_key"`
	Name       types.String `tfsdk:"name"`

	timed
}

func (customFieldFolderModel) thing() string { return "Custom Field Folder" }

func (m customFieldFolderModel) inWords() string {
	if m.Name.IsNull() {
		return fmt.Sprintf("custom field folder with the id %q", m.ID.ValueString())
	}
	return fmt.Sprintf("custom field folder %q of the object %q", m.Name.ValueString(), m.ObjectKey.ValueString())
}

func (m customFieldFolderModel) location() string { return m.LocationID.ValueString() }

func (m customFieldFolderModel) ref() objectRef {
	ref := objectRef{LocationID: m.location(), ID: m.ID.ValueString(), By: "name"}
	if !m.ObjectKey.IsUnknown() {
		ref.Name = m.Name.ValueString()
	}
	return ref
}

func (m customFieldFolderModel) importID() string {
	ref := m.ref().byName()
	ref.Name = strings.ToLower(m.ObjectKey.ValueString()) + "/" + ref.Name
	return ref.importID()
}

func (m customFieldFolderModel) wanted() ghl.CustomField {
	return ghl.CustomField{ID: m.ID.ValueString(), LocationID: m.location(), ObjectKey: strings.ToLower(m.ObjectKey.ValueString()), Name: m.Name.ValueString(), IsFolder: true}
}

func (m customFieldFolderModel) created(row ghl.CustomField) customFieldFolderModel {
	m.ID = types.StringValue(row.ID)
	return m
}

func (m customFieldFolderModel) refreshed(row ghl.CustomField) customFieldFolderModel {
	m.ObjectKey = keptObject(m.ObjectKey, row)
	m.Name = keptUnless(m.Name, row.Name, ghl.SameLabel)
	return m.created(row)
}

func (m customFieldFolderModel) replaces(state customFieldFolderModel) path.Paths {
	paths := differing(equalText, compared{"location_id", m.LocationID, state.LocationID})
	paths.Append(differing(sameKey, compared{"object_key", m.ObjectKey, state.ObjectKey})...)
	return paths
}

// locate sets the object key of a folder that was imported only by its id.
func (m customFieldFolderModel) locate(ctx context.Context, s *store.Store) (customFieldFolderModel, error) {
	if !m.ObjectKey.IsNull() {
		return m, nil
	}
	row, err := fieldOrFolder(ctx, s, m.ref(), true)
	m.ObjectKey = given(fieldObjectOf(row))
	return m, err
}
