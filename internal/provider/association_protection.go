package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// deletion_protection is kept in three places, since a plan does not always see the state.
// The engine plans an instance that is tainted or named by -replace as if it had no state,
// and would delete the relations before it calls the Delete of their association.
//
//   - the state: for a destroy, and for a replacement that the plan can see;
//   - private state: the engine hands it on under -replace, with or without refresh;
//   - plannedObjects: what the refresh of this plan saw, for a tainted instance.

// irreplaceable is an object whose deletion also deletes what nobody can restore.
type irreplaceable interface {
	object
	loss() string // "all its relations"
}

func (associationModel) loss() string { return "all its relations" }

// protection is an attribute that protects an object, its value that protects, and its
// value that lifts the protection.
type protection struct{ attribute, on, off string }

var deletionProtection = protection{"deletion_protection", "deletion_protection = true", "deletion_protection = false"}

// protectedError refuses to destroy or replace a protected object; because lists the
// attributes that would replace it.
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
		cause = fmt.Sprintf(" The change of %s would replace it: revert that change to keep the %s.", strings.Join(names, ", "), strings.ToLower(o.thing()))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root(p.attribute), "Unable to "+verb+" "+o.thing(),
		fmt.Sprintf("The %s has %s in the state, and %s would be deleted with it.%s\n\n"+
			"If its block was renamed, add a moved block with the two addresses so that nothing is destroyed:\n\n%s\n\n"+
			"If the instance is only marked as tainted, unmark it with the engine's untaint command. "+
			"To destroy it anyway, set %s, apply that change alone, and plan again.", o.inWords(), p.on, o.loss(), cause, movedAdvice(o), p.off))
}

// destroyWarning says what a planned destroy also deletes. A planned create of the same key
// shows that the resource was probably renamed.
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

// replaceWarning says what a planned replacement also deletes.
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
// read: the instance is tainted or renamed.
func readBefore(plan associationModel) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Replacing an Association Deletes All Its Relations",
		createdAnew(plan)+replacementGoes(plan.Key.ValueString()))
}

func createdAnew(o object) string {
	return fmt.Sprintf("The state already holds the %s, and this plan creates it again. "+
		"If its block was renamed, add a moved block with the two addresses so that nothing is destroyed:\n\n%s\n\n"+
		"If the instance is tainted, it is replaced. ", o.inWords(), movedAdvice(o))
}

func relationsGo(key string) string {
	return fmt.Sprintf("Along with the association %q, HighLevel deletes all its relations, including those that no configuration manages. They cannot be restored.", key)
}

func platformGoes(key string) string {
	return fmt.Sprintf("HighLevel made the association %q itself, and may rely on it. Nobody can create it again: HighLevel stores the keys of all other associations in lower case. Deleting it deletes all its relations.\n\n"+
		"To keep it, remove it from the state instead, with the engine's state rm command or a removed block (lifecycle { destroy = false }).", key)
}

const createBeforeDestroy = "With create_before_destroy, the key would exist twice, which HighLevel does not allow: remove that setting, or change the key."
