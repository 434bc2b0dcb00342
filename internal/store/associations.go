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
// keys in lower case. The error is ErrNotFound if no association has the key.
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

// Holder returns the association that has the key of a planned create, or nil if none is
// known. After the first write of this process, Holder makes no call: the engine plans each
// create again right before the create, which checks the key itself.
func (s *Store) Holder(ctx context.Context, locationID, key string) *ghl.Association {
	if s.wrote.Load() {
		return nil
	}
	return s.account(locationID).keys.plannedHolder(ctx, key)
}

// CreateAssociation creates want (key, labels, object keys, LocationID) and returns the row
// as stored: its sides may be swapped, its key may be in lower case, and its labels may be
// on the wrong sides. The error may be an *ExistsError or a *settle.UnknownOutcomeError.
func (s *Store) CreateAssociation(ctx context.Context, want ghl.Association) (ghl.Association, error) {
	a := s.accountToWrite(want.LocationID)
	return createInTurn(ctx, a, keyTurn(want.Key), func() (ghl.Association, error) { return a.createAssociation(ctx, want) })
}

// maxPosts is the maximum number of POSTs for one association. After a lost answer, a
// lookup of the key shows at once whether the POST was carried out.
const maxPosts = 5

func (a *account) createAssociation(ctx context.Context, want ghl.Association) (ghl.Association, error) {
	holder, err := a.keys.holder(ctx, want.Key)
	if err != nil {
		return ghl.Association{}, err
	}
	if holder != nil && !a.changes.gone.has(holder.ID) { // the server may still return an association that was just deleted
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

// isTaken reports whether a refusal may mean that the association exists. HighLevel also
// refuses a pair of labels that another association of the same objects has. HighLevel may
// blame the labels even if the key is taken too.
func isTaken(err error) bool { return ghl.IsDuplicate(err) || ghl.KindOf(err) == ghl.DuplicateLabels }

// unlessGone turns ErrNotFound into found == false. It does the same for an association
// that this process has deleted, because the server may still find the key of a deleted
// association for some time.
func (a *account) unlessGone(row ghl.Association, err error) (ghl.Association, bool, error) {
	if errors.Is(err, ErrNotFound) || err == nil && a.changes.gone.has(row.ID) {
		return row, false, nil
	}
	return row, err == nil, err
}

// adoptAssociation adopts the row that has the key of a lost create, if its content is what
// the create sent. The key was free before the create, so the row counts as the create's
// own, unless this process saw the row earlier.
func (a *account) adoptAssociation(row, want ghl.Association, begun int) (ghl.Association, error) {
	if a.changes.knew(row.ID, begun) || !row.Carries(want) {
		return row, &ExistsError{Association: &row}
	}
	a.changes.adopted.add(row.ID)
	return row, nil
}

// existingAssociation returns an error about the association that made the server refuse a
// create. If only the labels are taken, it returns the refusal, which says so.
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

// DeleteAssociation deletes an association; the server then deletes all its relations. It
// returns no error if the association is already gone. Creates with the given key, as
// written in the configuration, wait until the deletion ends.
func (s *Store) DeleteAssociation(ctx context.Context, locationID, id, key string) error {
	a := s.accountToWrite(locationID)
	return a.deleteInTurn(ctx, keyTurn(key), func() error {
		err := a.associations.delete(ctx, id, func(ctx context.Context, locationID, id string) (confirmed bool, err error) {
			defer a.relations.forgetAll() // the server deletes relations with their association
			return s.client.DeleteAssociation(ctx, locationID, id)
		})
		a.associations.forget()
		a.relations.forgetAll()
		return err
	})
}
