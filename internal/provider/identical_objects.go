package provider

import (
	"context"
	"errors"
	"reflect"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// An existing object is identical to a planned object if HighLevel did not make it
// itself, and if a refresh of the planned values would show no change. A refresh ignores
// fields that HighLevel never changes or does not always show, so this file compares
// those fields.

// sameAsPlanned reports whether row is identical to the named object that a plan creates.
func sameAsPlanned[M namedModel[M, T], T any](ctx context.Context, s *store.Store, plan M, row T) bool {
	made := plan.created(row)
	if !reflect.DeepEqual(made.wanted(), made.refreshed(row).wanted()) {
		return false
	}
	m, isStrict := any(plan).(overlooking[T])
	return !isStrict || m.isIdentical(ctx, s, row)
}

// overlooking is a named model whose refresh ignores some fields. isIdentical compares
// those fields.
type overlooking[T any] interface {
	isIdentical(ctx context.Context, s *store.Store, row T) bool
}

func (m associationModel) isIdentical(row ghl.Association) bool {
	return !row.IsPlatformMade() && m.wanted() == m.refreshed(row).wanted()
}

// isIdentical requires the same order of the records as in the plan, unless the records
// are known to belong to two different objects.
func (m relationModel) isIdentical(ctx context.Context, s *store.Store, row ghl.Relation) bool {
	if _, ok := row.Oriented(m.FirstRecordID.ValueString(), m.SecondRecordID.ValueString()); !ok || row.AssociationID != m.AssociationID.ValueString() {
		return false
	}
	if row.FirstRecordID == m.FirstRecordID.ValueString() || row.FirstObjectKey != "" && row.SecondObjectKey != "" {
		return true
	}
	association, err := s.Association(ctx, m.location(), row.AssociationID)
	return err == nil && association.FirstObjectKey != association.SecondObjectKey
}

// isIdentical also compares the field that names the object's records. If HighLevel does
// not show which field names the records, the object does not count as identical.
func (m customObjectModel) isIdentical(ctx context.Context, s *store.Store, row ghl.Object) bool {
	primary := m.primary()
	if row.Standard || row.Type == ghl.SystemDefined || !ghl.SameFullKey(row.PrimaryDisplayProperty, row.Key, primary.Key.ValueString()) {
		return false
	}
	field, err := s.PrimaryField(ctx, m.location(), row.Key, row.PrimaryDisplayProperty)
	return err == nil && ghl.SameLabel(field.Name, primary.Name.ValueString()) && field.DataType == primary.DataType.ValueString()
}

// isIdentical requires the same options in the same order, and no others.
func (m customFieldModel) isIdentical(_ context.Context, _ *store.Store, row ghl.CustomField) bool {
	options := optionsIn(m.Options)
	if len(options) != len(row.Options) || row.DataType != m.DataType.ValueString() || !m.FolderID.IsUnknown() && row.ParentID != m.FolderID.ValueString() {
		return false
	}
	for i, option := range options {
		if !option.is(row.Options[i]) {
			return false
		}
	}
	return true
}

// isIdentical excludes the folder that HighLevel made along with the object. That folder
// contains the field that names the object's records.
func (m customFieldFolderModel) isIdentical(ctx context.Context, s *store.Store, row ghl.CustomField) bool {
	object, err := s.Object(ctx, m.location(), m.ObjectKey.ValueString())
	if err != nil {
		return false
	}
	field, err := s.PrimaryField(ctx, m.location(), object.Key, object.PrimaryDisplayProperty)
	return errors.Is(err, store.ErrNotFound) || err == nil && field.ParentID != row.ID
}
