package ghl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
)

// PageSize is the API's cap on the rows of a page.
const PageSize = 100

// A listing is bounded in its pages, in its rows, and in the size of all its answers.
const (
	maxPages        = 1000
	maxRows         = 50_000
	maxListingBytes = 32 << 20
)

// ErrIncomplete is in the chain of a pager's error if the server's pages did
// not add up to its listing.
var ErrIncomplete = errors.New("the server's pages do not add up to a complete listing")

// Page is one page of a listing.
type Page[T any] struct {
	Rows      []T  // the rows that no earlier page held
	Malformed int  // rows so far that could not be read, or belong to another record or sub-account
	Seen      int  // rows so far, malformed ones and repeats left out
	Counted   int  // of those, the rows that surely count in the server's total
	Total     int  // the largest total so far; -1 if the server gave none
	Full      bool // the server sent as many rows as a page holds
	vouched   bool // the server's totals are not just the numbers of their pages' rows
	Last      bool // the listing ends here
}

// Complete tells whether the pager has brought the whole listing: it came to its
// end, or, with a page that was not full, to exactly as many rows as the server
// counts. Any other total may be wrong, count system-defined rows otherwise than
// supposed, or count the rows of its own page alone (under a cap on pages that the
// client does not know), and ends nothing.
func (p Page[T]) Complete() bool { return p.Last || p.Counted == p.Total && p.vouched && !p.Full }

// Vouched tells whether the server's total confirms the rows. The total may count
// system-defined rows, or leave them out, but one that may count the rows of its own
// page alone confirms nothing.
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
	broken  error // why the listing can go no further
}

func newPager[T object](totals *totals, fetch func(ctx context.Context, skip, limit int) (listing[T], error)) *Pager[T] {
	return &Pager[T]{fetch: fetch, cursor: cursor[T]{identify: T.identify, totals: totals, page: Page[T]{Total: -1}}}
}

// Next fetches the next page, of at most so many rows, which PageSize bounds. A pager
// ends with an empty page, marked Last, never early; that of a listing which the API does
// not page has one page, marked Last, however many rows that is. After a failed call the
// same page may be asked for again; after an ErrIncomplete each call fails with it.
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

// exceeds is an error if the listing is longer than any listing of the API.
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
