package provider_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// These are the ids of the moved objects. The object pet also has the field "name" in a folder.
const (
	movedValueID  = "68d2c5f0a1b2c3d4e5f60731"
	movedFolderID = "68d2c5f0a1b2c3d4e5f60732"
	movedFieldID  = "68d2c5f0a1b2c3d4e5f60733"
	movedObjectID = "0123456789abcdef01234567" // of petAccount
)

func movableAccount(t *testing.T) *account {
	t.Helper()
	a := petAccount(t, sandbox.Quirks{})
	a.sandbox.CustomValues().Add(sandbox.CustomValue{LocationID: a.locationID, ID: movedValueID, Name: "Office Phone", Value: "+1 555 0100"})
	a.sandbox.FieldFolders().Add(sandbox.FieldFolder{LocationID: a.locationID, ID: movedFolderID, ObjectKey: petKey, Name: "Health"})
	a.sandbox.CustomFields().Add(sandbox.CustomField{
		LocationID: a.locationID, ID: movedFieldID, ObjectKey: petKey, FieldKey: petKey + ".size", Name: "Size", DataType: "RADIO", ParentID: movedFolderID, ShowInForms: true,
		Options: []sandbox.FieldOption{{Key: "small", Label: "Small"}, {Key: "large", Label: "Large"}},
	})
	return a
}

// movable is an object with its ghl configuration, and with the requests with which generic providers create it.
type movable struct {
	to, configuration string
	id                string
	list, path        string // the path of the create, and the path of the object
	sent, answered    string
}

var movables = map[string]movable{
	"custom value": {
		to: "ghl_custom_value.phone", configuration: customValue("phone", "Office Phone", `"+1 555 0100"`), id: movedValueID,
		list: "/locations/loc-school/customValues", path: "/locations/loc-school/customValues/" + movedValueID,
		sent:     `{"name":"Office Phone","value":"+1 555 0100"}`,
		answered: `{"customValue":{"id":"` + movedValueID + `","name":"Office Phone","fieldKey":"{{ custom_values.office_phone }}","value":"+1 555 0100","locationId":"loc-school"}}`,
	},
	"custom object": {
		to: petAddress, configuration: customObject("pet", "pet", "Pet"), id: movedObjectID, list: "/objects/", path: "/objects/" + movedObjectID,
		sent:     `{"locationId":"loc-school","key":"pet","labels":{"singular":"Pet","plural":"Pets"},"primaryDisplayPropertyDetails":{"key":"name","name":"Name","dataType":"TEXT"}}`,
		answered: `{"object":{"id":"` + movedObjectID + `","standard":false,"key":"custom_objects.pet","labels":{"singular":"Pet","plural":"Pets"},"locationId":"loc-school"},"cache":false}`,
	},
	"custom field": {
		to: "ghl_custom_field.size", id: movedFieldID, list: "/custom-fields/", path: "/custom-fields/" + movedFieldID,
		configuration: petField("size", "size", "RADIO", `options = [{ key = "small", label = "Small" }, { key = "large", label = "Large" }]`, `folder_id = "`+movedFolderID+`"`),
		sent: `{"locationId":"loc-school","objectKey":"custom_objects.pet","fieldKey":"size","name":"Size","dataType":"RADIO","showInForms":true,"parentId":"` + movedFolderID + `",` +
			`"options":[{"key":"small","label":"Small"},{"key":"large","label":"Large"}]}`,
		answered: `{"field":{"id":"` + movedFieldID + `","locationId":"loc-school","objectKey":"custom_objects.pet","fieldKey":"custom_objects.pet.size","name":"Size","dataType":"RADIO"}}`,
	},
	"custom field folder": {
		to: "ghl_custom_field_folder.health", configuration: fieldFolder("health", "Health"), id: movedFolderID,
		list: "/custom-fields/folder", path: "/custom-fields/" + movedFolderID, // a folder is read as a custom field
		sent:     `{"locationId":"loc-school","objectKey":"custom_objects.pet","name":"Health"}`,
		answered: `{"id":"` + movedFolderID + `","objectKey":"custom_objects.pet","locationId":"loc-school","name":"Health"}`,
	},
}

// restapi changes the recorded restapi state of an association to that of m.
func (m movable) restapi(attributes map[string]any) {
	attributes["id"], attributes["path"], attributes["create_path"] = m.id, m.list, m.list
	attributes["data"], attributes["update_data"], attributes["api_data"] = m.sent, nil, map[string]any{}
	attributes["api_response"], attributes["create_response"] = m.answered, m.answered
}

// restful changes the recorded restful state of an association to that of m.
func (m movable) restful(attributes map[string]any) {
	attributes["id"], attributes["path"], attributes["read_path"] = m.path, m.list, m.path
	attributes["body"], attributes["output"] = dynamic(m.sent), dynamic(m.answered)
}

// restfulOutputless changes the recorded state to one with an empty output. The id is then only in the path.
func (m movable) restfulOutputless(attributes map[string]any) {
	m.restful(attributes)
	attributes["output"] = dynamic(`{}`)
}

// restfulUnread changes the recorded state to one without an id. The name then identifies the object.
func (m movable) restfulUnread(attributes map[string]any) {
	m.restfulOutputless(attributes)
	attributes["id"], attributes["read_path"] = m.list, nil
}

// dynamic returns a JSON text in the form in which a state stores a dynamic value: with its type.
func dynamic(text string) map[string]any {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		panic(err)
	}
	return map[string]any{"value": value, "type": typeOf(value)}
}

func typeOf(value any) any {
	switch v := value.(type) {
	case map[string]any:
		types := map[string]any{}
		for name, inner := range v {
			types[name] = typeOf(inner)
		}
		return []any{"object", types}
	case []any:
		types := []any{}
		for _, inner := range v {
			types = append(types, typeOf(inner))
		}
		return []any{"tuple", types}
	case bool:
		return "bool"
	default:
		return "string"
	}
}

// A moved block takes over an object of any kind. The plan shows only the move, HighLevel receives no write, and the state has
// an identity.
func TestAccMoved_named(t *testing.T) {
	needsMoves(t)
	for kind, m := range movables {
		for name, source := range map[string]struct {
			recorded, from string
			change         func(map[string]any)
		}{
			"restapi":                {"restapi_association", "restapi_object.taught_by", m.restapi},
			"restful":                {"restful_association", "restful_resource.taught_by", m.restful},
			"restful without output": {"restful_association", "restful_resource.taught_by", m.restfulOutputless},
			"restful without its id": {"restful_association", "restful_resource.taught_by", m.restfulUnread},
		} {
			t.Run(kind+", "+name, func(t *testing.T) {
				a := movableAccount(t)
				e := a.localEngine(m.configuration + moved(source.from, m.to))
				e.withStandIns()
				e.write("terraform.tfstate", recorded(t, source.recorded, source.change))
				says(t, e.apply(), source.from+" has moved to "+m.to, "0 to add, 0 to change, 0 to destroy")
				e.hasAttributes(m.to, map[string]any{"id": m.id, "location_id": a.locationID})
				e.instances(func(_ string, instance map[string]any) {
					identity, _ := instance["identity"].(map[string]any)
					if engineHasIdentity() && (identity["location_id"] != a.locationID || identity["id"] != m.id) {
						t.Errorf("the identity is %v", identity)
					}
				})
				e.write("main.tf", m.configuration) // the moved block is no longer needed
				e.plansNothing()
				a.mustHaveWritten()
				if ids := e.stateIDs(); !slices.Equal(ids, []string{m.id}) {
					t.Errorf("the state contains %v", ids)
				}
			})
		}
	}
}

// If a moved field has more options than its configuration, the options remain, and no plan fails.
func TestAccMoved_options(t *testing.T) {
	needsMoves(t)
	a, m := movableAccount(t), movables["custom field"]
	configuration := strings.Replace(m.configuration, `, { key = "large", label = "Large" }`, "", 1)
	e := a.localEngine(configuration + moved("restapi_object.taught_by", m.to))
	e.withStandIns()
	e.write("terraform.tfstate", recorded(t, "restapi_association", m.restapi))
	says(t, e.apply(), `"Large" (key "large")`, "These options stay unchanged", "0 to add, 1 to change, 0 to destroy")
	e.plansNothing()
	if options := a.field("size").Options; len(options) != 2 {
		t.Errorf("the options are %v", options)
	}
}

// A move from another kind of object is refused. The error says why, and suggests a removed block and an import block. No
// request is made.
func TestAccMoved_namedRefused(t *testing.T) {
	needsMoves(t)
	contact := movable{id: "c1", list: "/contacts/", sent: `{"locationId":"loc-school","name":"Office Phone"}`, answered: `{"contact":{"id":"c1"}}`}
	for name, test := range map[string]struct {
		from movable
		to   string
		says []string
	}{
		"a contact": {contact, "custom value", []string{
			"Unable to Move Custom Value", `holds an object that was created at "/contacts/"`, "A custom value is created at /locations/{location_id}/customValues", "removed block", "import block",
		}},
		"a folder for a field": {movables["custom field folder"], "custom field", []string{
			"Unable to Move Custom Field", "holds a custom field folder, which must be moved to a ghl_custom_field_folder", "removed block", "import block",
		}},
		"a field for an object": {movables["custom field"], "custom object", []string{
			"Unable to Move Custom Object", "holds a custom field, which must be moved to a ghl_custom_field", "removed block", "import block",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			a := movableAccount(t)
			e := a.localEngine(movables[test.to].configuration + moved("restapi_object.taught_by", movables[test.to].to))
			e.withStandIns()
			e.write("terraform.tfstate", recorded(t, "restapi_association", test.from.restapi))
			says(t, e.fails("plan", "-no-color"), test.says...)
			if requests := a.requests(); len(requests) != 0 {
				t.Errorf("it asked HighLevel: %v", requests)
			}
		})
	}
}
