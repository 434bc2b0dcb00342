package provider_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// withModel writes the module of the guide "A sub-account as code" to a folder beside the configuration.
func (e *engine) withModel() {
	e.t.Helper()
	e.write("versions.tf", "terraform {\n  required_providers {\n    ghl = {\n      source = \"terraform-provider-ghl/ghl\"\n    }\n  }\n}\n")
	if err := os.MkdirAll(filepath.Join(e.dir, "model"), 0o700); err != nil {
		e.t.Fatal(err)
	}
	for _, name := range entries(e.t, "examples/guides/model") {
		e.write(filepath.Join("model", name), document(e.t, "examples", "guides", "model", name))
	}
	e.succeeds("get", "-no-color")
}

// allowDeletion sets the deletion_policy of the module's objects to "delete".
func (e *engine) allowDeletion() {
	e.t.Helper()
	main := e.read("model/main.tf")
	e.write("model/main.tf", strings.ReplaceAll(main, "  plural_label   =", "  deletion_policy = \"delete\"\n  plural_label   ="))
}

// The module in the guide "A sub-account as code" behaves as the guide says. One apply creates all objects, and the next plan
// is empty. A destroy fails until the module allows deletion, and then removes everything.
func TestAccGuide_model(t *testing.T) {
	a := newSandboxAccount(t, withQuirks(sandbox.Quirks{StrictObjects: true}))
	e := a.localEngine("module \"model\" {\n  source = \"./model\"\n}\n")
	e.withModel()
	output := e.apply()
	guide := document(t, "docs", "guides", "model.md")
	for _, closing := range []string{"Plan: 23 to add, 0 to change, 0 to destroy.", "Apply complete! Resources: 23 added, 0 changed, 0 destroyed."} {
		says(t, output, closing)
		says(t, guide, closing)
	}
	a.forget()
	e.plansNothing()
	if n := len(a.requests()); n > 7 {
		t.Errorf("%d requests for a plan of one sub-account, want at most 7", n)
	}

	e.write("main.tf", strings.Replace(blockWith(t, "model.md", "  lessons = {"), "provider \"ghl\" {}\n", "", 1))
	says(t, e.apply(), "1 added, 0 changed, 0 destroyed")
	e.plansNothing()
	says(t, e.fails("destroy", "-auto-approve", "-no-color"), "Unable to Destroy Custom Object", "deletion_policy")
	e.allowDeletion()
	e.apply()
	says(t, e.destroy(), "24 destroyed")
	if n := len(a.sandbox.Objects().All(a.locationID)) + len(a.sandbox.CustomFields().All(a.locationID)) + len(a.sandbox.CustomValues().All(a.locationID)); n != 0 {
		t.Errorf("%d objects, fields and values are left", n)
	}
}

// blockWith returns the first block of a guide that contains the text.
func blockWith(t *testing.T, guide, text string) string {
	t.Helper()
	for _, blocks := range guideSections(t, guide) {
		for _, b := range blocks {
			if strings.Contains(b.text, text) {
				return b.text
			}
		}
	}
	t.Fatalf("no block of %s contains %q", guide, text)
	return ""
}

// The module can also be used for several sub-accounts. Each sub-account costs as many requests as a single one, plus a token
// exchange.
func TestAccGuide_modelOfMany(t *testing.T) {
	a, e := newSmallAgency(t, "provider \"ghl\" {}\nmodule \"model\" {\n  source = \"./model\"\n  for_each = toset([\"loc-school\", \"loc-other\"])\n\n  location_id = each.key\n}\n")
	useAgency(a, e)
	e.withModel()
	says(t, e.apply(), "46 added")
	a.forget()
	e.plansNothing()
	exchanges := len(a.requests(sandbox.RouteExchange))
	if n := len(a.requests()); exchanges != 2 || n > 2*(7+1) {
		t.Errorf("%d requests including %d exchanges, want at most 7 reads and one exchange for each sub-account", n, exchanges)
	}
}

// someModel creates a part of the module's model by hand, and fields, values and associations that are not in the model. The
// account also contains objects that HighLevel makes: the folder and the primary field of the object, and an association.
func (a *account) someModel() {
	a.t.Helper()
	const course = "custom_objects.course"
	err := a.api().call(a.t.Context(), http.MethodPost, "/objects/", map[string]any{
		"locationId": a.locationID, "key": course, "labels": map[string]string{"singular": "Course", "plural": "Courses"},
		"primaryDisplayPropertyDetails": map[string]string{"key": "title", "name": "Title", "dataType": "TEXT"},
	}, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	folder := func(name string) string {
		return a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ObjectKey: course, Name: name}).ID
	}
	field := func(key, name, dataType, folder string) {
		a.sandbox.CustomFields().Add(sandbox.CustomField{
			LocationID: a.locationID, ObjectKey: course, FieldKey: course + "." + key, Name: name, DataType: dataType, ParentID: folder, ShowInForms: true,
		})
	}
	timetable := folder("Timetable")
	field("starts_on", "Starts on", "DATE", timetable)
	field("seats", "Seats", "NUMERICAL", timetable)
	field("theirs", "Theirs", "TEXT", timetable)
	a.addValue("Front Desk", "+1 555 0199")
	a.addValue("Nobody's", "stays")
	a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: "attended_by", FirstObjectKey: course, FirstObjectLabel: "Attended course", SecondObjectKey: "contact", SecondObjectLabel: "Participant",
	})
	a.addAssociation("of_their_own", "A", "B")
	a.addPlatformRow()
	a.forget()
}

// One apply imports the parts of the model that the sub-account already has, creates the rest, and leaves other objects
// unchanged. The import blocks remain: another field in the module is created, or imported if it exists.
func TestAccGuide_modelAdopted(t *testing.T) {
	needsManyImports(t)
	a := newSandboxAccount(t)
	a.someModel()
	e := a.engine("")
	e.withModel()
	e.withMirror()
	e.follow(guideSections(t, "model.md")["An existing account"], nil)
	for _, written := range a.writes() {
		if strings.HasPrefix(written, "DELETE") || strings.Contains(written, "heirs") || strings.Contains(written, "obody") {
			t.Errorf("%s was sent", written)
		}
	}
	a.wantValues("Front Desk = +1 555 0100", "Nobody's = stays", "Open From = 8:00", "Open Until = 17:30", "School Name = Example School", "Signature = Yours, {{ user.first_name }}")
	if n := len(e.stateIDs()); n != 23 {
		t.Errorf("%d resources are in the state, want the 23 of the module", n)
	}
	e.plansNothing()

	fields := e.read("model/fields.tf")
	e.write("model/fields.tf", strings.Replace(fields, "  fields = {\n", "  fields = {\n    \"course.theirs\" = { name = \"Theirs\", data_type = \"TEXT\" }\n    \"course.ours\" = { name = \"Ours\", data_type = \"TEXT\" }\n", 1))
	says(t, e.apply(), "1 imported, 1 added, 0 changed, 0 destroyed")
	e.plansNothing()
}
