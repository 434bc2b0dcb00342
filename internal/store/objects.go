package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// standardObjects are the keys of the objects that HighLevel makes in each sub-account.
var standardObjects = []string{"contact", "opportunity", "business"}

// IsStandardObject reports whether a key belongs to an object that HighLevel makes in each
// sub-account.
func IsStandardObject(key string) bool {
	return slices.ContainsFunc(standardObjects, func(standard string) bool { return ghl.SameKey(key, standard) })
}

// ObjectKey returns an object's key as HighLevel stores it: in full and in lower case.
// "pet" is short for "custom_objects.pet".
func ObjectKey(key string) string {
	key = strings.ToLower(key)
	if key == "" || IsStandardObject(key) || strings.HasPrefix(key, ghl.CustomObjects+".") {
		return key
	}
	return ghl.CustomObjects + "." + key
}

// Objects returns the objects of a sub-account, including standard ones. The name of an
// object is its key, as ObjectKey returns it. The error of a create may be a
// *KeyChangedError.
func (s *Store) Objects(locationID string) *Named[ghl.Object] {
	return s.account(locationID).objects
}

func newObjects(a *account) *Named[ghl.Object] {
	client := a.store.client
	rows := &collection[ghl.Object]{
		account: a, kind: "object", id: func(row ghl.Object) string { return row.ID },
		get: client.Object, pages: client.ObjectPages, neverEmpty: true,
	}
	return newNamed(rows, namedCalls[ghl.Object]{
		name: func(row ghl.Object) string { return strings.ToLower(row.Key) },
		holds: func(row, wanted ghl.Object) bool {
			return ghl.SameLabel(row.Labels.Singular, wanted.Labels.Singular) && ghl.SameLabel(row.Labels.Plural, wanted.Labels.Plural) &&
				ghl.SameFullKey(row.PrimaryDisplayProperty, row.Key, wanted.Primary.Key)
		},
		stores: func(row, wanted ghl.Object) bool {
			return ghl.SameLabel(row.Labels.Singular, wanted.Labels.Singular) && ghl.SameLabel(row.Labels.Plural, wanted.Labels.Plural) &&
				ghl.SameLabel(row.Description, wanted.Description)
		},
		post: func(ctx context.Context, wanted ghl.Object) (ghl.Object, error) {
			row, err := client.CreateObject(ctx, ghl.NewObject{
				LocationID: wanted.LocationID, Key: wanted.Key, Labels: wanted.Labels, Description: wanted.Description, PrimaryDisplayProperty: wanted.Primary,
			})
			if err == nil {
				a.newObjects.add(row.ID)
			}
			return row, err
		},
		isKey: true,
		put: func(ctx context.Context, wanted ghl.Object) (*ghl.Object, error) {
			return a.updateObject(ctx, wanted.Key, wanted.ID, ghl.ObjectChange{Labels: &wanted.Labels, Description: &wanted.Description})
		},
		remove:  client.DeleteObject,
		deleted: a.forgetObject,
	})
}

// forgetObject drops the cached rows of everything that the server deletes together with an
// object.
func (a *account) forgetObject(key string) {
	a.associations.forget()
	a.relations.forgetAll()
	a.customFields.mu.Lock()
	defer a.customFields.mu.Unlock()
	delete(a.customFields.ofObject, strings.ToLower(key)) // a new object with the same key has other fields
}

// PrimaryField finds the field that provides the display names of an object's records.
// HighLevel makes the field and its folder with the object. The error is ErrNotFound if the
// object has no field with that key.
func (s *Store) PrimaryField(ctx context.Context, locationID, objectKey, fieldKey string) (ghl.CustomField, error) {
	rows, err := s.CustomFields(locationID, objectKey).All(ctx)
	if err != nil {
		return ghl.CustomField{}, err
	}
	for _, row := range rows {
		if !row.IsFolder && ghl.SameFullKey(row.FieldKey, objectKey, fieldKey) {
			return row, nil
		}
	}
	return ghl.CustomField{}, fmt.Errorf("field %q %w", fieldKey, ErrNotFound)
}

// ObjectWithFields reads an object, by its full or short key, and its fields. The server
// may return cached data. The error is ErrNotFound if there is no object with that key.
func (s *Store) ObjectWithFields(ctx context.Context, locationID, key string) (ghl.Object, []ghl.CustomField, error) {
	for _, spelling := range slices.Compact([]string{ObjectKey(key), key}) {
		row, fields, err := s.client.ObjectWithFields(ctx, locationID, spelling)
		if !ghl.IsNotFound(err) {
			return row, fields, err
		}
	}
	return ghl.Object{}, nil, fmt.Errorf("object %q %w", key, ErrNotFound)
}

// object looks an object up in the listing of all objects. The error is ErrNotFound if the
// listing is complete and lacks the object, or if this process deleted the object.
func (a *account) object(ctx context.Context, key string) (ghl.Object, error) {
	rows, err := a.objects.All(ctx)
	if err != nil {
		return ghl.Object{}, err
	}
	for _, row := range rows {
		if ghl.SameKey(row.Key, key) && !a.changes.gone.has(row.ID) {
			return row, nil
		}
	}
	if len(rows) == 0 {
		return ghl.Object{}, errNoRows
	}
	return ghl.Object{}, fmt.Errorf("object %q %w", key, ErrNotFound)
}

// objectGone returns nil if the listing of all objects lacks an object. An answer about the
// object's fields does not prove that the object is gone.
func (a *account) objectGone(ctx context.Context, key string) error {
	_, err := a.object(ctx, key)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return fmt.Errorf("%w: HighLevel answers that the object %q has no fields, but still lists the object", ghl.ErrIncomplete, key)
	}
}

// Object reads an object, standard or custom, by its key from the listing of all objects.
// The error is ErrGone if it is proved that the object does not exist.
func (s *Store) Object(ctx context.Context, locationID, key string) (ghl.Object, error) {
	a := s.account(locationID)
	row, err := a.object(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return a.objects.rows.read(ctx, key)
	}
	return row, err
}
