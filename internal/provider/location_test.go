package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestPlannedLocation(t *testing.T) {
	t.Parallel()
	null, unknown := types.StringNull(), types.StringUnknown()
	here, there := types.StringValue("here"), types.StringValue("there")
	tests := map[string]struct {
		config, state, fallback types.String
		want                    types.String
		problem                 []string
	}{
		"new, set":                                {here, null, there, here, nil},
		"new, set but unknown":                    {unknown, null, there, unknown, nil},
		"new, default":                            {null, null, here, here, nil},
		"new, unknown default":                    {null, null, unknown, unknown, nil},
		"new, nothing":                            {null, null, null, null, []string{"location_id", "GHL_LOCATION_ID", "provider"}},
		"unchanged, same default":                 {null, here, here, here, nil},
		"unchanged, default removed":              {null, here, null, here, nil},
		"unchanged, default unknown":              {null, here, unknown, here, nil},
		"set as in the state, another default":    {here, here, there, here, nil},
		"set to another sub-account":              {there, here, here, there, nil},
		"not set, default differs from the state": {null, here, there, here, []string{`"here"`, `"there"`, `location_id = "here"`, "destroy -refresh=false"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problem := plannedLocation(test.config, test.state, test.fallback)
			assertPhrases(t, problem, test.problem)
			if !got.Equal(test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestChosenLocation(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		explicit, fallback types.String
		want               string
		problem            []string
	}{
		"named":           {types.StringValue("here"), types.StringUnknown(), "here", nil},
		"default":         {types.StringNull(), types.StringValue("there"), "there", nil},
		"unknown default": {types.StringNull(), types.StringUnknown(), "", []string{"the provider's location_id is not known yet", "-target"}},
		"nothing":         {types.StringNull(), types.StringNull(), "", []string{"location_id", "GHL_LOCATION_ID"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problem := chosenLocation(test.explicit, test.fallback)
			assertPhrases(t, problem, test.problem)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// assertPhrases checks that text contains all phrases, or is empty if there are no phrases.
func assertPhrases(t *testing.T, text string, phrases []string) {
	t.Helper()
	if len(phrases) == 0 && text != "" {
		t.Errorf("unexpected: %s", text)
	}
	for _, phrase := range phrases {
		if !strings.Contains(text, phrase) {
			t.Errorf("%q is missing in: %s", phrase, text)
		}
	}
}
