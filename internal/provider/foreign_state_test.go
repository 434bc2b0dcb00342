package provider

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// movedTo moves a state of a generic provider's resource to target. It returns the named
// attributes of the result, or the error.
func movedTo(t *testing.T, target resource.ResourceWithMoveState, sourceType, source string, names ...string) (map[string]string, string) {
	t.Helper()
	var schema resource.SchemaResponse
	target.Schema(t.Context(), resource.SchemaRequest{}, &schema)
	resp := &resource.MoveStateResponse{TargetState: tfsdk.State{
		Schema: schema.Schema, Raw: tftypes.NewValue(schema.Schema.Type().TerraformType(t.Context()), nil),
	}}
	target.MoveState(t.Context())[0].StateMover(t.Context(), resource.MoveStateRequest{
		SourceTypeName: sourceType, SourceRawState: &tfprotov6.RawState{JSON: []byte(source)},
	}, resp)
	if resp.Diagnostics.HasError() {
		return nil, resp.Diagnostics.Errors()[0].Detail()
	}
	values := map[string]string{}
	for _, name := range names {
		var value types.String
		if diags := resp.TargetState.GetAttribute(t.Context(), path.Root(name), &value); diags.HasError() {
			t.Fatal(diags)
		}
		values[name] = value.ValueString()
	}
	return values, ""
}

func wantMoved(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s is %q, want %q", name, got[name], want[name])
		}
	}
}

// The state of an association may have any form that the generic providers allow.
func TestMovedAssociation(t *testing.T) {
	t.Parallel()
	want := map[string]string{"id": "a1", "location_id": "loc", "key": "k", "first_object_key": "business", "second_object_key": "contact"}
	const fields = `"key":"k","firstObjectKey":"business","firstObjectLabel":"B","secondObjectKey":"contact","secondObjectLabel":"C"`
	for name, test := range map[string]struct{ sourceType, state string }{
		"only api_data":             {"restapi_object", `{"id":"a1","data":null,"api_data":{"locationId":"loc",` + fields + `}}`},
		"only api_response":         {"restapi_object", `{"id":"a1","api_response":"{\"association\":{\"locationId\":\"loc\",\"key\":\"k\",\"firstObjectKey\":\"business\",\"secondObjectKey\":\"contact\"}}"}`},
		"data in another case":      {"restapi_object", `{"id":"a1","data":"{\"LocationId\":\"loc\",\"Key\":\"k\",\"FirstObjectKey\":\"business\",\"SecondObjectKey\":\"contact\"}"}`},
		"data before the answer":    {"restapi_object", `{"id":"a1","data":"{\"locationId\":\"loc\",\"key\":\"k\",\"firstObjectKey\":\"business\",\"secondObjectKey\":\"contact\"}","api_data":{"firstObjectKey":"contact","secondObjectKey":"business"}}`},
		"location in a query":       {"restapi_object", `{"id":"a1","path":"/v1/associations/","query_string":"locationId=loc&x=1","api_data":{` + fields + `}}`},
		"restful, complete":         {"restful_resource", `{"id":"/v1/associations/a1","body":{"value":{"locationId":"loc",` + fields + `},"type":["object",{}]},"output":{"value":{"id":"a1"},"type":["object",{}]}}`},
		"restful, output reduced":   {"restful_resource", `{"id":"/associations/a1/","body":{"value":{"locationId":"loc",` + fields + `},"type":["object",{}]},"output":{"value":{"key":"k"},"type":["object",{}]}}`},
		"restful, output hidden":    {"restful_resource", `{"id":"/x","output":null,"sensitive_output":{"value":{"association":{"id":"a1","locationId":"loc",` + fields + `}},"type":["object",{}]}}`},
		"restful, body as a string": {"restful_resource", `{"id":"/associations/a1","body":"{\"locationId\":\"loc\",\"key\":\"k\",\"firstObjectKey\":\"business\",\"secondObjectKey\":\"contact\"}"}`},
		"restful, query":            {"restful_resource", `{"id":"/associations/a1","create_query":{"locationId":["loc"]},"body":{"value":{` + fields + `},"type":["object",{}]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, failure := movedTo(t, &associationResource{}, test.sourceType, test.state, "id", "location_id", "key", "first_object_key", "second_object_key")
			if failure != "" {
				t.Fatal(failure)
			}
			wantMoved(t, got, want)
		})
	}
}

func TestMovedRelation(t *testing.T) {
	t.Parallel()
	const fields = `"associationId":"a1","firstRecordId":"r1","secondRecordId":"r2"`
	for name, test := range map[string]struct{ sourceType, state, id string }{
		"only data":                {"restapi_object", `{"id":"l1","data":"{\"locationId\":\"loc\",\"associationId\":\"a1\",\"firstRecordId\":\"r1\",\"secondRecordId\":\"r2\"}"}`, "l1"},
		"location in destroy_path": {"restapi_object", `{"id":"l1","destroy_path":"/associations/relations/{id}?locationId=loc","api_data":{` + fields + `}}`, "l1"},
		"location in a search":     {"restapi_object", `{"id":"l1","read_search":{"query_string":"skip=0&locationId=loc"},"api_data":{` + fields + `}}`, "l1"},
		"restful, complete":        {"restful_resource", `{"id":"/associations/relations/r1","body":{"value":{"locationId":"loc",` + fields + `},"type":["object",{}]},"output":{"value":{"id":"l1"},"type":["object",{}]}}`, "l1"},
		"restful, no output":       {"restful_resource", `{"id":"/associations/relations/r1","body":{"value":{"locationId":"loc",` + fields + `},"type":["object",{}]}}`, ""},
		"restful, not read":        {"restful_resource", `{"id":"/associations/relations","body":{"value":{"locationId":"loc",` + fields + `},"type":["object",{}]}}`, ""},
		"restful, delete_query":    {"restful_resource", `{"id":"/associations/relations/r1","delete_query":{"locationId":["loc"]},"body":{"value":{` + fields + `},"type":["object",{}]}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, failure := movedTo(t, &relationResource{}, test.sourceType, test.state, "id", "location_id", "association_id", "first_record_id", "second_record_id")
			if failure != "" {
				t.Fatal(failure)
			}
			wantMoved(t, got, map[string]string{"id": test.id, "location_id": "loc", "association_id": "a1", "first_record_id": "r1", "second_record_id": "r2"})
		})
	}
}

// For an object with a name or a key, the state needs only the id, the name or the key. The path of the create request
// determines the kind of object.
func TestMovedNamed(t *testing.T) {
	t.Parallel()
	value, pet, field, folder := newCustomValueResource(), newCustomObjectResource(), newCustomFieldResource(), newCustomFieldFolderResource()
	const values = `"path":"/locations/loc/customValues"`
	for name, test := range map[string]struct {
		target             resource.ResourceWithMoveState
		sourceType, source string
		want               map[string]string
	}{
		"value, wrapped answer": {
			value, "restapi_object", `{"id":"x","path":"/v1/locations/loc/customValues/","data":"{\"name\":\"Motto\"}","api_data":{"customValue":"map[id:v1]"},"api_response":"{\"customValue\":{\"id\":\"v1\"}}"}`,
			map[string]string{"id": "v1", "location_id": "loc", "name": ""},
		},
		"value, location in answer": {value, "restapi_object", `{"id":"v1","path":"/locations/x/customValues","api_response":"{\"customValue\":{\"locationId\":\"loc\"}}"}`, map[string]string{"id": "v1", "location_id": "loc"}},
		"value, escaped ids":        {value, "restful_resource", `{"id":"/locations/l%20c/customValues/v%2F1","path":"/locations/l%20c/customValues"}`, map[string]string{"id": "v/1", "location_id": "l c"}},
		"value, id of a list":       {value, "restful_resource", `{"id":"/locations/loc/customValues",` + values + `,"body":{"value":{"name":"Motto"},"type":["object",{}]}}`, map[string]string{"id": "", "location_id": "loc", "name": "Motto"}},
		"value, hidden output":      {value, "restful_resource", `{"id":"/x",` + values + `,"sensitive_output":{"value":{"customValue":{"id":"v1"}},"type":["object",{}]}}`, map[string]string{"id": "v1", "location_id": "loc"}},
		"object, by key":            {pet, "restapi_object", `{"id":"custom_objects.pet","path":"/objects","create_path":"/objects/?locationId=loc","data":"{\"key\":\"pet\"}"}`, map[string]string{"id": "", "location_id": "loc", "key": "pet", "deletion_policy": "protect"}},
		"object, id in answer":      {pet, "restapi_object", `{"id":"custom_objects.pet","path":"/objects/","api_response":"{\"object\":{\"id\":\"o1\",\"locationId\":\"loc\"}}"}`, map[string]string{"id": "o1", "location_id": "loc", "key": ""}},
		"object, by key in path":    {pet, "restful_resource", `{"id":"/objects/custom_objects.pet","path":"/objects/","body":{"value":{"locationId":"loc","key":"custom_objects.pet"},"type":["object",{}]}}`, map[string]string{"id": "", "key": "custom_objects.pet"}},
		"field, id of a list":       {field, "restful_resource", `{"id":"/custom-fields/object-key/custom_objects.pet","path":"/custom-fields/","read_query":{"locationId":["loc"]},"output":{"value":{"id":"f1"},"type":["object",{}]}}`, map[string]string{"id": "f1", "location_id": "loc"}},
		"field, by key":             {field, "restful_resource", `{"id":"/custom-fields/object-key/business","path":"/custom-fields","body":{"value":{"locationId":"loc","objectKey":"business","fieldKey":"age"},"type":["object",{}]}}`, map[string]string{"id": "", "object_key": "business", "key": "age"}},
		"folder, read as a field":   {folder, "restful_resource", `{"id":"/custom-fields/d1","path":"/custom-fields/folder","body":{"value":{"locationId":"loc"},"type":["object",{}]}}`, map[string]string{"id": "d1", "location_id": "loc"}},
		"folder, path in create":    {folder, "restapi_object", `{"id":"d1","path":"/custom-fields","create_path":"/custom-fields/folder","data":"{\"locationId\":\"loc\"}"}`, map[string]string{"id": "d1", "location_id": "loc"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, failure := movedTo(t, test.target, test.sourceType, test.source, slices.Collect(maps.Keys(test.want))...)
			if failure != "" {
				t.Fatal(failure)
			}
			wantMoved(t, got, test.want)
		})
	}
}

// If a state lacks attributes, the error lists them. The framework refuses a state of
// another resource type.
func TestMovedRefused(t *testing.T) {
	t.Parallel()
	const takeOver = `Specify another resource as the source. Or, instead of using a moved block, remove the old resource from the state with a removed block (lifecycle { destroy = false }), and import the object with an import block.`
	for name, test := range map[string]struct {
		target             resource.ResourceWithMoveState
		sourceType, source string
		want               string
	}{
		"no location": {
			&associationResource{}, "restapi_object", `{"id":"a1","data":"{\"key\":\"k\",\"firstObjectKey\":\"a\",\"secondObjectKey\":\"b\"}"}`,
			"The state of the restapi_object lacks what an association needs: location_id. " + takeOver,
		},
		"no attributes": {
			&relationResource{}, "restful_resource", `{"id":"/x"}`,
			"The state of the restful_resource lacks what a relation needs: association_id, first_record_id, location_id, second_record_id. " + takeOver,
		},
		"a relation": {
			&associationResource{}, "restful_resource", `{"id":"/x","body":{"value":{"associationId":"a"},"type":"x"}}`,
			"The state of the restful_resource holds a relation, which must be moved to a ghl_relation. " + takeOver,
		},
		"a folder as a field": {
			newCustomFieldResource(), "restapi_object", `{"id":"d1","path":"/custom-fields/folder/","data":"{\"locationId\":\"loc\"}"}`,
			"The state of the restapi_object holds a custom field folder, which must be moved to a ghl_custom_field_folder. " + takeOver,
		},
		"a contact": {
			newCustomValueResource(), "restful_resource", `{"id":"/contacts/c1","path":"/contacts","body":{"value":{"locationId":"loc","name":"A"},"type":"x"}}`,
			`The state of the restful_resource holds an object that was created at "/contacts". A custom value is created at /locations/{location_id}/customValues. ` + takeOver,
		},
		"an object with neither id nor key": {
			newCustomObjectResource(), "restful_resource", `{"id":"/objects","path":"/objects/","body":{"value":{},"type":"x"}}`,
			"The state of the restful_resource lacks what a custom object needs: key, location_id. " + takeOver,
		},
		"another type": {&relationResource{}, "terraform_data", `{"id":"x"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, failure := movedTo(t, test.target, test.sourceType, test.source, "id")
			if failure != test.want || got["id"] != "" {
				t.Errorf("got %v and %q, want %q", got, failure, test.want)
			}
		})
	}
}
