package ghl

import (
	"fmt"
	"slices"
	"sync/atomic"
)

// totals is what all walks of a client know of the totals that the server tells. One
// that differs from the number of its page's rows shows that they count more than that;
// the empty page at the end of any listing tells such a one.
type totals struct{ vouched atomic.Bool }

// progress is where a walk stands.
type progress[T any] struct {
	identify  func(T) (string, bool)
	totals    *totals
	page      Page[T]
	skip      int
	seen      map[string]bool // by id
	order     []string        // the same ids, as they came
	inPlace   bool            // system rows have places of their own in the listing, so skip counts them
	guessed   bool            // skip counts them on trial, after what looked like the last page
	certain   int             // skip without them, to go back to
	onEach    bool            // system rows come on each page, so skip does not count them
	malformed map[digest]bool
	lag       int // how far skip may stand behind: system rows that skip may or may not count
	stalled   int // pages in a row that brought nothing new
}

func newProgress[T any](totals *totals, identify func(T) (string, bool)) progress[T] {
	return progress[T]{identify: identify, totals: totals, page: Page[T]{Total: -1}, seen: map[string]bool{}, malformed: map[digest]bool{}}
}

// take adds a page and advances skip. Skip grows by the user-defined rows, new or
// repeated within the lag: system rows may come once, counted by skip, or on each
// page, not counted. So a row may be read twice, but none is passed over. Once a page
// has shown that they come once, skip grows by all rows; after a page that was not
// full that is tried at once, for then the next one should be empty, and prove it.
func (p *progress[T]) take(received listing[T], asked int) (Page[T], error) {
	p.page.Rows = nil
	if rows := p.userDefined(received); rows > PageSize {
		return p.page, fmt.Errorf("%w: a page of %d rows, %d were asked for", ErrIncomplete, rows, asked)
	}
	p.page.Total = max(p.page.Total, received.total)
	size := len(received.rows) + len(received.malformed)
	p.page.Full = size >= asked
	if received.total >= 0 && received.total != size {
		p.totals.vouched.Store(true)
	}
	p.page.Vouched = p.totals.vouched.Load()
	if p.guessed {
		p.guessed = false
		if p.repeatsSystemRows(received) {
			p.skip, p.lag, p.onEach = p.certain, 0, true
			return p.page, nil
		}
		p.inPlace = true
	}
	fits := p.fits(received)
	rows := p.count(received, fits)
	p.lag += rows.system
	p.page.Seen = len(p.seen)
	if fits {
		p.inPlace, p.lag, p.stalled = true, 0, 0
		p.skip += len(received.rows)
		return p.page, nil
	}
	return p.advance(rows)
}

// userDefined counts the rows of a page that its limit bounds: system-defined ones may
// come beside them. A limit below PageSize may be ignored.
func (p *progress[T]) userDefined(received listing[T]) (n int) {
	for _, row := range received.rows {
		if _, systemDefined := p.identify(row); !systemDefined {
			n++
		}
	}
	return n
}

// tally counts the rows of one page.
type tally struct {
	fresh       int // user-defined and new
	repeated    int // user-defined and known
	system      int // system-defined and new
	knownSystem int
}

// count takes in the rows of a page, and tells what they were. Malformed ones may be
// system-defined rows, so they count as such.
func (p *progress[T]) count(received listing[T], fits bool) (rows tally) {
	for _, row := range received.malformed {
		if p.malformed[row] {
			p.lag, p.onEach = 0, true
			rows.knownSystem++
			continue
		}
		p.malformed[row] = true
		p.page.Malformed++
		rows.system++
	}
	for _, row := range received.rows {
		id, systemDefined := p.identify(row)
		switch known := p.seen[id]; {
		case known && systemDefined:
			p.lag, p.onEach = 0, !fits
			rows.knownSystem++
			continue
		case known:
			rows.repeated++
			continue
		case systemDefined:
			rows.system++
		default:
			rows.fresh++
			p.page.Counted++
		}
		p.seen[id] = true
		p.order = append(p.order, id)
		p.page.Rows = append(p.page.Rows, row)
	}
	return rows
}

// repeatsSystemRows tells whether a page holds a system-defined row that is known.
func (p *progress[T]) repeatsSystemRows(received listing[T]) bool {
	for _, row := range received.rows {
		if id, systemDefined := p.identify(row); systemDefined && p.seen[id] {
			return true
		}
	}
	return slices.ContainsFunc(received.malformed, func(row digest) bool { return p.malformed[row] })
}

// guess lets skip count all rows, on trial.
func (p *progress[T]) guess() {
	if all := len(p.order) + p.page.Malformed; !p.page.Full && !p.inPlace && !p.onEach && all > p.skip {
		p.guessed, p.certain, p.skip = true, p.skip, all
	}
}

// fits tells whether a page stands where skip, counting all rows, says: it begins with
// just the rows that the walk has seen from there on, at least one, or, where skip has
// been found to count them all, is new from end to end.
func (p *progress[T]) fits(received listing[T]) bool {
	if len(received.rows) == 0 || len(received.malformed) > 0 || p.page.Malformed > 0 || p.skip > len(p.order) {
		return false
	}
	overlap := p.order[p.skip:]
	if len(overlap) == 0 && !p.inPlace || len(overlap) > len(received.rows) {
		return false
	}
	goesOn := false // beyond system rows that are known already, which end a listing
	for i, row := range received.rows {
		id, systemDefined := p.identify(row)
		if i < len(overlap) && id != overlap[i] || i >= len(overlap) && p.seen[id] {
			return false
		}
		goesOn = goesOn || !systemDefined || !p.seen[id]
	}
	return goesOn
}

// advance moves skip on by what a page brought, and tells where the listing ends.
func (p *progress[T]) advance(rows tally) (Page[T], error) {
	switch {
	case rows.fresh > 0:
		p.stalled = 0
		p.skip += rows.fresh + min(rows.repeated, p.lag)
		p.guess()
		return p.page, nil
	case rows.system > 0:
		p.stalled = 0
		p.skip += rows.system + rows.repeated
		p.lag -= min(rows.system, p.lag)
		return p.page, nil
	case rows.repeated > 0: // the overlap of a lagging walk, or a page sent twice
		p.stalled++
		if p.stalled > 2 {
			return p.page, fmt.Errorf("%w: a page repeats rows that earlier pages held", ErrIncomplete)
		}
		if rows.repeated <= p.lag || p.stalled > 1 { // else the page is asked for again before it is believed
			p.skip += rows.repeated + rows.knownSystem
		}
		return p.page, nil
	}
	p.page.Last = true
	if p.page.Seen+p.page.Malformed < p.page.Total {
		return p.page, fmt.Errorf("%w: it ended after %d of %d rows", ErrIncomplete, p.page.Seen+p.page.Malformed, p.page.Total)
	}
	return p.page, nil
}
