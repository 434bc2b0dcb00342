package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// hidesSearchable is an answer like that of older servers: it contains the object course without its searchable properties.
var hidesSearchable = sandbox.Answer(200, `{"objects":[{"id":"o1","key":"custom_objects.course","labels":{"singular":"Course","plural":"Courses"}}]}`)

// If the server does not show the searchable properties, the state does not change. A change of timeouts sends nothing to the server.
func TestAccSearchableProperties_unshown(t *testing.T) {
	a := newSandboxAccount(t)
	a.addCourse()
	config := a.provider() + searchable("custom_objects.course", "level")
	a.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListObjects, Effect: hidesSearchable})
				a.forget()
			},
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			Check:            a.wrote(),
		},
		resource.TestStep{
			PreConfig:        func() { a.sandbox.ClearFaults(); a.forget() },
			Config:           strings.Replace(config, "object_key =", "timeouts = { create = \"1m\" }\n  object_key =", 1),
			ConfigPlanChecks: does("ghl_searchable_properties.of", plancheck.ResourceActionUpdate),
			Check:            a.wrote(),
		},
	)
}

// A plan warns if two resources want the searchable properties of one object, whether or not the state contains one of them.
func TestAccSearchableProperties_twice(t *testing.T) {
	a := newSandboxAccount(t)
	a.addCourse()
	one := searchable("custom_objects.course", "level")
	const warning = "Two Resources Want the Same Searchable Properties"
	e := a.localEngine(one)
	if output := e.apply(); strings.Contains(output, warning) {
		t.Errorf("one resource alone: %s", output)
	}
	for _, objectKey := range []string{"custom_objects.course", "Custom_Objects.Course", "course"} {
		both := one + strings.Replace(searchable(objectKey, "title"), `"of"`, `"again"`, 1)
		e.write("main.tf", both)
		says(t, e.succeeds("plan", "-no-color"), warning)
		unheld := a.localEngine(both)
		says(t, unheld.succeeds("plan", "-no-color"), warning)
	}
}

// A query does not list an object whose answer contains no searchable properties.
func TestAccList_searchablePropertiesUnshown(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListObjects, Effect: hidesSearchable})
	a.run(
		resource.TestStep{Config: a.provider()},
		resource.TestStep{
			Query: true, Config: query("ghl_searchable_properties", "all", ""),
			QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength("ghl_searchable_properties.all", 0)},
		},
	)
}
