package provider_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// configurations returns the blocks and examples in the configuration language, without
// duplicates. Its keys are their names.
func configurations(t *testing.T) map[string]string {
	t.Helper()
	found, seen := map[string]string{}, map[string]bool{}
	add := func(name, text string) {
		if !seen[text] {
			found[name], seen[text] = text, true
		}
	}
	for _, file := range exampleConfigurations(t) {
		if !strings.HasPrefix(file, "guides/") {
			add("examples/"+file, document(t, "examples", file))
		}
	}
	for name, page := range pages(t) {
		for i, b := range blocks(page) {
			if b.language == "terraform" || b.language == "hcl" {
				add(fmt.Sprintf("%s, block %d", name, i+1), b.text)
			}
		}
	}
	return found
}

func exampleConfigurations(t *testing.T) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(filepath.Join(repository, "examples")), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
			return err
		case slices.Contains([]string{".tf", ".hcl", ".tfvars"}, path.Ext(name)):
			files = append(files, name)
		case !slices.Contains([]string{".sh", ".json", ".yml", ".csv", ".gitignore"}, path.Ext(name)):
			t.Errorf("no test handles the example %s", name)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	return files
}

// Every configuration in the documentation is formatted, and valid for the engine under
// test. A fragment is completed first.
func TestAccDocumentation_configurations(t *testing.T) {
	schema, shown := providerSchema(t), configurations(t)
	t.Run("formatted", func(t *testing.T) { newSandboxAccount(t).attachedEngine("").mustBeFormatted(shown) })
	for name, text := range shown {
		t.Run(name, func(t *testing.T) {
			e := newSandboxAccount(t).attachedEngine("")
			e.write("rest.tf", restOf(schema, text))
			for _, named := range fileFunction.FindAllStringSubmatch(text, -1) {
				e.write(named[1], "{}")
			}
			switch {
			case strings.Contains(text, `"./model"`):
				t.Skip("calls the module of the guide; TestAccGuide_model applies both")
			case strings.HasPrefix(exampleOf(t, text), "guides/fleet/"):
				t.Skip("is part of a module that TestAccFleet applies, or of a Terragrunt file that TestFleet_terragrunt reads")
			case strings.Contains(text, "\nprovider_installation {") || isTest(text):
				t.Skip("is not a configuration; the engine reads it in TestAccGuide_mirror or TestAccGuide_testing")
			case isValues(text):
				t.Skip("values need the variables of their module; other tests apply both")
			case isQuery(text) && !engineHasQuery():
				t.Skip("listing resources needs Terraform 1.14")
			case isQuery(text):
				e.write("main.tfquery.hcl", text)
				e.succeeds("validate", "-no-color", "-query")
			case identityImport.MatchString(text) && !engineHasIdentity():
				t.Skip("resource identities need Terraform or OpenTofu 1.12")
			default:
				e.write("main.tf", text)
				e.validates(text)
			}
		})
	}
}

// The modules of the guides are formatted and valid.
func TestAccDocumentation_modules(t *testing.T) {
	for _, guide := range entries(t, "examples/guides") {
		t.Run(guide, func(t *testing.T) {
			e := newSandboxAccount(t).attachedEngine("")
			e.dir = filepath.Join(e.dir, guide)
			if err := os.CopyFS(e.dir, os.DirFS(filepath.Join(repository, "examples", "guides", guide))); err != nil {
				t.Fatal(err)
			}
			e.succeeds("fmt", "-check", "-diff", "-no-color", "-recursive")
			modules, err := fs.Glob(os.DirFS(e.dir), "*/main.tf")
			if err != nil {
				t.Fatal(err)
			}
			for _, main := range append(modules, "main.tf") {
				if main == "tfe/main.tf" {
					continue // TestAccFleet_workspaces runs this module with a stand-in for the module's provider
				}
				e.succeeds("-chdir="+path.Dir(main), "get", "-no-color")
				e.succeeds("-chdir="+path.Dir(main), "validate", "-no-color")
			}
		})
	}
}

// mustBeFormatted checks that the engine would not reformat the texts. It writes each as a
// .tf file, whatever its real extension.
func (e *engine) mustBeFormatted(texts map[string]string) {
	e.t.Helper()
	for name, text := range texts {
		e.write(regexp.MustCompile(`\W+`).ReplaceAllString(name, "_")+".tf", text)
	}
	if output, code := e.run("fmt", "-check", "-diff", "-no-color"); code != 0 {
		e.t.Errorf("not formatted:\n%s", output)
	}
}

// validates checks that a configuration is valid. If the configuration uses a generic provider, a
// stand-in replaces that provider.
func (e *engine) validates(text string) {
	e.t.Helper()
	if !strings.Contains(text, `resource "rest`) {
		e.succeeds("validate", "-no-color")
		return
	}
	e.withStandIns()
	e.succeeds("validate", "-no-color")
}

// isQuery, isTest and isValues report whether a text belongs in a .tfquery.hcl, .tftest.hcl or .tfvars file.
func isQuery(text string) bool  { return regexp.MustCompile(`(?m)^list "`).MatchString(text) }
func isTest(text string) bool   { return regexp.MustCompile(`(?m)^run "`).MatchString(text) }
func isValues(text string) bool { return regexp.MustCompile(`(?m)^\w+ *=`).MatchString(text) }

var (
	identityImport = regexp.MustCompile(`(?m)^  identity += `)
	fileFunction   = regexp.MustCompile(`\bfile\("([\w.]+)"\)`)

	declaration = regexp.MustCompile(`(?m)^(resource|data|ephemeral|variable) "(\w+)"(?: "(\w+)")?`)
	assignment  = regexp.MustCompile(`(?m)^  (\w+) += `)
	reference   = regexp.MustCompile(`\b(?:(var|local)\.|(?:(data|ephemeral)\.)?(ghl_\w+)\.)(\w+)(\[)?`)
)

// restOf returns what a fragment lacks: the source of the provider, and declarations of
// everything that the fragment refers to. All values are unknown.
func restOf(schema *tfprotov6.GetProviderSchemaResponse, text string) string {
	rest := map[string]bool{"variable \"undeclared\" {}\n": true}
	if !strings.Contains(text, "required_providers") {
		rest["terraform {\n  required_providers {\n    ghl = {\n      source = \"terraform-provider-ghl/ghl\"\n    }\n  }\n}\n"] = true
	}
	declared := map[string]bool{}
	for _, d := range declaration.FindAllStringSubmatch(text, -1) {
		declared[strings.Join(d[1:], " ")] = true
	}
	for _, a := range assignment.FindAllStringSubmatch(text, -1) {
		declared["local "+a[1]] = true
	}
	for _, r := range reference.FindAllStringSubmatch(text, -1) {
		switch name := r[4]; {
		case r[1] == "var" && !declared["variable "+name+" "]:
			rest[fmt.Sprintf("variable %q {}\n", name)] = true
		case r[1] == "local" && !declared["local "+name]:
			rest[fmt.Sprintf("locals {\n  %s = var.undeclared\n}\n", name)] = true
		case r[1] == "":
			kind, schemas := "resource", schema.ResourceSchemas
			switch r[2] {
			case "data":
				kind, schemas = "data", schema.DataSourceSchemas
			case "ephemeral":
				kind, schemas = "ephemeral", schema.EphemeralResourceSchemas
			}
			if s := schemas[r[3]]; s != nil && !declared[kind+" "+r[3]+" "+name] {
				declared[kind+" "+r[3]+" "+name] = true
				rest[openBlock(s, fmt.Sprintf("%s %q %q", kind, r[3], name), r[5] != "")] = true
			}
		}
	}
	var texts []string
	for text := range rest {
		texts = append(texts, text)
	}
	return strings.Join(texts, "\n")
}

// openBlock returns a block whose values are all unknown.
func openBlock(schema *tfprotov6.Schema, header string, isMany bool) string {
	var b strings.Builder
	b.WriteString(header + " {\n")
	if isMany {
		b.WriteString("  for_each = var.undeclared\n")
	}
	for _, a := range schema.Block.Attributes {
		if a.Required || a.Name == "association_id" || a.Name == "email" { // the schema requires one of several attributes
			b.WriteString("  " + a.Name + " = var.undeclared\n")
		}
	}
	b.WriteString("}\n")
	return b.String()
}
