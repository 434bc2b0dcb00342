package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// answers caches the ids that lookups in a sub-account return. Callers that look up the
// same thing at the same time share one call. The zero value is ready for use.
type answers[Q comparable] struct{ all sync.Map } // Q → *answer

type answer struct {
	flight ghl.Flight[string]
	last   atomic.Pointer[found]
}

// found is the result of a lookup (an id or ErrNotFound), with the moment at which the
// lookup began.
type found struct {
	id  string
	err error // ErrNotFound
	at  mark
}

func (a *answers[Q]) to(question Q) *answer {
	last, _ := a.all.LoadOrStore(question, &answer{})
	return last.(*answer) //nolint:errcheck,forcetypeassert // nothing else is stored
}

// ask returns the last result if holds accepts it. Otherwise, ask calls find, and caches
// the result together with now. ErrNotFound is cached too; other errors are not.
func (a *answer) ask(ctx context.Context, now mark, holds func(found) bool, find func(context.Context) (string, error)) (string, error) {
	return a.flight.Do(ctx, func(ctx context.Context) (string, error) {
		if last := a.last.Load(); last != nil && holds(*last) {
			return last.id, last.err
		}
		id, err := find(ctx)
		if err == nil || errors.Is(err, ErrNotFound) {
			a.last.Store(&found{id, err, now})
		}
		return id, err
	})
}
