package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// changes records what this process has changed in a sub-account, and which objects it has
// seen there.
type changes struct {
	mu        sync.Mutex
	deletions counter
	deleting  map[chan struct{}]bool // the deletions under way: each closes its channel when it ends
	creates   counter
	seen      map[string]int // id → how many creates had begun when the object was first seen; 0 if this process made it
	gone      ids            // ids of objects that were proved to be gone
	own       ids            // ids of objects that creates of this process made, or adopted after a lost answer
	adopted   ids            // ids of objects that creates adopted, without proof that those creates made them
}

func newChanges() *changes {
	return &changes{deleting: map[chan struct{}]bool{}, seen: map[string]int{}}
}

// ids is a set of ids. The zero value is ready for use and safe for concurrent use.
type ids struct{ set sync.Map }

func (s *ids) add(id string) { s.set.Store(id, nil) }

func (s *ids) has(id string) bool {
	_, ok := s.set.Load(id)
	return ok
}

// counter counts the changes of one kind.
type counter struct{ underWay, ended int }

func (n counter) begun() int { return n.underWay + n.ended }

// since reports whether a change is under way, or has ended since the given number had
// ended.
func (n counter) since(ended int) bool { return n.underWay > 0 || n.ended != ended }

// create counts a create as under way until end is called. begun is how many creates have
// begun so far, including this one.
func (c *changes) create() (begun int, end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.creates.underWay++
	return c.creates.begun(), func() { c.end(&c.creates) }
}

// deletion counts a deletion as under way until end is called.
func (c *changes) deletion() (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deletions.underWay++
	ended := make(chan struct{})
	c.deleting[ended] = true
	return func() {
		c.end(&c.deletions)
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.deleting, ended)
		close(ended)
	}
}

// awaitDeletions waits until all deletions that are under way have ended.
func (c *changes) awaitDeletions(ctx context.Context) error {
	c.mu.Lock()
	deleting := slices.Collect(maps.Keys(c.deleting))
	c.mu.Unlock()
	for _, ended := range deleting {
		select {
		case <-ended:
		case <-ctx.Done():
			return fmt.Errorf("waiting for deletions to end: %w", context.Cause(ctx))
		}
	}
	return nil
}

func (c *changes) end(n *counter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n.underWay--
	n.ended++
}

// deletesAnything reports whether this process has begun any deletion.
func (c *changes) deletesAnything() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deletions.begun() > 0
}

// deletesMore reports whether a deletion other than the caller's is under way.
func (c *changes) deletesMore() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deletions.underWay > 1
}

// saw records that an object exists: a create that begins later cannot have made it.
func (c *changes) saw(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.seen[id]; !known {
		c.seen[id] = c.creates.begun()
	}
}

// made records that a create of this process made an object.
func (c *changes) made(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[id] = 0
	c.own.add(id)
}

// knew reports whether this process saw an object before a create began, or made the
// object. An object first seen after the create began may be the one that the create made.
func (c *changes) knew(id string, begun int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	when, known := c.seen[id]
	return known && when < begun
}

// sawAny reports whether any object of the sub-account has been seen.
func (c *changes) sawAny() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.seen) > 0
}

// mark identifies a moment by how many changes of each kind had ended.
type mark struct{ deletions, creates int }

func (c *changes) mark() mark {
	c.mu.Lock()
	defer c.mu.Unlock()
	return mark{c.deletions.ended, c.creates.ended}
}

// disturbed reports whether changes after the mark may have caused a listing to fail with
// err or to lack rows. A deletion moves the rows after it up, and a create moves rows down.
// vouched means that the total confirms the rows. The total proves nothing if rows were
// created as well as deleted, because it may then be unchanged.
func (c *changes) disturbed(since mark, err error, vouched bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	deleted, created := c.deletions.since(since.deletions), c.creates.since(since.creates)
	if err != nil {
		return listing.IsBroken(err) && (deleted || created)
	}
	return deleted && (created || !vouched)
}
