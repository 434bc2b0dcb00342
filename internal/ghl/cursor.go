package ghl

import (
	"fmt"
	"maps"
	"sync/atomic"
)

// totals is what all pagers of a client know about the server's totals. A total that
// differs from the number of rows on its page shows that totals count more than that page.
// The total of the empty page at the end of a listing is one of these.
type totals struct{ vouched atomic.Bool }

// cursor is the position of a pager.
type cursor[T any] struct {
	identify   func(T) (id string, systemDefined bool)
	totals     *totals
	page       Page[T]
	seen       map[string]bool // by id; malformed rows by digest
	repeats    int             // rows skipped because a page kept repeating them
	systemRows systemRows
	stalled    int // consecutive pages without a new row
}

// systemRows says whether skip counts the system-defined rows of a listing. It does if they
// have their own places among the other rows, and does not if every page repeats them.
// Malformed rows may be system-defined, so they are treated like system-defined rows.
type systemRows int

const (
	unclear   systemRows = iota // skip leaves them out: rows may come twice, but none is missed
	tried                       // skip counts them; undone if the next page repeats one
	inPlace                     // they have their own places
	everyPage                   // every page repeats them
)

// skip is how many rows the next request skips.
func (c *cursor[T]) skip() int {
	skip := c.page.Counted + c.repeats
	if c.systemRows == tried || c.systemRows == inPlace {
		skip += c.system()
	}
	return skip
}

// system is how many system-defined rows the pager has seen.
func (c *cursor[T]) system() int { return c.page.Seen - c.page.Counted + c.page.Malformed }

// take adds a page. It tries counting system-defined rows in skip after a page that may be
// the last, because then the next page is empty and proves the end; and after a page that
// shows that leaving them out lags behind.
func (c *cursor[T]) take(received listing[T], asked int) (Page[T], error) {
	c.page.Rows = nil
	rows := c.tally(received)
	// System-defined rows may come on top of the others. The server may ignore a limit
	// below PageSize.
	if n := rows.user + rows.knownUser; n > PageSize {
		return c.page, fmt.Errorf("%w: a page has %d rows, but %d were requested", ErrIncomplete, n, asked)
	}
	c.measure(received, asked)
	if c.systemRows == tried {
		switch {
		case rows.knownUser > 0 && c.stalled == 0: // a page sent twice proves nothing
			c.stalled++
			return c.page, nil
		case rows.knownSystem > 0:
			c.systemRows = everyPage
			return c.page, nil // its rows will come again
		}
		c.systemRows = inPlace
	}
	c.add(rows)
	if rows.system > 0 && c.systemRows == everyPage {
		c.systemRows = unclear // a system-defined row that comes later has its own place
	}
	if c.systemRows == unclear && c.system() > 0 && (!c.page.Full || rows.user == 0 || rows.knownUser > 0) {
		c.systemRows = tried
	}
	return c.page, c.end(rows)
}

// takeWhole adds the only page of a listing that the API does not page. A higher total on
// it shows that the API pages the listing after all.
func (c *cursor[T]) takeWhole(received listing[T], _ int) (Page[T], error) {
	c.page.Total = max(c.page.Total, received.total)
	c.add(c.tally(received))
	err := c.end(tally[T]{})
	return c.page, err
}

// measure records what the size and the total of a page reveal.
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
	malformed              int // new rows
	user, system           int // new rows; malformed ones count as system
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

// end marks a page that ends the listing.
func (c *cursor[T]) end(rows tally[T]) error {
	repeated := rows.knownUser
	if c.systemRows == inPlace {
		repeated += rows.knownSystem
	}
	switch {
	case rows.user > 0 || rows.system > 0:
		c.stalled = 0
		return nil
	case repeated > 0: // rows have moved, or the server sent the page twice
		c.stalled++
		if c.stalled > 2 {
			return fmt.Errorf("%w: a page repeats rows that earlier pages held", ErrIncomplete)
		}
		if c.stalled == 2 { // before that, the page is requested again
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
