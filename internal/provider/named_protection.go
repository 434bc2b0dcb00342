package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// guarded is a named model with deletion protection. association_protection.go says where
// the protection is stored.
type guarded interface {
	named
	irreplaceable
	isProtected() bool
	refused(verb string, because ...path.Path) diag.Diagnostic // the error for a protected object
}

func isProtected(m named) bool {
	g, ok := m.(guarded)
	return ok && g.isProtected()
}

// refused is the error for an object that is protected, or was protected when this
// process read it.
func refused(m named, verb string, because ...path.Path) diag.Diagnostics {
	if g, ok := m.(guarded); ok {
		return diag.Diagnostics{g.refused(verb, because...)}
	}
	return nil
}

// warning is a guarded model with its own lossWarning.
type warning interface {
	lossWarning(doing, first string) diag.Diagnostic
}

// lossWarning warns about the data that a planned destroy or replacement also deletes.
// The warning begins with first.
func lossWarning(m named, doing, first string) diag.Diagnostics {
	if w, ok := m.(warning); ok {
		return diag.Diagnostics{w.lossWarning(doing, first)}
	}
	g, ok := m.(guarded)
	if !ok {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(fmt.Sprintf("%s a %s Deletes Data", doing, m.thing()),
		first+fmt.Sprintf("Along with the %s in sub-account %q, HighLevel deletes %s. Deleted data cannot be restored.", m.inWords(), m.location(), g.loss()))}
}

// noteRead notes a guarded object that a refresh has found. If its resource is tainted,
// planCreate gets no state and needs this note.
func (r *namedResource[M, T]) noteRead(m M) {
	if _, ok := any(m).(guarded); ok {
		r.note(m, func(f *fate) { f.isRead, f.isProtected = true, isProtected(m) })
		r.data.objects.noteDependant(m, isProtected(m))
	}
}

// forgetRead undoes noteRead. Call it when the object no longer exists or is no longer
// protected.
func (r *namedResource[M, T]) forgetRead(m M) {
	r.note(m, func(f *fate) { f.isRead, f.isProtected = false, false })
	r.data.objects.noteDependant(m, false)
}
