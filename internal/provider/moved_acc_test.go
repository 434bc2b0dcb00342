package provider_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A standIn is a provider that has only the schema of its resource, because the engine needs the schema of the resource that
// an object is moved from. The tests need a stand-in for each generic provider with a state in testdata/moved, and one for
// tfe, which an example uses. A stand-in is this test program under another name.
type standIn struct{ name string }

const standInPrefix = "terraform-provider-"

// standInAddresses maps the name of each stand-in to the address of the real provider.
var standInAddresses = map[string]string{"restapi": "mastercard/restapi", "restful": "magodo/restful", "tfe": "hashicorp/tfe"}

// serveStandIn serves a stand-in and returns true if the program was started under the name of a stand-in.
func serveStandIn() bool {
	name, ok := strings.CutPrefix(filepath.Base(os.Args[0]), standInPrefix)
	name, _, _ = strings.Cut(name, "_v")
	if !ok || standInAddresses[name] == "" {
		return false
	}
	err := providerserver.Serve(context.Background(), func() provider.Provider { return standIn{name} },
		providerserver.ServeOpts{Address: "registry.terraform.io/" + standInAddresses[name]})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return true
}

func (p standIn) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = p.name
}
func (standIn) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema.Attributes = map[string]providerschema.Attribute{"organization": providerschema.StringAttribute{Optional: true}} // tfe has one
}
func (standIn) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (standIn) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (p standIn) Resources(context.Context) []func() resource.Resource {
	if p.name == "tfe" {
		return tfeResources()
	}
	return []func() resource.Resource{func() resource.Resource { return standInResource(p) }}
}

type standInResource struct{ name string }

func (r standInResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = cmp.Or(map[string]string{"restapi": "restapi_object", "restful": "restful_resource"}[r.name], r.name)
}

func (r standInResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	switch r.name {
	case "restapi":
		resp.Schema = restapiSchema()
	case "restful":
		resp.Schema = restfulSchema()
	default:
		resp.Schema = tfeSchemas()[r.name]
	}
}

func optional(names string, attribute schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for name := range strings.FieldsSeq(names) {
		attributes[name] = attribute
	}
	return attributes
}

func merged(all ...map[string]schema.Attribute) schema.Schema {
	attributes := map[string]schema.Attribute{}
	for _, some := range all {
		maps.Copy(attributes, some)
	}
	return schema.Schema{Attributes: attributes}
}

func restapiSchema() schema.Schema {
	text := schema.StringAttribute{Optional: true, Computed: true}
	return merged(
		optional(`api_response create_method create_path create_response data destroy_data destroy_method destroy_path id
			id_attribute object_id path query_string read_data read_method read_path update_data update_method update_path`, text),
		optional("debug ignore_all_server_changes ignore_server_additions", schema.BoolAttribute{Optional: true}),
		optional("force_new ignore_changes_to", schema.ListAttribute{ElementType: types.StringType, Optional: true}),
		optional("api_data", schema.MapAttribute{ElementType: types.StringType, Computed: true}),
		optional("read_search", schema.SingleNestedAttribute{
			Optional:   true,
			Attributes: optional("query_string results_key search_data search_key search_patch search_value", text),
		}),
	)
}

func restfulSchema() schema.Schema {
	query := schema.MapAttribute{ElementType: types.ListType{ElemType: types.StringType}, Optional: true}
	header := schema.MapAttribute{ElementType: types.StringType, Optional: true}
	s := merged(
		optional(`create_method create_selector delete_body_raw delete_method delete_path id path read_path read_response_template
			read_selector update_method update_path`, schema.StringAttribute{Optional: true, Computed: true}),
		optional("check_existance merge_patch_disabled use_sensitive_output", schema.BoolAttribute{Optional: true}), //nolint:misspell // as restful spells it
		optional("create_query delete_query query read_query update_query", query),
		optional("create_header delete_header header read_header update_header", header),
		optional("force_new_attrs output_attrs write_only_attrs", schema.SetAttribute{ElementType: types.StringType, Optional: true}),
		optional("body delete_body ephemeral_body output sensitive_output", schema.DynamicAttribute{Optional: true, Computed: true}),
		optional("poll_create poll_delete poll_update post_create_read", schema.SingleNestedAttribute{Optional: true, Attributes: optional("url", schema.StringAttribute{Optional: true})}),
		optional("precheck_create precheck_delete precheck_update update_body_patches",
			schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: optional("path", schema.StringAttribute{Optional: true})}}),
	)
	s.Version = 2
	return s
}

func (standInResource) Create(_ context.Context, _ resource.CreateRequest, resp *resource.CreateResponse) {
	resp.Diagnostics.AddError("Stand-in", "It creates nothing.")
}

func (standInResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (standInResource) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.AddError("Stand-in", "It changes nothing.")
}

func (standInResource) Delete(_ context.Context, _ resource.DeleteRequest, resp *resource.DeleteResponse) {
	resp.Diagnostics.AddError("Stand-in", "It deletes nothing.")
}

// withStandIns configures the engine to use the stand-ins.
func (e *engine) withStandIns() {
	e.t.Helper()
	program, err := os.Executable()
	if err != nil {
		e.t.Fatal(err)
	}
	overrides := ""
	for name, address := range standInAddresses {
		dir := e.t.TempDir()
		if err := os.Symlink(program, filepath.Join(dir, standInPrefix+name)); err != nil {
			e.t.Fatal(err)
		}
		// If the provider in a state is from the registry of Terraform, OpenTofu also looks for it in its own registry.
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			overrides += fmt.Sprintf("    %q = %q\n", host+"/"+address, dir)
		}
	}
	e.write("cli.tfrc", "provider_installation {\n  dev_overrides {\n"+overrides+"  }\n}\n")
	e.env["TF_CLI_CONFIG_FILE"] = filepath.Join(e.dir, "cli.tfrc")
}

// recorded returns a state that a generic provider wrote, with its attributes changed by the given function.
func recorded(t *testing.T, name string, change func(attributes map[string]any)) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "moved", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var resources []struct {
		Mode      string           `json:"mode"`
		Type      string           `json:"type"`
		Name      string           `json:"name"`
		Provider  string           `json:"provider"`
		Instances []map[string]any `json:"instances"`
	}
	if err := json.Unmarshal(text, &resources); err != nil {
		t.Fatal(err)
	}
	attributes, ok := resources[0].Instances[0]["attributes"].(map[string]any)
	if !ok {
		t.Fatalf("%s has no attributes", name)
	}
	change(attributes)
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "0b6a6f0e-7a4e-4f1e-9d6c-2f4a3e5b6c7d",
		"outputs": map[string]any{}, "resources": resources,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(state)
}

// schoolAccount returns a sub-account with the objects in the recorded states.
func schoolAccount(t *testing.T) *account {
	t.Helper()
	a := newSandboxAccount(t)
	a.sandbox.AddAssociation(taughtBy(a.locationID))
	a.sandbox.AddRelation(lesson(a.locationID))
	return a
}

// movedAssociation and movedRelation are the configurations of the moved objects.
var (
	movedAssociation = association("taught_by", "taught_by", side{"custom_objects.teacher", "Teacher"}, side{"custom_objects.student", "Student"})
	movedRelation    = relation("lesson", quoted(exampleAssociation), "student-1", "teacher-1")
)

func needsMoves(t *testing.T) {
	t.Helper()
	if !engineHasMoves() {
		t.Skip("a move to another resource type needs Terraform 1.8 or OpenTofu 1.10")
	}
}

func moved(from, to string) string {
	return fmt.Sprintf("\nmoved {\n  from = %s\n  to   = %s\n}\n", from, to)
}

// A moved block takes over an object from a generic provider. The plan contains no change, HighLevel receives no write, and
// the state has an identity.
func TestAccMoved(t *testing.T) {
	needsMoves(t)
	unchanged := func(map[string]any) {}
	for _, test := range []struct {
		name, recorded, from, to, configuration string
		change                                  func(map[string]any)
	}{
		{"association, restapi", "restapi_association", "restapi_object.taught_by", "ghl_association.taught_by", movedAssociation, unchanged},
		{"association, restful", "restful_association", "restful_resource.taught_by", "ghl_association.taught_by", movedAssociation, unchanged},
		{"relation, restapi", "restapi_relation", "restapi_object.lesson", "ghl_relation.lesson", movedRelation, unchanged},
		{"relation, restful", "restful_relation", "restful_resource.lesson", "ghl_relation.lesson", movedRelation, unchanged},
		{"relation without its id", "restful_relation", "restful_resource.lesson", "ghl_relation.lesson", movedRelation, func(a map[string]any) { a["output"] = nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := schoolAccount(t)
			e := a.localEngine(test.configuration + moved(test.from, test.to))
			e.withStandIns()
			e.write("terraform.tfstate", recorded(t, test.recorded, test.change))
			says(t, e.apply(), test.from+" has moved to "+test.to, "0 to add, 0 to change, 0 to destroy")
			a.mustHaveWritten()
			e.instances(func(resourceType string, instance map[string]any) {
				if !strings.HasPrefix(resourceType, "ghl_") {
					t.Errorf("a %s is left in the state", resourceType)
				}
				attributes, _ := instance["attributes"].(map[string]any)
				identity, _ := instance["identity"].(map[string]any)
				if engineHasIdentity() && identity["location_id"] != a.locationID {
					t.Errorf("the identity is %v", identity)
				}
				if id := attributes["id"]; id != exampleAssociation && id != exampleRelation {
					t.Errorf("the id is %v", id)
				}
			})
			// The moved block is no longer needed.
			e.write("main.tf", test.configuration)
			e.plansNothing()
			e.destroy()
			if n := len(a.writes()); n != 1 {
				t.Errorf("%d writes, want only the delete", n)
			}
		})
	}
}

// One block moves all instances of a resource.
func TestAccMoved_instances(t *testing.T) {
	a := schoolAccount(t)
	a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: exampleAssociation, FirstRecordID: "student-2", SecondRecordID: "teacher-1"})
	e := a.localEngine(relation("lesson", quoted(exampleAssociation), "${each.key}", "teacher-1", `for_each = toset(["student-1", "student-2"])`) +
		moved("restapi_object.lesson", "ghl_relation.lesson"))
	e.withStandIns()
	e.write("terraform.tfstate", inEachOf(t, recorded(t, "restapi_relation", func(map[string]any) {}), "student-1", "student-2"))
	says(t, e.apply(), `restapi_object.lesson["student-2"] has moved to ghl_relation.lesson["student-2"]`, "0 to add, 0 to change, 0 to destroy")
	e.plansNothing()
	a.mustHaveWritten()
}

// inEachOf replaces the only instance in a state, which is for the first of the records, with one instance for each record.
func inEachOf(t *testing.T, state string, records ...string) string {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal([]byte(state), &whole); err != nil {
		t.Fatal(err)
	}
	resources, _ := whole["resources"].([]any)
	resource, _ := resources[0].(map[string]any)
	instance, _ := resource["instances"].([]any)
	original, err := json.Marshal(instance[0])
	if err != nil {
		t.Fatal(err)
	}
	var instances []any
	for _, record := range records {
		var one map[string]any
		if err := json.Unmarshal([]byte(strings.ReplaceAll(string(original), records[0], record)), &one); err != nil {
			t.Fatal(err)
		}
		one["index_key"] = record
		instances = append(instances, one)
	}
	resource["instances"] = instances
	written, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}

// Instead of a moved block, a removed block and an import block take over an object in one apply.
func TestAccMoved_forgottenAndImported(t *testing.T) {
	a := schoolAccount(t)
	e := a.localEngine(movedAssociation + `
removed {
  from = restapi_object.taught_by

  lifecycle {
    destroy = false
  }
}

import {
  to = ghl_association.taught_by
  id = "key:taught_by"
}
`)
	e.withStandIns()
	e.write("terraform.tfstate", recorded(t, "restapi_association", func(map[string]any) {}))
	says(t, e.apply(), "1 imported, 0 added, 1 changed, 0 destroyed") // the state now has the order of the configuration, without a write
	e.plansNothing()
	a.mustHaveWritten()
	if ids := e.stateIDs(); len(ids) != 1 || ids[0] != exampleAssociation {
		t.Errorf("the state contains %v", ids)
	}
}

// If a move is refused, the error says what is missing in the state, and suggests a removed block and an import block.
func TestAccMoved_refused(t *testing.T) {
	needsMoves(t)
	for _, test := range []struct {
		name, recorded, from, to, configuration string
		change                                  func(map[string]any)
		says                                    []string
	}{
		{
			"a relation to an association", "restapi_relation", "restapi_object.lesson", "ghl_association.taught_by", movedAssociation, func(map[string]any) {},
			[]string{"Unable to Move Association", "restapi_object holds a relation", "ghl_relation"},
		},
		{
			"an association to a relation", "restful_association", "restful_resource.taught_by", "ghl_relation.lesson", movedRelation, func(map[string]any) {},
			[]string{"Unable to Move Relation", "lacks what a relation needs: association_id, first_record_id, second_record_id", "removed block", "import block"},
		},
		{
			"another object", "restapi_association", "restapi_object.taught_by", "ghl_association.taught_by", movedAssociation,
			func(a map[string]any) {
				a["path"], a["data"], a["api_data"] = "/contacts", `{"locationId":"loc-school","firstName":"A"}`, map[string]any{"id": "c1", "firstName": "A"}
				a["api_response"], a["create_response"] = `{"contact":{"id":"c1"}}`, `{"contact":{"id":"c1"}}`
			},
			[]string{"Unable to Move Association", "lacks what an association needs: first_object_key, key, second_object_key", "removed block"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := schoolAccount(t)
			e := a.localEngine(test.configuration + moved(test.from, test.to))
			e.withStandIns()
			e.write("terraform.tfstate", recorded(t, test.recorded, test.change))
			says(t, e.fails("plan", "-no-color"), test.says...)
			if requests := a.requests(); len(requests) != 0 {
				t.Errorf("it asked HighLevel: %v", requests)
			}
		})
	}
}
