package store

import (
	"context"
	"sync"
	"sync/atomic"
)

// reach is whether a listing of a sub-account has answered, and what became of the one call
// that found out whether one does.
type reach struct {
	answered atomic.Bool

	mu    sync.Mutex
	asked bool
	err   error
}

// begin tells whether the call is still to be made, by whoever asks, and what became of it.
func (r *reach) begin() (first bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first, r.asked = !r.asked, true
	return first, r.err
}

// end keeps what the call said, unless it was cut short.
func (r *reach) end(ctx context.Context, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		r.asked = false
		return
	}
	r.err = err
}

// Reach tells whether a sub-account can be reached with its credential: nil if any call
// about it has succeeded in this process, else what one list call says, which is made
// once, even if it fails. A caller that asks while that call is under way does not wait for
// it: one warning is enough. Once this process has written anything, it asks nobody.
func (s *Store) Reach(ctx context.Context, locationID string) error {
	if s.wrote.Load() {
		return nil
	}
	a := s.account(locationID)
	if a.reach.answered.Load() || a.changes.sawAny() {
		return nil
	}
	first, err := a.reach.begin()
	if first {
		err = a.associations.shared().Next(ctx, 0)
		a.reach.end(ctx, err)
	}
	return err
}
