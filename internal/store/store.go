// Package store serves reads from shared listings. All writes pass through it, so that it
// can discard stale listings.
//
// A Store caches rows for its own lifetime, which is that of one configured provider. An
// engine uses a configured provider for one plan or one apply.
package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
)

// ErrGone means that there is proof that an object no longer exists. A failed read never
// returns ErrGone.
var ErrGone = errors.New("no longer exists")

// ErrNotFound means that a lookup by key found nothing.
var ErrNotFound = errors.New("not found")

// ListingLag is how long a new relation may be missing from the listings of its records.
// Until then, its absence proves nothing.
const ListingLag = 30 * time.Second

// maxLookups limits how often one lookup or change is repeated.
const maxLookups = 5

// Store serves the reads and writes of one configured provider. It is safe for concurrent
// use.
type Store struct {
	client *ghl.Client
	clock  ghl.Clock
	wrote  atomic.Bool // a write has begun

	mu       sync.Mutex
	accounts map[string]*account
}

// New returns an empty store that uses client. Functions that clock lacks default to those
// of the system clock.
func New(client *ghl.Client, clock ghl.Clock) *Store {
	return &Store{client: client, clock: clock.OrSystem(), accounts: map[string]*account{}}
}

// SharedAnswers returns how many reads of one object were answered from shared listings.
func (s *Store) SharedAnswers(locationID string) int {
	return int(s.account(locationID).answers.Load())
}

// account is what the store has cached and recorded about one sub-account.
type account struct {
	store *Store
	clock ghl.Clock
	id    string

	answers      atomic.Int64 // reads that shared listings have answered
	associations *collection[ghl.Association]
	keys         *keys[ghl.Association]
	keyedIDs     keyedIDs
	relations    *relations
	customValues *Named[ghl.CustomValue]
	objects      *Named[ghl.Object]
	searchables  sync.Map // id of an object → its searchable properties, as this process wrote them
	newObjects   ids      // objects that this process has made
	customFields customFields
	recordIDs    answers[RecordQuery]
	changes      *changes
	turns        *turns
	reach        reach
}

func (s *Store) account(locationID string) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[locationID]
	if a == nil {
		a = &account{store: s, clock: s.clock, id: locationID, changes: newChanges(), turns: newTurns()}
		a.associations = &collection[ghl.Association]{
			account: a, kind: "association", id: func(row ghl.Association) string { return row.ID },
			get: s.client.Association, pages: s.client.AssociationPages,
		}
		a.keys = &keys[ghl.Association]{
			rows: a.associations, of: func(row ghl.Association) string { return row.Key },
			spellings: spellings, find: a.byKey, own: map[string]string{},
		}
		a.relations = &relations{account: a, ahead: newForesight(), records: map[string]*record{}, orientations: map[string]*orientation{}}
		a.customValues = newCustomValues(a)
		a.objects = newObjects(a)
		s.accounts[locationID] = a
	}
	return a
}

// accountToWrite returns the account for a write, and records that the write is about to
// begin.
func (s *Store) accountToWrite(locationID string) *account {
	a := s.account(locationID)
	a.writes()
	return a
}

// writes records that a write is about to begin.
func (a *account) writes() {
	a.store.wrote.Store(true)
	a.turns.writes(a.clock.Now())
}

// Adopted reports whether a create of this process adopted a row: the create's own answer
// was lost or inconclusive, and a lookup found the content that was sent. Somebody else
// may have made that row at the same time.
func (s *Store) Adopted(locationID, id string) bool {
	return s.account(locationID).changes.adopted.has(id)
}

// pause waits before a request is repeated.
func (a *account) pause(ctx context.Context, tries int, what string) error {
	if err := a.clock.Sleep(ctx, settle.Backoff(tries)); err != nil {
		return fmt.Errorf("waiting %s: %w", what, err)
	}
	return nil
}

// checkNew returns an error if the answer to a create shows an object that existed before
// the create.
func (a *account) checkNew(kind, id string, begun int) error {
	if a.changes.knew(id, begun) {
		return fmt.Errorf("the server answered with the %s %s, which existed before the create", kind, id)
	}
	return nil
}

// serves returns nil if this process has seen a row of the sub-account, which proves that
// the token serves the sub-account. Only then can "not found" mean that an object is gone.
// An empty list proves nothing, because HighLevel makes associations of its own in each
// sub-account.
func (a *account) serves(ctx context.Context) error {
	if a.changes.sawAny() {
		return nil
	}
	shared := a.associations.shared()
	if err := shared.Next(ctx, shared.State().Pages); err != nil || a.changes.sawAny() {
		return err
	}
	return errNoRows
}

var errNoRows = fmt.Errorf("%w: it has no rows, not even the associations that HighLevel makes in each sub-account", ghl.ErrIncomplete)

// RelationRef identifies a relation by its natural key: HighLevel allows one relation for a
// pair of records under an association.
type RelationRef struct {
	ID             string // the id in the state; "" if unknown; never required
	LocationID     string
	AssociationID  string
	FirstRecordID  string
	SecondRecordID string
}

// Turned returns a reference to the relation of the same records in reverse order. The two
// relations are different if the association links an object with itself, and the same
// otherwise.
func (r RelationRef) Turned() RelationRef {
	r.FirstRecordID, r.SecondRecordID = r.SecondRecordID, r.FirstRecordID
	return r
}

// ExistsError means that the object to be created already exists. One of ID, Association
// and Relation is set if the object could be read.
type ExistsError struct {
	ID          string // set for an object that is identified by its name
	Named       any    // its row
	Association *ghl.Association
	Relation    *ghl.Relation
	Turned      bool  // Relation is the reverse of the relation to create: the roles of its records are swapped
	Err         error // the API's refusal, if there was one

	// Unseen means that the API refused the create as a duplicate, but shows no object that
	// it could duplicate.
	Unseen bool

	// BesideDeletions means that this process has begun to delete objects of the
	// sub-account. It may be about to delete the existing object too.
	BesideDeletions bool

	// Own means that this process made the existing object.
	Own bool
}

// Row returns the object as stored, or nil if it could not be read.
func (e *ExistsError) Row() any {
	switch {
	case e.Association != nil:
		return *e.Association
	case e.Relation != nil:
		return *e.Relation
	default:
		return e.Named
	}
}

// rowID returns the id of the object, or "" if it could not be read.
func (e *ExistsError) rowID() string {
	switch {
	case e.Association != nil:
		return e.Association.ID
	case e.Relation != nil:
		return e.Relation.ID
	default:
		return e.ID
	}
}

func (e *ExistsError) Error() string {
	switch {
	case e.Association != nil:
		return fmt.Sprintf("the association key %q already exists, with id %s", e.Association.Key, e.Association.ID)
	case e.Relation != nil:
		return fmt.Sprintf("the relation already exists, with id %s", e.Relation.ID)
	case e.ID != "":
		return "the object already exists, with id " + e.ID
	default:
		return fmt.Sprintf("the object already exists: %v", e.Err)
	}
}

func (e *ExistsError) Unwrap() error { return e.Err }
