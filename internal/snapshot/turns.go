package snapshot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// How long a create that meets an existing object waits for this process to delete it.
// An engine carries out a plan's deletions and creates side by side, and says to nobody
// what it has yet to begin. So a create waits while deletions keep beginning and
// ending. It must give its place up in the end: engines have ten, and the deletion may
// be waiting for one.
const (
	deletionQuiet   = 2 * time.Second
	maxDeletionWait = time.Minute
)

// turns are what the creates and deletions of a sub-account know of one another. Those
// of one natural key never run side by side: two creates could not tell whose object
// they find after a lost answer, and a create would be refused for what is about to go.
// All its fields are guarded by the account's mu.
type turns struct {
	held    map[string]chan struct{} // natural key of a create or deletion under way → closed at its end
	deleted map[string]int           // natural key → how many objects this process has deleted
	active  time.Time                // when a deletion last began or ended, or the first write began
	news    chan struct{}            // closed at the next beginning or end of a deletion
}

func newTurns() turns {
	return turns{held: map[string]chan struct{}{}, deleted: map[string]int{}, news: make(chan struct{})}
}

// keyTurn and pairTurn name the natural keys. The order of a relation's records makes
// no other pair: HighLevel refuses the second one of two records of one object.
func keyTurn(key string) string { return "the key " + strings.ToLower(key) }

func pairTurn(ref RelationRef) string {
	first, second := min(ref.FirstRecordID, ref.SecondRecordID), max(ref.FirstRecordID, ref.SecondRecordID)
	return fmt.Sprintf("the relation of %q and %q under association %q", first, second, ref.AssociationID)
}

// take waits for the turn of a natural key.
func (a *account) take(ctx context.Context, what string) (release func(), err error) {
	for {
		held := a.tryTake(what)
		if held == nil {
			return func() { a.release(what) }, nil
		}
		select {
		case <-held:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for another change of %s: %w", what, context.Cause(ctx))
		}
	}
}

// tryTake returns what to wait for, or nil if the turn is taken now.
func (a *account) tryTake(what string) (held <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if held, ok := a.turns.held[what]; ok {
		return held
	}
	a.turns.held[what] = make(chan struct{})
	return nil
}

func (a *account) release(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(a.turns.held[what])
	delete(a.turns.held, what)
}

// deleteInTurn carries a deletion out and remembers it.
func (a *account) deleteInTurn(ctx context.Context, what string, do func() error) error {
	release, err := a.take(ctx, what)
	if err != nil {
		return err
	}
	defer release()
	a.announce(what, 0)
	err = do()
	deleted := 0
	if err == nil {
		deleted = 1
	}
	a.announce(what, deleted)
	return err
}

// announce tells of the beginning of a deletion, or of its end.
func (a *account) announce(what string, deleted int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turns.deleted[what] += deleted
	a.turns.active = a.store.clock.Now()
	close(a.turns.news)
	a.turns.news = make(chan struct{})
}

// deletedSoFar counts the objects of a natural key that this process has deleted.
func (a *account) deletedSoFar(what string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.turns.deleted[what]
}

// createInTurn carries a create out, and again whenever this process has deleted what
// the create met.
func createInTurn[T any](ctx context.Context, a *account, what string, do func() (T, error)) (T, error) {
	until := a.store.clock.Now().Add(maxDeletionWait)
	for {
		var row T
		release, err := a.take(ctx, what)
		if err != nil {
			return row, err
		}
		before := a.deletedSoFar(what)
		row, err = do()
		release()
		exists, met := errors.AsType[*ExistsError](err)
		if !met {
			return row, err
		}
		if !a.awaitDeletion(ctx, what, before, until) {
			exists.BesideDeletions = a.deletesAnything()
			return row, err
		}
	}
}

// awaitDeletion waits until this process has deleted the object of a natural key, and
// tells whether it has. It gives up once no deletion has been under way for a while.
func (a *account) awaitDeletion(ctx context.Context, what string, before int, until time.Time) bool {
	for ctx.Err() == nil {
		view := a.deletionView(what, until)
		switch {
		case view.deleted != before:
			return true
		case view.held != nil:
			select {
			case <-view.held:
			case <-ctx.Done():
			}
		case view.rest <= 0:
			return false
		default:
			a.sleepUnlessNews(ctx, view.rest, view.news)
		}
	}
	return false
}

// deletionView is what a waiting create sees.
type deletionView struct {
	deleted int
	held    <-chan struct{} // closed when the change under way ends; nil for none
	news    <-chan struct{}
	rest    time.Duration // how long it is still worth waiting
}

func (a *account) deletionView(what string, until time.Time) deletionView {
	a.mu.Lock()
	defer a.mu.Unlock()
	quiet := a.turns.active.Add(deletionQuiet)
	if a.deletions.underWay > 0 || quiet.After(until) {
		quiet = until
	}
	return deletionView{
		deleted: a.turns.deleted[what], held: a.turns.held[what], news: a.turns.news,
		rest: quiet.Sub(a.store.clock.Now()),
	}
}

// deletesAnything tells whether this process has begun any deletion in the sub-account.
func (a *account) deletesAnything() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.deletions.begun() > 0
}

// sleepUnlessNews waits for a time, or for news, or for ctx to end.
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
	_ = a.store.clock.Sleep(while, d) // news may cut it short
}
