package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// ghl_usage counts what the run has spent by then, and asks each sub-account once that has
// not said yet what is left of its day.
func TestAccUsageDataSource(t *testing.T) {
	token := newToken()
	a := newSandboxAccount(t, withSecondLocation(token), func(o *sandbox.Options) {
		o.RateLimit = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second} // one that is counted
	})
	usage := `
data "ghl_usage" "all" {
  location_ids = ["loc-school", "loc-other"]
  depends_on   = [data.ghl_associations.all]
}

data "ghl_associations" "all" {
  location_id = "loc-school"
}

output "usage" {
  value = data.ghl_usage.all.usage
}
`
	e := a.engine("provider \"ghl\" {}\n" + usage)
	e.env["GHL_LOCATION_ACCESS_TOKENS"] = fmt.Sprintf(`{"loc-other":%q}`, token)
	e.succeeds("plan", "-no-color", "-out=saved.tfplan")
	asked := map[string]int{}
	for _, r := range a.sandbox.Requests() {
		asked[r.LocationID]++
	}
	if asked["loc-other"] != 1 || asked["loc-school"] == 0 {
		t.Errorf("the plan has asked %v, want loc-other once", asked)
	}
	shown := e.succeeds("show", "-json", "saved.tfplan")
	for location, requests := range asked {
		says(t, shown, fmt.Sprintf(`{"daily_remaining":%d,"location_id":%q,"rate_limited":0,"requests":%d}`, 200_000-requests, location, requests))
	}

	// A sub-account that cannot be asked is an error.
	a.sandbox.AddFault(sandbox.Fault{LocationID: "loc-other", Effect: sandbox.StatusMessage(401, "Invalid JWT")})
	defer a.faultsEnd(e)
	says(t, e.fails("plan", "-no-color"), "Unable to Read Usage", `did not accept the token of sub-account "loc-other"`)
}
