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

// collection reads the objects of one kind in a sub-account, either by id or from a listing
// that all reads share. The first read requests its object by id, which is cheaper for one
// object. Later reads read the listing until they find their objects. If the listing has no
// pages, all reads use it.
type collection[T any] struct {
	account *account
	kind    string // the kind, for error messages
	id      func(T) string
	get     func(ctx context.Context, locationID, id string) (T, error)
	pages   func(locationID string) *ghl.Pager[T]
	unpaged bool // the listing has one page, which costs no more than a single object

	// neverEmpty says that an unpaged listing always has rows, because HighLevel creates
	// objects of the kind in each sub-account. Paged listings always have rows too.
	neverEmpty bool

	// parentGone is nil if the objects have no parent object. Otherwise, it is called when
	// the listing itself is "not found", and returns an error unless it proves that the
	// parent is gone.
	parentGone func(ctx context.Context) error

	reads atomic.Int64 // how many reads have begun since the last write

	mu      sync.Mutex
	listing *listing.Listing[T]
	failing bool // a page failed for good: until the next write, objects are read by id
}

// shared returns the shared listing. A write replaces it.
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

// forget drops the shared listing, so that later reads call the server again. It is called
// after each write, even a failed one, because a page under way may show the state before
// the write. Readers that wait for the old listing still get its pages.
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

// find looks for an object in the listing. It requests no page for the first read.
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

// fails records that a page failed for good, unless a write has made the listing stale.
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

// failsForGood reports whether a page failed after all retries with an error that other
// calls may not get.
func failsForGood(err error) bool {
	kind := ghl.KindOf(err)
	return kind == ghl.Unavailable || kind == ghl.Malformed || kind == ghl.Network
}

// secondLookAfter is the pause before an object is requested once more.
const secondLookAfter = 2 * time.Second

// proveAbsent checks whether an object is really gone after the API itself answered "not
// found". A single answer may be wrong, and a listing may end early. So the error is
// ErrGone only if two things hold: the complete listing lacks the object, or its parent is
// gone; and a second request after a pause is also "not found". If the listing or the
// second request shows the object, proveAbsent returns its row. An incomplete listing is an
// error.
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

// inListing looks for an object in the whole listing. If the listing does not add up while
// this process creates and deletes objects, inListing reads it again, because rows may have
// moved.
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

// each yields every object. It yields an error at the end unless the listing is complete.
func (c *collection[T]) each(ctx context.Context, wanted int) iter.Seq2[T, error] {
	if c.unpaged {
		return c.shared().Each(ctx, wanted)
	}
	before := c.account.changes.mark() // taken before the listing begins
	return undisturbed(ctx, c.account.changes, before, c.shared(), wanted)
}

// delete repeats a deletion until the server confirms it or the object's absence is proved.
// Then it records that the object is gone.
func (c *collection[T]) delete(ctx context.Context, id string, call func(ctx context.Context, locationID, id string) (confirmed bool, err error)) error {
	contradiction := fmt.Errorf("HighLevel answers that the %s does not exist, or accepts its deletion, but still shows it", c.kind)
	for try := range maxLookups {
		end := c.account.changes.deletion()
		confirmed, err := call(ctx, c.account.id, id)
		c.forget() // called before end, so that no later listing relies on earlier pages
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
		if err := c.account.pause(ctx, try, "to delete an object again"); err != nil {
			return err
		}
	}
	return contradiction
}
