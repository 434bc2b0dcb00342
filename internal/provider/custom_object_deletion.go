package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// The values of deletion_policy. What the state holds decides.
const (
	protectObject = "protect"
	abandonObject = "abandon"
	deleteObject  = "delete"
)

// noObjectDeletion is for the one call that no reference has.
const noObjectDeletion = `HighLevel may not offer this call to API tokens. Delete the object by hand in HighLevel. Or set deletion_policy = "abandon", apply that, and destroy it again: then it stays in the account.`

var objectProtection = protection{
	"deletion_policy", `deletion_policy = "protect"`, `deletion_policy = "delete" (or "abandon", which takes the object out of the state and leaves it in the account)`,
}

func (m customObjectModel) isProtected() bool {
	policy := m.DeletionPolicy.ValueString()
	return policy != abandonObject && policy != deleteObject
}

func (customObjectModel) loss() string {
	return "all its fields, records, associations and their relations"
}

func (m customObjectModel) refused(verb string, because ...path.Path) diag.Diagnostic {
	return objectProtection.refuses(verb, m, because...)
}

// lossWarning is about a state, or, if something comes first, about a plan that does not
// show the state.
func (m customObjectModel) lossWarning(doing, first string) diag.Diagnostic {
	deletes := fmt.Sprintf("With the %s in sub-account %q, HighLevel deletes %s, also what no configuration manages. Nothing of it can be brought back.", m.inWords(), m.location(), m.loss())
	if doing == "Replacing" {
		deletes += "\n\n" + dependantsLater
	}
	abandons := fmt.Sprintf("The %s stays in sub-account %q, and no state manages it any more. Its key stays taken: a new object of the same key is refused.", m.inWords(), m.location())
	switch {
	case first != "":
		return diag.NewWarningDiagnostic(doing+" a Custom Object", first+"What becomes of it, deletion_policy in the state decides.\n\n\"delete\": "+deletes+"\n\n\"abandon\": "+abandons)
	case m.DeletionPolicy.ValueString() == abandonObject:
		return diag.NewWarningDiagnostic("Custom Object Left in the Account", abandons)
	default:
		return diag.NewWarningDiagnostic(doing+" a Custom Object Deletes Data", deletes)
	}
}

// dependantsLater is about what depends on an object that is replaced: no plan shows yet that
// it goes, too.
const dependantsLater = "Fields and associations of the object that this configuration manages are deleted with it, though this plan may not show that: only the next apply makes them again, and their values and relations do not come back. " +
	"To plan them along, write in each of them, with the object's own name: lifecycle { replace_triggered_by = [ghl_custom_object.example.id] }."

// Delete makes no call for an object that is abandoned.
func (r *customObjectResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := read[customObjectModel](ctx, req.State, &resp.Diagnostics)
	if ok && state.DeletionPolicy.ValueString() == abandonObject {
		resp.Diagnostics.Append(state.lossWarning("Destroying", ""))
		return
	}
	if ok && r.data != nil { // the last resort: no plan that could see it got here
		resp.Diagnostics.Append(r.protectedLoss("Delete", state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.namedResource.Delete(ctx, req, resp)
}
