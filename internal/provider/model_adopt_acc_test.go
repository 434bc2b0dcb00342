package provider_test

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// modelByHand makes something of each kind behind the provider's back, with texts that have to be escaped.
func (a *account) modelByHand() {
	a.addCourse()
	folder := a.sandbox.AddFieldFolder(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: "custom_objects.course", Name: `Time "table"`})
	a.sandbox.AddCustomField(sandbox.CustomField{
		LocationID: a.locationID, ObjectKey: "custom_objects.course", FieldKey: "custom_objects.course.days", Name: "Days ${x}", DataType: "MULTIPLE_OPTIONS",
		ParentID: folder.ID, Options: []sandbox.FieldOption{{Key: "monday", Label: "Monday"}, {Key: "friday", Label: "Friday"}},
	})
	a.sandbox.AddCustomField(sandbox.CustomField{
		LocationID: a.locationID, ObjectKey: "custom_objects.course", FieldKey: "custom_objects.course.plan", Name: "Plan", DataType: "FILE_UPLOAD",
		ParentID: folder.ID, AcceptedFormats: []string{".pdf"}, MaxFileLimit: 2,
	})
	a.addValue("Signature", "Yours,\n{{ user.first_name }} \"${x}\"")
}

// What was clicked together is listed by a query, whose configuration imports it and plans empty.
func TestAccModel_query(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	a.modelByHand()
	e := a.localEngine("")
	lists := query("ghl_custom_object", "all", "") + query("ghl_custom_value", "all", "") +
		query("ghl_custom_field", "all", "", `object_key = "custom_objects.course"`) +
		query("ghl_custom_field_folder", "all", "", `object_key = "custom_objects.course"`)
	e.write("all.tfquery.hcl", lists)
	e.succeeds("query", "-no-color", "-generate-config-out=generated.tf")
	says(t, e.apply(), "8 imported, 0 added, 0 changed, 0 destroyed")
	e.plansNothing()
	a.mustHaveWritten()
}

// Literal keys tell the engine no order: an object may be deleted before its fields and associations, which are gone by then.
// One destroy is enough.
func TestAccModel_destroyInAnyOrder(t *testing.T) {
	a := newSandboxAccount(t)
	a.modelByHand()
	blocks := `
resource "ghl_custom_object" "course" {
  key                      = "course"
  singular_label           = "Course"
  plural_label             = "Courses"
  deletion_policy          = "delete"
  primary_display_property = { key = "title", name = "Name", data_type = "TEXT" }
}
resource "ghl_custom_field" "level" {
  object_key = "custom_objects.course"
  key        = "level"
  name       = "Level"
  data_type  = "TEXT"
}
resource "ghl_custom_field_folder" "time" {
  object_key = "custom_objects.course"
  name       = "Time \"table\""
}
` + association("taught", a.key("taught"), side{"custom_objects.course", "Course"}, side{"contact", "Teacher"})
	e := a.localEngine(blocks + importBlock("ghl_custom_object.course", "key:course") + importBlock("ghl_custom_field.level", "key:custom_objects.course.level") +
		importBlock("ghl_custom_field_folder.time", `name:custom_objects.course/Time "table"`))
	says(t, e.apply(), "3 imported, 1 added")
	e.write("main.tf", blocks)
	e.plansNothing()
	for _, route := range []string{sandbox.RouteDeleteCustomField, sandbox.RouteDeleteAssociation, sandbox.RouteDeleteFieldFolder} {
		a.sandbox.AddFault(sandbox.Fault{Route: route, Count: 1, Effect: sandbox.Stall(300 * time.Millisecond)}) // let the object be first
	}
	says(t, e.destroy(), "4 destroyed")
	if n := len(a.sandbox.Objects(a.locationID)) + len(a.sandbox.CustomFields(a.locationID)); n != 0 {
		t.Errorf("%d objects and fields are left", n)
	}
	if strings.Contains(e.read("terraform.tfstate"), "custom_objects.course") {
		t.Error("something is left in the state")
	}
}
