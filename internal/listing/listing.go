// Package listing shares a listing among its readers: each page is requested once, however
// many readers wait for it.
package listing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Listing is a listing, as far as its readers have read it. It is safe for concurrent use.
type Listing[T any] struct {
	options Options[T]
	open    func() *ghl.Pager[T]
	pager   *ghl.Pager[T]        // nil until the first page is requested
	turn    chan struct{}        // holds the right to use the pager
	flight  ghl.Flight[struct{}] // the page under way

	mu     sync.Mutex
	rows   []T
	index  map[string]int // key → index in rows
	page   ghl.Page[T]    // counters of the last page
	pages  int
	size   int  // rows of the first page, 0 for a full page
	broken bool // the pages did not add up
	asked  int  // pages requested: more than have arrived, while one is under way
}

// Options describe the rows of a listing.
type Options[T any] struct {
	Key  func(T) string // the key by which a row is found
	Page func(rows []T) // called with each page that arrives
}

// New returns a listing of which nothing has been read. It opens no pager yet: most
// listings are of records that are never asked, because the records at the other ends of
// their relations are asked.
func New[T any](open func() *ghl.Pager[T], options Options[T]) *Listing[T] {
	l := &Listing[T]{options: options, open: open, turn: make(chan struct{}, 1)}
	l.page.Total = -1
	l.turn <- struct{}{}
	return l
}

// State is how far a listing has been read.
type State struct {
	Begun     bool // a page has arrived or is under way
	Asking    bool // a page is under way
	Broken    bool // the pages did not add up: every further page is an error
	Pages     int
	Rows      int
	Malformed int  // rows that could not be read
	Total     int  // the largest total that the server sent; -1 for none
	Full      bool // the last page held as many rows as a page can
	Last      bool // the empty page at the end has arrived
	Complete  bool // Last, or as many rows as the server counts
	Vouched   bool // the total confirms the rows
}

// State returns how far the listing has been read so far.
func (l *Listing[T]) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state()
}

func (l *Listing[T]) state() State {
	page := l.page
	return State{
		Begun: l.asked > 0 || l.pages > 0, Asking: l.asked > l.pages, Broken: l.broken, Pages: l.pages, Rows: len(l.rows),
		Malformed: page.Malformed, Total: page.Total, Full: page.Full, Last: page.Last, Complete: l.pages > 0 && page.Complete(),
		Vouched: page.Vouched(),
	}
}

// Readable returns an error if a row could not be read, because that row may be any missing
// one.
func (s State) Readable() error {
	if s.Malformed > 0 {
		return fmt.Errorf("%w: %d of its rows could not be read", ghl.ErrIncomplete, s.Malformed)
	}
	return nil
}

// Cached looks a key up among the rows that have arrived. It makes no call.
func (l *Listing[T]) Cached(key string) (row T, found bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i, ok := l.index[key]; ok {
		return l.rows[i], true
	}
	return row, false
}

// Rows returns the rows that have arrived. The caller must not change them.
func (l *Listing[T]) Rows() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clip(l.rows)
}

// Next returns when more pages have arrived than the caller has seen, and requests a page
// if necessary. A caller that gives up leaves the call to the others. Every waiting caller
// gets a failure, and the failure is not kept.
func (l *Listing[T]) Next(ctx context.Context, seen int) error {
	for l.begin(seen) {
		_, err := l.flight.Do(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, l.fetch(ctx, seen) })
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("waiting for a list call: %w", context.Cause(ctx))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ReadUntil reads pages until enough reports true.
func (l *Listing[T]) ReadUntil(ctx context.Context, enough func(State) bool) error {
	for {
		state := l.State()
		if enough(state) {
			return nil
		}
		if err := l.Next(ctx, state.Pages); err != nil {
			return err
		}
	}
}

// begin records that a page is requested, unless more pages have arrived than the caller
// has seen.
func (l *Listing[T]) begin(seen int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pages > seen {
		return false
	}
	l.asked = seen + 1
	return true
}

// fetch waits for its turn first, because a call that has lost all its callers may still be
// ending.
func (l *Listing[T]) fetch(ctx context.Context, seen int) error {
	select {
	case <-l.turn:
		defer func() { l.turn <- struct{}{} }()
	case <-ctx.Done():
		l.add(ghl.Page[T]{}, context.Cause(ctx))
		return context.Cause(ctx)
	}
	size, needed := l.sizeAfter(seen)
	if !needed {
		return nil
	}
	if l.pager == nil {
		l.pager = l.open()
	}
	page, err := l.pager.Next(ctx, size)
	l.add(page, err)
	return err
}

// sizeAfter is how many rows to request, if the page is still needed.
func (l *Listing[T]) sizeAfter(seen int) (size int, needed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	size = cmp.Or(l.size, ghl.PageSize)
	l.size = 0
	return size, l.pages == seen
}

// add adds a page, or records why none came.
func (l *Listing[T]) add(page ghl.Page[T], err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.asked, l.broken = l.pages, l.broken || IsBroken(err)
		return
	}
	if l.index == nil {
		l.index = map[string]int{}
	}
	for _, row := range page.Rows {
		l.index[l.options.Key(row)] = len(l.rows)
		l.rows = append(l.rows, row)
	}
	l.options.Page(page.Rows)
	page.Rows = nil
	l.page = page
	l.pages++
}

// Each yields all rows: those that have arrived, then those that it requests. It yields an
// error at the end unless the listing is complete. A caller that wants only a few rows
// passes their number in wanted, and the first page is no larger.
func (l *Listing[T]) Each(ctx context.Context, wanted int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i := 0; ; {
			row, state := l.at(i, wanted)
			var err error
			switch {
			case state.Rows > i:
				i++
			case state.Complete:
				if err = state.Readable(); err == nil {
					return
				}
			default:
				if err = l.Next(ctx, state.Pages); err == nil {
					continue
				}
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// at returns a row, if it has arrived. The first page of an untouched listing has wanted
// rows.
func (l *Listing[T]) at(i, wanted int) (row T, state State) {
	l.mu.Lock()
	defer l.mu.Unlock()
	state = l.state()
	if i < len(l.rows) {
		row = l.rows[i]
	}
	if !state.Begun {
		l.size = min(wanted, ghl.PageSize)
	}
	return row, state
}

// IsBroken reports whether a listing that failed with err cannot continue.
func IsBroken(err error) bool { return errors.Is(err, ghl.ErrIncomplete) }
