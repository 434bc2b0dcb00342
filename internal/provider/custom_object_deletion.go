package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// The values of deletion_policy. The value in the state takes effect, not the configured
// one.
const (
	protectObject = "protect"
	abandonObject = "abandon"
	deleteObject  = "delete"
)

// noObjectDeletion is the advice for a failed deletion of an object. No API reference
// documents the call that deletes an object.
const noObjectDeletion = `HighLevel may not offer this call to API tokens. Delete the object by hand in HighLevel. Or set deletion_policy = "abandon", apply that, and destroy the resource again: the object then stays in the account.`

var objectProtection = protection{
	"deletion_policy", `deletion_policy = "protect"`, `deletion_policy = "delete" (or "abandon", which removes the object from the state and leaves it in the account)`,
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

// lossWarning is the warning about the deletion of an object. If first is set, the
// warning begins with first and covers all policies, because the plan has no state.
func (m customObjectModel) lossWarning(doing, first string) diag.Diagnostic {
	deletes := fmt.Sprintf("Along with the %s in sub-account %q, HighLevel deletes %s, including those that no configuration manages. Deleted data cannot be restored.", m.inWords(), m.location(), m.loss())
	if doing == "Replacing" {
		deletes += "\n\n" + dependantsLater
	}
	abandons := fmt.Sprintf("The %s stays in sub-account %q, and no state manages it any more. The object's key stays taken: HighLevel refuses a new object with the same key.", m.inWords(), m.location())
	switch {
	case first != "":
		return diag.NewWarningDiagnostic(doing+" a Custom Object", first+"What happens to the object depends on deletion_policy in the state.\n\n\"delete\": "+deletes+"\n\n\"abandon\": "+abandons)
	case m.DeletionPolicy.ValueString() == abandonObject:
		return diag.NewWarningDiagnostic("Custom Object Left in the Account", abandons)
	default:
		return diag.NewWarningDiagnostic(doing+" a Custom Object Deletes Data", deletes)
	}
}

// dependantsLater explains that HighLevel also deletes a replaced object's fields and
// associations, which the plan may not show.
const dependantsLater = "HighLevel also deletes the object's fields and associations that this configuration manages, though this plan may not show that: only the next apply creates them again, without their values and relations. " +
	"To include them in the plan, add this to each of them, with the object's own address: lifecycle { replace_triggered_by = [ghl_custom_object.example.id] }."

// Delete makes no call for an abandoned object.
func (r *customObjectResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := read[customObjectModel](ctx, req.State, &resp.Diagnostics)
	if ok && state.DeletionPolicy.ValueString() == abandonObject {
		resp.Diagnostics.Append(state.lossWarning("Destroying", ""))
		return
	}
	if ok && r.data != nil { // the last resort: a plan that can detect the protection has already failed
		resp.Diagnostics.Append(r.protectedLoss("Delete", state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.namedResource.Delete(ctx, req, resp)
}
