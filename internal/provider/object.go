package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// object is what a message needs to know of an association or a relation: the one that a
// configuration, a plan or a state is about.
type object interface {
	thing() string    // "Association"
	inWords() string  // which one, after "the": `association "student_teacher"`
	location() string // id of its sub-account
	importID() string // by what a configuration says of it: a create that failed knows no id
}

// existing is an object with words of its own for what a create of it met. The others are
// named.
type existing interface {
	// met tells what this process knows of the object that a create of this one met, and
	// its import id.
	met(objects *plannedObjects, e *store.ExistsError) (known fate, importID string)
	// exists says what a create of this one met, and how to take that over.
	exists(e *store.ExistsError) string
}

// What a message about an object that exists tells the user to do. The names of the
// resources are stand-ins: only the engine knows the true ones.

// resourceType is the type of the resources that manage such objects.
func resourceType(o object) string {
	return "ghl_" + strings.ReplaceAll(strings.ToLower(o.thing()), " ", "_")
}

// movedAdvice is for an object that some resource of the state manages.
func movedAdvice(o object) string {
	return fmt.Sprintf("moved {\n  from = %[1]s.old\n  to   = %[1]s.new\n}", resourceType(o))
}

// importAdvice is for an object that no state manages.
func importAdvice(o object, id string) string {
	return fmt.Sprintf("If no state manages it, import it, with the address that is shown with this message:\n\n"+
		"import {\n  to = %[1]s.example\n  id = %[2]s\n}", resourceType(o), hclString(id))
}

// takeOver puts the moved block first: with it, nothing is destroyed.
func takeOver(o object, id string) string {
	return "If this block was renamed, or another resource of this state manages the same object, add a moved block with the two addresses, and no import block:\n\n" +
		movedAdvice(o) + "\n\n" + importAdvice(o, id)
}

// takeOverInShort says it in a few lines: an apply shows a plan's warnings again.
func takeOverInShort(o object, id string) string {
	return fmt.Sprintf("If this block was renamed, or another resource of this state manages it, add a moved block (from = %[1]s.old, to = %[1]s.new). "+
		"If no state manages it, add an import block with the id %[2]s. If the state still holds this resource, run apply -refresh-only first.", resourceType(o), hclString(id))
}

// managedTwice is the error for an object that one resource keeps and another destroys.
func managedTwice(o object) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan "+o.thing(), fmt.Sprintf("Two resources of this state manage the %[2]s in sub-account %[3]q, and this plan destroys it for one of them. Nothing has been changed.\n\n"+
		"If the resource was renamed, remove the import block of the new one, if you added one, and add a moved block:\n\n%[4]s\n\n"+
		"If the state holds it twice, take the resource whose block is gone, or describes something else by now, out of the state with the engine's command state rm %[1]s.old.",
		resourceType(o), o.inWords(), o.location(), movedAdvice(o)))
}

// wantedTwice is the warning for two resources of a configuration that want one object.
func wantedTwice(o object) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Two Resources Want the Same "+o.thing(),
		fmt.Sprintf("Two resources of this configuration want the same object, the %s in sub-account %q. Only one can manage it. ", o.inWords(), o.location())+removeOne)
}

const removeOne = "Remove the block that the state does not hold yet. To keep that one instead, add a moved block from the other one to it, and remove the other."

// destroyedAndCreated is about a resource that was probably renamed.
func destroyedAndCreated(o object) string {
	return fmt.Sprintf("This plan destroys the %s in sub-account %q for one resource and creates it for another. "+
		"If the resource was renamed, add a moved block, and nothing is destroyed:\n\n%s", o.inWords(), o.location(), movedAdvice(o))
}

func destroyedAndCreatedWarning(o object) diag.Diagnostic {
	return diag.NewWarningDiagnostic(o.thing()+" Destroyed and Created Again", destroyedAndCreated(o))
}

// tellAdopted warns if a create took an object over.
func (d *providerData) tellAdopted(o object, id string, diags *diag.Diagnostics) {
	if d.store.Adopted(o.location(), id) {
		diags.Append(adopted(o, id))
	}
}

// adopted is the warning about an object that a create took over. If two applies run at
// once, no client can tell whose row it finds: both may have sent the same.
func adopted(o object, id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(o.thing()+" Adopted", fmt.Sprintf(
		"The answer to the create of the %s in sub-account %q did not tell what became of it. Looking it up showed what had been sent, with the id %q, and that is in the state now. "+
			"If no other apply ran at the same time, no action is needed. "+
			"If one did, it may have made this object: see whether its state holds the id, too, and take the object out of one of the two with the engine's command state rm. "+
			"While both manage it, destroying it for one destroys it for the other.", o.inWords(), o.location(), id))
}
