package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// newObjects are all objects of a sub-account. HighLevel makes some in each.
func newObjects(a *account) *collection[ghl.Object] {
	return &collection[ghl.Object]{
		account: a, kind: "object", id: func(row ghl.Object) string { return row.ID },
		get: a.store.client.Object, pages: a.store.client.ObjectPages, unpaged: true,
	}
}

// object looks an object up in the listing of all. The error is ErrNotFound if that came
// whole and lacks the object, or if this process deleted the object.
func (a *account) object(ctx context.Context, key string) (ghl.Object, error) {
	rows, err := whole(ctx, a, func() iter.Seq2[ghl.Object, error] { return a.objects.each(ctx, ghl.PageSize) })
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
