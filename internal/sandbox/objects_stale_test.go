package sandbox_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

func TestQuirkStaleObjects(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{StaleObjects: 2}})
	id := c.pet()
	one := "/objects/" + id + "?locationId=school"
	byKey := "/objects/custom_objects.pet?locationId=school"
	c.want("GET", one, "", 200, `"cache":false`)
	c.want("PUT", "/objects/"+id, `{"locationId":"school","searchableProperties":["custom_objects.pet.name"],"description":"new"}`, 200, `"description":"new"`)
	for _, path := range []string{one, byKey} {
		if r := c.want("GET", path, "", 200, `"cache":true`); strings.Contains(r.body, "description") {
			t.Errorf("%s shows the change: %s", path, r.body)
		}
	}
	c.want("GET", one, "", 200, `"description":"new"`)
	c.want("GET", objects, "", 200, `"description":"new"`)
	c.want("DELETE", one, "", 200, "")
	c.want("GET", one, "", 200, `"cache":true`)
	c.want("GET", byKey, "", 200, `"description":"new"`)
	c.want("GET", one, "", 404, "not found")
}

// A stale lookup by key may return the object that had the key before.
func TestQuirkStaleObjects_keyOfADeletedObject(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{StaleObjects: 1}})
	const byKey = "/objects/custom_objects.pet?locationId=school"
	former := c.pet()
	c.want("DELETE", "/objects/"+former+"?locationId=school", "", 200, "")
	again := c.pet()
	c.want("GET", "/objects/"+again+"?locationId=school", "", 200, `"cache":false`)
	c.want("GET", byKey, "", 200, `{"object":{"id":"`+former+`"`)
	c.want("GET", byKey, "", 200, `{"object":{"id":"`+again+`"`)
}

func TestQuirkStaleObjectLists(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Quirks: sandbox.Quirks{StaleObjectLists: 1}})
	id := c.pet()
	listed := func(want ...string) {
		t.Helper()
		same(t, column(t, c.do("GET", objects, "").body, "objects", "key"), append([]string{"contact", "opportunity", "business"}, want...))
	}
	listed()
	listed("custom_objects.pet")
	c.want("DELETE", "/objects/"+id+"?locationId=school", "", 200, "")
	listed("custom_objects.pet")
	listed()
}
