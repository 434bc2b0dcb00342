package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// envFullSize is the variable that runs tests at full size. Without this variable, tests
// use fewer objects or runs and take a tenth of the time.
const envFullSize = "TEST_FULL_SIZE"

// sized returns full if TEST_FULL_SIZE is set, and short otherwise.
func sized(short, full int) int {
	if os.Getenv(envFullSize) != "" {
		return full
	}
	return short
}

// The sizes of an account that was set up by hand: more than one page of associations, some of
// them odd, and relations of 25 records, on either side.
var (
	clickedAssociations = sized(130, 250)
	clickedRelations    = sized(50, 2000)
)

const clickedHubs = 25

// oddLabels are labels that need escaping in a configuration.
var oddLabels = []string{
	`say "hi" ${x} %{if}`, "línea 1\nline 2\n", "tab\tand \\ slash", "$${y} %%{z}", "# // /* x", "trailing $", "carriage\r\nreturn", "學生 🎓 é",
	"zero\u200bwidth", " blanks ", "%{", "null", "EOT\n\tEOF",
}

// hub returns the id of a record with many relations: a teacher if i is even, and a student
// if it is odd.
func hub(i int) string {
	if i%2 == 0 {
		return fmt.Sprintf("teacher-%d", i)
	}
	return fmt.Sprintf("student-%d", i)
}

// clicked is an account that was set up by hand.
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
		case i < 30: // with the sides swapped
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

// costsAtMost limits the requests of a command: the pages of associations, one list call
// for each hub, and ten more. In a short run, other tests may delay reads so that they are
// not shared, so the limit includes one more call for each hub.
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

// A query generates the configuration. Applying it imports everything and changes nothing.
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
		t.Skip("import blocks with for_each need Terraform 1.7 or OpenTofu 1.7")
	}
}

// The guide's section "Rows in files" also imports everything, without a query, whatever
// the labels contain.
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

// An output can print import blocks without for_each. From these blocks, any engine can
// generate the configuration, whatever the labels contain.
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
