package ghl

import (
	"context"
	"sync"
)

// Flight makes one call for all callers that need the same result at the same time. The
// zero value is ready to use.
type Flight[T any] struct {
	mu    sync.Mutex
	under *underWay[T]
}

// underWay is a call in progress, with the number of callers that wait for its result.
type underWay[T any] struct {
	done    chan struct{}
	value   T
	err     error
	waiters int
	ctx     *joint
	cancel  context.CancelFunc
}

// Do waits for the call in progress, or starts a call if none is in progress. If the call
// fails, every waiting caller gets the error, and the next caller starts a new call. If ctx
// ends, Do returns its cause, and the call continues for the other callers. When no caller
// waits any longer, Do cancels the call, and the next caller starts a new one.
func (f *Flight[T]) Do(ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	under := f.join(ctx, call)
	select {
	case <-under.done:
		return under.value, under.err
	case <-ctx.Done():
		f.leave(under)
		var none T
		return none, context.Cause(ctx)
	}
}

func (f *Flight[T]) join(ctx context.Context, call func(context.Context) (T, error)) *underWay[T] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.under == nil {
		shared, cancel := newJoint(ctx)
		f.under = &underWay[T]{done: make(chan struct{}), ctx: shared, cancel: cancel}
		go f.run(f.under, call)
	}
	f.under.ctx.join(ctx)
	f.under.waiters++
	return f.under
}

func (f *Flight[T]) run(under *underWay[T], call func(context.Context) (T, error)) {
	defer under.cancel()
	under.value, under.err = call(under.ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.under == under {
		f.under = nil
	}
	close(under.done)
}

func (f *Flight[T]) leave(under *underWay[T]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	under.waiters--
	if under.waiters > 0 {
		return
	}
	under.cancel()
	if f.under == under {
		f.under = nil
	}
}
