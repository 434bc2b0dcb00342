package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const notReached = "Warning: Unable to Reach Sub-account"

// If the sub-account cannot be reached, a plan of new resources warns once that the apply will fail, and why.
func TestAccReach_warning(t *testing.T) {
	for name, test := range map[string]struct {
		variable, value string
		wanted          []string
	}{
		"refused token":       {"GHL_ACCESS_TOKEN", "no-token-of-anybody", []string{"HighLevel did not accept the access token"}},
		"unreachable address": {"GHL_BASE_URL", "http://127.0.0.1:1", []string{"The server did not answer", "GHL_BASE_URL"}},
		"wrong location":      {"GHL_LOCATION_ID", "loc-elsewhere", []string{"The access token belongs to another sub-account", "GHL_LOCATION_ID"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			configs := map[string]string{
				"both": contacts("mentor", a.key("mentor_${count.index}"), "Mentor", "Mentee", "count = 5") + relation("link", quoted("68d2c5f0a1b2000000000001"), "contact-1", "contact-${count.index + 2}", "count = 5"),
			}
			if name == "refused token" {
				configs["associations"] = contacts("mentor", a.key("mentor"), "Mentor", "Mentee")
				configs["relations"] = relation("link", quoted("68d2c5f0a1b2000000000001"), "contact-1", "contact-2")
			}
			for what, config := range configs {
				e := a.engine(config)
				e.env[test.variable] = test.value
				output := e.succeeds("plan", "-no-color")
				says(t, output, append(test.wanted, notReached, "The apply will fail", "to add, 0 to change")...)
				doesNotSay(t, output, "more similar warning")
				if n := strings.Count(output, notReached); n != 1 {
					t.Errorf("%s: %d warnings, want 1:\n%s", what, n, output)
				}
			}
		})
	}
}

// A plan of new relations of one record costs one request, whatever their number. A plan of new associations costs only their
// lookups.
func TestAccReach_cost(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	for config, want := range map[string]int{
		relation("link", quoted(mentor.ID), "contact-1", "contact-${count.index + 2}", "count = 20"): 1,
		contacts("coach", a.key("coach"), "Coach", "Coachee"):                                        1,
	} {
		e := a.engine(config)
		a.forget()
		doesNotSay(t, e.succeeds("plan", "-no-color"), "Warning: Unable")
		if n := len(a.requests()); n != want {
			t.Errorf("%d requests, want %d", n, want)
		}
	}
	// A refused token is used twice: to list the relations of the record, and to check the sub-account.
	e := a.engine(relation("link", quoted(mentor.ID), "contact-1", "contact-${count.index + 2}", "count = 20"))
	e.env["GHL_ACCESS_TOKEN"] = "no-token-of-anybody"
	a.forget()
	e.succeeds("plan", "-no-color")
	if n := len(a.requests()); n != 2 {
		t.Errorf("%d requests with a refused token, want 2", n)
	}
}

// ownLines counts the lines that the provider wrote in the errors of an output. The engine's summary, address and excerpt of
// the configuration are not counted.
func ownLines(output string) (lines int) {
	for _, failure := range strings.Split(ansi.ReplaceAllString(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(output), ""), "Error: ")[1:] {
		failure, _, _ = strings.Cut(failure, "Warning: ")
		_, detail, _ := strings.Cut(failure, "{\n")
		for line := range strings.Lines(detail) {
			if strings.TrimSpace(line) != "" {
				lines++
			}
		}
	}
	return lines
}

// If the token of an agency with many sub-accounts has expired, only a few of the errors contain the instructions.
func TestAccRefusals_agency(t *testing.T) {
	locations := sized(40, 200)
	a := newSandboxAccount(t, func(o *sandbox.Options) {
		o.Agencies = []sandbox.Agency{{CompanyID: agencyCompany, AppID: agencyApp, Token: "agency-" + canary, ExchangedPrefix: "exchanged-" + canary}}
		o.Locations = nil
		for i := range locations {
			o.Locations = append(o.Locations, sandbox.Location{ID: fmt.Sprintf("loc-%03d", i), CompanyID: agencyCompany})
		}
	})
	each := fmt.Sprintf("for_each = toset([for i in range(%d) : format(\"loc-%%03d\", i)])\n  location_id = each.key", locations)
	e := a.engine(contacts("mentor", a.key("mentor"), "Mentor", "Mentee", each) + relation("link", quoted("68d2c5f0a1b2000000000001"), "contact-1", "contact-2", each))
	delete(e.env, "GHL_ACCESS_TOKEN")
	delete(e.env, "GHL_LOCATION_ID")
	e.env["GHL_AGENCY_ACCESS_TOKEN"] = "expired-" + canary
	e.env["GHL_COMPANY_ID"] = agencyCompany
	output := e.fails(applyCommand...)
	if n := strings.Count(output, "Error: Unable to Create"); n != 2*locations {
		t.Fatalf("%d errors, want %d", n, 2*locations)
	}
	says(t, output, "HighLevel refused the agency's token again. The failed operation concerns the")
	if n := strings.Count(flat(output), "Set agency_access_token (or"); n == 0 || n > 5 {
		t.Errorf("the instructions appear %d times, want at most 5", n)
	}
	lines := ownLines(output)
	if lines < 2*locations || lines > 10*locations {
		t.Errorf("the provider wrote %d lines, want at most %d", lines, 10*locations)
	}
	t.Logf("the provider wrote %d of %d lines", lines, strings.Count(output, "\n"))
}

// If many relations already exist, one error explains in full how to adopt all of them. Each of the other errors is short and
// contains the import id of its relation. With these ids, all relations are imported.
func TestAccExists_manyRelations(t *testing.T) {
	a := newSandboxAccount(t)
	mentor := a.addAssociation(a.key("mentor"), "Mentor", "Mentee")
	for i := range 8 {
		a.addRelation(mentor.ID, "contact-1", fmt.Sprintf("contact-%d", i+2))
	}
	links := relation("link", quoted(mentor.ID), "contact-1", "contact-${count.index + 2}", "count = 8")
	e := a.localEngine(links)
	_, output, _ := strings.Cut(e.fails(applyCommand...), "Error: ")
	output = "Error: " + output // cut off the plan's warning
	for phrase, want := range map[string]int{
		"Error: Unable to Create Relation": 8,
		"already exists":                   8,
		"moved {":                          1,
		"import {":                         1,
		"To take over many relations at once, use import blocks with for_each over the data source ghl_relations": 1,
		"as the first error of this kind explains.":                                                               7,
	} {
		if n := strings.Count(flat(output), phrase); n != want {
			t.Errorf("%q %d times, want %d:\n%s", phrase, n, want, output)
		}
	}
	if n := ownLines(output); n < 8 || n > 7*4+30 {
		t.Errorf("%d lines", n)
	}
	var imports strings.Builder
	for i := range 8 {
		id := fmt.Sprintf("loc-school/%s/contact-1/contact-%d", mentor.ID, i+2)
		says(t, output, `"`+id+`"`)
		imports.WriteString(importBlock(fmt.Sprintf("ghl_relation.link[%d]", i), id))
	}
	e.write("main.tf", links+imports.String())
	says(t, e.apply(), "8 imported, 0 added, 0 changed, 0 destroyed")
	e.plansNothing()
}

// Whatever kind of object a plan creates, it warns once if the sub-account cannot be reached.
func TestAccReach_everyKind(t *testing.T) {
	for name, config := range map[string]string{
		"custom value":          customValue("phone", "Phone", `"1"`),
		"custom field":          petField("age", "age", "TEXT"),
		"searchable properties": searchable("custom_objects.course", "level"),
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			a.token = "no-token-of-anybody"
			e := a.localEngine(config)
			output := e.succeeds("plan", "-no-color")
			says(t, output, notReached, "HighLevel did not accept the access token", "1 to add")
			if n := strings.Count(output, notReached); n != 1 {
				t.Errorf("%d warnings, want 1:\n%s", n, output)
			}
		})
	}
}
