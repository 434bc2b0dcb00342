package hostile_test

import (
	"context"
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
)

// protocol contains the types of the provider's schemas.
type protocol struct {
	provider  tftypes.Type
	resources map[string]tftypes.Type
	data      map[string]tftypes.Type
	lists     map[string]tftypes.Type
	ephemeral map[string]tftypes.Type
	identity  map[string]tftypes.Type
	computed  map[string]map[string]bool // attributes of resources
}

// schemas requests the provider's schemas once, outside of virtual time.
var schemas = sync.OnceValue(func() protocol {
	ctx := context.Background()
	server := provider.NewServer("test")()
	all, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	must(err)
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	must(err)
	p := protocol{
		provider: all.Provider.ValueType(), resources: typesOf(all.ResourceSchemas), data: typesOf(all.DataSourceSchemas),
		lists: typesOf(all.ListResourceSchemas), ephemeral: typesOf(all.EphemeralResourceSchemas),
		identity: map[string]tftypes.Type{}, computed: map[string]map[string]bool{},
	}
	for name, schema := range identities.IdentitySchemas {
		p.identity[name] = schema.ValueType()
	}
	for name, schema := range all.ResourceSchemas {
		p.computed[name] = map[string]bool{}
		for _, attribute := range schema.Block.Attributes {
			p.computed[name][attribute.Name] = attribute.Computed
		}
	}
	return p
})

func typesOf(of map[string]*tfprotov6.Schema) map[string]tftypes.Type {
	types := map[string]tftypes.Type{}
	for name, schema := range of {
		types[name] = schema.ValueType()
	}
	return types
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// given contains the attributes that a configuration sets: strings, numbers, and lists and maps of strings. All other
// attributes are null.
type given map[string]any

// with returns g with added or replaced attributes.
func (g given) with(more given) given {
	merged := maps.Clone(g)
	maps.Copy(merged, more)
	return merged
}

// object returns g as a value of a schema's type.
func (g given) object(t tftypes.Type) tftypes.Value {
	types := t.(tftypes.Object).AttributeTypes //nolint:errcheck,forcetypeassert // every schema is an object
	values := map[string]tftypes.Value{}
	for name, kind := range types {
		values[name] = tftypes.NewValue(kind, nil)
	}
	for name, value := range g {
		kind, exists := types[name]
		if !exists {
			panic(missingAttribute(name))
		}
		values[name] = valueOf(kind, value)
	}
	return tftypes.NewValue(t, values)
}

// missingAttribute is the name of an attribute that an entry sets but the provider does not have.
type missingAttribute string

func valueOf(t tftypes.Type, value any) tftypes.Value {
	texts := func(list []string) []tftypes.Value {
		values := make([]tftypes.Value, 0, len(list))
		for _, text := range list {
			values = append(values, tftypes.NewValue(tftypes.String, text))
		}
		return values
	}
	switch v := value.(type) {
	case []string:
		return tftypes.NewValue(t, texts(v))
	case map[string]string:
		values := map[string]tftypes.Value{}
		for key, text := range v {
			values[key] = tftypes.NewValue(tftypes.String, text)
		}
		return tftypes.NewValue(t, values)
	default:
		return tftypes.NewValue(t, v)
	}
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

// texts returns all strings in a value, keyed by their path.
func texts(v tftypes.Value) map[string]string {
	found := map[string]string{}
	must(tftypes.Walk(v, func(path *tftypes.AttributePath, value tftypes.Value) (bool, error) {
		if value.Type().Is(tftypes.String) && value.IsKnown() && !value.IsNull() {
			var text string
			if err := value.As(&text); err != nil {
				return false, err
			}
			found[path.String()] = text
		}
		return true, nil
	}))
	return found
}

// merged returns the new state that Terraform's core proposes: the configuration, with the computed attributes of the
// prior state.
func merged(kind string, prior, config tftypes.Value) tftypes.Value {
	before, values := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	must(config.As(&values))
	values = maps.Clone(values)
	if !prior.IsNull() {
		must(prior.As(&before))
	}
	for name, old := range before {
		if schemas().computed[kind][name] && values[name].IsNull() {
			values[name] = old
		}
	}
	return tftypes.NewValue(config.Type(), values)
}
