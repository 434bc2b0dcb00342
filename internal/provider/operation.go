package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// operation is what the provider was doing when an error occurred.
type operation struct {
	verb       string // "Create"
	thing      string // "Association"
	subject    string // the object in words
	locationID string // "" for the agency
	object     object // nil if no resource manages the object
}

// on returns a resource's operation on an object.
func on(verb string, o object) operation {
	return operation{verb: verb, thing: o.thing(), subject: o.inWords(), locationID: o.location(), object: o}
}

func (o operation) summary() string { return "Unable to " + o.verb + " " + o.thing }

// source is a configuration, a plan or a state.
type source interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// read returns the value of a source. ok is false if diags contains an error, even from
// an earlier step.
func read[T any](ctx context.Context, from source, diags *diag.Diagnostics) (value T, ok bool) {
	diags.Append(from.Get(ctx, &value)...)
	return value, !diags.HasError()
}

// defaultTimeout limits each operation, unless the attribute timeouts sets another limit.
const defaultTimeout = 10 * time.Minute

// managedObject is the object of a resource.
type managedObject interface {
	object
	timeout(ctx context.Context, verb string) time.Duration
}

// timed holds the timeouts attribute of a resource.
type timed struct {
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// timeout returns how long an operation may take. Validation refuses invalid values. If a
// state contains one anyway, the default applies, so that the next plan can correct the
// value.
func (t timed) timeout(ctx context.Context, verb string) time.Duration {
	set := map[string]func(context.Context, time.Duration) (time.Duration, diag.Diagnostics){
		"Create": t.Timeouts.Create, "Read": t.Timeouts.Read, "Update": t.Timeouts.Update, "Delete": t.Timeouts.Delete,
	}[verb]
	if most, problems := set(ctx, defaultTimeout); !problems.HasError() && most > 0 {
		return most
	}
	return defaultTimeout
}

// carryOut runs the calls of a resource's operation with the plan or state of a request,
// and turns an error into a diagnostic. The timeout of the operation limits the calls.
func carryOut[M managedObject](ctx context.Context, d *providerData, verb string, from source, diags *diag.Diagnostics, calls func(context.Context, M) error) {
	m, _ := read[M](ctx, from, diags)
	o := on(verb, m)
	if diags.Append(d.ready(o.summary())...); diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, m.timeout(ctx, verb))
	defer cancel()
	if err := calls(ctx, m); err != nil {
		diags.Append(d.failed(o, err))
	}
}

// carryOut is like the function carryOut, but for operations without a managed object.
func (d *providerData) carryOut(ctx context.Context, o operation, diags *diag.Diagnostics, calls func(context.Context) error) {
	if diags.Append(d.ready(o.summary())...); diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	if err := calls(ctx); err != nil {
		diags.Append(d.failed(o, err))
	}
}

// carryOutIn is like the method carryOut, but for calls about one sub-account: named, or
// the provider's default if named is null.
func (d *providerData) carryOutIn(
	ctx context.Context, o operation, named types.String, diags *diag.Diagnostics, calls func(ctx context.Context, location string) error,
) {
	location, problems := d.readyIn(named, o.summary())
	if diags.Append(problems...); diags.HasError() {
		return
	}
	o.locationID = location
	d.carryOut(ctx, o, diags, func(ctx context.Context) error { return calls(ctx, location) })
}

// readyIn returns the sub-account to read from, or an error if calls cannot be made yet.
func (d *providerData) readyIn(named types.String, summary string) (location string, diags diag.Diagnostics) {
	if diags = d.ready(summary); diags.HasError() {
		return "", diags
	}
	location, problem := chosenLocation(named, d.locationID)
	if problem != "" {
		diags.AddAttributeError(path.Root("location_id"), summary, problem)
	}
	return location, diags
}
