package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// metInPlan warns of an existing object that is exactly what a planned create would make.
// It warns once per kind and sub-account, because there may be hundreds of objects. The
// log lists each object.
func (d *providerData) metInPlan(ctx context.Context, o object, id, importID string) diag.Diagnostics {
	tflog.Info(ctx, "a planned object already exists", map[string]any{"type": resourceType(o), "location_id": o.location(), "id": id, "import_id": importID})
	if !d.first(fmt.Sprintf("planned, and exists: %s, %s", o.thing(), o.location())) {
		return nil
	}
	things := strings.ToLower(o.thing()) + "s"
	text := existsWithID(o, id) + " "
	if d.adoptsIdentical {
		text += takenOverLater + fmt.Sprintf(" The apply also takes over the other existing %s in this plan.", things)
	} else {
		text += takeOverInShort(o, importID) + fmt.Sprintf(" Other %s in this plan may also exist. ", things) + d.adoptMany(o) +
			fmt.Sprintf(" Or set existing_objects (or GHL_EXISTING_OBJECTS) to %q to take over identical objects.", adoptIdentical)
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(o.thing()+" Already Exists", text+" This warning appears once. Set TF_LOG_PROVIDER=INFO to log every existing object.")}
}
