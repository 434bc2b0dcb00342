package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// foreignState is the data about one HighLevel object in the state of a generic
// provider's resource. That resource stores the request and the answer without
// interpreting them.
type foreignState struct {
	resourceType string
	id           string           // the object's id, or "" if the state does not contain it
	bodies       []map[string]any // requests before answers, because requests have the user's order of the sides
	attributes   map[string]any
}

// foreignBodies maps each resource type that can be moved to this provider to the
// attributes that contain bodies, the most informative first. The address of the other
// provider does not matter.
var foreignBodies = map[string][]string{
	"restapi_object":   {"data", "api_data", "api_response", "create_response"},
	"restful_resource": {"body", "output", "sensitive_output"},
}

// foreignStateOf returns the state of a moved block's source. It is nil if the source has
// another resource type, or cannot be read.
func foreignStateOf(thing string, req resource.MoveStateRequest, resp *resource.MoveStateResponse) *foreignState {
	foreign, err := readForeignState(req)
	if err != nil {
		resp.Diagnostics.AddError("Unable to Move "+thing, err.Error())
	}
	return foreign
}

// readForeignState reads the state of a moved block's source. It returns nil if the
// source has another resource type.
func readForeignState(req resource.MoveStateRequest) (*foreignState, error) {
	names, ok := foreignBodies[req.SourceTypeName]
	if !ok {
		return nil, nil
	}
	f := &foreignState{resourceType: req.SourceTypeName}
	if err := json.Unmarshal(req.SourceRawState.JSON, &f.attributes); err != nil {
		return nil, fmt.Errorf("the state of %s cannot be read: %w", req.SourceTypeName, err)
	}
	for _, name := range names {
		if body := objectIn(f.attributes[name]); body != nil {
			f.bodies = append(f.bodies, body)
		}
	}
	f.id = f.text("id")
	if req.SourceTypeName == "restful_resource" {
		// The resource's id is the path of its reads: the object's own path, or the path
		// of a listing that contains the object.
		f.id = f.field("id")
		if found := associationPath.FindStringSubmatch(f.text("id")); f.id == "" && found != nil && found[1] != "relations" {
			f.id, _ = url.PathUnescape(found[1])
		}
	}
	return f, nil
}

var associationPath = regexp.MustCompile(`(?:^|/)associations/([^/]+)/?$`)

// objectIn returns the object in an attribute. The attribute is a JSON object, a string
// with a JSON object, or an object with a value and its type, which is how engines store
// dynamic values.
func objectIn(value any) map[string]any {
	switch v := value.(type) {
	case string:
		var object map[string]any
		_ = json.Unmarshal([]byte(v), &object) // other text contains no object
		return objectIn(object)
	case map[string]any:
		if inner, ok := v["value"]; ok && len(v) == 2 && v["type"] != nil {
			return objectIn(inner)
		}
		for _, wrapper := range []string{"association", "relation", "customValue", "object", "field", "folder"} {
			if inner, ok := v[wrapper].(map[string]any); ok {
				return inner
			}
		}
		return v
	default:
		return nil
	}
}

// text returns an attribute of the resource, or "" if the attribute is not a string.
func (f *foreignState) text(name string) string {
	text, _ := f.attributes[name].(string)
	return text
}

// field returns a field of the object from the request, or otherwise from the answer.
func (f *foreignState) field(name string) string {
	for _, body := range f.bodies {
		for field, value := range body {
			if text, ok := value.(string); ok && text != "" && strings.EqualFold(field, name) {
				return text
			}
		}
	}
	return ""
}

// locationID returns the sub-account's id. The body of every create contains this id, and
// so do most queries.
func (f *foreignState) locationID() string {
	if location := f.field("locationId"); location != "" {
		return location
	}
	return queriedLocation(f.attributes)
}

var locationQuery = regexp.MustCompile(`(?:^|[?&])locationId=([^&#]+)`)

// queriedLocation finds a sub-account's id in the queries of a resource, which are
// strings or maps of lists.
func queriedLocation(value any) string {
	switch v := value.(type) {
	case string:
		if found := locationQuery.FindStringSubmatch(v); found != nil {
			location, _ := url.QueryUnescape(found[1])
			return location
		}
	case []any:
		for _, element := range v {
			if location := queriedLocation(element); location != "" {
				return location
			}
		}
	case map[string]any:
		if list, ok := v["locationId"].([]any); ok && len(list) == 1 {
			location, _ := list[0].(string)
			return location
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if location := queriedLocation(v[name]); location != "" {
				return location
			}
		}
	}
	return ""
}

// refused says why a state cannot be moved, and what to do instead.
func (f *foreignState) refused(thing, why string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Move "+thing, fmt.Sprintf("The state of the %s %s. "+
		"Specify another resource as the source. Or, instead of using a moved block, remove the old resource from the state with a removed block (lifecycle { destroy = false }), and import the object with an import block.",
		f.resourceType, harmless(why)))
}

// lacking returns the names whose value is empty, separated by commas.
func lacking(values map[string]string) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if values[name] == "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
