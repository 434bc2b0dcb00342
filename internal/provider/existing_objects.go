package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// Values of the provider's attribute existing_objects.
const (
	refuseExisting = "error"
	adoptIdentical = "adopt_identical"
)

// During an apply, the engine sends the provider only the resources that change. So only
// the plan can detect that an unchanged resource already manages an object, and the plan
// then fails. An apply can detect conflicts only among the objects that it creates,
// changes, takes over or deletes itself.

var anExistingChoice = oneOf(refuseExisting, adoptIdentical)

// adoptable returns the existing object that a create found. ok reports whether the
// create may take the object over if it is identical.
func adoptable[T any](d *providerData, err error) (row T, ok bool) {
	e, isMet := errors.AsType[*store.ExistsError](err)
	if !isMet || !d.adoptsIdentical || e.Own || e.BesideDeletions || e.Turned {
		return row, false
	}
	row, ok = e.Row().(T)
	return row, ok
}

// takesOver reports whether a create takes over an identical object, and warns if it
// does. before is the entry of the object before the create.
func takesOver(o object, id string, before fate, diags *diag.Diagnostics) bool {
	if before.isFree() {
		diags.Append(takenOver(o, id))
	}
	return before.isFree()
}

func takenOver(o object, id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Existing "+o.thing()+" Adopted", fmt.Sprintf(
		"The %s already existed in sub-account %q, with the id %q, exactly as the resource describes it. Nothing was created. The state now holds the object, since existing_objects is %q. "+
			"From now on, destroying the resource destroys the object. If another state also manages the object, remove it from one of the two states with the engine's state rm command.",
		o.inWords(), o.location(), id, adoptIdentical))
}

// leaves reports whether a deletion must not delete its object, because a create of the
// same run has taken the object over. before is the entry of the object before the
// deletion.
func leaves(o object, before fate, diags *diag.Diagnostics) bool {
	if before.isAdopted {
		diags.AddWarning(o.thing()+" Left to Another Resource", fmt.Sprintf(
			"The %s in sub-account %q was not deleted: a create in the same apply has taken it over, and the new resource now manages it.", o.inWords(), o.location()))
	}
	return before.isAdopted
}

// heldTwice is the diagnostic for an object that one resource in the state manages and
// another resource creates. If creates take over identical objects, the diagnostic is an
// error, because the create could take over the other resource's object.
func (d *providerData) heldTwice(o object) diag.Diagnostic {
	warning := wantedTwice(o)
	if d.adoptsIdentical {
		return diag.NewErrorDiagnostic("Unable to Plan "+o.thing(), fmt.Sprintf("%s\n\nIf there is only one block for the object, and this plan replaces its resource (-replace or replace_triggered_by), do not remove the block: "+
			"set existing_objects (or GHL_EXISTING_OBJECTS) to %q until this plan is applied.", warning.Detail(), refuseExisting))
	}
	return warning
}

// nameReused is the error for a plan that renames an object and creates another object
// with the old name. If the create ran first, it could take over the object that the plan
// renames.
func nameReused(o object) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan "+o.thing(), fmt.Sprintf(
		"This plan renames the %s in sub-account %q for one resource, and creates an object with its current name for another. "+
			"While existing_objects is %q, the create could take over the first resource's object. Nothing has been changed. "+
			"Set existing_objects (or GHL_EXISTING_OBJECTS) to %q until this plan is applied.", o.inWords(), o.location(), adoptIdentical, refuseExisting))
}

// foreseen returns the advice of a plan about an existing object that the create will not
// take over.
func (d *providerData) foreseen(advice string) string {
	if !d.adoptsIdentical {
		return advice
	}
	return advice + " As far as this plan can tell, the apply will not take the object over. " + adoptsOnly
}

const takenOverLater = `As far as this plan can tell, the object is exactly what the resource describes: the apply will take it over, since existing_objects is "adopt_identical".`

const adoptsOnly = `With existing_objects = "adopt_identical", a create takes over an object only if it is exactly as the resource describes it, HighLevel did not make it itself, and no other resource of the same run manages or deletes it.`
