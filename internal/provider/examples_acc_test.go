package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	examples = "../../examples"

	// Ids and attributes in the examples.
	exampleLocation    = "ve9EPM428h8vShlRW1KT"
	exampleAssociation = "68d2c5f0a1b2c3d4e5f60718"
	exampleRelation    = "68d2c5f0a1b2c3d4e5f60719"
	agencyAccessToken  = "agency_access_token" // in a comment of each example that needs it
	exampleApp         = "6578278e879ad2646715ba9c"
)

// taughtBy and lesson are the association and the relation in the examples, in the guides
// and in the recorded states of other providers.
func taughtBy(locationID string) sandbox.Association {
	return sandbox.Association{
		ID: exampleAssociation, LocationID: locationID, Key: "taught_by",
		FirstObjectKey: "custom_objects.student", FirstObjectLabel: "Student", SecondObjectKey: "custom_objects.teacher", SecondObjectLabel: "Teacher",
	}
}

func lesson(locationID string) sandbox.Relation {
	return sandbox.Relation{
		ID: exampleRelation, LocationID: locationID, AssociationID: exampleAssociation, FirstRecordID: "student-1", SecondRecordID: "teacher-1",
	}
}

// exampleAccount is a sub-account. If filled is set, it contains the objects that examples
// read but do not create.
func exampleAccount(t *testing.T, filled bool) *account {
	t.Helper()
	a := newSandboxAccount(t, func(o *sandbox.Options) {
		o.Agencies = []sandbox.Agency{{CompanyID: agencyCompany, AppID: exampleApp, Token: "agency-" + canary}}
		o.Locations[0].ID, o.Locations[0].CompanyID = exampleLocation, agencyCompany
	})
	if filled {
		a.sandbox.AddAssociation(taughtBy(a.locationID))
		a.sandbox.AddRecord(a.locationID, "ada", "contact", map[string]any{"email": "ada@example.com"})
		a.sandbox.AddRecord(a.locationID, "algebra", "custom_objects.course", map[string]any{"title": "Algebra I"})
	}
	return a
}

func example(t *testing.T, elements ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{examples}, elements...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// exampleFiles returns the examples that match a pattern, by the name of the type that they
// show.
func exampleFiles(t *testing.T, pattern string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(examples, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no examples at %s: %v", pattern, err)
	}
	found := map[string]string{}
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path))
		if _, further, ok := strings.Cut(filepath.Base(path), "resource_"); ok {
			name += " " + further
		}
		found[name] = example(t, strings.TrimPrefix(filepath.ToSlash(path), examples+"/"))
	}
	return found
}

// Every example of a resource, a data source or an ephemeral resource can be applied
// unchanged, together with the example of the provider. The next plan is empty, and a
// destroy removes the created objects.
func TestAccExamples_apply(t *testing.T) {
	for pattern, reads := range map[string]bool{
		"resources/*/resource.tf": false, "resources/*/resource_*.tf": false, "data-sources/*/data-source.tf": true, "ephemeral-resources/*/ephemeral-resource.tf": true,
	} {
		for name, configuration := range exampleFiles(t, pattern) {
			t.Run(pattern+" "+name, func(t *testing.T) {
				if strings.HasPrefix(pattern, "ephemeral") && !engineHasEphemeral() {
					t.Skip("this engine does not support ephemeral resources")
				}
				a := exampleAccount(t, reads)
				if !strings.Contains(configuration, `resource "ghl_custom_object"`) {
					a.addCourse()
				}
				if !reads && strings.Contains(configuration, `= "taught_by"`) && !strings.Contains(configuration, `resource "ghl_association"`) {
					a.sandbox.AddAssociation(taughtBy(a.locationID))
				}
				e := a.engine(configuration)
				if strings.Contains(configuration, agencyAccessToken) {
					e.env["GHL_AGENCY_ACCESS_TOKEN"], e.env["GHL_COMPANY_ID"] = "agency-"+canary, agencyCompany
				}
				for _, file := range fileFunction.FindAllStringSubmatch(configuration, -1) {
					resourceType, _, _ := strings.Cut(name, " ")
					e.write(file[1], example(t, "resources", resourceType, file[1]))
				}
				e.write("provider.tf", example(t, "provider", "provider.tf"))
				e.apply()
				e.plansNothing()
				if lifted := strings.NewReplacer(protected, unprotected, protectPolicy, deletePolicy).Replace(configuration); lifted != configuration {
					e.write("main.tf", lifted)
					e.apply()
				}
				if strings.HasPrefix(pattern, "resources") {
					e.destroy()
				}
			})
		}
	}
}

// The module in the guide for agencies can be applied with the values in the guide.
func TestAccExamples_agency(t *testing.T) {
	needsManyImports(t)
	a := exampleAccount(t, false)
	others := []string{"ojQjykmwNIU88vfsfzvH", "Yh4bXZbGdvHcWuKvZpQe", "Q2vUFh6E1lJZcWzW3mTb"}
	for _, id := range others {
		a.sandbox.AddLocation(sandbox.Location{ID: id, CompanyID: agencyCompany})
	}
	e := a.engine("")
	e.env["GHL_AGENCY_ACCESS_TOKEN"], e.env["GHL_COMPANY_ID"] = "agency-"+canary, agencyCompany
	delete(e.env, "GHL_ACCESS_TOKEN")
	delete(e.env, "GHL_LOCATION_ID")
	for _, name := range []string{"main.tf", "variables.tf", "check.tf", "adopt.tf", "terraform.tfvars"} {
		e.write(name, example(t, "guides", "agency", name))
	}
	output := e.apply()
	says(t, output, "6 added, 0 changed, 0 destroyed")
	doesNotSay(t, output, "Warning: Check block")
	e.plansNothing()
	for id, want := range map[string]int{exampleLocation: 2, others[0]: 2, others[1]: 2, others[2]: 0} {
		if rows := a.sandbox.Associations(id); len(rows) != want {
			t.Errorf("%s holds %v, want %d", id, rows, want)
		}
	}
}

// Every example of a list finds the existing objects.
func TestAccExamples_list(t *testing.T) {
	needsQuery(t)
	for name, configuration := range exampleFiles(t, "list-resources/*/list-resource.tfquery.hcl") {
		t.Run(name, func(t *testing.T) {
			a := exampleAccount(t, true)
			a.sandbox.AddRelation(lesson(a.locationID))
			a.sandbox.Objects().Add(sandbox.Object{ID: exampleAssociation, LocationID: a.locationID, Key: "custom_objects.pet"})
			a.sandbox.CustomValues().Add(sandbox.CustomValue{ID: exampleAssociation, LocationID: a.locationID, Name: "Office Phone"})
			a.addCourse()
			wanted := exampleAssociation
			switch name {
			case "ghl_searchable_properties":
				wanted = "object_key=custom_objects.course"
			case "ghl_record_relations":
				wanted = "record_id=teacher-1"
			case "ghl_custom_field_folder":
				wanted = a.sandbox.FieldFolders().All(a.locationID)[0].ID
			default:
				a.sandbox.CustomFields().Add(sandbox.CustomField{ID: exampleAssociation, LocationID: a.locationID, ObjectKey: "custom_objects.course", FieldKey: "custom_objects.course.fee", Name: "Fee", DataType: "TEXT"})
			}
			e := a.engine(example(t, "provider", "provider.tf"))
			e.write("list.tfquery.hcl", configuration)
			says(t, e.succeeds("query", "-no-color"), "list."+name+".", wanted)
		})
	}
}

// The import examples work, as blocks and as commands. They import the objects that the
// example of the resource manages.
func TestAccExamples_import(t *testing.T) {
	const anAssociation, aRelation, aSet = "ghl_association", "ghl_relation", "ghl_record_relations"
	associationBlock := example(t, "resources", anAssociation, "import-by-string-id.tf")
	account := func(t *testing.T) *account {
		t.Helper()
		a := exampleAccount(t, true)
		a.sandbox.AddRelation(lesson(a.locationID))
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: exampleAssociation, FirstRecordID: "student-2", SecondRecordID: "teacher-1"})
		return a
	}
	configuration := func(resourceType string) string {
		return strings.ReplaceAll(example(t, "resources", resourceType, "resource.tf"), protected, unprotected)
	}
	for _, test := range []struct{ name, resourceType, block, imported string }{
		{"association by id", anAssociation, associationBlock, "1 imported, 0 added, 0 changed, 0 destroyed"},
		{"association by identity", anAssociation, example(t, "resources", anAssociation, "import-by-identity.tf"), "1 imported, 0 added, 0 changed, 0 destroyed"},
		{"relation by id", aRelation, associationBlock + example(t, "resources", aRelation, "import-by-string-id.tf"), "2 imported, 0 added, 0 changed, 0 destroyed"},
		{"relation by identity", aRelation, associationBlock + example(t, "resources", aRelation, "import-by-identity.tf"), "2 imported, 0 added, 0 changed, 0 destroyed"},
		{"relations of a record by id", aSet, associationBlock + example(t, "resources", aSet, "import-by-string-id.tf"), "2 imported, 0 added, 0 changed, 0 destroyed"},
		{"relations of a record by identity", aSet, associationBlock + example(t, "resources", aSet, "import-by-identity.tf"), "2 imported, 0 added, 0 changed, 0 destroyed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.Contains(test.block, "identity") && !engineHasIdentity() {
				t.Skip("resource identities need Terraform or OpenTofu 1.12")
			}
			a := account(t)
			e := a.engine(configuration(test.resourceType) + test.block)
			says(t, e.apply(), test.imported)
			e.plansNothing()
			a.mustHaveWritten()
		})
	}
	for _, resourceType := range []string{anAssociation, aRelation, aSet} {
		t.Run(resourceType+" by command", func(t *testing.T) {
			a := account(t)
			e := a.engine(configuration(resourceType))
			var imports int
			for line := range strings.Lines(example(t, "resources", resourceType, "import.sh")) {
				fields := strings.Fields(strings.ReplaceAll(line, "'", ""))
				if len(fields) != 4 || fields[0] != "terraform" || fields[1] != "import" {
					continue
				}
				imports++
				e.succeeds("import", "-no-color", fields[2], fields[3])
				e.succeeds("state", "rm", fields[2])
			}
			if imports == 0 {
				t.Error("no command in import.sh")
			}
			a.mustHaveWritten()
		})
	}
}
