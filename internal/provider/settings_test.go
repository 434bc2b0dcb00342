package provider

import (
	"maps"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Validation refuses an invalid setting, with an error at its attribute.
func TestSettingsAreRefused(t *testing.T) {
	t.Parallel()
	association := map[string]any{"key": "k", "first_object_key": "contact", "first_object_label": "A", "second_object_key": "contact", "second_object_label": "B"}
	relation := map[string]any{"association_id": "a", "first_record_id": "r", "second_record_id": "s"}
	byKey := map[string]any{"first_record_id": "r", "second_record_id": "s"}
	for name, test := range map[string]struct {
		of        map[string]any // nil: the provider
		attribute string
		value     any
		says      []string
	}{
		"api_version with a line break":      {nil, "api_version", "v3\nX: evil", []string{"Invalid Text", "api_version must not contain line breaks or other control characters."}},
		"location_id with a blank":           {nil, "location_id", "loc-school ", []string{"Invalid Text", "location_id must not begin or end with white space"}},
		"company_id with a line break":       {nil, "company_id", "company\n", []string{"company_id must not begin or end with white space"}},
		"an empty agency token":              {nil, "agency_access_token", "", []string{"agency_access_token", "at least 1"}},
		"too many repeats":                   {nil, "max_retries", big.NewFloat(4294967296), []string{"max_retries", "between 0 and 2147483647"}},
		"too many calls":                     {nil, "requests_per_10_seconds", big.NewFloat(4294967297), []string{"requests_per_10_seconds", "between 1 and 2147483647"}},
		"an unknown choice":                  {nil, "existing_objects", "Error", []string{"Invalid Choice", `existing_objects must be "error" or "adopt_identical"`}},
		"a timeout of zero":                  {association, "create", "0s", []string{"Invalid Duration", "timeouts.create must be a duration above zero"}},
		"a negative timeout":                 {association, "read", "-1m", []string{"Invalid Duration", "timeouts.read must be a duration above zero"}},
		"a timeout without a unit":           {relation, "delete", "10", []string{"Invalid Duration", "timeouts.delete must be a duration above zero"}},
		"a timeout in words":                 {association, "create", "soon", []string{"must be a duration above zero", `"soon"`}},
		"the resource's location":            {association, "location_id", " loc-school", []string{"Invalid Text", "location_id must not begin or end with white space"}},
		"no location":                        {association, "location_id", "", []string{"location_id string length must be at least 1"}},
		"a location with an escape":          {association, "location_id", "loc\u001b[2J", []string{"location_id must not contain line breaks or other control characters"}},
		"a key with a blank":                 {association, "key", "k ", []string{"Invalid Text", "key must not begin or end with white space"}},
		"no key":                             {association, "key", "", []string{"key string length must be at least 1"}},
		"an object with a blank":             {association, "first_object_key", "contact ", []string{"Invalid Text", "first_object_key must not begin or end with white space"}},
		"an object with a control character": {association, "second_object_key", "con\u0000tact", []string{"Invalid Text", "second_object_key must not contain line breaks"}},
		"no first object":                    {association, "first_object_key", "", []string{"first_object_key string length must be at least 1"}},
		"no second object":                   {association, "second_object_key", "", []string{"second_object_key string length must be at least 1"}},
		"no label":                           {association, "second_object_label", "", []string{"second_object_label", "at least 1"}},
		"a relation's record with a blank":   {relation, "first_record_id", "contact-1 ", []string{"first_record_id must not begin or end with white space"}},
		"a relation's record with a slash":   {relation, "first_record_id", "../contact-1", []string{"first_record_id must not contain a slash"}},
		"a relation's record, two dots":      {relation, "second_record_id", "..", []string{`second_record_id must not be "." or ".."`}},
		"a relation's key with a blank":      {byKey, "association_key", "k ", []string{"Invalid Text", "association_key must not begin or end with white space"}},
		"a relation's association":           {relation, "association_id", "a\t", []string{"association_id must not begin or end with white space"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values := maps.Clone(test.of)
			if values == nil {
				values = map[string]any{}
			}
			values[test.attribute] = test.value
			found := validated(t, values, test.of == nil)
			if len(found) != 1 || found[0].Attribute == nil {
				t.Fatalf("got %v, want one error on its attribute", found)
			}
			assertPhrases(t, found[0].Summary+"\n"+found[0].Detail, test.says)
		})
	}
}

// A relation must have either association_id or association_key.
func TestRelationNamesOneAssociation(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id, key any
		wrong   bool
	}{"id": {"a", nil, false}, "key": {nil, "k", false}, "both": {"a", "k", true}, "none": {nil, nil, true}} {
		found := validated(t, map[string]any{"association_id": test.id, "association_key": test.key, "first_record_id": "r", "second_record_id": "s"}, false)
		if (len(found) == 1) != test.wrong || len(found) > 1 {
			t.Errorf("%s: got %v", name, found)
		}
		for _, d := range found {
			assertPhrases(t, d.Summary+"\n"+d.Detail, []string{"Exactly one of these attributes must be configured: [association_id,association_key]"})
		}
	}
}

// validated returns the errors in a configuration of the provider or of a resource. The attributes determine the type of the
// resource.
func validated(t *testing.T, values map[string]any, isProvider bool) []*tfprotov6.Diagnostic {
	t.Helper()
	server := NewServer("test")()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if isProvider {
		answer, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: configOf(t, schemas.Provider, values)})
		if err != nil {
			t.Fatal(err)
		}
		return answer.Diagnostics
	}
	typeName := "ghl_association"
	if values["first_record_id"] != nil {
		typeName = "ghl_relation"
	}
	config := configOf(t, schemas.ResourceSchemas[typeName], values)
	answer, err := server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Diagnostics
}

// configOf returns a configuration that sets only these values, which may be attributes or timeouts.
func configOf(tb testing.TB, schema *tfprotov6.Schema, values map[string]any) *tfprotov6.DynamicValue {
	tb.Helper()
	var fill func(kind tftypes.Type, name string) tftypes.Value
	fill = func(kind tftypes.Type, name string) tftypes.Value {
		object, isObject := kind.(tftypes.Object)
		if !isObject {
			return tftypes.NewValue(kind, values[name])
		}
		filled := map[string]tftypes.Value{}
		for attribute, kind := range object.AttributeTypes {
			filled[attribute] = fill(kind, attribute)
		}
		return tftypes.NewValue(object, filled)
	}
	config, err := tfprotov6.NewDynamicValue(schema.ValueType(), fill(schema.ValueType(), ""))
	if err != nil {
		tb.Fatal(err)
	}
	return &config
}
