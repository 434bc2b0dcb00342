package snapshot

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// DeleteAssociation deletes an association and, on the server, all its relations. One
// that is already gone is no error. Creates of its key, as the configuration writes it,
// wait meanwhile.
func (s *Store) DeleteAssociation(ctx context.Context, locationID, id, key string) error {
	a := s.accountToWrite(locationID)
	return a.deleteInTurn(ctx, keyTurn(key), func() error {
		err := a.deleteAssociation(ctx, id)
		a.wroteAssociations(id, err == nil)
		return err
	})
}

// deleteAssociation deletes until that is confirmed or proved.
func (a *account) deleteAssociation(ctx context.Context, id string) error {
	contradiction := errors.New("HighLevel answers that the association does not exist, or accepts its deletion, and shows it all the same")
	for try := range maxLookups {
		end := a.count(&a.deletions)
		confirmed, err := a.store.client.DeleteAssociation(ctx, a.id, id)
		a.wroteAssociation() // ahead of the end: no later walk may rest on earlier pages
		end()
		isOpen := err == nil || ghl.KindOf(err) == ghl.Malformed
		if confirmed || !isOpen && !ghl.IsNotFound(err) {
			return err
		}
		if err != nil && isOpen {
			contradiction = err
		}
		if isOpen {
			_, err = a.store.client.Association(ctx, a.id, id)
		}
		if ghl.IsNotFound(err) {
			_, err = a.proveGone(ctx, id)
		}
		if errors.Is(err, ErrGone) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := a.store.clock.Sleep(ctx, backoff(try)); err != nil {
			return fmt.Errorf("waiting to delete an association again: %w", err)
		}
	}
	return contradiction
}

// wroteAssociations ends what earlier walks may answer after a deletion, which takes
// relations along.
func (a *account) wroteAssociations(id string, deleted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forgetAssociations()
	for id := range a.records {
		a.forgetRecords(id)
	}
	if deleted {
		a.keys.removed(id)
		a.gone[id] = true
	}
}
