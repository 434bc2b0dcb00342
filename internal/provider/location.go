package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// plannedLocation returns the sub-account of a resource, given its location_id in the
// configuration and in the state, and the provider's default. The sub-account in the
// state takes precedence over the default, because a change of the default must never
// move a resource.
func plannedLocation(config, state, fallback types.String) (location types.String, problem string) {
	switch {
	case !config.IsNull():
		return config, ""
	case state.IsNull() && fallback.IsNull():
		return fallback, noLocation
	case state.IsNull():
		return fallback, ""
	case fallback.IsNull() || fallback.IsUnknown() || fallback.Equal(state):
		return state, ""
	default:
		return state, fmt.Sprintf("The resource sets no location_id and is in sub-account %q, while the provider's location_id (or %s) is now %q.\n\n"+
			"To keep the resource there, add this line to it:\n\n  location_id = %s\n\n"+
			"To replace it with a new one in %[3]q, set location_id to that id instead. To destroy it without changing the configuration, use destroy -refresh=false.",
			state.ValueString(), variable("location_id"), fallback.ValueString(), hclString(state.ValueString()))
	}
}

// chosenLocation returns the sub-account to read from.
func chosenLocation(explicit, fallback types.String) (location, problem string) {
	switch {
	case !explicit.IsNull():
		return explicit.ValueString(), ""
	case fallback.IsUnknown():
		return "", notKnownYet("location_id")
	case fallback.IsNull():
		return "", noLocation
	default:
		return fallback.ValueString(), ""
	}
}

var noLocation = "No sub-account is set. Set location_id here or in the provider block, or set the environment variable " + variable("location_id") + "."
