package store

import (
	"context"
	"fmt"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// orientation records whether an association takes the two records in the configured order
// or swapped. Creates take turns until one of them has found out the order.
type orientation struct {
	turn chan struct{} // contains one token

	mu      sync.Mutex
	known   bool
	swapped bool
}

// orientation returns what is known about the orientation of an association.
func (rs *relations) orientation(associationID string) *orientation {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	o := rs.orientations[associationID]
	if o == nil {
		o = &orientation{turn: make(chan struct{}, 1)}
		o.turn <- struct{}{}
		rs.orientations[associationID] = o
	}
	return o
}

func (o *orientation) get() (swapped, known bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.swapped, o.known
}

func (o *orientation) learn(swapped bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.swapped, o.known = swapped, true
}

// sender sends a create with its records as configured, or swapped.
type sender func(swapped bool) (ghl.Relation, error)

// send sends a create in the order that is known to fit, or in the configured order if none
// is known. Creates of one association take turns until the order is known.
func (o *orientation) send(ctx context.Context, send sender, sidesDiffer func() bool) (ghl.Relation, error) {
	if swapped, known := o.get(); known {
		return o.try(send, swapped, sidesDiffer)
	}
	select {
	case <-o.turn:
	case <-ctx.Done():
		return ghl.Relation{}, fmt.Errorf("waiting to create a relation: %w", context.Cause(ctx))
	}
	pass := sync.OnceFunc(func() { o.turn <- struct{}{} })
	defer pass()
	swapped, known := o.get()
	if known {
		pass()
	}
	return o.try(send, swapped, sidesDiffer)
}

// try sends a create. If the server says that a record does not fit its side, try swaps the
// records and sends the create again. If neither order fits, try returns the first answer.
func (o *orientation) try(send sender, swapped bool, sidesDiffer func() bool) (ghl.Relation, error) {
	row, err := send(swapped)
	if err == nil {
		o.learn(swapped)
	}
	if ghl.KindOf(err) != ghl.InvalidRecord || !sidesDiffer() {
		return row, err
	}
	other, otherErr := send(!swapped)
	if otherErr == nil || ghl.IsAmbiguous(otherErr) || ghl.IsDuplicate(otherErr) {
		o.learn(!swapped)
		return other, otherErr
	}
	return row, err
}
