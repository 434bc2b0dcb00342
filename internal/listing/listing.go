// Package listing lets several readers share a listing. Each page is requested once,
// however many readers wait for it.
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

// Listing is a listing that several readers share. It contains the rows that have arrived.
// It is safe for concurrent use.
type Listing[T any] struct {
	options Options[T]
	open    func() *ghl.Pager[T]
	pager   *ghl.Pager[T]        // nil until the first page is requested
	turn    chan struct{}        // contains a token while the pager is free
	flight  ghl.Flight[struct{}] // the request for the next page

	mu     sync.Mutex
	rows   []T
	index  map[string]int // key → index in rows
	page   ghl.Page[T]    // counters of the last page
	pages  int
	size   int  // how many rows to request for the first page; 0 for a full page
	broken bool // the pages did not add up
	asked  int  // pages requested; more than pages while a request is under way
}

// Options describe the rows of a listing.
type Options[T any] struct {
	Key  func(T) string // returns the key that identifies a row
	Page func(rows []T) // called with the rows of each page that arrives
}

// New returns an empty listing. It opens no pager yet, because most listings are never
// read: a relation is usually found in the listing of its other record.
func New[T any](open func() *ghl.Pager[T], options Options[T]) *Listing[T] {
	l := &Listing[T]{options: options, open: open, turn: make(chan struct{}, 1)}
	l.page.Total = -1
	l.turn <- struct{}{}
	return l
}

// State describes how far a listing has been read.
type State struct {
	Begun     bool // a page has arrived or has been requested
	Asking    bool // a request is under way
	Broken    bool // the pages did not add up: every further page is an error
	Pages     int
	Rows      int
	Malformed int  // rows that could not be read
	Total     int  // the largest total that the server sent; -1 for none
	Full      bool // the last page had the maximum number of rows
	Last      bool // the empty page at the end has arrived
	Complete  bool // Last, or as many rows have arrived as the server's total says
	Vouched   bool // the server's total confirms the rows
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

// Readable returns an error if a row could not be read, because a row that seems to be
// missing may be the unreadable one.
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
// if necessary. If a caller gives up, the call continues for the others. If the call fails,
// every waiting caller gets the error, which is not cached.
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

// ReadUntil reads pages until enough returns true.
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

// begin records that a page is requested. It returns false if more pages have arrived than
// the caller has seen.
func (l *Listing[T]) begin(seen int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pages > seen {
		return false
	}
	l.asked = seen + 1
	return true
}

// fetch requests a page. It waits for its turn first, because an earlier call that was
// cancelled may not have ended yet.
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

// sizeAfter returns how many rows to request, and whether the page is still needed.
func (l *Listing[T]) sizeAfter(seen int) (size int, needed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	size = cmp.Or(l.size, ghl.PageSize)
	l.size = 0
	return size, l.pages == seen
}

// add adds a page, or records that its request failed.
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

// Each yields all rows: first those that have arrived, then those of the pages that it
// requests. It yields an error at the end unless the listing is complete. A caller that
// needs only a few rows passes their number as wanted, which limits the size of the first
// page.
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

// at returns a row, if it has arrived. If no page has been requested yet, the first page
// will have at most wanted rows.
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
