package provider_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// warnedOf runs a plan, and returns its warnings that an object of the given kind already exists. The plan prints JSON,
// because the text output shows only the first warning.
func (e *engine) warnedOf(thing string) (warnings []string) {
	e.t.Helper()
	for line := range strings.Lines(e.succeeds("plan", "-json")) {
		if strings.Contains(line, `"summary":"`+thing+` Already Exists"`) {
			warnings = append(warnings, line)
		}
	}
	return warnings
}

// apart returns the configuration of n relations that share no records.
func apart(associationID string, n int) string {
	return relation("link", quoted(associationID), "contact-1${count.index}", "contact-2${count.index}", fmt.Sprintf("count = %d", n))
}

// addApart adds the relations in the configuration that apart returns, without the provider.
func (a *account) addApart(associationID string, n int) {
	a.t.Helper()
	for i := range n {
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: associationID, FirstRecordID: fmt.Sprintf("contact-1%d", i), SecondRecordID: fmt.Sprintf("contact-2%d", i)})
	}
}

// If 30 planned relations already exist, there is one warning, and the log contains each relation. The plan makes one list
// request for each of them.
func TestAccRelationExists_many(t *testing.T) {
	a := newSandboxAccount(t)
	friends := a.friendship()
	a.addApart(friends.ID, 30)
	e := a.engine("provider \"ghl\" {}\n" + apart(friends.ID, 30))
	e.env["TF_LOG_PROVIDER"], e.env["TF_LOG_PATH"] = "INFO", filepath.Join(e.dir, "provider.log")
	a.forget()
	warnings := e.warnedOf("Relation")
	if len(warnings) != 1 {
		t.Fatalf("%d warnings, want 1: %v", len(warnings), warnings)
	}
	says(t, strings.ReplaceAll(warnings[0], `\"`, `"`), `add an import block with the id "loc-school/`+friends.ID+`/contact-1`, "Other relations in this plan may also exist.",
		"use import blocks with for_each over the data source ghl_relations", `set existing_objects (or GHL_EXISTING_OBJECTS) to "adopt_identical"`, "Set TF_LOG_PROVIDER=INFO to log every existing object.")
	if n := len(a.requests()); n != 30 {
		t.Errorf("%d requests, want 30", n)
	}
	a.wantRequests(sandbox.RouteListRelations, 30)
	log := e.read("provider.log")
	for i := range 30 {
		if id := fmt.Sprintf("loc-school/%s/contact-1%d/contact-2%d", friends.ID, i, i); strings.Count(log, "import_id="+id+" ") != 1 {
			t.Errorf("the log does not contain %s exactly once", id)
		}
	}

	e.env["GHL_EXISTING_OBJECTS"] = "adopt_identical"
	warnings = e.warnedOf("Relation")
	if len(warnings) != 1 {
		t.Fatalf("%d warnings, want 1: %v", len(warnings), warnings)
	}
	output := strings.ReplaceAll(warnings[0], `\"`, `"`)
	says(t, output, `the apply will take it over, since existing_objects is "adopt_identical". The apply also takes over the other existing relations in this plan.`)
	doesNotSay(t, output, "import")
	says(t, e.apply(), "30 added", "Existing Relation Adopted")
	a.wantRequests(sandbox.RouteCreateRelation, 30) // all refused
	e.plansNothing()
}

// New relations cause no warning. A plan of relations that share no records costs one request for each relation. The apply
// lists relations only before the first create, at most ten times, because no more resources are planned at once.
func TestAccRelationExists_none(t *testing.T) {
	a := newSandboxAccount(t)
	friends := a.friendship()
	e := a.localEngine(apart(friends.ID, 30))
	a.forget()
	doesNotSay(t, e.succeeds("plan", "-no-color", "-out=saved.tfplan"), "Warning")
	if n := len(a.requests()); n != 30 {
		t.Errorf("the plan made %d requests, want 30", n)
	}
	a.forget()
	doesNotSay(t, e.succeeds("apply", "-no-color", "saved.tfplan"), "Warning")
	a.wantRequests(sandbox.RouteCreateRelation, 30)
	if n := len(a.requests()); n > 30+10 {
		t.Errorf("the apply made %d requests, want the creates and at most ten", n)
	}
	a.forget()
	e.plansNothing()
	e.write("main.tf", apart(friends.ID, 31))
	a.forget()
	doesNotSay(t, e.succeeds("plan", "-no-color"), "Warning")
	if n := len(a.requests()); n > 31+2 {
		t.Errorf("the plan of one more made %d requests, want one for each", n)
	}
}

// There is no warning that a relation exists if a resource in the state manages it. Tainted, renamed and replaced resources
// have other messages. There is no lookup if a record or the association is unknown.
func TestAccRelationExists_known(t *testing.T) {
	a := newSandboxAccount(t)
	friends := a.friendship()
	e := a.localEngine(relation("link", quoted(friends.ID), "contact-1", "contact-2"))
	e.apply()
	e.succeeds("taint", "ghl_relation.link")
	a.forget()
	output := e.succeeds("plan", "-no-color")
	says(t, output, "1 to add, 0 to change, 1 to destroy")
	doesNotSay(t, output, "Warning")
	if n := len(a.requests()); n > 2 {
		t.Errorf("%d requests, want those of the refresh", n)
	}
	e.apply()

	e.write("main.tf", relation("link", quoted(friends.ID), "contact-1", "contact-2")+relation("again", quoted(friends.ID), "contact-1", "contact-2"))
	output = e.succeeds("plan", "-no-color")
	says(t, output, "Two Resources Want the Same Relation")

	later := "resource \"terraform_data\" \"later\" {\n  input = \"contact-4\"\n}\n"
	a.addRelation(friends.ID, "contact-3", "contact-4")
	e.write("main.tf", later+relation("link", quoted(friends.ID), "contact-1", "contact-2")+
		strings.Replace(relation("unknown", quoted(friends.ID), "contact-3", "later"), `"later"`, "terraform_data.later.output", 1)+
		contacts("mentor", a.key("mentor"), "Mentor", "Mentee")+relation("under", "ghl_association.mentor.id", "contact-3", "contact-4"))
	doesNotSay(t, e.succeeds("plan", "-no-color"), "Warning")
}

// With association_key, the plan looks for the relation under the association with that key. Each sub-account has its own
// warning.
func TestAccRelationExists_keyAndSubAccounts(t *testing.T) {
	token := newToken()
	a := newSandboxAccount(t, withSecondLocation(token))
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	a.kept = []string{mentor.Key}
	a.addRelation(mentor.ID, "contact-1", "contact-2")
	a.addRelation(mentor.ID, "contact-1", "contact-3")
	other := a.sandbox.AddAssociation(sandbox.Association{LocationID: "loc-other", Key: "mentor", FirstObjectKey: "contact", FirstObjectLabel: "Mentor", SecondObjectKey: "contact", SecondObjectLabel: "Mentee"})
	a.sandbox.AddRelation(sandbox.Relation{LocationID: "loc-other", AssociationID: other.ID, FirstRecordID: "contact-8", SecondRecordID: "contact-9"})
	e := a.engine("provider \"ghl\" {}\n" + relationByKey("mentee", quoted(mentor.Key), "contact-1", "contact-${count.index + 2}", "count = 2") +
		relation("other", quoted(other.ID), "contact-8", "contact-9", `location_id = "loc-other"`))
	e.env["GHL_LOCATION_ACCESS_TOKENS"] = `{"loc-other": "` + token + `"}`
	warnings := e.warnedOf("Relation")
	if len(warnings) != 2 {
		t.Fatalf("%d warnings, want 2: %v", len(warnings), warnings)
	}
	all := strings.ReplaceAll(strings.Join(warnings, ""), `\"`, `"`)
	says(t, all, `with the id "loc-school/`+mentor.ID+`/contact-1/contact-`, `with the id "loc-other/`+other.ID+`/contact-8/contact-9"`)
}

// If the list request for a record fails, the plan succeeds without a warning.
func TestAccRelationExists_unknown(t *testing.T) {
	a := newSandboxAccount(t)
	friends := a.friendship()
	a.addApart(friends.ID, 12)
	e := a.localEngine(apart(friends.ID, 12))
	for name, effect := range map[string]sandbox.Effect{"outage": sandbox.Status(500), "page": sandbox.OKHTML(), "no such record": sandbox.Status(404)} {
		a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteListRelations, Effect: effect})
		a.forget()
		output := e.succeeds("plan", "-no-color")
		says(t, output, "12 to add")
		doesNotSay(t, output, "Warning")
		if n := len(a.requests(sandbox.RouteListRelations)); n == 0 {
			t.Errorf("%s: no list request was made", name)
		}
		a.sandbox.ClearFaults()
	}
}
