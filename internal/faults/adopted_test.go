package faults_test

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// adoptsExisting tells whether a create says that it has taken over what was there.
func (c *call) adoptsExisting() bool {
	return c.verb == "Create" && c.created != "" && slices.ContainsFunc(c.warnings, func(d *tfprotov6.Diagnostic) bool {
		return strings.HasPrefix(d.Summary, "Existing ")
	})
}

// onlyIdenticalIsAdopted looks at what existing_objects let creates take over: it was there before, it is what the create would have
// made, and no other address holds it. From then on it is nobody else's.
func (w *world) onlyIdenticalIsAdopted(calls []*call) {
	for _, c := range calls {
		if !c.adoptsExisting() {
			continue
		}
		wanted := c.kind.of(c.where, c.value)
		switch there := w.there(wanted); {
		case !w.schedule.Adopts:
			w.violated("only what is identical is adopted", "%s takes over %s, and nothing says that it may", c, c.created)
		case !c.before[c.created] && !w.isMeddled():
			w.violated("only what is identical is adopted", "%s takes over %s, which was not there", c, c.created)
		case there.id == c.created && !w.isMeddled() && (there.content != wanted.content || there.fixed != wanted.fixed && wanted.fixed != ""):
			w.violated("only what is identical is adopted", "%s takes over %s, which is %s, not %s", c, c.created, there.content, wanted.content)
		}
		for _, address := range w.state.addresses() {
			if i := w.state.get(address); address != c.address && attribute(i.value, "id") == c.created {
				w.violated("only what is identical is adopted", "%s takes over %s, which %s holds", c, c.created, address)
			}
		}
		if i := w.state.get(c.address); i != nil && attribute(i.value, "id") == c.created { // not that of another apply at the same time
			w.resolve(c, c.created)
		}
	}
}

// stopAdopting takes the setting back, as the error says of a plan in which one object gets another name and one of its name is
// created.
func (w *world) stopAdopting() bool {
	if !strings.Contains(w.failures(), `Set existing_objects (or GHL_EXISTING_OBJECTS) to "error" until this is applied.`) {
		return false
	}
	w.schedule.Adopts = false
	return true
}
