package provider_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// driftTable runs the example's script over root modules, and returns the rows of its table.
func (e *engine) driftTable(modules ...string) (rows string, code int) {
	e.t.Helper()
	path, err := enginePath()
	if err != nil {
		e.t.Fatal(err)
	}
	command := exec.CommandContext(e.t.Context(), filepath.Join(e.dir, "drift.sh"), modules...)
	command.Dir = e.dir
	command.Env = append(os.Environ(), "TF="+path)
	for name, value := range e.env {
		command.Env = append(command.Env, name+"="+value)
	}
	var printed, complaints bytes.Buffer
	command.Stdout, command.Stderr = &printed, &complaints
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		e.t.Fatal(err)
	}
	if complaints.Len() > 0 {
		e.t.Errorf("the script wrote to stderr: %s", &complaints)
	}
	_, rows, _ = strings.Cut(printed.String(), "|---|---|---|---|\n")
	return rows, command.ProcessState.ExitCode()
}

// The script in the guide "Watch for drift" prints one table for many states, with the
// objects that differ, were deleted or could not be read. It changes no state.
func TestAccDrift(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("the script needs jq")
	}
	token := newToken()
	a := newSandboxAccount(t, withSecondLocation(token))
	e := a.attachedEngine("")
	e.write("drift.sh", example(t, "guides", "drift", "drift.sh"))
	if err := os.Chmod(filepath.Join(e.dir, "drift.sh"), 0o700); err != nil {
		t.Fatal(err)
	}
	configuration := map[string]string{
		"north": contacts("mentor", "mentor", "Mentor", "Mentee") + contacts("friend", "friend", "Friend", "Befriended") + relation("link", "ghl_association.mentor.id", "contact-1", "contact-2"),
		"south": contacts("mentor", "mentor", "Mentor", "Mentee", `location_id = "loc-other"`),
	}
	for module, resources := range configuration {
		if err := os.Mkdir(filepath.Join(e.dir, module), 0o700); err != nil {
			t.Fatal(err)
		}
		e.write(filepath.Join(module, "main.tf"), a.provider("max_retries = 0", `location_access_tokens = { "loc-other" = "`+token+`" }`)+resources)
		e.succeeds("-chdir="+module, "apply", "-auto-approve", "-no-color")
	}
	wants := func(code int, rows ...string) {
		t.Helper()
		got, gotCode := e.driftTable("north", "south")
		if want := strings.Join(rows, ""); got != want || gotCode != code {
			t.Errorf("exit code %d, want %d, and this table:\n%swant\n%s", gotCode, code, got, want)
		}
	}
	state := e.read("north/terraform.tfstate")

	wants(0)
	friend := a.association("friend")
	a.sandbox.UpdateAssociation(friend.LocationID, friend.ID, func(row *sandbox.Association) { row.FirstObjectLabel = "Pal | mate" })
	a.removeRelation(a.relations("contact-1")[0])
	wants(2,
		`| north | loc-school | ghl_association.friend | first_object_label: "Friend" is now "Pal \| mate" |`+"\n",
		"| north | loc-school | ghl_relation.link | is gone |\n")
	a.sandbox.AddFault(sandbox.Fault{LocationID: "loc-other", Effect: sandbox.StatusMessage(401, "Invalid JWT")})
	unreadable := `| south | unknown | ghl_association.mentor | Unable to Read Association: HighLevel did not accept the token of sub-account "loc-other"`
	if got, code := e.driftTable("south"); code != 1 || !strings.HasPrefix(got, unreadable) || strings.Count(got, "\n") != 1 {
		t.Errorf("exit code %d, want 1, and a row that begins with %s\n%s", code, unreadable, got)
	}
	e.attach(a.clock) // a process accepts only the settings of its first configuration
	e.write("south/main.tf", strings.Replace(e.read("south/main.tf"), "max_retries", "on_unreachable_location = \"warn\"\n  max_retries", 1))
	if got, code := e.driftTable("south"); code != 1 || got != "| south | loc-other | all | not read |\n" {
		t.Errorf("exit code %d, want 1, and one row\n%s", code, got)
	}
	if now := e.read("north/terraform.tfstate"); now != state {
		t.Error("the state has changed")
	}
}
