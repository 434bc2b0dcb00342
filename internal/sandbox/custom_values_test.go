package sandbox_test

import (
	"slices"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const values = "/locations/school/customValues"

// succeeded is the field that confirms a deletion.
const succeeded = "succeded" //nolint:misspell // the API's spelling

// value creates a custom value through the API and returns its id.
func (c *client) value(name, content string) string {
	c.t.Helper()
	r := c.want("POST", values, valueBody(name, content), 201, `{"customValue":{`)
	row, ok := object(c.t, r.body)["customValue"].(map[string]any)
	if !ok {
		c.t.Fatalf("no custom value in %s", r.body)
	}
	id, _ := row["id"].(string)
	return id
}

func valueBody(name, content string) string {
	return `{"name":"` + name + `","value":"` + content + `"}`
}

func TestCustomValueLifecycle(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	id := c.value("Opening  hours!", "9 to 5")
	if len(id) != 24 {
		t.Fatalf("id %q is not 24 hex digits", id)
	}
	row := `{"id":"` + id + `","name":"Opening  hours!","fieldKey":"{{ custom_values.opening_hours_ }}","value":"9 to 5","locationId":"school"}`
	c.want("GET", values+"/"+id, "", 200, `{"customValue":`+row+`}`)
	c.want("GET", values, "", 200, `{"customValues":[`+row+`]}`)
	renamed := `{"id":"` + id + `","name":"Hours","fieldKey":"{{ custom_values.opening_hours_ }}","value":"","locationId":"school"}`
	c.want("PUT", values+"/"+id, valueBody("Hours", ""), 200, `{"customValue":`+renamed+`}`)
	c.want("GET", values+"/"+id, "", 200, renamed)
	if r := c.want("DELETE", values+"/"+id, "", 200, ""); r.body != `{"`+succeeded+`":true}` {
		t.Errorf("deletion answered %s", r.body)
	}
	missing := `{"statusCode":404,"message":"Custom value not found","error":"Not Found","traceId":"`
	c.want("GET", values+"/"+id, "", 404, missing)
	c.want("PUT", values+"/"+id, valueBody("a", "b"), 404, missing)
	c.want("DELETE", values+"/"+id, "", 404, missing)
	c.want("GET", values, "", 200, `{"customValues":[]}`)
	var committed []bool
	for _, r := range c.s.Requests() {
		committed = append(committed, r.Committed)
	}
	if want := []bool{true, false, false, true, false, true, false, false, false, false}; !slices.Equal(committed, want) {
		t.Errorf("committed %v, want %v", committed, want)
	}
}

func TestCustomValueForms(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	one := values + "/" + c.value("a", "b")
	for _, test := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", values, `{}`, 422, `"message":["name should not be empty","value should not be empty"]`},
		{"POST", values, `{"name":"","value":7}`, 422, `["name should not be empty","value must be a string"]`},
		{"POST", values, `{"name":"n","value":null}`, 422, `["value should not be empty"]`},
		{"POST", values, `{"name":"n","value":"v","locationId":"school"}`, 422, `["property locationId should not exist"]`},
		{"POST", values, `[]`, 400, "The body is not a JSON object"},
		{"PUT", one, `{"value":"v"}`, 422, `["name should not be empty"]`},
		{"PUT", one, `{"name":"n","value":"v","fieldKey":"k"}`, 422, `["property fieldKey should not exist"]`},
		{"GET", values + "?skip=0", "", 422, `["property skip should not exist"]`},
		{"GET", one + "?locationId=school", "", 422, `["property locationId should not exist"]`},
		{"GET", "/locations/office/customValues", "", 403, "The token does not have access to this location."},
		{"POST", "/locations/office/customValues", valueBody("n", "v"), 403, "The token does not have access to this location."},
		{"DELETE", "/locations/nowhere/customValues/" + foreign, "", 403, "The token does not have access to this location."},
		{"PATCH", one, `{}`, 404, "Cannot PATCH"},
	} {
		c.want(test.method, test.path, test.body, test.status, test.want)
	}
	c.with("Content-Type", "text/plain").want("POST", values, valueBody("n", "v"), 422, "Content-Type must be application/json")
	c.with("Authorization", "Bearer wrong").want("GET", values, "", 401, "Invalid JWT")
	if log := c.s.Requests(); log[len(log)-1].LocationID != school {
		t.Errorf("a refused request for a sub-account was logged under %q", log[len(log)-1].LocationID)
	}
}

// foreign is an id that does not exist.
const foreign = "ffffffffffffffffffffffff"

func TestQuirkDuplicateValueNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		quirk, second, third string // keys
	}{
		{"", "{{ custom_values.a_b }}", "{{ custom_values.a_b }}"},
		{"allowed", "{{ custom_values.a_b }}", "{{ custom_values.a_b }}"},
		{"suffixed", "{{ custom_values.a_b_1 }}", "{{ custom_values.a_b_2 }}"},
	} {
		c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{DuplicateValueNames: test.quirk}})
		for range 3 {
			c.value("A b", "v")
		}
		same(t, column(t, c.do("GET", values, "").body, "customValues", "fieldKey"), []string{"{{ custom_values.a_b }}", test.second, test.third})
	}
}

func TestQuirkDuplicateValueNamesRefused(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{DuplicateValueNames: "refused"}})
	id := c.value("A", "v")
	refused := `{"statusCode":400,"message":"Custom value with name A already exists","error":"Bad Request","traceId":"`
	c.want("POST", values, valueBody("A", "w"), 400, refused)
	c.want("PUT", values+"/"+c.value("B", "v"), valueBody("A", "w"), 400, refused)
	c.want("PUT", values+"/"+id, valueBody("A", "w"), 200, `"value":"w"`)
	c.want("PUT", values+"/"+id, valueBody("C", "w"), 200, `"fieldKey":"{{ custom_values.a }}"`)
	c.want("POST", values, valueBody("A", "w"), 201, `"fieldKey":"{{ custom_values.a_1 }}"`)
}

func TestQuirksOfCustomValues(t *testing.T) {
	t.Parallel()
	const row = `{"id":"v1","name":"A","fieldKey":"{{ custom_values.a }}","value":"<b>","locationId":"school"`
	for _, test := range []struct {
		name               string
		quirks             sandbox.Quirks
		method, path, body string
		status             int
		want               string
	}{
		{"bare", sandbox.Quirks{WrapObjects: true}, "GET", values + "/v1", "", 200, row + "}"},
		{"unknown fields", sandbox.Quirks{UnknownFields: true}, "GET", values + "/v1", "", 200, `{"customValue":` + row + unknown + unknown},
		{"unknown fields in a list", sandbox.Quirks{UnknownFields: true}, "GET", values, "", 200, `{"customValues":[` + row + unknown + "]" + unknown},
		{"empty deletion", sandbox.Quirks{DeletionAnswer: "empty"}, "DELETE", values + "/v1", "", 200, ""},
		{"success", sandbox.Quirks{DeletionAnswer: "success"}, "DELETE", values + "/v1", "", 200, `{"success":true}`},
		{"text", sandbox.Quirks{DeletionAnswer: "text"}, "DELETE", values + "/v1", "", 200, `Custom value deleted successfully`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := inProcess(t, sandbox.Options{Quirks: test.quirks})
			c.s.CustomValues().Add(sandbox.CustomValue{ID: "v1", Name: "A", Value: "<b>", LocationID: school})
			if r := c.want(test.method, test.path, test.body, test.status, ""); r.body != test.want {
				t.Errorf("got  %s\nwant %s", r.body, test.want)
			}
		})
	}
}

func TestQuirksOfCustomValueWrites(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{EmptyValuesRefused: true, CreateValueIs200: true, MissingKindIs400: true}})
	c.want("POST", values, valueBody("a", ""), 422, `["value should not be empty"]`)
	c.want("POST", values, valueBody("a", " "), 200, `"value":" "`)
	c.want("PUT", values+"/"+c.s.CustomValues().All(school)[0].ID, valueBody("a", ""), 422, `["value should not be empty"]`)
	c.want("GET", values+"/"+foreign, "", 400, `{"statusCode":400,"message":"Custom value not found","error":"Bad Request","traceId":"`)
}

func TestCustomValuesBehindTheAPI(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	one := c.s.CustomValues().Add(sandbox.CustomValue{LocationID: school, Name: "One", Value: "1"})
	if one.ID == "" || one.FieldKey != "{{ custom_values.one }}" {
		t.Errorf("%+v", one)
	}
	two := sandbox.CustomValue{LocationID: school, ID: "v2", Name: "Two", FieldKey: "odd", Value: "2"}
	c.s.CustomValues().Add(two)
	c.s.CustomValues().Update(school, one.ID, func(v *sandbox.CustomValue) { v.ID, v.LocationID, v.Value = "other", office, "changed" })
	c.s.CustomValues().Update(school, "nope", func(*sandbox.CustomValue) { t.Error("called for a row that does not exist") })
	one.Value = "changed"
	if got := c.s.CustomValues().All(school); !slices.Equal(got, []sandbox.CustomValue{one, two}) {
		t.Errorf("%+v", got)
	}
	c.s.CustomValues().Remove(school, one.ID)
	c.s.CustomValues().Remove(school, one.ID)
	if got := c.s.CustomValues().All(school); !slices.Equal(got, []sandbox.CustomValue{two}) {
		t.Errorf("%+v", got)
	}
	if got := c.s.CustomValues().All(office); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestFaultsOfCustomValues(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	one := c.s.CustomValues().Add(sandbox.CustomValue{LocationID: school, Name: "One"})
	c.s.CustomValues().Add(sandbox.CustomValue{LocationID: school, ID: "v2", Name: "Two"})
	for _, test := range []struct {
		effect       sandbox.Effect
		method, path string
		status       int
		want         string
	}{
		{sandbox.NotFound(), "GET", values + "/v2", 404, "Custom value not found"},
		{sandbox.DeletionDenied(), "DELETE", values + "/v2", 200, `{"id":"v2","` + succeeded + `":false}`},
		{sandbox.RowOfAnother(), "GET", values + "/v2", 200, `{"id":"` + one.ID + `","name":"One"`},
		{sandbox.RowOfAnother(), "GET", values + "/" + one.ID, 200, `{"id":"v2","name":"Two"`},
		{sandbox.ShrinkPage(2), "GET", values, 200, `{"customValues":[]}`},
		{sandbox.MalformedItem(), "GET", values, 200, `"id":12345`},
		{sandbox.ListOfAnotherLocation(), "GET", values, 200, `"locationId":"loc-of-a-stranger"`},
	} {
		c.s.AddFault(sandbox.Fault{Count: 1, Effect: test.effect})
		c.want(test.method, test.path, "", test.status, test.want)
		if log := c.s.Requests(); log[len(log)-1].Fault == "" {
			t.Errorf("the fault did not apply to %s %s", test.method, test.path)
		}
		c.s.ClearFaults()
	}
	if got := len(c.s.CustomValues().All(school)); got != 2 {
		t.Errorf("%d custom values are left, want 2", got)
	}
}
