package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// providerData is what one Configure makes, and all that its resources and data
// sources share. A new Configure starts empty.
type providerData struct {
	store      *snapshot.Store // nil where unknown names an attribute
	clock      ghl.Clock
	locationID types.String   // the default sub-account; null where there is none
	unknown    []string       // provider attributes that no call can do without, and that are not known yet
	objects    plannedObjects // what this process has read, and plans
	told       told           // what it has said in full
}

// configuredData takes what Configure handed out. There is none while a
// configuration is merely validated.
func configuredData(handed any, diags *diag.Diagnostics) *providerData {
	if handed == nil {
		return nil
	}
	data, ok := handed.(*providerData)
	if !ok {
		diags.AddError("Unable to Configure Provider", fmt.Sprintf("The provider handed out a %T. This is a bug in the provider: please report it.", handed))
	}
	return data
}

// ready returns the store, or an error that says for what it still has to wait.
func (d *providerData) ready(summary string) (*snapshot.Store, diag.Diagnostics) {
	if d == nil {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic(summary, "The provider has not been configured. This is a bug in the provider: please report it.")}
	}
	if d.store == nil {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic(summary, notKnownYet(d.unknown...))}
	}
	return d.store, nil
}

// defaultTimeout bounds each operation, unless timeouts says otherwise.
const defaultTimeout = 10 * time.Minute

// begin returns what a resource's operation needs: the store, and a context that ends
// when the operation's time is up. Where something is missing, the store is nil, and
// diags say why.
func (d *providerData) begin(
	ctx context.Context, o operation, timeout func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), diags *diag.Diagnostics,
) (*snapshot.Store, context.Context, context.CancelFunc) {
	store, problems := d.ready(o.summary())
	diags.Append(problems...)
	if diags.HasError() {
		return nil, ctx, nil
	}
	// Validation refuses a time that makes no sense. One that a state holds all the same
	// must not keep the next plan from mending it.
	most, problems := timeout(ctx, defaultTimeout)
	if problems.HasError() || most <= 0 {
		most = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	return store, ctx, cancel
}

// notKnownYet says what to do about provider attributes without a value at plan.
func notKnownYet(attributes ...string) string {
	variables := make([]string, len(attributes))
	for i, attribute := range attributes {
		variables[i] = variable(attribute)
	}
	return fmt.Sprintf("HighLevel has to be asked now, and the provider's %s is not known yet: its value comes from something that has not been applied. "+
		"Either apply that first, with -target and its address, or set the attribute to a value that is known at plan (or leave it out and set %s).",
		strings.Join(attributes, ", "), strings.Join(variables, ", "))
}

// readyIn returns the store and the sub-account to read: the one that is named,
// else the provider's default.
func (d *providerData) readyIn(named types.String, summary string) (*snapshot.Store, string, diag.Diagnostics) {
	store, diags := d.ready(summary)
	if diags.HasError() {
		return nil, "", diags
	}
	location, problem := chosenLocation(named, d.locationID)
	if problem != "" {
		diags.AddAttributeError(path.Root("location_id"), summary, problem)
	}
	return store, location, diags
}
