package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A relation can be imported by the key of its association, with special characters percent-encoded. The configuration may
// contain the association's key or id.
func TestAccRelationKey_import(t *testing.T) {
	const odd = "50% of/this + that"
	link := map[string]func(row sandbox.Association) string{
		"by key": func(row sandbox.Association) string {
			return relationByKey("link", quoted(row.Key), "contact-1", "contact-2")
		},
		"by id": func(row sandbox.Association) string {
			return relation("link", quoted(row.ID), "contact-1", "contact-2")
		},
	}
	for name, config := range link {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			row := a.sandbox.AddAssociation(sandbox.Association{
				LocationID: a.locationID, Key: a.key(odd), FirstObjectKey: "contact", FirstObjectLabel: "A", SecondObjectKey: "contact", SecondObjectLabel: "B",
			})
			a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: row.ID, FirstRecordID: "contact-1", SecondRecordID: "contact-2"})
			a.kept = []string{row.Key}
			id := "key:" + a.prefix + "50%25 of%2Fthis + that/contact-1/contact-2"
			e := a.localEngine(config(row))
			e.succeeds("import", "-no-color", "ghl_relation.link", id)
			e.plansNothing()
			e.hasAttributes("ghl_relation.link", map[string]any{"association_id": row.ID, "association_key": row.Key})
			e.succeeds("state", "rm", "ghl_relation.link")
			e.write("main.tf", config(row)+importBlock("ghl_relation.link", a.locationID+"/"+strings.ReplaceAll(id, " ", "%20")))
			says(t, e.apply(), "1 imported, 0 added, 0 changed, 0 destroyed")
			e.plansNothing()
			a.mustHaveWritten()
		})
	}
}

// Many relations are imported by key with for_each, as the guide on adopting shows.
func TestAccRelationKey_importMany(t *testing.T) {
	needsManyImports(t)
	a := newSandboxAccount(t)
	var rows []string
	for i, key := range []string{"taught by", "100%", "on/off", "plain"} {
		row := a.sandbox.AddAssociation(sandbox.Association{
			LocationID: a.locationID, Key: a.key(key), FirstObjectKey: "contact", FirstObjectLabel: key, SecondObjectKey: "contact", SecondObjectLabel: "B",
		})
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: row.ID, FirstRecordID: "contact-1", SecondRecordID: fmt.Sprintf("contact-%d", i+2)})
		a.kept = append(a.kept, row.Key)
		rows = append(rows, fmt.Sprintf(`{ key = %q, first = "contact-1", second = "contact-%d" }`, row.Key, i+2))
	}
	e := a.localEngine(`
locals {
  links = { for l in [` + strings.Join(rows, ", ") + `] : "${l.key} ${l.first} ${l.second}" => l }
}

import {
  for_each = local.links
  to       = ghl_relation.all[each.key]
  id       = "key:${replace(replace(each.value.key, "%", "%25"), "/", "%2F")}/${each.value.first}/${each.value.second}"
}

resource "ghl_relation" "all" {
  for_each         = local.links
  association_key  = each.value.key
  first_record_id  = each.value.first
  second_record_id = each.value.second
}
`)
	a.forget()
	says(t, e.apply(), "4 imported, 0 added, 0 changed, 0 destroyed")
	e.plansNothing()
	a.mustHaveWritten()
}

// An import by key fails if it finds no association with the key, or no relation under it.
func TestAccRelationKey_importRefused(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	e := a.localEngine(relationByKey("x", quoted(mentor.Key), "contact-1", "contact-2"))
	for _, key := range []string{a.key("nowhere"), mentor.Key} {
		says(t, e.fails("import", "-no-color", "ghl_relation.x", "key:"+key+"/contact-1/contact-2"), "Cannot import non-existent remote object")
	}
}

// The configuration of a moved relation can contain association_key. The apply adds the key to the state.
func TestAccRelationKey_moved(t *testing.T) {
	needsMoves(t)
	a := schoolAccount(t)
	e := a.localEngine(relationByKey("lesson", quoted("taught_by"), "student-1", "teacher-1") + moved("restapi_object.lesson", "ghl_relation.lesson"))
	e.withStandIns()
	e.write("terraform.tfstate", recorded(t, "restapi_relation", func(map[string]any) {}))
	says(t, e.apply(), "0 to add, 1 to change, 0 to destroy")
	e.hasAttributes("ghl_relation.lesson", map[string]any{"association_id": exampleAssociation, "association_key": "taught_by"})
	e.plansNothing()
	a.mustHaveWritten()
}
