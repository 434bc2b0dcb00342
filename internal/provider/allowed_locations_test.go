package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The configuration can narrow the list in the environment, but not extend it.
func TestAllowedLocations(t *testing.T) {
	const school, other = "loc-school", "loc-other"
	setOf := func(ids ...string) types.Set {
		elements := []attr.Value{}
		for _, id := range ids {
			elements = append(elements, types.StringValue(id))
		}
		return types.SetValueMust(types.StringType, elements)
	}
	unlimited := types.SetNull(types.StringType)
	for name, test := range map[string]struct {
		environment string
		configured  types.Set
		want        []string // nil: all
	}{
		"no list":                       {"", unlimited, nil},
		"only the environment":          {"loc-school, loc-other", unlimited, []string{school, other}},
		"only the configuration":        {"", setOf(school, other), []string{school, other}},
		"the environment is narrower":   {school, setOf(school, other), []string{school}},
		"the configuration is narrower": {"loc-school,loc-other", setOf(school), []string{school}},
		"no sub-account in both":        {other, setOf(school), []string{}},
		"an empty configuration":        {"", setOf(), []string{}},
		"an empty environment":          {",", unlimited, []string{}},
		"unknown until the apply":       {school, types.SetUnknown(types.StringType), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GHL_ALLOWED_LOCATION_IDS", test.environment)
			configured := settings{"access_token": types.StringValue("pit-obviously-fake"), "allowed_location_ids": test.configured}
			diags := configured.withEnvironment()
			got := configured.ids("allowed_location_ids")
			if diags.HasError() || (got == nil) != (test.want == nil) || !slices.Equal(got, test.want) {
				t.Errorf("allowed: %q, want %q (%v)", got, test.want, diags)
			}
		})
	}
}
