package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// Values of the provider's attribute on_unreachable_location.
const (
	unreachableError = "error"
	unreachableWarn  = "warn"
)

var anUnreachableChoice = oneOf(unreachableError, unreachableWarn)

// carryOutRead is carryOut for the read of a resource. If the read fails for a reason
// that other reads share, carryOutRead may leave the resource unchanged in the state,
// call noteKept, and return no error. A failed import always returns an error, because it
// has no complete state to leave unchanged.
func carryOutRead[M managedObject](
	ctx context.Context, d *providerData, state tfsdk.State, diags *diag.Diagnostics, noteKept func(M), calls func(context.Context, M) error,
) {
	carryOut(ctx, d, "Read", state, diags, func(ctx context.Context, m M) error {
		d.hasRead.Store(true)
		err := calls(ctx, m)
		if err == nil || isImport(state) {
			return err
		}
		warnings, isLeft := d.leaveUnread(on("Read", m), err)
		if !isLeft {
			return err
		}
		noteKept(m)
		diags.Append(warnings...)
		return nil
	})
}

// leaveUnread reports whether a failed read needs no error. One error about the agency's
// token is enough to fail the run: an agency may have thousands of resources. If
// on_unreachable_location is "warn", an unreachable sub-account does not fail the run:
// one warning covers all its resources.
func (d *providerData) leaveUnread(o operation, err error) (warnings diag.Diagnostics, isLeft bool) {
	kind := ghl.KindOf(err)
	if d.warnsUnreachable && ofOneLocation[kind] && !isOfAllLocations(err) {
		if d.first("unread: " + o.locationID) {
			warnings.Append(leftUnread(o, err))
		}
		return warnings, true
	}
	return nil, ofTheAgency[kind] && !d.first("read: "+string(kind))
}

// ofTheAgency are the failures that affect every read of every sub-account.
var ofTheAgency = map[ghl.Kind]bool{ghl.AgencyUnauthorized: true, ghl.AgencyScope: true, ghl.AgencyPIT: true, ghl.AgencyForbidden: true}

// ofOneLocation are the failures that may affect only one sub-account: HighLevel refuses
// its credential or token exchange, or does not answer, even after retries. The list does
// not include failures of the agency's token or of the provider's settings.
var ofOneLocation = map[ghl.Kind]bool{
	ghl.Unauthorized: true, ghl.WrongTokenType: true, ghl.MissingScope: true, ghl.Forbidden: true, ghl.NotInstalled: true,
	ghl.Unavailable: true, ghl.Network: true,
}

// isOfAllLocations reports whether a call used the token for all sub-accounts: if that
// token is refused, nothing can be read.
func isOfAllLocations(err error) bool {
	failure, ok := errors.AsType[*ghl.Error](err)
	return ok && failure.Credential == ghl.CommonToken && failure.Kind != ghl.Unavailable && failure.Kind != ghl.Network
}

func leftUnread(o operation, err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Sub-account Not Read", fmt.Sprintf(
		"Sub-account %q could not be read completely. Resources that were not read stay unchanged in the state, and this plan does not show what has changed there. "+
			"This is a warning because on_unreachable_location is %q. An apply that changes anything in the sub-account may fail.\n\n%s",
		o.locationID, unreachableWarn, o.failed(err).Detail()))
}

// isImport reports whether a state is incomplete. After an import or a move from another
// provider, it is incomplete until the first Read.
func isImport(state tfsdk.State) bool {
	values := map[string]tftypes.Value{}
	if state.Raw.As(&values) != nil {
		return true
	}
	for name, attribute := range state.Schema.GetAttributes() {
		if (name == "id" || attribute.IsRequired()) && values[name].IsNull() {
			return true
		}
	}
	return false
}
