package store

import (
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/listing"
)

// changes are what this process has changed in a sub-account, and which objects it saw
// there before.
type changes struct {
	mu        sync.Mutex
	deletions counter
	creates   counter
	seen      map[string]int // id → creates begun when it was first seen; 0: this process made it
	gone      ids            // objects that are proved gone
	own       ids            // objects that creates of this process made, or took over after a lost answer
	adopted   ids            // rows that creates took over, which nothing proves to be theirs
}

func newChanges() *changes { return &changes{seen: map[string]int{}} }

// ids is a set of ids. The zero value is ready, and safe for concurrent use.
type ids struct{ set sync.Map }

func (s *ids) add(id string) { s.set.Store(id, nil) }

func (s *ids) has(id string) bool {
	_, ok := s.set.Load(id)
	return ok
}

// counter counts the changes of one kind.
type counter struct{ underWay, ended int }

func (n counter) begun() int { return n.underWay + n.ended }

// since tells whether a change may have been made since so many had ended.
func (n counter) since(ended int) bool { return n.underWay > 0 || n.ended != ended }

// create counts a create until end is called. It returns how many had begun by then.
func (c *changes) create() (begun int, end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.creates.underWay++
	return c.creates.begun(), func() { c.end(&c.creates) }
}

// deletion counts a deletion until end is called.
func (c *changes) deletion() (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deletions.underWay++
	return func() { c.end(&c.deletions) }
}

func (c *changes) end(n *counter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n.underWay--
	n.ended++
}

// deletesAnything tells whether this process has begun any deletion.
func (c *changes) deletesAnything() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deletions.begun() > 0
}

// deletesMore tells whether this process has another deletion under way than the caller's.
func (c *changes) deletesMore() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deletions.underWay > 1
}

// saw remembers that an object was there before whatever is created from now on.
func (c *changes) saw(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.seen[id]; !known {
		c.seen[id] = c.creates.begun()
	}
}

// made remembers that a create made an object.
func (c *changes) made(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[id] = 0
	c.own.add(id)
}

// knew tells whether this process saw an object before a create was begun, or made it.
// What turned up only since then may be what the create made.
func (c *changes) knew(id string, begun int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	when, known := c.seen[id]
	return known && when < begun
}

// sawAny tells whether any object of the sub-account was seen.
func (c *changes) sawAny() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.seen) > 0
}

// mark is a moment: how many changes of each kind had ended by then.
type mark struct{ deletions, creates int }

func (c *changes) mark() mark {
	c.mu.Lock()
	defer c.mu.Unlock()
	return mark{c.deletions.ended, c.creates.ended}
}

// disturbed tells whether changes since may be why a listing failed with err, or lacks
// rows: those behind one that is deleted move up, and those behind a new one move down. A
// total vouches for the rows, unless created ones make up for deleted ones.
func (c *changes) disturbed(since mark, err error, vouched bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	deleted, created := c.deletions.since(since.deletions), c.creates.since(since.creates)
	if err != nil {
		return listing.IsBroken(err) && (deleted || created)
	}
	return deleted && (created || !vouched)
}
