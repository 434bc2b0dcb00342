package store

import (
	"context"
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// UpdateLabels sets the labels of an association's objects to those in want, whose sides
// may be in either order. It reads the row again for the stored order, calls PUT only if a
// label differs, checks the answer, and returns the row as stored. The error is ErrGone if
// the association was deleted meanwhile.
func (s *Store) UpdateLabels(ctx context.Context, locationID, id string, want ghl.Association) (ghl.Association, error) {
	a := s.accountToWrite(locationID)
	stored, err := s.client.Association(ctx, locationID, id)
	if ghl.IsNotFound(err) {
		stored, err = a.associations.proveAbsent(ctx, id)
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
	defer a.associations.forget()
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

// putLabels sends labels, and returns the row as stored afterwards. An answer without a row
// is usually a success: putLabels reads the row back, and sends the labels again only if
// the row has not changed. It also sends the labels again if the server answers that the
// association does not exist, but still returns the association.
func (a *account) putLabels(ctx context.Context, stored, labels ghl.Association) (ghl.Association, error) {
	row := stored
	for try := range maxLookups {
		shown, err := a.store.client.UpdateAssociation(ctx, a.id, stored.ID, labels.FirstObjectLabel, labels.SecondObjectLabel)
		switch {
		case ghl.IsNotFound(err):
			a.associations.forget()
			row, err = a.associations.proveAbsent(ctx, stored.ID)
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
		if err := a.pause(ctx, try, "to send labels again"); err != nil {
			return stored, err
		}
	}
	return row, nil
}

// LabelsChangedError means that the server accepted labels, but stores different ones. Sent
// and Stored have their sides in the same order.
type LabelsChangedError struct{ Sent, Stored ghl.Association }

func (e *LabelsChangedError) Error() string {
	return fmt.Sprintf("the server accepted the labels %q and %q, but stores %q and %q",
		e.Sent.FirstObjectLabel, e.Sent.SecondObjectLabel, e.Stored.FirstObjectLabel, e.Stored.SecondObjectLabel)
}

func sameLabels(a, b ghl.Association) bool {
	return ghl.SameLabel(a.FirstObjectLabel, b.FirstObjectLabel) && ghl.SameLabel(a.SecondObjectLabel, b.SecondObjectLabel)
}
