package faults_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
)

// resourceType is an engine's description of a resource type: its attributes, and the types of its values on the wire.
type resourceType struct {
	*kind

	attributes map[string]*tfprotov6.SchemaAttribute
	object     tftypes.Object
	identity   tftypes.Object
}

// protocol is the provider's description of itself.
type protocol struct {
	provider  tftypes.Object
	resources map[string]*resourceType
	data      map[string]tftypes.Object // types of the data sources
}

// schemas reads the provider's schemas once. The tests call schemas before their virtual time starts.
var schemas = sync.OnceValue(func() protocol {
	ctx := context.Background()
	server := provider.NewServer("test")()
	all, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	must(err)
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	must(err)
	p := protocol{provider: objectOf(all.Provider.ValueType()), resources: map[string]*resourceType{}, data: map[string]tftypes.Object{}}
	for name, schema := range all.DataSourceSchemas {
		p.data[name] = objectOf(schema.ValueType())
	}
	for _, k := range kinds {
		schema := all.ResourceSchemas[k.name]
		r := &resourceType{kind: k, attributes: map[string]*tfprotov6.SchemaAttribute{}, object: objectOf(schema.ValueType())}
		for _, attribute := range schema.Block.Attributes {
			r.attributes[attribute.Name] = attribute
		}
		r.identity = objectOf(identities.IdentitySchemas[k.name].ValueType())
		p.resources[k.name] = r
	}
	return p
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func objectOf(t tftypes.Type) tftypes.Object {
	object, ok := t.(tftypes.Object)
	if !ok {
		panic(fmt.Sprintf("%s is not an object", t))
	}
	return object
}

// objectValue returns an object with the given attributes. All other attributes are null.
func objectValue(t tftypes.Object, given map[string]tftypes.Value) tftypes.Value {
	attributes := map[string]tftypes.Value{}
	for name, kind := range t.AttributeTypes {
		attributes[name] = tftypes.NewValue(kind, nil)
	}
	maps.Copy(attributes, given)
	return tftypes.NewValue(t, attributes)
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func attributesOf(v tftypes.Value) map[string]tftypes.Value {
	attributes := map[string]tftypes.Value{}
	if !v.IsNull() {
		must(v.As(&attributes))
	}
	return maps.Clone(attributes) // As returns the value's own map
}

// attribute returns the text of an attribute, or "" if it is null or unknown.
func attribute(v tftypes.Value, name string) string {
	var s string
	if value := attributesOf(v)[name]; !value.IsNull() && value.IsFullyKnown() {
		must(value.As(&s))
	}
	return s
}

func encode(t tftypes.Type, v tftypes.Value) *tfprotov6.DynamicValue {
	encoded, err := tfprotov6.NewDynamicValue(t, v)
	must(err)
	return &encoded
}

func decode(t tftypes.Type, v *tfprotov6.DynamicValue) tftypes.Value {
	if v == nil {
		return tftypes.NewValue(t, nil)
	}
	value, err := v.Unmarshal(t)
	must(err)
	return value
}

func (r *resourceType) null() tftypes.Value { return tftypes.NewValue(r.object, nil) }

// proposed merges a configuration with the prior state, as core does: a computed attribute that is not configured keeps its
// value.
func (r *resourceType) proposed(prior, config tftypes.Value) tftypes.Value {
	before, merged := attributesOf(prior), attributesOf(config)
	for name, schema := range r.attributes {
		if old, ok := before[name]; ok && schema.Computed && merged[name].IsNull() {
			merged[name] = old
		}
	}
	return objectValue(r.object, merged)
}

// planProblem describes why core would reject a plan: a value matches neither the configuration nor the prior state.
func (r *resourceType) planProblem(prior, config, planned tftypes.Value) string {
	before, wanted, got := attributesOf(prior), attributesOf(config), attributesOf(planned)
	for _, name := range slices.Sorted(maps.Keys(r.attributes)) {
		old, hadOld := before[name]
		switch {
		case wanted[name].IsNull() && r.attributes[name].Computed, got[name].Equal(wanted[name]):
		case hadOld && !old.IsNull() && got[name].Equal(old):
		default:
			return fmt.Sprintf("planned %s of %s, configured %s", name, got[name], wanted[name])
		}
	}
	return ""
}

// resultProblem describes why core would reject a result as inconsistent: all values must be known and as planned.
func (r *resourceType) resultProblem(planned, result tftypes.Value) string {
	if result.IsNull() {
		return "the object is missing from the state"
	}
	wanted, got := attributesOf(planned), attributesOf(result)
	for _, name := range slices.Sorted(maps.Keys(r.attributes)) {
		if !got[name].IsFullyKnown() {
			return name + " is unknown"
		}
		if wanted[name].IsFullyKnown() && !wanted[name].Equal(got[name]) {
			return fmt.Sprintf("%s was planned as %s and is %s", name, wanted[name], got[name])
		}
	}
	return ""
}
