package sandbox

// AddCustomField stores a field exactly as given. Without an ID it gets one. It panics when the id is taken.
func (s *Sandbox) AddCustomField(f CustomField) CustomField {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.addField(s.account(f.LocationID), f)
}

// UpdateCustomField changes a stored field. Its id and sub-account stay.
func (s *Sandbox) UpdateCustomField(locationID, id string, change func(*CustomField)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.account(locationID).fields.get(id); f != nil {
		change(f)
		f.ID, f.LocationID = id, locationID
	}
}

// RemoveCustomField removes a field, and its values in all records.
func (s *Sandbox) RemoveCustomField(locationID, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(locationID)
	if f := account.fields.get(id); f != nil {
		account.removeField(*f)
	}
}

// CustomFields are the fields of all objects of a sub-account in order of creation.
func (s *Sandbox) CustomFields(locationID string) []CustomField {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(locationID).fields.all(nil)
}

// AddFieldFolder stores a folder exactly as given. Without an ID it gets one. It panics when the id is taken.
func (s *Sandbox) AddFieldFolder(d FieldFolder) FieldFolder {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.addFolder(s.account(d.LocationID), d)
}

// UpdateFieldFolder changes a stored folder. Its id and sub-account stay.
func (s *Sandbox) UpdateFieldFolder(locationID, id string, change func(*FieldFolder)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.account(locationID).folders.get(id); d != nil {
		change(d)
		d.ID, d.LocationID = id, locationID
	}
}

// RemoveFieldFolder removes a folder. Its fields stay, and name it still.
func (s *Sandbox) RemoveFieldFolder(locationID, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(locationID).folders.remove(id)
}

// FieldFolders are the folders of all objects of a sub-account in order of creation.
func (s *Sandbox) FieldFolders(locationID string) []FieldFolder {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(locationID).folders.all(nil)
}
