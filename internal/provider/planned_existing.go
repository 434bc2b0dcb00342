package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// metInPlan is about an object that a planned create will meet and that is exactly what the
// create would make. The first one of its kind in a sub-account is warned of, for all: there
// may be hundreds. The log names each.
func (d *providerData) metInPlan(ctx context.Context, o object, id, importID string) diag.Diagnostics {
	tflog.Info(ctx, "a planned object exists already", map[string]any{"type": resourceType(o), "location_id": o.location(), "id": id, "import_id": importID})
	if !d.first(fmt.Sprintf("planned, and exists: %s, %s", o.thing(), o.location())) {
		return nil
	}
	things := strings.ToLower(o.thing()) + "s"
	text := existsWithID(o, id) + " "
	if d.adoptsIdentical {
		text += takenOverLater + fmt.Sprintf(" It also takes over the other existing %s in this plan.", things)
	} else {
		text += takeOverInShort(o, importID) + fmt.Sprintf(" Other %s of this plan may exist, too. ", things) + d.adoptMany(o) +
			fmt.Sprintf(" Or set existing_objects (or GHL_EXISTING_OBJECTS) to %q.", adoptIdentical)
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(o.thing()+" Already Exists", text+" This warning appears once. Set TF_LOG_PROVIDER=INFO to log each object that was found.")}
}
