package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// searchable returns the configuration of the searchable properties of an object. The fields are given by their short keys.
func searchable(objectKey string, fields ...string) string {
	keys := make([]string, len(fields))
	for i, field := range fields {
		keys[i] = fmt.Sprintf("%q", objectKey+"."+field)
	}
	return fmt.Sprintf("\nresource \"ghl_searchable_properties\" \"of\" {\n  object_key = %q\n  field_keys = [%s]\n}\n", objectKey, strings.Join(keys, ", "))
}

// addCourse adds an object with two fields, without the provider.
func (a *account) addCourse() sandbox.Object {
	course := a.sandbox.Objects().Add(sandbox.Object{
		LocationID: a.locationID, Key: "custom_objects.course", Labels: sandbox.Labels{Singular: "Course", Plural: "Courses"},
		PrimaryDisplayProperty: "custom_objects.course.title",
	})
	a.sandbox.CustomFields().Add(sandbox.CustomField{LocationID: a.locationID, ObjectKey: course.Key, FieldKey: "custom_objects.course.level", Name: "Level", DataType: "TEXT"})
	return course
}

func (a *account) wantSearchable(want ...string) {
	a.t.Helper()
	for _, o := range a.sandbox.Objects().All(a.locationID) {
		if got := slices.Sorted(slices.Values(o.SearchableProperties)); !slices.Equal(got, want) {
			a.t.Errorf("the searchable properties of %s are %q, want %q", o.Key, got, want)
		}
	}
}

// The create of searchable properties replaces the existing ones. Searchable properties can be updated and imported in three
// ways, and remain after a destroy. The labels of the object do not change.
func TestAccSearchableProperties_lifecycle(t *testing.T) {
	a := newSandboxAccount(t)
	a.addCourse()
	const address, title, level = "ghl_searchable_properties.of", "custom_objects.course.title", "custom_objects.course.level"
	steps := []resource.TestStep{
		{
			Config: a.provider() + searchable("custom_objects.course", "level"),
			Check:  a.wrote(`PUT /objects/custom_objects.course {"locationId":"loc-school","searchableProperties":\["custom_objects.course.level"\]}`),
			ConfigStateChecks: append(ifIdentity(
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("location_id"), knownvalue.StringExact(a.locationID)),
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("object_key"), knownvalue.StringExact("custom_objects.course")),
			), attribute(address, "location_id", a.locationID)),
		},
		{
			PreConfig:        a.forget,
			Config:           a.provider() + searchable("custom_objects.course", "title", "level"),
			ConfigPlanChecks: does(address, plancheck.ResourceActionUpdate),
			Check:            a.wrote(`PUT /objects/custom_objects.course .*`),
		},
	}
	steps = append(steps, importSteps(address, "{object_key}", "{location_id}/{object_key}")...)
	steps[2].ImportStateVerifyIdentifierAttribute = "object_key"
	a.run(append(steps, resource.TestStep{
		PreConfig: func() {
			a.wantSearchable(level, title)
			a.sandbox.Objects().Update(a.locationID, "custom_objects.course", func(o *sandbox.Object) { o.SearchableProperties = []string{title} })
			a.forget()
		},
		Config: a.provider() + searchable("custom_objects.course", "title", "level"), Check: a.wrote(`PUT /objects/custom_objects.course .*`),
	}, resource.TestStep{
		PreConfig: a.forget, Config: a.provider(), Check: a.wrote(),
	})...)
	a.wantSearchable(level, title)
}

// A standard object can have searchable properties. More than three properties are refused before any call, and an error of
// the server is shown. If the object is deleted, the plan creates them again. If a read fails, the state is unchanged.
func TestAccSearchableProperties_bounds(t *testing.T) {
	a := newSandboxAccount(t)
	course := a.addCourse()
	e := a.localEngine(searchable("business", "name", "email"))
	says(t, e.apply(), "1 added")
	e.plansNothing()
	e.write("main.tf", searchable("business", "a", "b", "c", "d"))
	says(t, e.fails("validate", "-no-color"), "field_keys", "at least 1 elements and at most 3")
	e.write("main.tf", searchable("custom_objects.course", "nothing"))
	says(t, e.fails(applyCommand...), "Unable to Create Searchable Properties", "HighLevel refused the request")
	e.write("main.tf", searchable("custom_objects.lesson", "title"))
	says(t, e.fails(applyCommand...), "Unable to Set Searchable Properties", `There is no object "custom_objects.lesson"`, "correct object_key")

	e.write("main.tf", searchable("custom_objects.course", "level"))
	e.apply()
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListObjects, Effect: sandbox.Status(http.StatusBadGateway)})
	says(t, e.fails("plan", "-no-color"), "Unable to Read Searchable Properties", "The state is unchanged")
	a.sandbox.ClearFaults()
	a.sandbox.Objects().Remove(a.locationID, course.ID)
	says(t, e.succeeds("plan", "-no-color"), "1 to add")
}

// A query lists the searchable properties of each object whose answer contains them.
func TestAccList_searchableProperties(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	a.addCourse()
	identity := map[string]knownvalue.Check{"location_id": knownvalue.StringExact(a.locationID), "object_key": knownvalue.StringExact("custom_objects.course")}
	a.run(
		resource.TestStep{Config: a.provider()},
		resource.TestStep{
			Query: true, Config: query("ghl_searchable_properties", "all", "include_resource = true"),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectIdentity("ghl_searchable_properties.all", identity),
				querycheck.ExpectResourceDisplayName("ghl_searchable_properties.all", queryfilter.ByResourceIdentity(identity), knownvalue.StringExact("custom_objects.course")),
				querycheck.ExpectResourceKnownValues("ghl_searchable_properties.all", queryfilter.ByResourceIdentity(identity), []querycheck.KnownValueCheck{
					{Path: tfjsonpath.New("field_keys"), KnownValue: knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("custom_objects.course.title")})},
				}),
			},
		},
	)
}
