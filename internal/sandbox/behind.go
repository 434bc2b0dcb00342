package sandbox

import (
	"fmt"
	"maps"
	"slices"
)

// The functions below act behind the API's back, as another client or a person in the browser would. They panic for a
// sub-account that does not exist. A row that is not there any more is left alone: whoever comes too late changes nothing.

// AddAssociation stores an association exactly as given: sides, key and labels are neither checked nor changed, so that odd
// rows can be made. Without an ID it gets one, without a type it is user-defined. It panics when the id is taken.
func (s *Sandbox) AddAssociation(a Association) Association {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(a.LocationID)
	if a.ID == "" {
		a.ID = s.newID()
	}
	if a.AssociationType == "" {
		a.AssociationType = UserDefined
	}
	if account.associations[a.ID] != nil {
		panic(fmt.Sprintf("sandbox: association id %q is taken", a.ID))
	}
	return account.addAssociation(a).Association
}

// UpdateAssociation changes a stored association. Its id and sub-account stay.
func (s *Sandbox) UpdateAssociation(locationID, id string, change func(*Association)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	row := account.associations[id]
	if row == nil {
		return
	}
	changed := row.Association
	change(&changed)
	changed.ID, changed.LocationID = row.ID, row.LocationID
	account.change(row, changed)
}

// RemoveAssociation removes an association with all its relations.
func (s *Sandbox) RemoveAssociation(locationID, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	if row := account.associations[id]; row != nil {
		account.removeAssociation(row)
	}
}

// AddRelation stores a relation exactly as given, with an id of its own where it has none. Empty object keys are taken from
// the association. It panics when the id is taken. The listing lag applies to it as to any new relation.
func (s *Sandbox) AddRelation(r Relation) Relation {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(r.LocationID)
	if r.ID == "" {
		r.ID = s.newID()
	}
	if account.relations[r.ID] != nil {
		panic(fmt.Sprintf("sandbox: relation id %q is taken", r.ID))
	}
	if a := account.associations[r.AssociationID]; a != nil && r.FirstObjectKey == "" && r.SecondObjectKey == "" {
		r.FirstObjectKey, r.SecondObjectKey = a.FirstObjectKey, a.SecondObjectKey
	}
	s.lastID++
	return account.addRelation(r, s.lastID, s.now()).Relation
}

// RemoveRelation removes a relation.
func (s *Sandbox) RemoveRelation(locationID, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	if row := account.relations[id]; row != nil {
		account.removeRelation(row)
	}
}

// AddRecord says which object a record belongs to, whatever its id looks like, and brings a deleted one back. With an empty
// object key the id tells, or else the record fits any side. Searches find it by its properties, which are named by the last
// part of their field keys; the lag of searches applies to it.
func (s *Sandbox) AddRecord(locationID, recordID, objectKey string, properties ...map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	account.lastRecord++
	r := record{objectKey: objectKey, properties: map[string]any{}, created: s.now(), order: account.lastRecord}
	for _, some := range properties {
		maps.Copy(r.properties, some)
	}
	account.records[recordID] = r
}

// DeleteRecord deletes a record, which need not have been added. From then on it fits no relation, and the quirks say what
// its listing answers and whether its relations stay.
func (s *Sandbox) DeleteRecord(locationID, recordID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	gone := account.records[recordID]
	gone.deleted = true
	account.records[recordID] = gone
	if s.quirks.DeletedRecordRelations != DeletedRelationsGone {
		return
	}
	for _, r := range slices.Clone(account.relationsByRecord[recordID]) {
		account.removeRelation(r)
	}
}

// Associations are the user-defined associations of a sub-account in order of creation, without those that the platform made.
func (s *Sandbox) Associations(locationID string) []Association {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rows []Association
	for _, a := range s.account(locationID).user {
		if !a.platform {
			rows = append(rows, a.Association)
		}
	}
	return rows
}

// Relations are the relations of a sub-account in order of creation, those that listings do not show yet among them.
func (s *Sandbox) Relations(locationID string) []Relation {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored := s.account(locationID).relationsInOrder()
	rows := make([]Relation, len(stored))
	for i, r := range stored {
		rows[i] = r.Relation
	}
	return rows
}
