package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Named reads and writes the objects of one kind, if the API lists them in one answer and
// names identify them. It never creates two objects with the same name, even if HighLevel
// would allow that. It is safe for concurrent use.
type Named[T any] struct {
	rows  *collection[T]
	keys  *keys[T]
	calls namedCalls[T]
}

// namedCalls describes a kind to Named, apart from its listing.
type namedCalls[T any] struct {
	name   func(row T) string
	holds  func(row, wanted T) bool // reports whether a row has the content that a create sent
	post   func(ctx context.Context, wanted T) (T, error)
	put    func(ctx context.Context, wanted T) (*T, error) // returns nil if the answer does not show the row
	remove func(ctx context.Context, locationID, id string) (confirmed bool, err error)

	stores  func(row, wanted T) bool // reports whether a row matches an update; nil if a read after a write cannot show that
	isKey   bool                     // the name is a key, which the server may change only at creation
	deleted func(name string)        // called after a deletion, which may have deleted other objects too; may be nil
	fits    func(row T) error        // returns an error if the row is of another kind, for example a folder instead of a field; may be nil
}

func newNamed[T any](rows *collection[T], calls namedCalls[T]) *Named[T] {
	rows.unpaged = true
	n := &Named[T]{rows: rows, calls: calls}
	n.keys = &keys[T]{
		rows: rows, of: n.name, spellings: func(name string) []string { return []string{strings.TrimSpace(name)} },
		find: n.ByName, own: map[string]string{},
	}
	return n
}

// Read reads one object. The error is ErrGone if it is proved that the object does not
// exist.
func (n *Named[T]) Read(ctx context.Context, id string) (T, error) {
	row, err := n.rows.read(ctx, id)
	if err == nil && n.calls.fits != nil {
		err = n.calls.fits(row)
	}
	return row, err
}

// All returns every object, or only an error.
func (n *Named[T]) All(ctx context.Context) ([]T, error) {
	return whole(ctx, n.rows.account, func() iter.Seq2[T, error] { return n.Each(ctx) })
}

// Each yields every object. It yields an error at the end unless the listing is complete.
// An answer without pages has no total, so Each checks that the answer contains the objects
// that this process has created.
func (n *Named[T]) Each(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		missing := n.keys.ownIDs()
		for row, err := range n.rows.each(ctx, ghl.PageSize) {
			if !yield(row, err) || err != nil {
				return
			}
			delete(missing, n.rows.id(row))
		}
		for id := range missing {
			row, err := n.rows.get(ctx, n.rows.account.id, id)
			if ghl.IsNotFound(err) { // somebody else has deleted the object
				continue
			}
			n.rows.forget()
			yield(row, cmp.Or(err, errLacksOwn))
			return
		}
	}
}

// errLacksOwn means that a listing lacks objects that this process has created.
var errLacksOwn = fmt.Errorf("%w: it lacks objects that were created before", ghl.ErrIncomplete)

// SeveralError means that a name may belong to several objects. Suffixed are objects that
// the server may have made for the name, under keys with a suffix.
type SeveralError struct {
	Kind, Name    string
	IDs, Suffixed []string
}

func (e *SeveralError) Error() string {
	text := fmt.Sprintf("%d objects of the kind %s have the name %q: %s", len(e.IDs), e.Kind, e.Name, strings.Join(e.IDs, ", "))
	if len(e.Suffixed) > 0 {
		text += "; and with a suffix: " + strings.Join(e.Suffixed, ", ")
	}
	return text
}

func (n *Named[T]) several(name string, rows []T) *SeveralError {
	return &SeveralError{Kind: n.rows.kind, Name: name, IDs: n.ids(rows)}
}

func (n *Named[T]) ids(rows []T) (ids []string) {
	for _, row := range rows {
		ids = append(ids, n.rows.id(row))
	}
	return ids
}

// ByName looks the object with a name up on the server. The error is ErrNotFound if no
// object has the name, and a *SeveralError if several do.
func (n *Named[T]) ByName(ctx context.Context, name string) (row T, err error) {
	rows, err := n.withName(ctx, name)
	switch {
	case err != nil:
		return row, err
	case len(rows) == 0:
		return row, fmt.Errorf("%s %q %w", n.rows.kind, name, ErrNotFound)
	case len(rows) > 1:
		return row, n.several(name, rows)
	default:
		return rows[0], nil
	}
}

// withName requests a new listing, and returns the objects that have a name.
func (n *Named[T]) withName(ctx context.Context, name string) ([]T, error) {
	rows, err := n.present(ctx)
	return slices.DeleteFunc(rows, func(row T) bool { return n.name(row) != strings.TrimSpace(name) }), err
}

// present requests a new listing of all objects. It leaves out the objects that this
// process has deleted, because the server may still list them.
func (n *Named[T]) present(ctx context.Context) ([]T, error) {
	n.rows.forget()
	rows, err := n.All(ctx)
	return slices.DeleteFunc(rows, func(row T) bool { return n.rows.account.changes.gone.has(n.rows.id(row)) }), err
}

// Holder returns the object that has the name of a planned create, or nil if none is known.
// After the first write of this process, Holder makes no call.
func (n *Named[T]) Holder(ctx context.Context, name string) *T {
	if n.rows.account.store.wrote.Load() || n.rows.isFailing() {
		return nil
	}
	shared := n.rows.shared()
	if ghl.IsNotFound(shared.ReadUntil(ctx, atEnd)) { // the fields' object may not exist yet either
		n.rows.fails(shared)
		return nil
	}
	return n.keys.plannedHolder(ctx, name)
}

// name returns the name of a row without leading and trailing white space, which HighLevel
// may remove.
func (n *Named[T]) name(row T) string { return strings.TrimSpace(n.calls.name(row)) }

// turn returns the natural key of a name: creates and deletions with the same key take
// turns.
func (n *Named[T]) turn(name string) string {
	return fmt.Sprintf("the %s %q", n.rows.kind, strings.TrimSpace(name))
}

// Update changes an object. The row is nil if neither the answer nor a read shows what is
// stored.
func (n *Named[T]) Update(ctx context.Context, wanted T) (*T, error) {
	n.rows.account.writes()
	defer n.rows.forget()
	row, err := n.put(ctx, wanted)
	if err == nil {
		n.keys.holds(wanted)
	}
	return row, err
}

// put sends a change. After an answer without a row, put reads the object back, and sends
// the change again if it had no effect.
func (n *Named[T]) put(ctx context.Context, wanted T) (*T, error) {
	for try := range maxLookups {
		row, err := n.calls.put(ctx, wanted)
		if row != nil || err != nil || n.calls.stores == nil {
			return row, err
		}
		stored, err := n.rows.get(ctx, n.rows.account.id, n.rows.id(wanted))
		if err != nil {
			return nil, err
		}
		if n.calls.stores(stored, wanted) {
			return &stored, nil
		}
		if err := n.rows.account.pause(ctx, try, "to send a change again"); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("HighLevel accepts a change of the %s, but still shows the old content", n.rows.kind)
}

// Cached returns an object that has been listed since the last write. It makes no call.
func (n *Named[T]) Cached(id string) (row T, found bool) { return n.rows.shared().Cached(id) }

// Delete deletes an object. It returns no error if the object is already gone. Creates with
// the given name wait until the deletion ends.
func (n *Named[T]) Delete(ctx context.Context, id, name string) error {
	a := n.rows.account
	a.writes()
	return a.deleteInTurn(ctx, n.turn(name), func() error {
		if n.calls.deleted != nil {
			defer n.calls.deleted(name)
		}
		return n.rows.delete(ctx, id, n.calls.remove)
	})
}
