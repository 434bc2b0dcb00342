package provider

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// providerData is what one Configure makes, and everything that its resources and data
// sources share. A new Configure starts empty.
type providerData struct {
	client     *ghl.Client  // nil if unknown names an attribute
	store      *store.Store // over client
	clock      ghl.Clock
	locationID types.String   // the default sub-account; null if there is none
	unknown    []string       // provider attributes that every call needs and that are not known yet
	objects    plannedObjects // what this process has read, and plans
	told       sync.Map       // the topics that were reported in full
	hasRead    atomic.Bool    // a resource was read: this is neither an apply nor a plan with -refresh=false

	adoptsIdentical  bool // existing_objects says so
	warnsUnreachable bool // on_unreachable_location says so
}

// first reports whether this is the first message on a topic: what many resources have in
// common is reported in full once per process.
func (d *providerData) first(topic string) bool {
	_, isTold := d.told.LoadOrStore(topic, true)
	return !isTold
}

// configuredData takes what Configure handed out, which is nil while a configuration is
// only validated.
func configuredData(handed any, diags *diag.Diagnostics) *providerData {
	if handed == nil {
		return nil
	}
	data, ok := handed.(*providerData)
	if !ok {
		diags.AddError(unableToConfigure, fmt.Sprintf("The provider handed out a %T. This is a bug in the provider: please report it.", handed))
	}
	return data
}

// ready is empty if calls can be made. Otherwise it says what they must wait for.
func (d *providerData) ready(summary string) diag.Diagnostics {
	if d == nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary, "The provider has not been configured. This is a bug in the provider: please report it.")}
	}
	if d.store == nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary, notKnownYet(d.unknown...))}
	}
	return nil
}

// notKnownYet says what to do about provider attributes without a value at plan.
func notKnownYet(attributes ...string) string {
	return fmt.Sprintf("This needs a call to HighLevel, and the provider's %s is not known yet: the value comes from something that has not been applied. "+
		"Apply that first, with -target and its address. Or set the attribute to a value that is known at plan, or leave the attribute out and set %s.",
		strings.Join(attributes, ", "), variables(attributes))
}
