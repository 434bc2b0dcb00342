package ghl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// PageSize is the API's cap on the rows of a page.
const PageSize = 100

// Bounds of a listing: its pages, its rows, and the size of all its answers.
const (
	maxPages        = 1000
	maxRows         = 50_000
	maxListingBytes = 32 << 20
)

// ErrIncomplete is in the chain of a pager's error if the server's pages did not add up to
// its listing.
var ErrIncomplete = errors.New("the server's pages do not add up to a complete listing")

// Page is one page of a listing.
type Page[T any] struct {
	Rows      []T  // rows that no earlier page held
	Malformed int  // rows so far that could not be read, or belong to another record or sub-account
	Seen      int  // rows so far, without malformed ones and repeats
	Counted   int  // rows among Seen that certainly count in the server's total
	Total     int  // the largest total so far; -1 if the server sent none
	Full      bool // the server sent as many rows as a page holds
	vouched   bool // the server's totals are not merely the numbers of rows on their pages
	Last      bool // the listing ends here
}

// Complete reports whether the pager has brought the whole listing. Either the pager
// reached the end, or, after a page that was not full, it has exactly as many rows as the
// server counts. Any other total ends nothing: it may be wrong, count system-defined rows
// in an unexpected way, or count only the rows of its own page (if the server caps pages at
// a limit that the client does not know).
func (p Page[T]) Complete() bool { return p.Last || p.Counted == p.Total && p.vouched && !p.Full }

// Vouched reports whether the server's total confirms the rows. The total may include
// system-defined rows or not. A total that may count only the rows of its own page confirms
// nothing.
func (p Page[T]) Vouched() bool {
	return p.vouched && p.Total >= 0 && (p.Seen == p.Total || p.Counted >= p.Total)
}

// Pager goes through a listing page by page. It is not safe for concurrent use.
type Pager[T any] struct {
	fetch   func(ctx context.Context, skip, limit int) (listing[T], error)
	cursor  cursor[T]
	isWhole bool // the API does not page the listing: the first page is the last
	pages   int
	bytes   int
	broken  error // why the listing cannot continue
}

func newPager[T object](totals *totals, fetch func(ctx context.Context, skip, limit int) (listing[T], error)) *Pager[T] {
	return &Pager[T]{fetch: fetch, cursor: cursor[T]{identify: T.identify, totals: totals, page: Page[T]{Total: -1}}}
}

// Next fetches the next page, with at most that many rows; PageSize is the upper bound. A
// paged listing ends only with an empty page, marked Last. A listing that the API does not
// page has one page, marked Last, with any number of rows. After a failed call, the same
// page may be requested again. After an ErrIncomplete, every call fails with it.
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

// exceeds returns an error if the listing is longer than any listing of the API.
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
