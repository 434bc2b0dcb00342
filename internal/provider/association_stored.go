package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// HighLevel may change the texts that it stores: keys in more than their case, labels by
// trimming, cutting or escaping. State holds the text of the configuration, and private
// state the key as stored, so that a later plan compares with both.

// changedKey is the key of row, if HighLevel changed more than the case of m's key.
func (m associationModel) changedKey(row ghl.Association) string {
	if ghl.SameKey(m.Key.ValueString(), row.Key) {
		return ""
	}
	return row.Key
}

// keyChangedWarning warns of a key that HighLevel changed.
func keyChangedWarning(plan associationModel, row ghl.Association) diag.Diagnostic {
	return diag.NewWarningDiagnostic("HighLevel Changed the Key of an Association",
		fmt.Sprintf("The association was created in sub-account %q with the key %q, and HighLevel stores it as %q (id %q). "+
			"The state keeps your spelling, and no later plan replaces the association for it. "+
			"An import or another state sees only the stored key. To avoid surprises, write the stored key in the configuration; that changes nothing in HighLevel.",
			plan.LocationID.ValueString(), plan.Key.ValueString(), row.Key, row.ID))
}

// labelsChangedWarning warns of labels that HighLevel changed.
func labelsChangedWarning(plan associationModel, row ghl.Association) diag.Diagnostic {
	sides, _ := row.Oriented(plan.FirstObjectKey.ValueString(), plan.SecondObjectKey.ValueString())
	return diag.NewWarningDiagnostic("HighLevel Changed the Labels of an Association",
		fmt.Sprintf("The association %q was created in sub-account %q, but HighLevel stores different labels: %s. "+
			"Write the labels as HighLevel stores them. Otherwise every plan shows a change.",
			plan.Key.ValueString(), plan.LocationID.ValueString(), labelsSentAndStored(plan.wanted(), sides)))
}

// labelsSentAndStored shows both next to each other. Their sides are in the same order.
func labelsSentAndStored(sent, stored ghl.Association) string {
	return fmt.Sprintf("for %q, %q was sent and %q is stored; for %q, %q was sent and %q is stored",
		sent.FirstObjectKey, sent.FirstObjectLabel, stored.FirstObjectLabel, sent.SecondObjectKey, sent.SecondObjectLabel, stored.SecondObjectLabel)
}
