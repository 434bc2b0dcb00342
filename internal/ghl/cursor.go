package ghl

import (
	"fmt"
	"maps"
	"sync/atomic"
)

// totals records whether the server's totals count the whole listing. All pagers of a
// client share it. A total that differs from the number of rows on its page shows that
// totals count more than one page. The total on the empty page at the end of a listing
// shows this too.
type totals struct{ vouched atomic.Bool }

// cursor is the position of a pager.
type cursor[T any] struct {
	identify   func(T) (id string, systemDefined bool)
	totals     *totals
	page       Page[T]
	seen       map[string]bool // keyed by id; malformed rows by digest
	repeats    int             // rows skipped because a page kept repeating them
	systemRows systemRows
	stalled    int // number of consecutive pages without a new row
}

// systemRows says whether skip counts the system-defined rows of a listing. skip counts
// these rows if they have their own positions among the other rows, but not if every page
// repeats them. Malformed rows may be system-defined, so they are treated like
// system-defined rows.
type systemRows int

const (
	unclear   systemRows = iota // skip does not count system-defined rows: rows may be read twice, but none is missed
	tried                       // skip counts system-defined rows, unless the next page repeats one
	inPlace                     // system-defined rows have their own positions
	everyPage                   // every page repeats the system-defined rows
)

// skip returns the number of rows that the next request skips.
func (c *cursor[T]) skip() int {
	skip := c.page.Counted + c.repeats
	if c.systemRows == tried || c.systemRows == inPlace {
		skip += c.system()
	}
	return skip
}

// system returns the number of system-defined and malformed rows that the pager has read.
func (c *cursor[T]) system() int { return c.page.Seen - c.page.Counted + c.page.Malformed }

// take adds a page to the listing. It starts to count system-defined rows in skip after a
// page that may be the last, because the next page is then empty and proves that the
// listing has ended. It also starts to count them after a page with no new rows or with
// rows that were already read, because skip is then too small.
func (c *cursor[T]) take(received listing[T], asked int) (Page[T], error) {
	c.page.Rows = nil
	rows := c.tally(received)
	// A page may contain system-defined rows in addition to the requested number of rows.
	// The server may ignore a limit below PageSize.
	if n := rows.user + rows.knownUser; n > PageSize {
		return c.page, fmt.Errorf("%w: a page has %d rows, but %d were requested", ErrIncomplete, n, asked)
	}
	c.measure(received, asked)
	if c.systemRows == tried {
		switch {
		case rows.knownUser > 0 && c.stalled == 0: // the server may have sent the same page twice
			c.stalled++
			return c.page, nil
		case rows.knownSystem > 0:
			c.systemRows = everyPage
			return c.page, nil // later pages repeat its rows
		}
		c.systemRows = inPlace
	}
	c.add(rows)
	if rows.system > 0 && c.systemRows == everyPage {
		c.systemRows = unclear // a system-defined row that first appears on a later page has its own position
	}
	if c.systemRows == unclear && c.system() > 0 && (!c.page.Full || rows.user == 0 || rows.knownUser > 0) {
		c.systemRows = tried
	}
	return c.page, c.end(rows)
}

// takeWhole adds the only page of a listing that the API returns whole. A total that
// exceeds the number of rows shows that the API returns the listing in pages after all.
func (c *cursor[T]) takeWhole(received listing[T], _ int) (Page[T], error) {
	c.page.Total = max(c.page.Total, received.total)
	c.add(c.tally(received))
	err := c.end(tally[T]{})
	return c.page, err
}

// measure records whether a page is full, and what its total shows.
func (c *cursor[T]) measure(received listing[T], asked int) {
	size := len(received.rows) + len(received.malformed)
	c.page.Full = size >= asked
	c.page.Total = max(c.page.Total, received.total)
	if received.total >= 0 && received.total != size {
		c.totals.vouched.Store(true)
	}
	c.page.vouched = c.totals.vouched.Load()
}

// tally counts the rows of a page.
type tally[T any] struct {
	rows                   []T // the new rows that are not malformed
	malformed              int // new malformed rows
	user, system           int // new rows; malformed rows count as system-defined
	knownUser, knownSystem int
	came                   map[string]bool // all rows, keyed like cursor.seen
}

func (c *cursor[T]) tally(received listing[T]) tally[T] {
	rows := tally[T]{came: map[string]bool{}}
	isNew := func(id string, systemDefined bool) bool {
		known := c.seen[id] || rows.came[id]
		rows.came[id] = true
		switch {
		case known && systemDefined:
			rows.knownSystem++
		case known:
			rows.knownUser++
		case systemDefined:
			rows.system++
		default:
			rows.user++
		}
		return !known
	}
	for _, row := range received.malformed {
		if isNew("/"+string(row[:]), true) { // no id has a slash
			rows.malformed++
		}
	}
	for _, row := range received.rows {
		if isNew(c.identify(row)) {
			rows.rows = append(rows.rows, row)
		}
	}
	return rows
}

func (c *cursor[T]) add(rows tally[T]) {
	if c.seen == nil { // most listings have one page
		c.seen = rows.came
	} else {
		maps.Copy(c.seen, rows.came)
	}
	c.page.Rows = rows.rows
	c.page.Seen += len(rows.rows)
	c.page.Malformed += rows.malformed
	c.page.Counted += rows.user
}

// end checks whether a page ends the listing and, if so, marks the page as the last one.
func (c *cursor[T]) end(rows tally[T]) error {
	repeated := rows.knownUser
	if c.systemRows == inPlace {
		repeated += rows.knownSystem
	}
	switch {
	case rows.user > 0 || rows.system > 0:
		c.stalled = 0
		return nil
	case repeated > 0: // rows have moved to another page, or the server sent the page twice
		c.stalled++
		if c.stalled > 2 {
			return fmt.Errorf("%w: a page repeats rows of earlier pages", ErrIncomplete)
		}
		if c.stalled == 2 { // at the first repeat, only request the page again
			c.repeats += repeated
		}
		return nil
	}
	if c.page.Seen+c.page.Malformed < c.page.Total {
		return fmt.Errorf("%w: it ended after %d of %d rows", ErrIncomplete, c.page.Seen+c.page.Malformed, c.page.Total)
	}
	c.page.Last = true
	return nil
}
