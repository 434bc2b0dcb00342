package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// equalLabelsWarning foresees a refusal of HighLevel's. It is no error: such rows exist,
// and could not be adopted.
func equalLabelsWarning(plan associationModel) diag.Diagnostics {
	if !plan.isKnown() || plan.FirstObjectKey.ValueString() != "contact" || !plan.SecondObjectKey.Equal(plan.FirstObjectKey) || !plan.FirstObjectLabel.Equal(plan.SecondObjectLabel) {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Labels Are the Same",
		"Between contacts, HighLevel is known to refuse two equal labels, since nothing else tells the sides apart. If the apply fails, change one of them.")}
}

// crossedLabelsWarning is about labels that change places: the records keep theirs, so
// the role of each record turns round.
func crossedLabelsWarning(plan, state associationModel) diag.Diagnostics {
	if !plan.isKnown() {
		return nil
	}
	now := state.wanted()
	then, ok := plan.wanted().Oriented(now.FirstObjectKey, now.SecondObjectKey)
	if !ok || now.FirstObjectLabel == now.SecondObjectLabel ||
		then.FirstObjectLabel != now.SecondObjectLabel || then.SecondObjectLabel != now.FirstObjectLabel {
		return nil
	}
	first, second := fmt.Sprintf("%q", now.FirstObjectKey), fmt.Sprintf("%q", now.SecondObjectKey)
	advice := "If you only meant to write the sides the other way round, write their labels the other way round, too. If ignore_changes covers the labels, keep the sides as they are in the state."
	if now.FirstObjectKey == now.SecondObjectKey {
		first, second = "the first side", "the second side"
		advice = "If you only meant to write the sides the other way round, leave the labels as they are: between records of one object, the order of the sides tells their roles."
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Labels Change Places", fmt.Sprintf(
		"The two labels of the association %q change places: %s gets the label %q instead of %q, and %s gets %q instead of %q. "+
			"So the role of every record in its relations turns round.\n\n%s",
		plan.Key.ValueString(), first, then.FirstObjectLabel, now.FirstObjectLabel, second, then.SecondObjectLabel, now.SecondObjectLabel, advice))}
}
