package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
)

// Association reads one association, as stored. The error is ErrGone if it is proved that
// the association does not exist in locationID.
func (s *Store) Association(ctx context.Context, locationID, id string) (ghl.Association, error) {
	return s.account(locationID).associations.read(ctx, id)
}

// AssociationByKey looks a key up as written, then in lower case, because HighLevel stores
// keys in lower case. The error is ErrNotFound if there is none.
func (s *Store) AssociationByKey(ctx context.Context, locationID, key string) (ghl.Association, error) {
	a := s.account(locationID)
	row, err := a.byKey(ctx, key)
	if err == nil {
		a.changes.saw(row.ID)
	}
	return row, err
}

func (a *account) byKey(ctx context.Context, key string) (ghl.Association, error) {
	for _, spelling := range spellings(key) {
		row, err := a.store.client.AssociationByKey(ctx, a.id, spelling)
		if !ghl.IsNotFound(err) {
			return row, err
		}
	}
	return ghl.Association{}, fmt.Errorf("association with key %q %w", key, ErrNotFound)
}

// spellings returns a key as written and in lower case, because HighLevel stores keys in
// lower case.
func spellings(key string) []string {
	return slices.Compact([]string{key, strings.ToLower(key)})
}

// AssociationsByObjectKey lists the associations with objectKey on either side.
func (s *Store) AssociationsByObjectKey(ctx context.Context, locationID, objectKey string) ([]ghl.Association, error) {
	rows, err := s.client.AssociationsByObjectKey(ctx, locationID, objectKey)
	if ghl.IsNotFound(err) {
		return nil, nil
	}
	return rows, err
}

// Holder returns the association that has the key of a planned create, or nil if there is
// none or the answer is unknown. After the first write of this process, Holder makes no
// call: the engine plans each create again right before it, and the create finds out
// itself.
func (s *Store) Holder(ctx context.Context, locationID, key string) *ghl.Association {
	if s.wrote.Load() {
		return nil
	}
	return s.account(locationID).keys.plannedHolder(ctx, key)
}

// CreateAssociation creates want (key, labels, object keys, LocationID) and returns the row
// as stored: sides may be swapped, the key in lower case, labels on the wrong side. The
// error may be an *ExistsError or a *settle.UnknownOutcomeError.
func (s *Store) CreateAssociation(ctx context.Context, want ghl.Association) (ghl.Association, error) {
	a := s.accountToWrite(want.LocationID)
	return createInTurn(ctx, a, keyTurn(want.Key), func() (ghl.Association, error) { return a.createAssociation(ctx, want) })
}

// maxPosts is how often the create of an association is sent at most. Looking up its key
// shows at once whether it was carried out.
const maxPosts = 5

func (a *account) createAssociation(ctx context.Context, want ghl.Association) (ghl.Association, error) {
	holder, err := a.keys.holder(ctx, want.Key)
	if err != nil {
		return ghl.Association{}, err
	}
	if holder != nil && !a.changes.gone.has(holder.ID) { // a deleted holder's key may linger on the server
		return ghl.Association{}, &ExistsError{Association: holder}
	}
	begun, end := a.changes.create()
	defer end()
	defer a.associations.forget()
	row, err := settle.Create[ghl.Association]{
		Clock: a.clock, Posts: maxPosts,
		Post:     func(ctx context.Context) (ghl.Association, error) { return a.store.client.CreateAssociation(ctx, want) },
		CheckNew: func(row ghl.Association) error { return a.checkNew("association", row.ID, begun) },
		Taken:    isTaken,
		Find: func(ctx context.Context) (ghl.Association, bool, error) {
			return a.unlessGone(a.byKey(ctx, want.Key))
		},
		Adopt:        func(row ghl.Association) (ghl.Association, error) { return a.adoptAssociation(row, want, begun) },
		NameExisting: func(ctx context.Context, refusal error) error { return a.existingAssociation(ctx, want.Key, refusal) },
	}.Do(ctx)
	if err == nil {
		a.keys.holds(row)
		a.keyedIDs.made(want.Key, row)
		a.changes.made(row.ID)
	}
	return row, err
}

// isTaken reports whether a refusal may mean that the association exists. No two
// associations of the same objects share a pair of labels, and HighLevel may name the
// labels even if the key repeats too.
func isTaken(err error) bool { return ghl.IsDuplicate(err) || ghl.KindOf(err) == ghl.DuplicateLabels }

// unlessGone turns ErrNotFound into found == false. It does the same for an association
// that this process has deleted, because the server may take time to forget its key.
func (a *account) unlessGone(row ghl.Association, err error) (ghl.Association, bool, error) {
	if errors.Is(err, ErrNotFound) || err == nil && a.changes.gone.has(row.ID) {
		return row, false, nil
	}
	return row, err == nil, err
}

// adoptAssociation adopts a row found under the key of a lost create, if the row has the
// content that was sent. The key was free before, so the row is nobody else's, unless this
// process knew the row by then.
func (a *account) adoptAssociation(row, want ghl.Association, begun int) (ghl.Association, error) {
	if a.changes.knew(row.ID, begun) || !row.Carries(want) {
		return row, &ExistsError{Association: &row}
	}
	a.changes.adopted.add(row.ID)
	return row, nil
}

// existingAssociation names the association that made the server refuse a create. The pair
// of labels may belong to another key: then the refusal says everything.
func (a *account) existingAssociation(ctx context.Context, key string, refusal error) error {
	row, err := a.byKey(ctx, key)
	switch {
	case err == nil:
		return &ExistsError{Association: &row, Err: refusal}
	case ghl.KindOf(refusal) == ghl.DuplicateLabels:
		return refusal
	default:
		return &ExistsError{Err: refusal, Unseen: errors.Is(err, ErrNotFound)}
	}
}

// DeleteAssociation deletes an association and, on the server, all its relations. An
// association that is already gone is not an error. Creates with its key, as the
// configuration writes it, wait meanwhile.
func (s *Store) DeleteAssociation(ctx context.Context, locationID, id, key string) error {
	a := s.accountToWrite(locationID)
	return a.deleteInTurn(ctx, keyTurn(key), func() error {
		err := a.associations.delete(ctx, id, func(ctx context.Context, locationID, id string) (confirmed bool, err error) {
			defer a.relations.forgetAll() // they are deleted with the association
			return s.client.DeleteAssociation(ctx, locationID, id)
		})
		a.associations.forget()
		a.relations.forgetAll()
		return err
	})
}
