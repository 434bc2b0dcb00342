package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// The values of existing_objects.
const (
	refuseExisting = "error"
	adoptIdentical = "adopt_identical"
)

// An apply shows the provider only the resources that change. So only the plan knows
// whether the state holds an object for an unchanged resource, and the plan fails then. The
// apply knows what it creates, changes, takes over and deletes itself.

var anExistingChoice = oneOf(refuseExisting, adoptIdentical)

// adoptable is the existing object that a create found, if the create may take over an
// identical one.
func adoptable[T any](d *providerData, err error) (row T, ok bool) {
	e, isMet := errors.AsType[*store.ExistsError](err)
	if !isMet || !d.adoptsIdentical || e.Own || e.BesideDeletions || e.Turned {
		return row, false
	}
	row, ok = e.Row().(T)
	return row, ok
}

// takesOver reports whether a create takes over an identical object; before is what this
// process knew about the object when it noted that.
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

// leaves reports whether a deletion leaves its object alone, because a create of the same
// run has taken it over; before is what this process knew about the object when it noted
// the deletion.
func leaves(o object, before fate, diags *diag.Diagnostics) bool {
	if before.isAdopted {
		diags.AddWarning(o.thing()+" Left to Another Resource", fmt.Sprintf(
			"The %s in sub-account %q was not deleted: a create in the same apply has taken it over, and the new resource now manages it.", o.inWords(), o.location()))
	}
	return before.isAdopted
}

// heldTwice is about an object that the state holds for one resource and that another
// resource is to create. The create could take the object over without knowing that.
func (d *providerData) heldTwice(o object) diag.Diagnostic {
	warning := wantedTwice(o)
	if d.adoptsIdentical {
		return diag.NewErrorDiagnostic("Unable to Plan "+o.thing(), fmt.Sprintf("%s\n\nIf there is only one block for the object, and this plan replaces its resource (-replace or replace_triggered_by), do not remove it: "+
			"set existing_objects (or GHL_EXISTING_OBJECTS) to %q until this is applied.", warning.Detail(), refuseExisting))
	}
	return warning
}

// nameReused is the error for an object that loses a name that a create wants. If the create
// came first, it could take the object over.
func nameReused(o object) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan "+o.thing(), fmt.Sprintf(
		"This plan renames the %s in sub-account %q for one resource, and creates one with its current name for another. "+
			"While existing_objects is %q, the create could take over what the first resource manages. Nothing has been changed. "+
			"Set existing_objects (or GHL_EXISTING_OBJECTS) to %q until this is applied.", o.inWords(), o.location(), adoptIdentical, refuseExisting))
}

// foreseen is what a plan says about an object that a create will find but not take over.
func (d *providerData) foreseen(advice string) string {
	if !d.adoptsIdentical {
		return advice
	}
	return advice + " As far as this plan can tell, the apply will not take it over. " + adoptsOnly
}

const takenOverLater = `As far as this plan can tell, the object is exactly what the resource describes: the apply will take it over, since existing_objects is "adopt_identical".`

const adoptsOnly = `With existing_objects = "adopt_identical", a create takes over an object only if it is exactly as the resource describes it, HighLevel did not make it itself, and no other resource of the same run manages or deletes it.`
