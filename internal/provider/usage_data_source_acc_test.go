package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// ghl_usage returns the number of requests that the run has made so far, and makes one request to each sub-account whose
// remaining daily budget is not known yet.
func TestAccUsageDataSource(t *testing.T) {
	token := newToken()
	a := newSandboxAccount(t, withSecondLocation(token), func(o *sandbox.Options) {
		o.RateLimit = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second} // a limit, so that requests are counted
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
		t.Errorf("the plan made the requests %v, want one to loc-other", asked)
	}
	shown := e.succeeds("show", "-json", "saved.tfplan")
	for location, requests := range asked {
		says(t, shown, fmt.Sprintf(`{"daily_remaining":%d,"location_id":%q,"rate_limited":0,"requests":%d}`, 200_000-requests, location, requests))
	}

	// A sub-account that cannot be reached is an error.
	a.sandbox.AddFault(sandbox.Fault{LocationID: "loc-other", Effect: sandbox.StatusMessage(401, "Invalid JWT")})
	defer a.faultsEnd(e)
	says(t, e.fails("plan", "-no-color"), "Unable to Read Usage", `did not accept the token of sub-account "loc-other"`)
}
