package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// HighLevel may store other text than it was sent: keys with other characters than
// lower case explains, labels trimmed, cut or escaped. State holds what the configuration
// says, and private state the key as stored, so that a later plan compares with both.

// changedKey is the key as row has it, if HighLevel changed more of m's than its case.
func (m associationModel) changedKey(row ghl.Association) string {
	if ghl.SameKey(m.Key.ValueString(), row.Key) {
		return ""
	}
	return row.Key
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
