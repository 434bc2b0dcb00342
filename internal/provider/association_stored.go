package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// HighLevel may store other text than it was sent: keys with other characters than
// lower case explains, labels trimmed, cut or escaped. State holds what the configuration
// says, and private state the key as stored, so that a later plan compares with both.

// privateStoredKey is the key in private state of an association's key as stored, as
// JSON text; it is not there if that is the key in state, case aside.
const privateStoredKey = "stored_key"

// readablePrivate is the private state of a request.
type readablePrivate interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// storedKey is the key as HighLevel stores it, if that differs from the one in state.
func storedKey(ctx context.Context, private readablePrivate) (types.String, diag.Diagnostics) {
	encoded, diags := private.GetKey(ctx, privateStoredKey)
	var key string
	if json.Unmarshal(encoded, &key) != nil || key == "" {
		return types.StringNull(), diags
	}
	return types.StringValue(key), diags
}

// keepStoredKey remembers the key as stored.
func keepStoredKey(ctx context.Context, private privateState, written types.String, stored string) diag.Diagnostics {
	if ghl.SameKey(written.ValueString(), stored) {
		return private.SetKey(ctx, privateStoredKey, nil) // removes it
	}
	encoded, err := json.Marshal(stored)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to Create Association", err.Error())}
	}
	return private.SetKey(ctx, privateStoredKey, encoded)
}

// keyChangedWarning tells of a key that HighLevel changed.
func keyChangedWarning(plan associationModel, row ghl.Association) diag.Diagnostic {
	return diag.NewWarningDiagnostic("HighLevel Changed the Key of an Association",
		fmt.Sprintf("The association was created in sub-account %q with the key %q, and HighLevel stores it as %q (id %q). "+
			"The state keeps your spelling, and no later plan replaces the association for it. "+
			"An import or another state sees only the stored key: write that in the configuration to avoid surprises; it changes nothing in HighLevel.",
			plan.LocationID.ValueString(), plan.Key.ValueString(), row.Key, row.ID))
}

// labelsChangedWarning tells of labels that HighLevel changed.
func labelsChangedWarning(plan associationModel, row ghl.Association) diag.Diagnostic {
	sides, _ := row.Oriented(plan.FirstObjectKey.ValueString(), plan.SecondObjectKey.ValueString())
	return diag.NewWarningDiagnostic("HighLevel Changed the Labels of an Association",
		fmt.Sprintf("The association %q was created in sub-account %q, and HighLevel stores other labels than it was sent: %s. "+
			"Write the labels as HighLevel stores them. Otherwise each plan shows a change.",
			plan.Key.ValueString(), plan.LocationID.ValueString(), labelsSentAndStored(plan.wanted(), sides)))
}

// labelsSentAndStored puts both next to each other. Their sides are in the same order.
func labelsSentAndStored(sent, stored ghl.Association) string {
	return fmt.Sprintf("for %q it was sent %q and stores %q, for %q it was sent %q and stores %q",
		sent.FirstObjectKey, sent.FirstObjectLabel, stored.FirstObjectLabel, sent.SecondObjectKey, sent.SecondObjectLabel, stored.SecondObjectLabel)
}
