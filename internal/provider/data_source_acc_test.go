package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// lookup is the configuration of a data source ghl_association.
func lookup(name, lines string) string {
	return fmt.Sprintf("\ndata \"ghl_association\" %q {\n  %s\n}\n", name, lines)
}

// known checks an object whose values are strings. An association also has platform_made.
func known(fields map[string]string) knownvalue.Check {
	checks := map[string]knownvalue.Check{}
	for name, value := range fields {
		checks[name] = knownvalue.StringExact(value)
	}
	if fields["association_type"] != "" {
		checks["platform_made"] = knownvalue.Bool(false)
	}
	return knownvalue.ObjectExact(checks)
}

// The data sources find an association by id, or by key in upper or lower case. They also
// list associations and the relations of a record.
func TestAccDataSource_found(t *testing.T) {
	a := newAccount(t)
	records := a.records(3)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	friend := a.addAssociation(a.key("friend"), "Friend", "Befriended")
	link := a.addRelation(mentor.ID, records[0], records[1])
	other := a.addRelation(friend.ID, records[2], records[0])
	a.kept = []string{mentor.Key, friend.Key}
	a.forget()

	want := map[string]string{
		"id": mentor.ID, "location_id": a.locationID, "key": mentor.Key, "association_type": "USER_DEFINED",
		"first_object_key": "contact", "first_object_label": "Mentor", "second_object_key": "contact", "second_object_label": "Mentee",
		"import_id": a.locationID + "/" + mentor.ID,
	}
	wantRelation := func(row sandbox.Relation) map[string]string {
		return map[string]string{
			"id": row.ID, "location_id": a.locationID, "association_id": row.AssociationID,
			"first_record_id": row.FirstRecordID, "first_object_key": "contact",
			"second_record_id": row.SecondRecordID, "second_object_key": "contact",
			"import_id": a.locationID + "/" + row.AssociationID + "/" + row.FirstRecordID + "/" + row.SecondRecordID,
		}
	}
	var checks []statecheck.StateCheck
	for _, name := range []string{"by_id", "by_key"} {
		for field, value := range want {
			checks = append(checks, attribute("data.ghl_association."+name, field, value))
		}
	}
	checks = append(checks,
		attribute("data.ghl_association.by_key_in_other_case", "id", mentor.ID),
		statecheck.ExpectKnownOutputValue("listed", knownvalue.ListExact([]knownvalue.Check{known(want)})),
		statecheck.ExpectKnownOutputValue("of_contacts", knownvalue.Bool(true)),
		statecheck.ExpectKnownOutputValue("links", knownvalue.SetExact([]knownvalue.Check{known(wantRelation(link)), known(wantRelation(other))})),
		statecheck.ExpectKnownOutputValue("mentors", knownvalue.SetExact([]knownvalue.Check{known(wantRelation(link))})),
		statecheck.ExpectKnownOutputValue("linked_nowhere", knownvalue.ListExact([]knownvalue.Check{})),
	)
	a.run(resource.TestStep{
		Config: a.provider() +
			lookup("by_id", fmt.Sprintf("id = %q", mentor.ID)) +
			lookup("by_key", fmt.Sprintf("key = %q", mentor.Key)) +
			lookup("by_key_in_other_case", fmt.Sprintf("key = upper(%q)\n  location_id = %q", mentor.Key, a.locationID)) + fmt.Sprintf(`
data "ghl_associations" "all" {}

data "ghl_associations" "user_defined_of_contacts" {
  object_key       = "contact"
  association_type = "USER_DEFINED"
}

data "ghl_relations" "all" {
  record_id = %[1]q
}

data "ghl_relations" "mentors" {
  record_id       = %[1]q
  association_ids = [%[2]q]
}

data "ghl_relations" "of_nothing" {
  record_id       = %[1]q
  association_ids = ["68d2c5f0a1b2ffffffffffff"]
}

output "listed" {
  value = [for a in data.ghl_associations.all.associations : a if a.key == %[3]q]
}

output "of_contacts" {
  value = length([for a in data.ghl_associations.user_defined_of_contacts.associations : a if startswith(a.key, %[4]q)]) == 2
}

output "links" {
  value = [for r in data.ghl_relations.all.relations : r if contains([%[2]q, %[5]q], r.association_id)]
}

output "mentors" {
  value = data.ghl_relations.mentors.relations
}

output "linked_nowhere" {
  value = data.ghl_relations.of_nothing.relations
}
`, records[0], mentor.ID, mentor.Key, a.prefix, friend.ID),
		Check:             a.wrote(),
		ConfigStateChecks: checks,
	})
}

// A lookup by object key accepts a single object, an array and a wrapped list as the
// answer.
func TestAccDataSource_byObjectKey(t *testing.T) {
	for _, form := range []string{sandbox.ObjectKeySingle, sandbox.ObjectKeyArray, sandbox.ObjectKeyWrapped} {
		t.Run(form, func(t *testing.T) {
			a := newSandboxAccount(t, withQuirks(sandbox.Quirks{ObjectKeyAnswer: form, WrapObjects: form == sandbox.ObjectKeySingle}))
			lesson := a.sandbox.AddAssociation(sandbox.Association{
				LocationID: a.locationID, Key: a.key("lesson"),
				FirstObjectKey: "custom_objects.student", FirstObjectLabel: "Student", SecondObjectKey: "custom_objects.teacher", SecondObjectLabel: "Teacher",
			})
			e := a.localEngine(lookup("one_side", `object_key = "custom_objects.student"`) +
				lookup("other_side", `object_key = "custom_objects.teacher"`) +
				lookup("narrowed", "object_key = \"custom_objects.teacher\"\n  other_object_key = \"custom_objects.student\"\n  association_type = \"USER_DEFINED\"") + `
output "found" {
  value = [for a in [data.ghl_association.one_side, data.ghl_association.other_side, data.ghl_association.narrowed] : join(" ", [a.id, a.first_object_key, a.second_object_label])]
}
`)
			row := quoted(lesson.ID + " custom_objects.student Teacher")
			says(t, e.apply(), "found = [ "+row+", "+row+", "+row+", ]")
			e.write("main.tf", lookup("none", `object_key = "custom_objects.pet"`))
			says(t, e.fails("plan", "-no-color"), "Unable to Read Association", `object key "custom_objects.pet"`, a.locationID)
		})
	}
}

// If several associations match, the error lists them. The other object or the type narrows
// the search. System-defined associations can be read.
func TestAccDataSource_several(t *testing.T) {
	a := newSandboxAccount(t)
	for _, row := range []sandbox.Association{
		{ID: "id-of-mentor", Key: a.key("mentor"), FirstObjectKey: "contact", FirstObjectLabel: "Mentor", SecondObjectKey: "contact", SecondObjectLabel: "Mentee"},
		{ID: "id-of-pet", Key: a.key("pet"), FirstObjectKey: "contact", FirstObjectLabel: "Owner", SecondObjectKey: "custom_objects.pet", SecondObjectLabel: "Pet"},
	} {
		row.LocationID = a.locationID
		a.sandbox.AddAssociation(row)
		a.kept = append(a.kept, row.Key)
	}
	fails := func(lines string, wanted ...string) resource.TestStep {
		return resource.TestStep{Config: a.provider() + lookup("x", lines), ExpectError: words(wanted...)}
	}
	a.run(
		fails(`object_key = "contact"`, "Unable to Read Association", "5 associations", "other_object_key", "BUSINESSES_CONTACTS_ASSOCIATION",
			"OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION", "OPPORTUNITIES_CONTACTS_ASSOCIATION", "id-of-mentor", a.key("mentor"), "id-of-pet"),
		fails("object_key = \"contact\"\n  association_type = \"USER_DEFINED\"", "3 associations", "OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION", "id-of-mentor", "id-of-pet"),
		resource.TestStep{
			Config: a.provider() +
				lookup("pet", "object_key = \"contact\"\n  other_object_key = \"custom_objects.pet\"") +
				lookup("both_sides_contact", "object_key = \"contact\"\n  other_object_key = \"contact\"") +
				lookup("system", "object_key = \"contact\"\n  other_object_key = \"business\"\n  association_type = \"SYSTEM_DEFINED\"") +
				lookup("system_by_id", `id = "BUSINESSES_CONTACTS_ASSOCIATION"`) +
				lookup("system_by_key", `key = "OPPORTUNITIES_CONTACTS_ASSOCIATION"`) + `
data "ghl_associations" "system" {
  association_type = "SYSTEM_DEFINED"
}
data "ghl_associations" "none" {
  object_key = "custom_objects.none"
}
`,
			ConfigStateChecks: []statecheck.StateCheck{
				attribute("data.ghl_association.pet", "id", "id-of-pet"),
				attribute("data.ghl_association.both_sides_contact", "id", "id-of-mentor"),
				attribute("data.ghl_association.system", "key", "BUSINESSES_CONTACTS_ASSOCIATION"),
				attribute("data.ghl_association.system_by_id", "association_type", "SYSTEM_DEFINED"),
				attribute("data.ghl_association.system_by_key", "first_object_key", "opportunity"),
				statecheck.ExpectKnownValue("data.ghl_associations.system", tfjsonpath.New("associations"), knownvalue.ListSizeExact(2)),
				statecheck.ExpectKnownValue("data.ghl_associations.none", tfjsonpath.New("associations"), knownvalue.ListExact([]knownvalue.Check{})),
			},
		},
	)
}

// Lookups that find nothing, and invalid lookups, are errors.
func TestAccDataSource_notFound(t *testing.T) {
	a := newAccount(t)
	fails := func(lines string, wanted ...string) resource.TestStep {
		return resource.TestStep{Config: a.provider() + lookup("x", lines), ExpectError: words(wanted...)}
	}
	a.run(
		fails(`id = "68d2c5f0a1b2ffffffffffff"`, "Unable to Read Association", "no association", `id "68d2c5f0a1b2ffffffffffff"`, a.locationID),
		fails(fmt.Sprintf("key = %q", a.key("Nowhere")), "Unable to Read Association", "no association", `key "`+a.key("Nowhere")+`"`, a.locationID),
		fails(`location_id = "`+a.locationID+`"`, "Exactly one of these attributes must be configured", "id", "key", "object_key"),
		fails("id = \"a\"\n  key = \"b\"", "Exactly one of these attributes must be configured"),
		fails("key = \"b\"\n  other_object_key = \"contact\"", `"object_key" must be specified when "other_object_key" is specified`),
		fails(`key = ""`, "key string length must be at least 1"),
	)
}
