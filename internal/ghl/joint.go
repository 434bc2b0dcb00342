package ghl

import (
	"context"
	"sync"
	"time"
)

// joint is the context of a call that serves several callers. It ends with none of them. It
// has no deadline either, because the deadline of the first caller must not bind a caller
// that joins later. But a wait for the rate limit does not begin if it would outlast them
// all.
type joint struct {
	context.Context

	mu       sync.Mutex
	deadline time.Time
	endless  bool // one caller has no deadline
}

// newJoint returns a context with the values of the first caller's context.
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

// Value returns the joint itself to functions that get a context derived from it.
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

// lastDeadline is when the last caller stops waiting for a call that is made with ctx.
func lastDeadline(ctx context.Context) (time.Time, bool) {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline, true
	}
	if j, ok := ctx.Value(jointKey{}).(*joint); ok {
		return j.last()
	}
	return time.Time{}, false
}
