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

// providerData is the result of one Configure, which all its resources and data sources
// share. Each Configure starts with an empty providerData.
type providerData struct {
	client     *ghl.Client  // nil if unknown is not empty
	store      *store.Store // over client
	clock      ghl.Clock
	locationID types.String   // the default sub-account; null if there is none
	unknown    []string       // provider attributes that every call needs and that are not known yet
	objects    plannedObjects // what this process has read and planned
	told       sync.Map       // the topics that were reported in full
	hasRead    atomic.Bool    // a resource was read, which never happens in an apply or in a plan with -refresh=false

	adoptsIdentical  bool // existing_objects says so
	warnsUnreachable bool // on_unreachable_location says so
}

// first reports whether this is the first message on a topic. A message that applies to
// many resources appears in full only once per process.
func (d *providerData) first(topic string) bool {
	_, isTold := d.told.LoadOrStore(topic, true)
	return !isTold
}

// configuredData returns the data that Configure handed out. It is nil while the engine
// only validates a configuration.
func configuredData(handed any, diags *diag.Diagnostics) *providerData {
	if handed == nil {
		return nil
	}
	data, ok := handed.(*providerData)
	if !ok {
		diags.AddError(unableToConfigure, fmt.Sprintf("The provider data has the unexpected type %T. This is a bug in the provider: please report it.", handed))
	}
	return data
}

// ready returns an error that says what to do if calls cannot be made yet.
func (d *providerData) ready(summary string) diag.Diagnostics {
	if d == nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary, "The provider has not been configured. This is a bug in the provider: please report it.")}
	}
	if d.store == nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary, notKnownYet(d.unknown...))}
	}
	return nil
}

// notKnownYet says what to do about provider attributes whose values are not known at
// plan time.
func notKnownYet(attributes ...string) string {
	return fmt.Sprintf("This operation needs a call to HighLevel, and the provider's %s is not known yet: the value depends on a resource that has not been applied. "+
		"Apply that resource first, with -target and its address. Alternatively, set the attribute to a value that is known at plan time, or omit it and set %s.",
		strings.Join(attributes, ", "), variables(attributes))
}
