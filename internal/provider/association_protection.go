package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// deletion_protection is kept in three places, since a plan does not always see
// the state: where an instance is tainted or named by -replace, it is planned as
// if there were none, and its relations would be deleted before its own Delete
// is ever asked.
//
//   - the state: for a destroy, and for a replacement that the plan can see;
//   - private state: the engine hands it on under -replace, with or without refresh;
//   - plannedObjects: what the refresh of this plan saw, for a tainted instance.

// irreplaceable is an object that takes along what nobody can bring back.
type irreplaceable interface {
	object
	loss() string // "all its relations"
}

func (associationModel) loss() string { return "all its relations" }

// protection is the attribute that protects, what it is while it does, and what lifts it.
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
		cause = fmt.Sprintf(" What would replace it is the change of %s: take that back to keep the %s.", strings.Join(names, ", "), strings.ToLower(o.thing()))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root(p.attribute), "Unable to "+verb+" "+o.thing(),
		fmt.Sprintf("The %s has %s in the state, and %s would be deleted with it.%s\n\n"+
			"If its block was renamed, add a moved block with the two addresses, and nothing is destroyed:\n\n%s\n\n"+
			"If the instance is only marked as tainted, unmark it with the engine's untaint command. "+
			"If you do want to destroy it, set %s, apply that alone, and then plan this again.", o.inWords(), p.on, o.loss(), cause, movedAdvice(o), p.off))
}

// destroyWarning says what a planned destroy takes along. A create of the same key, if
// one is planned, shows that the resource was probably renamed.
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

// replaceWarning says what a planned replacement takes along.
func replaceWarning(state associationModel) diag.Diagnostic {
	if state.PlatformMade.ValueBool() {
		return diag.NewWarningDiagnostic("Replacing an Association That HighLevel Made", platformGoes(state.Key.ValueString()))
	}
	return diag.NewWarningDiagnostic("Replacing an Association Deletes All Its Relations", replacementGoes(state.Key.ValueString()))
}

func replacementGoes(key string) string {
	return relationsGo(key) + " The new association starts with only those that a configuration manages.\n\n" + createBeforeDestroy
}

// readBefore is the warning for a planned create of what this process has read: for a
// tainted instance, or for a renamed one.
func readBefore(plan associationModel) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Replacing an Association Deletes All Its Relations",
		createdAnew(plan)+replacementGoes(plan.Key.ValueString()))
}

func createdAnew(o object) string {
	return fmt.Sprintf("The state holds the %s already, and this plan creates it anew. "+
		"If its block was renamed, add a moved block with the two addresses, and nothing is destroyed:\n\n%s\n\n"+
		"If the instance is tainted, it is replaced. ", o.inWords(), movedAdvice(o))
}

func relationsGo(key string) string {
	return fmt.Sprintf("With the association %q, HighLevel deletes all its relations, also those that no configuration manages. They cannot be brought back.", key)
}

func platformGoes(key string) string {
	return fmt.Sprintf("HighLevel made the association %q itself, and may rely on it. Nobody can make it again: HighLevel stores the keys of others in lower case. All its relations are deleted with it.\n\n"+
		"To keep it, take it out of the state instead, with the engine's command state rm or a removed block (lifecycle { destroy = false }).", key)
}

const createBeforeDestroy = "Under create_before_destroy a key cannot exist twice: remove that setting, or change the key."
