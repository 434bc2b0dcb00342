// Package settle creates objects, and finds out what a create did if its answer was lost.
package settle

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Create describes how to create one object. T is the type of the rows that the server
// returns.
type Create[T any] struct {
	Clock ghl.Clock
	Posts int           // the maximum number of times that the create is sent
	Lag   time.Duration // how long Find and ProveAbsent may miss a new object

	Post     func(ctx context.Context) (T, error)
	CheckNew func(row T) error    // returns an error if the row existed before the create was sent
	Taken    func(err error) bool // whether the server refused the create because the object already exists

	// Find looks for the object. If Find does not find the object, the object may still
	// exist. ProveAbsent, if not nil, is called after Lag. If ProveAbsent does not find the
	// object, the object does not exist.
	Find        func(ctx context.Context) (row T, found bool, err error)
	ProveAbsent func(ctx context.Context) (row T, found bool, err error)

	Adopt        func(row T) (T, error)                         // adopts a row found after a lost answer, or returns an error if somebody else made the row
	NameExisting func(ctx context.Context, refusal error) error // returns an error about the object that made the server refuse the first create
}

// UnknownOutcomeError means that it is unknown whether a create was carried out, even after
// a lookup of the object.
type UnknownOutcomeError struct {
	Err error // the errors of the create and of the lookup
}

func (e *UnknownOutcomeError) Error() string {
	return fmt.Sprintf("it is unknown whether the object was created: %v", e.Err)
}

func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// Patience is how long to look for an object if the server's answer implies that it exists.
const Patience = 30 * time.Second

// Do sends the create. It sends the create again only if it has proof that the create was
// not carried out. If the answer shows an older object, Do treats the answer as lost.
func (c Create[T]) Do(ctx context.Context) (T, error) {
	var none T
	var failure error
	for post := range c.Posts {
		row, err := c.Post(ctx)
		if err == nil {
			if err = c.CheckNew(row); err == nil {
				return row, nil
			}
		} else if c.Taken(err) && post == 0 {
			return none, c.NameExisting(ctx, err)
		} else if !c.Taken(err) && !ghl.IsAmbiguous(err) {
			return none, err
		}
		failure = err
		resent := c.Taken(err) // an earlier attempt was carried out after all: the server refuses a second object
		row, found, err := c.settle(ctx, failure, resent)
		if found || err != nil {
			return row, err
		}
		if resent {
			return none, &UnknownOutcomeError{Err: failure}
		}
		if post == c.Posts-1 || c.Clock.Sleep(ctx, Backoff(post)) != nil {
			break
		}
	}
	return none, failure
}

// settle looks for the object that a create may have made. exists means that the server
// says that the object exists. If exists is false and the object is not found, the object
// does not exist.
func (c Create[T]) settle(ctx context.Context, failure error, exists bool) (row T, found bool, err error) {
	ctx, cancel := c.outlive(ctx)
	defer cancel()
	patience := c.Lag
	if exists {
		patience = max(patience, Patience)
	}
	row, found, err = Look(ctx, c.Clock, patience, c.Find, c.ProveAbsent)
	if err != nil {
		return row, false, &UnknownOutcomeError{Err: fmt.Errorf("%w; looking the object up: %w", failure, err)}
	}
	if found {
		row, err = c.Adopt(row)
	}
	return row, found, err
}

// Look calls find until it finds the object or patience runs out. Then Look calls
// proveAbsent, if not nil.
func Look[T any](
	ctx context.Context, clock ghl.Clock, patience time.Duration, find, proveAbsent func(context.Context) (T, bool, error),
) (row T, found bool, err error) {
	until := clock.Now().Add(patience)
	for try := 0; ; try++ {
		last := !clock.Now().Before(until)
		row, found, err = find(ctx)
		if !found && err == nil && last && proveAbsent != nil {
			row, found, err = proveAbsent(ctx)
		}
		if found || err != nil || last {
			return row, found, err
		}
		if err = clock.Sleep(ctx, min(Backoff(try), until.Sub(clock.Now()))); err != nil {
			return row, false, err
		}
	}
}

// lookupTime limits how long the lookups of a create continue after an interrupt.
const lookupTime = time.Minute

// outlive returns a context in which lookups continue after an interrupt. Otherwise, an
// object could exist that no state records.
func (c Create[T]) outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	lookup, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		defer cancel()
		_ = c.Clock.Sleep(lookup, lookupTime) // returns early when the lookup ends
	})
	return lookup, func() {
		stop()
		cancel()
	}
}

// Backoff returns how long to wait after the given number of failed tries: one second,
// doubling, up to eight seconds.
func Backoff(tries int) time.Duration { return time.Second << min(tries, 3) }
