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
	customValueKind   = &kindOf[CustomValue]{
		kind:     &kind{name: "customValue", missing: "Custom value not found", deleted: fieldSucceeded},
		rows:     func(l *subAccount) *rows[CustomValue] { return &l.customValues },
		ids:      func(v *CustomValue) (id, locationID *string) { return &v.ID, &v.LocationID },
		madeUp:   func(v *CustomValue) { v.Name, v.Value = "Made up", "Made up" },
		complete: func(_ *Sandbox, v *CustomValue) { v.FieldKey = cmp.Or(v.FieldKey, valueKey(slugOf(v.Name))) },
	}
	customValueRoutes = []*route{
		{name: RouteListCustomValues, list: true, handle: (*Sandbox).listCustomValues},
		{name: RouteCreateCustomValue, kind: customValueKind.kind, body: customValueFields, handle: (*Sandbox).createCustomValue},
		{name: RouteGetCustomValue, kind: customValueKind.kind, handle: customValueKind.at((*Sandbox).getCustomValue)},
		{name: RouteUpdateCustomValue, kind: customValueKind.kind, body: customValueFields, handle: customValueKind.at((*Sandbox).updateCustomValue)},
		{name: RouteDeleteCustomValue, kind: customValueKind.kind, handle: customValueKind.at((*Sandbox).deleteCustomValue)},
	}
)

// CustomValue is a text that messages and pages of a sub-account refer to by its key. The stored form is also the JSON form.
type CustomValue struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	FieldKey   string `json:"fieldKey"` // for example {{ custom_values.opening_hours }}; it follows from the name at creation, and a rename does not change it
	Value      string `json:"value"`
	LocationID string `json:"locationId"`
}

// CustomValues returns the custom values of all sub-accounts.
func (s *Sandbox) CustomValues() Rows[CustomValue] { return Rows[CustomValue]{s, customValueKind} }

// listCustomValues answers GET /locations/{locationId}/customValues: all of them, on one page.
func (s *Sandbox) listCustomValues(c *call) answer {
	return c.wholeList("customValues", anyRows(c.account.customValues.all(nil)))
}

// getCustomValue answers GET /locations/{locationId}/customValues/{id}.
func (s *Sandbox) getCustomValue(c *call, v *CustomValue) answer {
	return c.wrapped(http.StatusOK, customValueKind.name, customValueKind.shown(c, *v))
}

// createCustomValue answers POST /locations/{locationId}/customValues.
func (s *Sandbox) createCustomValue(c *call) answer {
	if refusal := c.refusedValue(""); refusal != nil {
		return *refusal
	}
	v := customValueKind.add(s, c.account, CustomValue{Name: c.fields[fieldName], FieldKey: c.newValueKey(), Value: c.fields[fieldValue]})
	a := s.getCustomValue(c, v)
	if !c.quirks.CreateValueIs200 {
		a.status = http.StatusCreated
	}
	return committed(a)
}

// updateCustomValue answers PUT /locations/{locationId}/customValues/{id}.
func (s *Sandbox) updateCustomValue(c *call, v *CustomValue) answer {
	if refusal := c.refusedValue(v.ID); refusal != nil {
		return *refusal
	}
	v.Name, v.Value = c.fields[fieldName], c.fields[fieldValue]
	return committed(s.getCustomValue(c, v))
}

// deleteCustomValue answers DELETE /locations/{locationId}/customValues/{id}.
func (s *Sandbox) deleteCustomValue(c *call, v *CustomValue) answer {
	c.account.customValues.remove(v.ID)
	return c.deleted(succeeded{Succeeded: true}, "Custom value deleted successfully")
}

// refusedValue returns a refusal if the quirks forbid the name or the text of a custom value, or nil.
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

// newValueKey returns the key of a new custom value, which follows from its name.
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
