package provider_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// agencyOfGuides returns an account that contains the given sub-accounts of the guides' agency, and an engine that uses the
// agency's token.
func agencyOfGuides(t *testing.T, locations ...string) (*account, *engine) {
	t.Helper()
	a := exampleAccount(t, false)
	for _, id := range locations {
		a.sandbox.AddLocation(sandbox.Location{ID: id, CompanyID: agencyCompany})
	}
	e := a.engine("")
	e.withMirror()
	e.env["GHL_AGENCY_ACCESS_TOKEN"], e.env["GHL_COMPANY_ID"] = "agency-"+canary, agencyCompany
	delete(e.env, "GHL_ACCESS_TOKEN")
	delete(e.env, "GHL_LOCATION_ID")
	return a, e
}

// section returns the blocks of a section of a guide, and fails the test if there are none.
func section(t *testing.T, guide, heading string) []block {
	t.Helper()
	blocks := guideSections(t, guide)[heading]
	if len(blocks) == 0 {
		t.Fatalf("%s has no section %q, or the section has no blocks", guide, heading)
	}
	return blocks
}

// The example on the provider's page manages two sub-accounts of an agency with one provider block.
func TestAccGuide_indexAgency(t *testing.T) {
	a, e := agencyOfGuides(t, "ojQjykmwNIU88vfsfzvH")
	e.follow(section(t, filepath.Join("..", "index.md"), "An agency"), nil)
	e.plansNothing()
	for id, want := range map[string]string{exampleLocation: "+1 555 0100", "ojQjykmwNIU88vfsfzvH": "+1 555 0199"} {
		if values := a.sandbox.CustomValues().All(id); len(values) != 1 || values[0].Value != want {
			t.Errorf("%s contains %v, want %s", id, values, want)
		}
	}
}

// The guide for agencies works as written, including the sections about leaving a sub-account and about a sub-account without
// the app.
func TestAccGuide_agency(t *testing.T) {
	needsManyImports(t)
	const left = "ojQjykmwNIU88vfsfzvH"
	a, e := agencyOfGuides(t, left, "Yh4bXZbGdvHcWuKvZpQe", "Q2vUFh6E1lJZcWzW3mTb")
	for _, heading := range []string{"The same associations everywhere", "A list of your own", "Taking over what exists", "Leaving a sub-account"} {
		e.follow(section(t, "agency.md", heading), nil)
	}
	e.remove("adopt.tf")
	e.write("terraform.tfvars", strings.Replace(e.read("terraform.tfvars"), "left_out = [", "left_out = [\n  \""+left+"\",", 1))
	a.forget()
	e.plansNothing()
	a.sandbox.SetInstalled(exampleLocation, false)
	e.follow(section(t, "agency.md", "When one sub-account fails"), nil)
	a.mustHaveWritten()
	if n := len(a.sandbox.Associations(left)); n != 2 {
		t.Errorf("the sub-account that left the set contains %d associations, want 2", n)
	}
}

// If the environment is set as in the guide on authentication, two runs exchange the token only once.
func TestAccGuide_tokenCache(t *testing.T) {
	a, e := agencyOfGuides(t)
	e.env["HOME"] = t.TempDir()
	var blocks []block
	for _, b := range section(t, "authentication.md", "An OAuth access token of an agency") {
		if exampleOf(t, b.text) == "" {
			blocks = append(blocks, b)
		}
	}
	e.follow(blocks, nil)
	e.write("main.tf", example(t, "provider", "provider.tf")+"data \"ghl_objects\" \"all\" {\n  location_id = \""+exampleLocation+"\"\n}\n")
	for range 2 {
		e.shell(e.typed + "terraform init && terraform plan")
	}
	if n := len(a.requests(sandbox.RouteExchange)); n != 1 {
		t.Errorf("%d exchanges, want one for both runs", n)
	}
}

// A plan can use a token in an ephemeral variable, and does not contain the token.
func TestAccGuide_ephemeralToken(t *testing.T) {
	if !engineHasEphemeral() {
		t.Skip("this engine does not support ephemeral variables")
	}
	a := exampleAccount(t, false)
	e := a.engine("")
	e.withMirror()
	e.env["TF_VAR_ghl_token"] = a.token
	delete(e.env, "GHL_ACCESS_TOKEN")
	delete(e.env, "GHL_LOCATION_ID")
	e.follow(section(t, "authentication.md", "Where a token goes"), nil)
	e.write("provider.tf", strings.Replace(e.read("provider.tf"), "  access_token", "  base_url     = \""+a.baseURL+"\"\n  access_token", 1))
	e.write("main.tf", blockWith(t, "upgrading.md", "required_providers")+"data \"ghl_objects\" \"all\" {}\n\noutput \"objects\" {\n  value = length(data.ghl_objects.all.objects)\n}\n")
	e.shell("terraform init")
	e.succeeds("plan", "-no-color", "-out=saved.tfplan")
	e.revealsNothing(map[string]string{"saved.tfplan!tfplan": "objects"})
}

// The commands in the guide on drift work as a daily job.
func TestAccGuide_drift(t *testing.T) {
	for _, program := range []string{"jq", "bash"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("the guide needs " + program)
		}
	}
	a := exampleAccount(t, false)
	e := a.engine("")
	e.withMirror()
	e.env["GITHUB_STEP_SUMMARY"] = filepath.Join(t.TempDir(), "summary.md")
	for _, module := range []string{"shards/a", "shards/b"} {
		e.writeScript(module+"/main.tf", example(t, "provider", "provider.tf")+contacts("friend", "friend_"+filepath.Base(module), "Friend "+module, "Befriended"))
		e.shell("terraform -chdir=" + module + " init && terraform -chdir=" + module + " apply -auto-approve")
	}
	script := section(t, "drift.md", "The script")
	e.follow([]block{script[1], script[0]}, nil) // the guide shows the call of the script before the script
	e.follow(section(t, "drift.md", "A daily job"), nil)
	summary, err := os.ReadFile(e.env["GITHUB_STEP_SUMMARY"])
	if err != nil {
		t.Fatal(err)
	}
	const header = "| root module | sub-account | object | what differs |\n"
	if !strings.HasPrefix(string(summary), header) || !strings.HasPrefix(blocks(document(t, "docs", "guides", "drift.md"))[0].text, header) {
		t.Errorf("the job prints a different table than the guide:\n%s", summary)
	}
}

// treeLine matches one line of the folder layout of a mirror: the indentation and the name of a file or folder.
var treeLine = regexp.MustCompile(`(?m)^( *(?:└── )?)([\w./-]+)$`)

// With the folder layout and the CLI configuration in the guide, the engine installs the provider from a folder.
func TestAccGuide_mirror(t *testing.T) {
	blocks := section(t, "engines.md", "Without a registry")
	a := exampleAccount(t, false)
	e := a.engine("")
	root := filepath.Join(t.TempDir(), "providers")
	var names []string
	for _, line := range treeLine.FindAllStringSubmatch(blocks[0].text, -1) {
		names = append(names, line[2])
	}
	if len(names) != 7 {
		t.Fatalf("the layout is %q, want a root folder, five folders and a file", names)
	}
	shown := names[0]
	names[0] = root
	if engineVersion().isTofu {
		names[1] = "registry.opentofu.org" // as the guide says
	}
	names[5] = strings.Replace(names[5], "linux_amd64", runtime.GOOS+"_"+runtime.GOARCH, 1)
	path := filepath.Join(names...)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(binaryDir, "terraform-provider-ghl"), path); err != nil {
		t.Fatal(err)
	}
	e.withMirror() // for the terraform command
	for i := range blocks {
		blocks[i].text = strings.ReplaceAll(blocks[i].text, shown, root)
	}
	e.write("main.tf", example(t, "provider", "provider.tf")+"data \"ghl_objects\" \"all\" {}\n")
	e.follow(blocks[1:], nil)
	delete(e.env, "TF_CLI_CONFIG_FILE")
	e.shell(e.typed + "terraform plan")
	if lock := e.read(".terraform.lock.hcl"); !strings.Contains(lock, `version     = "0.1.0"`) {
		t.Errorf("another version is installed:\n%s", lock)
	}
}

// courseAndValue returns a state in which generic providers manage a custom object and a custom value of the account.
func (a *account) courseAndValue() string {
	a.t.Helper()
	a.someModel()
	value := a.addValue("Office Phone", "+1 555 0100")
	objects := a.sandbox.Objects().All(a.locationID)
	course := objects[slices.IndexFunc(objects, func(o sandbox.Object) bool { return o.Key == "custom_objects.course" })]
	values := "/locations/" + a.locationID + "/customValues"
	asCourse := movable{id: course.ID, list: "/objects/", sent: `{"locationId":"` + a.locationID + `","key":"course"}`, answered: `{"object":{"id":"` + course.ID + `"}}`}
	asValue := movable{list: values, path: values + "/" + value.ID, sent: `{"name":"Office Phone"}`, answered: `{"customValue":{"id":"` + value.ID + `"}}`}
	var whole, other map[string]any
	for text, state := range map[string]*map[string]any{
		recorded(a.t, "restapi_association", asCourse.restapi): &whole, recorded(a.t, "restful_association", asValue.restful): &other,
	} {
		if err := json.Unmarshal([]byte(text), state); err != nil {
			a.t.Fatal(err)
		}
	}
	resources, _ := whole["resources"].([]any)
	others, _ := other["resources"].([]any)
	for name, resource := range map[string]any{"course": resources[0], "office_phone": others[0]} {
		attributes, _ := resource.(map[string]any)
		attributes["name"] = name
	}
	whole["resources"] = append(resources, others...)
	state, err := json.Marshal(whole)
	if err != nil {
		a.t.Fatal(err)
	}
	return string(state)
}

// Objects that generic providers manage can be moved the guide tells OpenTofu users to use this host, without a write to
// HighLevel.
func TestAccGuide_genericProviders(t *testing.T) {
	needsMoves(t)
	association := strings.Replace(example(t, "resources", "ghl_association", "resource.tf"), protected, unprotected, 1)
	imported := association + "import {\n  to = ghl_association.taught_by\n  id = \"" + exampleLocation + "/key:taught_by\"\n}\n"
	unchanged := func(map[string]any) {}
	for _, test := range []struct {
		heading string
		state   func(a *account) string
		beside  string
		says    []string
	}{
		{
			heading: "An association", state: func(*account) string { return recorded(t, "restapi_association", unchanged) },
			says: []string{"No changes."},
		},
		{
			heading: "A relation", beside: imported, state: func(*account) string { return recorded(t, "restful_relation", unchanged) },
			says: []string{"restful_resource.lesson has moved to ghl_relation.lesson", "1 to import, 0 to add, 0 to change, 0 to destroy"},
		},
		{
			heading: "An object, a field, a folder, a value", state: (*account).courseAndValue,
			says: []string{
				"restapi_object.course has moved to ghl_custom_object.course", "restful_resource.office_phone has moved to ghl_custom_value.office_phone",
				"0 to add, 0 to change, 0 to destroy",
			},
		},
		{
			heading: "Many at once",
			state: func(*account) string {
				return inEachOf(t, recorded(t, "restapi_relation", unchanged), "student-1", "student-2")
			},
			beside: imported + `variable "lessons" {
  default = {
    student-1 = { student = "student-1", teacher = "teacher-1" }
    student-2 = { student = "student-2", teacher = "teacher-1" }
  }
}
`,
			says: []string{`restapi_object.lesson["student-2"] has moved to ghl_relation.lesson["student-2"]`, "1 to import, 0 to add, 0 to change, 0 to destroy"},
		},
		{
			heading: "What is refused", beside: association, state: func(*account) string { return recorded(t, "restapi_association", unchanged) },
			says: []string{"1 to import, 0 to add, 0 to change, 0 to destroy"},
		},
	} {
		t.Run(test.heading, func(t *testing.T) {
			a := exampleAccount(t, false)
			a.sandbox.AddAssociation(taughtBy(exampleLocation))
			for _, student := range []string{"student-1", "student-2"} {
				a.sandbox.AddRelation(sandbox.Relation{LocationID: exampleLocation, AssociationID: exampleAssociation, FirstRecordID: student, SecondRecordID: "teacher-1"})
			}
			e := a.engine("")
			e.withMirror()
			e.write("terraform.tfstate", strings.ReplaceAll(test.state(a), "loc-school", exampleLocation))
			if test.heading != "An association" { // the section "An association" shows a complete configuration
				e.write("beside.tf", example(t, "provider", "provider.tf")+test.beside)
			}
			e.follow(section(t, "generic-providers.md", test.heading), nil)
			says(t, e.shell("terraform init && terraform plan"), test.says...)
			a.mustHaveWritten()
		})
	}
}

// The model can be created as the guide shows it, in one sub-account and in two.
func TestAccGuide_modelAsPrinted(t *testing.T) {
	one := section(t, "model.md", "One sub-account")
	t.Run("One sub-account", func(t *testing.T) {
		e := exampleAccount(t, false).engine("")
		e.withModel()
		e.withMirror()
		e.follow(one, nil)
		e.plansNothing()
	})
	t.Run("Many sub-accounts", func(t *testing.T) {
		_, e := agencyOfGuides(t, "ojQjykmwNIU88vfsfzvH")
		e.withModel()
		e.write("versions.tf", one[0].text)
		e.follow(section(t, "model.md", "Many sub-accounts"), nil)
		e.plansNothing()
	})
}

// The commands in the guide on upgrading install a version that the constraint allows, and the plan succeeds.
func TestAccGuide_upgrading(t *testing.T) {
	e := exampleAccount(t, false).engine("")
	e.withMirror()
	e.follow(section(t, "upgrading.md", "What a version promises"), nil)
	e.write("main.tf", "provider \"ghl\" {}\n\ndata \"ghl_objects\" \"all\" {}\n")
	e.follow(section(t, "upgrading.md", "Upgrade"), nil)
	if lock := e.read(".terraform.lock.hcl"); !strings.Contains(lock, `constraints = "~> 0.1.0"`) {
		t.Errorf("the lock file does not contain the constraint:\n%s", lock)
	}
}

// needsTests skips a test if the engine cannot test a configuration with mocks.
func needsTests(t *testing.T) {
	t.Helper()
	if !engineSince(7, 8) {
		t.Skip("mock_provider needs Terraform 1.7 or OpenTofu 1.8")
	}
}

// The tests in the guide pass with a mock, which makes no calls, and in the sandbox. The tests leave no objects behind.
func TestAccGuide_testing(t *testing.T) {
	needsTests(t)
	a := exampleAccount(t, false)
	e := a.engine("")
	e.withMirror()
	e.follow(section(t, "testing.md", "The configuration"), nil)
	e.follow(section(t, "testing.md", "With a mock"), nil)
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests with a mock, want none", n)
	}
	e.follow(section(t, "testing.md", "In the sandbox"), nil)
	if rows := a.sandbox.Associations(a.locationID); len(rows) != 0 {
		t.Errorf("the tests leave %+v", rows)
	}
	a.mustHaveWritten(`POST /associations/ .*`, `POST /associations/relations .*`, `PUT /associations/.* .*Instructor.*`, `DELETE /associations/relations/.*`, `DELETE /associations/.*`)

	// The test in the guide fails if a new label replaces the association.
	e.write("main.tf", strings.Replace(e.read("main.tf"), `"taught_by"
  first_object_key`, `"taught_by_${lower(var.teacher_label)}"
  first_object_key`, 1))
	says(t, e.shell("! terraform test"), "The new label has replaced the association", "3 passed, 1 failed")
}

// All commands of the pipeline in the guide succeed, from the first check to the apply, in the sandbox of this test.
func TestAccGuide_pipeline(t *testing.T) {
	needsTests(t)
	a := exampleAccount(t, false)
	e := a.engine("")
	e.withMirror()
	e.remove("main.tf") // which is empty
	if err := os.CopyFS(e.dir, os.DirFS(filepath.Join(examples, "guides", "testing"))); err != nil {
		t.Fatal(err)
	}
	sandboxes := 0
	for _, step := range workflowCommand.FindAllStringSubmatch(document(t, "examples", "guides", "testing", "pipeline.yml"), -1) {
		program, command, ok := strings.Cut(step[1], "@v0.1.0 -- ")
		if !ok {
			command = step[1]
		} else {
			sandboxes++
			folder := strings.TrimPrefix(program, "go run github.com/terraform-provider-ghl/terraform-provider-ghl/")
			if _, err := os.Stat(filepath.Join(repository, folder, "main.go")); err != nil {
				t.Error(err)
			}
		}
		e.shell(command)
	}
	if rows := a.sandbox.Associations(a.locationID); sandboxes != 1 || len(rows) != 1 {
		t.Errorf("%d sandboxes were started, and the account contains %+v, want one sandbox and the applied association", sandboxes, rows)
	}
}
