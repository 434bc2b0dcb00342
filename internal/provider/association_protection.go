package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// deletion_protection is stored in three places, because a plan does not always get the
// state. If an instance is tainted or passed to -replace, the engine plans its create
// without the state. A check in Delete would be too late: the engine deletes relations
// before their association.
//
//   - the state: for a destroy, and for a replacement whose plan gets the state;
//   - private state: for -replace, because the engine passes private state to the plan, with or
//     without a refresh;
//   - plannedObjects: for a tainted instance, whose state the refresh of this plan has read.

// irreplaceable is an object whose deletion also deletes data that cannot be restored.
type irreplaceable interface {
	object
	loss() string // "all its relations"
}

func (associationModel) loss() string { return "all its relations" }

// protection describes an attribute that protects an object: its name, and the settings
// that turn the protection on and off.
type protection struct{ attribute, on, off string }

var deletionProtection = protection{"deletion_protection", "deletion_protection = true", "deletion_protection = false"}

// protectedError is the error for destroying or replacing a protected object. The
// argument because lists the attributes whose change would replace the object.
func protectedError(verb string, o irreplaceable, because ...path.Path) diag.Diagnostic {
	return deletionProtection.refuses(verb, o, because...)
}

func (p protection) refuses(verb string, o irreplaceable, because ...path.Path) diag.Diagnostic {
	names := make([]string, len(because))
	for i, attribute := range because {
		names[i] = attribute.String()
	}
	cause := ""
	if len(names) > 0 {
		cause = fmt.Sprintf(" The change to %s would replace it: revert that change to keep the %s.", strings.Join(names, ", "), strings.ToLower(o.thing()))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root(p.attribute), "Unable to "+verb+" "+o.thing(),
		fmt.Sprintf("The %s has %s in the state, and %s would be deleted with it.%s\n\n"+
			"If its block was renamed, add a moved block with the two addresses so that nothing is destroyed:\n\n%s\n\n"+
			"If the instance is only marked as tainted, unmark it with the engine's untaint command. "+
			"To destroy it anyway, set %s, apply that change alone, and plan again.", o.inWords(), p.on, o.loss(), cause, movedAdvice(o), p.off))
}

// destroyWarning warns about the relations that a planned destroy also deletes. If
// isCreated is set, the plan also creates an association with this key, so the resource was
// probably renamed.
func destroyWarning(state associationModel, isCreated bool) diag.Diagnostic {
	text, summary := relationsGo(state.Key.ValueString()), "Destroying an Association Deletes All Its Relations"
	if state.PlatformMade.ValueBool() {
		text, summary = platformGoes(state.Key.ValueString()), "Destroying an Association That HighLevel Made"
	}
	if isCreated {
		text = destroyedAndCreated(state) + "\n\n" + text
	}
	return diag.NewWarningDiagnostic(summary, text)
}

// replaceWarning warns about the relations that a planned replacement also deletes.
func replaceWarning(state associationModel) diag.Diagnostic {
	if state.PlatformMade.ValueBool() {
		return diag.NewWarningDiagnostic("Replacing an Association That HighLevel Made", platformGoes(state.Key.ValueString()))
	}
	return diag.NewWarningDiagnostic("Replacing an Association Deletes All Its Relations", replacementGoes(state.Key.ValueString()))
}

func replacementGoes(key string) string {
	return relationsGo(key) + " The new association has only the relations that a configuration manages.\n\n" + createBeforeDestroy
}

// readBefore is the warning for a planned create of an association that this process has
// read. The instance is tainted, or its block was renamed.
func readBefore(plan associationModel) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Replacing an Association Deletes All Its Relations",
		createdAnew(plan)+replacementGoes(plan.Key.ValueString()))
}

func createdAnew(o object) string {
	return fmt.Sprintf("The state already contains the %s, and this plan creates it again. "+
		"If its block was renamed, add a moved block with the two addresses so that nothing is destroyed:\n\n%s\n\n"+
		"If the instance is tainted, it is replaced. ", o.inWords(), movedAdvice(o))
}

func relationsGo(key string) string {
	return fmt.Sprintf("Along with the association %q, HighLevel deletes all its relations, including those that no configuration manages. Deleted relations cannot be restored.", key)
}

func platformGoes(key string) string {
	return fmt.Sprintf("HighLevel made the association %q itself, and may rely on it. Nobody can create it again: HighLevel stores the keys of all other associations in lower case. Deleting it deletes all its relations.\n\n"+
		"To keep it, remove it from the state instead, with the engine's state rm command or a removed block (lifecycle { destroy = false }).", key)
}

const createBeforeDestroy = "With create_before_destroy, the key would exist twice, which HighLevel does not allow: remove that setting, or change the key."
