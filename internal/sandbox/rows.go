package sandbox

import (
	"fmt"
	"slices"
)

// rows are what a sub-account holds of one kind, in order of creation. The zero value holds none.
type rows[T any] struct {
	ids  []string
	byID map[string]*T
}

// add stores a row, and returns it as it is stored.
func (r *rows[T]) add(id string, row T) *T {
	if r.byID == nil {
		r.byID = map[string]*T{}
	}
	r.ids = append(r.ids, id)
	r.byID[id] = &row
	return &row
}

// get is the row with an id, or nil.
func (r *rows[T]) get(id string) *T { return r.byID[id] }

func (r *rows[T]) remove(id string) {
	r.ids = without(r.ids, id)
	delete(r.byID, id)
}

// all is a copy of every row that fits.
func (r *rows[T]) all(fits func(T) bool) []T {
	var found []T
	for _, id := range r.ids {
		if row := *r.byID[id]; fits == nil || fits(row) {
			found = append(found, row)
		}
	}
	return found
}

// another is the oldest row that fits, or else a made-up one.
func (r *rows[T]) another(fits func(T) bool, madeUp T) T {
	return append(r.all(fits), madeUp)[0]
}

// has tells whether a row fits.
func (r *rows[T]) has(fits func(T) bool) bool {
	return slices.ContainsFunc(r.ids, func(id string) bool { return fits(*r.byID[id]) })
}

// anyRows is rows as a page has them.
func anyRows[T any](rows []T) []any {
	page := make([]any, len(rows))
	for i, row := range rows {
		page[i] = row
	}
	return page
}

// freeID is the id of a row that a caller in Go made: as given, or else a new one. It panics when the id is taken.
func (s *Sandbox) freeID(id, kind string, taken bool) string {
	if taken {
		panic(fmt.Sprintf("sandbox: %s id %q is taken", kind, id))
	}
	if id == "" {
		return s.newID()
	}
	return id
}
