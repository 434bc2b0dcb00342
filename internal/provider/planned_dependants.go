package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// When HighLevel deletes an object, it also deletes the object's fields and associations,
// but their own plans do not show that. So the plan of an object checks for protected
// fields and associations, and the plan of a field or an association checks whether the
// object is deleted.

// dependant is a field or an association. HighLevel deletes it along with any of its
// objects.
type dependant interface {
	object
	isProtected() bool
	objectKeys() []string
}

func (m customFieldModel) objectKeys() []string { return []string{m.ObjectKey.ValueString()} }

func (m associationModel) objectKeys() []string {
	return []string{m.FirstObjectKey.ValueString(), m.SecondObjectKey.ValueString()}
}

func (m associationModel) isProtected() bool { return m.DeletionProtection.ValueBool() }

func objectWithKey(locationID, key string) objectName {
	return objectName{"object key", locationID, strings.ToLower(key)}
}

// noteDependant notes whether a dependant is protected, for the plans of its objects. It
// ignores objects that are not dependants.
func (p *plannedObjects) noteDependant(o object, isProtected bool) {
	d, ok := o.(dependant)
	if !ok {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.protected == nil {
		p.protected = map[objectName]map[string]bool{}
	}
	for _, key := range d.objectKeys() {
		name := objectWithKey(d.location(), key)
		if p.protected[name] == nil {
			p.protected[name] = map[string]bool{}
		}
		if delete(p.protected[name], d.inWords()); isProtected {
			p.protected[name][d.inWords()] = true
		}
	}
}

// protectedBelow returns the protected dependants of an object, in words.
func (p *plannedObjects) protectedBelow(name objectName) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.protected[name]))
}

// keepDependant notes a protected dependant that stays. It returns an error if the plan
// destroys the dependant's object.
func (p *plannedObjects) keepDependant(state object) diag.Diagnostics {
	d, ok := state.(dependant)
	if !ok || !d.isProtected() {
		return nil
	}
	p.noteDependant(d, true)
	for _, key := range d.objectKeys() {
		if p.of(objectWithKey(d.location(), key)).isDestroyed {
			thing := strings.ToLower(d.thing())
			return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root(deletionProtection.attribute), "Unable to Plan "+d.thing(), fmt.Sprintf(
				"The %s has %s in the state, but this plan destroys or replaces the object %q, and HighLevel would delete the %s with it. "+
					"To keep the %[4]s, revert the change that destroys the object. To delete the %[4]s, set %[5]s, apply that change alone, and plan again.",
				d.inWords(), deletionProtection.on, key, thing, deletionProtection.off))}
		}
	}
	return nil
}
