package sandbox

// Rows gives access to the rows of one kind without the API, like another client or a person in the browser. Its methods panic if
// the sub-account does not exist, and ignore a row that no longer exists.
type Rows[T any] struct {
	s    *Sandbox
	kind *kindOf[T]
}

// Add stores a row exactly as given, in the sub-account that the row specifies. If the ID or another required field is empty, Add
// sets it. Add panics if the id is taken.
func (r Rows[T]) Add(row T) T {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	_, locationID := r.kind.ids(&row)
	account := r.s.account(*locationID)
	stored := r.kind.add(r.s, account, row)
	if r.kind.added != nil {
		r.kind.added(r.s, account, stored)
	}
	return *stored
}

// Update changes a row. The id and the sub-account do not change.
func (r Rows[T]) Update(locationID, by string, change func(*T)) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	row := r.row(locationID, by)
	if row == nil {
		return
	}
	id, location := r.kind.ids(row)
	formerID := *id
	change(row)
	*id, *location = formerID, locationID
}

// Remove removes a row.
func (r Rows[T]) Remove(locationID, by string) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	row := r.row(locationID, by)
	if row == nil {
		return
	}
	if account := r.s.account(locationID); r.kind.remove != nil {
		r.kind.remove(account, *row)
	} else {
		id, _ := r.kind.ids(row)
		r.kind.rows(account).remove(*id)
	}
}

// All returns the rows of a sub-account in order of creation.
func (r Rows[T]) All(locationID string) []T {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.kind.rows(r.s.account(locationID)).all(r.kind.shows)
}

// row returns the row, or nil if it does not exist.
func (r Rows[T]) row(locationID, by string) *T {
	account := r.s.account(locationID)
	if r.kind.find != nil {
		return r.kind.find(account, by)
	}
	return r.kind.rows(account).get(by)
}
