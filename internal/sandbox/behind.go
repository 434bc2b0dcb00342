package sandbox

import (
	"fmt"
	"maps"
	"slices"
)

// The functions below change the content without the API, as another client or a person in the browser would. They panic if the
// sub-account does not exist. They ignore a row that no longer exists.

// AddAssociation stores an association exactly as given: it neither checks nor changes sides, key and labels, so that tests
// can make odd rows. Without an ID it gets one, without a type it is user-defined. AddAssociation panics if the id is taken.
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

// AddRelation stores a relation exactly as given. Without an ID it gets one, and without object keys those of the association.
// AddRelation panics if the id is taken. The listing lag applies as to any new relation.
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

// AddRecord gives a record an object, regardless of its id, and restores a deleted record. With an empty object key, the id names
// the object, or the record fits any side. Searches find the record by its properties, which have the last part of their field
// keys as names. The lag of searches applies.
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

// DeleteRecord deletes a record, even one that was not added. It fits no relation from then on. The quirks decide how its listing
// is answered, and whether its relations stay.
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

// Relations are the relations of a sub-account in order of creation, including those that listings do not show yet.
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
