package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type object = map[string]any

// resource describes the managed objects of one resource type.
type resource struct {
	kind    string
	rows    []object // attributes in the state
	columns []string // names of the attributes that the configuration sets
}

// write creates a folder with a configuration. If isApplied, it also writes the state that an apply would leave. A real apply
// of thousands of objects takes too long, because the engine writes the whole state after each object. If isFloor, the
// resources are terraform_data, which is built into the engine, so the time is the engine's own.
func write(folder string, resources []resource, isApplied, isFloor bool) error {
	const source = "registry.terraform.io/terraform-provider-ghl/ghl"
	locals, blocks, states, files, before := object{}, []object{}, []object{}, map[string]string{}, []string{}
	for _, r := range resources {
		written := []string{}
		for rows := range slices.Chunk(r.rows, 200) { // keep each list small, because the engine evaluates the whole list for each instance
			kind, provider, name, arguments := r.kind, source, fmt.Sprintf("%s_%d", r.kind, len(written)), object{}
			for _, column := range r.columns {
				cell := "local." + name + "[count.index]." + column
				if _, isList := rows[0][column].([]string); isList {
					cell = "split(\" \", " + cell + ")"
				}
				arguments[column] = "${" + cell + "}"
			}
			if isFloor {
				kind, provider, arguments = "terraform_data", "terraform.io/builtin/terraform", object{"input": "${local." + name + "[count.index]}"}
			}
			lines, instances := list(rows, r.columns, isFloor)
			files[name+".csv"], locals[name] = lines, "${csvdecode(file(\""+name+".csv\"))}"
			arguments["count"], arguments["depends_on"] = len(rows), before
			blocks = append(blocks, object{kind: object{name: arguments}})
			states = append(states, object{
				"mode": "managed", "type": kind, "name": name, "provider": fmt.Sprintf("provider[%q]", provider), "instances": instances,
			})
			written = append(written, kind+"."+name)
		}
		before = written
	}
	providers := object{"required_providers": object{"ghl": object{"source": source}}}
	config, err := json.Marshal(object{"terraform": providers, "locals": locals, "resource": blocks})
	state, wrong := json.Marshal(object{"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "bench", "resources": states})
	files["main.tf.json"] = string(config)
	if isApplied {
		files["terraform.tfstate"] = string(state)
	}
	err = errors.Join(err, wrong, os.Mkdir(folder, 0o700))
	for name, text := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	return err
}

// list returns rows as a CSV file (no cell has a comma) and as instances of a state.
func list(rows []object, columns []string, isFloor bool) (csv string, instances []object) {
	csv = strings.Join(columns, ",")
	for i, attributes := range rows {
		var cells []string
		input, types := object{}, object{}
		for _, column := range columns {
			cell := fmt.Sprint(attributes[column])
			if all, isList := attributes[column].([]string); isList {
				cell = strings.Join(all, " ")
			}
			cells = append(cells, cell)
			input[column], types[column] = cell, "string"
		}
		csv += "\n" + strings.Join(cells, ",")
		if isFloor {
			held := object{"value": input, "type": []any{"object", types}}
			attributes = object{"id": fmt.Sprint(i), "input": held, "output": held}
		}
		instances = append(instances, object{"index_key": i, "schema_version": 0, "attributes": attributes})
	}
	return csv, instances
}
