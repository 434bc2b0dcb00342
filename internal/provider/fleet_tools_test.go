package provider_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	hclv2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// tfeSchemas are the schemas of the resources that the guide "A fleet in groups" uses from version 0.71.0 of the provider tfe.
func tfeSchemas() map[string]schema.Schema {
	text, flag := schema.StringAttribute{Optional: true}, schema.BoolAttribute{Optional: true}
	id, name := optional("id", schema.StringAttribute{Computed: true}), schema.StringAttribute{Required: true}
	workspace := merged(id, optional("name", name),
		optional(`agent_pool_id auto_destroy_activity_duration auto_destroy_at description execution_mode organization project_id source_name
			source_url ssh_key_id terraform_version working_directory`, text),
		optional(`allow_destroy_plan assessments_enabled auto_apply auto_apply_run_trigger file_triggers_enabled force_delete global_remote_state
			queue_all_runs speculative_enabled structured_run_output_enabled`, flag),
		optional("tag_names trigger_patterns trigger_prefixes", schema.ListAttribute{ElementType: types.StringType, Optional: true}))
	workspace.Blocks = map[string]schema.Block{"vcs_repo": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: merged(
		optional("identifier", name), optional("branch github_app_installation_id oauth_token_id tags_regex", text), optional("ingress_submodules", flag),
	).Attributes}}}
	return map[string]schema.Schema{
		"tfe_project":   merged(id, optional("name", name), optional("auto_destroy_activity_duration description organization", text)),
		"tfe_workspace": workspace,
		"tfe_variable": merged(id, optional("category key", name), optional("description variable_set_id workspace_id", text), optional("hcl sensitive", flag),
			optional("value", schema.StringAttribute{Optional: true, Sensitive: true}),
			optional("value_wo", schema.StringAttribute{Optional: true, Sensitive: true, WriteOnly: true})),
		"tfe_variable_set":         merged(id, optional("name", name), optional("description organization parent_project_id", text), optional("global priority", flag)),
		"tfe_project_variable_set": merged(id, optional("project_id variable_set_id", name)),
	}
}

func tfeResources() (all []func() resource.Resource) {
	for name := range tfeSchemas() {
		all = append(all, func() resource.Resource { return standInResource{name} })
	}
	return all
}

// The module for HCP Terraform plans a workspace with the sub-accounts of each group. The plan does not contain the token.
func TestAccFleet_workspaces(t *testing.T) {
	if !engineSince(11, 11) {
		t.Skip("write-only arguments need Terraform or OpenTofu 1.11")
	}
	e := newSandboxAccount(t).engine("")
	e.withMirror()
	if err := os.CopyFS(filepath.Join(e.dir, "fleet"), os.DirFS(filepath.Join(examples, "guides", "fleet"))); err != nil {
		t.Fatal(err)
	}
	for _, variable := range regexp.MustCompile(`(?m)^variable "(\w+)"`).FindAllStringSubmatch(e.read("fleet/tfe/variables.tf"), -1) {
		e.env["TF_VAR_"+variable[1]] = "some-" + variable[1]
	}
	e.env["TF_VAR_agency_access_token"] = "agency-" + canary
	e.dir = filepath.Join(e.dir, "fleet", "tfe")
	e.succeeds("init", "-no-color")
	e.succeeds("validate", "-no-color")
	e.succeeds("plan", "-no-color", "-out=saved.tfplan")
	var plan struct {
		Changes []struct {
			Address string
			Change  struct {
				After map[string]any
			}
		} `json:"resource_changes"`
	}
	shown := e.succeeds("show", "-json", "saved.tfplan")
	if err := json.Unmarshal([]byte(shown), &plan); err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, c := range plan.Changes {
		got[c.Address] = c.Change.After["name"]
		if strings.HasPrefix(c.Address, "tfe_variable.") {
			got[c.Address] = c.Change.After["value"]
		}
	}
	want := map[string]any{
		"tfe_project.fleet": "ghl-fleet", "tfe_variable_set.credentials": "ghl-credentials", "tfe_project_variable_set.credentials": nil,
		`tfe_workspace.group["001"]`: "ghl-001", `tfe_variable.locations["001"]`: `["ve9EPM428h8vShlRW1KT","` + movedLocation + `"]`,
		`tfe_workspace.group["002"]`: "ghl-002", `tfe_variable.locations["002"]`: `["Yh4bXZbGdvHcWuKvZpQe"]`,
		"tfe_variable.agency_access_token": nil, "tfe_variable.company_id": "some-company_id",
	}
	if !maps.Equal(got, want) {
		t.Errorf("the plan creates %v, want %v", got, want)
	}
	e.revealsNothing(map[string]string{"saved.tfplan!tfplan": "ghl-credentials"})
}

// terragruntFunctions are the Terragrunt functions that the files of a unit call.
func terragruntFunctions(unit string) map[string]function.Function {
	ofText := func(parameters int, value func(a []cty.Value) (string, error)) function.Function {
		return function.New(&function.Spec{
			Params: slices.Repeat([]function.Parameter{{Name: "name", Type: cty.String}}, parameters),
			Type:   function.StaticReturnType(cty.String),
			Impl: func(a []cty.Value, _ cty.Type) (cty.Value, error) {
				text, err := value(a)
				return cty.StringVal(text), err
			},
		})
	}
	parent := filepath.Join(examples, "guides", "fleet", "terragrunt")
	return map[string]function.Function{
		"get_parent_terragrunt_dir": ofText(0, func([]cty.Value) (string, error) { return parent, nil }),
		"path_relative_to_include":  ofText(0, func([]cty.Value) (string, error) { return unit, nil }),
		"find_in_parent_folders":    ofText(1, func(a []cty.Value) (string, error) { return filepath.Join(parent, a[0].AsString()), nil }),
		"jsondecode":                stdlib.JSONDecodeFunc,
		"file": ofText(1, func(a []cty.Value) (string, error) {
			content, err := os.ReadFile(a[0].AsString())
			return string(content), err
		}),
	}
}

// terragrunt reads a file as Terragrunt does for one unit. It returns the attributes of the file, and those of its blocks as
// "block.attribute". Terragrunt itself cannot be imported as a Go module.
func terragrunt(t *testing.T, file, unit string) map[string]cty.Value {
	t.Helper()
	parsed, diagnostics := hclparse.NewParser().ParseHCLFile(file)
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}
	evaluation := &hclv2.EvalContext{Functions: terragruntFunctions(unit)}
	content, diagnostics := parsed.Body.Content(&hclv2.BodySchema{
		Attributes: []hclv2.AttributeSchema{{Name: "inputs"}},
		Blocks:     []hclv2.BlockHeaderSchema{{Type: "terraform"}, {Type: "remote_state"}, {Type: "include", LabelNames: []string{"name"}}},
	})
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}
	found := map[string]cty.Value{}
	add := func(prefix string, attributes hclv2.Attributes) {
		for name, a := range attributes {
			value, diagnostics := a.Expr.Value(evaluation)
			if diagnostics.HasErrors() {
				t.Fatal(diagnostics)
			}
			found[prefix+name] = value
		}
	}
	add("", content.Attributes)
	for _, b := range content.Blocks {
		attributes, diagnostics := b.Body.JustAttributes()
		if diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}
		add(b.Type+".", attributes)
	}
	return found
}

// Each group has a Terragrunt unit, which passes its sub-accounts to the root module and stores its state under a separate key.
func TestFleet_terragrunt(t *testing.T) {
	t.Parallel()
	var groups map[string][]string
	if err := json.Unmarshal([]byte(example(t, "guides", "fleet", "groups.json")), &groups); err != nil {
		t.Fatal(err)
	}
	units, keys := []string{}, map[string]bool{}
	for _, name := range entries(t, "examples/guides/fleet/terragrunt") {
		if name == "root.hcl" {
			continue
		}
		units = append(units, name)
		include := terragrunt(t, filepath.Join(examples, "guides", "fleet", "terragrunt", name, "terragrunt.hcl"), name)
		root := terragrunt(t, include["include.path"].AsString(), name)
		if _, err := os.Stat(filepath.Join(root["terraform.source"].AsString(), "main.tf")); err != nil {
			t.Error(err)
		}
		keys[root["remote_state.config"].GetAttr("key").AsString()] = true
		inputs, err := ctyjson.Marshal(root["inputs"], root["inputs"].Type())
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(map[string]any{"locations": groups[name]})
		if err != nil {
			t.Fatal(err)
		}
		if string(inputs) != string(want) {
			t.Errorf("unit %s has the inputs %s, want %s", name, inputs, want)
		}
	}
	if want := slices.Sorted(maps.Keys(groups)); !slices.Equal(units, want) || len(keys) != len(units) {
		t.Errorf("the units are %v with the states %v, want one unit and one state for each of the groups %v", units, keys, want)
	}
}
