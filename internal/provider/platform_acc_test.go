package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// platformKey is the key of an association that HighLevel made, but lists as user-defined.
const platformKey = "OPPORTUNITIES_BUSINESSES_SECOND_ASSOCIATION"

// addPlatformRow adds an association that HighLevel made, but lists as user-defined.
func (a *account) addPlatformRow() sandbox.Association {
	a.t.Helper()
	return a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: platformKey, AssociationType: "USER_DEFINED",
		FirstObjectKey: "opportunity", FirstObjectLabel: "Opportunity", SecondObjectKey: "business", SecondObjectLabel: "Company",
	})
}

// adoption returns a configuration that imports every user-defined association in the data source with the given lines.
func adoption(lines string) string {
	return `
data "ghl_associations" "all" {
  ` + lines + `
}

locals {
  adopted = { for a in data.ghl_associations.all.associations : a.import_id => a if a.association_type == "USER_DEFINED" }
}

resource "ghl_association" "all" {
  for_each            = local.adopted
  key                 = each.value.key
  first_object_key    = each.value.first_object_key
  first_object_label  = each.value.first_object_label
  second_object_key   = each.value.second_object_key
  second_object_label = each.value.second_object_label
}

output "made" {
  value = [for a in ghl_association.all : a.platform_made]
}

import {
  for_each = local.adopted
  to       = ghl_association.all[each.key]
  id       = each.key
}
`
}

// A bulk adoption leaves out the associations that HighLevel made. If include_platform_made is set, it includes them, and a
// plan that would delete one shows a special warning.
func TestAccPlatform_bulkAdoption(t *testing.T) {
	if !engineHasManyImports() {
		t.Skip("this engine does not support for_each in import blocks")
	}
	a := newSandboxAccount(t)
	row := a.addPlatformRow()
	a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	e := a.localEngine(adoption(""))
	says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed", "made = [ false, ]")
	doesNotSay(t, e.succeeds("plan", "-destroy", "-no-color"), "That HighLevel Made")

	e.write("main.tf", adoption("include_platform_made = true"))
	e.apply()
	says(t, e.succeeds("plan", "-destroy", "-no-color"), "Warning: Destroying an Association That HighLevel Made", `"`+platformKey+`"`, "state rm", "Warning: Destroying an Association Deletes All Its Relations")
	e.write("main.tf", association("again", platformKey, side{"opportunity", "Opportunity"}, side{"contact", "Company"})+
		"\nmoved {\n  from = ghl_association.all[\"loc-school/"+row.ID+"\"]\n  to   = ghl_association.again\n}\n")
	says(t, e.succeeds("plan", "-no-color"), "Warning: Replacing an Association That HighLevel Made", `"`+platformKey+`"`)
}

// The state of an older build has no platform_made. A refresh adds it, and no plan shows a change.
func TestAccUpgrade_platformMade(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := func(label string) string { return contacts("mentor", a.key("mentor"), label, "Mentee") }
	e := a.localEngine(mentor("Mentor"))
	e.apply()
	forget := func(_ string, instance map[string]any) {
		attributes, _ := instance["attributes"].(map[string]any)
		delete(attributes, "platform_made")
	}
	made := func(want any) {
		t.Helper()
		e.instances(func(_ string, instance map[string]any) {
			attributes, _ := instance["attributes"].(map[string]any)
			if attributes["platform_made"] != want {
				t.Errorf("platform_made is %v, want %v", attributes["platform_made"], want)
			}
		})
	}
	e.instances(forget)
	e.plansNothing()
	e.write("main.tf", mentor("Coach"))
	e.succeeds("apply", "-auto-approve", "-refresh=false", "-no-color")
	made(nil)
	e.plansNothing()
	e.succeeds("apply", "-refresh-only", "-auto-approve", "-no-color")
	made(false)
	e.plansNothing()
}

// The data source lists associations that HighLevel made only if include_platform_made or association_type says so.
func TestAccPlatform_dataSource(t *testing.T) {
	a := newSandboxAccount(t)
	a.addPlatformRow()
	a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	ours := []string{a.key("mentor")}
	userDefined := []string{"BUSINESSES_OPPORTUNITIES_ASSOCIATION", "OPPORTUNITIES_BUSINESSES_SECOND_ASSOCIATION", "OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION"}
	systemDefined := []string{"BUSINESSES_CONTACTS_ASSOCIATION", "OPPORTUNITIES_CONTACTS_ASSOCIATION"}
	for lines, want := range map[string][][]string{
		"":                                  {ours},
		"include_platform_made = false":     {ours},
		"include_platform_made = true":      {ours, userDefined, systemDefined},
		`association_type = "USER_DEFINED"`: {ours},
		"association_type = \"USER_DEFINED\"\n  include_platform_made = true":    {ours, userDefined},
		`association_type = "SYSTEM_DEFINED"`:                                    {systemDefined},
		"association_type = \"SYSTEM_DEFINED\"\n  include_platform_made = false": {},
	} {
		t.Run(lines, func(t *testing.T) {
			e := a.localEngine("data \"ghl_associations\" \"all\" {\n  " + lines + "\n}\n\noutput \"keys\" {\n  value = join(\" \", sort(data.ghl_associations.all.associations[*].key))\n}\n")
			e.apply()
			keys := slices.Sorted(slices.Values(slices.Concat(want...)))
			if got := strings.TrimSpace(e.succeeds("output", "-raw", "keys")); got != strings.Join(keys, " ") {
				t.Errorf("listed are %s, want %s", got, keys)
			}
		})
	}
}

// A query leaves out associations that HighLevel made, unless include_platform_made is set. The data source ghl_association
// finds them by key.
func TestAccPlatform_query(t *testing.T) {
	needsQuery(t)
	a := newSandboxAccount(t)
	row := a.addPlatformRow()
	identity := map[string]knownvalue.Check{"location_id": knownvalue.StringExact(a.locationID), "id": knownvalue.StringExact(row.ID)}
	const prefix = `key_prefix = "opportunities_businesses_second"`
	a.run(
		resource.TestStep{
			Config:            a.provider() + "\ndata \"ghl_association\" \"it\" {\n  key = \"" + platformKey + "\"\n}\noutput \"made\" {\n  value = data.ghl_association.it.platform_made\n}\n",
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("made", knownvalue.Bool(true))},
		},
		resource.TestStep{
			Query:  true,
			Config: query("ghl_association", "without", "", prefix) + query("ghl_association", "with", "include_resource = true", prefix, "include_platform_made = true"),
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("ghl_association.without", 0),
				querycheck.ExpectLength("ghl_association.with", 1),
				querycheck.ExpectResourceKnownValues("ghl_association.with", queryfilter.ByResourceIdentity(identity), []querycheck.KnownValueCheck{
					{Path: tfjsonpath.New("platform_made"), KnownValue: knownvalue.Bool(true)},
				}),
			},
		},
	)
}
