package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// customFieldModel is ghl_custom_field in a configuration, a plan or a state. It keeps
// the user's spelling of the keys, even if HighLevel stores them differently.
type customFieldModel struct {
	customFieldFields
	timed

	DeletionProtection types.Bool `tfsdk:"deletion_protection"`
}

func (customFieldModel) thing() string { return "Custom Field" }

func (m customFieldModel) inWords() string {
	if m.Key.IsNull() {
		return fmt.Sprintf("custom field with the id %q", m.ID.ValueString())
	}
	return fmt.Sprintf("custom field %q", cmp.Or(m.fullKey(), m.Key.ValueString()))
}

func (m customFieldModel) location() string { return m.LocationID.ValueString() }

// fullKey returns the key as HighLevel stores it. While the object is unknown, it returns
// the configured key in lower case.
func (m customFieldModel) fullKey() string {
	object, key := strings.ToLower(m.ObjectKey.ValueString()), strings.ToLower(m.Key.ValueString())
	if object == "" || key == "" || strings.HasPrefix(key, object+".") {
		return key
	}
	return object + "." + key
}

func (m customFieldModel) ref() objectRef {
	ref := objectRef{LocationID: m.location(), ID: m.ID.ValueString(), By: "key"}
	if m.ObjectKey.ValueString() != "" {
		ref.Name = m.fullKey()
	}
	return ref
}

func (m customFieldModel) importID() string { return m.ref().byName().importID() }

func (customFieldModel) loss() string { return "its values in all records" }

func (m customFieldModel) isProtected() bool { return m.DeletionProtection.ValueBool() }

func (m customFieldModel) refused(verb string, because ...path.Path) diag.Diagnostic {
	return protectedError(verb, m, because...)
}

func (m customFieldModel) wanted() ghl.CustomField {
	var formats []string
	if len(m.AcceptedFormats.Elements()) > 0 {
		m.AcceptedFormats.ElementsAs(context.Background(), &formats, false) // the schema guarantees the type
		slices.Sort(formats)
	}
	return ghl.CustomField{
		ID: m.ID.ValueString(), LocationID: m.location(), ObjectKey: strings.ToLower(m.ObjectKey.ValueString()), ParentID: m.FolderID.ValueString(),
		FieldKey: m.fullKey(), DataType: m.DataType.ValueString(), Name: m.Name.ValueString(),
		Description: m.Description.ValueString(), Placeholder: m.Placeholder.ValueString(), ShowInForms: m.ShowInForms.ValueBool(),
		Options: optionRows(m.Options), AllowCustomOption: m.AllowCustomOption.ValueBool(),
		AcceptedFormats: formats, MaxFileLimit: int(m.MaxFiles.ValueInt64()),
	}
}

// change returns the values that an update sends. It omits optional values that do not
// change.
func (m customFieldModel) change(state customFieldModel) ghl.CustomField {
	wanted := m.wanted()
	if m.Options.Equal(state.Options) {
		wanted.Options = nil
	}
	if m.AcceptedFormats.Equal(state.AcceptedFormats) {
		wanted.AcceptedFormats = nil
	} else if wanted.AcceptedFormats == nil {
		wanted.AcceptedFormats = []string{} // removes them
	}
	if m.MaxFiles.Equal(state.MaxFiles) {
		wanted.MaxFileLimit = 0
	}
	return wanted
}

func (m customFieldModel) changed(row *ghl.CustomField) customFieldModel {
	if row == nil {
		row = &ghl.CustomField{}
	}
	return m.decided(*row)
}

// decided returns the plan m, with unknown values taken from row.
func (m customFieldModel) decided(row ghl.CustomField) customFieldModel {
	if m.FolderID.IsUnknown() {
		m.FolderID = given(row.ParentID)
	}
	if m.AcceptedFormats.IsUnknown() {
		m.AcceptedFormats = formatSet(row.AcceptedFormats)
	}
	if m.MaxFiles.IsUnknown() {
		m.MaxFiles = numberOrNull(row.MaxFileLimit)
	}
	if m.AllowCustomOption.IsUnknown() {
		m.AllowCustomOption = types.BoolValue(row.AllowCustomOption)
	}
	m.Options = createdKeys(m.Options, row.Options)
	return m
}

func (m customFieldModel) created(row ghl.CustomField) customFieldModel {
	m.ID, m.FieldKey = types.StringValue(row.ID), types.StringValue(m.fullKey())
	return m.decided(row)
}

// refreshed returns the state m with the values of row. Empty values become null.
func (m customFieldModel) refreshed(row ghl.CustomField) customFieldModel {
	if m.Options = refreshedOptions(m.Options, row.Options); m.Name.IsNull() { // an import
		m.Options = storedOptions(row.Options)
	}
	m.ObjectKey = keptObject(m.ObjectKey, row)
	if stored := strings.ToLower(row.FieldKey); m.Key.IsNull() || m.fullKey() != stored {
		m.Key = types.StringValue(strings.TrimPrefix(stored, strings.ToLower(m.ObjectKey.ValueString())+"."))
	}
	m.Name = keptUnless(m.Name, row.Name, ghl.SameLabel)
	m.DataType = given(cmp.Or(m.DataType.ValueString(), row.DataType)) // HighLevel never changes the data type
	m.FolderID = given(cmp.Or(row.ParentID, m.FolderID.ValueString()))
	m.Description = keptOrNull(m.Description, row.Description, ghl.SameLabel)
	m.Placeholder = keptOrNull(m.Placeholder, row.Placeholder, ghl.SameLabel)
	m.ShowInForms = types.BoolValue(row.ShowInForms)
	if stored := formatSet(row.AcceptedFormats); len(stored.Elements())+len(m.AcceptedFormats.Elements()) > 0 {
		m.AcceptedFormats = stored
	}
	if int(m.MaxFiles.ValueInt64()) != row.MaxFileLimit {
		m.MaxFiles = numberOrNull(row.MaxFileLimit)
	}
	m.AllowCustomOption = types.BoolValue(row.AllowCustomOption)
	return m.created(row)
}

// storedCustomField returns row exactly as HighLevel stores it.
func storedCustomField(location string, row ghl.CustomField) customFieldModel {
	m := customFieldModel{timed: noTimeouts(), DeletionProtection: types.BoolValue(false)}
	m.LocationID, m.Options, m.AcceptedFormats = types.StringValue(location), types.ListNull(fieldOptionType), types.SetNull(types.StringType)
	return m.refreshed(row)
}

// spelledLike returns the plan m, with the state's spelling of each key that differs only
// in spelling.
func (m customFieldModel) spelledLike(state customFieldModel) customFieldModel {
	if sameKey(m.ObjectKey, state.ObjectKey) {
		m.ObjectKey = state.ObjectKey
	}
	if !m.Key.IsUnknown() && m.fullKey() == state.fullKey() {
		m.Key, m.FieldKey = state.Key, state.FieldKey
	}
	return m
}

func (m customFieldModel) replaces(state customFieldModel) path.Paths {
	paths := differing(equalText, compared{"location_id", m.LocationID, state.LocationID})
	if !m.DataType.Equal(state.DataType) && !state.DataType.IsNull() {
		paths.Append(path.Root("data_type"))
	}
	paths.Append(differing(sameKey, compared{"object_key", m.ObjectKey, state.ObjectKey})...)
	if m.Key.IsUnknown() || m.ObjectKey.IsUnknown() || m.fullKey() != state.fullKey() {
		paths.Append(path.Root("key"))
	}
	if !m.FolderID.Equal(state.FolderID) && state.FolderID.ValueString() != "" {
		paths.Append(path.Root("folder_id"))
	}
	if !m.AllowCustomOption.Equal(state.AllowCustomOption) && !state.AllowCustomOption.IsNull() {
		paths.Append(path.Root("allow_custom_option"))
	}
	return paths
}

// locate sets the object key of a field that was imported only by its id.
func (m customFieldModel) locate(ctx context.Context, s *store.Store) (customFieldModel, error) {
	if !m.ObjectKey.IsNull() {
		return m, nil
	}
	row, err := fieldOrFolder(ctx, s, m.ref(), false)
	m.ObjectKey = given(fieldObjectOf(row))
	return m, err
}
