package provider_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// hcl returns a text as a string literal of the configuration language. Unlike in JSON, template sequences are escaped.
func hcl(t *testing.T, text string) string {
	t.Helper()
	encoded, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(string(encoded))
}

// An association and a relation with unusual texts can be created and destroyed, and their next plan is empty. If the state is
// lost, the import block in the error imports them. Record ids contain no control characters and no slashes. internal/hostile
// tests more texts, and TestHCLString tests how they are printed.
func TestAccHostile_texts(t *testing.T) {
	for name, text := range map[string]string{
		"10,000 characters":                    strings.Repeat("k", 10_000),
		"quotes, templates, controls, slashes": `"a" ${b} %{c} $${d} \e` + "../a/./b\x1b[31m\a\u0085 b\tc\nd\re 學生 🎓 \U000e0001",
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			friend := a.friendship()
			record := strings.Map(func(r rune) rune {
				if ghl.IsInvisible(r) || r == '/' || text == "." {
					return '-'
				}
				return r
			}, text)
			config := a.provider("max_retries = 1") + fmt.Sprintf(`
resource "ghl_association" "odd" {
  key                 = %[1]s
  first_object_key    = "contact"
  first_object_label  = %[1]s
  second_object_key   = "contact"
  second_object_label = "Mentee"
}

resource "ghl_relation" "odd" {
  association_id   = %[2]q
  first_record_id  = %[3]s
  second_record_id = "contact-2"
}
`, hcl(t, text), friend.ID, hcl(t, record))
			e := a.attachedEngine(config)
			e.apply()
			a.holds(e, 1, 1)
			row := a.storedAssociation(strings.ToLower(text))
			if row.FirstObjectLabel != text {
				t.Errorf("the label is %q, want %q", row.FirstObjectLabel, text)
			}
			if got := a.sandbox.Relations(a.locationID)[0].FirstRecordID; got != record {
				t.Errorf("the record is %q, want %q", got, record)
			}
			e.plansNothing()

			// If no lookup finds the association, the error contains no import block. The error of the next apply contains it.
			e.remove("terraform.tfstate")
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteAssociationByKey, Effect: sandbox.StatusMessage(404, "Association not found")})
			output := e.fails(applyCommand...)
			a.faultsEnd(e)
			says(t, output, "as a duplicate, but the existing object was not found. Apply again.", "HighLevel answered 400")
			output = e.fails(applyCommand...)
			e.write("main.tf", config+importBlocks(t, output, "ghl_association.odd", "ghl_relation.odd"))
			says(t, e.apply(), "2 imported, 0 added, 0 changed, 0 destroyed")
			a.holds(e, 1, 1)
			e.plansNothing()
			e.destroy()
			a.holds(e, 0, 0)
		})
	}
}

// Answers of 10 MiB are read. An answer of more than 16 MiB is an error, and the state is unchanged.
func TestAccHostile_answers(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	e.apply()
	state := e.read("terraform.tfstate")
	a.strikes(sandbox.Fault{Effect: sandbox.OversizeBody(10 << 20)}, reads...)
	e.plansNothing()
	if a.struck() == 0 {
		t.Error("no request was hit by a fault")
	}

	a.faultsEnd(e)
	a.strikes(sandbox.Fault{Effect: sandbox.OversizeBody(17 << 20)}, reads...)
	says(t, e.fails(applyCommand...), "Unable to Read Association", "Unable to Read Relation", "larger than 16 MiB", "The state is unchanged")
	if e.read("terraform.tfstate") != state {
		t.Errorf("the state has changed:\n%s", e.read("terraform.tfstate"))
	}
	a.faultsEnd(e)
	e.plansNothing()
}
