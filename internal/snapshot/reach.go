package snapshot

import (
	"context"
	"sync"
)

// reach is what became of the one call that found out whether a sub-account answers.
type reach struct {
	once sync.Once
	err  error
}

// Reach tells whether a sub-account can be reached with its credential: nil where any
// call about it has succeeded in this process, else what one list call says, which is
// made once, even if it fails. Once this process has written anything, it asks nobody.
func (s *Store) Reach(ctx context.Context, locationID string) error {
	a := s.account(locationID)
	if s.wrote.Load() || a.answered() {
		return nil
	}
	a.reach.once.Do(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.reach.err = a.serves(ctx)
	})
	return a.reach.err
}

// answered tells whether HighLevel has answered any call about the sub-account.
func (a *account) answered() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.listed || len(a.seen) > 0 || len(a.keys.looked) > 0
}
