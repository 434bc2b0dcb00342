package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// standardObjects are the keys of the objects that HighLevel makes in each sub-account, as
// far as they were recorded.
var standardObjects = []string{"contact", "opportunity", "business"}

// IsStandardObject tells whether a key is that of an object that HighLevel makes in each
// sub-account.
func IsStandardObject(key string) bool {
	return slices.ContainsFunc(standardObjects, func(standard string) bool { return ghl.SameKey(key, standard) })
}

// ObjectKey is an object's key as HighLevel stores it: in full and in lower case. "pet" is
// short for "custom_objects.pet".
func ObjectKey(key string) string {
	key = strings.ToLower(key)
	if key == "" || IsStandardObject(key) || strings.HasPrefix(key, ghl.CustomObjects+".") {
		return key
	}
	return ghl.CustomObjects + "." + key
}

// Objects are the objects of a sub-account, standard ones included. The name of one is its
// key, as ObjectKey gives it. The error of a create may be a *KeyChangedError.
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
			return client.CreateObject(ctx, ghl.NewObject{
				LocationID: wanted.LocationID, Key: wanted.Key, Labels: wanted.Labels, Description: wanted.Description, PrimaryDisplayProperty: wanted.Primary,
			})
		},
		isKey: true,
		put: func(ctx context.Context, wanted ghl.Object) (*ghl.Object, error) {
			return a.updateObject(ctx, wanted.Key, ghl.ObjectChange{Labels: &wanted.Labels, Description: &wanted.Description})
		},
		remove:  client.DeleteObject,
		deleted: a.forgetObject,
	})
}

// UpdateObject changes an object, standard or custom: its labels, its description, or its
// searchable properties. The row is nil if the answer does not show it. The error is
// ErrNotFound if there is no such object.
func (s *Store) UpdateObject(ctx context.Context, locationID, key string, change ghl.ObjectChange) (*ghl.Object, error) {
	return s.accountToWrite(locationID).updateObject(ctx, key, change)
}

// updateObject changes an object. The API wants its searchable properties each time. A
// change that does not set them sends those that are stored: what this process wrote last,
// since a listing may lag, else what a new listing shows. Changes of one object take turns,
// or one could send what another has just replaced.
func (a *account) updateObject(ctx context.Context, key string, change ghl.ObjectChange) (*ghl.Object, error) {
	release, err := a.turns.take(ctx, a.objects.turn(strings.ToLower(key)))
	if err != nil {
		return nil, err
	}
	defer release()
	a.objects.rows.forget()
	stored, err := a.object(ctx, key)
	if errors.Is(err, ErrNotFound) { // a new object, which the listing does not show yet
		stored, err = a.store.client.Object(ctx, a.id, key)
	}
	if ghl.IsNotFound(err) {
		err = fmt.Errorf("object %q %w: %w", key, ErrNotFound, err)
	}
	if err != nil {
		return nil, err
	}
	defer a.objects.rows.forget()
	if change.SearchableProperties == nil {
		change.SearchableProperties = a.searchable(stored)
	}
	row, err := a.store.client.UpdateObject(ctx, a.id, stored.Key, change)
	if err == nil {
		a.searchables.Store(stored.ID, change.SearchableProperties)
	}
	return row, err
}

// searchable are the searchable properties of an object. Older servers do not show them.
func (a *account) searchable(stored ghl.Object) []string {
	written, _ := a.searchables.Load(stored.ID)
	if keys, ok := written.([]string); ok {
		return keys
	}
	if len(stored.SearchableProperties) > 0 {
		return stored.SearchableProperties
	}
	return []string{stored.PrimaryDisplayProperty}
}

// forgetObject forgets what has gone with a deleted object.
func (a *account) forgetObject(key string) {
	a.associations.forget()
	a.relations.forgetAll()
	a.customFields.mu.Lock()
	defer a.customFields.mu.Unlock()
	delete(a.customFields.ofObject, strings.ToLower(key)) // another object of the key has other fields
}

// PrimaryField finds the field that names an object's records. Its folder was made with the
// object. The error is ErrNotFound if the object's fields lack it.
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

// ObjectWithFields reads an object, by its key in full or in short, and its fields. The
// server may answer from a cache. The error is ErrNotFound if there is no such object.
func (s *Store) ObjectWithFields(ctx context.Context, locationID, key string) (ghl.Object, []ghl.CustomField, error) {
	for _, spelling := range slices.Compact([]string{ObjectKey(key), key}) {
		row, fields, err := s.client.ObjectWithFields(ctx, locationID, spelling)
		if !ghl.IsNotFound(err) {
			return row, fields, err
		}
	}
	return ghl.Object{}, nil, fmt.Errorf("object %q %w", key, ErrNotFound)
}

// object looks an object up in the listing of all. The error is ErrNotFound if that came
// whole and lacks the object, or if this process deleted the object.
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

// objectGone is nil if the listing of all objects lacks one. What the API says of its
// fields does not prove that.
func (a *account) objectGone(ctx context.Context, key string) error {
	_, err := a.object(ctx, key)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return fmt.Errorf("%w: HighLevel answers that the object %q has no fields, and lists the object all the same", ghl.ErrIncomplete, key)
	}
}

// Object reads an object by its key, standard or custom, from the listing of all. The error
// is ErrGone if it is proved that there is none.
func (s *Store) Object(ctx context.Context, locationID, key string) (ghl.Object, error) {
	a := s.account(locationID)
	row, err := a.object(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return a.objects.rows.read(ctx, key)
	}
	return row, err
}
