package sandbox

// CustomField is a field of an object, as stored and as on the wire.
type CustomField struct {
	ID                string        `json:"id"`
	LocationID        string        `json:"locationId"`
	Name              string        `json:"name,omitempty"`
	Description       string        `json:"description,omitempty"`
	Placeholder       string        `json:"placeholder,omitempty"`
	ShowInForms       bool          `json:"showInForms"`
	Options           []FieldOption `json:"options,omitempty"`
	AcceptedFormats   []string      `json:"acceptedFormats,omitempty"`
	ObjectKey         string        `json:"objectKey"`
	DataType          string        `json:"dataType"`
	ParentID          string        `json:"parentId"` // of its folder
	FieldKey          string        `json:"fieldKey"` // custom_objects.pet.name
	AllowCustomOption bool          `json:"allowCustomOption"`
	MaxFileLimit      int           `json:"maxFileLimit,omitempty"`
	DateAdded         string        `json:"dateAdded"`
	DateUpdated       string        `json:"dateUpdated"`
}

// FieldOption is one of the choices of a field.
type FieldOption struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	URL   string `json:"url,omitempty"`
}

// FieldFolder holds fields of an object, as stored and as on the wire.
type FieldFolder struct {
	ID         string `json:"id"`
	ObjectKey  string `json:"objectKey"`
	LocationID string `json:"locationId"`
	Name       string `json:"name"`
}

// addFirstField stores the field that names the records of a new object, and its folder.
func (s *Sandbox) addFirstField(account *subAccount, o *Object, name, dataType string) {
	folder := s.addFolder(account, FieldFolder{ObjectKey: o.Key, Name: o.Labels.Singular + " Details"})
	s.addField(account, CustomField{
		ObjectKey: o.Key, FieldKey: o.PrimaryDisplayProperty, Name: name, DataType: dataType, ParentID: folder.ID, ShowInForms: true,
	})
}

func (s *Sandbox) addFolder(account *subAccount, d FieldFolder) *FieldFolder {
	d.ID = s.freeID(d.ID, "folder", account.folders.get(d.ID) != nil)
	d.LocationID = account.id
	return account.folders.add(d.ID, d)
}

func (s *Sandbox) addField(account *subAccount, f CustomField) *CustomField {
	f.ID = s.freeID(f.ID, "custom field", account.fields.get(f.ID) != nil)
	f.LocationID = account.id
	f.DateAdded = s.stamp()
	f.DateUpdated = f.DateAdded
	return account.fields.add(f.ID, f)
}

// field finds a field by its full key.
func (l *subAccount) field(fieldKey string) *CustomField {
	for _, id := range l.fields.ids {
		if f := l.fields.get(id); f.FieldKey == fieldKey {
			return f
		}
	}
	return nil
}

func (l *subAccount) fieldsOf(objectKey string) []CustomField {
	return l.fields.all(func(f CustomField) bool { return f.ObjectKey == objectKey })
}

func (l *subAccount) foldersOf(objectKey string) []FieldFolder {
	return l.folders.all(func(d FieldFolder) bool { return d.ObjectKey == objectKey })
}

// shownField is a field as an answer has it.
func (c *call) shownField(f CustomField) any {
	return f
}
