package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// answers caches the ids that lookups in a sub-account return. Callers with the same
// question share one call. The zero value is ready for use.
type answers[Q comparable] struct{ all sync.Map } // Q → *answer

type answer struct {
	flight ghl.Flight[string]
	last   atomic.Pointer[found]
}

// found is the answer to a question, an id or ErrNotFound, and when the question was asked.
type found struct {
	id  string
	err error // ErrNotFound
	at  mark
}

func (a *answers[Q]) to(question Q) *answer {
	last, _ := a.all.LoadOrStore(question, &answer{})
	return last.(*answer) //nolint:errcheck,forcetypeassert // nothing else is stored
}

// ask returns the last answer if holds accepts it. Otherwise, it calls find, and caches the
// answer together with now. "Not found" is an answer; other errors are not cached.
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
