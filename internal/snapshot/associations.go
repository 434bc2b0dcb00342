package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// pagesPerRead is how many pages of the shared walk each read may pay for before
// it asks for its one association: few reads of a large sub-account then cost few
// requests (at most six each), many reads cost its pages.
const pagesPerRead = 5

// Association reads one association, as stored. The error is ErrGone if it is proved
// that the association does not exist in locationID.
func (s *Store) Association(ctx context.Context, locationID, id string) (ghl.Association, error) {
	a := s.account(locationID)
	row, found, err := a.fromWalk(ctx, id)
	if !found && err == nil {
		row, err = s.client.Association(ctx, locationID, id)
	}
	if ghl.IsNotFound(err) {
		row, err = a.proveGone(ctx, id)
	}
	if err == nil {
		a.note(row.ID)
	}
	return row, err
}

// fromWalk looks for an association among the rows of the shared walk, which it
// advances while reads have paid for pages. The first read never does: alone, it
// is cheaper by id. A walk whose pages do not add up, or one of whose pages fails for
// good, answers nothing: the read by id does.
func (a *account) fromWalk(ctx context.Context, id string) (ghl.Association, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.reads++
	alone := a.reads == 1
	if !alone {
		a.credit += pagesPerRead
	}
	walk := a.associations
	for {
		if row, found := walk.find(id); found {
			a.answers++
			return row, true, nil
		}
		if alone || walk.broken || walk.complete() || walk.step == nil && a.credit == 0 {
			return ghl.Association{}, false, nil
		}
		if walk.step == nil {
			a.credit--
		}
		if err := a.advance(ctx, walk); spoiled(err) {
			return ghl.Association{}, false, nil
		} else if failsForGood(err) {
			walk.broken = true
		} else if err != nil {
			return ghl.Association{}, false, err
		}
	}
}

// failsForGood tells whether a page could not be had, repeats included, while other
// calls may still get through.
func failsForGood(err error) bool {
	kind := ghl.KindOf(err)
	return kind == ghl.Unavailable || kind == ghl.Malformed || kind == ghl.Network
}

// advance takes the walk a page further; one that is spoiled is forgotten.
func (a *account) advance(ctx context.Context, walk *shared[ghl.Association]) error {
	err := walk.advance(ctx)
	if spoiled(err) && a.associations == walk {
		a.forgetAssociations()
	}
	return err
}

// forgetAssociations makes later reads ask the server anew. Whoever waits for the
// old walk still gets its answer, but nobody new does.
func (a *account) forgetAssociations() {
	a.associations = newShared(&a.mu, a.store.client.WalkAssociations(a.id),
		func(row ghl.Association) string { return row.ID }, func(row ghl.Association) { a.saw(row.ID) })
	a.reads, a.credit = 0, 0
}

// serves makes sure that the token serves this sub-account, by a row of its own that this
// process has seen: only then can "not found" mean that an object is gone. An empty list
// shows nothing, since HighLevel makes associations of its own in each sub-account.
func (a *account) serves(ctx context.Context) error {
	if len(a.seen) > 0 {
		return nil
	}
	if err := a.advance(ctx, a.associations); err != nil || len(a.seen) > 0 {
		return err
	}
	return errNoRows
}

var errNoRows = fmt.Errorf("%w: it has no row, not even one of the associations that HighLevel makes in each sub-account", ghl.ErrIncomplete)

// AssociationByKey looks a key up as written, then in lower case, which is how
// HighLevel stores keys. ErrNotFound where there is none.
func (s *Store) AssociationByKey(ctx context.Context, locationID, key string) (ghl.Association, error) {
	a := s.account(locationID)
	row, err := a.byKey(ctx, key)
	if err == nil {
		a.note(row.ID)
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

// UpdateLabels gives each object of an association the label that it has in want,
// whose order does not matter. It reads a fresh row for the stored order, calls
// PUT only where a label differs, checks the answer, and returns the row as
// stored. The error is ErrGone where the association was deleted meanwhile.
func (s *Store) UpdateLabels(ctx context.Context, locationID, id string, want ghl.Association) (ghl.Association, error) {
	a := s.accountToWrite(locationID)
	stored, err := s.client.Association(ctx, locationID, id)
	if ghl.IsNotFound(err) {
		stored, err = a.proveGone(ctx, id)
	}
	if err != nil {
		return stored, err
	}
	labels, ok := want.Oriented(stored.FirstObjectKey, stored.SecondObjectKey)
	if !ok {
		return stored, fmt.Errorf("association %s links %s and %s, not %s and %s", id,
			stored.FirstObjectKey, stored.SecondObjectKey, want.FirstObjectKey, want.SecondObjectKey)
	}
	if sameLabels(stored, labels) {
		return stored, nil
	}
	defer a.wroteAssociation()
	shown, err := a.putLabels(ctx, stored, labels)
	if err != nil {
		return stored, err
	}
	sides, ok := shown.Oriented(stored.FirstObjectKey, stored.SecondObjectKey)
	if !ok || !sameLabels(sides, labels) {
		return shown, &LabelsChangedError{Sent: labels, Stored: sides}
	}
	return shown, nil
}

// putLabels sends labels, and returns the row that is stored then. An answer without a
// row is a success, as a rule: the row is read back, and the labels are sent again only
// if it is as before. They are sent again, too, if the association is said not to exist
// and is shown all the same.
func (a *account) putLabels(ctx context.Context, stored, labels ghl.Association) (ghl.Association, error) {
	row := stored
	for try := range maxLookups {
		shown, err := a.store.client.UpdateAssociation(ctx, a.id, stored.ID, labels.FirstObjectLabel, labels.SecondObjectLabel)
		switch {
		case ghl.IsNotFound(err):
			a.wroteAssociation()
			row, err = a.proveGone(ctx, stored.ID)
		case err == nil && shown != nil:
			return *shown, nil
		case err == nil:
			row, err = a.store.client.Association(ctx, a.id, stored.ID)
		}
		if err != nil {
			return stored, err
		}
		sides, ok := row.Oriented(stored.FirstObjectKey, stored.SecondObjectKey)
		if !ok || !sameLabels(sides, stored) {
			break
		}
		if err := a.store.clock.Sleep(ctx, backoff(try)); err != nil {
			return stored, fmt.Errorf("waiting to send labels again: %w", err)
		}
	}
	return row, nil
}

// LabelsChangedError says that the server stores other labels than it was sent, and did
// so without a word. Both have their sides in the same order.
type LabelsChangedError struct{ Sent, Stored ghl.Association }

func (e *LabelsChangedError) Error() string {
	return fmt.Sprintf("the server accepted the labels %q and %q, and stores %q and %q",
		e.Sent.FirstObjectLabel, e.Sent.SecondObjectLabel, e.Stored.FirstObjectLabel, e.Stored.SecondObjectLabel)
}

func sameLabels(a, b ghl.Association) bool {
	return ghl.SameLabel(a.FirstObjectLabel, b.FirstObjectLabel) && ghl.SameLabel(a.SecondObjectLabel, b.SecondObjectLabel)
}

// wroteAssociation ends what earlier walks may answer. It is called when a write
// has ended, well or not: a walk under way may have seen the time before it.
func (a *account) wroteAssociation() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forgetAssociations()
}
