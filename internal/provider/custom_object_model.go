package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// customObjectModel is ghl_custom_object in a configuration, a plan or a state. It keeps
// the user's spelling of the keys, even if HighLevel stores them differently.
type customObjectModel struct {
	ID                     types.String `tfsdk:"id"`
	LocationID             types.String `tfsdk:"location_id"`
	Key                    types.String `tfsdk:"key"`
	ObjectKey              types.String `tfsdk:"object_key"`
	SingularLabel          types.String `tfsdk:"singular_label"`
	PluralLabel            types.String `tfsdk:"plural_label"`
	Description            types.String `tfsdk:"description"`
	PrimaryDisplayProperty types.Object `tfsdk:"primary_display_property"`
	FieldFolderID          types.String `tfsdk:"field_folder_id"`
	DeletionPolicy         types.String `tfsdk:"deletion_policy"`
	timed
}

func (customObjectModel) thing() string { return "Custom Object" }

func (m customObjectModel) inWords() string {
	if m.Key.IsNull() {
		return fmt.Sprintf("custom object with the id %q", m.ID.ValueString())
	}
	return fmt.Sprintf("custom object %q", m.Key.ValueString())
}

func (m customObjectModel) location() string { return m.LocationID.ValueString() }

func (m customObjectModel) ref() objectRef {
	return objectRef{LocationID: m.location(), ID: m.ID.ValueString(), By: "key", Name: store.ObjectKey(m.Key.ValueString())}
}

func (m customObjectModel) importID() string { return m.ref().byName().importID() }

func (m customObjectModel) primary() displayProperty {
	return readDisplayProperty(m.PrimaryDisplayProperty)
}

func (m customObjectModel) wanted() ghl.Object {
	wanted := ghl.Object{
		ID: m.ID.ValueString(), LocationID: m.location(), Key: store.ObjectKey(m.Key.ValueString()), Description: m.Description.ValueString(),
		Labels: ghl.ObjectLabels{Singular: m.SingularLabel.ValueString(), Plural: m.PluralLabel.ValueString()},
	}
	if primary := m.primary(); wanted.ID == "" { // only a create sends the primary property
		wanted.Primary = ghl.NewProperty{Key: primary.Key.ValueString(), Name: primary.Name.ValueString(), DataType: primary.DataType.ValueString()}
	}
	return wanted
}

func (m customObjectModel) created(row ghl.Object) customObjectModel {
	m.ID = types.StringValue(row.ID)
	if m.ObjectKey.ValueString() == "" {
		m.ObjectKey = types.StringValue(row.Key)
	}
	if m.FieldFolderID.IsUnknown() {
		m.FieldFolderID = types.StringNull() // only the object's fields contain the folder's id
	}
	return m
}

func (m customObjectModel) refreshed(row ghl.Object) customObjectModel {
	m.Key = keptUnless(m.Key, row.Key, sameObjectKey)
	m.ObjectKey = types.StringValue(row.Key)
	m.SingularLabel = keptUnless(m.SingularLabel, row.Labels.Singular, ghl.SameLabel)
	m.PluralLabel = keptUnless(m.PluralLabel, row.Labels.Plural, ghl.SameLabel)
	if m.Description = keptUnless(m.Description, row.Description, ghl.SameLabel); row.Description == "" {
		m.Description = types.StringNull()
	}
	if row.PrimaryDisplayProperty != "" { // some servers do not return the property
		primary := m.primary()
		primary.Key = keptUnless(primary.Key, row.PrimaryDisplayProperty, sameFieldKey(row.Key))
		m.PrimaryDisplayProperty = primary.value()
	}
	return m.created(row)
}

// storedCustomObject returns row exactly as HighLevel stores it.
func storedCustomObject(location string, row ghl.Object) customObjectModel {
	m := customObjectModel{
		LocationID: types.StringValue(location), PrimaryDisplayProperty: types.ObjectNull(displayPropertyTypes),
		DeletionPolicy: types.StringValue(protectObject), timed: noTimeouts(),
	}
	return m.refreshed(row)
}

// isStandard reports whether m is a standard object, which HighLevel makes. Only an
// import can specify a standard object.
func (m customObjectModel) isStandard() bool {
	return !strings.HasPrefix(strings.ToLower(m.ObjectKey.ValueString()), ghl.CustomObjects+".")
}

// completed returns the state m, with the folder that HighLevel made with the object and,
// after an import, the whole primary display property. The folder and the property are
// read from the object's fields. Later refreshes leave the property unchanged, so that
// renaming the field does not replace the object. A missing folder is not an error.
func (m customObjectModel) completed(ctx context.Context, s *store.Store) (customObjectModel, error) {
	primary := m.primary()
	isImport := primary.Name.IsNull()
	if !isImport && !m.FieldFolderID.IsNull() {
		return m, nil
	}
	field, err := s.PrimaryField(ctx, m.location(), m.ObjectKey.ValueString(), primary.Key.ValueString())
	if err != nil && isImport && !errors.Is(err, store.ErrNotFound) {
		return m, err
	}
	if err == nil {
		m.FieldFolderID = given(field.ParentID)
	}
	if err == nil && isImport {
		primary.Name, primary.DataType = given(field.Name), given(field.DataType)
		m.PrimaryDisplayProperty = primary.value()
	}
	return m, nil
}

func sameObjectKey(a, b string) bool { return store.ObjectKey(a) == store.ObjectKey(b) }

// sameFieldKey returns a function that reports whether two keys, each full or short, belong
// to the same field of an object.
func sameFieldKey(objectKey string) func(a, b string) bool {
	return func(a, b string) bool { return ghl.SameFullKey(a, objectKey, b) || ghl.SameFullKey(b, objectKey, a) }
}

func (m customObjectModel) spelledLike(state customObjectModel) customObjectModel {
	if !m.Key.IsUnknown() {
		m.Key = keptUnless(state.Key, m.Key.ValueString(), sameObjectKey)
	}
	if primary := m.primary(); !m.PrimaryDisplayProperty.IsUnknown() && !primary.Key.IsUnknown() {
		primary.Key = keptUnless(state.primary().Key, primary.Key.ValueString(), sameFieldKey(state.ObjectKey.ValueString()))
		m.PrimaryDisplayProperty = primary.value()
	}
	m.FieldFolderID = state.FieldFolderID // null as well
	return m
}

// replaces lists the attributes whose change requires a replacement. It ignores values
// that are null in the state because HighLevel did not return them.
func (m customObjectModel) replaces(state customObjectModel) path.Paths {
	paths := differing(equalText, compared{"location_id", m.LocationID, state.LocationID}, compared{"key", m.Key, state.Key})
	if m.PrimaryDisplayProperty.IsUnknown() {
		paths.Append(path.Root("primary_display_property"))
		return paths
	}
	now, then := m.primary(), state.primary()
	for _, part := range []compared{{"key", now.Key, then.Key}, {"name", now.Name, then.Name}, {"data_type", now.DataType, then.DataType}} {
		if !part.prior.IsNull() && !part.planned.Equal(part.prior) {
			paths.Append(path.Root("primary_display_property").AtName(part.name))
		}
	}
	return paths
}
