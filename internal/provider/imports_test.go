package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// An import by an identity with empty attributes is an error at each of these attributes.
func TestImportByAnEmptyIdentity(t *testing.T) {
	t.Parallel()
	for typeName, test := range map[string]struct {
		identity map[string]string
		want     []string // attributes
		says     string
	}{
		"ghl_association": {map[string]string{"location_id": "loc", "id": ""}, []string{"id"}, "The identity's id is empty. The id must be that of the association."},
		"ghl_relation": {
			map[string]string{"location_id": "loc", "association_id": "a", "first_record_id": "", "second_record_id": ""}, []string{"first_record_id", "second_record_id"},
			"A part of the identity is empty. association_id, first_record_id and second_record_id must all be set.",
		},
	} {
		types, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
		for name, value := range test.identity {
			types[name], values[name] = tftypes.String, tftypes.NewValue(tftypes.String, value)
		}
		object := tftypes.Object{AttributeTypes: types}
		identity, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := NewServer("test")().ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
			TypeName: typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &identity},
		})
		if err != nil {
			t.Fatal(err)
		}
		var blamed []string
		for _, d := range answer.Diagnostics {
			if d.Detail != test.says {
				t.Errorf("%s: it says %q", typeName, d.Detail)
			}
			if steps := d.Attribute.Steps(); len(steps) == 1 {
				if name, ok := steps[0].(tftypes.AttributeName); ok {
					blamed = append(blamed, string(name))
				}
			}
		}
		if !slices.Equal(blamed, test.want) {
			t.Errorf("%s: it blames %q, want %q", typeName, blamed, test.want)
		}
	}
}
