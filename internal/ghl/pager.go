package ghl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// PageSize is the API's maximum number of rows on a page.
const PageSize = 100

// Limits of a listing: its pages, its rows, and the total size of its answers.
const (
	maxPages        = 1000
	maxRows         = 50_000
	maxListingBytes = 32 << 20
)

// ErrIncomplete is wrapped in a pager's error if the server's pages do not add up to a
// complete listing.
var ErrIncomplete = errors.New("the server's pages do not add up to a complete listing")

// Page is one page of a listing.
type Page[T any] struct {
	Rows      []T  // rows that were not on earlier pages
	Malformed int  // rows so far that could not be read, or belong to another record or sub-account
	Seen      int  // rows so far, without malformed and repeated rows
	Counted   int  // number of rows in Seen that the server's total certainly includes
	Total     int  // the largest total so far; -1 if the server sent none
	Full      bool // the server sent at least as many rows as requested
	vouched   bool // the server's totals count more than the rows on one page
	Last      bool // this page is the last one
}

// Complete reports whether the pager has read the whole listing. Either the pager reached
// the end, or, after a page that was not full, it has exactly as many rows as the server's
// total. Any other total proves nothing. The total may be wrong, or count system-defined
// rows in an unexpected way. If the server has a lower limit for pages than the client
// expects, the total may count only the rows of its own page.
func (p Page[T]) Complete() bool { return p.Last || p.Counted == p.Total && p.vouched && !p.Full }

// Vouched reports whether the server's total confirms the rows. The total may include
// system-defined rows or not. A total that may count only the rows of its own page proves
// nothing.
func (p Page[T]) Vouched() bool {
	return p.vouched && p.Total >= 0 && (p.Seen == p.Total || p.Counted >= p.Total)
}

// Pager reads a listing page by page. It is not safe for concurrent use.
type Pager[T any] struct {
	fetch   func(ctx context.Context, skip, limit int) (listing[T], error)
	cursor  cursor[T]
	isWhole bool // the API returns the listing whole: the first page is the last
	pages   int
	bytes   int
	broken  error // why the listing cannot continue
}

func newPager[T object](totals *totals, fetch func(ctx context.Context, skip, limit int) (listing[T], error)) *Pager[T] {
	return &Pager[T]{fetch: fetch, cursor: cursor[T]{identify: T.identify, totals: totals, page: Page[T]{Total: -1}}}
}

// Next fetches the next page. It requests the given number of rows, which must not exceed
// PageSize. A paged listing ends only with an empty page, marked Last. A listing that the
// API returns whole has one page, marked Last, with any number of rows. After a failed
// call, the same page may be requested again. After an ErrIncomplete, every later call
// returns the same error.
func (p *Pager[T]) Next(ctx context.Context, rows int) (Page[T], error) {
	if err := cmp.Or(p.broken, p.exceeds()); err != nil {
		return Page[T]{}, err
	}
	received, err := p.fetch(ctx, p.cursor.skip(), rows)
	if err != nil {
		return Page[T]{}, err
	}
	p.pages++
	p.bytes += received.size
	take := p.cursor.take
	if p.isWhole {
		take = p.cursor.takeWhole
	}
	page, err := take(received, rows)
	p.broken = err
	return page, err
}

// exceeds returns an error if the listing is longer than the limits allow.
func (p *Pager[T]) exceeds() error {
	switch rows := p.cursor.page.Seen + p.cursor.page.Malformed; {
	case p.pages >= maxPages:
		return fmt.Errorf("%w: no end after %d pages", ErrIncomplete, p.pages)
	case rows >= maxRows:
		return fmt.Errorf("%w: no end after %d rows", ErrIncomplete, rows)
	case p.bytes >= maxListingBytes:
		return fmt.Errorf("%w: no end after %d MiB", ErrIncomplete, p.bytes>>20)
	default:
		return nil
	}
}
