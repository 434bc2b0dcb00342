package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// The routes of objects. An object is read and changed by key or id, but deleted only by id.
const (
	RouteListObjects  = "GET /objects/"
	RouteCreateObject = "POST /objects/"
	RouteGetObject    = "GET /objects/{key}"
	RouteUpdateObject = "PUT /objects/{key}"
	RouteDeleteObject = "DELETE /objects/{id}" // not in the API reference, but the web application calls it
)

const (
	fieldLabels           = "labels"
	fieldDescription      = "description"
	fieldPrimary          = "primaryDisplayPropertyDetails"
	fieldSearchable       = "searchableProperties"
	fieldFetchProperties  = "fetchProperties"
	fieldDataType         = "dataType"
	customObjects         = "custom_objects."
	maxSearchable         = 3
	maxObjectDescription  = 100 // limit according to one client
	messageTooManyObjects = "Max custom objects limit[%d] reached for location[%s]"
)

var (
	objectKind = &kindOf[Object]{
		kind:     &kind{name: "object", missing: "Custom Object (KEY) not found", deleted: "success"},
		rows:     func(l *subAccount) *rows[Object] { return &l.objects },
		ids:      func(o *Object) (id, locationID *string) { return &o.ID, &o.LocationID },
		madeUp:   func(o *Object) { o.Key, o.Labels = customObjects+"made_up", Labels{"Made up", "Made up"} },
		complete: (*Sandbox).completeObject,
		find:     (*subAccount).object,
		shows:    func(o Object) bool { return !o.Standard },
		added:    (*Sandbox).objectAdded,
		remove:   func(l *subAccount, o Object) { l.removeObject(&o) },
	}
	createObjectFields = slices.Concat(texts(fieldLocationID, fieldKey), []bodyField{
		objectOf(fieldLabels, texts("singular", "plural")...),
		objectOf(fieldPrimary, texts(fieldKey, fieldName, fieldDataType)...),
		anyText(fieldDescription).orNone(),
	})
	updateObjectFields = slices.Concat(texts(fieldLocationID), []bodyField{
		of[[]string](fieldSearchable, "an array of strings"),
		objectOf(fieldLabels, texts("singular")[0].orNone(), texts("plural")[0].orNone()).orNone(),
		anyText(fieldDescription).orNone(),
	})
	objectRoutes = []*route{
		{name: RouteListObjects, query: []string{fieldLocationID}, list: true, handle: (*Sandbox).listObjects},
		{name: RouteCreateObject, kind: objectKind.kind, body: createObjectFields, handle: (*Sandbox).createObject},
		{name: RouteGetObject, kind: objectKind.kind, query: []string{fieldLocationID, fieldFetchProperties}, handle: (*Sandbox).getObject},
		{name: RouteUpdateObject, kind: objectKind.kind, body: updateObjectFields, handle: (*Sandbox).updateObject},
		{name: RouteDeleteObject, kind: objectKind.kind, query: []string{fieldLocationID}, handle: objectKind.at((*Sandbox).deleteObject)},
	}
)

// Object is a type of records, such as pets. The stored form is also the JSON form.
type Object struct {
	ID                     string   `json:"id"`
	Standard               bool     `json:"standard"`
	Key                    string   `json:"key"` // custom_objects.pet, or the key of a standard object
	Labels                 Labels   `json:"labels"`
	Description            string   `json:"description,omitempty"`
	LocationID             string   `json:"locationId"`
	PrimaryDisplayProperty string   `json:"primaryDisplayProperty"` // a full field key, like the searchable properties
	DateAdded              string   `json:"dateAdded"`
	DateUpdated            string   `json:"dateUpdated"`
	Type                   string   `json:"type"` // UserDefined or SystemDefined
	SearchableProperties   []string `json:"searchableProperties"`
	RequiredProperties     []string `json:"requiredProperties"`
}

// Labels are the singular and plural names of an object.
type Labels struct {
	Singular string `json:"singular"`
	Plural   string `json:"plural"`
}

// Objects returns the custom objects of all sub-accounts. Its methods find an object by key or id, and can also change standard
// objects. Adding an object with a primary display property creates this field, with the data type TEXT, and a folder for it. Add
// panics if the key is taken. Removing an object also removes its fields, folders, records, associations and relations.
func (s *Sandbox) Objects() Rows[Object] { return Rows[Object]{s, objectKind} }

// standardObjects lists the objects that exist in every sub-account.
var standardObjects = []Object{
	{Key: "contact", Labels: Labels{"Contact", "Contacts"}, PrimaryDisplayProperty: "contact.name"},
	{Key: "opportunity", Labels: Labels{"Opportunity", "Opportunities"}, PrimaryDisplayProperty: "opportunity.name"},
	{Key: "business", Labels: Labels{"Company", "Companies"}, PrimaryDisplayProperty: "business.name"},
}

func (s *Sandbox) addStandardObjects(account *subAccount) {
	for _, o := range standardObjects {
		o.Standard, o.Type = true, SystemDefined
		objectKind.add(s, account, o)
	}
}

// completeObject sets the type and the dates of an object, and the properties that follow from its primary display property.
func (s *Sandbox) completeObject(o *Object) {
	o.Type = cmp.Or(o.Type, UserDefined)
	o.DateAdded = cmp.Or(o.DateAdded, s.stamp())
	o.DateUpdated = cmp.Or(o.DateUpdated, o.DateAdded)
	if primary := o.PrimaryDisplayProperty; primary != "" && o.SearchableProperties == nil {
		o.SearchableProperties, o.RequiredProperties = []string{primary}, []string{primary}
	}
}

// objectAdded completes an object that a caller in Go added. It panics if another object has the key.
func (s *Sandbox) objectAdded(account *subAccount, o *Object) {
	if account.object(o.Key) != o {
		panic(fmt.Sprintf("sandbox: object key %q is taken", o.Key))
	}
	if o.PrimaryDisplayProperty != "" {
		s.addFirstField(account, o, "Name", "TEXT")
	}
}

// listObjects answers GET /objects/ with all objects. The standard objects are first.
func (s *Sandbox) listObjects(c *call) answer {
	l := c.account
	objects := l.objects.all(nil)
	if l.staleList.left > 0 {
		l.staleList.left--
		objects = l.staleList.rows
	}
	return c.wholeList("objects", anyRows(objects))
}

// getObject answers GET /objects/{key or id}.
func (s *Sandbox) getObject(c *call) answer {
	fetch := c.query.Get(fieldFetchProperties)
	if c.query.Has(fieldFetchProperties) && fetch != "true" && fetch != "false" {
		return c.refuseForm(fieldFetchProperties + " must be a boolean string")
	}
	o, stale := c.account.staleObject(c.param), true
	if o == nil {
		o, stale = c.account.object(c.param), false
	}
	if o == nil {
		return c.none(objectKind.kind)
	}
	shown := objectKind.shown(c, *o)
	var fields []json.RawMessage
	if fetch == "true" {
		fields = []json.RawMessage{}
		for _, f := range c.account.fieldsOf(shown.Key) {
			fields = append(fields, encodeObject(c.shownField(f), c.quirks.UnknownFields))
		}
	}
	return objectAnswer(c.quirks, http.StatusOK, "", c.foundObject(shown, stale, fields))
}

// foundObject returns the answer to a lookup of an object. A quirk selects the bare or the wrapped form.
func (c *call) foundObject(o Object, stale bool, fields []json.RawMessage) any {
	type beside struct {
		Cache  bool              `json:"cache"` // the answer may be stale
		Fields []json.RawMessage `json:"fields,omitzero"`
	}
	if c.quirks.WrapObjects {
		return struct {
			Object
			beside
		}{o, beside{stale, fields}}
	}
	return struct {
		Object json.RawMessage `json:"object"`
		beside
	}{encodeObject(o, c.quirks.UnknownFields), beside{stale, fields}}
}

// object returns the object with the key or id, or nil.
func (l *subAccount) object(keyOrID string) *Object {
	if o := l.objects.get(keyOrID); o != nil {
		return o
	}
	for _, id := range l.objects.ids {
		if o := l.objects.get(id); o.Key == keyOrID {
			return o
		}
	}
	return nil
}

// staleObject returns the outdated object that a lookup by key or id still returns after a write, or nil.
func (l *subAccount) staleObject(keyOrID string) *Object {
	for _, former := range l.staleObjects {
		if (former.object.ID == keyOrID || former.object.Key == keyOrID) && former.left > 0 {
			former.left--
			return &former.object
		}
	}
	return nil
}

// keepStale makes the next reads return the state before a write. The quirks set their number. A new object has no former state.
func (c *call) keepStale(former *Object) {
	l, q := c.account, c.quirks
	if former != nil && q.StaleObjects > 0 {
		l.staleObjects = slices.DeleteFunc(l.staleObjects, func(o *staleObject) bool { return o.object.Key == former.Key })
		l.staleObjects = append(l.staleObjects, &staleObject{*former, q.StaleObjects})
	}
	if q.StaleObjectLists > 0 {
		l.staleList = staleList{l.objects.all(nil), q.StaleObjectLists}
	}
}

// staleObject is the former state of an object, and the number of reads that still return it.
type staleObject struct {
	object Object
	left   int
}

// staleList is the former list of objects, and the number of reads that still return it.
type staleList struct {
	rows []Object
	left int
}

// fullKey returns the stored form of a key: in lower case, with the prefix that the request may omit.
func fullKey(prefix, sent string) string {
	return prefix + strings.TrimPrefix(strings.ToLower(sent), prefix)
}
