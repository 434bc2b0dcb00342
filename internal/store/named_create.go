package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
)

// Create creates an object and returns it as stored. The error may be an *ExistsError, a
// *settle.UnknownOutcomeError or a *KeyChangedError.
func (n *Named[T]) Create(ctx context.Context, wanted T) (T, error) {
	a := n.rows.account
	a.writes()
	return createInTurn(ctx, a, n.turn(n.name(wanted)), func() (T, error) { return n.create(ctx, wanted) })
}

func (n *Named[T]) create(ctx context.Context, wanted T) (T, error) {
	a, name := n.rows.account, n.name(wanted)
	holder, err := n.keys.holder(ctx, name)
	if err == nil && holder != nil {
		err = n.exists(*holder, nil)
	}
	if err != nil {
		return wanted, err
	}
	begun, end := a.changes.create()
	defer end()
	defer n.rows.forget()
	posts := 0
	row, err := settle.Create[T]{
		Clock: a.clock, Posts: 2, Lag: ListingLag,
		Post: func(ctx context.Context) (T, error) {
			posts++
			return n.calls.post(ctx, wanted)
		},
		CheckNew:     func(row T) error { return a.checkNew(n.rows.kind, n.rows.id(row), begun) },
		Taken:        mayBeTaken,
		Find:         func(ctx context.Context) (T, bool, error) { return n.newest(ctx, wanted, begun) },
		Adopt:        func(row T) (T, error) { return n.adopt(row, wanted, begun) },
		NameExisting: func(ctx context.Context, refusal error) error { return n.existing(ctx, name, refusal) },
	}.Do(ctx)
	if made := n.name(row); err == nil && n.calls.isKey && made != name {
		changed := &KeyChangedError{Asked: name, Made: made, ID: n.rows.id(row), Resent: posts > 1, Err: ErrOtherKey}
		if strings.HasPrefix(made, name) {
			changed.Err = n.undo(ctx, n.rows.id(row))
		}
		err = changed
	}
	if err == nil {
		n.keys.holds(row)
		a.changes.made(n.rows.id(row))
	}
	return row, err
}

// KeyChangedError means that the server made an object whose key differs from the requested
// one. One client reports that the server adds a suffix to a key that is taken. If the
// create was sent twice, the first request may have taken the key although its answer was
// lost. Err is the reason why the object was not deleted, or nil if it was deleted.
type KeyChangedError struct {
	Asked, Made string
	ID          string
	Resent      bool
	Err         error
}

func (e *KeyChangedError) Error() string {
	what := fmt.Sprintf("the server made an object with the key %q (id %s) for the key %q", e.Made, e.ID, e.Asked)
	if e.Err != nil {
		return fmt.Sprintf("%s; the object was not deleted: %v", what, e.Err)
	}
	return what + ", and the object was deleted"
}

func (e *KeyChangedError) Unwrap() error { return e.Err }

// ErrOtherKey means that an object was not deleted because its key is something other than
// the requested key plus a suffix, so it may be somebody else's object.
var ErrOtherKey = errors.New("its key is not the requested key plus a suffix")

// undoTime limits how long undo may take.
const undoTime = time.Minute

// undo deletes an object that was just created under a wrong key. An interrupt does not
// stop the deletion.
func (n *Named[T]) undo(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTime)
	defer cancel()
	return n.rows.delete(ctx, id, n.calls.remove)
}

// mayBeTaken reports whether a refusal may mean that the name is taken. HighLevel's wording
// of that refusal is unknown.
func mayBeTaken(err error) bool { return ghl.IsDuplicate(err) || ghl.KindOf(err) == ghl.Refused }

// newest finds the object with a name that a lost create may have made. The error is a
// *SeveralError if there are several objects with the name, or one with the same content
// and a suffix in its key: then it is unknown which object the create made.
func (n *Named[T]) newest(ctx context.Context, wanted T, begun int) (row T, found bool, err error) {
	name := n.name(wanted)
	rows, err := n.present(ctx)
	if err != nil {
		return row, false, err
	}
	named := slices.DeleteFunc(slices.Clone(rows), func(row T) bool { return n.name(row) != name })
	isKnown := func(row T) bool { return n.rows.account.changes.knew(n.rows.id(row), begun) }
	fresh := slices.DeleteFunc(slices.Clone(named), isKnown)
	suffixed := slices.DeleteFunc(rows, func(row T) bool { return isKnown(row) || !n.isSuffixed(row, wanted) })
	switch {
	case len(fresh) > 1 || len(suffixed) > 0:
		several := n.several(name, fresh)
		several.Suffixed = n.ids(suffixed)
		return row, false, several
	case len(fresh) == 1:
		return fresh[0], true, nil
	case len(named) > 0:
		return named[0], true, nil
	default:
		return row, false, nil
	}
}

// isSuffixed reports whether the server may have made a row for the wanted object under a
// key with a suffix.
func (n *Named[T]) isSuffixed(row, wanted T) bool {
	suffix, ok := strings.CutPrefix(n.name(row), n.name(wanted)+"_")
	return ok && n.calls.isKey && suffix != "" && strings.Trim(suffix, "0123456789") == "" && n.calls.holds(row, wanted)
}

// adopt adopts a row found after a lost create, if the row has the content that was sent
// and this process did not see the row before the create.
func (n *Named[T]) adopt(row, wanted T, begun int) (T, error) {
	changes := n.rows.account.changes
	if changes.knew(n.rows.id(row), begun) || !n.calls.holds(row, wanted) {
		return row, n.exists(row, nil)
	}
	changes.adopted.add(n.rows.id(row))
	return row, nil
}

// existing returns an error about the object that made the server refuse a create, or only
// the refusal if no object has the name.
func (n *Named[T]) existing(ctx context.Context, name string, refusal error) error {
	row, err := n.ByName(ctx, name)
	if err != nil {
		return refusal
	}
	return n.exists(row, refusal)
}

func (n *Named[T]) exists(row T, refusal error) error {
	return &ExistsError{ID: n.rows.id(row), Named: row, Err: refusal}
}
