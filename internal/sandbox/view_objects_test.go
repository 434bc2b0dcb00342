package sandbox_test

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

func TestViewOfObjectsAndValues(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Options{})
	mustRead(t, c.view().body, "Sub-account school", "No relations. No custom objects. No custom values.", "Last requests")
	c.pet()
	folder := c.s.FieldFolders().All(school)[0].ID
	c.field(folder, "age", "NUMERICAL", `,"name":"Age"`)
	c.s.CustomFields().Add(sandbox.CustomField{LocationID: school, ObjectKey: "business", FieldKey: "business.size", Name: "Size", DataType: "TEXT"})
	c.value("Opening hours", "9 to 5")
	page := c.view().body
	mustRead(t, page, "No relations.",
		"Objects", "Company, Companies business", "Size business.size TEXT",
		"Pet, Pets custom_objects.pet", "Name custom_objects.pet.name TEXT Pet Details", "Age custom_objects.pet.age NUMERICAL Pet Details",
		"Custom values", "Opening hours {{ custom_values.opening_hours }}", "9 to 5", "Last requests")
	if strings.Contains(page, "Opportunities") {
		t.Error("a standard object without fields is shown")
	}
}

func TestViewOfObjectsEscapes(t *testing.T) {
	t.Parallel()
	const hostile = `</ul></table></style><script>alert("1")</script><img src=x onerror='alert(2)'>{{.}}`
	c := start(t, sandbox.Options{})
	c.s.Objects().Add(sandbox.Object{LocationID: school, ID: "object id" + hostile, Key: "key" + hostile, Labels: sandbox.Labels{Singular: "one" + hostile, Plural: "many" + hostile}})
	folder := c.s.FieldFolders().Add(sandbox.FieldFolder{LocationID: school, ObjectKey: "key" + hostile, Name: "folder" + hostile})
	c.s.CustomFields().Add(sandbox.CustomField{LocationID: school, ObjectKey: "key" + hostile, FieldKey: "field" + hostile, Name: "name" + hostile, DataType: "type" + hostile, ParentID: folder.ID})
	c.s.CustomValues().Add(sandbox.CustomValue{LocationID: school, ID: "value id" + hostile, Name: "value" + hostile, FieldKey: "value key" + hostile, Value: "text" + hostile})
	page := c.view().body
	mustHoldNoForeignElement(t, page)
	text := html.UnescapeString(strings.ReplaceAll(page, "<wbr>", ""))
	for _, part := range []string{"object id", "key", "one", "many", "folder", "field", "name", "type", "value id", "value", "value key", "text"} {
		if !strings.Contains(text, part+hostile) {
			t.Errorf("%s%s is not shown unchanged", part, hostile)
		}
	}
}

func TestViewOfObjectsIsBounded(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	for i := range 25 {
		key := fmt.Sprintf("custom_objects.pet-%02d", i)
		c.s.Objects().Add(sandbox.Object{LocationID: school, Key: key})
		c.s.CustomFields().Add(sandbox.CustomField{LocationID: school, ObjectKey: "custom_objects.pet-00", FieldKey: fmt.Sprintf("a-%02d", i)})
		c.s.CustomFields().Add(sandbox.CustomField{LocationID: school, ObjectKey: "custom_objects.pet-00", FieldKey: fmt.Sprintf("b-%02d", i)})
		for j := range 3 {
			c.s.CustomValues().Add(sandbox.CustomValue{LocationID: school, Name: fmt.Sprintf("value-%02d-%d", i, j), Value: strings.Repeat("x", 1000)})
		}
	}
	page := c.view().body
	mustRead(t, page, "custom_objects.pet-00", "a-14", "b-14", "and 20 more fields", "custom_objects.pet-19", "and 5 more objects",
		"value-16-1", "and 25 more custom values")
	for _, absent := range []string{"pet-20", "a-15", "value-16-2", strings.Repeat("x", 200)} {
		if strings.Contains(page, absent) {
			t.Errorf("%s is shown", absent)
		}
	}
}
