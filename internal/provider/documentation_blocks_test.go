package provider_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// blockTests are the tests that run the blocks of a section exactly as printed, by page and heading. The file of each test
// contains the name of the page.
var blockTests = map[string]map[string]string{
	"README.md":                     {"Try it without an account": "TestAccGuide_fourCommands"},
	"docs/index.md":                 {"Five minutes": "TestAccGuide_fiveMinutes", "An agency": "TestAccGuide_indexAgency"},
	"docs/guides/adopt.md":          {"Rows in files": "TestAccGuide_adopt", "Query with Terraform 1.14 and newer": "TestAccGuide_adopt", "One object at a time": "TestAccGuide_adopt", "What changes afterwards in HighLevel": "TestAccGuide_adopt"},
	"docs/guides/agency.md":         {"A list of your own": "TestAccGuide_agency", "Leaving a sub-account": "TestAccGuide_agency", "When one sub-account fails": "TestAccGuide_agency"},
	"docs/guides/drift.md":          {"": "TestAccGuide_drift", "The script": "TestAccGuide_drift", "A daily job": "TestAccGuide_drift"},
	"docs/guides/engines.md":        {"Without a registry": "TestAccGuide_mirror"},
	"docs/guides/fleet.md":          {"Make the groups": "TestAccFleet_groups", "Jobs of a pipeline": "TestAccFleet_moveInState", "Move a sub-account to another group": "TestAccFleet_moveInState"},
	"docs/guides/model.md":          {"One sub-account": "TestAccGuide_modelAsPrinted", "Many sub-accounts": "TestAccGuide_modelAsPrinted", "An existing account": "TestAccGuide_modelAdopted"},
	"docs/guides/testing.md":        {"With a mock": "TestAccGuide_testing", "In the sandbox": "TestAccGuide_testing"},
	"docs/guides/sandbox.md":        {"Apply a configuration of your own": "TestAccGuide_sandbox", "Change something behind its back": "TestAccGuide_sandbox", "Clean up": "TestAccGuide_sandbox"},
	"docs/guides/relations.md":      {"Link the rows of a file": "TestAccGuide_relations", "List the rows without a record": "TestAccGuide_relations", "Adopt the relations that exist": "TestAccGuide_relationsAdopted"},
	"docs/guides/upgrading.md":      {"What a version promises": "TestAccGuide_upgrading", "Upgrade": "TestAccGuide_upgrading"},
	"docs/guides/authentication.md": {"An OAuth access token of an agency": "TestAccGuide_tokenCache", "Where a token goes": "TestAccGuide_ephemeralToken"},
	"docs/guides/generic-providers.md": {
		"An association": "TestAccGuide_genericProviders", "A relation": "TestAccGuide_genericProviders", "Many at once": "TestAccGuide_genericProviders",
		"An object, a field, a folder, a value": "TestAccGuide_genericProviders", "What is refused": "TestAccGuide_genericProviders",
	},
}

// fileTests are the tests that run the files of a guide's folder in examples/guides. TestAccExamples_apply applies all other examples
// on the pages.
var fileTests = map[string]string{
	"agency": "TestAccExamples_agency", "authentication": "TestGuide_tokenJob", "drift": "TestAccDrift", "fleet": "TestAccFleet_moveInState",
	"model": "TestAccGuide_model", "testing": "TestAccGuide_pipeline",
}

// notRun are the blocks that no test runs, by page and first words, with the reason. TestDocumentation_commands and
// TestAccDocumentation_configurations still check their syntax.
var notRun = map[string]map[string]string{
	"docs/index.md": {"                 first side": "is a drawing"},
	"docs/guides/authentication.md": {
		"export GHL_ACCESS_TOKEN=pit-...": "contains the reader's token", "export GHL_LOCATION_ACCESS_TOKENS=": "contains the reader's tokens",
	},
	"docs/guides/engines.md": {"terraform providers lock": "calls the registry"},
	"docs/guides/fleet.md":   {"cd terragrunt": "needs Terragrunt, whose files TestFleet_terragrunt reads"},
	"docs/guides/faults.md": {
		"moved {": "has placeholders from a message; TestAccRename_association runs such a block", "import {": "is printed by a message; TestAccExists_error runs such a block",
		"GHL_EXISTING_OBJECTS=adopt_identical terraform apply": "needs a killed apply; TestAccExisting_killed covers one",
		"terraform state rm ghl_relation.lesson":               "uses a resource that only the reader has",
	},
	"docs/guides/sandbox.md": {
		"git clone":          "clones this repository; .ci/run runs make demo",
		"make sandbox":       "starts the sandbox; TestGuide in internal/cmd/sandbox reads what it prints",
		"The sandbox is":     "is what TestGuide in internal/cmd/sandbox expects",
		"make dev":           "builds the provider; TestAccGuide_sandbox uses a build",
		"go run ./":          "starts sandboxes; TestGuide in internal/cmd/sandbox reads each of these command lines",
		"{\n  \"agencies\"":  "is a seed; TestServesASeed in internal/cmd/sandbox starts from it",
		"go run github.com/": "downloads a release; TestRunsACommand in internal/cmd/sandbox runs a command in a sandbox",
		"tar -xzf":           "unpacks a release; TestRunsACommand in internal/cmd/sandbox runs a command in a sandbox",
	},
}

// headings returns the blocks of a page by their second-level heading. The key "" is for blocks before the first heading.
func headings(page string) map[string][]block {
	found := map[string][]block{}
	for i, part := range strings.Split(page, "\n## ") {
		heading, body, _ := strings.Cut(part, "\n")
		if i == 0 {
			heading, body = "", part
		}
		if all := blocks(body); len(all) > 0 {
			found[heading] = all
		}
	}
	return found
}

// declaredTests returns the names of the test functions in this package, with the text of their files.
func declaredTests(t *testing.T) map[string]string {
	t.Helper()
	files, err := fs.Glob(os.DirFS("."), "*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		text := document(t, "internal", "provider", file)
		for _, name := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(text, -1) {
			found[name[1]] = text
		}
	}
	return found
}

// Each block of a guide is run by a test, or is listed in notRun with the reason.
func TestDocumentation_blocksAreTested(t *testing.T) {
	t.Parallel()
	declared, shown := declaredTests(t), pages(t)
	for page, sections := range blockTests {
		found := headings(shown[page])
		for heading, name := range sections {
			if len(found[heading]) == 0 {
				t.Errorf("%s has no blocks under %q", page, heading)
			}
			if !strings.Contains(declared[name], path.Base(page)) {
				t.Errorf("%s, %q: %s does not exist, or its file does not contain the name of the page", page, heading, name)
			}
		}
	}
	for guide, name := range fileTests {
		_ = entries(t, "examples/guides/"+guide) // fails if the folder does not exist
		if declared[name] == "" {
			t.Errorf("examples/guides/%s: there is no %s", guide, name)
		}
	}
	excused := map[string]bool{}
	for page, text := range shown {
		if page != "README.md" && page != "docs/index.md" && !strings.HasPrefix(page, "docs/guides/") {
			continue
		}
		for heading, all := range headings(text) {
			for _, b := range all {
				file, ofGuide := strings.CutPrefix(exampleOf(t, b.text), "guides/")
				folder, _, _ := strings.Cut(file, "/")
				reason := ""
				for beginning := range notRun[page] {
					if strings.HasPrefix(b.text, beginning) {
						reason, excused[page+beginning] = notRun[page][beginning], true
					}
				}
				switch {
				case ofGuide && fileTests[folder] != "", !ofGuide && file != "", reason != "", blockTests[page][heading] != "":
				default:
					t.Errorf("%s, %q: no test runs the block that begins with\n%.80s", page, heading, b.text)
				}
			}
		}
	}
	for page, beginnings := range notRun {
		for beginning := range beginnings {
			if !excused[page+beginning] {
				t.Errorf("%s has no block that begins with %q", page, beginning)
			}
		}
	}
}
