package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
)

// The routes of custom values.
const (
	RouteListCustomValues  = "GET /locations/{locationId}/customValues"
	RouteCreateCustomValue = "POST /locations/{locationId}/customValues"
	RouteGetCustomValue    = "GET /locations/{locationId}/customValues/{id}"
	RouteUpdateCustomValue = "PUT /locations/{locationId}/customValues/{id}"
	RouteDeleteCustomValue = "DELETE /locations/{locationId}/customValues/{id}"
)

const (
	fieldName  = "name"
	fieldValue = "value"
)

var (
	customValueFields = append(texts(fieldName), anyText(fieldValue))
	customValueKind   = &kind{name: "customValue", missing: "Custom value not found", deleted: fieldSucceeded}
	customValueRoutes = []*route{
		{name: RouteListCustomValues, list: true, handle: (*Sandbox).listCustomValues},
		{name: RouteCreateCustomValue, kind: customValueKind, body: customValueFields, handle: (*Sandbox).createCustomValue},
		{name: RouteGetCustomValue, kind: customValueKind, handle: (*Sandbox).getCustomValue},
		{name: RouteUpdateCustomValue, kind: customValueKind, body: customValueFields, handle: (*Sandbox).updateCustomValue},
		{name: RouteDeleteCustomValue, kind: customValueKind, handle: (*Sandbox).deleteCustomValue},
	}
)

// CustomValue is a text that messages and pages of a sub-account refer to by its key, as stored and as on the wire.
type CustomValue struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	FieldKey   string `json:"fieldKey"` // {{ custom_values.opening_hours }}: from the name at creation, it stays on a rename
	Value      string `json:"value"`
	LocationID string `json:"locationId"`
}

// listCustomValues answers GET /locations/{locationId}/customValues: all of them, on one page.
func (s *Sandbox) listCustomValues(c *call) answer {
	return c.wholeList("customValues", anyRows(c.account.customValues.all(nil)))
}

// getCustomValue answers GET /locations/{locationId}/customValues/{id}.
func (s *Sandbox) getCustomValue(c *call) answer {
	v := c.account.customValues.get(c.param)
	if v == nil {
		return c.none(customValueKind)
	}
	return c.customValueAnswer(http.StatusOK, *v)
}

// createCustomValue answers POST /locations/{locationId}/customValues.
func (s *Sandbox) createCustomValue(c *call) answer {
	if refusal := c.refusedValue(""); refusal != nil {
		return *refusal
	}
	v := CustomValue{
		ID: s.newID(), Name: c.fields[fieldName], FieldKey: c.newValueKey(),
		Value: c.fields[fieldValue], LocationID: c.account.id,
	}
	c.account.customValues.add(v.ID, v)
	status := http.StatusCreated
	if c.quirks.CreateValueIs200 {
		status = http.StatusOK
	}
	return committed(c.customValueAnswer(status, v))
}

// updateCustomValue answers PUT /locations/{locationId}/customValues/{id}.
func (s *Sandbox) updateCustomValue(c *call) answer {
	v := c.account.customValues.get(c.param)
	if v == nil {
		return c.none(customValueKind)
	}
	if refusal := c.refusedValue(v.ID); refusal != nil {
		return *refusal
	}
	v.Name, v.Value = c.fields[fieldName], c.fields[fieldValue]
	return committed(c.customValueAnswer(http.StatusOK, *v))
}

// deleteCustomValue answers DELETE /locations/{locationId}/customValues/{id}.
func (s *Sandbox) deleteCustomValue(c *call) answer {
	if c.account.customValues.get(c.param) == nil {
		return c.none(customValueKind)
	}
	c.account.customValues.remove(c.param)
	return c.deleted(succeeded{Succeeded: true}, "Custom value deleted successfully")
}

// refusedValue says what the quirks have against the name and the text that were sent for a custom value, or nil.
func (c *call) refusedValue(id string) *answer {
	if c.quirks.EmptyValuesRefused && c.fields[fieldValue] == "" {
		return new(c.refuseForm(emptyField(fieldValue)))
	}
	taken := func(v CustomValue) bool { return v.Name == c.fields[fieldName] && v.ID != id }
	if c.quirks.DuplicateValueNames == ValueNamesRefused && c.account.customValues.has(taken) {
		return new(c.refuse(http.StatusBadRequest, fmt.Sprintf("Custom value with name %s already exists", c.fields[fieldName])))
	}
	return nil
}

// newValueKey makes the key of a new custom value from its name.
func (c *call) newValueKey() string {
	slug := slugOf(c.fields[fieldName])
	key := valueKey(slug)
	if cmp.Or(c.quirks.DuplicateValueNames, ValueNamesAllowed) == ValueNamesAllowed {
		return key
	}
	taken := func(v CustomValue) bool { return v.FieldKey == key }
	for n := 1; c.account.customValues.has(taken); n++ {
		key = valueKey(fmt.Sprintf("%s_%d", slug, n))
	}
	return key
}

func valueKey(slug string) string { return "{{ custom_values." + slug + " }}" }

// customValueAnswer answers one custom value.
func (c *call) customValueAnswer(status int, v CustomValue) answer {
	if c.foreign {
		madeUp := v
		madeUp.ID, madeUp.Name, madeUp.Value = foreignID, "Made up", "Made up"
		v = c.account.customValues.another(func(other CustomValue) bool { return other.ID != v.ID }, madeUp)
	}
	return c.wrapped(status, customValueKind.name, v)
}

// AddCustomValue stores a custom value exactly as given. Without an ID it gets one, without a key that of its name. It panics
// when the id is taken.
func (s *Sandbox) AddCustomValue(v CustomValue) CustomValue {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(v.LocationID)
	v.ID = s.freeID(v.ID, "custom value", account.customValues.get(v.ID) != nil)
	v.FieldKey = cmp.Or(v.FieldKey, valueKey(slugOf(v.Name)))
	return *account.customValues.add(v.ID, v)
}

// UpdateCustomValue changes a stored custom value. Its id and sub-account stay.
func (s *Sandbox) UpdateCustomValue(locationID, id string, change func(*CustomValue)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.account(locationID).customValues.get(id); v != nil {
		change(v)
		v.ID, v.LocationID = id, locationID
	}
}

// RemoveCustomValue removes a custom value.
func (s *Sandbox) RemoveCustomValue(locationID, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(locationID).customValues.remove(id)
}

// CustomValues are the custom values of a sub-account in order of creation.
func (s *Sandbox) CustomValues(locationID string) []CustomValue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(locationID).customValues.all(nil)
}
