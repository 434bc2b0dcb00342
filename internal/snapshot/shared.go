package snapshot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// shared is one walk through a listing, advanced by whichever reads need it. All
// its fields are guarded by mu, the account's.
type shared[T any] struct {
	mu    *sync.Mutex
	walk  *ghl.Walk[T]
	key   func(T) string
	note  func(T) // takes each row in, with mu held
	rows  []T
	index map[string]int // key → place in rows
	page  ghl.Page[T]    // counters of the last page
	pages int
	size  int  // rows that the next page is asked for, where that is less than a whole one
	last  bool // the walk went on to the empty page that ends the listing
	step  *step

	broken bool // a page could not be had: until the next write, reads look elsewhere
}

// step is one page under way, and who waits for it.
type step struct {
	done      chan struct{}
	err       error
	waiters   int
	ctx       *ghl.Joint
	cancel    context.CancelFunc
	abandoned bool // nobody waits any more: the call was cancelled
}

func newShared[T any](mu *sync.Mutex, walk *ghl.Walk[T], key func(T) string, note func(T)) *shared[T] {
	return &shared[T]{mu: mu, walk: walk, key: key, note: note, index: map[string]int{}, page: ghl.Page[T]{Total: -1}}
}

// find looks among the rows that the walk has brought so far.
func (s *shared[T]) find(key string) (row T, found bool) {
	if i, ok := s.index[key]; ok {
		return s.rows[i], true
	}
	return row, false
}

// each yields the rows of the whole listing, those that the walk has brought and
// those that advance, called with mu held, has it bring.
func (s *shared[T]) each(wanted int, advance func() error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i := 0; ; i++ {
			row, found, err := s.at(i, wanted, advance)
			if !found && err == nil || !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func (s *shared[T]) at(i, wanted int, advance func() error) (row T, found bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i >= len(s.rows) {
		if s.complete() {
			return row, false, s.readable()
		}
		if s.pages == 0 && s.step == nil {
			s.size = min(wanted, ghl.PageSize)
		}
		if err := advance(); err != nil {
			return row, false, err
		}
	}
	return s.rows[i], true, nil
}

// complete tells whether the walk has brought the whole listing.
func (s *shared[T]) complete() bool { return s.pages > 0 && s.page.Complete() }

// advance waits for one more page, asking for it unless that is under way. It is
// called with mu held, gives it up while it waits, and returns with it held. A
// caller that gives up leaves the call to those who still wait. An error reaches
// all who wait, and is not kept.
func (s *shared[T]) advance(ctx context.Context) error {
	for s.step != nil && s.step.abandoned {
		if err := s.await(ctx, s.step); err != nil {
			return err
		}
	}
	if s.step == nil {
		s.start(ctx)
	}
	under := s.step
	under.ctx.Join(ctx)
	under.waiters++
	err := s.await(ctx, under)
	under.waiters--
	if err != nil {
		if under.waiters == 0 {
			under.abandoned = true
			under.cancel()
		}
		return err
	}
	return under.err
}

// await waits for a step to end, or for ctx to.
func (s *shared[T]) await(ctx context.Context, under *step) error {
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-under.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for a list call: %w", context.Cause(ctx))
	}
}

// start asks for the next page on behalf of all who will wait for it.
func (s *shared[T]) start(ctx context.Context) {
	joint, cancel := ghl.NewJoint(ctx)
	under := &step{done: make(chan struct{}), ctx: joint, cancel: cancel}
	s.step = under
	rows := cmp.Or(s.size, ghl.PageSize)
	s.size = 0
	go func() {
		defer cancel()
		page, err := s.walk.NextOf(joint, rows)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.step = nil
		under.err = err
		if err == nil {
			s.take(page)
		}
		close(under.done)
	}()
}

func (s *shared[T]) take(page ghl.Page[T]) {
	for _, row := range page.Rows {
		s.index[s.key(row)] = len(s.rows)
		s.rows = append(s.rows, row)
		s.note(row)
	}
	page.Rows = nil
	s.page = page
	s.pages++
	s.last = page.Last
}

// vouched tells whether the total confirms what the walk brought. It may count
// system-defined rows, or leave them out.
func (s *shared[T]) vouched() bool {
	return s.page.Total >= 0 && (s.page.Seen == s.page.Total || s.page.Counted >= s.page.Total)
}

// readable is an error where the listing held a row that could not be read:
// nothing can rest on what such a listing does not show.
func (s *shared[T]) readable() error {
	if s.page.Malformed > 0 {
		return fmt.Errorf("%w: %d of its rows could not be read", ghl.ErrIncomplete, s.page.Malformed)
	}
	return nil
}

// spoiled tells whether a walk that failed with err can go no further.
func spoiled(err error) bool { return errors.Is(err, ghl.ErrIncomplete) }
