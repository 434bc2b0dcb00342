// Package snapshot answers reads from shared list walks, and passes every write
// through, so that it knows what is stale. It also settles what a create did
// when its answer was lost.
//
// What a Store learns lives as long as the Store: one configured provider, which
// an engine uses for one plan or one apply.
package snapshot

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// ErrGone says that an object provably no longer exists. No failure of a read
// ever yields it.
var ErrGone = errors.New("no longer exists")

// ErrNotFound says that a look-up by key found nothing.
var ErrNotFound = errors.New("not found")

// ListingLag is how long a new relation may be missing from the listings of its
// records: within it, absence proves nothing.
const ListingLag = 30 * time.Second

// Store serves the reads and writes of one configured provider. It is safe for
// concurrent use.
type Store struct {
	client *ghl.Client
	clock  ghl.Clock
	wrote  atomic.Bool // a write was begun

	mu       sync.Mutex
	accounts map[string]*account
}

// New returns an empty store over client. Functions that clock lacks are the
// machine's.
func New(client *ghl.Client, clock ghl.Clock) *Store {
	return &Store{client: client, clock: clock.OrSystem(), accounts: map[string]*account{}}
}

// Usage is what a store has spent of one sub-account's budget, and what it got for
// that.
type Usage struct {
	ghl.Usage
	SharedAnswers int // reads of one object that a shared walk answered
}

// Usage tells it for each sub-account, in the order of their ids, after the agency.
func (s *Store) Usage() []Usage {
	var list []Usage
	for _, spent := range s.client.Usage() {
		if spent.LocationID == "" { // the agency, of which nothing is shared
			list = append(list, Usage{Usage: spent})
			continue
		}
		a := s.account(spent.LocationID)
		a.mu.Lock()
		list = append(list, Usage{Usage: spent, SharedAnswers: a.answers})
		a.mu.Unlock()
	}
	return list
}

// account is what is known of one sub-account.
type account struct {
	store *Store
	id    string

	mu           sync.Mutex
	answers      int // reads that were answered from shared walks
	associations *shared[ghl.Association]
	reads        int // reads of single associations since the last write
	credit       int // pages that those reads may still spend on the shared walk
	keys         keyBook
	records      map[string]*record
	orders       map[string]*order // association id → the order its relations' records go in
	leads        leads
	deletions    tally
	creates      tally
	seen         map[string]int  // id → creates begun when it was first seen; 0: this process made it
	oneEnded     map[string]bool // ids of associations with relations that one of their records does not list
	gone         map[string]bool // ids of associations that are proved gone
	adopted      map[string]bool // ids of rows that creates took over, which nothing proves to be theirs
	turns        turns
	reach        reach
}

func (s *Store) account(locationID string) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[locationID]
	if a == nil {
		a = &account{store: s, id: locationID, records: map[string]*record{},
			orders: map[string]*order{}, seen: map[string]int{}, gone: map[string]bool{}, oneEnded: map[string]bool{}, adopted: map[string]bool{}, turns: newTurns()}
		a.keys = newKeyBook()
		a.forgetAssociations()
		s.accounts[locationID] = a
	}
	return a
}

// accountToWrite is the account for a write that is about to begin.
func (s *Store) accountToWrite(locationID string) *account {
	s.wrote.Store(true)
	a := s.account(locationID)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.turns.active.IsZero() {
		a.turns.active = s.clock.Now()
	}
	return a
}

// note remembers that an object was there before whatever is created from now on.
func (a *account) note(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.saw(id)
}

// saw is note for a caller that holds mu.
func (a *account) saw(id string) {
	if _, known := a.seen[id]; !known {
		a.seen[id] = a.creates.begun()
	}
}

// createsBegun is a point in time, told by how many creates had begun.
func (a *account) createsBegun() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.creates.begun()
}

// wasSeen tells whether this process saw an object before a create was begun, or made
// it. What turned up only since then may be what the create made.
func (a *account) wasSeen(id string, before int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	when, known := a.seen[id]
	return known && when < before
}

// Adopted tells whether a create of this process took a row over: its own answer did not
// tell, and looking it up showed what had been sent. Somebody else may have made that at
// the same time.
func (s *Store) Adopted(locationID, id string) bool {
	a := s.account(locationID)
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.adopted[id]
}

// tookOver remembers that a create took a row over.
func (a *account) tookOver(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.adopted[id] = true
}

// isGone tells whether an association is proved gone.
func (a *account) isGone(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.gone[id]
}

// tally counts the changes of one kind that this process makes. It is guarded by mu,
// the account's.
type tally struct{ underWay, ended int }

func (t tally) begun() int { return t.underWay + t.ended }

// since tells whether a change may have been made since so many had ended.
func (t tally) since(ended int) bool { return t.underWay > 0 || t.ended != ended }

// count counts a change until the returned function ends it.
func (a *account) count(t *tally) (end func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t.underWay++
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		t.underWay--
		t.ended++
	}
}

// changesEnded is how many changes of each kind had ended at one time.
type changesEnded struct{ deletions, creates int }

// changes is called with mu held.
func (a *account) changes() changesEnded { return changesEnded{a.deletions.ended, a.creates.ended} }

// disturbs tells whether changes since may be why a walk failed with err, or brought too
// little: the rows behind one that is deleted move up, and those behind a new one move
// down. A total vouches for what was brought, unless created rows make up for deleted
// ones. It is called with mu held.
func (a *account) disturbs(since changesEnded, err error, vouched bool) bool {
	deleted, created := a.deletions.since(since.deletions), a.creates.since(since.creates)
	if err != nil {
		return spoiled(err) && (deleted || created)
	}
	return deleted && (created || !vouched)
}

// RelationRef names a relation by its natural key: HighLevel allows one relation
// for a pair of records under an association.
type RelationRef struct {
	ID             string // as the state knows it; "" if that is not known, and never needed
	LocationID     string
	AssociationID  string
	FirstRecordID  string
	SecondRecordID string
}

// Turned names the relation of the same records the other way round. It is another
// one where the association links an object with itself, else the same.
func (r RelationRef) Turned() RelationRef {
	r.FirstRecordID, r.SecondRecordID = r.SecondRecordID, r.FirstRecordID
	return r
}

// ExistsError says that a create met an object that it did not make. One of
// Association and Relation is set where the object could be read.
type ExistsError struct {
	Association *ghl.Association
	Relation    *ghl.Relation
	Turned      bool  // Relation is not what was to be created: its records have one another's roles
	Err         error // the API's refusal, if there was one

	// Unseen tells that the API refused the create as a duplicate, and shows nothing that
	// it could duplicate.
	Unseen bool

	// BesideDeletions tells that this process has deleted objects of the sub-account or
	// is about to: what the create met may be among those that it deletes next.
	BesideDeletions bool
}

func (e *ExistsError) Error() string {
	switch {
	case e.Association != nil:
		return fmt.Sprintf("the association key %q exists already, with id %s", e.Association.Key, e.Association.ID)
	case e.Relation != nil:
		return fmt.Sprintf("the relation exists already, with id %s", e.Relation.ID)
	default:
		return fmt.Sprintf("it exists already: %v", e.Err)
	}
}

func (e *ExistsError) Unwrap() error { return e.Err }

// UnknownOutcomeError says that a create may or may not have been carried out,
// and that looking it up did not tell.
type UnknownOutcomeError struct {
	Err error // the create's own failure, joined with why the look-up did not tell
}

func (e *UnknownOutcomeError) Error() string {
	return fmt.Sprintf("it is unknown whether it was created: %v", e.Err)
}

func (e *UnknownOutcomeError) Unwrap() error { return e.Err }
