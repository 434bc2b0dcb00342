package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// modelByHand creates objects of each kind without the provider. Some of their texts must be escaped in a configuration.
func (a *account) modelByHand() {
	a.addCourse()
	folder := a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: "custom_objects.course", Name: `Time "table"`})
	a.sandbox.CustomFields().Add(sandbox.CustomField{
		LocationID: a.locationID, ObjectKey: "custom_objects.course", FieldKey: "custom_objects.course.days", Name: "Days ${x}", DataType: "MULTIPLE_OPTIONS",
		ParentID: folder.ID, Options: []sandbox.FieldOption{{Key: "monday", Label: "Monday"}, {Key: "friday", Label: "Friday"}},
	})
	a.sandbox.CustomFields().Add(sandbox.CustomField{
		LocationID: a.locationID, ObjectKey: "custom_objects.course", FieldKey: "custom_objects.course.plan", Name: "Plan", DataType: "FILE_UPLOAD",
		ParentID: folder.ID, AcceptedFormats: []string{".pdf"}, MaxFileLimit: 2,
	})
	a.addValue("Signature", "Yours,\n{{ user.first_name }} \"${x}\"")
}

// A query lists objects that people made by hand. The generated configuration imports the objects, and the next plan is empty.
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

// With literal keys, the engine does not know the order of deletion. If it deletes an object before its fields and
// associations, HighLevel deletes them too. One destroy must still remove everything.
func TestAccModel_destroyInAnyOrder(t *testing.T) {
	a := newSandboxAccount(t)
	a.clock = ghl.SystemClock() // the deletion of the folder must really wait for the object
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
		a.sandbox.AddFault(sandbox.Fault{Route: route, Count: 1, Effect: sandbox.Stall(300 * time.Millisecond)}) // so that the object is deleted first
	}
	says(t, e.destroy(), "4 destroyed")
	if n := len(a.sandbox.Objects().All(a.locationID)) + len(a.sandbox.CustomFields().All(a.locationID)); n != 0 {
		t.Errorf("%d objects and fields are left", n)
	}
	if strings.Contains(e.read("terraform.tfstate"), "custom_objects.course") {
		t.Error("something is left in the state")
	}
}

// Each sub-account of an agency has two objects, 20 fields, ten values and five associations. A plan costs at most seven
// requests and one token exchange for each sub-account, and no request exceeds the rate limit.
func TestAccModel_agency(t *testing.T) {
	schools := make([]string, sized(2, 20))
	a := newSandboxAccount(t, func(o *sandbox.Options) {
		o.RateLimit = sandbox.RateLimit{Max: 100, Interval: 10 * time.Second}
		o.Agencies = []sandbox.Agency{{CompanyID: agencyCompany, AppID: agencyApp, Token: "agency-" + canary + "-" + randomText(8), ExchangedPrefix: "exchanged-" + canary}}
		for i := range schools {
			schools[i] = fmt.Sprintf("loc-%d", i)
			o.Locations = append(o.Locations, sandbox.Location{ID: schools[i], CompanyID: agencyCompany})
		}
	})
	e := a.engine("provider \"ghl\" {}\nmodule \"model\" {\n  source = \"./model\"\n  for_each = toset([\"" + strings.Join(schools, `", "`) + "\"])\n\n  location_id = each.key\n}\n")
	delete(e.env, "GHL_ACCESS_TOKEN")
	delete(e.env, "GHL_LOCATION_ID")
	useAgency(a, e)
	e.withModel()
	e.write("model/more.tf", `
resource "ghl_custom_field" "more" {
  count       = 10
  location_id = var.location_id
  object_key  = ghl_custom_object.all["course"].object_key
  key         = "more_${count.index}"
  name        = "More ${count.index}"
  data_type   = "TEXT"
}
resource "ghl_custom_value" "more" {
  count       = 5
  location_id = var.location_id
  name        = "More ${count.index}"
  value       = count.index
}
resource "ghl_association" "more" {
  count               = 2
  location_id         = var.location_id
  key                 = "more_${count.index}"
  first_object_key    = ghl_custom_object.all["course"].object_key
  first_object_label  = "Course ${count.index}"
  second_object_key   = "opportunity"
  second_object_label = "Deal ${count.index}"
}
`)
	e.succeeds("get", "-no-color")
	says(t, e.apply(), fmt.Sprintf("%d added, 0 changed, 0 destroyed", 40*len(schools)))
	for _, r := range a.requests() {
		if r.Status == http.StatusTooManyRequests {
			t.Errorf("%s %s exceeded the rate limit", r.Method, r.Path)
		}
	}
	a.forget()
	e.plansNothing()
	exchanges := len(a.requests(sandbox.RouteExchange))
	if reads := len(a.requests()) - exchanges; exchanges != len(schools) || reads > 7*len(schools) {
		t.Errorf("%d reads and %d exchanges, want at most 7 and one for each of %d sub-accounts", reads, exchanges, len(schools))
	}
}
