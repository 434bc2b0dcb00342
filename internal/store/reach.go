package store

import (
	"context"
	"sync"
	"sync/atomic"
)

// reach records whether a list call for a sub-account has succeeded, and the result of the
// one call that was made to check that.
type reach struct {
	answered atomic.Bool

	mu    sync.Mutex
	asked bool
	err   error
}

// begin reports whether the caller must make the list call. If not, err is the call's
// result, or nil while the call is under way.
func (r *reach) begin() (first bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first, r.asked = !r.asked, true
	return first, r.err
}

// end records the call's result, unless the call was cancelled.
func (r *reach) end(ctx context.Context, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		r.asked = false
		return
	}
	r.err = err
}

// Reach reports whether a sub-account can be reached with its credential. It returns nil if
// any call about the sub-account has succeeded in this process. Otherwise it returns the
// result of one list call, which is made only once, even if it fails. While that call is
// under way, Reach returns nil to other callers at once, because one warning is enough.
// After the first write of this process, Reach makes no call.
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
