package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// If the object to be created already exists, the create waits for this process to delete
// that object, within these limits. An engine runs a plan's deletions and creates
// concurrently, and does not announce deletions that it has not begun. So a create waits
// while deletions continue to begin and end. The wait must end, because an engine has only
// ten slots, and the deletion may be waiting for the create's slot.
const (
	deletionQuiet   = 2 * time.Second
	maxDeletionWait = time.Minute
)

// turns coordinates the creates and deletions of a sub-account. Changes with the same
// natural key never run concurrently. Otherwise, after a lost answer, it would be unknown
// which of two creates made an object, or a create would be refused because of an object
// that is about to be deleted.
type turns struct {
	mu       sync.Mutex
	held     map[string]chan struct{} // natural key of a change under way → closed when the change ends
	deleted  map[string]int           // natural key → how many objects this process has deleted
	active   time.Time                // when a deletion last began or ended; initially, when the first write began
	underWay int                      // how many deletions are under way
	news     chan struct{}            // closed when the next deletion begins or ends
}

func newTurns() *turns {
	return &turns{held: map[string]chan struct{}{}, deleted: map[string]int{}, news: make(chan struct{})}
}

// keyTurn and pairTurn return natural keys. A relation with its records in reverse order
// has the same natural key, because HighLevel may refuse both orders of two records of one
// object.
func keyTurn(key string) string { return "the key " + strings.ToLower(key) }

func pairTurn(ref RelationRef) string {
	first, second := min(ref.FirstRecordID, ref.SecondRecordID), max(ref.FirstRecordID, ref.SecondRecordID)
	return fmt.Sprintf("the relation of %q and %q under association %q", first, second, ref.AssociationID)
}

// writes records the first write in a sub-account.
func (t *turns) writes(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.active.IsZero() {
		t.active = now
	}
}

// take waits until no other change of a natural key is under way. release ends the turn.
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

// tryTake takes the turn of a natural key and returns nil. If the turn is taken, it returns
// a channel that is closed at the turn's end.
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

// announce wakes waiting creates. The caller must hold mu.
func (t *turns) announce(now time.Time) {
	t.active = now
	close(t.news)
	t.news = make(chan struct{})
}

// turnView is a snapshot of turns for a waiting create.
type turnView struct {
	deleted int
	held    <-chan struct{} // closed when the change under way ends; nil for none
	news    <-chan struct{}
	quiet   time.Time // when a create stops waiting for the next deletion; zero while one is under way
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

// deleteInTurn waits for its turn, runs a deletion, and records the deletion.
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

// createInTurn waits for its turn, and runs a create. If the object exists, it waits for
// this process to delete that object, and then repeats the create.
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
// reports whether it has. It gives up when no deletion has been under way for a while.
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

// sleepUnlessNews waits until d has passed, news is closed, or ctx ends.
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
	_ = a.clock.Sleep(while, d) // news may end the sleep early
}
