package sandbox

import (
	"fmt"
	"maps"
	"slices"
)

// The methods below change the content directly, as another client or a person in the browser would, without an API request. They
// panic if the sub-account does not exist, and ignore a row that no longer exists.

// AddAssociation stores an association exactly as given. It neither checks nor changes the sides, the key and the labels, so that
// tests can create unusual rows. If the ID is empty, the association gets a new one. If the type is empty, the association is
// user-defined. AddAssociation panics if the id is taken.
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

// UpdateAssociation changes a stored association. The id and the sub-account do not change.
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

// RemoveAssociation removes an association and all relations under it.
func (s *Sandbox) RemoveAssociation(locationID, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	if row := account.associations[id]; row != nil {
		account.removeAssociation(row)
	}
}

// AddRelation stores a relation exactly as given. If the ID is empty, the relation gets a new one. If the object keys are empty,
// the relation gets those of the association. AddRelation panics if the id is taken. The listing lag applies.
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

// AddRecord adds a record, or restores a deleted record. If the object key is empty, the object follows from the id, or the
// record fits any side. Searches find the record by its properties. The name of a property is the last part of its field key. The
// lag of searches applies.
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

// DeleteRecord deletes a record, even if the record was not added before. From then on, no relation can be created for it. The
// quirks decide how the listing of its relations is answered, and whether these relations remain.
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

// Associations returns the user-defined associations of a sub-account in order of creation, without those that the platform
// created.
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

// Relations returns the relations of a sub-account in order of creation, including those that listings do not show yet.
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
