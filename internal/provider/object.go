package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// object is an object in a configuration, a plan or a state, such as an association. Its
// methods return what messages say about the object.
type object interface {
	thing() string    // "Association"
	inWords() string  // the object in words, after "the": `association "student_teacher"`
	location() string // id of its sub-account
	importID() string // made from the configuration, because a failed create returns no id
}

// existing is an object with its own messages about an existing object that its create
// found. All other objects implement named.
type existing interface {
	// met returns the entry of the existing object that a create found, and its import
	// id.
	met(objects *plannedObjects, e *store.ExistsError) (known fate, importID string)
	// exists says which existing object a create found, and how to take it over.
	exists(e *store.ExistsError) string
}

// The next functions return the advice in messages about existing objects. The advice
// uses placeholders as the names of resources, because the engine does not send the real
// names.

// resourceType is the type of the resources that manage objects of this kind.
func resourceType(o object) string {
	return "ghl_" + strings.ReplaceAll(strings.ToLower(o.thing()), " ", "_")
}

// movedAdvice returns a moved block for an object that a resource in the state manages.
func movedAdvice(o object) string {
	return fmt.Sprintf("moved {\n  from = %[1]s.old\n  to   = %[1]s.new\n}", resourceType(o))
}

// importAdvice returns an import block for an object that no state manages.
func importAdvice(o object, id string) string {
	return fmt.Sprintf("If no state manages the object, import it with the resource address shown with this message:\n\n"+
		"import {\n  to = %[1]s.example\n  id = %[2]s\n}", resourceType(o), hclString(id))
}

// takeOver says how to take over an existing object. The moved block comes first, because
// it destroys nothing.
func takeOver(o object, id string) string {
	return "If this block was renamed, or another resource in this state manages the same object, add a moved block with the two addresses, and no import block:\n\n" +
		movedAdvice(o) + "\n\n" + importAdvice(o, id)
}

// takeOverInShort is a short takeOver for warnings, because an apply repeats the plan's
// warnings.
func takeOverInShort(o object, id string) string {
	return fmt.Sprintf("If this block was renamed, or another resource in this state manages the object, add a moved block (from = %[1]s.old, to = %[1]s.new). "+
		"If no state manages the object, add an import block with the id %[2]s. If the state still holds this resource, run apply -refresh-only first.", resourceType(o), hclString(id))
}

// managedTwice is the error for an object that one resource keeps and another destroys.
func managedTwice(o object) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan "+o.thing(), fmt.Sprintf("Two resources in this state manage the %[2]s in sub-account %[3]q, and this plan destroys it for one of them. Nothing has been changed.\n\n"+
		"If the resource was renamed, remove the import block of the new resource if you added one, and add a moved block:\n\n%[4]s\n\n"+
		"If the state holds the object twice, one of the two resources has no block any more, or its block now describes another object. Remove that resource from the state with the engine's command state rm %[1]s.old.",
		resourceType(o), o.inWords(), o.location(), movedAdvice(o)))
}

// wantedTwice is the warning for two resources of a configuration that describe the same
// object.
func wantedTwice(o object) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Two Resources Want the Same "+o.thing(),
		fmt.Sprintf("Two resources of this configuration want the same object, the %s in sub-account %q. Only one resource can manage the object. ", o.inWords(), o.location())+removeOne)
}

const removeOne = "Remove the block that is not in the state yet. To keep that block instead, add a moved block from the other block's address to its address, and remove the other block."

// destroyedAndCreated is the message for a plan that destroys and creates the same
// object, probably because its resource was renamed.
func destroyedAndCreated(o object) string {
	return fmt.Sprintf("This plan destroys the %s in sub-account %q for one resource and creates it for another. "+
		"If the resource was renamed, add a moved block so that nothing is destroyed:\n\n%s", o.inWords(), o.location(), movedAdvice(o))
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
// once, a lookup cannot show which of them created the object, because both may have sent
// the same content.
func adopted(o object, id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(o.thing()+" Adopted", fmt.Sprintf(
		"The answer to the create of the %s in sub-account %q did not show whether the create succeeded. A lookup found an object with the id %q and the content that was sent, and the state now holds that object. "+
			"If no other apply ran at the same time, no action is needed. "+
			"If another apply did run, it may have created this object: check whether its state also contains the id, and remove the object from one of the two states with the engine's state rm command. "+
			"While both states manage the object, destroying it in one destroys it for the other.", o.inWords(), o.location(), id))
}
