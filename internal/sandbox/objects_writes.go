package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// primaryDetails describes the first field of a new object.
type primaryDetails struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	DataType string `json:"dataType"`
}

// createObject answers POST /objects/. It creates an object, its first field, and a folder for this field.
func (s *Sandbox) createObject(c *call) answer {
	var primary primaryDetails
	c.read(fieldPrimary, &primary)
	if primary.DataType != "TEXT" && primary.DataType != "NUMERICAL" {
		return c.refuseForm(fieldPrimary + "." + fieldDataType + " must be one of the following values: TEXT, NUMERICAL")
	}
	if refusal := c.refusedDescription(); refusal != nil {
		return *refusal
	}
	l := c.account
	most := cmp.Or(c.quirks.MaxObjects, 10)
	if len(l.objects.all(objectKind.shows)) >= most {
		return c.refuse(http.StatusBadRequest, fmt.Sprintf(messageTooManyObjects, most, l.id))
	}
	key := fullKey(customObjects, c.fields[fieldKey])
	if l.object(key) != nil && !c.quirks.TakenObjectKeysSuffixed {
		return c.refuse(http.StatusBadRequest, fmt.Sprintf("Custom Object with key %s already exists", key))
	}
	o := Object{Key: l.freeObjectKey(key), Description: c.fields[fieldDescription]}
	o.PrimaryDisplayProperty = fullKey(o.Key+".", primary.Key)
	c.read(fieldLabels, &o.Labels)
	c.keepStale(nil)
	stored := objectKind.add(s, l, o)
	s.addFirstField(l, stored, primary.Name, primary.DataType)
	return committed(c.wrapped(http.StatusCreated, objectKind.name, objectKind.shown(c, *stored)))
}

// freeObjectKey returns the key or, if it is taken, the key with the first suffix that makes it free.
func (l *subAccount) freeObjectKey(key string) string {
	free := key
	for n := 1; l.object(free) != nil; n++ {
		free = fmt.Sprintf("%s_%d", key, n)
	}
	return free
}

// updateObject answers PUT /objects/{key or id}. It can also change standard objects.
func (s *Sandbox) updateObject(c *call) answer {
	o := c.account.object(c.param)
	if o == nil {
		return c.none(objectKind.kind)
	}
	var searchable []string
	c.read(fieldSearchable, &searchable)
	if refusal := cmp.Or(c.refusedSearchable(o, searchable), c.refusedDescription()); refusal != nil {
		return *refusal
	}
	c.keepStale(o)
	o.SearchableProperties, o.DateUpdated = searchable, s.stamp()
	c.read(fieldLabels, &o.Labels)
	if _, sent := c.body[fieldDescription]; sent {
		o.Description = c.fields[fieldDescription] // null clears the description
	}
	return committed(c.wrapped(http.StatusOK, objectKind.name, objectKind.shown(c, *o)))
}

func (c *call) refusedDescription() *answer {
	if utf8.RuneCountInString(c.fields[fieldDescription]) > maxObjectDescription {
		return new(c.refuseForm(fmt.Sprintf("%s must be shorter than or equal to %d characters", fieldDescription, maxObjectDescription)))
	}
	return nil
}

// refusedSearchable returns a refusal if the searchable properties of an object are invalid, or nil. No source says whether the
// server checks that the fields exist. The sandbox has no fields of contact and opportunity.
func (c *call) refusedSearchable(o *Object, keys []string) *answer {
	if len(keys) == 0 {
		return new(c.refuseForm(emptyField(fieldSearchable)))
	}
	if len(keys) > maxSearchable {
		return new(c.refuse(http.StatusBadRequest, fmt.Sprintf(
			"Too many searchable properties. Maximum allowed is %d, but received %d.", maxSearchable, len(keys))))
	}
	for _, key := range keys {
		known := strings.HasPrefix(key, o.Key+".")
		if !o.Standard {
			known = c.account.field(key) != nil && known
		}
		if !known {
			return new(c.refuse(http.StatusBadRequest, fmt.Sprintf("Invalid searchable property %s for object %s", key, o.Key)))
		}
	}
	return nil
}

// deletedObject is the answer to DELETE /objects/{id}.
type deletedObject struct {
	ID      string `json:"id"`
	Success bool   `json:"success"`
	Meta    struct {
		Fields       []string `json:"deletedFields"`
		Associations []string `json:"deletedAssociationIds"`
	} `json:"meta"`
}

// deleteObject answers DELETE /objects/{id}. It deletes the object and everything that belongs to it.
func (s *Sandbox) deleteObject(c *call, o *Object) answer {
	if o.Standard {
		return c.refuse(http.StatusBadRequest, "Standard objects can not be deleted")
	}
	c.keepStale(o)
	return c.deleted(c.account.removeObject(o), "Custom Object deleted successfully")
}

// removeObject removes an object with its fields, folders, records and associations, and their relations.
func (l *subAccount) removeObject(o *Object) deletedObject {
	gone := deletedObject{ID: o.ID, Success: true}
	gone.Meta.Fields, gone.Meta.Associations = []string{}, []string{}
	l.objects.remove(o.ID)
	for _, f := range l.fieldsOf(o.Key) {
		l.fields.remove(f.ID)
		gone.Meta.Fields = append(gone.Meta.Fields, f.ID)
	}
	for _, d := range l.foldersOf(o.Key) {
		l.folders.remove(d.ID)
	}
	for id := range l.records {
		if l.objectOf(id) == o.Key {
			delete(l.records, id)
		}
	}
	for _, a := range slices.Clone(l.user) {
		if strings.EqualFold(a.FirstObjectKey, o.Key) || strings.EqualFold(a.SecondObjectKey, o.Key) {
			l.removeAssociation(a)
			gone.Meta.Associations = append(gone.Meta.Associations, a.ID)
		}
	}
	return gone
}

// noObject returns an object key of a new association that no object has, or "". The check applies only if a quirk selects it.
func (c *call) noObject(a Association) string {
	for _, key := range []string{a.FirstObjectKey, a.SecondObjectKey} {
		if c.quirks.StrictObjects && c.account.object(strings.ToLower(key)) == nil {
			return key
		}
	}
	return ""
}
