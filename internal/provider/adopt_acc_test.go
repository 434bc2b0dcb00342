package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// envFullSize makes tests run with as many objects as they are for, or as often. Without
// it they have enough to show the same, and take a tenth of the time.
const envFullSize = "TEST_FULL_SIZE"

// sized is the one number or, with TEST_FULL_SIZE, the other.
func sized(short, full int) int {
	if os.Getenv(envFullSize) != "" {
		return full
	}
	return short
}

// An account that people made by hand: more than a page of associations, odd ones among them, and
// relations on 25 records, on both sides.
var (
	clickedAssociations = sized(130, 250)
	clickedRelations    = sized(50, 2000)
)

const clickedHubs = 25

// oddLabels are what a configuration has to write with care.
var oddLabels = []string{
	`say "hi" ${x} %{if}`, "línea 1\nline 2\n", "tab\tand \\ slash", "$${y} %%{z}", "# // /* x", "trailing $", "carriage\r\nreturn", "學生 🎓 é",
	"zero\u200bwidth", " blanks ", "%{", "null", "EOT\n\tEOF",
}

// hub is a record with many relations: a student or, every other one, a teacher.
func hub(i int) string {
	if i%2 == 0 {
		return fmt.Sprintf("teacher-%d", i)
	}
	return fmt.Sprintf("student-%d", i)
}

// clicked is such an account.
func clicked(t *testing.T) *account {
	t.Helper()
	a := newSandboxAccount(t)
	var ids []string
	for i := range clickedAssociations {
		row := sandbox.Association{
			LocationID: a.locationID, Key: fmt.Sprintf("kind_%03d", i),
			FirstObjectKey: "custom_objects.student", FirstObjectLabel: fmt.Sprintf("Student %d", i),
			SecondObjectKey: "custom_objects.teacher", SecondObjectLabel: "Teacher",
		}
		switch {
		case i < len(oddLabels):
			row.SecondObjectLabel = oddLabels[i]
		case i < 30: // made the other way round than most
			row.FirstObjectKey, row.SecondObjectKey = row.SecondObjectKey, row.FirstObjectKey
			row.FirstObjectLabel, row.SecondObjectLabel = row.SecondObjectLabel, row.FirstObjectLabel
		case i < 40:
			row.Key = fmt.Sprintf("Kind_%03d", i)
		case i < 50:
			row.FirstObjectKey, row.SecondObjectKey = "contact", "contact"
		}
		ids = append(ids, a.sandbox.AddAssociation(row).ID)
	}
	for i := range clickedRelations {
		h := i % clickedHubs
		row := sandbox.Relation{LocationID: a.locationID, AssociationID: ids[100+h], FirstRecordID: hub(h), SecondRecordID: fmt.Sprintf("teacher-%d", 1000+i)}
		if h%2 == 0 {
			row.FirstRecordID, row.SecondRecordID = fmt.Sprintf("student-%d", 1000+i), hub(h)
		}
		a.sandbox.AddRelation(row)
	}
	a.forget()
	return a
}

// costsAtMost checks what a command spent: the pages of the associations, one list
// call for each hub, and ten. Among other tests, reads may come too late to be shared,
// and a few more are allowed.
func (a *account) costsAtMost(command string) {
	a.t.Helper()
	most := (clickedAssociations+3+99)/100 + clickedHubs + 10 + sized(clickedHubs, 0)
	n := len(a.requests())
	if n > most {
		a.t.Errorf("%s: %d requests, want at most %d", command, n, most)
	}
	a.t.Logf("%s: %d requests of at most %d, of them %d list relations", command, n, most, len(a.requests(sandbox.RouteListRelations)))
	a.mustHaveWritten()
	a.forget()
}

func (a *account) imports() string {
	return fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", clickedAssociations+clickedRelations)
}

func (a *account) imported() string {
	return fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", clickedAssociations+clickedRelations)
}

const hubRecords = `
locals {
  records = concat([for i in range(0, 25, 2) : "teacher-${i}"], [for i in range(1, 25, 2) : "student-${i}"])
}
`

// A query writes the configuration; applying it imports all and changes nothing.
func TestAccAdopt_query(t *testing.T) {
	needsQuery(t)
	a := clicked(t)
	e := a.localEngine(hubRecords)
	e.write("adopt.tfquery.hcl", `
list "ghl_association" "all" {
  provider = ghl
  limit    = 1000
}

list "ghl_relation" "all" {
  for_each = toset(local.records)
  provider = ghl
  limit    = 1000

  config {
    record_id = each.key
  }
}
`)
	e.succeeds("query", "-no-color", "-generate-config-out=generated.tf")
	a.costsAtMost("query")
	says(t, e.succeeds("plan", "-no-color"), a.imports())
	a.costsAtMost("plan")
	says(t, e.apply(), a.imported())
	a.costsAtMost("apply")
	e.plansNothing()
	a.costsAtMost("plan")
}

func needsManyImports(t *testing.T) {
	t.Helper()
	if !engineHasManyImports() {
		t.Skip("this engine cannot repeat an import block with for_each, which came with Terraform and OpenTofu 1.7")
	}
}

// The guide's rows in files do the same without a query, whatever the labels contain.
func TestAccAdopt_rows(t *testing.T) {
	needsManyImports(t)
	a := clicked(t)
	e := a.localEngine(hubRecords)
	for _, b := range guideSections(t, "adopt.md")["Rows in files"] {
		if name, isFile := strings.CutPrefix(strings.SplitN(b.text, "\n", 2)[0], "# "); isFile && name == "account.tf" || name == "outputs.tf" {
			e.write(name, strings.Replace(b.text, `["teacher-1", "teacher-2"]`, "local.records", 1))
		}
	}
	e.apply()
	a.costsAtMost("apply")
	for _, name := range []string{"associations.json", "relations.csv"} {
		format := map[bool]string{true: "-json", false: "-raw"}[strings.HasSuffix(name, ".json")]
		e.write(name, e.succeeds("output", format, strings.TrimSuffix(name, filepath.Ext(name))))
	}
	e.remove("outputs.tf")
	e.write("rows.tf", blockWith(t, "adopt.md", "# rows.tf\n"))
	e.write("adopt.tf", blockWith(t, "adopt.md", "# adopt.tf\n"))
	says(t, e.succeeds("plan", "-no-color"), a.imports())
	a.costsAtMost("plan")
	says(t, e.apply(), a.imported())
	a.costsAtMost("apply")
	e.plansNothing()
	a.costsAtMost("plan")
}

// Import blocks without for_each, which an output writes, let any engine write the
// configuration, whatever the labels hold.
func TestAccAdopt_blocks(t *testing.T) {
	a := clicked(t)
	const account = hubRecords + `
data "ghl_associations" "all" {
  association_type = "USER_DEFINED"
}

data "ghl_relations" "of" {
  for_each  = toset(local.records)
  record_id = each.key
}

output "imports" {
  value = join("\n", concat(
    [for i, a in data.ghl_associations.all.associations : "import {\n  to = ghl_association.a${i}\n  id = ${jsonencode(a.import_id)}\n}\n"],
    [for i, r in flatten([for of in data.ghl_relations.of : of.relations]) : "import {\n  to = ghl_relation.r${i}\n  id = ${jsonencode(r.import_id)}\n}\n"],
  ))
}
`
	e := a.localEngine(account)
	e.apply()
	a.costsAtMost("apply")
	imports, _ := e.run("output", "-raw", "imports")
	e.write("imports.tf", imports)
	says(t, e.succeeds("plan", "-no-color", "-generate-config-out=generated.tf"), a.imports())
	a.costsAtMost("plan")
	says(t, e.apply(), a.imported())
	a.costsAtMost("apply")
	e.plansNothing()
	a.costsAtMost("plan")
}
