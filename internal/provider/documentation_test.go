package provider_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
)

const repository = "../.."

// providerSchema returns the schema that the provider sends to an engine.
func providerSchema(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(response.Diagnostics) > 0 {
		t.Fatal(err, response.Diagnostics)
	}
	return response
}

// kinds are the kinds of types that a provider registers, with the name of their example
// file.
var kinds = map[string]struct {
	example string
	types   func(*tfprotov6.GetProviderSchemaResponse) map[string]*tfprotov6.Schema
}{
	"resources":    {"resource.tf", func(r *tfprotov6.GetProviderSchemaResponse) map[string]*tfprotov6.Schema { return r.ResourceSchemas }},
	"data-sources": {"data-source.tf", func(r *tfprotov6.GetProviderSchemaResponse) map[string]*tfprotov6.Schema { return r.DataSourceSchemas }},
	"list-resources": {"list-resource.tfquery.hcl", func(r *tfprotov6.GetProviderSchemaResponse) map[string]*tfprotov6.Schema {
		return r.ListResourceSchemas
	}},
	"ephemeral-resources": {"ephemeral-resource.tf", func(r *tfprotov6.GetProviderSchemaResponse) map[string]*tfprotov6.Schema {
		return r.EphemeralResourceSchemas
	}},
}

// Every type has an example, and a page that shows it. A resource also has an example for
// each of the three ways to import it. There are no examples or pages for other types.
func TestDocumentation_types(t *testing.T) {
	t.Parallel()
	schema := providerSchema(t)
	for kind, of := range kinds {
		var names, pages []string
		for name, s := range of.types(schema) {
			if s.Version != 0 {
				t.Errorf("the guide on upgrading says that the schema of %s has version 0", name)
			}
			page := strings.TrimPrefix(name, "ghl_") + ".md"
			names, pages = append(names, name), append(pages, page)
			text := document(t, "docs", kind, page)
			for _, file := range append(examplesBeside(t, kind, name), of.example) {
				if !strings.Contains(text, document(t, "examples", kind, name, file)) {
					t.Errorf("docs/%s/%s does not show %s", kind, page, file)
				}
			}
		}
		for folder, want := range map[string][]string{filepath.Join("examples", kind): names, filepath.Join("docs", kind): pages} {
			slices.Sort(want)
			if got := entries(t, folder); !slices.Equal(got, want) {
				t.Errorf("%s holds %q, want %q", folder, got, want)
			}
		}
	}
	if len(schema.ResourceSchemas) == 0 || len(schema.Functions) > 0 {
		t.Error("the schema has no resources, or it has functions, which this test does not cover")
	}
}

func document(t *testing.T, elements ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{repository}, elements...)...))
	if err != nil {
		t.Error(err)
	}
	return string(content)
}

// examplesBeside returns the additional examples of a resource: the three ways to import
// it, and any other examples.
func examplesBeside(t *testing.T, kind, name string) []string {
	t.Helper()
	if kind != "resources" {
		return nil
	}
	all := []string{"import.sh", "import-by-string-id.tf", "import-by-identity.tf"}
	for _, file := range entries(t, filepath.Join("examples", kind, name)) {
		if strings.HasPrefix(file, "resource_") {
			all = append(all, file)
		}
	}
	return all
}

func entries(t *testing.T, folder string) []string {
	t.Helper()
	found, err := os.ReadDir(filepath.Join(repository, folder))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, entry := range found {
		names = append(names, entry.Name())
	}
	return names
}

// Every type that can be managed can also be listed, under the same name.
func TestDocumentation_lists(t *testing.T) {
	t.Parallel()
	schema := providerSchema(t)
	for name := range schema.ResourceSchemas {
		if schema.ListResourceSchemas[name] == nil {
			t.Errorf("%s cannot be listed", name)
		}
	}
	for name := range schema.ListResourceSchemas {
		if schema.ResourceSchemas[name] == nil {
			t.Errorf("%s can be listed but not managed", name)
		}
	}
}

// Every schema and every attribute has a description, including nested attributes. The
// description of an optional attribute contains the default. If the environment can set an
// attribute, the description contains the variable. For a resource, the description says what
// a change does.
func TestDocumentation_descriptions(t *testing.T) {
	t.Parallel()
	schema := providerSchema(t)
	if schema.Provider.Block.Description == "" {
		t.Error("the provider is not described")
	}
	for _, a := range schema.Provider.Block.Attributes {
		mustTell(t, "provider", a, "Default: ", "`GHL_"+strings.ToUpper(a.Name)+"`")
	}
	for kind, of := range kinds {
		for name, s := range of.types(schema) {
			if s.Block.Description == "" {
				t.Errorf("%s: %s is not described", kind, name)
			}
			if len(s.Block.BlockTypes) > 0 {
				t.Errorf("%s: %s has blocks, which this test does not cover", kind, name)
			}
			for _, a := range s.Block.Attributes {
				at := kind + ": " + name
				mustTell(t, at, a)
				if kind == "resources" && (a.Required || a.Optional) {
					mustTellOne(t, at, a, "Updated in place", "replaces the ")
				}
			}
		}
	}
}

// mustTell checks that an attribute's description contains each phrase, and that nested
// attributes have descriptions.
func mustTell(t *testing.T, at string, a *tfprotov6.SchemaAttribute, phrases ...string) {
	t.Helper()
	at += "." + a.Name
	if a.Description == "" {
		t.Errorf("%s is not described", at)
	}
	for _, phrase := range phrases {
		if !strings.Contains(a.Description, phrase) {
			t.Errorf("the description of %s does not contain %q: %s", at, phrase, a.Description)
		}
	}
	if a.Optional {
		mustTellOne(t, strings.TrimSuffix(at, "."+a.Name), a, "Default: ", "Set this, or ")
	}
	if a.NestedType != nil {
		for _, nested := range a.NestedType.Attributes {
			mustTell(t, at, nested)
		}
	}
}

func mustTellOne(t *testing.T, at string, a *tfprotov6.SchemaAttribute, phrases ...string) {
	t.Helper()
	if !slices.ContainsFunc(phrases, func(phrase string) bool { return strings.Contains(a.Description, phrase) }) {
		t.Errorf("the description of %s.%s contains none of %q: %s", at, a.Name, phrases, a.Description)
	}
}

// Every attribute of an identity has a description.
func TestDocumentation_identities(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil || len(response.Diagnostics) > 0 {
		t.Fatal(err, response.Diagnostics)
	}
	for name := range providerSchema(t).ResourceSchemas {
		identity := response.IdentitySchemas[name]
		if identity == nil {
			t.Errorf("%s has no identity", name)
			continue
		}
		for _, a := range identity.IdentityAttributes {
			if a.Description == "" {
				t.Errorf("%s: %s of the identity is not described", name, a.Name)
			}
		}
	}
}
