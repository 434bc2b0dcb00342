package ghl

import (
	"context"
	"sync"
	"time"
)

// joint is the context of a call that is made for several callers. It ends with none of
// them. It has no deadline either, since a caller that joins late must not be bound by that of
// the first; but a wait for the rate limit is not begun if it outlasts them all.
type joint struct {
	context.Context

	mu       sync.Mutex
	deadline time.Time
	endless  bool // one of them has no deadline
}

// newJoint returns a context with the values of the first caller's.
func newJoint(first context.Context) (*joint, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(first))
	j := &joint{Context: ctx}
	j.join(first)
	return j, cancel
}

// join adds a caller.
func (j *joint) join(caller context.Context) {
	deadline, ok := lastDeadline(caller)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.endless = j.endless || !ok
	if deadline.After(j.deadline) {
		j.deadline = deadline
	}
}

type jointKey struct{}

// Value gives the joint itself to whoever is called with a context of it.
func (j *joint) Value(key any) any {
	if key == (jointKey{}) {
		return j
	}
	return j.Context.Value(key)
}

func (j *joint) last() (time.Time, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.deadline, !j.endless
}

// lastDeadline is when nobody waits any more for a call that is made with ctx.
func lastDeadline(ctx context.Context) (time.Time, bool) {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline, true
	}
	if j, ok := ctx.Value(jointKey{}).(*joint); ok {
		return j.last()
	}
	return time.Time{}, false
}
