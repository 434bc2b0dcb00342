package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// protocolObject encodes an object of a schema as the engine does. It has the given values.
// All other values are null.
func protocolObject(t *testing.T, s *tfprotov6.Schema, given map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	object, ok := s.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("%T", s.ValueType())
	}
	values := map[string]tftypes.Value{}
	for name, attributeType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
	}
	maps.Copy(values, given)
	encoded, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

func wireText(value any) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

// deferring is a configured provider with an engine that may allow deferral.
type deferring struct {
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
	allowed bool
}

// wantedAssociation are the attributes that a configuration sets.
var wantedAssociation = map[string]tftypes.Value{
	"key": wireText("k"), "first_object_key": wireText("contact"), "second_object_key": wireText("contact"),
	"first_object_label": wireText("A"), "second_object_label": wireText("B"),
}

func (d deferring) read(t *testing.T) (*tfprotov6.Deferred, []*tfprotov6.Diagnostic) {
	t.Helper()
	state := maps.Clone(wantedAssociation)
	state["id"], state["location_id"] = wireText("a-1"), wireText("loc")
	answer, err := d.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "ghl_association", CurrentState: protocolObject(t, d.schemas.ResourceSchemas["ghl_association"], state),
		ClientCapabilities: &tfprotov6.ReadResourceClientCapabilities{DeferralAllowed: d.allowed},
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Deferred, answer.Diagnostics
}

func (d deferring) plan(t *testing.T) (*tfprotov6.Deferred, []*tfprotov6.Diagnostic) {
	t.Helper()
	association := d.schemas.ResourceSchemas["ghl_association"]
	nothing, err := tfprotov6.NewDynamicValue(association.ValueType(), tftypes.NewValue(association.ValueType(), nil))
	if err != nil {
		t.Fatal(err)
	}
	config := protocolObject(t, association, wantedAssociation)
	answer, err := d.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "ghl_association", PriorState: &nothing, ProposedNewState: config, Config: config,
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: d.allowed},
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Deferred, answer.Diagnostics
}

func (d deferring) lookUp(t *testing.T) (*tfprotov6.Deferred, []*tfprotov6.Diagnostic) {
	t.Helper()
	answer, err := d.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: "ghl_associations", Config: protocolObject(t, d.schemas.DataSourceSchemas["ghl_associations"], nil),
		ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: d.allowed},
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Deferred, answer.Diagnostics
}

// While a value of the provider block is unknown, the provider defers and gives the reason,
// if the engine allows deferral. If the engine does not allow deferral, a read fails, and a
// create is planned.
func TestDeferral(t *testing.T) {
	for _, setting := range allSettings {
		t.Setenv(variable(setting.name), "")
	}
	unknown, token, location := wireText(tftypes.UnknownValue), wireText("pit-not-a-token"), wireText("loc")
	for name, test := range map[string]struct {
		config  map[string]tftypes.Value
		allowed bool
		want    bool
	}{
		"unknown token":              {map[string]tftypes.Value{"access_token": unknown, "location_id": location}, true, true},
		"unknown address":            {map[string]tftypes.Value{"access_token": token, "location_id": location, "base_url": unknown}, true, true},
		"unknown sub-account":        {map[string]tftypes.Value{"access_token": token, "location_id": unknown}, true, true},
		"unknown token, not allowed": {map[string]tftypes.Value{"access_token": unknown, "location_id": location}, false, false},
		"all is known, no server answers": {map[string]tftypes.Value{
			"access_token": token, "location_id": location, "base_url": wireText("http://127.0.0.1:1"), "max_retries": tftypes.NewValue(tftypes.Number, 0),
		}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := NewServer("test")()
			schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
			if err != nil {
				t.Fatal(err)
			}
			configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
				TerraformVersion: "1.15.8", Config: protocolObject(t, schemas.Provider, test.config),
				ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: test.allowed},
			})
			if err != nil || len(configured.Diagnostics) > 0 {
				t.Fatal(err, configured)
			}
			d := deferring{server, schemas, test.allowed}
			for what, ask := range map[string]func(*testing.T) (*tfprotov6.Deferred, []*tfprotov6.Diagnostic){"read": d.read, "plan": d.plan, "data source": d.lookUp} {
				got, diagnostics := ask(t)
				switch {
				case test.want && (got == nil || got.Reason != tfprotov6.DeferredReasonProviderConfigUnknown || len(diagnostics) > 0):
					t.Errorf("%s: deferred %v, want the reason that the provider's configuration is unknown; %v", what, got, diagnostics)
				case !test.want && got != nil:
					t.Errorf("%s: deferred %v", what, got)
				case !test.want && what != "plan" && len(diagnostics) == 0:
					t.Errorf("%s: neither an error nor a deferral", what)
				}
			}
		})
	}
}
