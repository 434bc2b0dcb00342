package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// HighLevel may change texts when it stores them. HighLevel may change more than the case
// of a key, and it may trim, cut or escape a label. The state keeps the texts from the
// configuration, and private state keeps the stored key. Later plans compare the
// configured key with the key in the state and with the stored key.

// changedKey returns the key of row if HighLevel changed more than the case of m's key,
// and an empty string otherwise.
func (m associationModel) changedKey(row ghl.Association) string {
	if ghl.SameKey(m.Key.ValueString(), row.Key) {
		return ""
	}
	return row.Key
}

// keyChangedWarning warns that HighLevel changed the key of a new association.
func keyChangedWarning(plan associationModel, row ghl.Association) diag.Diagnostic {
	return diag.NewWarningDiagnostic("HighLevel Changed the Key of an Association",
		fmt.Sprintf("The association was created in sub-account %q with the key %q, and HighLevel stores it as %q (id %q). "+
			"The state keeps your spelling, and no later plan replaces the association because of the difference. "+
			"An import writes the stored key to the state. To avoid surprises, write the stored key in the configuration; that changes nothing in HighLevel.",
			plan.LocationID.ValueString(), plan.Key.ValueString(), row.Key, row.ID))
}

// labelsChangedWarning warns that HighLevel changed the labels of a new association.
func labelsChangedWarning(plan associationModel, row ghl.Association) diag.Diagnostic {
	sides, _ := row.Oriented(plan.FirstObjectKey.ValueString(), plan.SecondObjectKey.ValueString())
	return diag.NewWarningDiagnostic("HighLevel Changed the Labels of an Association",
		fmt.Sprintf("The association %q was created in sub-account %q, but HighLevel stores different labels: %s. "+
			"Write the labels as HighLevel stores them. Otherwise every plan shows a change.",
			plan.Key.ValueString(), plan.LocationID.ValueString(), labelsSentAndStored(plan.wanted(), sides)))
}

// labelsSentAndStored formats the labels as sent and as stored. Both arguments must have
// their sides in the same order.
func labelsSentAndStored(sent, stored ghl.Association) string {
	return fmt.Sprintf("for %q, %q was sent and %q is stored; for %q, %q was sent and %q is stored",
		sent.FirstObjectKey, sent.FirstObjectLabel, stored.FirstObjectLabel, sent.SecondObjectKey, sent.SecondObjectLabel, stored.SecondObjectLabel)
}
