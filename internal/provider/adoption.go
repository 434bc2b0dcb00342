package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// adopted is the warning about an object that a create took over. If two applies run at
// once, no client can tell whose row it finds: both may have sent the same.
func (o operation) adopted(id string) diag.Diagnostic {
	summary := "Association Adopted"
	if o.thing == "Relation" {
		summary = "Relation Adopted"
	}
	return diag.NewWarningDiagnostic(summary, fmt.Sprintf(
		"The answer to the create of the %s in sub-account %q did not tell what became of it. Looking it up showed what had been sent, with the id %q, and that is in the state now. "+
			"If no other apply ran at the same time, no action is needed. "+
			"If one did, it may have made this object: see whether its state holds the id, too, and take the object out of one of the two with the engine's command state rm. "+
			"While both manage it, destroying it for one destroys it for the other.", o.subject, o.locationID, id))
}
