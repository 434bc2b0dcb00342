package ghl

import "testing"

func TestScopes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		request
		want string
	}{
		{request{method: "GET", path: "/associations/"}, "associations.readonly"},
		{request{method: "GET", path: "/associations/key/relations"}, "associations.readonly"},
		{request{method: "PUT", path: "/associations/a1"}, "associations.write"},
		{request{method: "GET", path: "/associations/relations/r1"}, "associations/relation.readonly"},
		{request{method: "POST", path: "/associations/relations"}, "associations/relation.write"},
		{request{method: "GET", path: "/objects/"}, "objects/schema.readonly"},
		{request{method: "DELETE", path: "/objects/o1"}, "objects/schema.write"},
		{request{method: "POST", path: "/objects/custom_objects.pet/records/search"}, "objects/record.readonly"},
		{request{method: "GET", path: "/custom-fields/f1"}, "locations/customFields.readonly"},
		{request{method: "POST", path: "/custom-fields/folder"}, "locations/customFields.write"},
		{request{method: "GET", path: "/locations/loc/customValues"}, "locations/customValues.readonly"},
		{request{method: "DELETE", path: "/locations/loc/customValues/v1"}, "locations/customValues.write"},
		{request{method: "GET", path: "/contacts/search/duplicate"}, "contacts.readonly"},
		{request{method: "POST", path: "/oauth/locationToken"}, ""},
	} {
		if got := test.scope(); got != test.want {
			t.Errorf("%s %s needs %q, want %q", test.method, test.path, got, test.want)
		}
	}
}
