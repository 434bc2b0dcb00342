//go:build unix

package provider_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// provider returns the process id of the provider that a running engine has started.
func (u *underWay) provider() string {
	u.t.Helper()
	output, err := exec.CommandContext(u.t.Context(), "pgrep", "-P", fmt.Sprint(u.command.Process.Pid)).Output()
	pid := strings.TrimSpace(string(output))
	if err != nil || pid == "" || strings.Contains(pid, "\n") {
		u.t.Fatalf("the engine has the children %q (%v), want only the provider", pid, err)
	}
	return pid
}

// runs reports whether a process exists and is not a zombie.
func runs(t *testing.T, pid string) bool {
	t.Helper()
	output, _ := exec.CommandContext(t.Context(), "ps", "-o", "stat=", "-p", pid).Output() // fails if the process does not exist
	state := strings.TrimSpace(string(output))
	return state != "" && !strings.HasPrefix(state, "Z")
}

// endsWithin waits until a process has ended. It fails the test after the given time.
func endsWithin(t *testing.T, pid string, most time.Duration) {
	t.Helper()
	for begun := time.Now(); runs(t, pid); time.Sleep(100 * time.Millisecond) {
		if time.Since(begun) > most {
			_ = exec.Command("kill", "-9", pid).Run()
			t.Fatalf("the provider still runs %s after its engine was killed", most)
		}
	}
}

// If its engine is killed during a read, the provider ends at once.
func TestAccEngineEnd_read(t *testing.T) {
	needsPgrep(t)
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {}\n" + lookup("system", `key = "OPPORTUNITIES_CONTACTS_ASSOCIATION"`))
	e.env["GHL_MAX_RETRIES"] = "6"
	arrived := make(chan struct{}, 100)
	a.sandbox.AddFault(sandbox.Fault{Effect: sandbox.Do(func() { arrived <- struct{}{}; <-t.Context().Done() })})
	u := e.starts("plan", "-no-color")
	select {
	case <-arrived:
	case <-time.After(time.Minute):
		t.Fatal("no request came")
	}
	pid := u.provider()
	if err := u.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	endsWithin(t, pid, 10*time.Second)
	_ = u.command.Wait()
}

// If its engine is killed during a create, the provider finishes the create first. The
// create gets no answer, so the provider looks up the object. With TF_LOG, the provider
// also writes to a pipe that has no reader any more.
func TestAccEngineEnd_create(t *testing.T) {
	needsPgrep(t)
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	e.env["TF_LOG"], e.env["TF_LOG_PATH"] = "TRACE", "trace.log"
	e.env["GHL_REQUEST_TIMEOUT"] = "3s"
	held, release := a.heldCreates(1, 0, true)
	u := e.starts(applyCommand...)
	u.await(held, "create")
	pid := u.provider()
	a.forget()
	if err := u.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	endsWithin(t, pid, 10*time.Second)
	if len(a.requests(sandbox.RouteAssociationByKey)) == 0 {
		t.Errorf("no lookup after the create, only these requests: %v", a.requests())
	}
	release()
	_ = u.command.Wait()
}

func needsPgrep(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pgrep"); err != nil {
		t.Skip("the test needs pgrep to find the provider's process")
	}
}
