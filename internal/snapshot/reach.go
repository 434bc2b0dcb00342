package snapshot

import "context"

// reach is what became of the one call that found out whether a sub-account answers. It
// is guarded by the account's mu.
type reach struct {
	asked bool
	err   error
}

// Reach tells whether a sub-account can be reached with its credential: nil if any call
// about it has succeeded in this process, else what one list call says, which is made
// once, even if it fails. Whoever asks while that call is under way does not wait for it:
// one who knows is enough. Once this process has written anything, it asks nobody.
func (s *Store) Reach(ctx context.Context, locationID string) error {
	if s.wrote.Load() {
		return nil
	}
	a := s.account(locationID)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.associations.pages > 0 || len(a.seen) > 0 || len(a.keys.looked) > 0 {
		return nil
	}
	if !a.reach.asked {
		a.reach.asked = true
		a.reach.err = a.advance(ctx, a.associations)
	}
	return a.reach.err
}
