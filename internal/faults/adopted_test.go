package faults_test

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// adoptsExisting reports whether a create warns that it adopted an existing object.
func (c *call) adoptsExisting() bool {
	return c.verb == "Create" && c.created != "" && slices.ContainsFunc(c.warnings, func(d *tfprotov6.Diagnostic) bool {
		return strings.HasPrefix(d.Summary, "Existing ")
	})
}

// onlyIdenticalIsAdopted checks the objects that creates adopted because of existing_objects. Each object must have existed
// before, must be identical to the object that the create describes, and must not be in the state at another address.
func (w *world) onlyIdenticalIsAdopted(calls []*call) {
	for _, c := range calls {
		if !c.adoptsExisting() {
			continue
		}
		wanted := c.kind.of(c.where, c.value)
		switch there := w.there(wanted); {
		case !w.schedule.Adopts:
			w.violated("only what is identical is adopted", "%s adopts %s, but existing_objects does not allow it", c, c.created)
		case !c.before[c.created] && !w.isMeddled():
			w.violated("only what is identical is adopted", "%s adopts %s, which did not exist before", c, c.created)
		case there.id == c.created && !w.isMeddled() && (there.content != wanted.content || there.fixed != wanted.fixed && wanted.fixed != ""):
			w.violated("only what is identical is adopted", "%s adopts %s, which is %s, not %s", c, c.created, there.content, wanted.content)
		}
		for _, address := range w.state.addresses() {
			if i := w.state.get(address); address != c.address && attribute(i.value, "id") == c.created {
				w.violated("only what is identical is adopted", "%s adopts %s, which is already in the state at %s", c, c.created, address)
			}
		}
		if i := w.state.get(c.address); i != nil && attribute(i.value, "id") == c.created { // false for an object that is only in the state of a concurrent apply
			w.resolve(c, c.created)
		}
	}
}

// stopAdopting resets existing_objects if the plan's error says so. The plan fails if one object is renamed and another object
// with its old name is created.
func (w *world) stopAdopting() bool {
	if !strings.Contains(w.failures(), `Set existing_objects (or GHL_EXISTING_OBJECTS) to "error" until this plan is applied.`) {
		return false
	}
	w.schedule.Adopts = false
	return true
}
