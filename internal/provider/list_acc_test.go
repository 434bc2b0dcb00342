package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// query returns a list block with the given lines. The last argument contains the lines of its config block.
func query(resourceType, name, lines string, config ...string) string {
	return fmt.Sprintf("\nlist %q %q {\n  provider = ghl\n  %s\n  config {\n    %s\n  }\n}\n", resourceType, name, lines, strings.Join(config, "\n    "))
}

func needsQuery(t *testing.T) {
	t.Helper()
	if !engineHasQuery() {
		t.Skip("list resources need Terraform 1.14")
	}
}

// listQueries returns the query strings of the list calls since the last reset, without the sub-account.
func (a *account) listQueries(route string) []string {
	queries := []string{}
	for _, r := range a.requests(route) {
		queries = append(queries, strings.Replace(r.RawQuery, "locationId="+a.locationID+"&", "", 1))
	}
	return queries
}

func equalLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: got\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A query lists associations with their identities, resources and names, and applies its filters. Associations that HighLevel
// made are left out. Several queries share one list call.
func TestAccList_associations(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	rows := map[string]sandbox.Association{}
	for _, row := range []sandbox.Association{
		{Key: "taught_by", FirstObjectKey: "custom_objects.student", FirstObjectLabel: "Student", SecondObjectKey: "custom_objects.teacher", SecondObjectLabel: "Teacher"},
		{Key: "taught_too", FirstObjectKey: "custom_objects.student", FirstObjectLabel: "Student", SecondObjectKey: "custom_objects.teacher", SecondObjectLabel: "Teacher"},
		{Key: "owns", FirstObjectKey: "contact", FirstObjectLabel: `The "owner"`, SecondObjectKey: "custom_objects.pet", SecondObjectLabel: "Pet\nor so"},
	} {
		row.LocationID = a.locationID
		rows[row.Key] = a.sandbox.AddAssociation(row)
	}
	identity := func(key string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{"location_id": knownvalue.StringExact(a.locationID), "id": knownvalue.StringExact(rows[key].ID)}
	}
	named := func(address, key, name string) querycheck.QueryResultCheck {
		return querycheck.ExpectResourceDisplayName(address, queryfilter.ByResourceIdentity(identity(key)), knownvalue.StringExact(name))
	}
	full := func(field, value string) querycheck.KnownValueCheck {
		return querycheck.KnownValueCheck{Path: tfjsonpath.New(field), KnownValue: knownvalue.StringExact(value)}
	}
	a.run(
		resource.TestStep{Config: a.provider()},
		resource.TestStep{
			PreConfig: a.forget, Query: true,
			Config: query("ghl_association", "all", "include_resource = true") +
				query("ghl_association", "of_pets", "", `object_key = "custom_objects.pet"`) +
				query("ghl_association", "taught", "", `key_prefix = "Taught_"`, `object_key = "custom_objects.teacher"`) +
				query("ghl_association", "none", "", `key_prefix = "taught_by_nobody"`),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("ghl_association.all", 3), // the associations that HighLevel made are left out
				querycheck.ExpectLength("ghl_association.of_pets", 1),
				querycheck.ExpectLength("ghl_association.taught", 2),
				querycheck.ExpectIdentity("ghl_association.of_pets", identity("owns")),
				named("ghl_association.all", "taught_by", "Student (custom_objects.student), Teacher (custom_objects.teacher): taught_by"),
				named("ghl_association.all", "taught_too", "Student (custom_objects.student), Teacher (custom_objects.teacher): taught_too"),
				named("ghl_association.all", "owns", `"The \"owner\"" (contact), "Pet\nor so" (custom_objects.pet): owns`),
				querycheck.ExpectResourceKnownValues("ghl_association.all", queryfilter.ByResourceIdentity(identity("owns")), []querycheck.KnownValueCheck{
					full("id", rows["owns"].ID), full("location_id", a.locationID), full("key", "owns"),
					full("first_object_key", "contact"), full("first_object_label", `The "owner"`),
					full("second_object_key", "custom_objects.pet"), full("second_object_label", "Pet\nor so"),
					full("association_type", "USER_DEFINED"),
					{Path: tfjsonpath.New("deletion_protection"), KnownValue: knownvalue.Bool(false)},
					{Path: tfjsonpath.New("timeouts"), KnownValue: knownvalue.Null()},
				}),
			},
		},
	)
}

// A query lists the relations of a record on either side. The names of the results contain the labels of the associations.
func TestAccList_relations(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	taught := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: "taught_by",
		FirstObjectKey: "custom_objects.student", FirstObjectLabel: "Student", SecondObjectKey: "custom_objects.teacher", SecondObjectLabel: "Teacher",
	})
	const system = "TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION"
	a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, ID: system, Key: system, AssociationType: sandbox.SystemDefined,
		FirstObjectKey: "custom_objects.properties", FirstObjectLabel: "Properties", SecondObjectKey: "task", SecondObjectLabel: "Task",
	})
	link := func(association, first, second string) {
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: association, FirstRecordID: first, SecondRecordID: second})
	}
	link(taught.ID, "student-1", "teacher-1")
	link(taught.ID, "student-2", "teacher-1")
	link(system, "properties-1", "task-1")
	link(taught.ID, "student-1", "teacher-2")
	identity := func(association, first, second string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{
			"location_id": knownvalue.StringExact(a.locationID), "association_id": knownvalue.StringExact(association),
			"first_record_id": knownvalue.StringExact(first), "second_record_id": knownvalue.StringExact(second),
		}
	}
	a.run(
		resource.TestStep{Config: a.provider()},
		resource.TestStep{
			PreConfig: a.forget, Query: true,
			Config: query("ghl_relation", "of_teacher", "include_resource = true", `record_id = "teacher-1"`) +
				query("ghl_relation", "of_student", "", `record_id = "student-1"`, fmt.Sprintf("association_ids = [%q]", taught.ID)) +
				query("ghl_relation", "of_task", "", `record_id = "task-1"`) +
				query("ghl_relation", "filtered_away", "", `record_id = "student-2"`, "association_ids = []"),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("ghl_relation.of_teacher", 2),
				querycheck.ExpectLength("ghl_relation.of_student", 2),
				querycheck.ExpectLength("ghl_relation.of_task", 1),
				querycheck.ExpectIdentity("ghl_relation.of_teacher", identity(taught.ID, "student-2", "teacher-1")),
				querycheck.ExpectIdentity("ghl_relation.of_student", identity(taught.ID, "student-1", "teacher-2")),
				querycheck.ExpectResourceDisplayName("ghl_relation.of_teacher", queryfilter.ByResourceIdentity(identity(taught.ID, "student-2", "teacher-1")),
					knownvalue.StringExact("Student (custom_objects.student) student-2, Teacher (custom_objects.teacher) teacher-1: taught_by")),
				querycheck.ExpectResourceDisplayName("ghl_relation.of_task", queryfilter.ByResourceIdentity(identity(system, "properties-1", "task-1")),
					knownvalue.StringExact("Properties (custom_objects.properties) properties-1, Task (task) task-1: "+system)),
				querycheck.ExpectResourceKnownValues("ghl_relation.of_teacher", queryfilter.ByResourceIdentity(identity(taught.ID, "student-1", "teacher-1")),
					[]querycheck.KnownValueCheck{
						{Path: tfjsonpath.New("first_object_key"), KnownValue: knownvalue.StringExact("custom_objects.student")},
						{Path: tfjsonpath.New("second_object_key"), KnownValue: knownvalue.StringExact("custom_objects.teacher")},
						{Path: tfjsonpath.New("id"), KnownValue: knownvalue.NotNull()},
						{Path: tfjsonpath.New("timeouts"), KnownValue: knownvalue.Null()},
					}),
			},
		},
	)
}

// querying returns an engine with a provider and the given queries.
func (a *account) querying(queries string) *engine {
	a.t.Helper()
	e := a.localEngine("")
	e.write("adopt.tfquery.hcl", queries)
	return e
}

// The limit sets the size of the first page and the number of results. Listing whole resources does not cost extra requests.
func TestAccList_limit(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	for i := range 120 {
		row := a.sandbox.AddAssociation(sandbox.Association{
			LocationID: a.locationID, Key: fmt.Sprintf("kind_%03d", i),
			FirstObjectKey: "contact", FirstObjectLabel: "Mentor", SecondObjectKey: "contact", SecondObjectLabel: "Mentee",
		})
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: row.ID, FirstRecordID: "contact-1", SecondRecordID: "contact-2"})
	}
	found := regexp.MustCompile(`(?m)^list\.ghl_`)
	for _, test := range []struct {
		name, query string
		results     int
		pages       []string
	}{
		{"all within a page", query("ghl_association", "all", "limit = 5\n  include_resource = true", "include_platform_made = true"), 5, []string{"limit=5&skip=0"}},
		{"the engine's own", query("ghl_association", "all", "", "include_platform_made = true"), 100, []string{"limit=100&skip=0"}},
		{"to the end", query("ghl_association", "all", "limit = 1000"), 120, []string{"limit=100&skip=0", "limit=100&skip=100", "limit=100&skip=124"}},
		{"searched for", query("ghl_association", "all", "limit = 1", `key_prefix = "kind_110"`), 1, []string{"limit=100&skip=0", "limit=100&skip=100"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a.forget()
			output, code := a.querying(test.query).run("query", "-no-color")
			if n := len(found.FindAllString(output, -1)); code != 0 || n != test.results {
				t.Errorf("exit code %d, %d results, want %d\n%s", code, n, test.results, output)
			}
			equalLines(t, "list calls", a.listQueries(sandbox.RouteListAssociations), test.pages...)
			if n := len(a.requests()); n != len(test.pages) {
				t.Errorf("%d requests, want %d", n, len(test.pages))
			}
		})
	}
	t.Run("relations", func(t *testing.T) {
		a.forget()
		output := a.querying(query("ghl_relation", "all", "limit = 3\n  include_resource = true", `record_id = "contact-2"`)).succeeds("query", "-no-color")
		if n := strings.Count(output, "list.ghl_relation.all"); n != 3 {
			t.Errorf("%d results, want 3\n%s", n, output)
		}
		equalLines(t, "list calls", a.listQueries(sandbox.RouteListRelations), "limit=3&skip=0")
	})
}

// The engine shows an error that occurs before the first result or after some results.
func TestAccList_errors(t *testing.T) {
	needsQuery(t)
	for _, test := range []struct {
		name  string
		fault sandbox.Fault
		query string
		says  []string
	}{
		{
			"not allowed", sandbox.Fault{Route: sandbox.RouteListAssociations, Effect: sandbox.Status(403)},
			query("ghl_association", "all", ""), []string{"Unable to List Associations", "Check location_id"},
		},
		{
			"on a later page", sandbox.Fault{Route: sandbox.RouteListAssociations, After: 1, Effect: sandbox.Status(500)},
			query("ghl_association", "all", "limit = 1000"), []string{"list.ghl_association.all", "Unable to List Associations", "could not answer"},
		},
		{
			"of a record", sandbox.Fault{Route: sandbox.RouteListRelations, Effect: sandbox.Status(503)},
			query("ghl_relation", "all", "", `record_id = "contact-1"`), []string{"Unable to List Relations", "could not answer", "contact-1"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newSandboxAccount(t)
			for i := range 120 {
				a.sandbox.AddAssociation(sandbox.Association{
					LocationID: a.locationID, Key: fmt.Sprintf("kind_%03d", i),
					FirstObjectKey: "contact", FirstObjectLabel: "Mentor", SecondObjectKey: "contact", SecondObjectLabel: "Mentee",
				})
			}
			a.sandbox.AddFault(test.fault)
			says(t, a.querying(test.query).fails("query", "-no-color"), test.says...)
		})
	}
	t.Run("no sub-account", func(t *testing.T) {
		a := newSandboxAccount(t)
		e := a.querying(query("ghl_association", "all", ""))
		e.write("provider.tf", a.providerWith("access_token = var.access_token"))
		says(t, e.fails("query", "-no-color"), "Unable to List Associations", "No sub-account is set", "GHL_LOCATION_ID")
	})
	t.Run("no labels", func(t *testing.T) {
		a := newSandboxAccount(t)
		mentor := a.addAssociation("mentor", "Mentor", "Mentee")
		a.addRelation(mentor.ID, "contact-1", "contact-2")
		a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Effect: sandbox.Status(403)})
		says(t, a.querying(query("ghl_relation", "all", "", `record_id = "contact-1"`)).succeeds("query", "-no-color"),
			"contact contact-1, contact contact-2: association "+mentor.ID)
	})
}

// A query lists the sub-account in its config block, whatever the provider's default is.
func TestAccList_location(t *testing.T) {
	needsQuery(t)
	otherToken := newToken()
	a := newSandboxAccount(t, withSecondLocation(otherToken))
	desk := a.addValue("Desk", "1")
	door := a.sandbox.CustomValues().Add(sandbox.CustomValue{LocationID: "loc-other", Name: "Door", Value: "2"})
	e := a.localEngine("")
	e.write("provider.tf", a.provider(fmt.Sprintf("location_access_tokens = { loc-other = %q }", otherToken)))
	e.write("all.tfquery.hcl", query("ghl_custom_value", "all", "", `location_id = "loc-other"`))
	output := e.succeeds("query", "-no-color")
	says(t, output, door.ID)
	doesNotSay(t, output, desk.ID)
}
