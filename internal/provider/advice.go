package provider

import "fmt"

// What a message about an object that exists tells the user to do. The names of the
// resources are stand-ins: only the engine knows the true ones.

// movedAdvice is for an object that some resource of the state manages.
func movedAdvice(resourceType string) string {
	return fmt.Sprintf("moved {\n  from = %[1]s.old\n  to   = %[1]s.new\n}", resourceType)
}

// renamed puts the moved block first: with it, nothing is destroyed.
func renamed(resourceType string) string {
	return "If this block was renamed, or another resource of this state manages the same object, add a moved block with the two addresses, and no import block:\n\n" + movedAdvice(resourceType)
}

// importAdvice is for an object that no state manages.
func importAdvice(resourceType, id string) string {
	return fmt.Sprintf("If no state manages it, import it, with the address that is shown with this message:\n\n"+
		"import {\n  to = %[1]s.example\n  id = %[2]s\n}", resourceType, hclString(id))
}

// managedTwice is the error for an object that one resource keeps and another destroys.
func managedTwice(resourceType, subject, locationID string) string {
	return fmt.Sprintf("Two resources of this state manage the %[2]s in sub-account %[3]q, and this plan destroys it for one of them. Nothing has been changed.\n\n"+
		"If the resource was renamed, remove the import block of the new one, if you added one, and add a moved block:\n\n%[4]s\n\n"+
		"If the state holds it twice, take the resource whose block is gone, or describes something else by now, out of the state with the engine's command state rm %[1]s.old.",
		resourceType, subject, locationID, movedAdvice(resourceType))
}

// wantedTwice is the warning for two resources of a configuration that want one object.
func wantedTwice(subject, locationID string) string {
	return fmt.Sprintf("Two resources of this configuration want the same object, the %s in sub-account %q. HighLevel allows it once. Remove the block that the state does not hold yet. To keep that one instead, add a moved block from the other one to it, and remove the other.", subject, locationID)
}

// destroyedAndCreated is the warning for a resource that was probably renamed.
func destroyedAndCreated(resourceType, subject, locationID string) string {
	return fmt.Sprintf("This plan destroys the %s in sub-account %q for one resource and creates it for another. "+
		"If the resource was renamed, add a moved block, and nothing is destroyed:\n\n%s", subject, locationID, movedAdvice(resourceType))
}
