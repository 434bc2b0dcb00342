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

// An apply shows the provider only the resources that change. So whether the state holds an
// object for a resource that stays as it is, only the plan knows: there it is an error. The
// apply knows what it creates, changes, takes over and deletes itself.

var anExistingChoice = oneOf(refuseExisting, adoptIdentical)

// adoptable is the object that a create met, if the create may take over an identical one.
func adoptable[T any](d *providerData, err error) (row T, ok bool) {
	e, isMet := errors.AsType[*store.ExistsError](err)
	if !isMet || !d.adoptsIdentical || e.Own || e.BesideDeletions || e.Turned {
		return row, false
	}
	row, ok = e.Row().(T)
	return row, ok
}

// takesOver tells whether a create takes an identical object over; before is what this
// process knew of the object when it noted that it does.
func takesOver(o object, id string, before fate, diags *diag.Diagnostics) bool {
	if before.isFree() {
		diags.Append(takenOver(o, id))
	}
	return before.isFree()
}

func takenOver(o object, id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Existing "+o.thing()+" Adopted", fmt.Sprintf(
		"The %s existed in sub-account %q already, with the id %q, exactly as the resource describes it. Nothing was created. The object is in the state now, since existing_objects is %q. "+
			"From now on, destroying the resource destroys the object. If another state manages it as well, take it out of one of the two with the engine's command state rm.",
		o.inWords(), o.location(), id, adoptIdentical))
}

// leaves tells whether a deletion leaves its object alone, since a create of the same run
// has taken it over; before is what this process knew of the object when it noted the deletion.
func leaves(o object, before fate, diags *diag.Diagnostics) bool {
	if before.isAdopted {
		diags.AddWarning(o.thing()+" Left to Another Resource", fmt.Sprintf(
			"The %s in sub-account %q was not deleted: a create of the same apply has taken it over, and the resource that was created manages it now.", o.inWords(), o.location()))
	}
	return before.isAdopted
}

// heldTwice is about an object that the state holds for one resource and that another one is
// to create. Its create could take the object over, and would not know.
func (d *providerData) heldTwice(o object) diag.Diagnostic {
	warning := wantedTwice(o)
	if d.adoptsIdentical {
		return diag.NewErrorDiagnostic("Unable to Plan "+o.thing(), fmt.Sprintf("%s\n\nIf there is but one such block, which this plan replaces (-replace or replace_triggered_by), do not remove it: "+
			"set existing_objects (or GHL_EXISTING_OBJECTS) to %q until this is applied.", warning.Detail(), refuseExisting))
	}
	return warning
}

// nameReused is the error for an object that loses a name which a create wants. If the create
// came first, it could take the object over.
func nameReused(o object) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan "+o.thing(), fmt.Sprintf(
		"This plan gives the %s in sub-account %q another name for one resource, and creates one of its present name for another. "+
			"While existing_objects is %q, the create could take over what the first resource manages. Nothing has been changed. "+
			"Set existing_objects (or GHL_EXISTING_OBJECTS) to %q until this is applied.", o.inWords(), o.location(), adoptIdentical, refuseExisting))
}

// foreseen is what a plan says of an object that a create will meet and not take over.
func (d *providerData) foreseen(advice string) string {
	if !d.adoptsIdentical {
		return advice
	}
	return advice + " As far as this plan can tell, the apply does not take it over. " + adoptsOnly
}

const takenOverLater = `As far as this plan can tell, it is exactly what the resource describes: the apply takes it over, since existing_objects is "adopt_identical".`

const adoptsOnly = `With existing_objects = "adopt_identical", a create takes over only what is exactly as the resource describes it, was not made by HighLevel itself, and is neither managed nor deleted by another resource of the same run.`
