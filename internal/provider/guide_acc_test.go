package provider_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// guideSections returns the blocks of a guide by heading.
func guideSections(t *testing.T, name string) map[string][]block {
	t.Helper()
	sections := map[string][]block{}
	for _, section := range strings.Split(document(t, "docs", "guides", name), "\n## ")[1:] {
		heading, body, _ := strings.Cut(section, "\n")
		sections[heading] = blocks(body)
	}
	return sections
}

// withMirror lets the engine install the provider and the stand-ins for other providers, as
// from a registry. The commands terraform and tofu both run the engine under test.
func (e *engine) withMirror() {
	e.t.Helper()
	program, err := os.Executable()
	if err != nil {
		e.t.Fatal(err)
	}
	path, err := enginePath()
	if err != nil {
		e.t.Fatal(err)
	}
	dir := e.t.TempDir()
	link := func(from, to string) {
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			e.t.Fatal(err)
		}
		if err := os.Symlink(from, to); err != nil {
			e.t.Fatal(err)
		}
	}
	install := func(address, version, from string) {
		_, name, _ := strings.Cut(address, "/")
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			link(from, filepath.Join(dir, "mirror", host, address, version, runtime.GOOS+"_"+runtime.GOARCH, standInPrefix+name+"_v"+version))
		}
	}
	install("terraform-provider-ghl/ghl", "0.1.0", filepath.Join(binaryDir, "terraform-provider-ghl"))
	for _, address := range standInAddresses {
		install(address, "1.0.0", program)
	}
	link(path, filepath.Join(dir, "bin", "terraform"))
	link(path, filepath.Join(dir, "bin", "tofu"))
	cliConfig := filepath.Join(dir, "cli.tfrc")
	if err := os.WriteFile(cliConfig, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.Join(dir, "mirror")), 0o600); err != nil {
		e.t.Fatal(err)
	}
	e.env["TF_CLI_CONFIG_FILE"] = cliConfig
	e.env["PATH"] = filepath.Join(dir, "bin") + string(os.PathListSeparator) + e.env["PATH"]
	delete(e.env, "TF_INPUT")
}

// shell runs a command line like a user who answers yes to every question.
func (e *engine) shell(line string) string {
	e.t.Helper()
	interpreter := "sh"
	if strings.Contains(line, "pipefail") {
		interpreter = "bash"
	}
	command := exec.CommandContext(e.t.Context(), interpreter, "-c", line)
	command.Dir = e.dir
	command.Stdin = strings.NewReader("yes\n")
	for name, value := range e.env {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	if err != nil {
		e.t.Fatalf("%s: %v\n%s", line, err, ansi.ReplaceAllString(string(output), ""))
	}
	return flat(string(output))
}

// follow does what the blocks say. It writes each example to its path below the guide's folder, and each other configuration to
// the file named in its first line. It runs each command, and checks that the output contains the lines of the text block. Lines
// between two empty lines must appear in that order. The functions in before run before the nth command.
func (e *engine) follow(blocks []block, before map[int]func()) {
	e.t.Helper()
	commands, printed := 0, ""
	for _, block := range blocks {
		text := block.text
		if file, ok := strings.CutPrefix(exampleOf(e.t, text), "guides/"); ok {
			_, name, _ := strings.Cut(file, "/")
			e.writeScript(name, text)
			continue
		}
		switch block.language {
		case "terraform", "hcl":
			name, ok := strings.CutPrefix(strings.SplitN(text, "\n", 2)[0], "# ")
			if !ok {
				e.t.Fatalf("a block does not begin with the name of its file:\n%s", text)
			}
			e.write(name, text)
		case "sh":
			printed = ""
			for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
				if act := before[commands]; act != nil {
					act()
				}
				commands++
				printed += e.types(strings.TrimSpace(line)) + " "
			}
		case "text":
			rest := printed
			for line := range strings.Lines(text) {
				if flat(line) == "" {
					rest = printed
					continue
				}
				_, after, ok := strings.Cut(rest, flat(line))
				if !ok {
					e.t.Errorf("%q is missing in the output, or in the wrong order:\n%s", line, printed)
					return
				}
				rest = after
			}
		default:
			e.t.Fatalf("follow does not handle blocks in %s", block.language)
		}
	}
}

// ownValue matches a line that sets a value that only the reader has, such as a token.
var ownValue = regexp.MustCompile(`^export GHL_\w+=.*\.\.\.`)

// types runs a line in the shell, after the exports and settings of earlier lines.
func (e *engine) types(line string) string {
	e.t.Helper()
	switch word, _, _ := strings.Cut(line, " "); {
	case ownValue.MatchString(line):
		return ""
	case word == "cd":
		e.dir = filepath.Join(e.dir, strings.TrimPrefix(line, "cd "))
		return ""
	case word == "export", word == "set":
		e.typed += line + "\n"
		return ""
	}
	return e.shell(e.typed + line)
}

// writeScript writes an executable file.
func (e *engine) writeScript(name, content string) {
	e.t.Helper()
	path := filepath.Join(e.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		e.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
		e.t.Fatal(err)
	}
}

// The section "Five minutes" of index.md works as written.
func TestAccGuide_fiveMinutes(t *testing.T) {
	blocks := guideSections(t, filepath.Join("..", "index.md"))["Five minutes"]
	if len(blocks) == 0 {
		t.Fatal("the page has no such section, or the section has no blocks")
	}
	a := exampleAccount(t, false)
	e := a.engine("")
	e.withMirror()
	e.follow(blocks, nil)
	a.mustHaveWritten(`POST /associations/ .*Teacher.*`, `PUT /associations/.* .*Instructor.*`, `DELETE /associations/.*`)
}

// The four commands in the README apply a first configuration. The test runs only the last
// command. It replaces the clone, the build and the sandbox with its own, on another port.
func TestAccGuide_fourCommands(t *testing.T) {
	_, block, _ := strings.Cut(document(t, "README.md"), "Four commands create a first association and a relation:\n\n```sh\n")
	block, _, _ = strings.Cut(block, "```")
	lines := strings.Split(strings.TrimSpace(block), "\n")
	if len(lines) != 4 || lines[1] != "make dev" || lines[2] != "make sandbox &" {
		t.Fatalf("unexpected commands:\n%s", block)
	}
	a := newSandboxAccount(t, func(o *sandbox.Options) {
		o.Locations = []sandbox.Location{{ID: "school", Token: "fake-token-for-school"}} // as in internal/cmd/sandbox
	})
	e := a.engine("")
	e.withMirror()
	const address, first = "http://127.0.0.1:8787", "examples/first"
	for _, dir := range []string{first, "bin"} {
		if err := os.MkdirAll(filepath.Join(e.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	overrides, err := os.ReadFile(filepath.Join(binaryDir, "cli.tfrc")) // the same overrides as from make dev
	if err != nil {
		t.Fatal(err)
	}
	e.write("bin/dev.tfrc", string(overrides))
	configuration := document(t, first, "main.tf")
	if !strings.Contains(configuration, address) {
		t.Errorf("the configuration is not for the sandbox at %s", address)
	}
	e.write(first+"/main.tf", strings.Replace(configuration, address, e.env["GHL_BASE_URL"], 1))
	for _, name := range []string{"GHL_BASE_URL", "GHL_ACCESS_TOKEN", "GHL_LOCATION_ID", "TF_CLI_CONFIG_FILE"} {
		delete(e.env, name)
	}
	says(t, e.shell(lines[3]), "2 added, 0 changed, 0 destroyed")
	says(t, e.shell(lines[3]), "0 added, 0 changed, 0 destroyed")
}

// Everything in the guide on adopting works and prints as written.
func TestAccGuide_adopt(t *testing.T) {
	sections := guideSections(t, "adopt.md")
	followed := 0
	for _, test := range []struct {
		heading string
		needs   func(*testing.T)
		before  func(a *account, e *engine) map[int]func()
		writes  []string
	}{
		{heading: "Rows in files", needs: needsManyImports, writes: []string{`POST /associations/relations .*student-2.*teacher-2.*`, `POST /associations/relations .*student-3.*teacher-1.*`}},
		{heading: "Query with Terraform 1.14 and newer", needs: needsQuery, writes: []string{`POST .*teacher-2.*student-2.*`, `POST .*student-2.*teacher-2.*`}}, // the two relations have their records in opposite orders
		{heading: "One object at a time", writes: []string{`PUT /associations/` + exampleAssociation + ` .*Instructor.*`}},
		{
			heading: "What changes afterwards in HighLevel",
			before: func(a *account, e *engine) map[int]func() {
				return map[int]func(){
					0: func() {
						e.shell("terraform init")
						e.shell("terraform import ghl_association.taught_by key:taught_by")
						e.shell("terraform import ghl_relation.lesson " + exampleAssociation + "/student-1/teacher-1")
					},
					1: func() {
						a.sandbox.RemoveRelation(exampleLocation, exampleRelation)
						again := lesson(exampleLocation)
						again.ID = ""
						a.sandbox.AddRelation(again)
					},
					2: func() {
						a.sandbox.RemoveAssociation(exampleLocation, exampleAssociation)
						again := taughtBy(exampleLocation)
						again.ID, again.SecondObjectLabel = "68d2c5f0a1b2c3d4e5f60720", "Instructor"
						a.sandbox.AddAssociation(again)
					},
				}
			},
			writes: []string{`PUT /associations/` + exampleAssociation + ` .*Instructor.*`, `POST /associations/relations .*student-1.*`},
		},
	} {
		followed++
		t.Run(test.heading, func(t *testing.T) {
			if test.needs != nil {
				test.needs(t)
			}
			blocks := sections[test.heading]
			if len(blocks) == 0 {
				t.Fatal("the guide has no such section, or the section has no blocks")
			}
			a := exampleAccount(t, false)
			a.sandbox.AddAssociation(taughtBy(exampleLocation))
			a.sandbox.AddRelation(lesson(exampleLocation))
			a.sandbox.AddRelation(sandbox.Relation{LocationID: exampleLocation, AssociationID: exampleAssociation, FirstRecordID: "student-2", SecondRecordID: "teacher-1"})
			a.sandbox.AddRelation(sandbox.Relation{LocationID: exampleLocation, AssociationID: exampleAssociation, FirstRecordID: "student-1", SecondRecordID: "teacher-2"})
			a.forget()
			e := a.engine("")
			e.withMirror()
			var before map[int]func()
			if test.before != nil {
				before = test.before(a, e)
			}
			e.follow(blocks, before)
			a.mustHaveWritten(test.writes...)
		})
	}
	if followed != len(sections) {
		t.Errorf("%d sections are tested, want all %d of the guide", followed, len(sections))
	}
}

// The guide on relations from a file works as written, including its advice on prevent_destroy.
func TestAccGuide_relations(t *testing.T) {
	sections := guideSections(t, "relations.md")
	link, list := sections["Link the rows of a file"], sections["List the rows without a record"]
	if len(sections) != 3 || len(link) == 0 || len(list) == 0 {
		t.Fatal("the guide has other sections, or they have no blocks")
	}
	a := estateAccount(t)
	a.addContact("contact-1", "ada+home@example.com", "")
	a.addContact("contact-2", "bob@example.com", "")
	a.addProperty("property-1", "P-100")
	a.addProperty("property-2", "P-101")
	e := a.engine("")
	e.withMirror()
	e.write("owners.csv", "email,number\nada+home@example.com,P-100\nada+home@example.com,P-101\nbob@example.com,P-100\n")
	e.follow(link, nil)
	e.follow(list, nil)
	a.addContact("contact-3", "cleo@example.com", "")
	output := e.shell("terraform apply")
	says(t, output, "1 added, 0 changed, 0 destroyed")
	doesNotSay(t, output, "Check block assertion failed")

	a.addContact("contact-2", "robert@example.com", "") // somebody changed the address
	says(t, e.succeeds("plan", "-no-color"), "2 to destroy", "Rows without a record in HighLevel: bob@example.com P-100; bob@example.com P-101.")
	e.write("owners.tf", strings.Replace(e.read("owners.tf"), "  for_each = local.found\n", "  for_each = local.found\n\n  lifecycle {\n    prevent_destroy = true\n  }\n", 1))
	says(t, e.fails("plan", "-no-color"), "prevent_destroy")
}

// The rows are in handwritten files. One association and one relation in these files already exist; another association and its
// relation do not. One relation appears in the listings of both of its records. One apply imports and creates. Objects without a
// row stay unchanged.
func TestAccGuide_adoptOwnRows(t *testing.T) {
	needsManyImports(t)
	a := exampleAccount(t, false)
	a.sandbox.AddAssociation(taughtBy(exampleLocation))
	a.sandbox.AddAssociation(sandbox.Association{LocationID: exampleLocation, Key: "theirs", FirstObjectKey: "contact", FirstObjectLabel: "A", SecondObjectKey: "contact", SecondObjectLabel: "B"})
	a.sandbox.AddRelation(lesson(exampleLocation))
	a.sandbox.AddRelation(sandbox.Relation{LocationID: exampleLocation, AssociationID: exampleAssociation, FirstRecordID: "student-9", SecondRecordID: "teacher-1"})
	a.addPlatformRow()
	a.forget()
	e := a.localEngine("")
	for _, name := range []string{"account.tf", "rows.tf", "adopt.tf"} {
		e.write(name, strings.Replace(blockWith(t, "adopt.md", "# "+name+"\n"), `["teacher-1", "teacher-2"]`, `["teacher-1", "student-1"]`, 1))
	}
	e.write("associations.json", `{
  "taught_by": {"objects": ["custom_objects.student", "custom_objects.teacher"], "labels": ["Student", "Teacher"]},
  "coached_by": {"objects": ["custom_objects.student", "custom_objects.teacher"], "labels": ["Trainee", "Coach"]}
}`)
	e.write("relations.csv", "association,first,second\ntaught_by,student-1,teacher-1\ntaught_by,student-1,teacher-2\ncoached_by,student-1,teacher-1\n")
	says(t, e.apply(), "2 imported, 3 added, 0 changed, 0 destroyed")
	a.mustHaveWritten(`POST /associations/ .*coached_by.*`, `POST /associations/relations .*`, `POST /associations/relations .*`)
	e.plansNothing()
	if n := len(e.stateIDs()); n != 5 {
		t.Errorf("%d resources are in the state, want five, one for each row", n)
	}
}

// ownsHomes is an account in which somebody linked owners to properties by hand. The account contains the association, with its
// sides in either order, two relations from the guide's file, and one relation that is in no file.
func ownsHomes(t *testing.T, turned bool) *account {
	t.Helper()
	a := estateAccount(t)
	a.addContact("contact-1", "ada+home@example.com", "")
	a.addContact("contact-2", "bob@example.com", "")
	a.addProperty("property-1", "P-100")
	a.addProperty("property-2", "P-101")
	row := sandbox.Association{LocationID: a.locationID, Key: "owner_of", FirstObjectKey: "contact", FirstObjectLabel: "Owner", SecondObjectKey: propertyKey, SecondObjectLabel: "Property"}
	other := sandbox.Association{LocationID: a.locationID, Key: "rents", FirstObjectKey: "contact", FirstObjectLabel: "Tenant", SecondObjectKey: propertyKey, SecondObjectLabel: "Home"}
	if turned {
		row.FirstObjectKey, row.FirstObjectLabel, row.SecondObjectKey, row.SecondObjectLabel = row.SecondObjectKey, row.SecondObjectLabel, row.FirstObjectKey, row.FirstObjectLabel
	}
	id, otherID := a.sandbox.AddAssociation(row).ID, a.sandbox.AddAssociation(other).ID
	link := func(id, contact, property string, turned bool) {
		first, second := contact, property
		if turned {
			first, second = property, contact
		}
		a.sandbox.AddRelation(sandbox.Relation{LocationID: a.locationID, AssociationID: id, FirstRecordID: first, SecondRecordID: second})
	}
	link(id, "contact-1", "property-1", turned)
	link(id, "contact-2", "property-1", turned)
	link(id, "contact-3", "property-1", turned)     // in no file
	link(otherID, "contact-1", "property-2", false) // the same records as one row, but under another association
	a.forget()
	return a
}

// One apply imports the relations in a file that already exist, creates the others, and changes nothing else. The file that
// contains the import can stay. A new row is then a create, or an import if somebody has already linked its records. A removed
// row is a deletion.
func TestAccGuide_relationsAdopted(t *testing.T) {
	needsManyImports(t)
	sections := guideSections(t, "relations.md")
	link, adopt := sections["Link the rows of a file"], sections["Adopt the relations that exist"]
	for name, turned := range map[string]bool{"in the order of the rows": false, "the other way round": true} {
		t.Run(name, func(t *testing.T) {
			a := ownsHomes(t, turned)
			stored := a.sandbox.Relations(a.locationID)
			e := a.engine("")
			e.withMirror()
			for _, b := range link {
				if file, isFile := strings.CutPrefix(strings.SplitN(b.text, "\n", 2)[0], "# "); isFile && b.language == "terraform" {
					e.write(file, b.text)
				}
			}
			const rows = "email,number\nada+home@example.com,P-100\nada+home@example.com,P-101\nbob@example.com,P-100\nbob@example.com,P-101\n"
			e.write("owners.csv", rows)
			if turned { // the state takes the order of sides from the configuration, without a call
				e.write("adopt.tf", adopt[0].text)
				says(t, e.shell("terraform init && terraform apply"), "3 imported, 2 added, 1 changed, 0 destroyed")
			} else {
				e.follow(adopt, nil)
			}
			if n := len(a.requests(sandbox.RouteCreateRelation)); n != len(a.writes()) {
				t.Errorf("the requests %q were sent, want only creates of relations", a.writes())
			}
			if now := a.sandbox.Relations(a.locationID); len(now) != 6 || !slices.Equal(now[:4], stored) {
				t.Errorf("the sandbox contains %+v, want two more than %+v", now, stored)
			}
			e.plansNothing()

			a.addContact("contact-3", "cleo@example.com", "")
			e.write("owners.csv", rows+"cleo@example.com,P-100\ncleo@example.com,P-101\n")
			says(t, e.apply(), "1 imported, 1 added, 0 changed, 0 destroyed")
			e.write("owners.csv", rows)
			says(t, e.apply(), "0 added, 0 changed, 2 destroyed")
			e.plansNothing()
			says(t, e.destroy(), "5 destroyed")
			if now := a.sandbox.Relations(a.locationID); len(now) != 1 || now[0].AssociationID != stored[3].AssociationID {
				t.Errorf("the sandbox contains %+v, want only the relation under the other association", now)
			}
		})
	}
}

// In an account without these objects, the recipe imports nothing and creates everything.
func TestAccGuide_relationsAdoptedOfNothing(t *testing.T) {
	needsManyImports(t)
	a := ownsHomes(t, false)
	a.sandbox.RemoveAssociation(a.locationID, a.association("owner_of").ID)
	e := a.engine(ownersOf("owner_of"))
	e.write("adopt.tf", blockWith(t, "relations.md", "# adopt.tf\n"))
	e.write("owners.csv", "email,number\nada+home@example.com,P-100\nbob@example.com,P-101\n")
	says(t, e.apply(), "Resources: 3 added, 0 changed, 0 destroyed")
	e.plansNothing()
}

// The guide on the sandbox works as written for a user's own configuration, without init.
func TestAccGuide_sandbox(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("the guide needs curl")
	}
	sections := guideSections(t, "sandbox.md")
	a := newSandboxAccount(t)
	e := a.engine("")
	e.withMirror()
	e.env["TF_CLI_CONFIG_FILE"] = filepath.Join(binaryDir, "cli.tfrc") // the same overrides as from make dev
	apply := sections["Apply a configuration of your own"]
	if len(apply) == 0 || !strings.HasPrefix(apply[0].text, "mkdir ../my-school\ncd ../my-school\n") {
		t.Fatal("the guide does not begin with a folder for the configuration")
	}
	e.follow(apply[1:], nil)
	e.follow(sections["Change something behind its back"], nil)
	if rows := a.sandbox.Associations(a.locationID); len(rows) != 2 || rows[0].FirstObjectLabel == "Pupil" || rows[1].FirstObjectLabel == "Pupil" {
		t.Errorf("the sandbox contains %+v", rows)
	}
	e.plansNothing()
	e.follow(sections["Clean up"], nil)
	if rows := a.sandbox.Associations(a.locationID); len(rows) > 0 {
		t.Errorf("the sandbox contains %+v", rows)
	}
}
