package sandbox

import "slices"

// rows contains the objects of one kind in a sub-account, in order of creation. The zero value is empty.
type rows[T any] struct {
	ids  []string
	byID map[string]*T
}

// add stores a row, and returns a pointer to the stored row.
func (r *rows[T]) add(id string, row T) *T {
	if r.byID == nil {
		r.byID = map[string]*T{}
	}
	r.ids = append(r.ids, id)
	r.byID[id] = &row
	return &row
}

// get returns the row with the id, or nil.
func (r *rows[T]) get(id string) *T { return r.byID[id] }

func (r *rows[T]) remove(id string) {
	r.ids = without(r.ids, id)
	delete(r.byID, id)
}

// all returns copies of the rows that fit.
func (r *rows[T]) all(fits func(T) bool) []T {
	var found []T
	for _, id := range r.ids {
		if row := *r.byID[id]; fits == nil || fits(row) {
			found = append(found, row)
		}
	}
	return found
}

// has reports whether any row fits.
func (r *rows[T]) has(fits func(T) bool) bool {
	return slices.ContainsFunc(r.ids, func(id string) bool { return fits(*r.byID[id]) })
}

// anyRows converts rows to the type of a page's rows.
func anyRows[T any](rows []T) []any {
	page := make([]any, len(rows))
	for i, row := range rows {
		page[i] = row
	}
	return page
}
