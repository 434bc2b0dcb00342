package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// The routes of custom fields. They exist only for custom objects and business.
const (
	RouteListCustomFields  = "GET /custom-fields/object-key/{objectKey}"
	RouteCreateCustomField = "POST /custom-fields/"
	RouteGetCustomField    = "GET /custom-fields/{id}" // also returns a folder
	RouteUpdateCustomField = "PUT /custom-fields/{id}"
	RouteDeleteCustomField = "DELETE /custom-fields/{id}"
)

const (
	fieldObjectKey   = "objectKey"
	fieldFieldKey    = "fieldKey"
	fieldParentID    = "parentId"
	fieldShowInForms = "showInForms"
	fieldPlaceholder = "placeholder"
	fieldOptions     = "options"
	fieldFormats     = "acceptedFormats"
	fieldFileLimit   = "maxFileLimit"
	fieldAllowCustom = "allowCustomOption"

	messageNoFieldsOf = "Api does not support objectKey of type contact or opportunity"
)

var (
	customFieldKind = &kindOf[CustomField]{
		kind:   &kind{name: "field", missing: "Custom field not found", deleted: fieldSucceeded},
		rows:   func(l *subAccount) *rows[CustomField] { return &l.fields },
		ids:    func(f *CustomField) (id, locationID *string) { return &f.ID, &f.LocationID },
		madeUp: func(f *CustomField) { f.FieldKey, f.Name = f.ObjectKey+".made_up", "Made up" },
		complete: func(s *Sandbox, f *CustomField) {
			f.DateAdded = s.stamp()
			f.DateUpdated = f.DateAdded
		},
		remove: (*subAccount).removeField,
	}

	// changeableFields are the fields that an update accepts. In an update, the options may omit their keys. In a create, the
	// options must have keys.
	changeableFields = []bodyField{
		texts(fieldLocationID)[0],
		of[bool](fieldShowInForms, "a boolean value"),
		anyText(fieldName).orNone(), anyText(fieldDescription).orNone(), anyText(fieldPlaceholder).orNone(),
		{name: fieldFormats, optional: true, check: checkFormats},
		of[float64](fieldFileLimit, "a number").orNone(),
	}
	createFieldFields = slices.Concat(
		changeableFields, texts(fieldObjectKey, fieldFieldKey, fieldDataType, fieldParentID),
		[]bodyField{
			of[bool](fieldAllowCustom, "a boolean value").orNone(),
			listOf(fieldOptions, append(texts(fieldKey, "label"), anyText("url").orNone())...).orNone(),
		})
	updateFieldFields = slices.Concat(
		changeableFields,
		[]bodyField{listOf(fieldOptions, texts("label")[0], texts(fieldKey)[0].orNone(), anyText("url").orNone()).orNone()})
	customFieldRoutes = []*route{
		{name: RouteListCustomFields, query: []string{fieldLocationID}, list: true, handle: (*Sandbox).listCustomFields},
		{name: RouteCreateCustomField, kind: customFieldKind.kind, body: createFieldFields, handle: (*Sandbox).createCustomField},
		{name: RouteGetCustomField, kind: customFieldKind.kind, handle: (*Sandbox).getCustomField},
		{name: RouteUpdateCustomField, kind: customFieldKind.kind, body: updateFieldFields, handle: customFieldKind.at((*Sandbox).updateCustomField)},
		{name: RouteDeleteCustomField, kind: customFieldKind.kind, handle: customFieldKind.at((*Sandbox).deleteCustomField)},
	}
)

// CustomField is a field of an object. The stored form is also the JSON form.
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
	ParentID          string        `json:"parentId"` // id of its folder
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

// CustomFields returns the custom fields of all objects. Removing a field removes its values from all records.
func (s *Sandbox) CustomFields() Rows[CustomField] { return Rows[CustomField]{s, customFieldKind} }

// addFirstField creates the primary display field of a new object, and the folder of this field.
func (s *Sandbox) addFirstField(account *subAccount, o *Object, name, dataType string) {
	folder := fieldFolderKind.add(s, account, FieldFolder{ObjectKey: o.Key, Name: o.Labels.Singular + " Details"})
	customFieldKind.add(s, account, CustomField{
		ObjectKey: o.Key, FieldKey: o.PrimaryDisplayProperty, Name: name, DataType: dataType, ParentID: folder.ID, ShowInForms: true,
	})
}

// field returns the field with the full key, or nil.
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

// listCustomFields answers GET /custom-fields/object-key/{objectKey}: all fields and folders of an object.
func (s *Sandbox) listCustomFields(c *call) answer {
	if refusal := c.refusedObject(c.param); refusal != nil {
		return *refusal
	}
	var fields []any
	for _, f := range c.account.fieldsOf(c.param) {
		fields = append(fields, c.shownField(f))
	}
	a := c.wholeList("fields", fields)
	a.page.also = &page{name: "folders", rows: anyRows(c.account.foldersOf(c.param))}
	return a
}

// refusedObject returns an error answer if the object does not exist, or if this API does not serve its fields.
// Otherwise, refusedObject returns nil.
func (c *call) refusedObject(key string) *answer {
	if key == contactObject || key == "opportunity" {
		return new(c.refuse(http.StatusBadRequest, messageNoFieldsOf))
	}
	if o := c.account.object(key); o == nil || o.Key != key {
		return new(objectKind.none(c.quirks, key, c.traceID))
	}
	return nil
}

// getCustomField answers GET /custom-fields/{id}.
func (s *Sandbox) getCustomField(c *call) answer {
	if d := c.account.folders.get(c.param); d != nil {
		return c.wrapped(http.StatusOK, customFieldKind.name, *d)
	}
	f := c.account.fields.get(c.param)
	if f == nil {
		return c.none(customFieldKind.kind)
	}
	return c.customFieldAnswer(http.StatusOK, *f)
}

// deleteCustomField answers DELETE /custom-fields/{id}. No source says whether the searchable properties of the object still
// contain the field.
func (s *Sandbox) deleteCustomField(c *call, f *CustomField) answer {
	c.account.removeField(*f)
	return c.deleted(succeeded{true, f.ID, f.FieldKey}, "Custom field deleted successfully")
}

// removeField removes a field, and its values from all records.
func (l *subAccount) removeField(f CustomField) {
	l.fields.remove(f.ID)
	for id, r := range l.records {
		if l.objectOf(id) == f.ObjectKey {
			delete(r.properties, strings.TrimPrefix(f.FieldKey, f.ObjectKey+"."))
		}
	}
}

// customFieldAnswer returns an answer with one field.
func (c *call) customFieldAnswer(status int, f CustomField) answer {
	return c.wrapped(status, customFieldKind.name, c.shownField(customFieldKind.shown(c, f)))
}

// shownField returns a field in the form that answers contain.
func (c *call) shownField(f CustomField) any {
	if !c.quirks.FormatsAnsweredAsText || f.AcceptedFormats == nil {
		return f
	}
	return struct {
		CustomField
		AcceptedFormats string `json:"acceptedFormats"`
	}{f, strings.Join(f.AcceptedFormats, ",")}
}
