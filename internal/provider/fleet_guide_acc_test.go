package provider_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const movedLocation = "ojQjykmwNIU88vfsfzvH" // the guide and its example move this sub-account from group 001 to 002

// fleet is the repository in the guide "A fleet in groups", and a runner of its workflow. The states of the groups are files in a
// folder. Users have a shared backend instead.
type fleet struct {
	*engine
	account    *account
	repository string
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("the example needs jq")
	}
	a, e := agencyOfGuides(t, movedLocation, "Yh4bXZbGdvHcWuKvZpQe")
	states := filepath.ToSlash(filepath.Join(e.dir, "states"))
	f := &fleet{engine: e, account: a, repository: filepath.Join(e.dir, "repository")}
	f.copy(f.repository, filepath.Join(examples, "guides", "fleet"))
	f.dir = f.repository
	f.write("shard/backend.tf", "terraform {\n  backend \"local\" {\n    workspace_dir = \""+states+"\"\n  }\n}\n")
	return f
}

func (f *fleet) copy(to, from string) {
	f.t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fleet) mkdir(name string) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Join(f.repository, name), 0o700); err != nil {
		f.t.Fatal(err)
	}
}

var workflowCommand = regexp.MustCompile(`(?m)^      (?:- |  )run: (.*)$`)

// job runs the workflow's job for a group on a new machine, up to the command that contains last, and returns the output of that
// command.
func (f *fleet) job(group, last string) (machine *engine, output string) {
	f.t.Helper()
	machine = &engine{t: f.t, dir: f.t.TempDir(), env: maps.Clone(f.env)}
	f.copy(machine.dir, f.repository)
	machine.dir = filepath.Join(machine.dir, "shard")
	machine.env["GROUP"] = group
	machine.env["TF_CLI_ARGS_plan"] = "-var-file=../" + group + ".tfvars.json" // variables for plans of the test, as in drift.sh
	_, steps, found := strings.Cut(document(f.t, "examples", "guides", "fleet", "fleet.yml"), "\n  group:\n")
	if !found {
		f.t.Fatal("the workflow has no job for a group")
	}
	for _, command := range workflowCommand.FindAllStringSubmatch(steps, -1) {
		output = machine.shell(command[1])
		if strings.Contains(command[1], last) {
			return machine, output
		}
	}
	f.t.Fatalf("the workflow has no command with %q", last)
	return nil, ""
}

func (f *fleet) apply(group string) string {
	f.t.Helper()
	_, output := f.job(group, "terraform apply")
	return output
}

// isSettled checks that the plan of each group is empty, and that no request has changed anything since the last reset.
func (f *fleet) isSettled() {
	f.t.Helper()
	for group := range f.groups() {
		machine, _ := f.job(group, "workspace select")
		machine.plansNothing()
	}
	f.account.mustHaveWritten()
}

func (f *fleet) groups() (groups map[string][]string) {
	f.t.Helper()
	if err := json.Unmarshal([]byte(f.read("groups.json")), &groups); err != nil {
		f.t.Fatal(err)
	}
	return groups
}

// hasGroups checks the sub-accounts of each group in groups.json.
func (f *fleet) hasGroups(want map[string][]string) {
	f.t.Helper()
	if got := f.groups(); !maps.EqualFunc(got, want, slices.Equal) {
		f.t.Errorf("the groups are %v, want %v", got, want)
	}
}

var movedGroups = map[string][]string{"001": {exampleLocation}, "002": {"Yh4bXZbGdvHcWuKvZpQe", movedLocation}}

// The workflow applies each group with its own state. A script moves a sub-account from one state to another.
func TestAccFleet_moveInState(t *testing.T) {
	f := newFleet(t)
	f.mkdir("only/001")
	f.write("only/001/only.tf", "output \"only\" {\n  value = \"001\"\n}\n")
	says(t, f.apply("001"), "7 added, 0 changed, 0 destroyed")
	says(t, f.apply("002"), "2 added, 0 changed, 0 destroyed")
	f.account.forget()
	f.isSettled()

	machine, _ := f.job("001", "terraform init")
	delete(machine.env, "GROUP")
	delete(machine.env, "TF_CLI_ARGS_plan")
	machine.dir = filepath.Dir(machine.dir)
	machine.remove("001.tfvars.json")
	machine.remove("shard/only.tf")
	machine.shell("git init --quiet && git add --all")
	says(t, machine.shell("set -e\n"+blockWith(t, "fleet.md", "cd shard\n")), "No changes.")
	machine.remove("shard/only.tf")
	moved := blockWith(t, "fleet.md", "./move.sh")
	machine.shell(moved[strings.Index(moved, "./move.sh"):])
	f.write("groups.json", machine.read("groups.json"))
	f.hasGroups(movedGroups)
	f.isSettled()
	if left := machine.shell("git ls-files --others --exclude-standard"); left != "" {
		t.Errorf("left files that Git does not ignore: %s", left)
	}
	if backup := machine.read("move-backup/001.tfstate"); !strings.Contains(backup, movedLocation) {
		t.Error("the backup does not contain the previous state")
	}
}

// hand is the machine of a user who moves sub-accounts by hand.
func (f *fleet) hand() *fleet {
	f.t.Helper()
	machine, _ := f.job("001", "terraform init")
	machine.dir = filepath.Dir(machine.dir)
	return &fleet{engine: machine, account: f.account, repository: machine.dir}
}

var undoing = regexp.MustCompile(`TF_WORKSPACE=\S+ [^<]+ < \S+|cp \S+ \S+`)

// undoes checks the commands that a refused or failed move prints for undoing it, and runs them.
func (f *fleet) undoes(output string, want ...string) {
	f.t.Helper()
	commands := undoing.FindAllString(output, -1)
	if !slices.Equal(commands, want) {
		f.t.Fatalf("the output contains the commands %q, want %q:\n%s", commands, want, output)
	}
	for _, command := range commands {
		f.shell(command)
	}
	f.shell("rm -r move-backup")
}

// An invalid move is refused. A move that fails between writing the two states destroys nothing and can be undone.
func TestAccFleet_moveFails(t *testing.T) {
	f := newFleet(t)
	f.apply("001")
	f.apply("002")
	f.account.forget()
	hand := f.hand()
	hand.write("engine.sh", brokenEngine)
	hand.shell("chmod +x engine.sh")
	hand.env["TF"] = "./engine.sh"

	hand.write("groups.json", `{"001": ["`+exampleLocation+`", "`+movedLocation+`", "unknown"], "002": ["Yh4bXZbGdvHcWuKvZpQe"]}`)
	for arguments, complaint := range map[string]string{
		"001 002":                  "usage: ./move.sh FROM TO SUB-ACCOUNT...",
		"001 001 " + movedLocation: "Group 001 is both the old and the new group.",
		"001 003 " + movedLocation: "There is no group 003 in groups.json.",
		"002 001 " + movedLocation: "Sub-account " + movedLocation + " is not in group 002.",
		"003 001 " + movedLocation: "Sub-account " + movedLocation + " is not in group 003.",
		"001 002 ojQjykmwNIU88vf":  "Sub-account ojQjykmwNIU88vf is not in group 001.",
		"001 002 unknown":          `module.location["unknown"]`, // the engine reports this error, since the state does not contain the module
	} {
		says(t, hand.shell("! ./move.sh "+arguments+" && ! ls move-backup"), complaint)
	}

	hand.write("groups.json", f.read("groups.json"))
	hand.write("locked", "")
	undo := []string{
		"TF_WORKSPACE=001 ./engine.sh -chdir=shard state push -force - < move-backup/001.tfstate",
		"TF_WORKSPACE=002 ./engine.sh -chdir=shard state push - < move-backup/002.tfstate",
		"cp move-backup/groups.json groups.json",
	}
	failed := hand.shell("! ./move.sh 001 002 " + movedLocation)
	says(t, failed, "Error acquiring the state lock", "The state of group 002 has not been written.")
	hand.hasGroups(f.groups())
	f.job("002", "terraform apply")
	old, _ := f.job("001", "terraform plan")
	says(t, old.fails("apply", "-no-color", "plan.tfplan"), "Unable to Create Association", movedLocation)
	f.account.mustHaveWritten()

	hand.remove("locked")
	refused := hand.shell("! ./move.sh 001 002 " + movedLocation)
	says(t, refused, "The last move is not finished, since move-backup exists.")
	if a, b := undoing.FindAllString(failed, -1), undoing.FindAllString(refused, -1); !slices.Equal(a, b) {
		t.Errorf("the next move prints the commands %q, want %q", b, a)
	}
	hand.undoes(failed, undo...)
	f.isSettled()
	hand.shell("./move.sh 001 002 " + movedLocation)
	hand.hasGroups(movedGroups)
	f.write("groups.json", hand.read("groups.json"))
	f.isSettled()
}

// brokenEngine fails to write the state of group 002 while the file locked exists.
const brokenEngine = `#!/bin/sh
if [ -e locked ] && [ "$TF_WORKSPACE $2 $3" = "002 state push" ]; then
  echo "Error acquiring the state lock" >&2
  exit 1
fi
exec terraform "$@"
`

// A move into a new group, which has no state yet, can also be undone and repeated.
func TestAccFleet_moveIntoNewGroup(t *testing.T) {
	f := newFleet(t)
	f.apply("001")
	f.apply("002")
	f.account.forget()
	hand := f.hand()
	f.write("groups.json", `{"001": ["`+exampleLocation+`", "`+movedLocation+`"], "002": ["Yh4bXZbGdvHcWuKvZpQe"], "003": []}`)
	hand.write("groups.json", f.read("groups.json"))
	moved := map[string][]string{"001": {exampleLocation}, "002": {"Yh4bXZbGdvHcWuKvZpQe"}, "003": {movedLocation}}
	hand.shell("./move.sh 001 003 " + movedLocation)
	hand.hasGroups(moved)
	hand.undoes(hand.shell("! ./move.sh 001 003 "+movedLocation),
		"TF_WORKSPACE=001 terraform -chdir=shard state push -force - < move-backup/001.tfstate",
		"TF_WORKSPACE=003 terraform -chdir=shard state push -force - < move-backup/003.tfstate",
		"cp move-backup/groups.json groups.json")
	hand.hasGroups(f.groups())
	f.isSettled()
	hand.shell("./move.sh 001 003 " + movedLocation)
	hand.hasGroups(moved)
	f.write("groups.json", hand.read("groups.json"))
	f.isSettled()
}

// needsRemoved skips a test if the engine does not support removed blocks with a lifecycle.
func needsRemoved(t *testing.T) {
	t.Helper()
	if !engineSince(7, 10) {
		t.Skip("removed blocks with a lifecycle need Terraform 1.7 or OpenTofu 1.10")
	}
}

// Blocks in the configuration can also move a sub-account, whichever group is applied first. Without the blocks, the plan fails.
func TestAccFleet_moveInConfiguration(t *testing.T) {
	needsRemoved(t)
	for name, groups := range map[string][]string{"joins first": {"002", "001"}, "leaves first": {"001", "002"}} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t)
			f.apply("001")
			f.apply("002")
			f.account.forget()
			f.write("groups.json", `{"001": ["`+exampleLocation+`"], "002": ["Yh4bXZbGdvHcWuKvZpQe", "`+movedLocation+`"]}`)
			machine, _ := f.job("001", "workspace select")
			says(t, machine.fails("plan", "-no-color"), "Unable to Destroy Association", "deletion_protection", movedLocation)

			f.mkdir("only/001")
			f.write("only/001/leave.tf", example(t, "guides", "fleet", "move", "leave.tf"))
			f.write("shard/join.tf", example(t, "guides", "fleet", "move", "join.tf"))
			shared, _ := f.job("002", "workspace select")
			shared.write("leave.tf", f.read("only/001/leave.tf"))
			says(t, shared.fails("plan", "-no-color"), "Moved object still exists")
			for _, group := range groups {
				says(t, f.apply(group), map[string]string{"001": "0 added, 0 changed, 0 destroyed", "002": "4 imported, 0 added, 2 changed, 0 destroyed"}[group])
			}
			f.isSettled()
			if err := os.RemoveAll(filepath.Join(f.repository, "only")); err != nil {
				t.Fatal(err)
			}
			f.remove("shard/join.tf")
			f.isSettled()
		})
	}
}

// The state from the guide for agencies is split into one state for each group, without any request that writes to HighLevel.
func TestAccFleet_split(t *testing.T) {
	needsRemoved(t)
	f := newFleet(t)
	whole := &engine{t: t, dir: t.TempDir(), env: maps.Clone(f.env)}
	for _, name := range []string{"main.tf", "variables.tf", "terraform.tfvars"} {
		whole.write(name, example(t, "guides", "agency", name))
	}
	says(t, whole.shell("terraform init && terraform apply"), "6 added, 0 changed, 0 destroyed")
	f.account.forget()

	associations, _, _ := strings.Cut(f.read("shard/fleet.auto.tfvars"), "relations =")
	f.write("shard/fleet.auto.tfvars", associations+"relations = {}\n")
	join := example(t, "guides", "fleet", "move", "join.tf")
	f.write("shard/join.tf", regexp.MustCompile(`joining = .*`).ReplaceAllString(join, "joining = var.locations"))
	says(t, f.apply("001"), "4 imported, 0 added, 4 changed, 0 destroyed")
	says(t, f.apply("002"), "2 imported, 0 added, 2 changed, 0 destroyed")
	main, _, _ := strings.Cut(whole.read("main.tf"), "resource ")
	whole.write("main.tf", main+example(t, "guides", "fleet", "move", "forget.tf"))
	says(t, whole.shell("terraform apply"), "0 added, 0 changed, 0 destroyed")
	whole.plansNothing()
	if state := whole.succeeds("state", "list"); state != "" {
		t.Errorf("the old state still contains %s", state)
	}
	f.remove("shard/join.tf")
	f.isSettled()
}

// The guide's commands add sub-accounts of the agency that are in no group to the groups.
func TestAccFleet_groups(t *testing.T) {
	f := newFleet(t)
	for _, id := range []string{"aNew", "bNew", "Q2vUFh6E1lJZcWzW3mTb"} {
		f.account.sandbox.AddLocation(sandbox.Location{ID: id, CompanyID: agencyCompany})
	}
	commands := guideSections(t, "fleet.md")["Make the groups"]
	f.follow(slices.DeleteFunc(commands, func(b block) bool { return b.language == "json" || strings.Contains(b.text, "set -eu") }), nil)
	f.hasGroups(map[string][]string{"001": {exampleLocation, movedLocation, "Q2vUFh6E1lJZcWzW3mTb", "aNew", "bNew"}, "002": {"Yh4bXZbGdvHcWuKvZpQe"}})
}

// Sub-accounts stay in their groups, even if others are added or removed or the group size changes.
func TestFleet_groups(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("the script needs jq")
	}
	script, err := filepath.Abs(filepath.Join(examples, "guides", "fleet", "groups.sh"))
	if err != nil {
		t.Fatal(err)
	}
	f := &fleet{engine: &engine{t: t, dir: t.TempDir()}}
	for _, step := range []struct {
		size, listed string
		want         map[string][]string
		complains    string
	}{
		{"2", `["a", "b", "c", "d", "e"]`, map[string][]string{"001": {"a", "b"}, "002": {"c", "d"}, "003": {"e"}}, ""},
		{"2", `["0", "a", "c", "d", "e", "f"]`, map[string][]string{"001": {"a", "b"}, "002": {"c", "d"}, "003": {"e", "0"}, "004": {"f"}}, "not in the list: b\n"},
		{"1", `["a", "b", "c", "d", "e", "f", "0"]`, map[string][]string{"001": {"a", "b"}, "002": {"c", "d"}, "003": {"e", "0"}, "004": {"f"}}, ""},
		{"3", `["a", "b", "c", "d", "e", "f", "0", "g"]`, map[string][]string{"001": {"a", "b", "g"}, "002": {"c", "d"}, "003": {"e", "0"}, "004": {"f"}}, ""},
	} {
		command := exec.CommandContext(t.Context(), script, step.size)
		command.Dir, command.Stdin = f.dir, strings.NewReader(step.listed)
		complaints, err := command.CombinedOutput()
		if err != nil || string(complaints) != step.complains {
			t.Errorf("groups of %s: %v, and the output %q, want %q", step.size, err, complaints, step.complains)
		}
		f.hasGroups(step.want)
	}
	f.write("groups.json", `{"north": ["a"], "007": ["b"]}`)
	command := exec.CommandContext(t.Context(), script, "1")
	command.Dir, command.Stdin = f.dir, strings.NewReader(`["a", "b", "c"`)
	if err := command.Run(); err == nil {
		t.Error("a truncated list is accepted")
	}
	command = exec.CommandContext(t.Context(), script, "1")
	command.Dir, command.Stdin = f.dir, strings.NewReader(`["a", "b", "c"]`)
	if err := command.Run(); err != nil {
		t.Error(err)
	}
	f.hasGroups(map[string][]string{"north": {"a"}, "007": {"b"}, "008": {"c"}})
}
