package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func lookUpFailed[M underAssociation[M]](d *providerData, m M, err error) diag.Diagnostic {
	m = m.under(types.StringUnknown(), m.association().key)
	failure := d.failed(operation{verb: "Read", thing: "Association", subject: "association for the " + m.inWords(), locationID: m.location()}, err)
	return diag.NewAttributeErrorDiagnostic(path.Root("association_key"), on("Plan", m).summary(), failure.Detail())
}

// noAssociation says that no association has the key that a resource specifies.
func noAssociation[M underAssociation[M]](m M) string {
	return fmt.Sprintf("No association has the key %q in sub-account %q. Correct association_key, which must be the key as HighLevel stores it. "+
		"If a ghl_association of this configuration has the key, set association_id = ghl_association.example.id in place of association_key: the association is then created first, and replacing it replaces this resource too.",
		m.association().key.ValueString(), m.location())
}

// noAssociationError is the error for an operation that was not done because no
// association has the key.
func noAssociationError[M underAssociation[M]](verb string, m M, done string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("association_key"), on(verb, m).summary(), fmt.Sprintf("%s\n\nThe %s was not %s.", noAssociation(m), m.inWords(), done))
}

// noAssociationWarning warns once for each key.
func noAssociationWarning[M underAssociation[M]](d *providerData, m M) diag.Diagnostics {
	if !d.first(fmt.Sprintf("no association: %v", m.association().withKey())) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("association_key"), "No Association Has the Key",
		noAssociation(m)+" The apply will fail unless the association is created first.")}
}

// associationKeyError is the error for a resource in the state if no association has its
// new key. A mistyped key must not destroy the resource.
func associationKeyError[M underAssociation[M]](plan, state M) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("association_key"), on("Plan", plan).summary(),
		noAssociation(plan)+" Nothing has been changed.\n\n"+keepUnder(state))
}

// otherAssociationWarning is the warning for a resource that the plan replaces because
// association_key belongs to a different association than the one in the state. The key
// is unchanged, or the configuration set association_id before.
func otherAssociationWarning[M underAssociation[M]](plan, state M, id string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("association_key"), "Another Association Has the Key", fmt.Sprintf(
		"The key %q belongs to the association with the id %q in sub-account %q, but the resource is under another association, so the plan replaces the resource. "+
			"association_key may specify a different association than association_id did before. If somebody deleted the association and created it again, HighLevel also deleted its relations, and this plan creates them again.\n\n",
		plan.association().key.ValueString(), id, plan.location())+keepUnder(state))
}

func keepUnder[M underAssociation[M]](state M) string {
	return fmt.Sprintf("To keep the %s, set association_id = %s in place of association_key.", state.inWords(), hclString(state.association().id.ValueString()))
}

// goesWithAssociation is the error for relations that stay under an association that the
// same plan destroys or replaces. o is the object whose plan fails.
func goesWithAssociation(o object, relations, association string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(on("Plan", o).summary(), fmt.Sprintf("This plan destroys or replaces the %s in sub-account %q, but keeps the %s. HighLevel would delete both. Nothing has been changed.\n\n"+
		"If the resource of the association was renamed, add a moved block from the old address to the new one. If not, set association_id = ghl_association.example.id in place of a literal id or key. "+
		"Then a plan that replaces the association also replaces its relations. To delete the association for good, also remove the block of its relations, or destroy everything with the engine's command destroy -refresh=false.",
		association, o.location(), relations))
}
