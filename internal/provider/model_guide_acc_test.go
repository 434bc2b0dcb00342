package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// withModel puts the module of the guide "A sub-account as code" beside the configuration.
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

// allowDeletion writes the deletion of its objects into the module.
func (e *engine) allowDeletion() {
	e.t.Helper()
	main := e.read("model/main.tf")
	e.write("model/main.tf", strings.ReplaceAll(main, "  plural_label   =", "  deletion_policy = \"delete\"\n  plural_label   ="))
}

// The guide "A sub-account as code" says what happens: the module is created in one apply, plans empty, links records, refuses
// to destroy its objects, and goes in one destroy once that is allowed.
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

	e.write("main.tf", blockWith(t, "model.md", "  lessons = {"))
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

// blockWith is the first block of a guide that holds a text.
func blockWith(t *testing.T, guide, text string) string {
	t.Helper()
	for _, blocks := range guideSections(t, guide) {
		for _, b := range blocks {
			if strings.Contains(b.text, text) {
				return b.text
			}
		}
	}
	t.Fatalf("no block of %s has %q", guide, text)
	return ""
}

// The same for a list of sub-accounts: each costs what one does, and an exchange.
func TestAccGuide_modelOfMany(t *testing.T) {
	a, e := newSmallAgency(t, "provider \"ghl\" {}\nmodule \"model\" {\n  source = \"./model\"\n  for_each = toset([\"loc-school\", \"loc-other\"])\n\n  location_id = each.key\n}\n")
	useAgency(a, e)
	e.withModel()
	says(t, e.apply(), "46 added")
	a.forget()
	e.plansNothing()
	exchanges := len(a.requests(sandbox.RouteExchange))
	if n := len(a.requests()); exchanges != 2 || n > 2*(7+1) {
		t.Errorf("%d requests, %d exchanges among them; want at most 7 and an exchange for each sub-account", n, exchanges)
	}
}

// What a sub-account already has of the model is imported with the first apply, and the rest is created.
func TestAccGuide_modelAdopted(t *testing.T) {
	a := newSandboxAccount(t)
	if !engineHasManyImports() {
		t.Skip("this engine cannot repeat an import block with for_each, which came with Terraform and OpenTofu 1.7")
	}
	desk := a.addValue("Front Desk", "+1 555 0199")
	a.addValue("Nobody's", "stays")
	e := a.localEngine(blockWith(t, "model.md", `data "ghl_custom_values" "existing"`))
	says(t, e.apply(), "1 imported, 1 added, 1 changed, 0 destroyed")
	e.plansNothing()
	if rows := a.sandbox.CustomValues().All(a.locationID); rows[0].ID != desk.ID {
		t.Error("the value that was there has been replaced")
	}
	a.wantValues("Front Desk = +1 555 0100", "Nobody's = stays", "School Name = Example School")
}
