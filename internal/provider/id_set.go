package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// idSetType is the type of a set of up to a thousand ids. The framework's own set type
// compares each element with every other element, which adds seconds to a plan.
type idSetType struct{ basetypes.SetType }

func newIDSetType() idSetType { return idSetType{types.SetType{ElemType: types.StringType}} }

func (t idSetType) Equal(other attr.Type) bool {
	_, ok := other.(idSetType)
	return ok
}

func (t idSetType) String() string { return "set of ids" }

func (t idSetType) ValueType(context.Context) attr.Value { return idSet{} }

func (t idSetType) ValueFromSet(_ context.Context, set basetypes.SetValue) (basetypes.SetValuable, diag.Diagnostics) {
	return idSet{set}, nil
}

func (t idSetType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.SetType.ValueFromTerraform(ctx, in)
	set, _ := value.(basetypes.SetValue)
	return idSet{set}, err
}

// Validate does not check for duplicates, because the engine removes them.
func (t idSetType) Validate(context.Context, tftypes.Value, path.Path) diag.Diagnostics { return nil }

// idSet is a value of an idSetType.
type idSet struct{ basetypes.SetValue }

func newIDSet(ids []string) idSet {
	elements := make([]attr.Value, len(ids))
	for i, id := range ids {
		elements[i] = types.StringValue(id)
	}
	return idSet{types.SetValueMust(types.StringType, elements)}
}

func (s idSet) Type(context.Context) attr.Type { return newIDSetType() }

func (s idSet) Equal(other attr.Value) bool {
	o, ok := other.(idSet)
	if !ok || s.IsNull() != o.IsNull() || s.IsUnknown() != o.IsUnknown() || len(s.Elements()) != len(o.Elements()) {
		return false
	}
	isOther := map[string]bool{} // keyed by String, which differs between an unknown element and every id
	for _, element := range o.Elements() {
		isOther[element.String()] = true
	}
	for _, element := range s.Elements() {
		if !isOther[element.String()] {
			return false
		}
	}
	return true
}

// SetSemanticEquals keeps the framework from comparing the elements of equal sets.
func (s idSet) SetSemanticEquals(_ context.Context, prior basetypes.SetValuable) (bool, diag.Diagnostics) {
	return s.Equal(prior), nil
}
