package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// collection is all objects of one kind in a sub-account, of which the API has a listing,
// and which it gives one by one. Its reads share the listing: the first one asks for its
// object by id, which is cheaper alone, and the others read on until they see theirs.
// Where the listing has no pages, all read that.
type collection[T any] struct {
	account *account
	kind    string // as an error names it
	id      func(T) string
	get     func(ctx context.Context, locationID, id string) (T, error)
	pages   func(locationID string) *ghl.Pager[T]
	unpaged bool // the listing is one page, which costs no more than one object

	// neverEmpty tells of an unpaged listing that HighLevel makes rows of its own in each
	// sub-account, as it does with pages.
	neverEmpty bool

	// parentGone is nil where the listing is the sub-account's. Elsewhere it is asked when
	// the listing is itself "not found", and is an error unless that to which the objects
	// belong is proved to be gone.
	parentGone func(ctx context.Context) error

	reads atomic.Int64 // since the last write

	mu      sync.Mutex
	listing *listing.Listing[T]
	failing bool // a page failed for good: until the next write, objects are asked for by id
}

// shared returns the listing that reads share until the next write.
func (c *collection[T]) shared() *listing.Listing[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listing == nil || c.listing.State().Broken {
		c.listing = listing.New(func() *ghl.Pager[T] { return c.pages(c.account.id) }, listing.Options[T]{
			Key: c.id, Page: func(rows []T) { sawPage(c.account, rows, c.id) },
		})
	}
	return c.listing
}

// forget makes later reads ask the server anew. It is called when a write has ended, well
// or not: a page under way may show the time before. Readers that wait for the old listing
// still get its answer.
func (c *collection[T]) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listing, c.failing = nil, false
	c.reads.Store(0)
}

// read reads one object, as stored. The error is ErrGone if it is proved that the object
// does not exist.
func (c *collection[T]) read(ctx context.Context, id string) (T, error) {
	row, found, err := c.find(ctx, id)
	if !found && err == nil {
		row, err = c.get(ctx, c.account.id, id)
	}
	if ghl.IsNotFound(err) {
		row, err = c.proveAbsent(ctx, id)
	}
	if err == nil {
		c.account.changes.saw(c.id(row))
	}
	return row, err
}

// find looks for an object in the listing. The first read asks for no page.
func (c *collection[T]) find(ctx context.Context, id string) (row T, found bool, err error) {
	alone := c.reads.Add(1) == 1 && !c.unpaged
	for shared := c.shared(); ; {
		state := shared.State()
		if row, found = shared.Cached(id); found {
			c.account.answers.Add(1)
			return row, true, nil
		}
		if alone || state.Complete || c.isFailing() {
			return row, false, nil
		}
		switch err = shared.Next(ctx, state.Pages); {
		case listing.IsBroken(err):
			return row, false, nil
		case failsForGood(err):
			c.fails(shared)
		case err != nil:
			return row, false, err
		}
	}
}

// fails notes that a page failed for good, unless a write has made the listing stale.
func (c *collection[T]) fails(shared *listing.Listing[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failing = c.failing || c.listing == shared
}

func (c *collection[T]) isFailing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failing
}

// failsForGood tells whether a page failed, retries included, while other calls may
// succeed.
func failsForGood(err error) bool {
	kind := ghl.KindOf(err)
	return kind == ghl.Unavailable || kind == ghl.Malformed || kind == ghl.Network
}

// secondLookAfter is the pause before an object is asked for once more.
const secondLookAfter = 2 * time.Second

// proveAbsent decides what the API's own "not found" for an object means. It is one
// answer, and may be wrong; so may be a listing, which may end before its end. The error
// is ErrGone if the whole listing does not show the object, or went with what it was a
// listing of, and a second look after a pause says the same. Otherwise what shows the
// object is its row, and a listing that does not come whole is an error.
func (c *collection[T]) proveAbsent(ctx context.Context, id string) (T, error) {
	row, found, err := c.inListing(ctx, id)
	if c.parentGone != nil && ghl.IsNotFound(err) {
		err = c.parentGone(ctx)
	}
	if found || err != nil {
		return row, err
	}
	if err := c.account.clock.Sleep(ctx, secondLookAfter); err != nil {
		return row, fmt.Errorf("waiting to look for an object again: %w", err)
	}
	if row, err = c.get(ctx, c.account.id, id); !ghl.IsNotFound(err) {
		return row, err
	}
	c.account.changes.gone.add(id)
	return row, fmt.Errorf("%s %s %w", c.kind, id, ErrGone)
}

// inListing looks for an object in the whole listing. One that does not add up while this
// process creates and deletes objects is read again: rows move.
func (c *collection[T]) inListing(ctx context.Context, id string) (row T, found bool, err error) {
	for try := range maxLookups {
		before := c.account.changes.mark()
		row, found, err = c.readToEnd(ctx, id)
		if found || err == nil || !c.account.changes.disturbed(before, err, true) {
			break
		}
		if err := c.account.pause(ctx, try, "to read a listing again"); err != nil {
			return row, false, err
		}
	}
	return row, found, err
}

func (c *collection[T]) readToEnd(ctx context.Context, id string) (row T, found bool, err error) {
	shared := c.shared()
	err = shared.ReadUntil(ctx, func(s listing.State) bool {
		row, found = shared.Cached(id)
		return found || s.Last
	})
	if found || err != nil {
		return row, found, err
	}
	state := shared.State()
	switch {
	case state.Rows > 0:
		return row, false, state.Readable()
	case c.unpaged && !c.neverEmpty:
		return row, false, c.account.serves(ctx)
	default:
		return row, false, errNoRows
	}
}

// each yields every object, and in the end an error unless the listing came whole.
func (c *collection[T]) each(ctx context.Context, wanted int) iter.Seq2[T, error] {
	if c.unpaged {
		return c.shared().Each(ctx, wanted)
	}
	before := c.account.changes.mark() // ahead of the listing
	return undisturbed(ctx, c.account.changes, before, c.shared(), wanted)
}

// delete deletes an object until the server confirms it, or its absence is proved, and
// remembers that it is gone.
func (c *collection[T]) delete(ctx context.Context, id string, call func(ctx context.Context, locationID, id string) (confirmed bool, err error)) error {
	contradiction := fmt.Errorf("HighLevel answers that the %s does not exist, or accepts its deletion, and shows it all the same", c.kind)
	for try := range maxLookups {
		end := c.account.changes.deletion()
		confirmed, err := call(ctx, c.account.id, id)
		c.forget() // ahead of the end: no later listing may rest on earlier pages
		end()
		isOpen := err == nil || ghl.KindOf(err) == ghl.Malformed
		if confirmed {
			c.account.changes.gone.add(id)
			return nil
		}
		if !isOpen && !ghl.IsNotFound(err) {
			return err
		}
		if err != nil && isOpen {
			contradiction = err
		}
		if isOpen {
			_, err = c.get(ctx, c.account.id, id)
		}
		if ghl.IsNotFound(err) {
			_, err = c.proveAbsent(ctx, id)
		}
		if errors.Is(err, ErrGone) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := c.account.pause(ctx, try, "to delete it again"); err != nil {
			return err
		}
	}
	return contradiction
}
