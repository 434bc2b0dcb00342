package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// fixture is one resource with many instances: as a configuration, and as the state that an apply of it would leave.
// Thousands of instances are never applied: the engine writes the state after each of them.
type fixture struct {
	resourceType string
	provider     string // its address, as it stands in a state
	settings     string // the provider's blocks in the configuration
	arguments    []argument
	count        int
	instances    []instance // what the state holds; none before an apply
}

// argument is an argument of the resource, as an expression in count.index.
type argument struct{ name, expression string }

// instance is one instance in the state. The engines from before identities pass over that.
type instance struct {
	Index          int            `json:"index_key"`
	SchemaVersion  int            `json:"schema_version"`
	Attributes     map[string]any `json:"attributes"`
	IdentitySchema int            `json:"identity_schema_version"`
	Identity       map[string]any `json:"identity,omitempty"`
}

// write puts configuration and state into a folder of their own.
func (f fixture) write(folder string) error {
	err := os.Mkdir(folder, 0o700)
	err = errors.Join(err, os.WriteFile(filepath.Join(folder, "main.tf"), []byte(f.configuration()), 0o600))
	if len(f.instances) == 0 || err != nil {
		return err
	}
	state, err := json.Marshal(f.state())
	return errors.Join(err, os.WriteFile(filepath.Join(folder, "terraform.tfstate"), state, 0o600))
}

func (f fixture) configuration() string {
	var text strings.Builder
	text.WriteString(f.settings)
	fmt.Fprintf(&text, "resource %q \"all\" {\n  count = %d\n\n", f.resourceType, f.count)
	for _, a := range f.arguments {
		fmt.Fprintf(&text, "  %s = %s\n", a.name, a.expression)
	}
	text.WriteString("}\n")
	return text.String()
}

func (f fixture) state() any {
	return map[string]any{
		"version":           4,
		"terraform_version": "1.11.0",
		"serial":            1,
		"lineage":           "6f1b0c5e-9d0a-4c5e-8a53-3a1c1f2b7d64",
		"outputs":           map[string]any{},
		"resources": []any{map[string]any{
			"mode": "managed", "type": f.resourceType, "name": "all",
			"provider": fmt.Sprintf("provider[%q]", f.provider), "instances": f.instances,
		}},
	}
}

// floor is the same with terraform_data, the engine's own resource, which holds the same arguments as its input: what the
// engine needs for it, it needs for any resource.
func (f fixture) floor() fixture {
	input, types := "{\n", map[string]any{}
	for _, a := range f.arguments {
		input += fmt.Sprintf("    %s = %s\n", a.name, a.expression)
		types[a.name] = "string"
	}
	floor := fixture{
		resourceType: "terraform_data", provider: "terraform.io/builtin/terraform",
		arguments: []argument{{"input", input + "  }"}}, count: f.count,
	}
	for _, in := range f.instances {
		values := map[string]any{}
		for _, a := range f.arguments {
			values[a.name] = in.Attributes[a.name]
		}
		typed := map[string]any{"value": values, "type": []any{"object", types}}
		floor.instances = append(floor.instances, instance{Index: in.Index, Attributes: map[string]any{
			"id": fmt.Sprintf("00000000-0000-4000-8000-%012x", in.Index), "input": typed, "output": typed, "triggers_replace": nil,
		}})
	}
	return floor
}
