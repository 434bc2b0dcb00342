package sandbox

import "slices"

// These effects spoil lists.

// MalformedItem spoils the row in the middle of a list: its id becomes a number, and its labels or record ids become objects.
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

// ReorderPage reverses the rows of a list.
func ReorderPage() Effect {
	return onList("page reordered", func(p *page) { slices.Reverse(p.rows) })
}

// ReorderListing answers with a page of the reversed listing: the rows of the last page are on the first page.
func ReorderListing() Effect {
	return Effect{
		name:  "listing reordered",
		fits:  func(x *exchange) bool { return x.route != nil && x.route.paged },
		ahead: func(x *exchange) { x.reversed = true },
	}
}

// ShrinkPage omits the last n rows of a list. The total does not change.
func ShrinkPage(n int) Effect {
	return onList("page shrunk", func(p *page) { p.rows = p.rows[:max(0, len(p.rows)-n)] })
}

// LyingTotal adds delta to the total of a listing. The total is never less than 0.
func LyingTotal(delta int) Effect {
	return onList("lying total", func(p *page) { p.total = max(0, p.total+delta) })
}

// RepeatPage answers with the previous page again. It matches only requests for a second or later page.
func RepeatPage() Effect {
	e := onSkip("page repeated", func(skip, limit int) int { return skip - limit })
	anyPage := e.fits
	e.fits = func(x *exchange) bool { return anyPage(x) && x.skips() }
	return e
}

// SkipRows begins a page n rows too late, so that a client that reads all pages misses n rows.
func SkipRows(n int) Effect {
	return onSkip("rows skipped", func(skip, _ int) int { return skip + n })
}

// onList returns an effect on the rows of lists. It matches only requests for lists.
func onList(name string, change func(*page)) Effect {
	return Effect{name: name, page: change, fits: func(x *exchange) bool {
		return x.route != nil && (x.route.paged || x.route.list)
	}}
}

// onSkip returns an effect that moves the beginning of a page. It matches only requests for the association listing and the
// relation listing.
func onSkip(name string, shift func(skip, limit int) int) Effect {
	return Effect{
		name:  name,
		fits:  func(x *exchange) bool { return x.route != nil && x.route.paged },
		ahead: func(x *exchange) { x.shift = shift },
	}
}
