package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// subAccount contains the data of one sub-account. Lists are in order of creation.
type subAccount struct {
	id        string
	token     string
	exchanged map[string]time.Time // exchanged tokens and their expiry times
	agency    *agency              // nil if the sub-account has no agency
	name      string
	address   string
	installed bool // whether the agency's app is installed
	latency   time.Duration
	rateLimit *RateLimit // nil for the rate limit of the sandbox
	budget    budget
	last      *answer // answer to its last request

	system           []*storedAssociation
	user             []*storedAssociation
	associations     map[string]*storedAssociation   // by id
	associationByKey map[string][]*storedAssociation // by key in lower case; only tests can create several associations with one key

	relations         map[string]*storedRelation // by id
	relationsByRecord map[string][]*storedRelation
	records           map[string]record
	lastRecord        int // number of the last record, in the order in which records were added

	objects      rows[Object]
	staleObjects []*staleObject
	staleList    staleList
	fields       rows[CustomField]
	folders      rows[FieldFolder]
	customValues rows[CustomValue]
}

type storedAssociation struct {
	Association
	platform  bool // created by the platform, regardless of its type
	relations map[string]*storedRelation
}

type storedRelation struct {
	Relation
	order   int
	created time.Time
}

type record struct {
	objectKey  string // if empty, the object key follows from the id
	deleted    bool
	properties map[string]any
	created    time.Time
	order      int
}

func newSubAccount(id string) *subAccount {
	return &subAccount{
		id:                id,
		exchanged:         map[string]time.Time{},
		associations:      map[string]*storedAssociation{},
		associationByKey:  map[string][]*storedAssociation{},
		relations:         map[string]*storedRelation{},
		relationsByRecord: map[string][]*storedRelation{},
		records:           map[string]record{},
	}
}

// newID returns a new id in the format of the API: 24 hex digits.
func (s *Sandbox) newID() string {
	s.lastID++
	return fmt.Sprintf("68d2c5f0a1b2%012x", s.lastID)
}

func (l *subAccount) addAssociation(a Association) *storedAssociation {
	stored := &storedAssociation{Association: a, relations: map[string]*storedRelation{}}
	l.associations[a.ID] = stored
	l.place(stored)
	return stored
}

// place adds an association to the rows of its type and to the index of keys.
func (l *subAccount) place(a *storedAssociation) {
	rows := l.rowsOfType(a.AssociationType)
	*rows = append(*rows, a)
	key := strings.ToLower(a.Key)
	l.associationByKey[key] = append(l.associationByKey[key], a)
}

// displace undoes place.
func (l *subAccount) displace(a *storedAssociation) {
	rows := l.rowsOfType(a.AssociationType)
	*rows = without(*rows, a)
	l.dropKey(a)
}

// dropKey removes an association from the index of keys.
func (l *subAccount) dropKey(a *storedAssociation) {
	key := strings.ToLower(a.Key)
	left := without(l.associationByKey[key], a)
	if len(left) == 0 {
		delete(l.associationByKey, key)
		return
	}
	l.associationByKey[key] = left
}

// change replaces a stored association. If the type does not change, its position among the rows does not change either.
func (l *subAccount) change(a *storedAssociation, to Association) {
	if to.AssociationType != a.AssociationType {
		l.displace(a)
		a.Association = to
		l.place(a)
		return
	}
	l.dropKey(a)
	a.Association = to
	key := strings.ToLower(to.Key)
	l.associationByKey[key] = append(l.associationByKey[key], a)
}

func (l *subAccount) rowsOfType(associationType string) *[]*storedAssociation {
	if associationType == SystemDefined {
		return &l.system
	}
	return &l.user
}

// removeAssociation removes an association and all its relations.
func (l *subAccount) removeAssociation(a *storedAssociation) {
	for _, r := range a.relations {
		l.removeRelation(r)
	}
	l.displace(a)
	delete(l.associations, a.ID)
}

func (l *subAccount) associationWithKey(key string) *storedAssociation {
	for _, a := range l.associationByKey[strings.ToLower(key)] {
		if a.Key == key {
			return a
		}
	}
	return nil
}

func (l *subAccount) addRelation(r Relation, order int, now time.Time) *storedRelation {
	stored := &storedRelation{Relation: r, order: order, created: now}
	l.relations[r.ID] = stored
	for _, end := range stored.ends() {
		l.relationsByRecord[end] = append(l.relationsByRecord[end], stored)
	}
	if a := l.associations[r.AssociationID]; a != nil {
		a.relations[r.ID] = stored
	}
	return stored
}

func (l *subAccount) removeRelation(r *storedRelation) {
	delete(l.relations, r.ID)
	for _, end := range r.ends() {
		if left := without(l.relationsByRecord[end], r); len(left) > 0 {
			l.relationsByRecord[end] = left
		} else {
			delete(l.relationsByRecord, end)
		}
	}
	if a := l.associations[r.AssociationID]; a != nil {
		delete(a.relations, r.ID)
	}
}

// relationsInOrder returns all relations in order of creation.
func (l *subAccount) relationsInOrder() []*storedRelation {
	rows := slices.Collect(maps.Values(l.relations))
	slices.SortFunc(rows, func(a, b *storedRelation) int { return a.order - b.order })
	return rows
}

// ends returns the records of the relation. If a record is related to itself, ends returns it once.
func (r *storedRelation) ends() []string {
	if r.FirstRecordID == r.SecondRecordID {
		return []string{r.FirstRecordID}
	}
	return []string{r.FirstRecordID, r.SecondRecordID}
}

// hasPair reports whether the two records are related under the association, in that order.
func (l *subAccount) hasPair(associationID, first, second string) bool {
	rows := l.relationsByRecord[first]
	if other := l.relationsByRecord[second]; len(other) < len(rows) {
		rows = other
	}
	return slices.ContainsFunc(rows, func(r *storedRelation) bool {
		return r.AssociationID == associationID && r.FirstRecordID == first && r.SecondRecordID == second
	})
}

// countUnder counts the relations of a record under an association.
func (l *subAccount) countUnder(associationID, recordID string) int {
	n := 0
	for _, r := range l.relationsByRecord[recordID] {
		if r.AssociationID == associationID {
			n++
		}
	}
	return n
}

func without[T comparable](rows []T, row T) []T {
	if i := slices.Index(rows, row); i >= 0 {
		return slices.Delete(rows, i, i+1)
	}
	return rows
}
