package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// reachWarning foresees that the creates of a sub-account will fail, once for each
// credential. It is no error: a plan may be made with less than an apply.
func (d *providerData) reachWarning(ctx context.Context, location types.String) diag.Diagnostics {
	if d.store == nil || location.IsUnknown() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	err := d.store.Reach(ctx, location.ValueString())
	topic, _ := refusal(err)
	if topic == "" && unreached[ghl.KindOf(err)] {
		topic = string(ghl.KindOf(err))
	}
	if topic == "" || !d.first("reach: "+topic) {
		return nil
	}
	o := operation{verb: "Reach", thing: "Sub-account", subject: "sub-account", locationID: location.ValueString()}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Unable to Reach Sub-account",
		fmt.Sprintf("The apply will fail: the plan tried to reach sub-account %q, to create something there. ", location.ValueString())+o.failed(err).Detail())}
}

// unreached are the other kinds of failure that will not pass by themselves.
var unreached = map[ghl.Kind]bool{
	ghl.Network: true, ghl.Untrusted: true, ghl.ProxyRefused: true, ghl.WrongVersion: true, ghl.UnknownRoute: true, ghl.EdgeRefused: true, ghl.Redirected: true, ghl.NotFound: true, ghl.Refused: true,
}
