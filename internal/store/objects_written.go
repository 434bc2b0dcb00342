package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// ErrRemade means that the object to be changed was deleted, and another object was made
// under its key.
var ErrRemade = errors.New("the key now belongs to another object")

// ErrNoSearchable means that no answer shows the searchable properties of an object, which
// every change must include.
var ErrNoSearchable = errors.New("HighLevel does not show the object's searchable properties")

// UpdateObject changes an object, standard or custom: its labels, its description, or its
// searchable properties. The row is nil if the answer does not show it. The error is
// ErrNotFound if there is no object with that key, and ErrNoSearchable if the change does
// not set the searchable properties and no answer shows them.
func (s *Store) UpdateObject(ctx context.Context, locationID, key string, change ghl.ObjectChange) (*ghl.Object, error) {
	return s.accountToWrite(locationID).updateObject(ctx, key, "", change)
}

// updateObject changes the object with a key. If id is not "", the object must have that
// id. The API requires the searchable properties in every change: if a change does not set
// them, updateObject sends the stored ones. Changes of one object take turns. Otherwise,
// one change could send properties that another change has just replaced.
func (a *account) updateObject(ctx context.Context, key, id string, change ghl.ObjectChange) (*ghl.Object, error) {
	release, err := a.turns.take(ctx, a.objects.turn(strings.ToLower(key)))
	if err != nil {
		return nil, err
	}
	defer release()
	a.objects.rows.forget()
	stored, err := a.object(ctx, key)
	if errors.Is(err, ErrNotFound) { // the object is new, and not in the listing yet
		stored, err = a.store.client.Object(ctx, a.id, key)
	}
	if ghl.IsNotFound(err) {
		err = fmt.Errorf("object %q %w: %w", key, ErrNotFound, err)
	}
	if err == nil && id != "" && stored.ID != id {
		err = fmt.Errorf("%w: %q has the id %s, not %s", ErrRemade, key, stored.ID, id)
	}
	if err == nil && change.SearchableProperties == nil {
		change.SearchableProperties, err = a.searchable(ctx, stored)
	}
	if err != nil {
		return nil, err
	}
	defer a.objects.rows.forget()
	row, err := a.store.client.UpdateObject(ctx, a.id, stored.Key, change)
	if err == nil {
		a.searchables.Store(stored.ID, change.SearchableProperties)
	}
	return row, err
}

// searchable returns the searchable properties of an object. It prefers those that this
// process wrote last, because a listing may lag. Otherwise, it takes them from the listing
// or from a read of the object. If the server returns none, a new object is assumed to have
// only its primary display property.
func (a *account) searchable(ctx context.Context, stored ghl.Object) ([]string, error) {
	written, _ := a.searchables.Load(stored.ID)
	if keys, ok := written.([]string); ok {
		return keys, nil
	}
	if len(stored.SearchableProperties) > 0 {
		return stored.SearchableProperties, nil
	}
	alone, err := a.store.client.Object(ctx, a.id, stored.Key)
	switch {
	case err != nil:
		return nil, err
	case len(alone.SearchableProperties) > 0:
		return alone.SearchableProperties, nil
	case a.newObjects.has(stored.ID) && stored.PrimaryDisplayProperty != "":
		return []string{stored.PrimaryDisplayProperty}, nil
	default:
		return nil, fmt.Errorf("object %q: %w", stored.Key, ErrNoSearchable)
	}
}
