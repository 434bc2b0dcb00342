package ghl

import (
	"fmt"
	"sync/atomic"
)

// totals is what all walks of a client know of the totals that the server tells. One
// that differs from the number of its page's rows shows that they count more than that;
// the empty page at the end of any listing tells such a one.
type totals struct{ vouched atomic.Bool }

// progress is where a walk stands.
type progress[T any] struct {
	identify   func(T) (id string, systemDefined bool)
	totals     *totals
	page       Page[T]
	seen       map[string]bool // by id
	malformed  map[digest]bool
	repeats    int // rows passed over because a page kept repeating them
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

func newProgress[T any](totals *totals, identify func(T) (string, bool)) progress[T] {
	return progress[T]{identify: identify, totals: totals, page: Page[T]{Total: -1}, seen: map[string]bool{}, malformed: map[digest]bool{}}
}

// skip is how many rows the next page leaves out.
func (p *progress[T]) skip() int {
	skip := p.page.Counted + p.repeats
	if p.systemRows == tried || p.systemRows == inPlace {
		skip += p.system()
	}
	return skip
}

// system is how many system-defined rows the walk has seen.
func (p *progress[T]) system() int { return p.page.Seen - p.page.Counted + p.page.Malformed }

// take adds a page. Whether skip counts system-defined rows is tried after a page that
// may be the last, since the next one is then empty and proves it; and after one that
// shows that leaving them out lags behind.
func (p *progress[T]) take(received listing[T], asked int) (Page[T], error) {
	p.page.Rows = nil
	if rows := p.userDefined(received); rows > PageSize {
		return p.page, fmt.Errorf("%w: a page of %d rows, %d were asked for", ErrIncomplete, rows, asked)
	}
	p.measure(received, asked)
	if p.systemRows == tried {
		user, system := p.known(received)
		switch {
		case user > 0 && p.stalled == 0: // a page sent twice tells nothing
			p.stalled++
			return p.page, nil
		case system > 0:
			p.systemRows = everyPage
			return p.page, nil // its rows come again
		}
		p.systemRows = inPlace
	}
	rows := p.count(received)
	if rows.system > 0 && p.systemRows == everyPage {
		p.systemRows = unclear // one that comes later has a place of its own
	}
	if p.systemRows == unclear && p.system() > 0 && (!p.page.Full || rows.user == 0 || rows.repeated > 0) {
		p.systemRows = tried
	}
	return p.page, p.end(rows)
}

// measure takes in what a page tells by its size and its total.
func (p *progress[T]) measure(received listing[T], asked int) {
	size := len(received.rows) + len(received.malformed)
	p.page.Full = size >= asked
	p.page.Total = max(p.page.Total, received.total)
	if received.total >= 0 && received.total != size {
		p.totals.vouched.Store(true)
	}
	p.page.Vouched = p.totals.vouched.Load()
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
	user     int // user-defined and new
	system   int // system-defined and new
	repeated int // known, unless system-defined ones come on each page
}

// count takes in the rows of a page, and tells what they were.
func (p *progress[T]) count(received listing[T]) (rows tally) {
	for _, row := range received.malformed {
		switch {
		case !p.malformed[row]:
			p.malformed[row] = true
			rows.system++
		case p.systemRows == inPlace:
			rows.repeated++
		}
	}
	for _, row := range received.rows {
		id, systemDefined := p.identify(row)
		switch {
		case p.seen[id]:
			if !systemDefined || p.systemRows == inPlace {
				rows.repeated++
			}
			continue
		case systemDefined:
			rows.system++
		default:
			rows.user++
		}
		p.seen[id] = true
		p.page.Rows = append(p.page.Rows, row)
	}
	p.page.Seen, p.page.Malformed = len(p.seen), len(p.malformed)
	p.page.Counted += rows.user
	return rows
}

// known counts the rows of a page that earlier ones held.
func (p *progress[T]) known(received listing[T]) (user, system int) {
	for _, row := range received.malformed {
		if p.malformed[row] {
			system++
		}
	}
	for _, row := range received.rows {
		switch id, systemDefined := p.identify(row); {
		case !p.seen[id]:
		case systemDefined:
			system++
		default:
			user++
		}
	}
	return user, system
}

// end marks a page that ends the listing.
func (p *progress[T]) end(rows tally) error {
	switch {
	case rows.user > 0 || rows.system > 0:
		p.stalled = 0
		return nil
	case rows.repeated > 0: // rows have moved, or the page was sent twice
		p.stalled++
		if p.stalled > 2 {
			return fmt.Errorf("%w: a page repeats rows that earlier pages held", ErrIncomplete)
		}
		if p.stalled == 2 { // else it is asked for again before it is believed
			p.repeats += rows.repeated
		}
		return nil
	}
	p.page.Last = true
	if p.page.Seen+p.page.Malformed < p.page.Total {
		return fmt.Errorf("%w: it ended after %d of %d rows", ErrIncomplete, p.page.Seen+p.page.Malformed, p.page.Total)
	}
	return nil
}
