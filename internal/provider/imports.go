package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// importedAssociation reads what an import names, by string id or by identity.
func importedAssociation(ctx context.Context, req resource.ImportStateRequest) (associationRef, diag.Diagnostics) {
	var diags diag.Diagnostics
	if req.ID == "" && hasIdentity(req.Identity) {
		var identity associationIdentity
		diags.Append(req.Identity.Get(ctx, &identity)...)
		if identity.ID.ValueString() == "" {
			diags.AddAttributeError(path.Root("id"), "Unable to Import Association", "The identity's id is empty. It must be the id of the association.")
		}
		diags.Append(identityProblems("Unable to Import Association", identity.LocationID, identity.ID)...)
		return associationRef{LocationID: identity.LocationID.ValueString(), ID: identity.ID.ValueString()}, diags
	}
	ref, err := parseAssociationID(req.ID)
	if err != nil {
		diags.AddError("Unable to Import Association", fmt.Sprintf("The import id %q cannot be read: %s.", req.ID, err))
	}
	return ref, diags
}

// identityProblems refuses the parts of an identity that are no ids.
func identityProblems(summary string, parts ...types.String) (diags diag.Diagnostics) {
	for _, part := range parts {
		if problem := idProblem(part); problem != "" {
			diags.AddError(summary, fmt.Sprintf("The part %q of the identity %s.", part.ValueString(), problem))
		}
	}
	return diags
}

// importedRelation reads what an import names, by string id or by identity.
func importedRelation(ctx context.Context, req resource.ImportStateRequest) (snapshot.RelationRef, diag.Diagnostics) {
	var diags diag.Diagnostics
	if req.ID == "" && hasIdentity(req.Identity) {
		var identity relationIdentity
		diags.Append(req.Identity.Get(ctx, &identity)...)
		ref := snapshot.RelationRef{
			LocationID:     identity.LocationID.ValueString(),
			AssociationID:  identity.AssociationID.ValueString(),
			FirstRecordID:  identity.FirstRecordID.ValueString(),
			SecondRecordID: identity.SecondRecordID.ValueString(),
		}
		if ref.AssociationID == "" || ref.FirstRecordID == "" || ref.SecondRecordID == "" {
			diags.AddError("Unable to Import Relation", "A part of the identity is empty. association_id, first_record_id and second_record_id must all be set.")
		}
		diags.Append(identityProblems("Unable to Import Relation", identity.LocationID, identity.AssociationID, identity.FirstRecordID, identity.SecondRecordID)...)
		return ref, diags
	}
	ref, err := parseRelationID(req.ID)
	if err != nil {
		diags.AddError("Unable to Import Relation", fmt.Sprintf("The import id %q cannot be read: %s.", req.ID, err))
	}
	return ref, diags
}

// completeLocation fills in the provider's default where an import names no sub-account.
func (d *providerData) completeLocation(location *string, syntax string) diag.Diagnostics {
	const summary = "Unable to Import"
	if *location != "" {
		return nil
	}
	if d == nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary, "The provider has not been configured.")}
	}
	chosen, problem := chosenLocation(types.StringNull(), d.locationID)
	if problem != "" {
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary, problem+"\n\nAn import id, "+syntax+", or an import's identity can name it too.")}
	}
	*location = chosen
	return nil
}
