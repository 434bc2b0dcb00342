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
	subject    string // which one, in words
	locationID string // "" for the agency
	object     object // nil for what no resource manages
}

// on is a resource's operation on an object.
func on(verb string, o object) operation {
	return operation{verb: verb, thing: o.thing(), subject: o.inWords(), locationID: o.location(), object: o}
}

func (o operation) summary() string { return "Unable to " + o.verb + " " + o.thing }

// source is a configuration, a plan or a state.
type source interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// read returns what a source holds; ok reports whether there is no error so far.
func read[T any](ctx context.Context, from source, diags *diag.Diagnostics) (value T, ok bool) {
	diags.Append(from.Get(ctx, &value)...)
	return value, !diags.HasError()
}

// defaultTimeout bounds each operation, unless timeouts says otherwise.
const defaultTimeout = 10 * time.Minute

// managedObject is the object of a resource.
type managedObject interface {
	object
	timeout(ctx context.Context, verb string) time.Duration
}

// timed is the attribute timeouts of a resource.
type timed struct {
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// timeout is how long an operation may take. Validation refuses nonsensical values. If a
// state holds one anyway, it must not keep the next plan from correcting it.
func (t timed) timeout(ctx context.Context, verb string) time.Duration {
	set := map[string]func(context.Context, time.Duration) (time.Duration, diag.Diagnostics){
		"Create": t.Timeouts.Create, "Read": t.Timeouts.Read, "Update": t.Timeouts.Update, "Delete": t.Timeouts.Delete,
	}[verb]
	if most, problems := set(ctx, defaultTimeout); !problems.HasError() && most > 0 {
		return most
	}
	return defaultTimeout
}

// carryOut makes the calls of a resource's operation on the plan or state of a request, and
// turns their error into a diagnostic. Their context ends when the operation times out.
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

// carryOut is the function carryOut for operations without a managed object.
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

// carryOutIn is carryOut in the named sub-account, otherwise in the provider's default.
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

// readyIn returns the sub-account to read from, or says what the read has to wait for.
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
