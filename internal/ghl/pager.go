package ghl

import (
	"fmt"
	"maps"
	"sync/atomic"
)

// totals is what all walks of a client know of the totals that the server tells. One
// that differs from the number of its page's rows shows that they count more than that;
// the empty page at the end of any listing tells such a one.
type totals struct{ vouched atomic.Bool }

// pager keeps the place of a walk.
type pager[T any] struct {
	identify   func(T) (id string, systemDefined bool)
	totals     *totals
	page       Page[T]
	seen       map[string]bool // by id, or, if malformed, by digest
	repeats    int             // rows passed over because a page kept repeating them
	systemRows systemRows
	stalled    int // pages in a row that brought nothing new
}

// systemRows tells whether skip counts the system-defined rows of a listing. It does if
// they have places of their own among the others, and does not if they come again on each
// page. Malformed rows may be system-defined ones, so they count as such.
type systemRows int

const (
	unclear   systemRows = iota // skip leaves them out: rows may come twice, but none is passed over
	tried                       // skip counts them, which is taken back if the next page repeats one
	inPlace                     // they have places of their own
	everyPage                   // they come on each page
)

// skip is how many rows the next page leaves out.
func (p *pager[T]) skip() int {
	skip := p.page.Counted + p.repeats
	if p.systemRows == tried || p.systemRows == inPlace {
		skip += p.system()
	}
	return skip
}

// system is how many system-defined rows the walk has seen.
func (p *pager[T]) system() int { return p.page.Seen - p.page.Counted + p.page.Malformed }

// take adds a page. Whether skip counts system-defined rows is tried after a page that
// may be the last, since the next one is then empty and proves it; and after one that
// shows that leaving them out lags behind.
func (p *pager[T]) take(received listing[T], asked int) (Page[T], error) {
	p.page.Rows = nil
	rows := p.tally(received)
	// System-defined rows may come beside the others. A limit below PageSize may be ignored.
	if n := rows.user + rows.knownUser; n > PageSize {
		return p.page, fmt.Errorf("%w: a page of %d rows, %d were asked for", ErrIncomplete, n, asked)
	}
	p.measure(received, asked)
	if p.systemRows == tried {
		switch {
		case rows.knownUser > 0 && p.stalled == 0: // a page sent twice tells nothing
			p.stalled++
			return p.page, nil
		case rows.knownSystem > 0:
			p.systemRows = everyPage
			return p.page, nil // its rows come again
		}
		p.systemRows = inPlace
	}
	p.add(rows)
	if rows.system > 0 && p.systemRows == everyPage {
		p.systemRows = unclear // one that comes later has a place of its own
	}
	if p.systemRows == unclear && p.system() > 0 && (!p.page.Full || rows.user == 0 || rows.knownUser > 0) {
		p.systemRows = tried
	}
	return p.page, p.end(rows)
}

// measure takes in what a page tells by its size and its total.
func (p *pager[T]) measure(received listing[T], asked int) {
	size := len(received.rows) + len(received.malformed)
	p.page.Full = size >= asked
	p.page.Total = max(p.page.Total, received.total)
	if received.total >= 0 && received.total != size {
		p.totals.vouched.Store(true)
	}
	p.page.vouched = p.totals.vouched.Load()
}

// tally is what a page brings.
type tally[T any] struct {
	rows                   []T // the new ones that are not malformed
	malformed              int // new ones
	user, system           int // new ones, malformed ones among the latter
	knownUser, knownSystem int
	came                   map[string]bool // all of them, as in pager.seen
}

func (p *pager[T]) tally(received listing[T]) tally[T] {
	rows := tally[T]{came: map[string]bool{}}
	isNew := func(id string, systemDefined bool) bool {
		known := p.seen[id] || rows.came[id]
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
		if isNew(p.identify(row)) {
			rows.rows = append(rows.rows, row)
		}
	}
	return rows
}

func (p *pager[T]) add(rows tally[T]) {
	maps.Copy(p.seen, rows.came)
	p.page.Rows = rows.rows
	p.page.Seen += len(rows.rows)
	p.page.Malformed += rows.malformed
	p.page.Counted += rows.user
}

// end marks a page that ends the listing.
func (p *pager[T]) end(rows tally[T]) error {
	repeated := rows.knownUser
	if p.systemRows == inPlace {
		repeated += rows.knownSystem
	}
	switch {
	case rows.user > 0 || rows.system > 0:
		p.stalled = 0
		return nil
	case repeated > 0: // rows have moved, or the page was sent twice
		p.stalled++
		if p.stalled > 2 {
			return fmt.Errorf("%w: a page repeats rows that earlier pages held", ErrIncomplete)
		}
		if p.stalled == 2 { // else it is asked for again before it is believed
			p.repeats += repeated
		}
		return nil
	}
	p.page.Last = true
	if p.page.Seen+p.page.Malformed < p.page.Total {
		return fmt.Errorf("%w: it ended after %d of %d rows", ErrIncomplete, p.page.Seen+p.page.Malformed, p.page.Total)
	}
	return nil
}
