package provider_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A row without its object key changes nothing: the state keeps the object that it knows.
func TestAccCustomField_withoutObjectKey(t *testing.T) {
	a := petAccount(t, sandbox.Quirks{})
	e := a.localEngine(fieldFolder("health", "Health") + petField("age", "age", "NUMERICAL"))
	e.apply()
	folder, age := a.sandbox.FieldFolders(a.locationID)[1].ID, a.field("age")
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListCustomFields, Effect: sandbox.Answer(200, fmt.Sprintf(
		`{"fields":[{"id":%q,"name":"Age","dataType":"NUMERICAL","fieldKey":"age","parentId":%q,"showInForms":true}],"folders":[{"id":%q,"name":"Health"}]}`,
		age.ID, age.ParentID, folder))})
	e.plansNothing()
}
