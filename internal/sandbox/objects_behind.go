package sandbox

import (
	"cmp"
	"fmt"
)

// AddObject stores an object exactly as given. Without an ID, a type or dates it gets some. If it names a primary display
// property, it gets that field, of the data type TEXT, and a folder for it. It panics when the id or the key is taken.
func (s *Sandbox) AddObject(o Object) Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(o.LocationID)
	if account.object(o.Key) != nil {
		panic(fmt.Sprintf("sandbox: object key %q is taken", o.Key))
	}
	stored := s.addObject(account, o)
	if o.PrimaryDisplayProperty != "" {
		s.addFirstField(account, stored, "Name", "TEXT")
	}
	return *stored
}

func (s *Sandbox) addObject(account *subAccount, o Object) *Object {
	o.ID = s.freeID(o.ID, "object", account.objects.get(o.ID) != nil)
	o.LocationID, o.Type = account.id, cmp.Or(o.Type, UserDefined)
	o.DateAdded = cmp.Or(o.DateAdded, s.stamp())
	o.DateUpdated = cmp.Or(o.DateUpdated, o.DateAdded)
	if primary := o.PrimaryDisplayProperty; primary != "" && o.SearchableProperties == nil {
		o.SearchableProperties, o.RequiredProperties = []string{primary}, []string{primary}
	}
	return account.objects.add(o.ID, o)
}

// UpdateObject changes a stored object, found by key or id. Its id and sub-account stay.
func (s *Sandbox) UpdateObject(locationID, keyOrID string, change func(*Object)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.account(locationID).object(keyOrID); o != nil {
		id := o.ID
		change(o)
		o.ID, o.LocationID = id, locationID
	}
}

// RemoveObject removes an object, found by key or id, with all that a deletion takes along.
func (s *Sandbox) RemoveObject(locationID, keyOrID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	if o := account.object(keyOrID); o != nil {
		account.removeObject(o)
	}
}

// Objects are the objects of a sub-account in order of creation, without the standard ones.
func (s *Sandbox) Objects(locationID string) []Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(locationID).objects.all(isCustom)
}

func isCustom(o Object) bool { return !o.Standard }
