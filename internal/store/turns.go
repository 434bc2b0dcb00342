package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Bounds of the time that a create waits for this process to delete an existing object that
// the create met. An engine runs a plan's deletions and creates side by side, and does not
// announce deletions that it has not begun. So a create waits while deletions keep
// beginning and ending. It must give its slot up in the end: engines have ten, and the
// deletion may be waiting for one.
const (
	deletionQuiet   = 2 * time.Second
	maxDeletionWait = time.Minute
)

// turns coordinates the creates and deletions of a sub-account. Those of one natural key
// never run concurrently: after a lost answer, two creates could not know whose object they
// find, and a create would be refused because of an object that is about to be deleted.
type turns struct {
	mu       sync.Mutex
	held     map[string]chan struct{} // natural key of a create or deletion under way → closed at its end
	deleted  map[string]int           // natural key → how many objects this process has deleted
	active   time.Time                // when a deletion last began or ended, or the first write began
	underWay int                      // deletions that have begun and not ended
	news     chan struct{}            // closed when the next deletion begins or ends
}

func newTurns() *turns {
	return &turns{held: map[string]chan struct{}{}, deleted: map[string]int{}, news: make(chan struct{})}
}

// keyTurn and pairTurn name the natural keys. A relation with its records in the other
// order has the same natural key: of two records of one object, HighLevel refuses the
// second order.
func keyTurn(key string) string { return "the key " + strings.ToLower(key) }

func pairTurn(ref RelationRef) string {
	first, second := min(ref.FirstRecordID, ref.SecondRecordID), max(ref.FirstRecordID, ref.SecondRecordID)
	return fmt.Sprintf("the relation of %q and %q under association %q", first, second, ref.AssociationID)
}

// writes records the first write of a sub-account.
func (t *turns) writes(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.active.IsZero() {
		t.active = now
	}
}

// take waits for the turn of a natural key.
func (t *turns) take(ctx context.Context, what string) (release func(), err error) {
	for {
		held := t.tryTake(what)
		if held == nil {
			return func() { t.release(what) }, nil
		}
		select {
		case <-held:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for another change of %s: %w", what, context.Cause(ctx))
		}
	}
}

// tryTake returns what to wait for, or nil if it has taken the turn.
func (t *turns) tryTake(what string) (held <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if held, ok := t.held[what]; ok {
		return held
	}
	t.held[what] = make(chan struct{})
	return nil
}

func (t *turns) release(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.held[what])
	delete(t.held, what)
}

// deletion announces the beginning of a deletion; ended announces its end.
func (t *turns) deletion(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.underWay++
	t.announce(now)
}

func (t *turns) ended(what string, deleted bool, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.underWay--
	if deleted {
		t.deleted[what]++
	}
	t.announce(now)
}

// announce is called with mu held.
func (t *turns) announce(now time.Time) {
	t.active = now
	close(t.news)
	t.news = make(chan struct{})
}

// turnView is what a waiting create sees.
type turnView struct {
	deleted int
	held    <-chan struct{} // closed when the change under way ends; nil for none
	news    <-chan struct{}
	quiet   time.Time // when no deletion has been under way for a while; zero while one is
}

func (t *turns) view(what string) turnView {
	t.mu.Lock()
	defer t.mu.Unlock()
	view := turnView{deleted: t.deleted[what], held: t.held[what], news: t.news}
	if t.underWay == 0 {
		view.quiet = t.active.Add(deletionQuiet)
	}
	return view
}

// deleteInTurn carries a deletion out and records it.
func (a *account) deleteInTurn(ctx context.Context, what string, do func() error) error {
	release, err := a.turns.take(ctx, what)
	if err != nil {
		return err
	}
	defer release()
	a.turns.deletion(a.clock.Now())
	err = do()
	a.turns.ended(what, err == nil, a.clock.Now())
	return err
}

// createInTurn carries a create out. It repeats the create whenever this process has
// deleted the object that the create met.
func createInTurn[T any](ctx context.Context, a *account, what string, do func() (T, error)) (T, error) {
	until := a.clock.Now().Add(maxDeletionWait)
	for {
		var row T
		release, err := a.turns.take(ctx, what)
		if err != nil {
			return row, err
		}
		before := a.turns.view(what).deleted
		row, err = do()
		release()
		exists, met := errors.AsType[*ExistsError](err)
		if !met {
			return row, err
		}
		if !a.awaitDeletion(ctx, what, before, until) {
			exists.BesideDeletions = a.changes.deletesAnything()
			exists.Own = a.changes.own.has(exists.rowID())
			return row, err
		}
	}
}

// awaitDeletion waits until this process has deleted the object with a natural key, and
// reports whether it has. It gives up after no deletion has been under way for a while.
func (a *account) awaitDeletion(ctx context.Context, what string, before int, until time.Time) bool {
	for ctx.Err() == nil {
		view := a.turns.view(what)
		if view.quiet.IsZero() || view.quiet.After(until) {
			view.quiet = until
		}
		rest := view.quiet.Sub(a.clock.Now())
		switch {
		case view.deleted != before:
			return true
		case view.held != nil:
			select {
			case <-view.held:
			case <-ctx.Done():
			}
		case rest <= 0:
			return false
		default:
			a.sleepUnlessNews(ctx, rest, view.news)
		}
	}
	return false
}

// sleepUnlessNews waits for a time, for news, or for ctx to end.
func (a *account) sleepUnlessNews(ctx context.Context, d time.Duration, news <-chan struct{}) {
	while, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		select {
		case <-news:
		case <-while.Done():
		}
	}()
	_ = a.clock.Sleep(while, d) // news may end it early
}
