package ghl

import (
	"context"
	"sync"
	"time"
)

// joint is the context of a call that serves several callers. It does not end when the
// context of a caller ends. It has no deadline, because the deadline of the first caller
// must not apply to a caller that joins later. But the call does not start to wait for the
// rate limit if the wait would end after the deadlines of all callers.
type joint struct {
	context.Context

	mu       sync.Mutex
	deadline time.Time
	endless  bool // at least one caller has no deadline
}

// newJoint returns a joint with the values of the first caller's context.
func newJoint(first context.Context) (*joint, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(first))
	j := &joint{Context: ctx}
	j.join(first)
	return j, cancel
}

// join adds the deadline of a caller.
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

// Value returns the joint itself for jointKey, so that functions find the joint behind a
// derived context.
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

// lastDeadline returns the latest deadline of the callers that wait for a call made with
// ctx. It returns false if a caller has no deadline.
func lastDeadline(ctx context.Context) (time.Time, bool) {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline, true
	}
	if j, ok := ctx.Value(jointKey{}).(*joint); ok {
		return j.last()
	}
	return time.Time{}, false
}
