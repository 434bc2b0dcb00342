package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// The order of the ids in a set does not matter. An id that is not known yet does not equal any known id.
func TestIDSet(t *testing.T) {
	t.Parallel()
	unknownID := idSet{types.SetValueMust(types.StringType, []attr.Value{types.StringValue("a"), types.StringUnknown()})}
	notKnown, null := idSet{types.SetUnknown(types.StringType)}, idSet{types.SetNull(types.StringType)}
	for name, test := range map[string]struct {
		one   idSet
		other attr.Value
		want  bool
	}{
		"in another order":        {newIDSet([]string{"a", "b"}), newIDSet([]string{"b", "a"}), true},
		"another id":              {newIDSet([]string{"a", "b"}), newIDSet([]string{"a", "c"}), false},
		"one more":                {newIDSet([]string{"a"}), newIDSet([]string{"a", "b"}), false},
		"both empty":              {newIDSet(nil), newIDSet(nil), true},
		"empty and null":          {newIDSet(nil), null, false},
		"null and not known":      {null, notKnown, false},
		"an id not known":         {unknownID, newIDSet([]string{"a", "<unknown>"}), false},
		"both with an unknown id": {unknownID, unknownID, true},
		"a set of texts":          {newIDSet([]string{"a"}), newIDSet([]string{"a"}).SetValue, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.one.Equal(test.other); got != test.want {
				t.Errorf("equal: %t", got)
			}
			if prior, ok := test.other.(basetypes.SetValuable); ok {
				if same, problems := test.one.SetSemanticEquals(t.Context(), prior); same != test.want || problems.HasError() {
					t.Errorf("semantically equal: %t, %v", same, problems)
				}
			}
		})
	}
}
