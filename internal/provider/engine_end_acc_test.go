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

// provider is the process of the provider that an engine under way has started.
func (u *underWay) provider() string {
	u.t.Helper()
	output, err := exec.CommandContext(u.t.Context(), "pgrep", "-P", fmt.Sprint(u.command.Process.Pid)).Output()
	pid := strings.TrimSpace(string(output))
	if err != nil || pid == "" || strings.Contains(pid, "\n") {
		u.t.Fatalf("the engine has the children %q (%v), want the provider alone", pid, err)
	}
	return pid
}

// runs reports whether a process is there, and no mere zombie.
func runs(t *testing.T, pid string) bool {
	t.Helper()
	output, _ := exec.CommandContext(t.Context(), "ps", "-o", "stat=", "-p", pid).Output() // which fails if there is none
	state := strings.TrimSpace(string(output))
	return state != "" && !strings.HasPrefix(state, "Z")
}

// endsWithin waits until a process has ended.
func endsWithin(t *testing.T, pid string, most time.Duration) {
	t.Helper()
	for begun := time.Now(); runs(t, pid); time.Sleep(100 * time.Millisecond) {
		if time.Since(begun) > most {
			_ = exec.Command("kill", "-9", pid).Run()
			t.Fatalf("the provider goes on running %s after its engine was killed", most)
		}
	}
}

// A provider whose engine was killed ends by itself: at once while it reads.
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

// A create that is under way ends first: no answer comes, and it is looked up. With
// TF_LOG the provider writes to a pipe that nobody reads any more.
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
		t.Errorf("the create was not looked up, only: %v", a.requests())
	}
	release()
	_ = u.command.Wait()
}

func needsPgrep(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pgrep"); err != nil {
		t.Skip("pgrep finds the provider's process")
	}
}
