// Package settle creates objects, and finds out what a create did if its answer was lost.
package settle

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Create describes how to create one object. T is its row, as the server returns it.
type Create[T any] struct {
	Clock ghl.Clock
	Posts int           // how often the create is sent at most
	Lag   time.Duration // how long a new object may be missing from what Find and ProveAbsent read

	Post     func(ctx context.Context) (T, error)
	CheckNew func(row T) error    // an error if the row existed before the create was sent
	Taken    func(err error) bool // the server refused the create because the object already exists

	// Find looks for the object, and proves nothing. ProveAbsent, if not nil, is called
	// after Lag; an object that it does not find does not exist.
	Find        func(ctx context.Context) (row T, found bool, err error)
	ProveAbsent func(ctx context.Context) (row T, found bool, err error)

	Adopt        func(row T) (T, error)                         // adopts a row found after a lost answer, or returns an error that says whose it is
	NameExisting func(ctx context.Context, refusal error) error // names the object that made the server refuse the first create
}

// UnknownOutcomeError means that a create may or may not have been carried out, and that
// looking the object up did not settle it.
type UnknownOutcomeError struct {
	Err error // the failure of the create and of the lookup
}

func (e *UnknownOutcomeError) Error() string {
	return fmt.Sprintf("it is unknown whether it was created: %v", e.Err)
}

func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// Patience is how long to look for an object that, by the server's answer, exists.
const Patience = 30 * time.Second

// Do sends the create. It sends the create again only if it is proved that the create was
// not carried out. An answer that shows an older object counts as lost.
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
		resent := c.Taken(err) // an earlier try was carried out after all: the server refuses a second object
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

// settle looks for the object that a create may have made. If the object is not found, it
// does not exist, unless the server says that it does.
func (c Create[T]) settle(ctx context.Context, failure error, exists bool) (row T, found bool, err error) {
	ctx, cancel := c.outlive(ctx)
	defer cancel()
	patience := c.Lag
	if exists {
		patience = max(patience, Patience)
	}
	row, found, err = Look(ctx, c.Clock, patience, c.Find, c.ProveAbsent)
	if err != nil {
		return row, false, &UnknownOutcomeError{Err: fmt.Errorf("%w; looking it up: %w", failure, err)}
	}
	if found {
		row, err = c.Adopt(row)
	}
	return row, found, err
}

// Look looks for an object until it is found or patience runs out, and then asks
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

// lookupTime bounds the lookups of a create after an interrupt.
const lookupTime = time.Minute

// outlive lets the lookups continue after an interrupt. Otherwise, an object could be left
// behind that no state records.
func (c Create[T]) outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	lookup, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		defer cancel()
		_ = c.Clock.Sleep(lookup, lookupTime) // ends early when the lookup has ended
	})
	return lookup, func() {
		stop()
		cancel()
	}
}

// Backoff is the wait after the given number of failed tries: one second, doubling, up to
// eight.
func Backoff(tries int) time.Duration { return time.Second << min(tries, 3) }
