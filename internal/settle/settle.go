// Package settle creates objects, and finds out what a create did whose answer was lost.
package settle

import (
	"context"
	"fmt"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Create is how one object is created. T is its row, as the server answers it.
type Create[T any] struct {
	Clock ghl.Clock
	Posts int           // how often the create is sent at most
	Lag   time.Duration // how long a new object may be missing from what Find and ProveAbsent read

	Post     func(ctx context.Context) (T, error)
	CheckNew func(row T) error    // an error if the row was there before the create was sent
	Taken    func(err error) bool // the server refused the create, since there is such an object already

	// Find looks for the object, and proves nothing. ProveAbsent, if it is not nil, is asked
	// once Lag has passed: what it does not find is not there.
	Find        func(ctx context.Context) (row T, found bool, err error)
	ProveAbsent func(ctx context.Context) (row T, found bool, err error)

	Adopt        func(row T) (T, error)                         // takes over what was found after a lost answer, or says whose it is
	NameExisting func(ctx context.Context, refusal error) error // names what a create met that was refused at once
}

// UnknownOutcomeError says that a create may or may not have been carried out, and that
// looking the object up did not tell.
type UnknownOutcomeError struct {
	Err error // the create's own failure, with why the look-up did not tell
}

func (e *UnknownOutcomeError) Error() string {
	return fmt.Sprintf("it is unknown whether it was created: %v", e.Err)
}

func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// Patience is how long an object is looked for that the server says exists.
const Patience = 30 * time.Second

// Do sends the create, and sends it again only if it is proved that it was not carried
// out. An answer that shows an object from before counts as lost.
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
		resent := c.Taken(err) // the server refuses what an earlier try has made after all
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

// settle looks for what a create may have made. What it does not find is not there,
// unless the server says that it exists.
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

// Look looks for an object until it is found or patience ends, and then asks for a proof
// of its absence, if ProveAbsent is not nil.
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

// lookupTime bounds the look-ups of a create after an interrupt.
const lookupTime = time.Minute

// outlive lets the look-ups outlast an interrupt: they keep an object from being left
// behind that no state knows.
func (c Create[T]) outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	lookup, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		defer cancel()
		_ = c.Clock.Sleep(lookup, lookupTime) // it ends early when the look-up has
	})
	return lookup, func() {
		stop()
		cancel()
	}
}

// Backoff is the wait after the given number of tries in vain: one second, doubling, up
// to eight.
func Backoff(tries int) time.Duration { return time.Second << min(tries, 3) }
