package sandbox

import "slices"

// These effects spoil lists.

// MalformedItem spoils the row in the middle of a list: its id is a number, its labels or record ids are objects.
func MalformedItem() Effect {
	return onList("malformed item", func(p *page) {
		if len(p.rows) == 0 {
			return
		}
		bad := map[string]any{"id": 12345}
		for _, field := range []string{fieldFirstObjectLabel, fieldSecondObjectLabel, fieldFirstRecordID, fieldSecondRecordID} {
			bad[field] = map[string]any{"value": nil}
		}
		p.rows[len(p.rows)/2] = bad
	})
}

// ReorderPage answers with the rows of a list in reverse.
func ReorderPage() Effect {
	return onList("page reordered", func(p *page) { slices.Reverse(p.rows) })
}

// ReorderListing answers a page of a listing in reverse order: the rows of its last page are on the first.
func ReorderListing() Effect {
	return Effect{
		name:  "listing reordered",
		fits:  func(x *exchange) bool { return x.route != nil && x.route.paged },
		ahead: func(x *exchange) { x.reversed = true },
	}
}

// ShrinkPage leaves the last n rows of a list out. The total stays.
func ShrinkPage(n int) Effect {
	return onList("page shrunk", func(p *page) { p.rows = p.rows[:max(0, len(p.rows)-n)] })
}

// LyingTotal adds delta to the total of a listing, which stays at 0 or above.
func LyingTotal(delta int) Effect {
	return onList("lying total", func(p *page) { p.total = max(0, p.total+delta) })
}

// RepeatPage answers with the previous page again. It matches requests for a second or later page only.
func RepeatPage() Effect {
	e := onSkip("page repeated", func(skip, limit int) int { return skip - limit })
	anyPage := e.fits
	e.fits = func(x *exchange) bool { return anyPage(x) && x.skips() }
	return e
}

// SkipRows begins a page n rows too late, so that a reader of all pages never sees those in between.
func SkipRows(n int) Effect {
	return onSkip("rows skipped", func(skip, _ int) int { return skip + n })
}

// onList makes an effect on the rows of lists. It matches requests for lists only.
func onList(name string, change func(*page)) Effect {
	return Effect{name: name, page: change, fits: func(x *exchange) bool {
		return x.route != nil && (x.route.paged || x.route.list)
	}}
}

// onSkip makes an effect that moves the beginning of a page. It matches requests for the two listings only.
func onSkip(name string, shift func(skip, limit int) int) Effect {
	return Effect{
		name:  name,
		fits:  func(x *exchange) bool { return x.route != nil && x.route.paged },
		ahead: func(x *exchange) { x.shift = shift },
	}
}
